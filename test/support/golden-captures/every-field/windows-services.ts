/** SMB 1 commands, mailslots of the browser service ([MS-CIFS], [MS-BRWS]) and the settings of a remote desktop ([MS-RDPBCGR]). */

import { type BytesLike, hex, ipAddress, join, latin1, u8, u16, u16le, u32, u32le, zeros } from '../../build-bytes.ts';
import { der, derInteger } from '../../build-der.ts';
import { ethernet } from '../../build-link.ts';
import { ipv4, type Layer, udp } from '../../build-packet.ts';
import { conversations, ethernetFrames, type GoldenGroup, IP4, MAC } from '../capture.ts';
import { client, over, server } from './turns.ts';

function text(value: string): Uint8Array {
  return join(latin1(value), [0]);
}

/** Header, words, bytes; flags2: NT errors, no Unicode. */
function smb(command: number, isReply: boolean, words: BytesLike, bytes: BytesLike): Uint8Array {
  return join(
    [0xff],
    latin1('SMB'),
    u8(command),
    u32le(0),
    u8(isReply ? 0x98 : 0x18),
    u16le(0x4001),
    zeros(12),
    u16le(1),
    u16le(0x1234),
    u16le(100),
    u16le(7),
    u8(words.length / 2),
    words,
    u16le(bytes.length),
    bytes,
  );
}

const HEADER = 32;

/** Trans (0x25) and Trans2 (0x32) requests: setup words, name, parameters and data. */
function transaction(
  command: number,
  setup: BytesLike,
  name: Uint8Array,
  parameters: Uint8Array,
  data: Uint8Array,
): Uint8Array {
  const parameterAt = HEADER + 1 + 28 + setup.length + 2 + name.length;
  const words = join(
    u16le(parameters.length),
    u16le(data.length),
    u16le(8),
    u16le(1024),
    [0, 0],
    u16le(0),
    u32le(1000),
    u16le(0),
    u16le(parameters.length),
    u16le(parameterAt),
    u16le(data.length),
    u16le(parameterAt + parameters.length),
    u8(setup.length / 2),
    [0],
    setup,
  );
  return smb(command, false, words, join(name, parameters, data));
}

// Browser

function netbiosName(plain: string, kind: number): Uint8Array {
  const bytes = join(latin1(plain.padEnd(15)), u8(kind));
  return join(u8(32), Uint8Array.from([...bytes].flatMap((byte) => [0x41 + (byte >>> 4), 0x41 + (byte & 15)])), u8(0));
}

function announcement(message: Uint8Array): Layer {
  const inside = transaction(
    0x25,
    join(u16le(1), u16le(1), u16le(2)),
    text('\\MAILSLOT\\BROWSE'),
    new Uint8Array(0),
    message,
  );
  const names = join(netbiosName('HOST4', 0), netbiosName('WORKGROUP', 0x1d));
  const datagram = join(
    [0x11, 0x02],
    u16(9),
    ipAddress(IP4.host),
    u16(138),
    u16(names.length + inside.length),
    u16(0),
    names,
    inside,
  );
  return ethernet(
    { src: MAC.host, dst: MAC.broadcast },
    ipv4({ src: IP4.host, dst: '10.0.0.255' }, udp({ srcPort: 138, dstPort: 138 }, datagram)),
  );
}

const browser = ethernetFrames(
  announcement(
    join(
      [1, 3],
      u32le(720_000),
      latin1('HOST4'.padEnd(16, '\0')),
      [10, 0],
      u32le(0x0001_1003),
      [15, 1],
      u16le(0xaa55),
      text('made'),
    ),
  ),
  announcement(join([2, 0], text('HOST4'))),
  announcement(join([8, 1], u32le(0x2001_0fa8), u32le(5000), u32le(0), text('HOST4'))),
  announcement(join([9, 4], u32le(77))),
  announcement(join([10, 2], u32le(77), text('HOST4'), text('FILES'))),
  announcement(join([11], text('HOST4'))),
  announcement(join([13], text('FILES'))),
  announcement(join([14, 5])),
);

// SMB 1

function session(message: Uint8Array): Uint8Array {
  return join(u32(message.length), message);
}

const dialect = (name: string): Uint8Array => join([2], text(name));
const oneBlob = hex('4e544c4d53535000 01000000 00000000 0000000000000000 0000000000000000');
const pattern = join(u16le(0x16), u16le(100), u16le(6), u16le(0x104), u32le(0), text('\\docs\\*'));
const queryPath = join(u16le(0x107), u32le(0), text('\\docs\\a.txt'));

const smb1 = conversations(
  over(139, [
    client(session(smb(0x72, false, [], join(dialect('LANMAN1.0'), dialect('NT LM 0.12'))))),
    server(
      session(
        smb(
          0x72,
          true,
          join(
            u16le(1),
            [3],
            u16le(50),
            u16le(1),
            u32le(16_644),
            u32le(65_536),
            u32le(0xabcd),
            u32le(0xe3fd),
            zeros(8),
            u16le(0),
            [0],
          ),
          zeros(16),
        ),
      ),
    ),
    client(
      session(
        smb(
          0x73,
          false,
          join(
            [0xff, 0],
            u16le(0),
            u16le(16_644),
            u16le(50),
            u16le(0),
            u32le(0xabcd),
            u16le(oneBlob.length),
            u32le(0),
            u32le(0x8000_0054),
          ),
          join(oneBlob, text('Windows'), text('Windows LAN'), text('')),
        ),
      ),
    ),
    client(
      session(
        smb(
          0x73,
          false,
          join(
            [0xff, 0],
            u16le(0),
            u16le(16_644),
            u16le(50),
            u16le(0),
            u32le(0xabcd),
            u16le(8),
            u16le(0),
            u32le(0),
            u32le(0x54),
          ),
          join(zeros(8), text('ALICE'), text('EXAMPLE'), text('Windows'), text('Windows LAN')),
        ),
      ),
    ),
    client(
      session(
        smb(
          0x75,
          false,
          join([0xff, 0], u16le(0), u16le(8), u16le(1)),
          join([0], text('\\\\FILES\\DOCS'), text('?????')),
        ),
      ),
    ),
    server(session(smb(0x75, true, join([0xff, 0], u16le(0), u16le(1)), join(text('A:'), text('NTFS'))))),
    client(session(smb(0x08, false, [], join([4], text('\\docs\\a.txt'))))),
    client(session(transaction(0x32, u16le(1), text(''), pattern, new Uint8Array(0)))),
    client(session(transaction(0x32, u16le(5), text(''), queryPath, new Uint8Array(0)))),
    client(
      session(
        transaction(
          0x25,
          new Uint8Array(0),
          text('\\PIPE\\LANMAN'),
          join(u16le(104), text('WrLehDO'), text('B16BBDz'), u16le(1), u16le(4096)),
          new Uint8Array(0),
        ),
      ),
    ),
    client(
      session(
        transaction(
          0x25,
          join(u16le(0x26), u16le(0x4001)),
          text('\\PIPE\\'),
          new Uint8Array(0),
          hex('0500000310000000180000000100000000000000 00000000'),
        ),
      ),
    ),
  ]),
);

// RDP

function tpkt(...content: readonly BytesLike[]): Uint8Array {
  const body = join(...content);
  return join([3, 0], u16(4 + body.length), body);
}

/** X.224 data, nothing follows. */
const DATA = [2, 0xf0, 0x80];

function block(type: number, ...content: readonly BytesLike[]): Uint8Array {
  const body = join(...content);
  return join(u16le(type), u16le(4 + body.length), body);
}

const number = (value: number): Uint8Array => derInteger(value < 256 ? [value] : [value >>> 8, value & 255]);

function parameters(...values: readonly number[]): Uint8Array {
  return der(0x30, ...values.map(number));
}

const target = parameters(34, 2, 0, 1, 0, 1, 0xffff, 2);
const utf16 = (value: string): Uint8Array => Uint8Array.from([...value].flatMap((letter) => [letter.charCodeAt(0), 0]));
const clientBlocks = join(
  block(
    0xc001,
    u32le(0x0008_0004),
    u16le(1920),
    u16le(1080),
    u16le(0xca01),
    u16le(0xaa03),
    u32le(0x411),
    u32le(19_041),
    utf16('HOST4'.padEnd(16, '\0')),
    u32le(7),
    u32le(2),
    u32le(12),
    zeros(64),
  ),
  block(0xc004, u32le(0x0d), u32le(0)),
  block(0xc002, u32le(0x1b), u32le(0)),
  block(0xc003, u32le(1), latin1('rdpdr\0\0\0'), u32le(0x8080_0000)),
);
const serverBlocks = join(
  block(0x0c01, u32le(0x0008_0004), u32le(0)),
  block(0x0c03, u16le(1003), u16le(1), u16le(1004), u16le(0)),
  block(0x0c02, u32le(2), u32le(2), u32le(0), u32le(0)),
);

function perLength(length: number): Uint8Array {
  return length < 128 ? u8(length) : u16(0x8000 | length);
}

/** T.124 ConferenceCreateRequest and -Response in aligned PER, as [MS-RDPBCGR] 4.1.3 and 4.1.4 have them. */
const createRequest = join(
  hex('0005 0014 7c00 01'),
  perLength(14 + clientBlocks.length),
  hex('0008 0010 0001 c000'),
  latin1('Duca'),
  u16(0x8000 | clientBlocks.length),
  clientBlocks,
);
const createResponse = join(
  hex('0005 0014 7c00 01'),
  perLength(14 + serverBlocks.length),
  hex('14 760a 01 01 00 01 c0 00'),
  latin1('McDn'),
  perLength(serverBlocks.length),
  serverBlocks,
);
const connectInitial = join(
  [0x7f],
  der(
    0x65,
    der(4, [1]),
    der(4, [1]),
    der(1, [0xff]),
    target,
    parameters(1, 1, 1, 1, 0, 1, 1056, 2),
    parameters(0xffff, 0xfc17, 0xffff, 1, 0, 1, 0xffff, 2),
    der(4, createRequest),
  ),
);
const connectResponse = join([0x7f], der(0x66, der(0x0a, [0]), number(0), target, der(4, createResponse)));

function sendData(first: number, channel: number, ...content: readonly BytesLike[]): Uint8Array {
  const body = join(...content);
  return join(u8(first), u16(6), u16(channel), [0x70], u16(0x8000 | body.length), body);
}

const desktop = conversations(
  over(3389, [
    client(tpkt(DATA, connectInitial)),
    server(tpkt(DATA, connectResponse)),
    client(tpkt(DATA, hex('04 0100 0100'))),
    client(tpkt(DATA, hex('28'))),
    server(tpkt(DATA, hex('2e 00 0006'))),
    client(tpkt(DATA, hex('38 0006 03eb'))),
    server(tpkt(DATA, hex('3e 00 0006 03eb 03eb'))),
    client(
      tpkt(DATA, sendData(0x64, 1003, u16le(0x0001), u16le(0), u32le(16), hex('a0a1a2a3a4a5a6a7 a8a9aaabacadaeaf'))),
    ),
    client(tpkt(DATA, sendData(0x64, 1003, u16le(0x0048), u16le(0), hex('b0b1b2b3b4b5b6b7'), hex('c0c1c2c3')))),
    client(join([0x04], u8(4), [0x00, 0x1e])),
  ]),
);

export const windowsServiceGroup: GoldenGroup = {
  name: 'windows-services',
  captures: { browser, 'remote-desktop': desktop, 'smb-1': smb1 },
};
