/** ONC RPC programs: every procedure of mount, portmap and NFS 2, 3 and 4 whose layout the trees know (RFC 1833, 1094, 1813, 7530). */

import { type BytesLike, hex, join, padTo, u32, u64, utf8, zeros } from '../../build-bytes.ts';
import type { Layer } from '../../build-packet.ts';
import { RPC_PROGRAM, rpcCall, rpcReply } from '../../build-services.ts';
import { answer, ask, ethernetFrames, type GoldenGroup } from '../capture.ts';

const NFS_PORT = 2049;
const MOUNT_PORT = 20_048;
const PORTMAP_PORT = 111;

/** RFC 4506 4.11: length, bytes, zeros up to four. */
function text(value: string): Uint8Array {
  return join(u32(value.length), padTo(utf8(value), 4));
}

/** One after the other behind "one more", and the end of the list. */
function list(...items: readonly BytesLike[]): Uint8Array {
  return join(...items.flatMap((item) => [u32(1), item]), u32(0));
}

function words(...values: readonly number[]): Uint8Array {
  return join(...values.map(u32));
}

let transaction = 0x100;

/** Calls and their replies of one program, in pairs; each procedure's number, arguments and result. */
function pairs(
  port: number,
  program: number,
  version: number,
  exchanges: readonly (readonly [number, BytesLike, BytesLike])[],
): readonly Layer[] {
  return exchanges.flatMap(([procedure, given, result]) => {
    const xid = transaction++;
    return [
      ask(port, rpcCall({ xid, program, version, procedure, arguments: given })),
      answer(port, rpcReply(xid, result)),
    ];
  });
}

/** A call with credentials of a flavour, and what is behind them. */
function called(xid: number, flavor: number, credentials: Uint8Array, verifier: Uint8Array): Uint8Array {
  return join(words(xid, 0, 2, RPC_PROGRAM.nfs, 3, 0, flavor, credentials.length), credentials, verifier);
}

const unix = join(u32(0x5a5a0001), text('host4'), words(1000, 100, 2, 10, 24));
const gss = join(words(1, 0, 7, 2), words(4), hex('c0ffee01'));
const empty = words(0, 0);

const credentials = ethernetFrames(
  ask(NFS_PORT, called(1, 1, unix, empty)),
  answer(NFS_PORT, join(words(1, 1, 0, 0, 0, 2), words(2, 4))),
  ask(NFS_PORT, called(2, 6, gss, join(words(6, 8), hex('0102030405060708')))),
  answer(NFS_PORT, words(2, 1, 1, 0, 2, 2)),
  ask(NFS_PORT, called(3, 2, hex('0badcafe'), empty)),
  answer(NFS_PORT, words(3, 1, 1, 1, 2)),
);

// Portmap

const binding = join(words(RPC_PROGRAM.nfs, 3), text('tcp'), text('198.51.100.20.8.1'), text('superuser'));
const mapping = words(RPC_PROGRAM.nfs, 3, 6, 2049);

const portmapVersion2 = pairs(PORTMAP_PORT, RPC_PROGRAM.portmap, 2, [
  [1, mapping, u32(1)],
  [2, mapping, u32(0)],
  [5, join(words(RPC_PROGRAM.mountd, 3, 0), text('ping')), join(words(20_048), text('pong'))],
]);
const portmapVersion4 = pairs(PORTMAP_PORT, RPC_PROGRAM.portmap, 4, [
  [3, binding, text('198.51.100.20.8.1')],
  [4, [], list(binding)],
  [9, binding, text('198.51.100.20.8.1')],
]);

// Mount

const handle2 = padTo(utf8('handle of version 2'), 32);
const handle3 = text('a handle of v3');

const mountVersion3 = pairs(MOUNT_PORT, RPC_PROGRAM.mountd, 3, [
  [1, text('/export/home'), join(u32(0), handle3, words(2, 1, 390_003))],
  [1, text('/export/secret'), u32(13)],
  [2, [], list(join(text('host4'), text('/export/home')))],
  [3, text('/export/home'), []],
  [5, [], list(join(text('/export/home'), list(text('10.0.0.0/24'))))],
]);
const mountVersion1 = pairs(MOUNT_PORT, RPC_PROGRAM.mountd, 1, [[1, text('/export'), join(u32(0), handle2)]]);

// NFS 2

const time = words(1_768_467_600, 250_000);
const attributes2 = join(words(1, 0o106644, 1, 1000, 100, 4096, 4096, 0x0803, 8, 0x801, 1234), time, time, time);
const named2 = join(handle2, text('notes.txt'));

const version2 = pairs(NFS_PORT, RPC_PROGRAM.nfs, 2, [
  [1, handle2, join(u32(0), attributes2)],
  [4, named2, join(u32(0), handle2, attributes2)],
  [5, handle2, join(u32(0), text('/target'))],
  [6, join(handle2, words(8, 4, 0)), join(u32(0), attributes2, text('text'))],
  [8, join(handle2, words(0, 8, 16), text('written')), join(u32(0), attributes2)],
  [11, join(named2, handle2, text('b.txt')), u32(0)],
  [12, join(handle2, named2), u32(13)],
  [13, join(named2, text('/target'), new Uint8Array(32).fill(0xff)), u32(0)],
  [16, join(handle2, words(0, 512)), join(u32(0), list(join(u32(77), text('notes.txt'), u32(5))), u32(1))],
  [17, handle2, words(0, 8192, 4096, 100_000, 60_000, 50_000)],
]);

// NFS 3

const time3 = words(1_768_467_600, 123_456_789);
const attributes3 = join(
  words(1, 0o644, 1, 1000, 100),
  u64(4096n),
  u64(8192n),
  words(8, 3),
  u64(0x801n),
  u64(1234n),
  time3,
  time3,
  time3,
);
const present = join(u32(1), attributes3);
const before = join(u32(1), u64(2048n), time3, time3);
const cache = join(before, present);
const named3 = join(handle3, text('notes.txt'));
const settable = join(words(1, 0o640, 1, 1000, 1, 100, 1), u64(10n), words(2), time3, words(1));
const made = join(u32(1), handle3, present, cache);
const verifier = hex('0011223344556677');

const version3 = pairs(NFS_PORT, RPC_PROGRAM.nfs, 3, [
  [1, handle3, join(u32(0), attributes3)],
  [2, join(handle3, settable, words(0)), join(u32(0), cache)],
  [3, named3, join(u32(0), handle3, present, present)],
  [4, join(handle3, u32(0x1f)), join(u32(0), present, u32(0x0d))],
  [5, handle3, join(u32(0), present, text('/target'))],
  [6, join(handle3, u64(65_536n), u32(8)), join(u32(0), present, words(7, 1), text('content'))],
  [7, join(handle3, u64(0n), words(7, 2), text('content')), join(u32(0), cache, words(7, 2), verifier)],
  [8, join(named3, u32(1), settable), join(u32(0), made)],
  [8, join(named3, u32(2), verifier), join(u32(17), cache)],
  [9, join(named3, settable), join(u32(0), made)],
  [10, join(named3, settable, text('/target')), join(u32(0), made)],
  [11, join(named3, words(7), settable), join(u32(0), made)],
  [12, named3, join(u32(0), cache)],
  [14, join(named3, named3), join(u32(0), cache, cache)],
  [15, join(handle3, named3), join(u32(0), present, cache)],
  [
    16,
    join(handle3, u64(3n), verifier, u32(512)),
    join(u32(0), present, verifier, list(join(u64(1234n), text('notes.txt'), u64(4n))), u32(1)),
  ],
  [
    17,
    join(handle3, u64(0n), verifier, words(512, 4096)),
    join(
      u32(0),
      present,
      verifier,
      list(join(u64(1234n), text('notes.txt'), u64(4n), present, u32(1), handle3)),
      u32(1),
    ),
  ],
  [18, handle3, join(u32(0), present, ...[900n, 500n, 400n, 90n, 50n, 40n].map(u64), u32(60))],
  [
    19,
    handle3,
    join(
      u32(0),
      present,
      words(65_536, 32_768, 512, 65_535, 32_767, 511, 4096),
      u64(1n << 40n),
      words(0, 1),
      u32(0x1b),
    ),
  ],
  [20, handle3, join(u32(0), present, words(32_000, 255, 0, 1, 0, 1))],
  [21, join(handle3, u64(4096n), u32(100)), join(u32(0), cache, verifier)],
]);

// NFS 4

const stateId = join(u32(3), hex('a0a1a2a3a4a5a6a7a8a9aaab'));
const session = hex('101112131415161718191a1b1c1d1e1f');
const change = zeros(20);

function compound(minor: number, ...operations: readonly BytesLike[]): Uint8Array {
  return join(text('made'), words(minor, operations.length), ...operations);
}

function results(...operations: readonly BytesLike[]): Uint8Array {
  return join(u32(0), text('made'), u32(operations.length), ...operations);
}

function done(operation: number, ...rest: readonly BytesLike[]): Uint8Array {
  return join(words(operation, 0), ...rest);
}

const version4 = pairs(NFS_PORT, RPC_PROGRAM.nfs, 4, [
  [
    1,
    compound(
      1,
      join(u32(53), session, words(5, 0, 0, 1)),
      join(u32(22), handle3),
      join(u32(3), u32(0x1f)),
      join(u32(15), text('notes.txt')),
      u32(10),
      join(u32(25), stateId, u64(4096n), u32(8)),
    ),
    results(
      join(words(53, 0), session, words(5, 0, 0, 0, 0)),
      done(22),
      done(3, words(0x1f, 0x0d)),
      done(15),
      done(10, handle3),
      done(25, u32(1), text('content')),
    ),
  ],
  [
    1,
    compound(
      0,
      join(u32(22), handle3),
      join(u32(38), stateId, u64(8n), u32(2), text('content')),
      join(u32(5), u64(0n), u32(16)),
      join(u32(28), text('old.txt')),
      join(words(4, 9), stateId),
    ),
    results(done(22), done(38, words(7, 2), verifier), done(5, verifier), done(28, change), done(4, stateId)),
  ],
]);

export const remoteCallGroup: GoldenGroup = {
  name: 'remote-calls',
  captures: {
    credentials,
    'mount-version-1': ethernetFrames(...mountVersion1),
    'mount-version-3': ethernetFrames(...mountVersion3),
    'nfs-version-2': ethernetFrames(...version2),
    'nfs-version-3': ethernetFrames(...version3),
    'nfs-version-4': ethernetFrames(...version4),
    'portmap-version-2': ethernetFrames(...portmapVersion2),
    'portmap-version-4': ethernetFrames(...portmapVersion4),
  },
};
