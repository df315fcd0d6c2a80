import { describe, expect, it } from 'vitest';
import { hex, join, u32, utf8, zeros } from '../../../../support/build-bytes.ts';
import { checkApplication } from '../../../../support/check-application.ts';
import { dissectStream } from '../../../../support/dissect-conversation.ts';
import { treeText, valuesOf } from '../../../../support/dissect-packet.ts';

const tlv = (tag: number, ...parts: readonly Uint8Array[]): Uint8Array => {
  const body = join(...parts);
  return join(body.length < 128 ? [tag, body.length] : [tag, 0x81, body.length], body);
};
const number = (value: number): Uint8Array => tlv(2, Uint8Array.of(value));
const text = (value: string): Uint8Array => tlv(0x1b, utf8(value));
const salt = tlv(
  0x30,
  tlv(0x30, tlv(0xa0, number(18)), tlv(0xa1, text('EXAMPLEalice')), tlv(0xa2, tlv(4, hex('00001000')))),
);
const request = tlv(
  0x6a,
  tlv(
    0x30,
    tlv(0xa1, number(5)),
    tlv(0xa2, number(10)),
    tlv(0xa3, tlv(0x30, tlv(0x30, tlv(0xa1, number(19)), tlv(0xa2, tlv(4, salt))))),
    tlv(
      0xa4,
      tlv(
        0x30,
        tlv(0xa0, tlv(3, hex('0040810010'))),
        tlv(0xa2, text('EXAMPLE')),
        tlv(0xa7, number(7)),
        tlv(0xa8, tlv(0x30, number(18))),
      ),
    ),
  ),
);

describe('Kerberos', () => {
  it('shows the options bit by bit, and salts of passwords', () => {
    const { root, info, malformed } = checkApplication('kerberos', 'udp', request);
    expect(info).toBe('AS-REQ');
    expect(malformed).toBe(false);
    expect(valuesOf(root, 'kerberos.KDCOptions.forwardable')).toEqual(['1']);
    expect(valuesOf(root, 'kerberos.KDCOptions.renewable.ok')).toEqual(['1']);
    expect(valuesOf(root, 'kerberos.KDCOptions.proxy')).toEqual(['0']);
    expect(valuesOf(root, 'kerberos.info2_salt')).toEqual(['EXAMPLEalice']);
    expect(valuesOf(root, 'kerberos.s2kparams')).toEqual(['00001000']);
  });
});

const wrapped = (token: Uint8Array): string =>
  dissectStream(389, [['client', join(u32(token.length), token)]])
    .map(({ root }) => treeText(root))
    .join('\n');
const framed = (token: Uint8Array): Uint8Array => tlv(0x60, hex('06092a864886f712010202'), token);

describe('tokens that sign and seal', () => {
  it('show algorithms, sequence and checksum', () => {
    const shown = wrapped(framed(join(hex('02011100 1000ffff'), zeros(16), zeros(8), hex('0102'))));
    expect(shown).toContain('krb5_sgn_alg: 0x0011');
    expect(shown).toContain('krb5_confounder: 0000000000000000');
    expect(wrapped(framed(join(hex('01011100 ffffffff'), zeros(16))))).toContain('krb5_sgn_cksum');
  });

  it('of the newer kind show flags and sequence', () => {
    const shown = wrapped(join(hex('0504 07ff 0010 001c'), hex('0000000000000009'), zeros(40)));
    expect(shown).toContain('krb5_cfx_seq: 9');
    expect(shown).toContain('SendByAcceptor: Set');
    expect(wrapped(join(hex('0404 00ffffffffff'), hex('0000000000000009'), zeros(12)))).toContain('krb5_sgn_cksum');
  });
});
