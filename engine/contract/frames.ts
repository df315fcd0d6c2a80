/**
 * Messages as binary frames, for transports that carry bytes only (WebSocket, RFC 6455). A frame is
 *
 *   u32 length of the header (little-endian) | header: JSON, UTF-8 | zeros up to a multiple of 8 | the typed arrays,
 *   one after the other, each in this machine's byte order and padded to a multiple of 8
 *
 * JSON has no typed arrays, no NaN and no undefined members of an array. They stand in the header as an object whose only
 * key is `$`: `{"$":["u32",offset,length]}` (offset in bytes behind the padded header, length in elements), `{"$":"NaN"}`.
 * An object that has a key `$` itself is wrapped once more: `{"$":{"$":1}}`. Page and host share one machine, or both
 * are little-endian like everything Node and Chromium run on.
 */

/** A frame or message that does not hold what it claims. */
export class FrameError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'FrameError';
  }
}

type TypedArray =
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Float32Array
  | Float64Array;

interface ArrayKind {
  readonly name: string;
  readonly bytes: number;
  readonly make: (buffer: ArrayBuffer, at: number, length: number) => TypedArray;
  readonly isOne: (value: unknown) => value is TypedArray;
}

const KINDS: readonly ArrayKind[] = [
  kind('u8', Uint8Array),
  kind('u16', Uint16Array),
  kind('u32', Uint32Array),
  kind('i8', Int8Array),
  kind('i16', Int16Array),
  kind('i32', Int32Array),
  kind('f32', Float32Array),
  kind('f64', Float64Array),
];

interface ArrayClass {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer, at: number, length: number): TypedArray;
}

function kind(name: string, Class: ArrayClass): ArrayKind {
  return {
    name,
    bytes: Class.BYTES_PER_ELEMENT,
    make: (buffer, at, length) => new Class(buffer, at, length),
    isOne: (value): value is TypedArray => value instanceof Class,
  };
}

/** Header nesting: far above what the contract needs, far below what would exhaust the stack. */
const MAX_DEPTH = 200;

const LENGTH_BYTES = 4;
const ALIGN = 8;

function align(length: number): number {
  return Math.ceil(length / ALIGN) * ALIGN;
}

/** A message as bytes. Throws FrameError for values that no frame can hold (functions, bigints, Maps ...). */
export function encodeFrame(message: unknown): Uint8Array<ArrayBuffer> {
  const arrays: { readonly value: TypedArray; readonly at: number }[] = [];
  let end = 0;

  function plain(value: unknown, depth: number): unknown {
    if (depth > MAX_DEPTH) throw new FrameError('A message is nested too deeply.');
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return value;
      case 'number':
        return Number.isFinite(value) && !Object.is(value, -0)
          ? value
          : { $: Object.is(value, -0) ? '-0' : `${value}` };
      case 'undefined':
        return { $: 'undefined' };
      case 'object':
        return value === null ? null : plainObject(value, depth);
      default:
        throw new FrameError(`A message cannot hold a ${typeof value}.`);
    }
  }

  function plainObject(value: object, depth: number): unknown {
    if (Array.isArray(value)) return value.map((item) => plain(item, depth + 1));
    const arrayKind = KINDS.find((candidate) => candidate.isOne(value));
    if (arrayKind !== undefined && arrayKind.isOne(value)) {
      const at = end;
      arrays.push({ value, at });
      end += align(value.byteLength);
      return { $: [arrayKind.name, at, value.length] };
    }
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null)
      throw new FrameError('A message holds plain objects only.');
    const result: Record<string, unknown> = {};
    for (const [key, member] of Object.entries(value)) {
      if (key === '__proto__') throw new FrameError('A message has a member __proto__.');
      if (member !== undefined) result[key] = plain(member, depth + 1);
    }
    return Object.hasOwn(result, '$') ? { $: result } : result;
  }

  const header = new TextEncoder().encode(JSON.stringify(plain(message, 0)));
  const start = align(LENGTH_BYTES + header.length);
  const frame = new Uint8Array(start + end);
  new DataView(frame.buffer).setUint32(0, header.length, true);
  frame.set(header, LENGTH_BYTES);
  for (const { value, at } of arrays) {
    frame.set(new Uint8Array(value.buffer, value.byteOffset, value.byteLength), start + at);
  }
  return frame;
}

/** Bytes as the message they hold. Typed arrays are copies: they do not keep the frame's memory. */
export function decodeFrame(bytes: Uint8Array): unknown {
  if (bytes.length < LENGTH_BYTES) throw new FrameError('A frame is shorter than its length field.');
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
  if (length > bytes.length - LENGTH_BYTES) throw new FrameError('A frame is shorter than its header.');
  const start = align(LENGTH_BYTES + length);
  let root: unknown;
  try {
    root = JSON.parse(
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + length)),
    );
  } catch {
    throw new FrameError('The header of a frame is not JSON.');
  }
  let room: ArrayBuffer | undefined;
  /** The bytes behind the header, in memory where every element size is aligned. */
  const payload = (): ArrayBuffer => {
    // Not slice(): Node's Buffer has one that does not copy.
    room ??= new Uint8Array(bytes.subarray(start)).buffer;
    return room;
  };

  function typedArray(reference: readonly unknown[]): TypedArray {
    const [name, at, count] = reference;
    const found = KINDS.find((candidate) => candidate.name === name);
    if (found === undefined || !isSize(at) || !isSize(count) || at % ALIGN !== 0) {
      throw new FrameError('A frame refers to a typed array that cannot be.');
    }
    if (at + count * found.bytes > payload().byteLength) throw new FrameError('A typed array lies outside its frame.');
    return found.make(payload(), at, count);
  }

  function special(value: unknown, depth: number): unknown {
    if (Array.isArray(value)) return typedArray(value);
    switch (value) {
      case 'NaN':
        return Number.NaN;
      case 'Infinity':
        return Number.POSITIVE_INFINITY;
      case '-Infinity':
        return Number.NEGATIVE_INFINITY;
      case '-0':
        return -0;
      case 'undefined':
        return undefined;
      default:
        if (typeof value !== 'object' || value === null) throw new FrameError('A frame holds an unknown value.');
        return members(value as Record<string, unknown>, depth);
    }
  }

  function members(object: Record<string, unknown>, depth: number): Record<string, unknown> {
    for (const key of Object.keys(object)) {
      if (key === '__proto__') throw new FrameError('A message has a member __proto__.');
      object[key] = restore(object[key], depth + 1);
    }
    return object;
  }

  function restore(value: unknown, depth: number): unknown {
    if (typeof value !== 'object' || value === null) return value;
    if (depth > MAX_DEPTH) throw new FrameError('A message is nested too deeply.');
    if (Array.isArray(value)) {
      for (let i = 0; i < value.length; i++) value[i] = restore(value[i], depth + 1);
      return value;
    }
    const object = value as Record<string, unknown>;
    const keys = Object.keys(object);
    return keys.length === 1 && keys[0] === '$' ? special(object.$, depth) : members(object, depth);
  }

  return restore(root, 0);
}

function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
