/** Kerberos, LDAP, RADIUS with EAP, TACACS+: who is who. */

import { describe, expect, it } from 'vitest';
import { hex, join, latin1, u16, u32, zeros } from '../../../../support/build-bytes.ts';
import { der, derInteger, derSequence } from '../../../../support/build-der.ts';
import { checkApplication, expectFramed, recognises } from '../../../../support/check-application.ts';
import { stackText, valuesOf } from '../../../../support/dissect-packet.ts';

const tagged = (number: number, content: Uint8Array): Uint8Array => der(0xa0 + number, content);
const text = (value: string): Uint8Array => der(0x1b, latin1(value));

describe('Kerberos', () => {
  const name = (value: string): Uint8Array =>
    derSequence(tagged(0, derInteger([1])), tagged(1, derSequence(text(value))));
  const body = derSequence(
    tagged(0, der(0x03, hex('0040810010'))),
    tagged(1, name('alice')),
    tagged(2, text('EXAMPLE.COM')),
    tagged(5, der(0x18, latin1('20370913024805Z'))),
    tagged(7, derInteger([5])),
    tagged(8, derSequence(derInteger([18]))),
  );
  const request = der(0x6a, derSequence(tagged(1, derInteger([5])), tagged(2, derInteger([10])), tagged(4, body)));

  it('says who asks for which realm', () => {
    const whole = checkApplication('kerberos', 'udp', request);
    expect(whole.protocolColumn).toBe('KRB5');
    expect(whole.info).toBe('AS-REQ');
    expect(valuesOf(whole.root, 'kerberos.CNameString')).toEqual(['alice']);
    expect(valuesOf(whole.root, 'kerberos.realm')).toEqual(['EXAMPLE.COM']);
    expect(valuesOf(whole.root, 'kerberos.ENCTYPE')).toEqual(['18']);
  });

  it('is framed over TCP by its length and told by its first bytes', () => {
    const record = join(u32(request.length), request);
    expect(checkApplication('kerberos', 'tcp', record).info).toBe('AS-REQ');
    expectFramed('kerberos', record);
    expect(recognises('kerberos', request)).toBe(true);
    expect(recognises('kerberos', hex('6a053003020105'))).toBe(false);
  });
});

describe('LDAP', () => {
  const message = (id: number, operation: Uint8Array): Uint8Array => derSequence(derInteger([id]), operation);
  const octets = (value: string): Uint8Array => der(0x04, latin1(value));
  const search = message(
    2,
    der(
      0x63,
      octets('dc=example,dc=com'),
      der(0x0a, [2]),
      der(0x0a, [0]),
      derInteger([0]),
      derInteger([0]),
      der(0x01, [0]),
      der(0x87, latin1('cn')),
      derSequence(octets('mail')),
    ),
  );

  it('names a search and its base', () => {
    const whole = checkApplication('ldap', 'tcp', search);
    expect(whole.info).toBe('searchRequest(2) "dc=example,dc=com" wholeSubtree ');
    expect(valuesOf(whole.root, 'ldap.AttributeDescription')).toEqual(['mail']);
    expectFramed('ldap', search);
    expect(recognises('ldap', search)).toBe(true);
  });

  it('names a simple bind and its result', () => {
    const bind = message(1, der(0x60, derInteger([3]), octets('cn=x'), der(0x80, latin1('pw'))));
    expect(checkApplication('ldap', 'tcp', bind).info).toBe('bindRequest(1) "cn=x" simple ');
    const result = message(1, der(0x61, der(0x0a, [49]), octets(''), octets('no')));
    expect(checkApplication('ldap', 'tcp', result).info).toBe('bindResponse(1) invalidCredentials (no) ');
  });

  it('is called CLDAP over UDP', () => {
    expect(checkApplication('cldap', 'udp', search).protocolColumn).toBe('CLDAP');
  });
});

describe('RADIUS', () => {
  const identity = join([2, 1], u16(10), [1], latin1('alice'));
  const message = (attributes: Uint8Array): Uint8Array =>
    join([1, 7], u16(20 + attributes.length), zeros(16), attributes);
  const good = message(join([1, 7], latin1('alice'), [79, 2 + identity.length], identity));

  it('shows attributes, and EAP in a layer of its own', () => {
    const whole = checkApplication('radius', 'udp', good);
    expect(whole.info).toBe('Access-Request id=7');
    expect(whole.protocolColumn).toBe('RADIUS');
    expect(stackText(whole)).toBe('eth:ethertype:ip:udp:radius:eap');
    expect(valuesOf(whole.root, 'radius.User_Name')).toEqual(['alice']);
    expect(valuesOf(whole.root, 'eap.identity')).toEqual(['alice']);
    expect(recognises('radius', good)).toBe(true);
  });

  it('stops at an attribute of length zero', () => {
    const whole = checkApplication('radius', 'udp', message(hex('0100 0102')));
    expect(whole.malformed).toBe(false);
    expect(recognises('radius', message(hex('0100 0102')))).toBe(false);
  });
});

describe('TACACS+', () => {
  it('names the kind of a packet by its header', () => {
    const packet = join(hex('c0 01 01 00'), u32(5), u32(4), hex('01020304'));
    expect(checkApplication('tacplus', 'tcp', packet).info).toBe('Q: Authentication');
    expectFramed('tacplus', packet);
  });
});
