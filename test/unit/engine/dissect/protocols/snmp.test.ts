/** SNMP: versions, bindings, ids, and messages that are not what they say. */

import { describe, expect, it } from 'vitest';
import { latin1 } from '../../../../support/build-bytes.ts';
import { der, derInteger, derOid, derSequence } from '../../../../support/build-der.ts';
import { checkApplication, expectFramed, recognises } from '../../../../support/check-application.ts';
import { stackText, valuesOf } from '../../../../support/dissect-packet.ts';

const NULL = der(0x05);
const octets = (text: string): Uint8Array => der(0x04, latin1(text));
const pdu = (tag: number, value: Uint8Array, name = '1.3.6.1.2.1.1.3.0'): Uint8Array =>
  der(tag, derInteger([0x12, 0x34]), derInteger([0]), derInteger([0]), derSequence(derSequence(derOid(name), value)));
const message = (version: number, tag: number, value: Uint8Array, name?: string): Uint8Array =>
  derSequence(derInteger([version]), octets('public'), pdu(tag, value, name));

describe('SNMP', () => {
  it('names a request and what it asks for', () => {
    const whole = checkApplication('snmp', 'udp', message(0, 0xa0, NULL));
    expect(whole.info).toBe('get-request 1.3.6.1.2.1.1.3.0');
    expect(stackText(whole)).toBe('eth:ethertype:ip:udp:snmp');
    expect(valuesOf(whole.root, 'snmp.community')).toEqual(['public']);
    expect(valuesOf(whole.root, 'snmp.request_id')).toEqual(['4660']);
    expect(valuesOf(whole.root, 'snmp.name')).toEqual(['1.3.6.1.2.1.1.3.0']);
  });

  it('shows the system description as a layer of its own', () => {
    const whole = checkApplication('snmp', 'udp', message(1, 0xa2, octets('router'), '1.3.6.1.2.1.1.1.0'));
    expect(stackText(whole)).toBe('eth:ethertype:ip:udp:snmp:snmp');
    expect(valuesOf(whole.root, 'snmp.var-bind_str')).toEqual(['router']);
  });

  it('stops at an encrypted scoped PDU of version 3', () => {
    const security = der(
      0x04,
      derSequence(octets('engine'), derInteger([1]), derInteger([2]), octets('user'), octets(''), octets('')),
    );
    const global = derSequence(derInteger([9]), derInteger([5]), der(0x04, [3]), derInteger([3]));
    const whole = checkApplication('snmp', 'udp', derSequence(derInteger([3]), global, security, octets('secret')));
    expect(whole.info).toBe('encryptedPDU: privKey Unknown');
    expect(valuesOf(whole.root, 'snmp.msgUserName')).toEqual(['user']);
  });

  it('keeps the layer where an element is not what belongs there', () => {
    const whole = checkApplication('snmp', 'udp', derSequence(octets('x')));
    expect(stackText(whole)).toBe('eth:ethertype:ip:udp:snmp');
    expect(valuesOf(whole.root, 'snmp.version')).toEqual([]);
  });

  it('is told by its first bytes on any port, and framed over TCP', () => {
    expect(recognises('snmp', message(1, 0xa1, NULL))).toBe(true);
    expect(recognises('snmp', derSequence(derInteger([7]), octets('public')))).toBe(false);
    expect(recognises('snmp', latin1('0123456789'))).toBe(false);
    expectFramed('snmp', message(1, 0xa1, NULL));
  });
});
