/** Golden captures of sound behind address translation: STUN in all its dialects, and SRTP agreed on by a DTLS handshake. */

import { hex, join, latin1, u8, u16, u24, u32, zeros } from '../build-bytes.ts';
import { ethernet } from '../build-link.ts';
import { ipv4, type Layer, udp } from '../build-packet.ts';
import { ethernetFrames, type GoldenGroup, IP4, MAC } from './capture.ts';

const PORT = 3478;
const CLIENT = 50_000;
const ask = (payload: Uint8Array): Layer =>
  ethernet(
    { src: MAC.host, dst: MAC.gateway },
    ipv4({ src: IP4.host, dst: IP4.server }, udp({ srcPort: CLIENT, dstPort: PORT }, payload)),
  );
const answer = (payload: Uint8Array): Layer =>
  ethernet(
    { src: MAC.gateway, dst: MAC.host },
    ipv4({ src: IP4.server, dst: IP4.host }, udp({ srcPort: PORT, dstPort: CLIENT }, payload)),
  );
const ID = hex('0102030405060708090a0b0c');
const message = (type: number, ...attributes: readonly Uint8Array[]): Uint8Array => {
  const body = join(...attributes);
  return join(u16(type), u16(body.length), u32(0x2112a442), ID, body);
};
const attribute = (type: number, value: Uint8Array): Uint8Array => join(u16(type), u16(value.length), value);
const classic = (type: number, ...attributes: readonly Uint8Array[]): Uint8Array => {
  const body = join(...attributes);
  return join(u16(type), u16(body.length), hex('00112233445566778899aabbccddeeff'), body);
};

/** A Server Hello of DTLS 1.2 with `use_srtp`. */
const serverHello = (profile: number): Uint8Array => {
  const extension = join(u16(14), u16(5), u16(2), u16(profile), u8(0));
  const body = join(u16(0xfefd), zeros(32), u8(0), u16(0xc02b), u8(0), u16(extension.length), extension);
  const handshake = join(u8(2), u24(body.length), u16(0), u24(0), u24(body.length), body);
  return join(u8(22), u16(0xfefd), u16(0), zeros(6), u16(handshake.length), handshake);
};
const applicationData = join(u8(23), u16(0xfefd), u16(1), zeros(6), u16(24), zeros(24));
const sound = (first: number, ...rest: readonly Uint8Array[]): Uint8Array =>
  join(u8(first), u8(111), u16(7), u32(960), u32(0x11223344), ...rest);

const sipLines = (...lines: readonly string[]): Uint8Array => latin1(`${lines.join('\r\n')}\r\n\r\n`);
const sip = (isAnswer: boolean, payload: Uint8Array): Layer =>
  ethernet(
    isAnswer ? { src: MAC.gateway, dst: MAC.host } : { src: MAC.host, dst: MAC.gateway },
    ipv4(
      isAnswer ? { src: IP4.server, dst: IP4.host } : { src: IP4.host, dst: IP4.server },
      udp({ srcPort: 5060, dstPort: 5060 }, payload),
    ),
  );
const register = sipLines(
  'REGISTER sip:registrar.example.com:5061;transport=udp SIP/2.0',
  'Via: SIP/2.0/UDP 10.0.0.4:5060;branch=z9hG4bK1;rport;received=192.0.2.4;maddr=192.0.2.5;ttl=8;comp=sigcomp',
  'From: "Reader One" <sip:one@example.com:5060;user=phone>;tag=a1',
  't: sip:one@example.com;tag=b2',
  'Contact: <sip:one@10.0.0.4:5060;line=7>;q=0.5;expires=1200',
  'P-Asserted-Identity: "One" <sip:one@example.com:5060;user=phone>',
  'P-Preferred-Identity: "One" <sip:one@example.com:5060;user=phone>',
  'Call-ID: 1@10.0.0.4',
  'CSeq: 1 REGISTER',
  'Authorization: Digest username="one", realm="example.com", nonce="n", uri="sip:example.com", response="00", algorithm=MD5, opaque="o", qop=auth, cnonce="c", nc=00000001, domain="example.com", stale=false',
);

export const callsOverNatGroup: GoldenGroup = {
  name: 'calls-over-nat',
  captures: {
    'stun-dialects': ethernetFrames(
      ask(message(0x0003, attribute(0x8008, u32(6)), attribute(0x0010, u32(12_000)))),
      ask(message(0x0003, attribute(0x8008, u32(6)), attribute(0x0010, u32(12_000)))),
      answer(message(0x0113, attribute(0x0009, join(u16(0), u8(4), u8(1), latin1('Unauthorized!'))))),
      answer(message(0x0103, attribute(0x8050, join(zeros(20), u32(1))))),
      ask(join(u16(0xff10), u16(12), zeros(8), latin1('data'))),
      answer(
        classic(
          0x0115,
          attribute(0x000f, u32(0x72c64bc6)),
          attribute(0x0012, join(u16(1), u16(40_000), hex('c0000201'))),
          attribute(0x0013, latin1('data')),
        ),
      ),
    ),
    'srtp-by-handshake': ethernetFrames(
      answer(serverHello(1)),
      ask(applicationData),
      answer(sound(0x90, u16(0xbede), u16(1), hex('20ff0000'), latin1('sealed'), zeros(10))),
      ask(sound(0x90, u16(0x1000), u16(1), hex('0201ff00'), latin1('sealed'), zeros(10))),
      ask(join(u8(0x80), u8(201), u16(1), u32(0x11223344), latin1('sealed'), u32(0x80000001), zeros(10))),
      ask(applicationData),
      answer(message(0x0101)),
    ),
    'sip-parts': ethernetFrames(
      sip(false, register),
      sip(false, register),
      sip(
        true,
        sipLines(
          'SIP/2.0 401 Unauthorized',
          'v: SIP/2.0/UDP 10.0.0.4:5060;branch=z9hG4bK1',
          'From: <sip:one@example.com>;tag=a1',
          'To: <sip:[2001:db8::1]:5060>;tag=b2',
          'Call-ID: 1@10.0.0.4',
          'CSeq: 1 REGISTER',
          'Proxy-Authenticate: Digest realm="example.com"',
          'Proxy-Authorization: Basic',
        ),
      ),
      sip(
        false,
        sipLines('OPTIONS sip: SIP/2.0', 'Via: SIP/2.0', 'From: <sip:one@', 'To: ;;', 'Contact: *', 'CSeq: x'),
      ),
    ),
    'bad-srtcp-cut': ethernetFrames(answer(serverHello(7)), answer(join(u8(0x80), u8(200), u16(6), u16(1)))),
    'bad-srtp-offer': ethernetFrames(answer(serverHello(2).slice(0, 70)), answer(sound(0x80, latin1('plain')))),
  },
};
