/** DCE/RPC: binds name interfaces, calls are named by them, the endpoint mapper says what it maps; NTLM and SPNEGO in between. */

import { describe, expect, it } from 'vitest';
import { hex, join, latin1, u16le, u32le, zeros } from '../../../../support/build-bytes.ts';
import { der, derOid, derSequence } from '../../../../support/build-der.ts';
import { checkApplication, expectFramed, frameOf, recognises } from '../../../../support/check-application.ts';
import { dissectPacket, stackText, valuesOf } from '../../../../support/dissect-packet.ts';

const SAMR = hex('78573412 3412 cdab ef00 0123456789ac');
const EPM = hex('0883afe1 1f5d c911 91a4 08002b14a0fa');
const NDR = hex('045d888a eb1c c911 9fe8 08002b104860');

function call(type: number, body: Uint8Array): Uint8Array {
  return join([5, 0, type, 3], hex('10000000'), u16le(16 + body.length), u16le(0), u32le(2), body);
}

const bind = (uuid: Uint8Array): Uint8Array =>
  call(
    11,
    join(u16le(4280), u16le(4280), u32le(0), [1, 0, 0, 0], u16le(0), [1, 0], uuid, u16le(1), u16le(0), NDR, u32le(2)),
  );
const request = (operation: number, stub: Uint8Array = zeros(0)): Uint8Array =>
  call(0, join(u32le(stub.length), u16le(0), u16le(operation), stub));

describe('DCE/RPC', () => {
  it('names what a bind is for', () => {
    const whole = checkApplication('dcerpc', 'tcp', bind(SAMR));
    expect(whole.info).toBe('Bind: call_id: 2, Fragment: Single, 1 context items: SAMR V1.0 (32bit NDR)');
    expect(valuesOf(whole.root, 'dcerpc.cn_bind_to_uuid')).toEqual(['12345778-1234-abcd-ef00-0123456789ac']);
  });

  it('names calls by the interface of their context', () => {
    const memory = { objects: new Map<string, unknown>() };
    dissectPacket(frameOf('tcp', bind(SAMR)), 1, 'dcerpc', { memory, number: 1 });
    const whole = dissectPacket(frameOf('tcp', request(1)), 1, 'dcerpc', { memory, number: 2 });
    expect(whole.protocolColumn).toBe('SAMR');
    expect(whole.info).toBe('Close request');
    expect(valuesOf(whole.root, 'samr.opnum')).toEqual(['1']);
  });

  it('tells the trailer that verifies a call from its stub', () => {
    const bitmask = join(u16le(1), u16le(4), u32le(1));
    const context = join(u16le(0x4002), u16le(40), SAMR, u16le(1), u16le(0), NDR, u32le(2));
    const trailer = join(hex('8ae3137102f43671'), bitmask, context);
    const whole = checkApplication('dcerpc', 'tcp', request(1, join(hex('11223344'), trailer)));
    expect(valuesOf(whole.root, 'dcerpc.stub_data')).toEqual(['11223344']);
    expect(valuesOf(whole.root, 'dcerpc.rpc_sec_vt.command.cmd')).toEqual(['0x0001', '0x0002']);
    expect(valuesOf(whole.root, 'dcerpc.rpc_sec_vt.bitmask.sign')).toEqual(['1']);
    expect(valuesOf(whole.root, 'dcerpc.rpc_sec_vt.pcontext.interface.uuid')).toEqual([
      '12345778-1234-abcd-ef00-0123456789ac',
      '8a885d04-1ceb-11c9-9fe8-08002b104860',
    ]);
    const cut = checkApplication('dcerpc', 'tcp', request(1, join(hex('11223344'), trailer.slice(0, 30))));
    expect(cut.malformed).toBe(true);
  });

  it('says which interface the endpoint mapper is asked about', () => {
    const uuidFloor = (uuid: Uint8Array, version: number): Uint8Array =>
      join(u16le(19), [0x0d], uuid, u16le(version), u16le(2), u16le(0));
    const floors = join(u16le(3), uuidFloor(SAMR, 1), uuidFloor(NDR, 2), u16le(1), [7], u16le(2), [0, 135]);
    const stub = join(
      u32le(1),
      zeros(16),
      u32le(2),
      u32le(floors.length),
      u32le(floors.length),
      floors,
      zeros(1),
      zeros(24),
    );
    const memory = { objects: new Map<string, unknown>() };
    dissectPacket(frameOf('tcp', bind(EPM)), 1, 'dcerpc', { memory, number: 1 });
    const whole = dissectPacket(frameOf('tcp', request(3, stub)), 1, 'dcerpc', { memory, number: 2 });
    expect(whole.info).toBe('Map request, SAMR, 32bit NDR');
    expect(valuesOf(whole.root, 'epm.proto.tcp_port')).toEqual(['135']);
  });

  it('reads the towers of an answer as NDR of either width', () => {
    const floors = join(u16le(1), u16le(1), [7], u16le(2), [0xc0, 0x03]);
    const tower = (wide: boolean): Uint8Array =>
      join(u32le(floors.length), wide ? zeros(4) : [], u32le(floors.length), floors, zeros(wide ? 3 : 3));
    const counts = (wide: boolean): Uint8Array =>
      join(...[4, 0, 1, 3].flatMap((value) => [u32le(value), zeros(wide ? 4 : 0)]));
    for (const wide of [false, true]) {
      const memory = { objects: new Map<string, unknown>() };
      const stub = join(zeros(20), u32le(1), counts(wide), tower(wide), zeros(8));
      dissectPacket(frameOf('tcp', bind(EPM)), 1, 'dcerpc', { memory, number: 1 });
      dissectPacket(frameOf('tcp', request(3, zeros(48))), 1, 'dcerpc', { memory, number: 2 });
      const answer = call(2, join(u32le(stub.length), u16le(0), [0, 0], stub));
      const whole = dissectPacket(frameOf('tcp', answer), 1, 'dcerpc', { memory, number: 3 });
      expect(valuesOf(whole.root, 'epm.num_towers')).toEqual(['1']);
      expect(valuesOf(whole.root, 'epm.proto.tcp_port')).toEqual(['49155']);
      expect(valuesOf(whole.root, 'epm.rc')).toEqual(['0x00000000']);
      expect(valuesOf(whole.root, wide ? 'dcerpc.referent_id64' : 'dcerpc.referent_id')).toHaveLength(1);
    }
  });

  it('lists what the endpoint mapper has, with the notes', () => {
    const floors = join(u16le(1), u16le(1), [7], u16le(2), [0xc0, 0x03]);
    const asked = join(
      u32le(1),
      u32le(1),
      zeros(16),
      u32le(2),
      SAMR,
      u16le(1),
      u16le(0),
      u32le(1),
      zeros(20),
      u32le(9),
    );
    const entry = join(zeros(16), u32le(3), u32le(0), u32le(8), latin1('the SAM\0'));
    const stub = join(
      zeros(20),
      u32le(1),
      u32le(9),
      u32le(0),
      u32le(1),
      entry,
      u32le(floors.length),
      u32le(floors.length),
      floors,
      zeros(3),
      u32le(0),
    );
    const memory = { objects: new Map<string, unknown>() };
    dissectPacket(frameOf('tcp', bind(EPM)), 1, 'dcerpc', { memory, number: 1 });
    const question = dissectPacket(frameOf('tcp', request(2, asked)), 1, 'dcerpc', { memory, number: 2 });
    expect(valuesOf(question.root, 'epm.if_id')).toEqual(['12345778-1234-abcd-ef00-0123456789ac']);
    expect(valuesOf(question.root, 'epm.max_ents')).toEqual(['9']);
    const answer = call(2, join(u32le(stub.length), u16le(0), [0, 0], stub));
    const whole = dissectPacket(frameOf('tcp', answer), 1, 'dcerpc', { memory, number: 3 });
    expect(valuesOf(whole.root, 'epm.annotation')).toEqual(['the SAM']);
    expect(valuesOf(whole.root, 'epm.proto.tcp_port')).toEqual(['49155']);
    expect(valuesOf(whole.root, 'epm.rc')).toEqual(['0x00000000']);
  });

  it('shows the NTLM message that a bind carries, and no parameters of a sealed call', () => {
    const ntlm = join(latin1('NTLMSSP'), [0], u32le(1), u32le(0x0000_8207), zeros(16));
    const plain = bind(SAMR);
    const verified = (message: Uint8Array, level: number, token: Uint8Array): Uint8Array => {
      const all = join(message, [10, level, 0, 0], u32le(0), token);
      return join(all.slice(0, 8), u16le(all.length), u16le(token.length), all.slice(12));
    };
    const memory = { objects: new Map<string, unknown>() };
    const first = dissectPacket(frameOf('tcp', verified(plain, 6, ntlm)), 1, 'dcerpc', { memory, number: 1 });
    expect(first.info).toContain(', NTLMSSP_NEGOTIATE');
    expect(stackText(first)).toBe('eth:ethertype:ip:tcp:dcerpc');
    expect(valuesOf(first.root, 'ntlmssp.negotiateflags')).toEqual(['0x00008207']);
    const sealed = verified(request(1, hex('01020304')), 6, join(u32le(1), zeros(12)));
    const second = dissectPacket(frameOf('tcp', sealed), 1, 'dcerpc', { memory, number: 2 });
    expect(second.info).toBe('Close request');
    expect(valuesOf(second.root, 'dcerpc.encrypted_stub_data')).toEqual(['01020304']);
    expect(valuesOf(second.root, 'ntlmssp.verf.vers')).toEqual(['1']);
  });

  it('names a fault', () => {
    expect(
      checkApplication('dcerpc', 'tcp', call(3, join(u32le(32), u16le(0), [0, 0], u32le(5), zeros(4)))).info,
    ).toContain('Fault: call_id: 2, Fragment: Single, Ctx: 0, status: ');
  });

  it('is told by its header on any port, and framed by its length', () => {
    expect(recognises('dcerpc', bind(SAMR))).toBe(true);
    expect(recognises('dcerpc', hex('05000b03 ff000000 1c00 0000 02000000'))).toBe(false);
    expectFramed('dcerpc', bind(SAMR));
  });
});

describe('NTLM in SPNEGO', () => {
  const negotiate = join(latin1('NTLMSSP\0'), u32le(1), u32le(0xe2088297), zeros(16), hex('0a0063450000000f'));
  const token = der(
    0x60,
    derOid('1.3.6.1.5.5.2'),
    der(0xa0, derSequence(der(0xa0, derSequence(derOid('1.3.6.1.4.1.311.2.2.10'))), der(0xa2, der(0x04, negotiate)))),
  );

  it('opens the layers that a token nests', () => {
    const whole = checkApplication('gss-api', 'tcp', token);
    expect(stackText(whole)).toBe('eth:ethertype:ip:tcp:gss-api:spnego:ntlmssp');
    expect(valuesOf(whole.root, 'ntlmssp.messagetype')).toEqual(['0x00000001']);
    expect(valuesOf(whole.root, 'ntlmssp.negotiateunicode')).toEqual(['1']);
    expect(whole.info).toContain(', NTLMSSP_NEGOTIATE');
  });

  it('says who authenticates', () => {
    const text = (value: string): Uint8Array => join(...Array.from(value, (c) => u16le(c.charCodeAt(0))));
    const field = (length: number, offset: number): Uint8Array => join(u16le(length), u16le(length), u32le(offset));
    const message = join(
      latin1('NTLMSSP\0'),
      u32le(3),
      field(0, 64),
      field(0, 64),
      field(6, 64),
      field(10, 70),
      field(4, 80),
      field(0, 84),
      u32le(1),
      text('DOM'),
      text('alice'),
      text('PC'),
    );
    const whole = checkApplication('ntlmssp', 'tcp', message);
    expect(whole.info).toContain(', NTLMSSP_AUTH, User: DOM\\alice');
    expect(valuesOf(whole.root, 'ntlmssp.auth.hostname')).toEqual(['PC']);
  });
});
