/** Kerberos: what a client proves and asks for itself or others, safe messages and forwarded credentials, tokens inside GSS-API. */

import { describe, expect, it } from 'vitest';
import { type BytesLike, hex, ipAddress, join, latin1, u32 } from '../../../../support/build-bytes.ts';
import { der, derInteger } from '../../../../support/build-der.ts';
import { checkApplication } from '../../../../support/check-application.ts';
import { stackText, valuesOf } from '../../../../support/dissect-packet.ts';

const tagged = (number: number, ...content: readonly BytesLike[]): Uint8Array => der(0xa0 + number, ...content);
const sequence = (...content: readonly BytesLike[]): Uint8Array => der(0x30, ...content);
const octets = (...content: readonly BytesLike[]): Uint8Array => der(4, ...content);
const text = (value: string): Uint8Array => der(0x1b, latin1(value));
const number = (value: number): Uint8Array => derInteger(value < 128 ? [value] : [0, value]);
const time = der(0x18, latin1('20260115090000Z'));
const principal = (...names: readonly string[]): Uint8Array =>
  sequence(tagged(0, number(1)), tagged(1, sequence(...names.map(text))));
const sealed = sequence(tagged(0, number(18)), tagged(2, octets(hex('0102'))));
const ticket = der(
  0x61,
  sequence(
    tagged(0, number(5)),
    tagged(1, text('EXAMPLE.COM')),
    tagged(2, principal('cifs', 'files')),
    tagged(3, sealed),
  ),
);
const checksum = sequence(tagged(0, number(16)), tagged(1, octets(hex('aabb'))));
const address = (type: number, bytes: BytesLike): Uint8Array =>
  sequence(tagged(0, number(type)), tagged(1, octets(bytes)));
const message = (type: number, ...parts: readonly Uint8Array[]): Uint8Array =>
  der(0x60 + type, sequence(tagged(0, number(5)), tagged(1, number(type)), ...parts));
const proof = (type: number, value: BytesLike): Uint8Array =>
  sequence(tagged(1, number(type)), tagged(2, octets(value)));

const request = der(
  0x6c,
  sequence(
    tagged(1, number(5)),
    tagged(2, number(12)),
    tagged(
      3,
      sequence(
        proof(2, sealed),
        proof(3, latin1('EXAMPLE.COMalice')),
        proof(11, sequence(sequence(tagged(0, number(18)), tagged(1, octets(latin1('salt')))))),
        proof(19, sequence(sequence(tagged(0, number(18)), tagged(1, text('salt')), tagged(2, octets([0, 0, 16, 0]))))),
        proof(128, sequence(tagged(0, der(1, [0xff])))),
        proof(
          129,
          sequence(
            tagged(0, principal('bob')),
            tagged(1, text('EXAMPLE.COM')),
            tagged(2, checksum),
            tagged(3, text('Kerberos')),
          ),
        ),
        proof(167, sequence(tagged(0, der(3, hex('00 90000000'))))),
      ),
    ),
    tagged(
      4,
      sequence(
        tagged(0, der(3, hex('00 40810010'))),
        tagged(2, text('EXAMPLE.COM')),
        tagged(3, principal('cifs', 'files')),
        tagged(5, time),
        tagged(7, derInteger([0xd1, 2, 3, 4])),
        tagged(8, sequence(number(18), number(23))),
        tagged(
          9,
          sequence(
            address(2, ipAddress('192.0.2.1')),
            address(24, ipAddress('2001:db8::1')),
            address(20, latin1('HOST4'.padEnd(16))),
          ),
        ),
        tagged(10, sealed),
        tagged(11, sequence(ticket)),
      ),
    ),
  ),
);

describe('parts of Kerberos messages', () => {
  it('shows what a client proves, and for whom it asks', () => {
    const { root, info } = checkApplication('kerberos', 'udp', request);
    expect(info).toBe('TGS-REQ');
    expect(valuesOf(root, 'kerberos.KerberosString')).toEqual(['bob']);
    expect(valuesOf(root, 'kerberos.auth')).toEqual(['Kerberos']);
    expect(valuesOf(root, 'kerberos.include_pac')).toEqual(['1']);
    expect(valuesOf(root, 'kerberos.pw_salt')).toHaveLength(1);
    expect(valuesOf(root, 'kerberos.info_salt')).toHaveLength(1);
    expect(valuesOf(root, 'kerberos.info2_salt')).toEqual(['salt']);
    expect(valuesOf(root, 'kerberos.PAC.OPTIONS.FLAGS.claims')).toEqual(['1']);
    expect(valuesOf(root, 'kerberos.PAC.OPTIONS.FLAGS.branch.aware')).toEqual(['0']);
    expect(valuesOf(root, 'kerberos.addr_ip')).toEqual(['192.0.2.1']);
    expect(valuesOf(root, 'kerberos.addr_ipv6')).toEqual(['2001:db8::1']);
    expect(valuesOf(root, 'kerberos.addr_nb')).toEqual(['HOST4']);
    expect(valuesOf(root, 'kerberos.additional_tickets')).toEqual(['1']);
    expect(valuesOf(root, 'kerberos.enc_authorization_data_element')).toHaveLength(1);
    expect(valuesOf(root, 'kerberos.nonce')).toEqual(['3506569988']);
  });

  it('reads the length in front of a message over TCP', () => {
    const { root } = checkApplication('kerberos', 'tcp', join(u32(request.length), request));
    expect(valuesOf(root, 'kerberos.rm.length')).toEqual([String(request.length)]);
    expect(valuesOf(root, 'kerberos.rm.reserved')).toEqual(['0']);
  });

  it('shows safe messages and forwarded credentials', () => {
    const body = sequence(
      tagged(0, octets(latin1('data'))),
      tagged(1, time),
      tagged(2, number(9)),
      tagged(3, number(7)),
      tagged(4, address(2, ipAddress('192.0.2.1'))),
      tagged(5, address(2, ipAddress('192.0.2.2'))),
    );
    const safe = checkApplication('kerberos', 'udp', message(20, tagged(2, body), tagged(3, checksum)));
    expect(safe.info).toBe('KRB-SAFE');
    expect(valuesOf(safe.root, 'kerberos.seq_number')).toEqual(['7']);
    expect(valuesOf(safe.root, 'kerberos.usec')).toEqual(['9']);
    expect(valuesOf(safe.root, 'kerberos.addr_ip')).toEqual(['192.0.2.1', '192.0.2.2']);
    expect(valuesOf(safe.root, 'kerberos.cksumtype')).toEqual(['16']);
    const credentials = checkApplication(
      'kerberos',
      'udp',
      message(22, tagged(2, sequence(ticket)), tagged(3, sealed)),
    );
    expect(credentials.info).toBe('KRB-CRED');
    expect(valuesOf(credentials.root, 'kerberos.tickets')).toEqual(['1']);
    expect(valuesOf(credentials.root, 'kerberos.SNameString')).toEqual(['cifs', 'files']);
  });

  it('is shown inside GSS-API tokens, which frame.protocols does not list', () => {
    const reply = message(15, tagged(2, sealed));
    const token = der(0x60, der(6, hex('2a864886f712010202')), hex('0200'), reply);
    const whole = checkApplication('gss-api', 'tcp', token);
    expect(stackText(whole)).toBe('eth:ethertype:ip:tcp:gss-api:spnego-krb5');
    expect(valuesOf(whole.root, 'kerberos.ap_rep_element')).toHaveLength(1);
    expect(valuesOf(whole.root, 'kerberos.msg_type')).toEqual(['15']);
    const bare = checkApplication('spnego-krb5', 'tcp', reply);
    expect(valuesOf(bare.root, 'kerberos.etype')).toEqual(['18']);
    expect(valuesOf(bare.root, 'spnego.krb5.tok_id')).toEqual([]);
  });
});
