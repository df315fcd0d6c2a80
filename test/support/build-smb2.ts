/** SMB 2 and 3 messages ([MS-SMB2] 2.2), one exchange a command: for tests and golden captures. */

import { hex, join, u16, u16le, u32le, u64le, zeros } from './build-bytes.ts';

export const utf16 = (text: string): Uint8Array => join(...Array.from(text, (c) => u16le(c.charCodeAt(0))));

export interface Smb2Header {
  readonly command: number;
  readonly id: number;
  readonly response?: boolean;
  readonly status?: number;
  readonly session?: bigint;
  readonly tree?: number;
}

/** A whole message behind its four bytes of length. */
export function smb2Message(fields: Smb2Header, body: Uint8Array): Uint8Array {
  const { command, id, response = false, status = 0, session = 0x11n, tree = 1 } = fields;
  const message = join(
    hex('fe534d42 4000 0100'),
    u32le(status),
    u16le(command),
    u16le(1),
    u32le(response ? 1 : 0),
    u32le(0),
    u64le(BigInt(id)),
    u32le(0xfeff),
    u32le(tree),
    u64le(session),
    zeros(16),
    body,
  );
  return join([0, 0], u16(message.length), message);
}

export const smb2FileId = hex('01000000 00000000 02000000 00000000');
const guid = hex('000102030405060708090a0b0c0d0e0f');
/** 2026-01-15 09:00 UTC in 100 ns since 1601. */
const WHEN = 134_129_412_000_000_000n;
const times = join(...[0n, 1n, 2n, 3n].map((n) => u64le(WHEN + n)));
const attributes = join(times, u64le(4096n), u64le(10n), u32le(0x20));
const name = utf16('report.txt');

/** A request and its answer. */
export type Exchange = readonly [Uint8Array, Uint8Array];
let lastId = 0;

function exchange(command: number, request: Uint8Array, response: Uint8Array, status = 0): Exchange {
  const id = ++lastId;
  return [smb2Message({ command, id }, request), smb2Message({ command, id, response: true, status }, response)];
}

const context = (type: number, data: Uint8Array): Uint8Array =>
  join(u16le(type), u16le(data.length), zeros(4), data, zeros((8 - (data.length % 8)) % 8));

const negotiateContexts = join(
  context(1, join(u16le(1), u16le(4), u16le(1), hex('01020304'))),
  context(2, join(u16le(2), u16le(2), u16le(1))),
  context(3, join(u16le(1), zeros(2), u32le(1), u16le(1))),
  context(5, utf16('server')),
  context(7, join(u16le(1), zeros(6), u16le(1))),
  context(8, join(u16le(1), u16le(1))),
  context(0x99, hex('ff')),
);

export const negotiate = (): Exchange =>
  exchange(
    0,
    join(
      u16le(36),
      u16le(2),
      u16le(1),
      zeros(2),
      u32le(0x7f),
      guid,
      u32le(104),
      u16le(7),
      zeros(2),
      u16le(0x302),
      u16le(0x311),
      negotiateContexts,
    ),
    join(
      u16le(65),
      u16le(1),
      u16le(0x311),
      u16le(7),
      guid,
      u32le(0x2f),
      u32le(65536),
      u32le(65536),
      u32le(65536),
      u64le(WHEN),
      u64le(0n),
      u16le(128),
      u16le(0),
      u32le(128),
      negotiateContexts,
    ),
  );

/** An NTLM AUTHENTICATE message of `LAB\alice` at `HOST`. */
export function ntlmAuthenticate(): Uint8Array {
  const [domain, user, host] = ['LAB', 'alice', 'HOST'].map(utf16) as [Uint8Array, Uint8Array, Uint8Array];
  const at = 64;
  const field = (bytes: Uint8Array, offset: number): Uint8Array =>
    join(u16le(bytes.length), u16le(bytes.length), u32le(offset));
  const nothing = field(new Uint8Array(0), at);
  return join(
    hex('4e544c4d53535000 03000000'),
    nothing,
    nothing,
    field(domain, at),
    field(user, at + domain.length),
    field(host, at + domain.length + user.length),
    nothing,
    u32le(1),
    domain,
    user,
    host,
  );
}

export const sessionSetup = (): Exchange => {
  const token = ntlmAuthenticate();
  return exchange(
    1,
    join(u16le(25), [1, 1], u32le(1), u32le(0), u16le(88), u16le(token.length), u64le(0n), token),
    join(u16le(9), u16le(1), u16le(72), u16le(0)),
  );
};

export const treeConnect = (): Exchange => {
  const share = utf16('\\\\192.0.2.9\\data');
  return exchange(
    3,
    join(u16le(9), u16le(1), u16le(72), u16le(share.length), share),
    join(u16le(16), [1, 0], u32le(0x800), u32le(0x10), u32le(0x1f01ff)),
  );
};

function createContext(tag: Uint8Array, data: Uint8Array, isLast: boolean): Uint8Array {
  const tagSpace = tag.length + ((8 - (tag.length % 8)) % 8);
  const dataAt = 16 + tagSpace;
  const whole = join(
    u16le(16),
    u16le(tag.length),
    zeros(2),
    u16le(data.length === 0 ? 0 : dataAt),
    u32le(data.length),
    tag,
    zeros(tagSpace - tag.length),
    data,
  );
  const padded = join(whole, zeros((8 - ((whole.length + 4) % 8)) % 8));
  return join(u32le(isLast ? 0 : padded.length + 4), padded);
}

const tag = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));
const lease = join(guid, u32le(7), u32le(0), u64le(0n), guid, u16le(1), u16le(0));

function createContexts(isResponse: boolean): Uint8Array {
  const parts: readonly (readonly [Uint8Array, Uint8Array])[] = [
    [tag('MxAc'), isResponse ? join(u32le(0), u32le(0x1f01ff)) : u64le(WHEN)],
    [tag('QFid'), isResponse ? zeros(32) : zeros(0)],
    [tag('RqLs'), lease],
    [tag('DH2Q'), isResponse ? join(u32le(60_000), u32le(2)) : join(u32le(60_000), u32le(2), zeros(8), guid)],
    [tag('DH2C'), join(smb2FileId, guid, u32le(2))],
    [tag('DHnC'), smb2FileId],
    [tag('TWrp'), u64le(WHEN)],
    [tag('AlSi'), u64le(512n)],
    [hex('45bca66aefa7f74a9008fa462e144d74'), join(u16le(20), u16le(0), guid)],
    [hex('5025ad93b49ce711b42383de968bcd7c'), u32le(0o644)],
    [tag('ZzZz'), hex('0102')],
  ];
  return join(...parts.map(([name, data], i) => createContext(name, data, i === parts.length - 1)));
}

export const create = (): Exchange => {
  const asked = createContexts(false);
  const granted = createContexts(true);
  const nameSpace = name.length + ((8 - (name.length % 8)) % 8);
  return exchange(
    5,
    join(
      u16le(57),
      [0, 0xff],
      u32le(2),
      zeros(16),
      u32le(0x120089),
      u32le(0x80),
      u32le(7),
      u32le(1),
      u32le(0x40),
      u16le(120),
      u16le(name.length),
      u32le(120 + nameSpace),
      u32le(asked.length),
      name,
      zeros(nameSpace - name.length),
      asked,
    ),
    join(u16le(89), [0xff, 0], u32le(1), attributes, zeros(4), smb2FileId, u32le(152), u32le(granted.length), granted),
  );
};

export const createFails = (): Exchange => {
  const target = utf16('x');
  const symlink = join(
    u32le(28 + target.length),
    u32le(0x4c4d5953),
    u32le(0xa000000c),
    u16le(20),
    u16le(0),
    u16le(0),
    u16le(2),
    u16le(0),
    u16le(2),
    u32le(1),
    target,
  );
  return exchange(
    5,
    join(u16le(57), zeros(42), u16le(120), u16le(name.length), zeros(8), name),
    join(u16le(9), [0, 0], u32le(symlink.length), symlink),
    0x8000002d,
  );
};

export const close = (): Exchange =>
  exchange(6, join(u16le(24), u16le(1), zeros(4), smb2FileId), join(u16le(60), u16le(1), zeros(4), attributes));
export const flush = (): Exchange => exchange(7, join(u16le(24), zeros(6), smb2FileId), join(u16le(4), zeros(2)));
export const read = (): Exchange =>
  exchange(
    8,
    join(u16le(49), [80, 1], u32le(5), u64le(0n), smb2FileId, zeros(16), zeros(1)),
    join(u16le(17), [80, 0], u32le(5), zeros(8), tag('hello')),
  );
export const write = (): Exchange =>
  exchange(
    9,
    join(u16le(49), u16le(112), u32le(5), u64le(5n), smb2FileId, zeros(12), u32le(1), tag('world')),
    join(u16le(17), zeros(2), u32le(5), zeros(8)),
  );
export const lock = (): Exchange =>
  exchange(
    10,
    join(u16le(48), u16le(1), zeros(4), smb2FileId, u64le(0n), u64le(10n), u32le(0x12), zeros(4)),
    join(u16le(4), zeros(2)),
  );
export const echo = (): Exchange => exchange(13, join(u16le(4), zeros(2)), join(u16le(4), zeros(2)));
export const notify = (): Exchange => {
  const events = join(u32le(32), u32le(1), u32le(name.length), name, u32le(0), u32le(3), u32le(2), utf16('x'));
  return exchange(
    15,
    join(u16le(32), u16le(1), u32le(2048), smb2FileId, u32le(0x17), zeros(4)),
    join(u16le(9), u16le(72), u32le(events.length), events),
  );
};

/** A control code with data in and out. */
export function ioctl(code: number, input: Uint8Array, output: Uint8Array): Exchange {
  return exchange(
    11,
    join(
      u16le(57),
      zeros(2),
      u32le(code),
      smb2FileId,
      u32le(120),
      u32le(input.length),
      u32le(0),
      u32le(0),
      u32le(0),
      u32le(4096),
      u32le(1),
      zeros(4),
      input,
    ),
    join(
      u16le(49),
      zeros(2),
      u32le(code),
      smb2FileId,
      u32le(112),
      u32le(0),
      u32le(112),
      u32le(output.length),
      zeros(8),
      output,
    ),
  );
}

const interfaces = join(
  u32le(152),
  u32le(3),
  u32le(1),
  u32le(4),
  u64le(10_000_000_000n),
  join(u16le(2), u16le(0), hex('c0000209')),
  zeros(120),
  u32le(0),
  u32le(4),
  u32le(2),
  u32le(0),
  u64le(1000n),
  join(u16le(0x17), u16le(0), u32le(0), hex('20010db8000000000000000000000001'), u32le(3)),
  zeros(100),
);
const snapshot = utf16('@GMT-2026.01.15-09.00.00\0\0');

export const ioctls = (): Exchange[] => [
  ioctl(0x001401fc, new Uint8Array(0), interfaces),
  ioctl(
    0x00140204,
    join(u32le(0x7f), guid, u16le(1), u16le(1), u16le(0x302)),
    join(u32le(0x7f), guid, u16le(1), u16le(0x302)),
  ),
  ioctl(0x00140078, new Uint8Array(0), join(zeros(24), u32le(0))),
  ioctl(0x001401d4, join(u32le(60_000), u32le(0)), new Uint8Array(0)),
  ioctl(0x00144064, new Uint8Array(0), join(u32le(1), u32le(1), u32le(snapshot.length), snapshot)),
  ioctl(
    0x001440f2,
    join(zeros(24), u32le(1), u32le(0), u64le(0n), u64le(8n), u32le(4), u32le(0)),
    join(u32le(1), u32le(0), u32le(4)),
  ),
  ioctl(0x000900c0, new Uint8Array(0), join(guid, guid, guid, guid)),
  ioctl(0x00090300, new Uint8Array(0), join(u32le(1), u32le(0))),
  ioctl(0x00090028, hex('0102'), hex('03')),
];

const entry = (...tail: readonly Uint8Array[]): Uint8Array =>
  join(u32le(0), u32le(1), times, u64le(10n), u64le(4096n), u32le(0x20), u32le(name.length), ...tail);

/** A folder's list, by level: entries of the shape that the level says. */
export function find(level: number): Exchange {
  const short = join([4, 0], utf16('RE'), zeros(20));
  const shapes: Readonly<Record<number, Uint8Array>> = {
    1: entry(name),
    2: entry(u32le(0), name),
    3: entry(u32le(0), short, name),
    12: join(u32le(0), u32le(1), u32le(name.length), name),
    37: entry(u32le(0), short, zeros(2), u64le(9n), name),
    38: entry(u32le(0), zeros(4), u64le(9n), name),
  };
  const list = shapes[level] ?? new Uint8Array(0);
  return exchange(
    14,
    join(u16le(33), [level, 1], u32le(0), smb2FileId, u16le(96), u16le(2), u32le(65_536), utf16('*')),
    join(u16le(9), u16le(72), u32le(list.length), list),
  );
}

const basic = join(times, u32le(0x20));
const named = join(u32le(name.length), name);
/** Class and level, and what an answer or a change holds. */
export const INFORMATION: readonly (readonly [number, number, Uint8Array])[] = [
  [1, 4, join(basic, zeros(4))],
  [1, 5, join(u64le(4096n), u64le(10n), u32le(1), [1, 0], zeros(2))],
  [1, 6, u64le(9n)],
  [1, 7, u32le(0)],
  [1, 8, u32le(0x120089)],
  [1, 10, join([1], zeros(7), zeros(8), named)],
  [1, 13, Uint8Array.of(1)],
  [1, 14, u64le(3n)],
  [1, 16, u32le(0x22)],
  [1, 17, u32le(0)],
  [
    1,
    18,
    join(
      basic,
      zeros(4),
      u64le(4096n),
      u64le(10n),
      u32le(1),
      [0, 0],
      zeros(2),
      u64le(9n),
      u32le(0),
      u32le(0x120089),
      u64le(0n),
      u32le(0),
      u32le(0),
      named,
    ),
  ],
  [1, 19, u64le(4096n)],
  [1, 20, u64le(10n)],
  [1, 21, named],
  [1, 22, join(u32le(0), u32le(14), u64le(10n), u64le(4096n), utf16('::$DATA'))],
  [1, 23, zeros(8)],
  [1, 28, zeros(16)],
  [1, 34, join(times, u64le(4096n), u64le(10n), u32le(0x20), zeros(4))],
  [1, 35, join(u32le(0x20), u32le(0))],
  [1, 48, named],
  [1, 99, hex('0102')],
  [2, 1, join(u64le(WHEN), u32le(0x1234), u32le(8), zeros(2), utf16('DATA'))],
  [2, 3, join(u64le(100n), u64le(50n), u32le(8), u32le(512))],
  [2, 4, join(u32le(7), u32le(0x20))],
  [2, 5, join(u32le(0xf), u32le(255), u32le(8), utf16('NTFS'))],
  [2, 7, join(u64le(100n), u64le(50n), u64le(50n), u32le(8), u32le(512))],
  [2, 8, join(guid, zeros(48))],
  [3, 0, hex('0100048000000000')],
];

export function getInfo([kind, level, data]: readonly [number, number, Uint8Array]): Exchange {
  return exchange(
    16,
    join(
      u16le(41),
      [kind, level],
      u32le(4096),
      u16le(0),
      zeros(2),
      u32le(0),
      u32le(kind === 3 ? 7 : 0),
      u32le(0),
      smb2FileId,
    ),
    join(u16le(9), u16le(72), u32le(data.length), data),
  );
}

export function setInfo([kind, level, data]: readonly [number, number, Uint8Array]): Exchange {
  return exchange(
    17,
    join(u16le(33), [kind, level], u32le(data.length), u16le(96), zeros(2), u32le(0), smb2FileId, data),
    u16le(2),
  );
}

/** What a server says by itself, and the client's yes. */
export const breaks = (): Uint8Array[] => [
  smb2Message({ command: 18, id: 0, response: true }, join(u16le(24), [1, 0], zeros(4), smb2FileId)),
  smb2Message(
    { command: 18, id: 0, response: true },
    join(u16le(44), u16le(1), u32le(1), guid, u32le(7), u32le(1), zeros(12)),
  ),
  smb2Message({ command: 18, id: 90 }, join(u16le(36), zeros(2), u32le(0), guid, u32le(1), u64le(0n))),
];

const framed = (message: Uint8Array): Uint8Array => join([0, 0], u16(message.length), message);
export const encrypted = (): Uint8Array =>
  framed(join(hex('fd534d42'), zeros(16), zeros(16), u32le(8), zeros(2), u16le(1), u64le(0x11n), zeros(8)));
export const compressed = (isChained = false): Uint8Array =>
  framed(join(hex('fc534d42'), u32le(64), u16le(2), u16le(isChained ? 1 : 0), u32le(0), hex('01020304')));

/** An answer that says that the answer comes later; its tree id is half of an id of the pending work. */
export const pending = (): Uint8Array => {
  const whole = smb2Message({ command: 15, id: 77, response: true, status: 0x103 }, join(u16le(9), zeros(6), zeros(1)));
  whole[4 + 16] = 3;
  return whole;
};
