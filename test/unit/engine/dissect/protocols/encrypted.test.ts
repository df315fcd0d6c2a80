/** IKE, WireGuard, OpenVPN, DTLS and QUIC: what can be said of traffic that is mostly encrypted. */

import { beforeAll, describe, expect, it } from 'vitest';
import { toHex } from '../../../../../engine/base/hex.ts';
import { initialKeys, openPacket } from '../../../../../engine/dissect/protocols/quic/keys.ts';
import { useNodePlatform } from '../../../../../engine/host/platform-node.ts';
import { hex, join, u16, u24, u32, u32le, zeros } from '../../../../support/build-bytes.ts';
import { checkApplication, expectFramed, recognises } from '../../../../support/check-application.ts';
import { stackText, valuesOf } from '../../../../support/dissect-packet.ts';

beforeAll(() => useNodePlatform());

describe('IKE', () => {
  const body = join([43, 0], u16(12), zeros(8), [0, 0], u16(8), hex('01020304'));
  const message = (first: number, payloads: Uint8Array): Uint8Array =>
    join(hex('0102030405060708'), zeros(8), [first, 0x20, 34, 8], u32(0), u32(28 + payloads.length), payloads);

  it('names the exchange and who speaks', () => {
    const whole = checkApplication('isakmp', 'udp', message(40, body));
    expect(whole.info).toBe('IKE_SA_INIT MID=00 Initiator Request');
    expect(valuesOf(whole.root, 'isakmp.typepayload')).toEqual(['40', '43']);
    expect(recognises('isakmp', message(40, body))).toBe(true);
    expect(recognises('isakmp', join(message(40, body), [0]))).toBe(false);
  });

  it('is malformed where a payload is longer than the message', () => {
    expect(checkApplication('isakmp', 'udp', message(40, join([0, 0], u16(200)))).malformed).toBe(true);
  });

  it('stands behind a marker in UDP encapsulation', () => {
    const whole = checkApplication('udpencap', 'udp', join(u32(0), message(40, body)));
    expect(stackText(whole)).toBe('eth:ethertype:ip:udp:udpencap:isakmp');
    expect(checkApplication('udpencap', 'udp', [0xff]).info).toBe('NAT-keepalive');
  });
});

describe('WireGuard', () => {
  it('names messages by type', () => {
    const initiation = join(u32le(1), u32le(0x1234), zeros(140));
    expect(checkApplication('wg', 'udp', initiation).info).toBe('Handshake Initiation, sender=0x00001234');
    expect(recognises('wg', initiation)).toBe(true);
    expect(recognises('wg', initiation.slice(1))).toBe(false);
    const keepalive = join(u32le(4), u32le(7), u32le(3), u32le(0), zeros(16));
    expect(checkApplication('wg', 'udp', keepalive).info).toBe('Keepalive, receiver=0x00000007, counter=3');
  });
});

describe('OpenVPN', () => {
  it('names messages by opcode, over UDP and TCP', () => {
    const reset = join([0x38], hex('0102030405060708'), [0], u32(0));
    expect(checkApplication('openvpn', 'udp', reset).info).toBe('MessageType: P_CONTROL_HARD_RESET_CLIENT_V2');
    expect(recognises('openvpn', reset)).toBe(true);
    expectFramed('openvpn', join(u16(reset.length), reset));
    expect(checkApplication('openvpn', 'tcp', join(u16(reset.length), reset)).info).toBe(
      'MessageType: P_CONTROL_HARD_RESET_CLIENT_V2',
    );
  });
});

describe('DTLS', () => {
  const record = (type: number, body: Uint8Array, epoch = 0): Uint8Array =>
    join([type, 0xfe, 0xfd], u16(epoch), zeros(6), u16(body.length), body);
  const extension = join(u16(0), u16(10), u16(8), [0], u16(5), hex('612e636f6d'));
  const body = join(hex('fefd'), zeros(32), [0, 0], u16(2), hex('c02b'), [1, 0], u16(extension.length), extension);
  const hello = join([1], u24(body.length), u16(0), u24(0), u24(body.length), body);

  it('lists the records of a datagram', () => {
    const whole = checkApplication('dtls', 'udp', join(record(22, hello), record(23, zeros(20), 1)));
    expect(whole.info).toBe('Client Hello (SNI=a.com), Application Data');
    expect(valuesOf(whole.root, 'dtls.handshake.extensions_server_name')).toEqual(['a.com']);
    expect(recognises('dtls', record(22, hello))).toBe(true);
    expect(recognises('dtls', hex('16030100 05'))).toBe(false);
  });

  it('says what an alert is about', () => {
    const whole = checkApplication('dtls', 'udp', record(21, hex('020a')));
    expect(whole.info).toBe('Alert (Level: Fatal, Description: Unexpected Message)');
    expect(whole.protocolColumn).toBe('DTLSv1.2');
  });
});

describe('QUIC', () => {
  // The connection id, and the keys made from it, of RFC 9001 appendix A.1.
  const connection = hex('8394c8f03e515708');

  it('derives the keys that RFC 9001 appendix A.1 lists', () => {
    const client = initialKeys(1, connection, true);
    expect(client === null ? '' : toHex(client.key)).toBe('1f369613dd76d5467730efcbe3b1a22d');
    expect(client === null ? '' : toHex(client.iv)).toBe('fa044b2f42a3fd3b46fb255c');
    expect(client === null ? '' : toHex(client.headerKey)).toBe('9f50449e04a0e810283a1e9933adedd2');
    expect(initialKeys(0x0a0a0a0a, connection, true)).toBe(null);
  });

  it("opens the server's Initial of RFC 9001 appendix A.3", () => {
    const packet = hex(
      'cf000000010008f067a5502a4262b5004075c0d95a482cd0991cd25b0aac406a5816b6394100f37a1c69797554780bb38cc5a99f5ede4cf73c3ec2493a1839b3dbcba3f6ea46c5b7684df3548e7ddeb9c3bf9c73cc3f3bded74b562bfb19fb84022f8ef4cdd93795d77d06edbb7aaf2f58891850abbdca3d20398c276456cbc42158407dd074ee',
    );
    const keys = initialKeys(1, connection, false);
    const opened = keys === null ? null : openPacket(keys, packet, 0, 18, packet.length, 0);
    expect(opened?.packetNumber).toBe(1);
    expect(opened === null || opened === undefined ? '' : toHex(opened.payload.slice(0, 5))).toBe('0200000000');
  });

  it('shows the connection ids of packets it cannot open', () => {
    const handshake = join([0xe0], u32(1), [4], hex('01020304'), [0], hex('4020'), zeros(32));
    const whole = checkApplication('quic', 'udp', handshake);
    expect(whole.info).toBe('Handshake, DCID=01020304');
    expect(whole.protocolColumn).toBe('QUIC');
    expect(recognises('quic', handshake)).toBe(true);
    expect(recognises('quic', join([0xe0], u32(0x01020304), [0, 0], zeros(20)))).toBe(false);
    expect(checkApplication('quic', 'udp', join([0x40], zeros(30))).info).toBe('Protected Payload (KP0)');
  });
});
