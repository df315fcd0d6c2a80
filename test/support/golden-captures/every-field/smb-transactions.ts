/** Transactions of SMB 1 ([MS-CIFS] 2.2.5 to 2.2.8): information levels, searches, referrals, pipes, the remote API, logon mailslots. */

import {
  type BytesLike,
  hex,
  ipAddress,
  join,
  latin1,
  u8,
  u16,
  u16le,
  u32le,
  u64le,
  zeros,
} from '../../build-bytes.ts';
import { ethernet } from '../../build-link.ts';
import { ipv4, type Layer, udp } from '../../build-packet.ts';
import {
  DOS_DATE,
  DOS_TIME,
  FILE_TIME,
  LAST,
  ntTransact,
  ntTransacted,
  smb,
  text,
  transact,
  transacted,
  UNIX_TIME,
  wide,
  wideOnly,
} from '../../build-smb1.ts';
import { ethernetFrames, type GoldenCapture, type GoldenGroup, IP4, MAC } from '../capture.ts';
import { type Exchange, exchanges, smbCommandCaptures, smbConversation } from './smb-commands.ts';

const TRANS2 = 0x32;
const FID = u16le(0x4010);
const dosTimes = join(DOS_DATE, DOS_TIME, DOS_DATE, DOS_TIME, DOS_DATE, DOS_TIME);
const fileTimes = join(FILE_TIME, FILE_TIME, FILE_TIME, FILE_TIME);
const basic = join(fileTimes, u32le(0x80), u32le(0));
const standard = join(u64le(4096n), u64le(5n), u32le(1), [0, 0]);
const named = (value: string): Uint8Array => join(u32le(2 * value.length), wideOnly(value));
const standardInformation = join(dosTimes, u32le(5), u32le(4096), u16le(0x20));
const attribute = join([0, 4], u16le(3), latin1('note'), [0], latin1('yes'));
const attributes = join(u32le(4 + attribute.length), attribute);
const unixBasic = join(
  u64le(5n),
  u64le(4096n),
  FILE_TIME,
  FILE_TIME,
  FILE_TIME,
  u64le(1000n),
  u64le(100n),
  u32le(0),
  u64le(8n),
  u64le(1n),
  u64le(77n),
  u64le(0x1a4n),
  u64le(1n),
);
const stream = join(u32le(0), u32le(14), u64le(5n), u64le(4096n), wideOnly('::$DATA'));
const compression = join(u64le(3n), u16le(2), [16, 12, 12], zeros(3));

/** What each level answers. */
const LEVELS: readonly (readonly [level: number, data: Uint8Array])[] = [
  [1, standardInformation],
  [2, join(standardInformation, u32le(4))],
  [4, attributes],
  [0x101, basic],
  [0x102, standard],
  [0x103, u32le(4)],
  [0x104, named('\\docs\\d.txt')],
  [0x107, join(basic, standard, zeros(2), u32le(4), named('\\docs\\d.txt'))],
  [0x108, named('D.TXT')],
  [0x109, stream],
  [0x10b, compression],
  [0x200, unixBasic],
  [0x201, wide('target')],
  [1006, u64le(77n)],
  [1014, u64le(3n)],
  [1016, u32le(2)],
  [1017, u32le(1)],
  [
    1018,
    join(
      basic,
      standard,
      zeros(2),
      u64le(77n),
      u32le(4),
      u32le(0x0012_00a9),
      u64le(3n),
      u32le(2),
      u32le(1),
      named('\\docs\\d.txt'),
    ),
  ],
  [1034, join(fileTimes, u64le(4096n), u64le(5n), u32le(0x80), u32le(0))],
  [1035, join(u32le(0x400), u32le(0xa000_0003))],
];

function trans2(
  code: number,
  parameters: BytesLike,
  data: BytesLike,
  answer: BytesLike,
  answered: BytesLike,
): Exchange {
  return [
    TRANS2,
    { ...transact({ setup: u16le(code), name: [0], parameters, data }), isUnicode: true },
    { ...transacted({ parameters: answer, data: answered }), isUnicode: true },
  ];
}

const path = wide('\\docs\\d.txt');
const queries = LEVELS.map(([level, data]) => trans2(5, join(u16le(level), u32le(0), path), [], u16le(0), data));
const sets: readonly Exchange[] = (
  [
    [1, standardInformation],
    [0x101, basic],
    [0x102, [1]],
    [0x103, u64le(8192n)],
    [0x104, u64le(3n)],
    [1010, join([1, 0, 0, 0], u32le(0), named('e.txt'))],
  ] as const
).map(([level, data]) => trans2(8, join(FID, u16le(level), u16le(0)), data, u16le(0), []));

const VOLUMES: readonly (readonly [level: number, data: Uint8Array])[] = [
  [1, join(u32le(0), u32le(8), u32le(1000), u32le(500), u16le(512))],
  [2, join(u32le(0x1234_abcd), [8], wideOnly('DATA'))],
  [0x101, named('DATA')],
  [0x102, join(FILE_TIME, u32le(0x1234_abcd), u32le(8), u16le(0), wideOnly('DATA'))],
  [0x103, join(u64le(1000n), u64le(500n), u32le(8), u32le(512))],
  [0x104, join(u32le(7), u32le(0x20))],
  [0x105, join(u32le(0x0c), u32le(255), named('NTFS'))],
  [0x200, join(u16le(1), u16le(0), u64le(0x2bn))],
  [1006, join(zeros(24), u64le(1000n), u64le(2000n), [3], zeros(7))],
  [1007, join(u64le(1000n), u64le(400n), u64le(500n), u32le(8), u32le(512))],
];
const volumes = VOLUMES.map(([level, data]) => trans2(3, u16le(level), [], [], data));

const found = join(fileTimes, u64le(5n), u64le(4096n), u32le(0x20), u32le(10));
const shortName = join([10, 0], wideOnly('D.TXT'), zeros(14));
const FOUND: readonly (readonly [level: number, data: Uint8Array])[] = [
  [1, join(u32le(1), standardInformation, [10], wideOnly('d.txt'), zeros(2))],
  [2, join(u32le(1), standardInformation, u32le(4), [10], wideOnly('d.txt'), zeros(2))],
  [0x101, join(u32le(0), u32le(0), found, wideOnly('d.txt'))],
  [0x102, join(u32le(0), u32le(0), found, u32le(0), wideOnly('d.txt'))],
  [0x103, join(u32le(0), u32le(0), u32le(10), wideOnly('d.txt'))],
  [
    0x104,
    join(
      u32le(104),
      u32le(0),
      found,
      u32le(0),
      shortName,
      wideOnly('d.txt'),
      u32le(0),
      u32le(0),
      found,
      u32le(0),
      shortName,
      wideOnly('e.txt'),
    ),
  ],
  [0x105, join(u32le(0), u32le(0), found, u32le(0), u32le(0), u64le(77n), wideOnly('d.txt'))],
  [0x106, join(u32le(0), u32le(0), found, u32le(0), shortName, u16le(0), u64le(77n), wideOnly('d.txt'))],
];
const first = join(u16le(0x0801), u16le(1), u16le(1), u16le(0), u16le(0));
const searches: readonly Exchange[] = [
  ...FOUND.map(([level, data]) =>
    trans2(
      1,
      join(u16le(0x16), u16le(10), u16le(level < 0x100 ? 6 : 2), u16le(level), u32le(0), wide('\\docs\\*')),
      [],
      first,
      data,
    ),
  ),
  trans2(
    2,
    join(u16le(0x0801), u16le(10), u16le(0x104), u32le(1), u16le(2), wide('d.txt')),
    [],
    first.slice(2),
    FOUND[5]?.[1] ?? [],
  ),
];

function referral(version: number, size: number, ...parts: readonly BytesLike[]): Uint8Array {
  return join(u16le(version), u16le(size), u16le(1), u16le(0), ...parts);
}
const referrals = join(
  u16le(24),
  u16le(3),
  u32le(3),
  referral(1, 28, wide('\\FILES\\A')),
  referral(2, 22, u32le(0), u32le(300), u16le(56), u16le(56), u16le(80)),
  referral(3, 34, u32le(300), u16le(34), u16le(34), u16le(58), zeros(16)),
  wide('\\DOMAIN\\DFS'),
  wide('\\FILES\\DFS'),
);
const names = join(
  u16le(0),
  u16le(1),
  u32le(2),
  join(u16le(3), u16le(18), u16le(1), u16le(2), u32le(600), u16le(18), u16le(1), u16le(34)),
  wide('EXAMPLE'),
  wide('\\DC1'),
);
const others: readonly Exchange[] = [
  trans2(16, join(u16le(3), wide('\\DOMAIN\\DFS')), [], [], referrals),
  trans2(16, join(u16le(3), wide('')), [], [], names),
  trans2(13, join(u32le(0), wide('\\new')), [], u16le(0), []),
  trans2(4, join(FID, u16le(0x203)), [1, 2], [], []),
  trans2(
    0,
    join(u16le(1), u16le(0x42), u16le(0), u16le(0x20), UNIX_TIME, u16le(0x11), u32le(0), zeros(10), wide('\\o.txt')),
    [],
    join(
      FID,
      u16le(0x20),
      UNIX_TIME,
      u32le(5),
      u16le(0x42),
      u16le(0),
      u16le(7),
      u16le(1),
      u32le(9),
      u16le(0),
      u32le(4),
    ),
    [],
  ),
  [
    0x33,
    {
      words: join(u16le(4), u16le(0), u16le(2), u16le(52), u16le(2), u16le(0), u16le(0), u16le(0), FID),
      bytes: [1, 2],
    },
    null,
  ],
];

const NT = 0xa0;
const control = join(u32le(0x0009_0028), FID, [1, 1]);
const watch = join(u32le(0x17), FID, [1, 0]);
const change = (next: number, action: number, name: string): Uint8Array =>
  join(u32le(next), u32le(action), u32le(2 * name.length), wideOnly(name));
const nt: readonly Exchange[] = [
  [
    NT,
    {
      ...ntTransact(1, {
        parameters: join(
          u32le(0x16),
          u32le(0),
          u32le(0x0012_019f),
          u64le(0n),
          u32le(0x80),
          u32le(7),
          u32le(3),
          u32le(0x40),
          u32le(0),
          u32le(0),
          u32le(20),
          u32le(2),
          [3, 0],
          wideOnly('\\docs\\d.tx'),
        ),
      }),
      isUnicode: true,
    },
    { ...ntTransacted({ parameters: join([2, 0], FID, u32le(1), zeros(61)) }), isUnicode: true },
  ],
  [
    NT,
    { ...ntTransact(2, { setup: control, data: [1, 2, 3, 4] }) },
    { ...ntTransacted({ setup: u16le(0), data: [5] }) },
  ],
  [
    NT,
    { ...ntTransact(4, { setup: watch }), isUnicode: true },
    { ...ntTransacted({ parameters: join(change(24, 1, 'a.txt'), [0, 0], change(0, 3, 'b.txt')) }), isUnicode: true },
  ],
  [
    NT,
    { ...ntTransact(6, { parameters: join(FID, u16le(0), u32le(7)) }) },
    { ...ntTransacted({ parameters: u32le(20), data: join([1, 0], u16le(0x8000), zeros(16)) }) },
  ],
  [
    0xa1,
    {
      words: join(zeros(3), u32le(4), u32le(0), u32le(2), u32le(72), u32le(0), u32le(0), u32le(0), u32le(0), [0]),
      bytes: [1, 2],
    },
    null,
  ],
  [0xa0, { words: [], bytes: [] }, { status: 0xc000_0002 }],
];

function pipe(code: number, parts: Parameters<typeof transact>[0], answer: Parameters<typeof transacted>[0]): Exchange {
  return [0x25, transact({ setup: join(u16le(code), FID), name: text('\\PIPE\\'), ...parts }), transacted(answer)];
}
function lanman(parameters: BytesLike, answer: BytesLike, data: BytesLike): Exchange {
  return [0x25, transact({ name: text('\\PIPE\\LANMAN'), parameters }), transacted({ parameters: answer, data })];
}
const call = hex('0500000310000000180000000100000000000000 00000000');
const servers = join(latin1('FILES'.padEnd(16, '\0')), [6, 1], u32le(0x0000_9003), u32le(26), text('made'));
const shares = join(latin1('DOCS'.padEnd(13, '\0')), [0], u16le(0), u32le(20), text('papers'));
const pipes: readonly Exchange[] = [
  pipe(0x26, { data: call }, { data: join(hex('0500020310000000180000000100000000000000'), zeros(4)) }),
  pipe(0x01, { parameters: u16le(0x0100) }, {}),
  pipe(0x21, {}, { parameters: u16le(0x05ff) }),
  pipe(0x22, { parameters: u16le(1) }, { data: join(u16le(1024), u16le(1024), [255, 1, 6], [0], text('\\spool')) }),
  pipe(0x23, {}, { parameters: join(u16le(2), u16le(4), u16le(3)), data: [1, 2] }),
  pipe(0x31, { data: [0, 0] }, { parameters: u16le(2) }),
  pipe(0x11, {}, { data: [1, 2] }),
  [0x25, transact({ setup: join(u16le(0x53), u16le(0)), name: text('\\PIPE\\spool') }), transacted({})],
  [
    0x25,
    transact({ name: text('\\OTHER'), setup: u16le(5), parameters: [1, 2], data: [3] }),
    transacted({ parameters: [1], data: [2] }),
  ],
  lanman(
    join(u16le(104), text('WrLehDz'), text('B16BBDz'), u16le(1), u16le(4096), u32le(0xffff_ffff), text('WORKGROUP')),
    join(u16le(0), u16le(0), u16le(1), u16le(1)),
    servers,
  ),
  lanman(
    join(
      u16le(215),
      text('WrLehDzz'),
      text('B16BBDz'),
      u16le(0),
      u16le(4096),
      u32le(3),
      text('WORKGROUP'),
      text('FILES'),
    ),
    join(u16le(234), u16le(0), u16le(1), u16le(2)),
    servers.slice(0, 16),
  ),
  lanman(
    join(u16le(0), text('WrLeh'), text('B13BWz'), u16le(1), u16le(4096)),
    join(u16le(0), u16le(0), u16le(1), u16le(1)),
    shares,
  ),
  lanman(
    join(u16le(13), text('WrLh'), text('B16BBDz'), u16le(1), u16le(4096)),
    join(u16le(0), u16le(0), u16le(31)),
    servers,
  ),
  [
    0x26,
    { words: join(u16le(2), u16le(0), u16le(2), u16le(51), u16le(0), u16le(0), u16le(0), u16le(0)), bytes: [1, 2] },
    null,
  ],
];

// Mailslots of the logon service

function netbiosName(plain: string, kind: number): Uint8Array {
  const bytes = join(latin1(plain.padEnd(15)), u8(kind));
  return join(u8(32), Uint8Array.from([...bytes].flatMap((byte) => [0x41 + (byte >>> 4), 0x41 + (byte & 15)])), u8(0));
}

function letter(name: string, message: Uint8Array): Layer {
  const inside = smb({
    command: 0x25,
    ...transact({ setup: join(u16le(1), u16le(1), u16le(2)), name: text(name), data: message }),
  });
  const parties = join(netbiosName('HOST4', 0), netbiosName('EXAMPLE', 0x1c));
  const datagram = join(
    [0x11, 0x02],
    u16(9),
    ipAddress(IP4.host),
    u16(138),
    u16(parties.length + inside.length),
    u16(0),
    parties,
    inside,
  );
  return ethernet(
    { src: MAC.host, dst: MAC.broadcast },
    ipv4({ src: IP4.host, dst: '10.0.0.255' }, udp({ srcPort: 138, dstPort: 138 }, datagram)),
  );
}

const LOGON = '\\MAILSLOT\\NET\\NETLOGON';
const REPLY = '\\MAILSLOT\\NET\\GETDC123';
const tokens = join(u16le(0xffff), u16le(0xffff));
const sid = join([1, 4], hex('000000000005'), u32le(21), u32le(111), u32le(222), u32le(333));
const samLogon = join(
  u16le(0x12),
  u16le(0),
  wide('HOST4'),
  wide('HOST4$'),
  text(REPLY),
  u32le(0x80),
  u32le(sid.length),
  zeros(2),
  sid,
  u32le(11),
  tokens,
);
const changes = join(
  u16le(0x0a),
  u32le(9),
  u32le(1000),
  u32le(300),
  u32le(1),
  text('DC1'),
  text('EXAMPLE'),
  wide('DC1'),
  wide('EXAMPLE'),
  u32le(1),
  u32le(0),
  u64le(9n),
  FILE_TIME,
  u32le(sid.length),
  zeros(2),
  sid,
  u32le(1),
  tokens,
);
const logon = ethernetFrames(
  letter(LOGON, samLogon),
  letter(REPLY, join(u16le(0x13), wide('\\\\DC1'), wide('HOST4$'), wide('EXAMPLE'), u32le(1), tokens)),
  letter(LOGON, join(u16le(7), text('HOST4'), text(REPLY), [0], wide('HOST4'), u32le(11), tokens)),
  letter(REPLY, join(u16le(0x0c), text('DC1'), wide('DC1'), wide('EXAMPLE'), u32le(11), tokens)),
  letter(LOGON, join(u16le(0), text('HOST4'), text('alice'), text(REPLY), [1], tokens)),
  letter(REPLY, join(u16le(6), text('\\\\DC1'), tokens)),
  letter(LOGON, changes),
  letter('\\MAILSLOT\\LANMAN', join(u16le(1), u32le(0x1003), [5, 0], u16le(240), text('FILES'), text('made'))),
  letter('\\MAILSLOT\\OTHER', latin1('anything')),
);

const connected: Exchange = [
  0x75,
  { words: join(LAST, u16le(0), u16le(1)), bytes: join([0], text('\\\\FILES\\IPC$'), text('IPC')), tid: 0 },
  { words: join(LAST, u16le(1)), bytes: text('IPC') },
];

export const smbGroup: GoldenGroup = {
  name: 'smb',
  captures: {
    ...smbCommandCaptures,
    'smb-information': smbConversation(...exchanges(connected, ...queries, ...sets, ...volumes)),
    'smb-searches': smbConversation(...exchanges(connected, ...searches, ...others, ...nt)),
    'smb-pipes': smbConversation(...exchanges(connected, ...pipes)),
    'smb-logon': logon,
  } satisfies Readonly<Record<string, GoldenCapture>>,
};
