/** Conversations of machines: plant control, building control, energy, vehicles. Messages follow the documents that the protocols' files name. */

import { hex, join, latin1, u8, u16, u16le, u24, u32, u32le, zeros } from './build-bytes.ts';
import type { Conversation, Message } from './conversation.ts';

const client = (...parts: readonly Uint8Array[]): Message => ['client', join(...parts)];
const server = (...parts: readonly Uint8Array[]): Message => ['server', join(...parts)];

/** DNP3's check sequence (IEEE 1815 9.2.4.3): CRC-16 of 0x3d65, reflected, inverted. */
function dnpCrc(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) !== 0 ? (crc >>> 1) ^ 0xa6bc : crc >>> 1;
  }
  return ~crc & 0xffff;
}

/** A link frame: header, then blocks of sixteen bytes, each with its check sequence. */
function dnp(control: number, target: number, source: number, data = zeros(0)): Uint8Array {
  const header = join(hex('0564'), u8(5 + data.length), u8(control), u16le(target), u16le(source));
  const parts = [header, u16le(dnpCrc(header))];
  for (let at = 0; at < data.length; at += 16) {
    const block = data.slice(at, at + 16);
    parts.push(block, u16le(dnpCrc(block)));
  }
  return join(...parts);
}

const enip = (command: number, body: Uint8Array, session = 0x11223344): Uint8Array =>
  join(u16le(command), u16le(body.length), u32le(session), u32le(0), latin1('nagare  '), u32le(0), body);
const item = (type: number, body = zeros(0)): Uint8Array => join(u16le(type), u16le(body.length), body);
const items = (...list: readonly Uint8Array[]): Uint8Array => join(u16le(list.length), ...list);
const unconnected = (cip: Uint8Array): Uint8Array =>
  enip(0x6f, join(u32le(0), u16le(5), items(item(0), item(0xb2, cip))));
const connected = (sequence: number, cip: Uint8Array): Uint8Array =>
  enip(0x70, join(u32le(0), u16le(0), items(item(0xa1, u32le(0x00fe0001)), item(0xb1, join(u16le(sequence), cip)))));
const identity = join(
  u16le(1),
  hex('0002 af12 c6336414'),
  zeros(8),
  u16le(1),
  u16le(14),
  u16le(54),
  hex('1405'),
  hex('6000'),
  u32le(0x006c061a),
  u8(11),
  latin1('1756-L61/LC'),
  hex('03'),
);

const apdu = (...parts: readonly Uint8Array[]): Uint8Array => {
  const body = join(...parts);
  return join(hex('68'), u8(body.length), body);
};
const asdu = (sent: number, received: number, ...parts: readonly Uint8Array[]): Uint8Array =>
  apdu(u16le(sent << 1), u16le(received << 1), ...parts);

const tpkt = (body: Uint8Array): Uint8Array => join(hex('0300'), u16(4 + body.length), body);
const s7 = (kind: number, parameters: Uint8Array, data = zeros(0), error = zeros(0)): Uint8Array =>
  tpkt(
    join(
      hex('02f080 32'),
      u8(kind),
      hex('0000 0500'),
      u16(parameters.length),
      u16(data.length),
      error,
      parameters,
      data,
    ),
  );

const opc = (kind: string, ...parts: readonly Uint8Array[]): Uint8Array => {
  const body = join(...parts);
  return join(latin1(kind), u32le(8 + body.length), body);
};
const opcText = (text: string): Uint8Array => join(u32le(text.length), latin1(text));
const NO_TEXT = hex('ffffffff');
/** Headers of requests and answers (part 4, 7.33 and 7.34). */
const opcRequest = join(hex('0000'), zeros(8), u32le(1), u32le(0), NO_TEXT, u32le(10_000), hex('000000'));
const opcResponse = join(zeros(8), u32le(1), u32le(0), hex('00'), NO_TEXT, hex('000000'));

const fins = (header: string, ...parts: readonly Uint8Array[]): Uint8Array => join(hex(header), ...parts);
const finsTcp = (command: number, body: Uint8Array): Uint8Array =>
  join(latin1('FINS'), u32(8 + body.length), u32(command), u32(0), body);

const hart = (type: number, id: number, sequence: number, body: Uint8Array): Uint8Array =>
  join(u8(1), u8(type), u8(id), u8(0), u16(sequence), u16(8 + body.length), body);

function crcCcitt(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000) !== 0 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}
const phasor = (kind: number, body: Uint8Array): Uint8Array => {
  const frame = join(
    hex('aa'),
    u8(kind),
    u16(16 + body.length),
    u16(7),
    u32(1_768_467_600),
    hex('0f'),
    u24(500_000),
    body,
  );
  return join(frame, u16(crcCcitt(frame)));
};

const knx = (service: number, body: Uint8Array): Uint8Array =>
  join(hex('0610'), u16(service), u16(6 + body.length), body);
const endpoint = hex('0801 0a000004 0e57');

const doip = (kind: number, body = zeros(0)): Uint8Array => join(hex('02fd'), u16(kind), u32(body.length), body);

export const industryConversations: readonly Conversation[] = [
  {
    name: 'dnp3',
    port: 20_000,
    transport: 'tcp',
    layer: 'dnp3',
    framed: true,
    messages: [
      client(dnp(0xc4, 1, 2, hex('c0 c0 01 3c0206 3c0306 3c0406 3c0106'))),
      server(dnp(0x44, 2, 1, hex('c1 c0 81 0000 0101 00 00 0f ffff 1e02 00 00 01 01 0a00 01 1400'))),
      client(dnp(0xc4, 1, 2, hex('c2 c1 03 0c0117 01 00 0301 64000000 64000000 00'))),
      client(dnp(0xc9, 1, 2)),
      server(dnp(0x0b, 2, 1)),
      client(join(dnp(0xc0, 1, 2), hex('00'))),
    ],
    says: [
      'dnp3 | DNP 3.0 | Read, Class 0123',
      'dnp3 | DNP 3.0 | Response',
      'dnp3 | DNP 3.0 | Select',
      'dnp3 | DNP 3.0 | from 2 to 1, len=5, Request Link Status',
      'dnp3 | DNP 3.0 | from 1 to 2, len=5, Status of Link',
      'dnp3 | DNP 3.0 | from 2 to 1, len=5, Reset of Remote Link',
    ],
  },
  {
    name: 'dnp3-udp',
    port: 20_000,
    transport: 'udp',
    layer: 'dnp3',
    framed: false,
    messages: [client(dnp(0xc4, 1, 2, hex('c0 c0 17'))), client(hex('0564 05')), client(hex('1234 05 64 00000000'))],
    says: ['dnp3 | DNP 3.0 | Delay Measurement', 'dnp3 | DNP 3.0 | [Malformed Packet]'],
  },
  {
    name: 'enip',
    port: 44_818,
    transport: 'tcp',
    layer: 'enip',
    framed: true,
    messages: [
      client(enip(0x65, hex('0100 0000'), 0)),
      server(enip(0x65, hex('0100 0000'))),
      client(enip(0x04, zeros(0))),
      server(enip(0x04, items(item(0x100, join(hex('0100 2001'), latin1('Communications'), zeros(2)))))),
      client(unconnected(hex('01 02 2001 2401'))),
      server(unconnected(join(hex('81 00 00 00'), hex('0100 0e00 3600 1405 6000 1a066c00 0b'), latin1('1756-L61/LC')))),
      client(unconnected(hex('0e 03 2001 2401 3007'))),
      server(unconnected(hex('8e 00 05 00'))),
      client(connected(1, hex('10 03 2004 2464 3003 01020304'))),
      server(connected(1, hex('90 00 00 00'))),
      client(enip(0x66, zeros(0))),
      client(enip(0x6f, hex('00000000 0500 0900'))),
    ],
    says: [
      'enip | ENIP | Register Session (Req), Session: 0x00000000',
      'enip | ENIP | Register Session (Rsp), Session: 0x11223344',
      'enip | ENIP | List Services (Req)',
      'enip | ENIP | List Services (Rsp), Communications',
      'enip:cip | CIP | Identity - Get Attributes All',
      'enip:cip | CIP | Success: Identity - Get Attributes All',
      'enip:cip | CIP | Identity - Get Attribute Single',
      'enip:cip | CIP | Path destination unknown: Identity - Get Attribute Single',
      'enip:cip | CIP | Assembly - Set Attribute Single',
      'enip:cip | CIP | Success: Assembly - Set Attribute Single',
      'enip | ENIP | Unregister Session (Req), Session: 0x11223344',
      'enip | ENIP | Send RR Data (Req)[Malformed Packet]',
    ],
  },
  {
    name: 'enip-identity',
    port: 44_818,
    transport: 'udp',
    layer: 'enip',
    framed: false,
    messages: [
      client(enip(0x63, zeros(0), 0)),
      server(enip(0x63, items(item(0x0c, identity)), 0)),
      client(hex('1234 0000')),
    ],
    says: ['enip | ENIP | List Identity (Req)', 'enip | ENIP | List Identity (Rsp), 1756-L61/LC'],
  },
  {
    name: 'cip-io',
    port: 2222,
    transport: 'udp',
    layer: 'cipio',
    framed: false,
    messages: [
      client(items(item(0x8002, join(u32le(0x00fe0001), u32le(9))), item(0xb1, hex('0100 01000000 aabbccdd')))),
      server(items(item(0x8002, join(u32le(0x00fe0002), u32le(9))), item(0xb1, hex('0100 11223344')))),
      server(hex('0200 0280 0800 01')),
    ],
    says: [
      'cipio:cipio | CIP I/O | Connection: ID=0x00FE0001, SEQ=0000000009',
      'cipio:cipio | CIP I/O | Connection: ID=0x00FE0002, SEQ=0000000009',
      'cipio | CIP I/O | [Malformed Packet]',
    ],
  },
  {
    name: 'iec104',
    port: 2404,
    transport: 'tcp',
    layer: 'iec60870_104',
    framed: true,
    messages: [
      client(apdu(hex('07000000'))),
      server(apdu(hex('0b000000'))),
      client(asdu(0, 0, hex('64 01 06 00 0100 000000 14'))),
      server(asdu(0, 1, hex('64 01 07 00 0100 000000 14'))),
      server(
        asdu(1, 1, hex('01 84 14 00 0100 010000 00 01 00 81')),
        asdu(2, 1, hex('0d 02 03 00 0100 640000 0000c03f 00 650000 000080bf 80')),
        asdu(3, 1, hex('1e 01 03 00 0100 020000 01 e803 0f 09 4f 01 1a')),
      ),
      client(apdu(hex('01000800'))),
      client(asdu(1, 4, hex('2d 01 06 00 0100 030000 81'))),
      server(asdu(4, 2, hex('03 01 03 00 0100 0a0000 02')), asdu(5, 2, hex('0b 01 03 00 0100 0b0000 3412 00'))),
      server(apdu(hex('43000000')), hex('99')),
    ],
    says: [
      'iec60870_104 | IEC 60870-5-104 | <- U (STARTDT act) ',
      'iec60870_104 | IEC 60870-5-104 | -> U (STARTDT con) ',
      'iec60870_104:iec60870_asdu | IEC 60870-5 ASDU | <- I (0,0) ASDU=1 C_IC_NA_1 Act     IOA=0',
      'iec60870_104:iec60870_asdu | IEC 60870-5 ASDU | -> I (0,1) ASDU=1 C_IC_NA_1 ActCon  IOA=0',
      'iec60870_104:iec60870_asdu:iec60870_asdu:iec60870_asdu | IEC 60870-5 ASDU | -> I (1,1) ASDU=1 M_SP_NA_1 Inrogen IOA[4]=1-4 | -> I (2,1) ASDU=1 M_ME_NC_1 Spont   IOA[2]=100,... | -> I (3,1) ASDU=1 M_SP_TB_1 Spont   IOA=2',
      'iec60870_104 | IEC 60870-5-104 | <- S (4) ',
      'iec60870_104:iec60870_asdu | IEC 60870-5 ASDU | <- I (1,4) ASDU=1 C_SC_NA_1 Act     IOA=3',
      'iec60870_104:iec60870_asdu:iec60870_asdu | IEC 60870-5 ASDU | -> I (4,2) ASDU=1 M_DP_NA_1 Spont   IOA=10 | -> I (5,2) ASDU=1 M_ME_NB_1 Spont   IOA=11',
      'iec60870_104 | IEC 60870-5-104 | -> U (TESTFR act) ',
    ],
  },
  {
    name: 's7comm',
    port: 102,
    transport: 'tcp',
    layer: 'cotp',
    framed: true,
    messages: [
      client(tpkt(hex('11 e0 0000 0001 00 c0010a c1020100 c2020102'))),
      server(tpkt(hex('11 d0 0001 0006 00 c0010a c1020100 c2020102'))),
      client(s7(1, hex('f0 00 0001 0001 01e0'))),
      server(s7(3, hex('f0 00 0001 0001 00f0'), zeros(0), hex('0000'))),
      client(s7(1, hex('04 01 12 0a 10 02 0004 0001 84 000050'))),
      server(s7(3, hex('04 01'), hex('ff 04 0020 01020304'), hex('0000'))),
      client(s7(1, hex('05 01 12 0a 10 02 0001 0000 83 000000'), hex('00 04 0008 05'))),
      server(s7(3, hex('05 01'), hex('ff'), hex('0000'))),
      client(s7(7, hex('000112 04 11 44 01 00'), hex('ff 09 0004 0011 0000'))),
      server(s7(2, zeros(0), zeros(0), hex('8104'))),
      client(s7(1, hex('29 000000000009'), zeros(0))),
      client(tpkt(hex('02f080 32 01 0000'))),
    ],
    says: [
      'tpkt:cotp | COTP | CR TPDU src-ref: 0x0001 dst-ref: 0x0000',
      'tpkt:cotp | COTP | CC TPDU src-ref: 0x0006 dst-ref: 0x0001',
      'tpkt:cotp:s7comm | S7COMM | ROSCTR:[Job     ] Function:[Setup communication]',
      'tpkt:cotp:s7comm | S7COMM | ROSCTR:[Ack_Data] Function:[Setup communication]',
      'tpkt:cotp:s7comm | S7COMM | ROSCTR:[Job     ] Function:[Read Var]',
      'tpkt:cotp:s7comm | S7COMM | ROSCTR:[Ack_Data] Function:[Read Var]',
      'tpkt:cotp:s7comm | S7COMM | ROSCTR:[Job     ] Function:[Write Var]',
      'tpkt:cotp:s7comm | S7COMM | ROSCTR:[Ack_Data] Function:[Write Var]',
      'tpkt:cotp:s7comm | S7COMM | ROSCTR:[Userdata] Function:[Request] -> [CPU functions] -> [Read SZL] ID=0x0011 Index=0x0000',
      'tpkt:cotp:s7comm | S7COMM | ROSCTR:[Ack     ] -> Errorcode:[0x8104]',
      'tpkt:cotp:s7comm | S7COMM | ROSCTR:[Job     ] Function:[PLC Stop]',
      'tpkt:cotp:data | COTP | DT TPDU (0) EOT',
    ],
  },
  {
    name: 'opcua',
    port: 4840,
    transport: 'tcp',
    layer: 'opcua',
    framed: true,
    messages: [
      client(
        opc(
          'HELF',
          u32le(0),
          u32le(65_535),
          u32le(65_535),
          u32le(0),
          u32le(0),
          opcText('opc.tcp://plant.example:4840'),
        ),
      ),
      server(opc('ACKF', u32le(0), u32le(65_535), u32le(65_535), u32le(0), u32le(0))),
      client(
        opc(
          'OPNF',
          u32le(0),
          opcText('http://opcfoundation.org/UA/SecurityPolicy#None'),
          NO_TEXT,
          NO_TEXT,
          u32le(1),
          u32le(1),
          hex('0100 be01'),
          opcRequest,
          u32le(0),
          u32le(0),
          u32le(1),
          NO_TEXT,
          u32le(3_600_000),
        ),
      ),
      client(
        opc(
          'MSGF',
          u32le(5),
          u32le(1),
          u32le(2),
          u32le(2),
          hex('0100 ac01'),
          opcRequest,
          opcText('opc.tcp://plant.example:4840'),
          NO_TEXT,
          NO_TEXT,
        ),
      ),
      server(opc('MSGF', u32le(5), u32le(1), u32le(2), u32le(2), hex('0100 af01'), opcResponse, NO_TEXT)),
      client(opc('MSGC', u32le(5), u32le(1), u32le(3), u32le(3), hex('0100 7702'), opcRequest)),
      client(opc('CLOF', u32le(5), u32le(1), u32le(4), u32le(4), hex('0100 c401'), opcRequest)),
      server(opc('ERRF', u32le(0x80820000), NO_TEXT)),
      client(latin1('XYZF'), u32le(16), zeros(8)),
    ],
    says: [
      'opcua | OpcUa | Hello message',
      'opcua | OpcUa | Acknowledge message',
      'opcua | OpcUa | OpenSecureChannel message: OpenSecureChannelRequest',
      'opcua | OpcUa | UA Secure Conversation Message: GetEndpointsRequest',
      'opcua | OpcUa | UA Secure Conversation Message: GetEndpointsResponse',
      'opcua | OpcUa | UA Secure Conversation Message',
      'opcua | OpcUa | CloseSecureChannel message: CloseSecureChannelRequest',
      'opcua | OpcUa | Error message',
      'opcua | OpcUa | Invalid message',
    ],
  },
  {
    name: 'omron',
    port: 9600,
    transport: 'udp',
    layer: 'omron',
    framed: false,
    messages: [
      client(fins('80 00 02 00 04 00 00 20 00 01', hex('0101 82 0064 00 0002'))),
      server(fins('c0 00 02 00 20 00 00 04 00 01', hex('0101 0000 00010002'))),
      client(fins('80 00 02 00 04 00 00 20 00 02', hex('0102 82 0064 00 0001 0007'))),
      server(fins('c0 00 02 00 20 00 00 04 00 02', hex('0102 0000'))),
      client(fins('80 00 02 00 04 00 00 20 00 03', hex('0501'))),
      client(fins('80 00 02 00 04 00 00 20 00 04', hex('0601'))),
      client(hex('80 00 02 00')),
    ],
    says: [
      'omron | OMRON | Command  : Memory Area Read (D100)',
      'omron | OMRON | Response : Memory Area Read',
      'omron | OMRON | Command  : Memory Area Write',
      'omron | OMRON | Response : Memory Area Write',
      'omron | OMRON | Command  : Controller Data Read',
      'omron | OMRON | Command  : Controller Status Read',
    ],
  },
  {
    name: 'omron-tcp',
    port: 9600,
    transport: 'tcp',
    layer: 'omron',
    framed: true,
    messages: [
      client(finsTcp(0, u32(0))),
      server(finsTcp(1, join(u32(4), u32(32)))),
      client(finsTcp(2, fins('80 00 02 00 04 00 00 20 00 01', hex('0101 82 0064 00 0002')))),
    ],
    says: [
      'omron | OMRON | FINS/TCP : Node Address Data Send (Client to Server)',
      'omron | OMRON | FINS/TCP : Node Address Data Send (Server to Client)',
      'omron | OMRON | Command  : Memory Area Read (D100)',
    ],
  },
  {
    name: 'hart-ip',
    port: 5094,
    transport: 'udp',
    layer: 'hart_ip',
    framed: false,
    messages: [
      client(hart(0, 0, 1, hex('01 00009c40'))),
      server(hart(1, 0, 1, hex('01 00009c40'))),
      client(hart(0, 3, 2, hex('02 80 00 00 82'))),
      server(hart(1, 3, 2, hex('06 80 00 18 00 00 fe 1a2b 05 07 01 04 01 00 112233 05 04 0001 00 601a 601a 01 aa'))),
      client(hart(0, 2, 3, zeros(0))),
      client(hart(0, 1, 4, zeros(0))),
      client(hart(3, 3, 5, hex('02'))),
    ],
    says: [
      'hart_ip | HART_IP | Session Initiate Request, Sequence Number 1',
      'hart_ip | HART_IP | Session Initiate Response, Sequence Number 1',
      'hart_ip | HART_IP | Pass Through Request, Sequence Number 2',
      'hart_ip | HART_IP | Pass Through Response, Sequence Number 2',
      'hart_ip | HART_IP | Keep Alive Request, Sequence Number 3',
      'hart_ip | HART_IP | Session Close Request, Sequence Number 4',
      'hart_ip | HART_IP | Pass Through Error, Sequence Number 5',
    ],
  },
  {
    name: 'synchrophasor',
    port: 4712,
    transport: 'tcp',
    layer: 'synphasor',
    framed: true,
    messages: [
      client(phasor(0x41, u16(5))),
      server(
        phasor(
          0x31,
          join(
            u32(1_000_000),
            u16(1),
            latin1('Station A       '),
            u16(7),
            u16(4),
            u16(1),
            u16(1),
            u16(0),
            latin1('VA              '),
            latin1('ANALOG1         '),
            u32(915_527),
            u32(1),
            u16(0),
            u16(22),
            u16(30),
          ),
        ),
      ),
      client(phasor(0x41, u16(2))),
      server(phasor(0x01, hex('0000 3a9b 0000 09c4 0000 42c80000'))),
      server(phasor(0x11, latin1('header text '))),
    ],
    says: [
      'synphasor | SYNCHROPHASOR | Command Frame, send CFG-2 frame',
      'synphasor | SYNCHROPHASOR | Configuration Frame 2',
      'synphasor | SYNCHROPHASOR | Command Frame, data transmission on',
      'synphasor | SYNCHROPHASOR | Data Frame',
      'synphasor | SYNCHROPHASOR | Header Frame',
    ],
  },
  {
    name: 'knxip',
    port: 3671,
    transport: 'udp',
    layer: 'kip',
    framed: false,
    messages: [
      client(knx(0x0201, endpoint)),
      server(
        knx(
          0x0202,
          join(
            endpoint,
            hex('36 01 02 00 1101 0000 00c501020304 e000170c 0a0b0c0d0e0f'),
            latin1('KNX gateway'),
            zeros(19),
            hex('0a02 0201 0301 0401 0501'),
          ),
        ),
      ),
      client(knx(0x0205, join(endpoint, endpoint, hex('0404 0200')))),
      server(knx(0x0206, join(hex('15 00'), endpoint, hex('0404 11fe')))),
      client(knx(0x0420, hex('04 15 00 00 11 00 bce0 0000 0901 01 0081'))),
      server(knx(0x0421, hex('04 15 00 00'))),
      client(knx(0x0207, join(hex('15 00'), endpoint))),
      server(knx(0x0208, hex('15 00'))),
      client(knx(0x0209, join(hex('15 00'), endpoint))),
      server(knx(0x020a, hex('15 00'))),
      client(knx(0x0530, hex('29 00 bcd0 1101 0901 01 0080'))),
      client(hex('0610 0201 0040 08')),
    ],
    says: [
      'kip | KNXnet/IP | SearchReq @10.0.0.4:3671',
      'kip | KNXnet/IP | SearchResp @10.0.0.4:3671, 1.1.1 "KNX gateway"',
      'kip | KNXnet/IP | Tunnel ConnectReq @10.0.0.4:3671 @10.0.0.4:3671',
      'kip | KNXnet/IP | Tunnel ConnectResp #15 @10.0.0.4:3671, 1.1.254',
      'kip:cemi | KNXnet/IP | TunnelReq #15:0 L_Data.req 0.0.0->1/1/1 GroupValueWrite $01',
      'kip | KNXnet/IP | TunnelAck #15:0 OK',
      'kip | KNXnet/IP | ConnStateReq #15 @10.0.0.4:3671',
      'kip | KNXnet/IP | ConnStateResp #15 OK',
      'kip | KNXnet/IP | DisconnectReq #15 @10.0.0.4:3671',
      'kip | KNXnet/IP | DisconnectResp #15 OK',
      'kip:cemi | KNXnet/IP | RoutingInd L_Data.ind 1.1.1->1/1/1 GroupValueWrite $00',
      'kip | KNXnet/IP | SearchReq[Malformed Packet]',
    ],
  },
  {
    name: 'doip',
    port: 13_400,
    transport: 'udp',
    layer: 'doip',
    framed: false,
    messages: [
      client(doip(1)),
      server(doip(4, join(latin1('WXX00000000000001'), hex('e400 020000000001 020000000001 00')))),
      client(doip(0x4001)),
      server(doip(0x4002, hex('00 ff 01 00001000'))),
      client(doip(0x4003)),
      server(doip(0x4004, hex('01'))),
      server(doip(0, hex('02'))),
      client(hex('02fd 0001')),
    ],
    says: [
      'doip | DoIP | Vehicle identification request',
      'doip | DoIP | Vehicle announcement message/vehicle identification response message',
      'doip | DoIP | DoIP entity status request',
      'doip | DoIP | DoIP entity status response',
      'doip | DoIP | Diagnostic power mode information request',
      'doip | DoIP | Diagnostic power mode information response',
      'doip | DoIP | Generic DoIP header NACK',
      'doip | DoIP | [Malformed Packet]',
    ],
  },
  {
    name: 'doip-tcp',
    port: 13_400,
    transport: 'tcp',
    layer: 'doip',
    framed: true,
    messages: [
      client(doip(5, hex('0e80 00 00000000'))),
      server(doip(6, hex('0e80 e400 10 00000000'))),
      client(doip(0x8001, hex('0e80 e400 22 f190'))),
      server(doip(0x8002, hex('e400 0e80 00'))),
      server(doip(0x8001, hex('e400 0e80 62 f190 5758'))),
      server(doip(0x8003, hex('e400 0e80 03'))),
      server(doip(7)),
      client(doip(8, hex('0e80'))),
    ],
    says: [
      'doip | DoIP | Routing activation request',
      'doip | DoIP | Routing activation response',
      'doip:uds | UDS | Request   Read Data By Identifier                0xf190',
      'doip | DoIP | Diagnostic message ACK',
      'doip:uds | UDS | Reply     Read Data By Identifier                0xf190   57 58',
      'doip | DoIP | Diagnostic message NACK',
      'doip | DoIP | Alive check request',
      'doip | DoIP | Alive check response',
    ],
  },
  {
    name: 'egd',
    port: 18_246,
    transport: 'udp',
    layer: 'egd',
    framed: false,
    messages: [
      client(hex('0d 01 0900 0a000004 01000000 00ac6869 00000000 01000000 0100 0000 00000000 0102030405060708')),
      client(hex('0d 01 0900')),
    ],
    says: ['egd:data | EGD | Data Msg: ExchangeID=0x00000001, RequestID=00009', 'egd | EGD | [Malformed Packet]'],
  },
  {
    name: 'modbus-udp',
    port: 502,
    transport: 'udp',
    layer: 'mbudp',
    framed: false,
    messages: [client(hex('0001 0000 0006 01 03 0000 0002')), server(hex('0001 0000 0007 01 03 04 00010002'))],
    says: [
      'mbudp:modbus | Modbus/UDP |    Query: Trans:     1; Unit:   1, Func:   3: Read Holding Registers',
      'mbudp:modbus | Modbus/UDP | Response: Trans:     1; Unit:   1, Func:   3: Read Holding Registers',
    ],
  },
];
