import { describe, expect, it } from 'vitest';
import { hex, join, u16le, u32le, zeros } from '../../../../support/build-bytes.ts';
import { dissectStream, type Said } from '../../../../support/dissect-conversation.ts';
import { valuesOf } from '../../../../support/dissect-packet.ts';

const SAMR = hex('78573412 3412 cdab ef00 0123456789ac');
const NDR = hex('045d888a eb1c c911 9fe8 08002b104860');
const FEATURES = hex('2c1cb76c 1298 4045 0300 000000000000');
const FIRST = 1;
const LAST = 2;

function pdu(type: number, flags: number, body: Uint8Array): Uint8Array {
  return join([5, 0, type, flags], hex('10000000'), u16le(16 + body.length), u16le(0), u32le(2), body);
}
const bind = pdu(
  11,
  3,
  join(
    u16le(4280),
    u16le(4280),
    u32le(0),
    [2, 0, 0, 0],
    ...[NDR, FEATURES].map((syntax, i) =>
      join(u16le(i), [1, 0], SAMR, u16le(1), u16le(0), syntax, u32le(i === 0 ? 2 : 1)),
    ),
  ),
);
const request = (flags: number, stub: Uint8Array): Uint8Array =>
  pdu(0, flags, join(u32le(stub.length), u16le(0), u16le(5), stub));
const dissected = (...messages: readonly Uint8Array[]) =>
  dissectStream(
    135,
    messages.map((message): Said => ['client', message]),
  ).filter(({ layers }) => layers.length > 4);

describe('fragments of calls', () => {
  it('are joined in the frame that brings the last one', () => {
    const frames = dissected(
      bind,
      request(FIRST, hex('0102')),
      request(0, hex('0304')),
      request(LAST, hex('05')),
      request(FIRST | LAST, hex('06')),
    );
    const last = frames[3];
    expect(valuesOf(last?.root ?? [], 'dcerpc.fragment')).toHaveLength(3);
    expect(valuesOf(last?.root ?? [], 'dcerpc.reassembled.length')).toEqual(['5']);
    expect(valuesOf(last?.root ?? [], 'dcerpc.stub_data')).toEqual(['05']);
    expect(valuesOf(last?.root ?? [], 'dcerpc.payload_stub_data')).toHaveLength(1);
    expect(last?.sources.at(-1)?.bytes).toEqual(hex('0102030405'));
    expect(last?.sources.at(-1)?.name).toBe('Reassembled DCE/RPC');
    expect(last?.protocolColumn).toBe('SAMR');
    expect(valuesOf(frames[4]?.root ?? [], 'dcerpc.fragment')).toEqual([]);
  });

  it('without their beginning are shown alone', () => {
    const frames = dissected(bind, request(LAST, hex('05')));
    expect(valuesOf(frames[1]?.root ?? [], 'dcerpc.fragment')).toEqual([]);
    expect(valuesOf(frames[1]?.root ?? [], 'dcerpc.payload_stub_data')).toHaveLength(1);
  });

  it('of a call that never ends do not pile up', () => {
    const frames = dissected(bind, ...Array.from({ length: 40 }, () => request(FIRST, zeros(100))));
    expect(frames).toHaveLength(41);
    expect(frames.every(({ malformed }) => !malformed)).toBe(true);
  });
});

describe('headers', () => {
  it('say how numbers are written and what both sides can do', () => {
    const [frame] = dissected(bind);
    expect(valuesOf(frame?.root ?? [], 'dcerpc.drep.byteorder')).toEqual(['1']);
    expect(valuesOf(frame?.root ?? [], 'dcerpc.cn_ctx_item')).toHaveLength(2);
    expect(valuesOf(frame?.root ?? [], 'dcerpc.cn_bind_trans_btfn')).toEqual(['0x0003']);
  });
});
