/** SIP with SDP, RTP, RTCP, STUN and TURN. */

import { describe, expect, it } from 'vitest';
import { hex, join, latin1, u16, u32, utf8, zeros } from '../../../../support/build-bytes.ts';
import { checkApplication, expectFramed, recognises } from '../../../../support/check-application.ts';
import { stackText, valuesOf } from '../../../../support/dissect-packet.ts';

const sdp =
  'v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\ns=call\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 6000 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n';
const invite = utf8(
  `INVITE sip:bob@example.org SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1\r\nFrom: <sip:alice@example.com>\r\nTo: <sip:bob@example.org>\r\nCall-ID: 1@192.0.2.1\r\nCSeq: 1 INVITE\r\nContent-Type: application/sdp\r\nContent-Length: ${sdp.length}\r\n\r\n${sdp}`,
);

describe('SIP', () => {
  it('names a request and describes its session', () => {
    const whole = checkApplication('sip', 'udp', invite);
    expect(whole.protocolColumn).toBe('SIP/SDP');
    expect(whole.info).toBe('Request: INVITE sip:bob@example.org | ');
    expect(stackText(whole)).toBe('eth:ethertype:ip:udp:sip:sdp');
    expect(valuesOf(whole.root, 'sip.CSeq.method')).toEqual(['INVITE']);
    expect(valuesOf(whole.root, 'sdp.media.port')).toEqual(['6000']);
  });

  it('names a response, with its method where it succeeded', () => {
    const reply = (status: string): Uint8Array => utf8(`SIP/2.0 ${status}\r\nCSeq: 1 INVITE\r\n\r\n`);
    expect(checkApplication('sip', 'udp', reply('200 OK')).info).toBe('Status: 200 OK (INVITE) | ');
    expect(checkApplication('sip', 'udp', reply('100 Trying')).info).toBe('Status: 100 Trying | ');
  });

  it('is framed by its Content-Length, and only taken for SIP with a whole first line', () => {
    expectFramed('sip', invite);
    expect(recognises('sip', invite)).toBe(true);
    expect(recognises('sip', utf8('GET / HTTP/1.1\r\n\r\n'))).toBe(false);
  });
});

describe('RTP and RTCP', () => {
  const rtp = join([0x80, 0x80], u16(7), u32(160), u32(0x11223344), zeros(160));

  it('shows what identifies a packet of sound', () => {
    expect(checkApplication('rtp', 'udp', rtp).info).toBe(
      'PT=ITU-T G.711 PCMU, SSRC=0x11223344, Seq=7, Time=160, Mark',
    );
    expect(recognises('rtp', rtp)).toBe(true);
    expect(recognises('rtp', rtp.slice(0, -1))).toBe(false);
    expect(recognises('rtp', join([0x80, 96], zeros(180)))).toBe(false);
  });

  it('lists the packets of a report', () => {
    const report = join([0x80, 201], u16(1), u32(9), [0x81, 202], u16(1), u32(9));
    const whole = checkApplication('rtcp', 'udp', report);
    expect(whole.info).toContain('Receiver Report');
    expect(valuesOf(whole.root, 'rtcp.pt')).toEqual(['201', '202']);
    expect(recognises('rtcp', report)).toBe(true);
  });
});

describe('STUN', () => {
  const id = hex('0102030405060708090a0b0c');
  const message = (type: number, attributes: Uint8Array): Uint8Array =>
    join(u16(type), u16(attributes.length), u32(0x2112a442), id, attributes);
  const mapped = message(
    0x0101,
    join(u16(0x20), u16(8), [0, 1], u16(0x9c40 ^ 0x2112), u32((0xc0000201 ^ 0x2112a442) >>> 0)),
  );

  it('unmasks addresses', () => {
    const whole = checkApplication('stun', 'udp', mapped);
    expect(whole.info).toBe('Binding Success Response XOR-MAPPED-ADDRESS: 192.0.2.1:40000');
    expect(valuesOf(whole.root, 'stun.att.ipv4')).toEqual(['192.0.2.1']);
    expect(recognises('stun', mapped)).toBe(true);
  });

  it('names errors and users', () => {
    const error = message(0x0113, join(u16(9), u16(4), [0, 0, 4, 1]));
    expect(checkApplication('stun', 'udp', error).info).toBe(
      'Allocate Error Response error-code: 401 (Unauthenticated)',
    );
    const user = message(0x0001, join(u16(6), u16(4), latin1('a:bc')));
    expect(checkApplication('stun', 'udp', user).info).toBe('Binding Request user: a:bc');
  });

  it('is framed with and without a length in front', () => {
    expectFramed('stun', mapped);
    const framed = join(u16(mapped.length), mapped);
    expect(recognises('stun', framed)).toBe(true);
    expect(checkApplication('stun', 'tcp', framed).info).toBe(
      'Binding Success Response XOR-MAPPED-ADDRESS: 192.0.2.1:40000',
    );
    expect(recognises('stun', hex('00010000 00000000 00000000 00000000 00000000'))).toBe(false);
  });
});
