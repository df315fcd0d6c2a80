/** SMB 1: dialects, sessions, shares, and the commands of the core and LAN Manager dialects ([MS-CIFS] 2.2.4). */

import { type BytesLike, hex, join, latin1, u8, u16le, u32le, u64le, zeros } from '../../build-bytes.ts';
import {
  DOS_DATE,
  DOS_TIME,
  FILE_TIME,
  LAST,
  type SmbFields,
  session,
  smb,
  text,
  UNIX_TIME,
  wide,
} from '../../build-smb1.ts';
import type { Turn } from '../../build-tcp.ts';
import { conversations, type GoldenCapture } from '../capture.ts';
import { client, over, server } from './turns.ts';

type Half = Omit<SmbFields, 'command' | 'mid' | 'isReply'>;

/** A command, its request and its answer; null: none is expected. */
export type Exchange = readonly [command: number, request: Half, reply: Half | null];

/** A request and its answer, each with a number of its own. */
export function exchanges(...list: readonly Exchange[]): Turn[] {
  return list.flatMap(([command, request, reply], i) => {
    const asked = client(session(smb({ ...request, command, mid: 10 + i })));
    return reply === null ? [asked] : [asked, server(session(smb({ ...reply, command, mid: 10 + i, isReply: true })))];
  });
}

export function smbConversation(...turns: readonly Turn[]): GoldenCapture {
  return conversations(over(445, turns));
}

const named = (format: number, value: string): Uint8Array => join(u8(format), text(value));
const dialects = join(...['PC NETWORK PROGRAM 1.0', 'LANMAN1.0', 'NT LM 0.12'].map((name) => named(2, name)));
const challenge = hex('1122334455667788');

const sessions = smbConversation(
  ...exchanges(
    [0x72, { bytes: dialects, tid: 0, uid: 0 }, { words: u16le(0), tid: 0, uid: 0 }],
    [
      0x72,
      { bytes: dialects, tid: 0, uid: 0 },
      {
        words: join(
          u16le(1),
          u16le(3),
          u16le(16_644),
          u16le(50),
          u16le(1),
          u16le(3),
          u32le(0xabcd),
          DOS_TIME,
          DOS_DATE,
          u16le(0xffc4),
          u16le(8),
          u16le(0),
        ),
        bytes: join(challenge, text('WORKGROUP')),
        tid: 0,
        uid: 0,
      },
    ],
    [
      0x72,
      { bytes: dialects, tid: 0, uid: 0 },
      {
        words: join(
          u16le(2),
          [0x0f],
          u16le(50),
          u16le(1),
          u32le(16_644),
          u32le(65_536),
          u32le(0xabcd),
          u32le(0x0080_e3fd),
          FILE_TIME,
          u16le(0xffc4),
          [8],
        ),
        bytes: join(challenge, wide('WORKGROUP'), wide('FILES')),
        isUnicode: true,
        tid: 0,
        uid: 0,
      },
    ],
    [
      0x73,
      {
        words: join(
          LAST,
          u16le(16_644),
          u16le(50),
          u16le(0),
          u32le(0xabcd),
          u16le(4),
          u16le(6),
          u32le(0),
          u32le(0x8000_00d4),
        ),
        bytes: join(zeros(4), zeros(6), [0], wide('alice'), wide('EXAMPLE'), wide('Unix'), wide('Samba')),
        isUnicode: true,
        tid: 0,
        uid: 0,
      },
      {
        words: join(LAST, u16le(1)),
        bytes: join([0], wide('Unix'), wide('Samba'), wide('EXAMPLE')),
        isUnicode: true,
        tid: 0,
      },
    ],
    [
      0x73,
      {
        words: join(LAST, u16le(16_644), u16le(50), u16le(0), u32le(0xabcd), u16le(6), u32le(0)),
        bytes: join(latin1('secret'), text('bob'), text('EXAMPLE'), text('DOS'), text('LANMAN')),
        tid: 0,
        uid: 0,
      },
      { words: join(LAST, u16le(0)), bytes: join(text('Unix'), text('Samba'), text('EXAMPLE')), tid: 0, uid: 101 },
    ],
    [
      0x75,
      {
        words: join(LAST, u16le(0x0c), u16le(1)),
        bytes: join([0], wide('\\\\FILES\\DOCS'), text('?????')),
        isUnicode: true,
        tid: 0,
      },
      {
        words: join(LAST, u16le(0x25), u32le(0x001f_01ff), u32le(0x0012_00a9)),
        bytes: join(text('A:'), wide('NTFS')),
        isUnicode: true,
      },
    ],
    [
      0x70,
      { bytes: join(named(4, '\\\\FILES\\OLD'), named(4, 'secret'), named(4, 'A:')), tid: 0 },
      { words: join(u16le(4096), u16le(3)) },
    ],
    [0x2b, { words: u16le(1), bytes: latin1('hello') }, { words: u16le(1), bytes: latin1('hello') }],
    [0x80, {}, { words: join(u16le(1000), u16le(64), u16le(512), u16le(500), u16le(0)) }],
    [0x71, {}, {}],
    [0x74, { words: LAST }, { words: LAST }],
    [0x1d, {}, { status: 0x0005_0001, isDos: true }],
    [0x10, { bytes: named(4, '\\none') }, { status: 0x0003_0001, isDos: true }],
  ),
);

const FID = u16le(0x4001);
const times = join(DOS_DATE, DOS_TIME, DOS_DATE, DOS_TIME, DOS_DATE, DOS_TIME);
const data = (value: string): Uint8Array => join([1], u16le(value.length), latin1(value));
const entry = join(
  [0x16],
  latin1('A       TXT'),
  [7],
  hex('01020304'),
  hex('0a0b0c0d'),
  [0x20],
  DOS_TIME,
  DOS_DATE,
  u32le(5),
  latin1('A.TXT'.padEnd(13, '\0')),
);
const search = (from: BytesLike): Half => ({
  words: join(u16le(10), u16le(0x16)),
  bytes: join(named(4, '\\docs\\*.*'), [5], u16le(from.length), from),
});
const found = { words: u16le(1), bytes: join([5], u16le(entry.length), entry) };
const raw = join(FID, u16le(2), u16le(0), u32le(0), u32le(0), u16le(0x8f), u32le(0), u16le(2), u16le(64));

const core = smbConversation(
  ...exchanges(
    [0x00, { bytes: named(4, '\\docs') }, {}],
    [0x01, { bytes: named(4, '\\old') }, {}],
    [
      0x02,
      { words: join(u16le(0x1042), u16le(0x16)), bytes: named(4, '\\docs\\a.txt') },
      { words: join(FID, u16le(0x20), UNIX_TIME, u32le(5), u16le(0x42)) },
    ],
    [0x03, { words: join(u16le(0x20), UNIX_TIME), bytes: named(4, '\\docs\\b.txt') }, { words: u16le(0x4002) }],
    [0x0f, { words: join(u16le(0x20), UNIX_TIME), bytes: named(4, '\\docs\\c.txt') }, { words: u16le(0x4003) }],
    [
      0x0e,
      { words: join(u16le(0), UNIX_TIME), bytes: named(4, '\\tmp') },
      { words: u16le(0x4004), bytes: text('AB12') },
    ],
    [0x05, { words: FID }, {}],
    [0x06, { words: u16le(0x16), bytes: named(4, '\\docs\\b.txt') }, {}],
    [0x07, { words: u16le(0x16), bytes: join(named(4, '\\a'), named(4, '\\b')) }, {}],
    [0x08, { bytes: named(4, '\\docs\\a.txt') }, { words: join(u16le(0x20), UNIX_TIME, u32le(5), zeros(10)) }],
    [0x09, { words: join(u16le(0x20), UNIX_TIME, zeros(10)), bytes: named(4, '\\docs\\a.txt') }, {}],
    [
      0x0a,
      { words: join(FID, u16le(5), u32le(0), u16le(0)) },
      { words: join(u16le(5), zeros(8)), bytes: data('hello') },
    ],
    [0x13, { words: join(FID, u16le(1), u32le(0), u16le(0)) }, { words: join(u16le(1), zeros(8)), bytes: data('h') }],
    [0x0b, { words: join(FID, u16le(2), u32le(5), u16le(0)), bytes: data('!!') }, { words: u16le(2) }],
    [0x14, { words: join(FID, u16le(2), u32le(5), u16le(0)), bytes: data('!!') }, { words: u16le(2) }],
    [
      0x2c,
      { words: join(u16le(0x4002), u16le(3), u32le(0), UNIX_TIME), bytes: join([0], latin1('end')) },
      { words: u16le(3) },
    ],
    [0x0c, { words: join(FID, u32le(10), u32le(0)) }, {}],
    [0x0d, { words: join(FID, u32le(10), u32le(0)) }, {}],
    [0x12, { words: join(FID, u16le(2), u32le(0)) }, { words: u32le(7) }],
    [0x1a, { words: join(FID, u32le(0), u16le(100), u16le(1), u32le(50), u16le(0), u32le(0)) }, null],
    [
      0x1b,
      { words: join(FID, u32le(0), u16le(100), u16le(1), zeros(6)) },
      { words: join(u32le(0), u16le(2), u16le(0), u16le(0), u16le(0), u16le(2), u16le(51)), bytes: latin1('hi') },
    ],
    [0x1d, { words: raw, bytes: latin1('hi') }, { words: u16le(0) }],
    [0x1e, { words: raw, bytes: latin1('hi') }, { words: u32le(1) }],
    [0x22, { words: join(FID, times) }, {}],
    [0x23, { words: FID }, { words: join(times, u32le(5), u32le(4096), u16le(0x20)) }],
    [
      0x29,
      { words: join(u16le(2), u16le(0x11), u16le(0x7f)), bytes: join(named(4, '\\a'), named(4, '\\b')) },
      { words: u16le(1), bytes: named(4, '\\b') },
    ],
    [
      0x2a,
      { words: join(u16le(2), u16le(0x11), u16le(0x13)), bytes: join(named(4, '\\a'), named(4, '\\b')) },
      { words: u16le(1), bytes: named(4, '\\b') },
    ],
    [0x81, search([]), found],
    [0x82, search(entry.slice(0, 21)), found],
    [0x84, search(entry.slice(0, 21)), {}],
    [0x34, { words: u16le(0x0801) }, {}],
    [0x35, { words: u16le(0x0802) }, {}],
    [0x04, { words: join(FID, UNIX_TIME) }, {}],
    [0xa5, { words: join(u16le(0x16), u16le(0x103), u32le(0)), bytes: join(named(4, '\\a'), named(4, '\\b')) }, {}],
    [0xc0, { words: join(u16le(0), u16le(1)), bytes: named(4, 'report') }, { words: u16le(0x4005) }],
    [0xc1, { words: u16le(0x4005), bytes: data('page') }, {}],
    [0xc2, { words: u16le(0x4005) }, {}],
    [
      0xc3,
      { words: join(u16le(1), u16le(0)) },
      {
        words: join(u16le(1), u16le(1)),
        bytes: join(
          [1],
          u16le(28),
          DOS_DATE,
          DOS_TIME,
          [3],
          u16le(12),
          u32le(4),
          [0],
          latin1('ALICE'.padEnd(16, '\0')),
        ),
      },
    ],
    [0xd0, { bytes: join(named(4, 'ALICE'), named(4, 'BOB'), data('hello')) }, {}],
    [0xd1, { bytes: join(named(4, 'ALICE'), named(4, '*'), data('hello')) }, {}],
    [0xd2, { bytes: named(4, 'ALICE') }, {}],
    [0xd4, {}, { bytes: named(4, 'FILES') }],
    [0xd5, { bytes: join(named(4, 'ALICE'), named(4, 'BOB')) }, { words: u16le(7) }],
    [0xd7, { words: u16le(7), bytes: data('hello') }, {}],
    [0xd6, { words: u16le(7) }, {}],
  ),
);

const NT_FID = u16le(0x4010);
const create = {
  words: join(
    LAST,
    [0],
    u16le(12),
    u32le(0x16),
    u32le(0),
    u32le(0x0012_019f),
    u64le(0n),
    u32le(0x80),
    u32le(7),
    u32le(3),
    u32le(0x40),
    u32le(2),
    [3],
  ),
  bytes: join([0], wide('\\docs\\d.txt')),
  isUnicode: true,
};
const created = {
  words: join(
    LAST,
    [2],
    NT_FID,
    u32le(1),
    FILE_TIME,
    FILE_TIME,
    FILE_TIME,
    FILE_TIME,
    u32le(0x80),
    u64le(4096n),
    u64le(5n),
    u16le(0),
    u16le(7),
    [0],
    zeros(16),
    u64le(77n),
    u32le(0x001f_01ff),
    u32le(0x0012_00a9),
    [0],
  ).slice(0, 100),
  isUnicode: true,
};

const files = smbConversation(
  ...exchanges(
    [
      0x75,
      {
        words: join(LAST, u16le(8), u16le(1)),
        bytes: join([0], wide('\\\\FILES\\DOCS'), text('?????')),
        isUnicode: true,
        tid: 0,
      },
      { words: join(LAST, u16le(1)), bytes: join(text('A:'), wide('NTFS')), isUnicode: true },
    ],
    [0xa2, create, created],
    [
      0x2f,
      {
        words: join(LAST, NT_FID, u32le(0), u32le(0), u16le(1), u16le(0), u16le(0), u16le(5), u16le(64), u32le(0)),
        bytes: join([0], latin1('hello')),
      },
      { words: join(LAST, u16le(5), u16le(0), u16le(0), u16le(0)) },
    ],
    [
      0x2e,
      { words: join(LAST, NT_FID, u32le(0), u16le(5), u16le(0), u32le(0), u16le(0), u32le(0)) },
      {
        words: join(LAST, u16le(0xffff), u16le(0), u16le(0), u16le(5), u16le(60), u16le(0), zeros(8)),
        bytes: join([0], latin1('hello')),
      },
    ],
    [
      0x24,
      {
        words: join(LAST, NT_FID, [0x10, 0], u32le(0), u16le(1), u16le(1)),
        bytes: join(
          u16le(9),
          u16le(0),
          u32le(0),
          u32le(0),
          u32le(0),
          u32le(10),
          u16le(9),
          u16le(0),
          u32le(0),
          u32le(20),
          u32le(0),
          u32le(5),
        ),
      },
      { words: LAST },
    ],
    [
      0x24,
      {
        words: join(LAST, NT_FID, [1, 1], u32le(0), u16le(0), u16le(1)),
        bytes: join(u16le(9), u32le(0), u32le(10)),
      },
      { words: LAST },
    ],
    [
      0x2d,
      {
        words: join(
          LAST,
          u16le(7),
          u16le(0x42),
          u16le(0x16),
          u16le(0x20),
          UNIX_TIME,
          u16le(0x11),
          u32le(0),
          u32le(0),
          u32le(0),
        ),
        bytes: text('\\PIPE\\spool'),
      },
      {
        words: join(
          LAST,
          u16le(0x4011),
          u16le(0x80),
          UNIX_TIME,
          u32le(0),
          u16le(2),
          u16le(2),
          u16le(0xc5ff),
          u16le(0x8001),
          u32le(9),
          u16le(0),
        ),
      },
    ],
    [0x04, { words: join(NT_FID, u32le(0xffff_ffff)) }, {}],
    [0xa4, {}, null],
    [0x31, { words: join(u16le(0x4011), u32le(0)) }, {}],
  ),
);

export const smbCommandCaptures: Readonly<Record<string, GoldenCapture>> = {
  'smb-sessions': sessions,
  'smb-core': core,
  'smb-files': files,
};
