/** Golden captures of Windows and directory protocols and of what runs over UDP beside them: good messages, and broken ones. */

import { hex, join, latin1, seededRandom, u16, u16le, u32, u32le, zeros } from '../build-bytes.ts';
import { der, derInteger, derOid, derSequence } from '../build-der.ts';
import * as smb from '../build-smb2.ts';
import { type TcpPacket, type Turn, tcpConversation } from '../build-tcp.ts';
import { answer, ask, conversations, ethernetFrames, type GoldenGroup, IP4 } from './capture.ts';

const MS = 1_000_000;

function over(port: number, turns: readonly Turn[]): TcpPacket[] {
  return tcpConversation({
    client: { ip: IP4.host, port: 40_001, isn: 100 },
    server: { ip: IP4.server, port, isn: 900, ttl: 55 },
    rttNs: 10 * MS,
    random: seededRandom(port),
    turns,
  });
}

const client = (data: Uint8Array): Turn => ({ from: 'client', data, thinkNs: MS });
const server = (data: Uint8Array): Turn => ({ from: 'server', data, thinkNs: 2 * MS });

const octets = (text: string): Uint8Array => der(0x04, latin1(text));
const snmpMessage = (tag: number, id: number, value: Uint8Array): Uint8Array =>
  derSequence(
    derInteger([1]),
    octets('public'),
    der(
      tag,
      derInteger([id]),
      derInteger([0]),
      derInteger([0]),
      derSequence(derSequence(derOid('1.3.6.1.2.1.1.5.0'), value)),
    ),
  );

export const snmpGroup: GoldenGroup = {
  name: 'snmp',
  captures: {
    'get-name': ethernetFrames(
      ask(161, snmpMessage(0xa0, 7, der(0x05))),
      answer(161, snmpMessage(0xa2, 7, octets('router'))),
    ),
    'bad-no-sequence': ethernetFrames(ask(161, octets('public'))),
  },
};

/** Sixteen bytes of name and kind, each as two letters. */
function netbiosName(name: string, kind: number): Uint8Array {
  const bytes = join(latin1(name.padEnd(15)), [kind]);
  return join([32], ...Array.from(bytes, (byte) => [0x41 + (byte >>> 4), 0x41 + (byte & 15)]), [0]);
}

export const nbnsGroup: GoldenGroup = {
  name: 'nbns',
  captures: {
    'query-and-answer': ethernetFrames(
      ask(137, join(u16(1), u16(0x0110), u16(1), zeros(6), netbiosName('SERVER', 0x20), u16(32), u16(1))),
      answer(
        137,
        join(
          u16(1),
          u16(0x8500),
          zeros(2),
          u16(1),
          zeros(4),
          netbiosName('SERVER', 0x20),
          u16(32),
          u16(1),
          u32(300),
          u16(6),
          u16(0),
          [192, 0, 2, 9],
        ),
      ),
    ),
    'bad-name-loop': ethernetFrames(
      ask(137, join(u16(1), u16(0x0110), u16(1), zeros(6), hex('c00c'), u16(32), u16(1))),
    ),
  },
};

const utf16 = (text: string): Uint8Array => join(...Array.from(text, (c) => u16le(c.charCodeAt(0))));
const smb2Header = (command: number, id: number, flags = 0, status = 0): Uint8Array =>
  join(
    hex('fe534d42 4000 0100'),
    u32le(status),
    u16le(command),
    u16le(1),
    u32le(flags),
    u32le(0),
    u32le(id),
    u32le(0),
    u32le(0xfeff),
    u32le(1),
    u32le(0x11),
    u32le(0),
    zeros(16),
  );
const session = (message: Uint8Array): Uint8Array => join([0, 0], u16(message.length), message);
const fileId = hex('01000000 00000000 02000000 00000000');
const name = utf16('report.txt');

export const smb2Group: GoldenGroup = {
  name: 'smb2',
  captures: {
    'open-and-close': conversations(
      over(445, [
        client(session(join(smb2Header(5, 1), u16le(57), zeros(42), u16le(120), u16le(name.length), zeros(8), name))),
        server(session(join(smb2Header(5, 1, 1), u16le(89), zeros(62), fileId, zeros(8)))),
        client(session(join(smb2Header(6, 2), u16le(24), zeros(6), fileId))),
        server(session(join(smb2Header(6, 2, 1, 0xc0000128), u16le(9), zeros(7)))),
      ]),
    ),
    'session-and-files': conversations(
      over(
        445,
        [
          smb.negotiate(),
          smb.sessionSetup(),
          smb.treeConnect(),
          smb.create(),
          smb.write(),
          smb.read(),
          smb.lock(),
          smb.find(37),
          ...smb.INFORMATION.filter(([kind, level]) => kind * 100 + level === 118 || kind * 100 + level === 205).map(
            smb.getInfo,
          ),
          ...smb.ioctls().slice(0, 2),
          smb.close(),
        ].flatMap(([request, response]) => [client(request), server(response)]),
      ),
    ),
    'breaks-and-transforms': conversations(
      over(445, [
        ...smb.breaks().map((message, i) => (i < 2 ? server(message) : client(message))),
        client(smb.encrypted()),
        server(smb.compressed()),
      ]),
    ),
    'bad-cut-header': conversations(over(445, [client(session(smb2Header(5, 1).slice(0, 20)))])),
    'bad-context-length': conversations(
      over(445, [client(smb.negotiate()[0].map((byte, i) => (i === 4 + 104 + 2 ? 0xff : byte)))]),
    ),
  },
};

const samr = hex('78573412 3412 cdab ef00 0123456789ac');
const ndr = hex('045d888a eb1c c911 9fe8 08002b104860');
const rpc = (type: number, body: Uint8Array): Uint8Array =>
  join([5, 0, type, 3], hex('10000000'), u16le(16 + body.length), u16le(0), u32le(2), body);

export const dcerpcGroup: GoldenGroup = {
  name: 'dcerpc',
  captures: {
    'bind-and-call': conversations(
      over(49_152, [
        client(
          rpc(
            11,
            join(
              u16le(4280),
              u16le(4280),
              u32le(0),
              [1, 0, 0, 0],
              u16le(0),
              [1, 0],
              samr,
              u16le(1),
              u16le(0),
              ndr,
              u32le(2),
            ),
          ),
        ),
        client(rpc(0, join(u32le(4), u16le(0), u16le(1), zeros(4)))),
        server(rpc(2, join(u32le(4), u16le(0), u16le(0), zeros(4)))),
      ]),
    ),
    // Behind the stub: what both sides support, and the interface, so that nobody changes them on the way.
    'verification-trailer': conversations(
      over(49_152, [
        client(
          rpc(
            0,
            join(
              u32le(76),
              u16le(0),
              u16le(1),
              zeros(4),
              hex('8ae3137102f43671'),
              join(u16le(1), u16le(4), u32le(1)),
              join(u16le(0x4002), u16le(40), samr, u16le(1), u16le(0), ndr, u32le(2)),
            ),
          ),
        ),
        client(rpc(0, join(u32le(76), u16le(0), u16le(1), zeros(4), hex('8ae3137102f43671'), u16le(2), u16le(400)))),
      ]),
    ),
    'bad-length-zero': conversations(over(135, [client(hex('05000b03 10000000 0000 0000 02000000 0000'))])),
  },
};

export const ldapGroup: GoldenGroup = {
  name: 'ldap',
  captures: {
    'simple-bind': conversations(
      over(389, [
        client(
          derSequence(
            derInteger([1]),
            der(0x60, derInteger([3]), octets('cn=reader,dc=example,dc=com'), der(0x80, latin1('x'))),
          ),
        ),
        server(derSequence(derInteger([1]), der(0x61, der(0x0a, [0]), octets(''), octets('')))),
      ]),
    ),
    'bad-length-huge': conversations(over(389, [client(hex('3084ffffffff020101'))])),
  },
};

export const stunGroup: GoldenGroup = {
  name: 'stun',
  captures: {
    binding: ethernetFrames(
      ask(3478, join(u16(1), u16(0), u32(0x2112a442), hex('0102030405060708090a0b0c'))),
      answer(
        3478,
        join(
          u16(0x0101),
          u16(12),
          u32(0x2112a442),
          hex('0102030405060708090a0b0c'),
          u16(0x20),
          u16(8),
          [0, 1],
          u16(0x9c40 ^ 0x2112),
          u32((0xc0000201 ^ 0x2112a442) >>> 0),
        ),
      ),
    ),
    'bad-attribute-length': ethernetFrames(
      ask(3478, join(u16(1), u16(4), u32(0x2112a442), hex('0102030405060708090a0b0c'), u16(6), u16(200))),
    ),
  },
};
