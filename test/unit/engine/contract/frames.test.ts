import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFrame, encodeFrame, FrameError } from '../../../../engine/contract/frames.ts';

function roundTrip(message: unknown): unknown {
  return decodeFrame(encodeFrame(message));
}

describe('frames', () => {
  it('carry typed arrays of every kind as such', () => {
    const message = {
      bytes: new Uint8Array([1, 2, 255]),
      flags: new Uint16Array([65535]),
      rows: new Uint32Array([0, 4294967295]),
      signed: [new Int8Array([-1]), new Int16Array([-2]), new Int32Array([-3])],
      floats: [new Float32Array([0.5]), new Float64Array([Number.NaN, 0.1, Number.POSITIVE_INFINITY])],
      empty: new Uint32Array(0),
    };
    expect(roundTrip(message)).toEqual(message);
  });

  it('carry a typed array that is a part of a larger buffer, and only that part', () => {
    const part = new Uint8Array([9, 8, 7, 6, 5]).subarray(1, 4);
    const frame = encodeFrame({ part });
    expect(decodeFrame(frame)).toEqual({ part: new Uint8Array([8, 7, 6]) });
    expect(frame.length).toBeLessThan(80);
  });

  it('carry numbers that JSON cannot write', () => {
    const message = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0, 1e300];
    expect(roundTrip(message)).toEqual(message);
  });

  it('leave out undefined members, and keep undefined items', () => {
    expect(roundTrip({ a: undefined, b: [undefined, 1] })).toEqual({ b: [undefined, 1] });
    expect('a' in (roundTrip({ a: undefined }) as object)).toBe(false);
    expect(roundTrip(undefined)).toBeUndefined();
  });

  it('do not confuse a member named $ with their own marks', () => {
    for (const message of [{ $: 'NaN' }, { $: ['u32', 0, 0] }, { $: { $: 1 } }, { $: 1, a: 2 }]) {
      expect(roundTrip(message)).toEqual(message);
    }
  });

  it('give back any message of plain values and typed arrays', () => {
    const leaf = fc.oneof(
      fc.string(),
      fc.boolean(),
      fc.constant(null),
      fc.double(),
      fc.uint8Array(),
      fc.uint32Array(),
      fc.float64Array(),
    );
    const message = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 5 },
        leaf,
        fc.array(tie('any'), { maxLength: 5 }),
        fc.dictionary(
          fc.string().filter((key) => key !== '__proto__'),
          tie('any'),
          { maxKeys: 5, noNullPrototype: true },
        ),
      ),
    })).any;
    fc.assert(
      fc.property(message, (value) => {
        expect(roundTrip(value)).toEqual(value);
      }),
      { numRuns: 300 },
    );
  });

  it('read a frame that lies anywhere in a buffer', () => {
    const frame = encodeFrame({ rows: new Float64Array([1.5, 2.5]) });
    const moved = new Uint8Array(frame.length + 3);
    moved.set(frame, 3);
    expect(decodeFrame(moved.subarray(3))).toEqual({ rows: new Float64Array([1.5, 2.5]) });
  });

  it('read what sockets of Node deliver: a part of a pool, as a Buffer', () => {
    const frame = encodeFrame({ rows: new Uint32Array([6, 7]) });
    const pool = Buffer.alloc(frame.length + 40, 0xaa);
    pool.set(frame, 24);
    expect(decodeFrame(pool.subarray(24, 24 + frame.length))).toEqual({ rows: new Uint32Array([6, 7]) });
  });

  it('refuse values that no frame can hold', () => {
    for (const value of [1n, () => 1, new Map(), new Date(), Symbol('a')]) {
      expect(() => encodeFrame({ value })).toThrow(FrameError);
    }
    expect(() => encodeFrame(JSON.parse('{"__proto__": {"a": 1}}'))).toThrow(FrameError);
  });

  it('refuse nesting that would exhaust the stack, both ways', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 5000; i++) deep = [deep];
    expect(() => encodeFrame(deep)).toThrow(FrameError);
    expect(() => decodeFrame(frameOf(`${'['.repeat(5000)}${']'.repeat(5000)}`))).toThrow(FrameError);
  });

  it('refuse bytes that are no frame, by a FrameError and nothing else', () => {
    const bad = [
      new Uint8Array(0),
      new Uint8Array([1, 0]),
      new Uint8Array([255, 255, 255, 255, 1]),
      frameOf('{'),
      frameOf('{"$":["u32",0,4]}'),
      frameOf('{"$":["u32",-8,1]}'),
      frameOf('{"$":["u32",4,1]}'),
      frameOf('{"$":["u64",0,0]}'),
      frameOf('{"$":"what"}'),
      frameOf('{"$":7}'),
      frameOf('{"a":{"__proto__":{"polluted":true}}}'),
    ];
    for (const bytes of bad) expect(() => decodeFrame(bytes)).toThrow(FrameError);
  });

  it('end in a message or a FrameError for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decodeFrame(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(FrameError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

/** A frame with this header and nothing behind it. */
function frameOf(header: string): Uint8Array {
  const text = new TextEncoder().encode(header);
  const frame = new Uint8Array(Math.ceil((4 + text.length) / 8) * 8);
  new DataView(frame.buffer).setUint32(0, text.length, true);
  frame.set(text, 4);
  return frame;
}
