/** NetBIOS names, datagrams and sessions; what a datagram's mailslot carries. */

import { describe, expect, it } from 'vitest';
import { hex, join, latin1, u16, u32, zeros } from '../../../../support/build-bytes.ts';
import { checkApplication, expectFramed, recognises } from '../../../../support/check-application.ts';
import { stackText, valuesOf } from '../../../../support/dissect-packet.ts';

/** Sixteen bytes, each as two letters. */
function encoded(name: string, kind: number): Uint8Array {
  const bytes = join(latin1(name.padEnd(15)), [kind]);
  return join([32], ...Array.from(bytes, (byte) => [0x41 + (byte >>> 4), 0x41 + (byte & 15)]), [0]);
}

const query = join(u16(0x80da), u16(0x0110), u16(1), zeros(6), encoded('SERVER', 0x20), u16(32), u16(1));
const answer = join(
  u16(0x80da),
  u16(0x8500),
  zeros(2),
  u16(1),
  zeros(4),
  encoded('SERVER', 0x20),
  u16(32),
  u16(1),
  u32(300),
  u16(6),
  u16(0),
  [192, 0, 2, 9],
);

describe('NetBIOS name service', () => {
  it('decodes names and their kinds', () => {
    const whole = checkApplication('nbns', 'udp', query);
    expect(whole.info).toBe('Name query NB SERVER<20>');
    expect(valuesOf(whole.root, 'nbns.name')).toEqual(['SERVER<20>']);
  });

  it('says the address of an answer', () => {
    const whole = checkApplication('nbns', 'udp', answer);
    expect(whole.info).toBe('Name query response NB 192.0.2.9');
    expect(valuesOf(whole.root, 'nbns.addr')).toEqual(['192.0.2.9']);
  });

  it('does not follow a name that points at itself', () => {
    const loop = join(u16(1), u16(0x0110), u16(1), zeros(6), hex('c00c'), u16(32), u16(1));
    expect(checkApplication('nbns', 'udp', loop).info).toBe('Name query NB ');
  });
});

describe('NetBIOS datagram and session service', () => {
  const announcement = join(
    [12, 0],
    hex('e0930400'),
    latin1('WORKGROUP'.padEnd(16, '\0')),
    [3, 10],
    hex('00100080'),
    hex('0000f97f'),
    latin1('HOST\0'),
  );
  const name = latin1('\\MAILSLOT\\BROWSE\0');
  const words = join(
    hex('0000'),
    [announcement.length, 0],
    zeros(18),
    [announcement.length, 0],
    [32 + 1 + 34 + 2 + name.length, 0],
    [3, 0],
    hex('010001000200'),
  );
  const smb = join(
    hex('ff534d42 25'),
    zeros(27),
    [17],
    words,
    [name.length + announcement.length, 0],
    name,
    announcement,
  );
  const datagram = join(
    [17, 0x0e],
    u16(1),
    [192, 0, 2, 1],
    u16(138),
    u16(200),
    u16(0),
    encoded('HOST', 0),
    encoded('WORKGROUP', 0x1d),
    smb,
  );

  it('finds the browser behind datagram, transaction and mailslot', () => {
    const whole = checkApplication('nbdgm', 'udp', datagram);
    expect(stackText(whole)).toBe('eth:ethertype:ip:udp:nbdgm:smb:browser');
    expect(whole.protocolColumn).toBe('BROWSER');
    expect(whole.info).toBe('Domain/Workgroup Announcement WORKGROUP, NT Workstation, Domain Enum');
    expect(valuesOf(whole.root, 'mailslot.name')).toEqual(['\\MAILSLOT\\BROWSE']);
  });

  it('names a session request', () => {
    const names = join(encoded('SERVER', 0x20), encoded('CLIENT', 0));
    const request = join([0x81, 0], u16(names.length), names);
    expect(checkApplication('nbss', 'tcp', request).info).toBe('Session request, to SERVER<20> from CLIENT<00>');
    expectFramed('nbss', request);
  });

  it('takes bytes that are no header for a continuation', () => {
    expect(checkApplication('nbss', 'tcp', hex('7f000004 01020304')).info).toBe('NBSS Continuation Message');
    expect(recognises('nbss', join([0, 0], u16(smb.length), smb))).toBe(true);
    expect(recognises('nbss', hex('00000008 0102030405060708'))).toBe(false);
  });
});
