import { describe, expect, it } from 'vitest';
import { hex, join, latin1, u16, u16le, u32le, utf8 } from '../../../../support/build-bytes.ts';
import { checkApplication } from '../../../../support/check-application.ts';
import { treeText, valuesOf } from '../../../../support/dissect-packet.ts';

const tlv = (tag: number, ...parts: readonly Uint8Array[]): Uint8Array => {
  const body = join(...parts);
  return join(body.length < 128 ? [tag, body.length] : [tag, 0x82, body.length >>> 8, body.length & 255], body);
};
const text = (value: string, tag = 4): Uint8Array => tlv(tag, utf8(value));
const number = (value: number, tag = 2): Uint8Array => tlv(tag, Uint8Array.of(value));
const message = (operation: Uint8Array, ...controls: readonly Uint8Array[]): Uint8Array =>
  tlv(0x30, number(7), operation, ...(controls.length > 0 ? [tlv(0xa0, ...controls)] : []));
const searchFor = (filter: Uint8Array): Uint8Array =>
  message(
    tlv(
      0x63,
      text('dc=example'),
      number(2, 10),
      number(0, 10),
      number(0),
      number(0),
      number(0, 1),
      filter,
      tlv(0x30, text('cn')),
    ),
  );
const equal = (name: string, value: string): Uint8Array => tlv(0xa3, text(name), text(value));
const shown = (bytes: Uint8Array) => checkApplication('ldap', 'tcp', bytes);

describe('search filters', () => {
  it.each([
    ['(cn=alice)', equal('cn', 'alice')],
    [
      '(&(a=1)(b>=2)(c<=3)(d~=4))',
      tlv(
        0xa0,
        equal('a', '1'),
        tlv(0xa5, text('b'), text('2')),
        tlv(0xa6, text('c'), text('3')),
        tlv(0xa8, text('d'), text('4')),
      ),
    ],
    ['(|(a=1)(!(b=*)))', tlv(0xa1, equal('a', '1'), tlv(0xa2, text('b', 0x87)))],
    ['(cn=a*b*c)', tlv(0xa4, text('cn'), tlv(0x30, text('a', 0x80), text('b', 0x81), text('c', 0x82)))],
    ['(cn=*b*)', tlv(0xa4, text('cn'), tlv(0x30, text('b', 0x81)))],
    ['(cn:1.2.3:=x)', tlv(0xa9, text('1.2.3', 0x81), text('cn', 0x82), text('x', 0x83), number(255, 0x84))],
  ])('are shown as %s', (written, filter) => {
    expect(treeText(shown(searchFor(filter)).root)).toContain(`Filter: ${written}\n`);
  });

  it('of hostile depth end the layer', () => {
    let filter = equal('a', '1');
    for (let i = 0; i < 60; i++) filter = tlv(0xa2, filter);
    expect(checkApplication('ldap', 'tcp', searchFor(filter)).malformed).toBe(true);
  });
});

describe('operations', () => {
  it('show what is changed', () => {
    const modify = message(
      tlv(
        0x66,
        text('cn=x'),
        tlv(0x30, tlv(0x30, number(2, 10), tlv(0x30, text('mail'), tlv(0x31, text('x@example.com'))))),
      ),
    );
    const { root, info } = shown(modify);
    expect(info).toContain('modifyRequest(7) "cn=x"');
    expect(valuesOf(root, 'ldap.operation')).toEqual(['2']);
    expect(treeText(root)).toContain('AttributeValue: x@example.com');
  });

  it('show entries added, renamed, compared, deleted and given up', () => {
    const add = message(tlv(0x68, text('cn=x'), tlv(0x30, tlv(0x30, text('cn'), tlv(0x31, text('x'))))));
    expect(valuesOf(shown(add).root, 'ldap.entry')).toEqual(['cn=x']);
    const rename = message(tlv(0x6c, text('cn=x'), text('cn=y'), number(255, 1), text('dc=z', 0x80)));
    expect(valuesOf(shown(rename).root, 'ldap.newSuperior')).toEqual(['dc=z']);
    const compare = message(tlv(0x6e, text('cn=x'), tlv(0x30, text('cn'), text('x'))));
    expect(valuesOf(shown(compare).root, 'ldap.assertionValue')).toEqual(['x']);
    expect(valuesOf(shown(message(text('cn=x', 0x4a))).root, 'ldap.delRequest')).toEqual(['cn=x']);
    expect(valuesOf(shown(message(number(5, 0x50))).root, 'ldap.abandonRequest')).toEqual(['5']);
  });

  it('show extended requests and their answers', () => {
    const password = tlv(0x30, text('alice', 0x80), text('old', 0x81), text('new', 0x82));
    const change = message(tlv(0x77, text('1.3.6.1.4.1.4203.1.11.1', 0x80), tlv(0x81, password)));
    expect(valuesOf(shown(change).root, 'ldap.newPasswd')).toEqual(['6e6577']);
    const cancel = message(tlv(0x77, text('1.3.6.1.1.8', 0x80), tlv(0x81, tlv(0x30, number(3)))));
    expect(valuesOf(shown(cancel).root, 'ldap.cancelID')).toEqual(['3']);
    const answer = message(tlv(0x78, number(0, 10), text(''), text(''), text('1.2', 0x8a), text('v', 0x8b)));
    expect(valuesOf(shown(answer).root, 'ldap.responseName')).toEqual(['1.2']);
  });

  it('show controls', () => {
    const paged = tlv(0x30, text('1.2.840.113556.1.4.319'), number(255, 1), tlv(4, tlv(0x30, number(100), text('c'))));
    const sort = tlv(0x30, text('1.2.840.113556.1.4.473'), tlv(4, tlv(0x30, tlv(0x30, text('cn'), number(255, 0x81)))));
    const sorted = tlv(0x30, text('1.2.840.113556.1.4.474'), tlv(4, tlv(0x30, number(0, 10))));
    const { root } = shown(message(tlv(0x65, number(0, 10), text(''), text('')), paged, sort, sorted));
    expect(valuesOf(root, 'ldap.controlType')).toHaveLength(3);
    expect(valuesOf(root, 'ldap.size')).toEqual(['100']);
    expect(valuesOf(root, 'ldap.attributeType')).toEqual(['cn']);
    expect(valuesOf(root, 'ldap.sortResult')).toEqual(['0']);
  });

  it('show referrals, and references in results', () => {
    const referral = message(
      tlv(0x65, number(10, 10), text(''), text(''), tlv(0xa3, text('ldap://a'), text('ldap://b'))),
    );
    expect(valuesOf(shown(referral).root, 'ldap.LDAPURL')).toEqual(['ldap://a', 'ldap://b']);
    expect(valuesOf(shown(message(tlv(0x73, text('ldap://c')))).root, 'ldap.LDAPURL')).toEqual(['ldap://c']);
  });
});

describe('answers of domain controllers', () => {
  const label = (name: string): Uint8Array =>
    join(...name.split('.').map((part) => join([part.length], latin1(part))), [0]);
  const guid = hex('000102030405060708090a0b0c0d0e0f');
  const netlogon = (names: Uint8Array): Uint8Array =>
    join(
      u16le(23),
      u16le(0),
      u32le(0x3fd),
      guid,
      names,
      [16],
      u16le(2),
      u16(0),
      hex('c0000209'),
      new Uint8Array(8),
      u32le(5),
      u16le(0xffff),
      u16le(0xffff),
    );
  const forest = label('corp.example');
  const names = join(
    forest,
    [0xc0, 24],
    [4],
    latin1('dc01'),
    [0xc0, 24],
    label('CORP'),
    label('DC01'),
    [0],
    label('Site'),
    [0xc0, 24],
  );
  const entry = (value: Uint8Array): Uint8Array =>
    message(tlv(0x64, text(''), tlv(0x30, tlv(0x30, text('netlogon'), tlv(0x31, tlv(4, value))))));

  it('are taken apart, with names that point back', () => {
    const { root } = checkApplication('cldap', 'udp', entry(netlogon(names)));
    expect(valuesOf(root, 'mscldap.domain')).toEqual(['corp.example']);
    expect(valuesOf(root, 'mscldap.hostname')).toEqual(['dc01.corp.example']);
    expect(valuesOf(root, 'mscldap.sitename')).toEqual(['Site']);
    expect(valuesOf(root, 'mscldap.netlogon.ipaddress.ipv4')).toEqual(['192.0.2.9']);
    expect(valuesOf(root, 'mscldap.netlogon.flags.kdc')).toEqual(['1']);
  });

  it('end where a name points forward or runs out', () => {
    const { root } = checkApplication('cldap', 'udp', entry(netlogon(join([0xc0, 0x30]))));
    expect(valuesOf(root, 'mscldap.forest')).toEqual([]);
    expect(valuesOf(root, 'mscldap.domain.guid')).toHaveLength(1);
  });
});
