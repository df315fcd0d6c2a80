/** Conversations of hospitals, exchanges, message centres, stages, simulators and chains. Messages follow the documents that the protocols' files name. */

import { hex, join, latin1, u8, u16, u16le, u32, u32le, zeros } from './build-bytes.ts';
import type { Conversation, Message } from './conversation.ts';

const client = (...parts: readonly Uint8Array[]): Message => ['client', join(...parts)];
const server = (...parts: readonly Uint8Array[]): Message => ['server', join(...parts)];
const counting = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i);

const dicom = (type: number, body: Uint8Array): Uint8Array => join(u8(type), u8(0), u32(body.length), body);
const part = (type: number, body: Uint8Array): Uint8Array => join(u8(type), u8(0), u16(body.length), body);
const spaced = (text: string, length: number): Uint8Array => latin1(text.padEnd(length));
const element = (group: number, number: number, value: Uint8Array): Uint8Array =>
  join(u16le(group), u16le(number), u32le(value.length), value);
const echo = element(0, 0x0100, u16le(0x30));
const association = join(
  u16(1),
  u16(0),
  spaced('ARCHIVE', 16),
  spaced('SCANNER', 16),
  zeros(32),
  part(0x10, latin1('1.2.840.10008.3.1.1.1')),
  part(0x20, join(u8(1), zeros(3), part(0x30, latin1('1.2.840.10008.1.1')), part(0x40, latin1('1.2.840.10008.1.2')))),
  part(0x50, join(part(0x51, u32(16_384)), part(0x52, latin1('1.2.826.0.1')), part(0x55, latin1('EXAMPLE')))),
);

const hl7 = (text: string): Uint8Array => join(hex('0b'), latin1(text), hex('1c0d'));

function fix(text: string): Uint8Array {
  const body = text.replaceAll('|', '\x01');
  const head = `8=FIX.4.2\x019=${body.length}\x01${body}`;
  const sum = [...head].reduce((total, letter) => (total + letter.charCodeAt(0)) % 256, 0);
  return latin1(`${head}10=${String(sum).padStart(3, '0')}\x01`);
}

const smpp = (id: number, status: number, sequence: number, body = zeros(0)): Uint8Array =>
  join(u32(16 + body.length), u32(id), u32(status), u32(sequence), body);
const z = (text: string): Uint8Array => latin1(`${text}\0`);

function ucp(number: string, kind: string, operation: string, data: string): Uint8Array {
  const length = String(17 + data.length).padStart(5, '0');
  const body = `${number}/${length}/${kind}/${operation}/${data}/`;
  const sum = [...body].reduce((total, letter) => (total + letter.charCodeAt(0)) % 256, 0);
  return join(hex('02'), latin1(body + sum.toString(16).toUpperCase().padStart(2, '0')), hex('03'));
}

const coin = (command: string, body: Uint8Array): Uint8Array =>
  join(hex('f9beb4d9'), latin1(command), zeros(12 - command.length), u32le(body.length), hex('5df6e0e2'), body);
const coinAddress = hex('0100000000000000 00000000000000000000ffff0a000004 208d');

const art = (code: number, body: Uint8Array): Uint8Array => join(latin1('Art-Net\0'), u16le(code), body);

export const businessConversations: readonly Conversation[] = [
  {
    name: 'dicom',
    port: 104,
    transport: 'tcp',
    layer: 'dicom',
    framed: true,
    messages: [
      client(dicom(1, association)),
      server(dicom(2, association)),
      client(dicom(4, join(u32(2 + echo.length), u8(1), u8(3), echo))),
      client(dicom(5, zeros(4))),
      server(dicom(6, zeros(4))),
      server(dicom(7, hex('00 00 02 01'))),
      server(dicom(3, hex('00 01 01 07'))),
    ],
    says: [
      'dicom | DICOM | A-ASSOCIATE request SCANNER --> ARCHIVE',
      'dicom | DICOM | A-ASSOCIATE accept  SCANNER <-- ARCHIVE',
      'dicom | DICOM | P-DATA, C-ECHO-RQ',
      'dicom | DICOM | A-RELEASE request',
      'dicom | DICOM | A-RELEASE response',
      'dicom | DICOM | ABORT SCANNER <-- ARCHIVE (Unrecognized PDU)',
      'dicom | DICOM | A-ASSOCIATE reject  SCANNER <-- ARCHIVE (Called AE title not recognized)',
    ],
  },
  {
    name: 'hl7',
    port: 2575,
    transport: 'tcp',
    layer: 'hl7',
    framed: true,
    messages: [
      client(hl7('MSH|^~\\&|LAB|HOSP|EHR|HOSP|202601150900||ORU^R01|0001|P|2.3\rPID|1||12345\r')),
      server(hl7('MSH|^~\\&|EHR|HOSP|LAB|HOSP|202601150900||ACK^R01|0002|P|2.3\rMSA|AA|0001\r')),
    ],
    says: ['hl7 | HL7 | ORU (R01)', 'hl7 | HL7 | ACK (R01)'],
  },
  {
    name: 'fix',
    port: 40_005,
    transport: 'tcp',
    layer: 'fix',
    framed: false,
    messages: [
      client(fix('35=A|49=BUYER|56=SELLER|34=1|52=20260115-09:00:00|98=0|108=30|')),
      server(fix('35=A|49=SELLER|56=BUYER|34=1|52=20260115-09:00:00|98=0|108=30|')),
      client(
        fix('35=D|49=BUYER|56=SELLER|34=2|52=20260115-09:00:01|11=1|55=XYZ|54=1|38=100|40=2|44=10.5|'),
        fix('35=0|49=BUYER|56=SELLER|34=3|52=20260115-09:00:02|'),
      ),
      server(fix('35=5|49=SELLER|56=BUYER|34=2|52=20260115-09:00:03|58=Bye|')),
    ],
    says: ['fix | FIX | Logon', 'fix | FIX | Logon', 'fix | FIX | NewOrderSingle, Heartbeat', 'fix | FIX | Logout'],
  },
  {
    name: 'smpp',
    port: 2775,
    transport: 'tcp',
    layer: 'smpp',
    framed: true,
    messages: [
      client(smpp(9, 0, 1, join(z('user'), z('secret'), z(''), hex('34 00 00'), z('')))),
      server(smpp(0x80000009, 0, 1, z('centre'))),
      client(
        smpp(
          4,
          0,
          2,
          join(
            z(''),
            hex('01 01'),
            z('100'),
            hex('01 01'),
            z('200'),
            hex('00 00 00'),
            z(''),
            z(''),
            hex('00 00 00 00'),
            u8(5),
            latin1('Hello'),
          ),
        ),
      ),
      server(smpp(0x80000004, 0, 2, z('id-1'))),
      client(smpp(0x15, 0, 3)),
      server(smpp(0x80000015, 0, 3)),
      server(smpp(0x80000000, 3, 4)),
      client(smpp(6, 0, 5)),
    ],
    says: [
      'smpp | SMPP | Bind_transceiver',
      'smpp | SMPP | Bind_transceiver - resp: "Ok"',
      'smpp | SMPP | Submit_sm',
      'smpp | SMPP | Submit_sm - resp: "Ok"',
      'smpp | SMPP | Enquire_link',
      'smpp | SMPP | Enquire_link - resp: "Ok"',
      'smpp | SMPP | Generic_nack: "Invalid command ID"',
      'smpp | SMPP | Unbind',
    ],
  },
  {
    name: 'ucp',
    port: 40_006,
    transport: 'tcp',
    layer: 'ucp',
    framed: false,
    messages: [
      client(ucp('00', 'O', '01', '01234567890/09876543210//3/48656C6C6F')),
      server(ucp('00', 'R', '01', 'A/01234567890:150126090000')),
      client(ucp('01', 'O', '60', '01234/6/5/1/736563726574//0100/////')),
    ],
    says: [
      'ucp | UCP | Call input (Operation)',
      'ucp | UCP | Call input (Result)',
      'ucp | UCP | Session management (Operation)',
    ],
  },
  {
    name: 'bitcoin',
    port: 8333,
    transport: 'tcp',
    layer: 'bitcoin',
    framed: false,
    messages: [
      client(
        coin(
          'version',
          join(
            u32le(70_015),
            hex('0100000000000000 90ac686900000000'),
            coinAddress,
            coinAddress,
            counting(8),
            u8(11),
            latin1('/Example:1/'),
            u32le(800_000),
            u8(1),
          ),
        ),
      ),
      server(coin('verack', zeros(0))),
      client(coin('ping', counting(8)), coin('getaddr', zeros(0))),
      server(coin('inv', join(u8(1), u32le(1), counting(32)))),
      server(coin('unknowncmd', zeros(3))),
    ],
    says: [
      'bitcoin:bitcoin | Bitcoin | version',
      'bitcoin | Bitcoin | verack',
      'bitcoin:bitcoin | Bitcoin | ping, getaddr',
      'bitcoin:bitcoin | Bitcoin | inv',
      'bitcoin | Bitcoin | [unknown command]',
    ],
  },
  {
    name: 'rtps',
    port: 7400,
    transport: 'udp',
    layer: 'rtps',
    framed: false,
    messages: [
      client(
        latin1('RTPS'),
        hex('0203 010f 010203040506070809101112'),
        hex('0901 0800 90ac6869 00000000'),
        hex('1505 1c00 0000 1000 00000000 000100c2 00000000 01000000 0003000001000000'),
      ),
      server(
        latin1('RTPS'),
        hex('0203 010f 010203040506070809101112'),
        hex('0701 1c00 00000000 000100c2 00000000 01000000 00000000 01000000 01000000'),
      ),
      client(latin1('RTPS'), hex('0203')),
    ],
    says: ['rtps | RTPS | INFO_TS, DATA(p)', 'rtps | RTPS | HEARTBEAT'],
  },
  {
    name: 'artnet',
    port: 6454,
    transport: 'udp',
    layer: 'artnet',
    framed: false,
    messages: [
      client(art(0x2000, hex('000e 02 00'))),
      server(
        art(0x2100, join(hex('0a000004 3619 0001 00 00 0000 00 d2 0000'), zeros(18), zeros(64), zeros(64), zeros(60))),
      ),
      client(art(0x5000, join(hex('000e 01 00 0100 0004'), counting(4)))),
    ],
    says: [
      'artnet | ARTNET | ArtPoll (0x2000)',
      'artnet | ARTNET | ArtPollReply (0x2100)',
      'artnet:dmx_chan | DMX Channels | ArtDMX (0x5000)',
    ],
  },
  {
    name: 'dis',
    port: 3000,
    transport: 'udp',
    layer: 'dis',
    framed: false,
    messages: [
      client(hex('06 01 01 01 00000000 0090 0000'), hex('0001 0001 0001'), zeros(126)),
      client(hex('06 01 02 02 00000000 0060 0000'), zeros(84)),
      client(hex('00 01')),
    ],
    says: ['dis | DIS | PDUType: 1 \\t Entity State, Other, Other, (1:1:1)', 'dis | DIS | PDUType: 2 \\t Fire'],
  },
  {
    name: 'gvcp',
    port: 3956,
    transport: 'udp',
    layer: 'gvcp',
    framed: false,
    messages: [
      client(hex('42 11 0002 0000 ffff')),
      server(
        hex('0000 0003 00f8 ffff'),
        zeros(72),
        latin1('Example'),
        zeros(25),
        latin1('Model'),
        zeros(27),
        zeros(80),
        latin1('SN1'),
        zeros(29),
      ),
      client(hex('42 01 0080 0004 0001 00000a00')),
      server(hex('0000 0081 0004 0001 00000002')),
      client(hex('42 01 0082 0008 0002 00000a00 00000002')),
      server(hex('0000 0083 0004 0002 00000001')),
    ],
    says: [
      'gvcp | GVCP | > DISCOVERY_CMD ',
      'gvcp | GVCP | < DISCOVERY_ACK (Example, SN1)',
      'gvcp | GVCP | > READREG_CMD [CCP (Control Channel Privilege)]',
      'gvcp | GVCP | < READREG_ACK [CCP (Control Channel Privilege)] Value=0x00000002',
      'gvcp | GVCP | > WRITEREG_CMD [CCP (Control Channel Privilege)] Value=0x00000002',
      'gvcp | GVCP | < WRITEREG_ACK (Success) ',
    ],
  },
  {
    name: 'direct-play',
    port: 6073,
    transport: 'udp',
    layer: 'dpnet',
    framed: false,
    messages: [
      client(hex('0002 1234 02')),
      client(hex('0002 1234 01'), counting(16)),
      server(hex('0003 1234')),
      client(hex('8801 00 00 00000100 12345678')),
      client(hex('3f00 0000 01')),
    ],
    says: [
      'dpnet | DPNET | DPNET Enum Query',
      'dpnet | DPNET | DPNET Enum Query',
      'dpnet | DPNET | DPNET Enum Response',
      'dpnet | DPNET | DPNET CFrame - FRAME_EXOPCODE_CONNECT',
      'dpnet | DPNET | DPNET DFrame',
    ],
  },
  {
    name: 'tivo',
    port: 2190,
    transport: 'udp',
    layer: 'tivoconnect',
    framed: false,
    messages: [
      client(
        latin1(
          'tivoconnect=1\nmethod=broadcast\nplatform=tcd/Series2\nmachine=Den\nidentity=1234\nservices=TiVoMediaServer:80/http\n',
        ),
      ),
    ],
    says: ['tivoconnect | TiVoConnect | Discovery Beacon Den (1234)'],
  },
  {
    name: 'udt',
    port: 40_008,
    transport: 'udp',
    layer: 'udt',
    framed: false,
    messages: [
      client(
        hex('8000 0000 00000000 00000000 00000000'),
        hex('00000004 00000001'),
        u32(1234),
        u32(1500),
        u32(8192),
        u32(1),
        u32(0x11223344),
        u32(0),
        hex('0100007f'),
        zeros(12),
      ),
    ],
    says: ['udt | UDT | UDT type: handshake'],
  },
  {
    name: 'cmpp',
    port: 7890,
    transport: 'tcp',
    layer: 'cmpp',
    framed: true,
    messages: [
      client(u32(39), u32(1), u32(1), latin1('901234'), counting(16), hex('20'), hex('01150900')),
      server(u32(33), u32(0x80000001), u32(1), u32(0), counting(16), hex('20')),
      client(u32(12), u32(8), u32(2)),
      server(u32(13), u32(0x80000008), u32(2), u8(0)),
    ],
    says: [
      'cmpp | CMPP | CMPP_CONNECT. ',
      'cmpp | CMPP | CMPP_CONNECT_RESP. ',
      'cmpp | CMPP | CMPP_ACTIVE_TEST. ',
      'cmpp | CMPP | CMPP_ACTIVE_TEST_RESP. ',
    ],
  },
];
