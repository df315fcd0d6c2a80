/** Conversations of messengers, games, players and the devices of a home. Messages follow the documents that the protocols' files name. */

import { hex, join, latin1, u8, u16, u24, u32, u32le, zeros } from './build-bytes.ts';
import type { Conversation, Message } from './conversation.ts';

const client = (...parts: readonly Uint8Array[]): Message => ['client', join(...parts)];
const server = (...parts: readonly Uint8Array[]): Message => ['server', join(...parts)];
const counting = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i);

const tlv = (type: number, value: Uint8Array): Uint8Array => join(u16(type), u16(value.length), value);

const ymsg = (service: number, text: string): Uint8Array =>
  join(latin1('YMSG'), u16(16), u16(0), u16(text.length), u16(service), u32(0), u32(0x1234), latin1(text));

const gadu = (type: number, body: Uint8Array): Uint8Array => join(u32le(type), u32le(body.length), body);

const rak = hex('00ffff00fefefefefdfdfdfd12345678');
const quake3 = (text: string): Uint8Array => join(hex('ffffffff'), latin1(text));

/** The cipher of the smart plugs: each byte with the one before it. */
function scrambled(text: string): Uint8Array {
  let key = 171;
  return Uint8Array.from(latin1(text), (byte) => (key = byte ^ key));
}

const transport = (pid: number, flags: number, body: Uint8Array): Uint8Array =>
  join(hex('47'), u16(flags | pid), hex('10'), body, new Uint8Array(184 - body.length).fill(0xff));
const programs = hex('00 00 b0 0d 0001 c1 00 00 0001 f000 2ab104b2');
const programMap = hex('00 02 b0 17 0001 c1 00 00 e100 f000 1b e100 f000 0f e101 f000 2f44b99b');

const soul = (code: number, body: Uint8Array): Uint8Array => join(u32le(4 + body.length), u32le(code), body);
const soulText = (text: string): Uint8Array => join(u32le(text.length), latin1(text));

export const messengerConversations: readonly Conversation[] = [
  {
    name: 'msnms',
    port: 1863,
    transport: 'tcp',
    layer: 'msnms',
    framed: false,
    messages: [
      client(latin1('VER 1 MSNP18 CVR0\r\n')),
      server(latin1('VER 1 MSNP18\r\n')),
      client(latin1('CVR 2 0x0409 winnt 5.1 i386 MSNMSGR 14.0\r\nUSR 3 SSO I user@example.com\r\n')),
      server(latin1('MSG Hotmail Hotmail 12\r\nMIME-Version')),
    ],
    says: [
      'msnms | MSNMS | VER 1 MSNP18 CVR0',
      'msnms | MSNMS | VER 1 MSNP18',
      'msnms | MSNMS | CVR 2 0x0409 winnt 5.1 i386 MSNMSGR 14.0',
      'msnms | MSNMS | MSG Hotmail Hotmail 12',
    ],
  },
  {
    name: 'ymsg',
    port: 5050,
    transport: 'tcp',
    layer: 'ymsg',
    framed: false,
    messages: [
      client(ymsg(0x57, '1\xc0\x80user\xc0\x80')),
      server(ymsg(0x57, '1\xc0\x80user\xc0\x8094\xc0\x80abc\xc0\x80')),
      client(ymsg(6, '1\xc0\x80user\xc0\x805\xc0\x80friend\xc0\x8014\xc0\x80hello\xc0\x80')),
      client(ymsg(0x1234, '')),
    ],
    says: [
      'ymsg | YMSG | Authentication (status=Default)   ',
      'ymsg | YMSG | Authentication (status=Default)   ',
      'ymsg | YMSG | Message (status=Default)   ',
      'ymsg | YMSG | Unknown Service: 4660 (status=Default)   ',
    ],
  },
  {
    name: 'gadu-gadu',
    port: 8074,
    transport: 'tcp',
    layer: 'gadu-gadu',
    framed: true,
    messages: [
      server(gadu(1, u32le(0x12345678))),
      client(gadu(0x31, join(u32le(1_234_567), latin1('pl'), u8(2), counting(20), zeros(44)))),
      server(gadu(0x35, u32le(1))),
      client(gadu(0x12, zeros(0))),
      client(gadu(8, zeros(0))),
      server(gadu(0x99, zeros(2))),
    ],
    says: [
      'gadu-gadu | Gadu-Gadu | Welcome',
      'gadu-gadu | Gadu-Gadu | Login request (8.0)',
      'gadu-gadu | Gadu-Gadu | Login success (8.0)',
      'gadu-gadu | Gadu-Gadu | Notify list (empty)',
      'gadu-gadu | Gadu-Gadu | Ping',
      'gadu-gadu | Gadu-Gadu | Unknown recv packet: 99',
    ],
  },
  {
    name: 'oicq',
    port: 8000,
    transport: 'udp',
    layer: 'oicq',
    framed: false,
    messages: [
      client(hex('02 0e1b 0022 1234 0012d687 0102030405 03')),
      server(hex('02 0e1b 0002 1235 0012d687 0102030405 03')),
      server(hex('05 0e1b 0002 1235')),
    ],
    says: ['oicq | OICQ | OICQ Protocol ', 'oicq | OICQ | OICQ Protocol '],
  },
  {
    name: 'icq',
    port: 4000,
    transport: 'udp',
    layer: 'icq',
    framed: false,
    messages: [
      client(hex('0500 00000000 87d61200 11223344 e803 0100 0200 00000000 0000')),
      server(hex('0500 00 11223344 5a00 0100 0200 87d61200 00000000')),
      client(hex('0900 00000000')),
    ],
    says: ['icq | ICQv5 | ICQv5', 'icq | ICQv5 | ICQv5 SRV_LOGIN_REPLY'],
  },
  {
    name: 'teamspeak2',
    port: 8767,
    transport: 'udp',
    layer: 'ts2',
    framed: false,
    messages: [
      client(
        hex('f4be 0300 00000000 00000000 01000000 00000000'),
        u8(9),
        latin1('TeamSpeak'),
        zeros(20),
        u8(7),
        latin1('Windows'),
        zeros(22),
        hex('0500 0100 0200 0000 00 01'),
        u8(4),
        latin1('user'),
        zeros(25),
        u8(0),
        zeros(29),
        u8(4),
        latin1('Nick'),
        zeros(25),
      ),
      client(hex('f4be 0100 01000000 02000000 05000000 00000000')),
      server(hex('f4be 0200 01000000 02000000 05000000 00000000 05000000')),
      client(hex('f2be 0000 01000000 02000000 0500 0000 05'), counting(20)),
      server(hex('1234')),
    ],
    says: [
      'ts2 | TS2 | Type: Login Request, Class: Connection',
      'ts2 | TS2 | Type: Ping, Class: Connection',
      'ts2 | TS2 | Type: Ping Reply, Class: Connection',
      'ts2 | TS2 | Type: TS2T_VOICE_DATA_CELP_5_1, Class: Voice',
    ],
  },
  {
    name: 'raknet',
    port: 19_132,
    transport: 'udp',
    layer: 'raknet',
    framed: false,
    messages: [
      client(hex('01 0000000000000001'), rak, hex('0000000000000002')),
      server(hex('1c 0000000000000001 0000000000000003'), rak, u16(4), latin1('MCPE')),
      client(hex('05'), rak, hex('0a'), zeros(30)),
      server(hex('06'), rak, hex('0000000000000003 00 05dc')),
      client(hex('07'), rak, hex('04 fffffffe 4a bc 05dc 0000000000000002')),
      server(hex('08'), rak, hex('0000000000000003 04 fffffffe 9c 40 05dc 00')),
      client(hex('84 000000 40 0048 000000 09 0000000000000002 00')),
      server(hex('c0 0001 01 000000')),
      server(hex('a0 0001 01 000000')),
      client(hex('84 00')),
    ],
    says: [
      'raknet:raknet | RakNet | Unconnected Ping',
      'raknet:raknet | RakNet | Unconnected Pong',
      'raknet:raknet | RakNet | Open Connection Request 1',
      'raknet:raknet | RakNet | Open Connection Reply 1',
      'raknet:raknet | RakNet | Open Connection Request 2',
      'raknet:raknet | RakNet | Open Connection Reply 2',
      'raknet:raknet | RakNet | #0: Connection Request[Malformed Packet]',
      'raknet | RakNet | ACK #0',
      'raknet | RakNet | NAK #0',
      'raknet | RakNet | [Malformed Packet]',
    ],
  },
  {
    name: 'quake',
    port: 26_000,
    transport: 'udp',
    layer: 'quake',
    framed: false,
    messages: [
      client(hex('8000 000c 01'), latin1('QUAKE\0'), hex('03')),
      server(hex('8000 0009 81 4a650000')),
      client(hex('8000 000c 02'), latin1('QUAKE\0'), hex('03')),
      client(hex('0010 000c 00000001 01020304')),
      server(hex('80')),
    ],
    says: [
      'quake | QUAKE | Control connect',
      'quake | QUAKE | Control accept',
      'quake | QUAKE | Control server_info',
      'quake:data | QUAKE | seq 0x1',
      'quake | QUAKE | [Malformed Packet]',
    ],
  },
  {
    name: 'quake2',
    port: 27_910,
    transport: 'udp',
    layer: 'quake2',
    framed: false,
    messages: [
      client(quake3('getchallenge\n')),
      server(quake3('challenge 12345\n')),
      client(hex('01000080 00000080 1234 04'), latin1('new\0')),
      server(hex('01000080 01000080 0c 22000000')),
    ],
    says: [
      'quake2 | QUAKE2 | Client to Server Connectionless',
      'quake2 | QUAKE2 | Server to Client Connectionless',
      'quake2 | QUAKE2 | Client to Server Game',
      'quake2:data | QUAKE2 | Server to Client Game',
    ],
  },
  {
    name: 'quake3',
    port: 27_960,
    transport: 'udp',
    layer: 'quake3',
    framed: false,
    messages: [
      client(quake3('getinfo xxx\0')),
      server(quake3('infoResponse\n\\protocol\\68\0')),
      client(quake3('getstatus\n\0')),
      client(hex('01000000 1234 0011223344')),
    ],
    says: [
      'quake3 | QUAKE3 | Connectionless Client to Server',
      'quake3 | QUAKE3 | Connectionless Server to Client',
      'quake3 | QUAKE3 | Connectionless Client to Server',
      'quake3:data | QUAKE3 | Game Client to Server',
    ],
  },
  {
    name: 'quakeworld',
    port: 27_500,
    transport: 'udp',
    layer: 'quakeworld',
    framed: false,
    messages: [
      client(quake3('getchallenge\n\0')),
      server(quake3('c12345\0')),
      client(quake3('connect 28 1234 12345 "\\name\\user"\n\0')),
      client(hex('01000080 00000080 1234 04')),
      client(quake3('status\n')),
      server(quake3('nmap\0')),
    ],
    says: [
      'quakeworld | QUAKEWORLD | Client to Server Connectionless Unknown',
      'quakeworld | QUAKEWORLD | Server to Client Connectionless Challenge',
      'quakeworld | QUAKEWORLD | Client to Server Connectionless Unknown',
      'quakeworld:data | QUAKEWORLD | Client to Server Game',
      'quakeworld | QUAKEWORLD | Client to Server Connectionless Unknown',
      'quakeworld | QUAKEWORLD | Server to Client Connectionless Print',
    ],
  },
  {
    name: 'armagetronad',
    port: 4534,
    transport: 'udp',
    layer: 'armagetronad',
    framed: false,
    messages: [client(hex('0006 0001 0001 0007 0000')), server(hex('0001 0002 0001 0006 0001'))],
    says: ['armagetronad | Armagetronad | [login1] from 0x0000', 'armagetronad | Armagetronad | [ack] from 0x0001'],
  },
  {
    name: 'wow',
    port: 3724,
    transport: 'tcp',
    layer: 'wow',
    framed: false,
    messages: [
      client(
        hex('00 08 2200'),
        latin1('WoW\0'),
        hex('030305 3430 363878 006e6957 0053 5562 00 3c000000 0a000004 04'),
        latin1('USER'),
      ),
      server(hex('00 00 00'), counting(32), hex('01 07 20'), counting(32), counting(32), zeros(16), hex('00')),
      client(hex('01'), counting(32), counting(20), counting(20), hex('00 00')),
      server(hex('01 00'), counting(20), zeros(10)),
      client(hex('10 00000000')),
    ],
    says: [
      'wow | WOW | Authentication Logon Challenge',
      'wow | WOW | Authentication Logon Challenge',
      'wow | WOW | Authentication Logon Proof',
      'wow | WOW | Authentication Logon Proof',
      'wow | WOW | Realm List',
    ],
  },
  {
    name: 'steam-discovery',
    port: 27_036,
    transport: 'udp',
    layer: 'steam_ihs_discovery',
    framed: false,
    messages: [
      client(hex('ffffffff 214c5fa0'), u32le(8), hex('08 b9d2e3c104 10 00'), u32le(2), hex('0801')),
      server(
        hex('ffffffff 214c5fa0'),
        u32le(8),
        hex('08 b9d2e3c104 10 01'),
        u32le(13),
        hex('0808 1006 1894d201 2203'),
        latin1('box'),
      ),
      client(hex('12345678 00000000')),
    ],
    says: [
      'steam_ihs_discovery | STEAMDISCOVER | Client Discovery Seq=1',
      'steam_ihs_discovery | STEAMDISCOVER | Client Status from box',
    ],
  },
  {
    name: 'smart-plug',
    port: 9999,
    transport: 'tcp',
    layer: 'tplink-smarthome',
    framed: true,
    messages: [
      client(u32(29), scrambled('{"system":{"get_sysinfo":{}}}')),
      server(u32(44), scrambled('{"system":{"get_sysinfo":{"alias":"Lamp"}}} ')),
    ],
    says: [
      'tplink-smarthome:json | TPLINK-SMARTHOME/JSON | TCP Cmd: {"system":{"get_sysinfo":{}}}',
      'tplink-smarthome:json | TPLINK-SMARTHOME/JSON | TCP Rsp: {"system":{"get_sysinfo":{"alias":"Lamp"}}} ',
    ],
  },
  {
    name: 'smart-plug-search',
    port: 9999,
    transport: 'udp',
    layer: 'tplink-smarthome',
    framed: false,
    messages: [client(scrambled('{"system":{"get_sysinfo":{}}}'))],
    says: ['tplink-smarthome:json | TPLINK-SMARTHOME/JSON | UDP Cmd: {"system":{"get_sysinfo":{}}}'],
  },
  {
    name: 'bjnp',
    port: 8611,
    transport: 'udp',
    layer: 'bjnp',
    framed: false,
    messages: [
      client(latin1('BJNP'), hex('01 01 0000 0001 0000 00000000')),
      server(latin1('BJNP'), hex('81 01 0000 0001 0000 00000004 01020304')),
      client(latin1('BJNP'), hex('02 30 0000 0001 0000 00000000')),
      client(latin1('BJN')),
    ],
    says: [
      'bjnp | BJNP | Printer Command: Discover',
      'bjnp | BJNP | Printer Response: Discover',
      'bjnp | BJNP | Scanner Command: Get Printer Identity',
      'bjnp | BJNP | [Malformed Packet]',
    ],
  },
  {
    name: 'slimp3',
    port: 3483,
    transport: 'udp',
    layer: 'slimp3',
    framed: false,
    messages: [
      client(latin1('d'), hex('00 01 11'), zeros(8), hex('020000000004')),
      server(latin1('D'), hex('00 c0a80002 0d9b'), zeros(10)),
      client(latin1('h'), hex('00 01 11'), zeros(8), hex('020000000004')),
      server(latin1('z')),
    ],
    says: [
      'slimp3 | SliMP3 | Discovery Request, Device ID: 0. Firmware: 0.1',
      'slimp3 | SliMP3 | Discovery Response, Server Address: 192.168.0.2. Server Port: 3483',
      'slimp3 | SliMP3 | Hello',
    ],
  },
  {
    name: 'mndp',
    port: 5678,
    transport: 'udp',
    layer: 'mndp',
    framed: false,
    messages: [
      client(hex('00000000')),
      server(
        hex('0000 0007'),
        tlv(1, hex('020000000005')),
        tlv(5, latin1('router')),
        tlv(7, latin1('6.49 (stable)')),
        tlv(8, latin1('MikroTik')),
        tlv(10, u32le(86_400)),
        tlv(11, latin1('ABCD-1234')),
        tlv(12, latin1('RB750')),
        tlv(14, u8(0)),
        tlv(16, latin1('ether1')),
      ),
    ],
    says: ['mndp | MNDP | 5678 → 40001 Len=98'],
  },
  {
    name: 'mac-telnet',
    port: 20_561,
    transport: 'udp',
    layer: 'mactelnet',
    framed: false,
    messages: [
      client(hex('01 00 020000000004 020000000005 1234 0015 00000000')),
      server(hex('01 02 020000000005 020000000004 0015 1234 00000000')),
      client(hex('01 01 020000000004 020000000005 1234 0015 00000000 563412ff 00 00000000')),
      server(hex('01 01 020000000005 020000000004 0015 1234 00000000 563412ff 01 00000010'), counting(16)),
      client(hex('01 ff 020000000004 020000000005 1234 0015 00000009')),
    ],
    says: [
      'mactelnet | MAC-Telnet | 02:00:00:00:00:04 > 02:00:00:00:00:05 Direction: Client->Server Type: Start session',
      'mactelnet | MAC-Telnet | 02:00:00:00:00:05 > 02:00:00:00:00:04 Direction: Server->Client Type: Acknowledge',
      'mactelnet | MAC-Telnet | 02:00:00:00:00:04 > 02:00:00:00:00:05 Direction: Client->Server Type: Data',
      'mactelnet | MAC-Telnet | 02:00:00:00:00:05 > 02:00:00:00:00:04 Direction: Server->Client Type: Data',
      'mactelnet | MAC-Telnet | 02:00:00:00:00:04 > 02:00:00:00:00:05 Direction: Client->Server Type: End session',
    ],
  },
  {
    name: 'soulseek',
    port: 2240,
    transport: 'tcp',
    layer: 'slsk',
    framed: true,
    messages: [
      client(soul(1, join(soulText('user'), soulText('secret'), u32le(182)))),
      server(soul(1, join(hex('01'), soulText('Hello'), hex('0100007f')))),
      client(soul(26, join(u32le(7), soulText('song')))),
      client(soul(2, u32le(2234))),
      server(soul(0x7777, zeros(4))),
    ],
    says: [
      'slsk | slsk | SoulSeek Message: Login',
      'slsk | slsk | SoulSeek Message: Login',
      'slsk | slsk | SoulSeek Message: File Search',
      'slsk | slsk | SoulSeek Message: Set Wait Port',
      'slsk | slsk | SoulSeek Message: Unknown',
    ],
  },
  {
    name: 'transport-stream',
    port: 40_004,
    transport: 'udp',
    layer: 'mp2t',
    framed: false,
    messages: [
      client(transport(0, 0x4000, programs), transport(0x100, 0, counting(60)), transport(0x1fff, 0, zeros(0))),
      client(transport(0x1000, 0x4000, programMap)),
      client(transport(0x100, 0, counting(60))),
      client(hex('47'), zeros(186)),
    ],
    says: [
      'mp2t:mpeg_sect:mpeg_pat | MPEG TS | 40001 → 40004 Len=564 Program Association Table (PAT) NULL packet',
      'mp2t:mpeg_sect:mpeg_pmt | MPEG TS | 40001 → 40004 Len=188 Program Map Table (PMT) ',
      'mp2t | MPEG TS | 40001 → 40004 Len=188',
    ],
  },
  {
    name: 'rtmp',
    port: 1935,
    transport: 'tcp',
    layer: 'rtmpt',
    framed: false,
    messages: [
      client(hex('03'), zeros(8), counting(1528)),
      server(hex('03'), zeros(8), counting(1528), zeros(8), counting(1528)),
      client(zeros(8), counting(1528)),
      client(
        hex('03 000000 000023 14 00000000 02 0007'),
        latin1('connect'),
        hex('00 3ff0000000000000 03 0003'),
        latin1('app'),
        hex('02 0004'),
        latin1('live'),
        hex('000009'),
      ),
      server(
        hex('02 000000 000004 05 00000000 002625a0'),
        hex('02 000000 000005 06 00000000 002625a0 02'),
        hex('02 000000 000004 01 00000000 00001000'),
      ),
      client(hex('04 000000'), u24(12), hex('09 01000000'), counting(12)),
    ],
    says: [
      'rtmpt | RTMP | Handshake C0+C1',
      'rtmpt | RTMP | Handshake S0+S1+S2',
      'rtmpt | RTMP | Handshake C2',
      "rtmpt | RTMP | connect('live')",
      'rtmpt | RTMP | Window Acknowledgement Size 2500000|Set Peer Bandwidth 2500000,Dynamic|Set Chunk Size 4096',
      'rtmpt | RTMP | Video Data',
    ],
  },
];
