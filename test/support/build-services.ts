/**
 * Builders of small services: NTP (RFC 5905), ONC RPC (RFC 5531) with portmap (RFC 1833), RDP negotiation (MS-RDPBCGR
 * 2.2.1.1 over TPKT and X.224), BitTorrent (BEP 3, 5, 10).
 */

import {
  type BytesLike,
  ipv4Address,
  join,
  latin1,
  type Random,
  u8,
  u16,
  u16le,
  u32,
  u32le,
  u64,
  utf8,
  zeros,
} from './build-bytes.ts';

// NTP

export interface NtpFields {
  /** 3 client, 4 server. */
  readonly mode: number;
  readonly version?: number;
  readonly leap?: number;
  readonly stratum?: number;
  readonly poll?: number;
  readonly precision?: number;
  /** Seconds. */
  readonly rootDelay?: number;
  readonly rootDispersion?: number;
  /** Four letters, or the address of the server above. */
  readonly reference?: string;
  /** Nanoseconds since 1970; left out: zero on the wire. */
  readonly referenceTime?: bigint;
  readonly originTime?: bigint;
  readonly receiveTime?: bigint;
  readonly transmitTime?: bigint;
}

/** Seconds between 1900 and 1970. */
const NTP_EPOCH = 2_208_988_800n;
const NANOS = 1_000_000_000n;

export function ntpTime(time: bigint | undefined): Uint8Array {
  if (time === undefined) return zeros(8);
  return u64(((time / NANOS + NTP_EPOCH) << 32n) | (((time % NANOS) << 32n) / NANOS));
}

export function ntp(fields: NtpFields): Uint8Array {
  const reference = fields.reference ?? '';
  const fixed = (seconds: number | undefined): Uint8Array => u32(Math.round((seconds ?? 0) * 65_536));
  return join(
    u8(((fields.leap ?? 0) << 6) | ((fields.version ?? 4) << 3) | fields.mode),
    u8(fields.stratum ?? 0),
    u8(fields.poll ?? 6),
    u8((fields.precision ?? -24) & 0xff),
    fixed(fields.rootDelay),
    fixed(fields.rootDispersion),
    reference.includes('.') ? ipv4Address(reference) : join(latin1(reference), zeros(4 - reference.length)),
    ntpTime(fields.referenceTime),
    ntpTime(fields.originTime),
    ntpTime(fields.receiveTime),
    ntpTime(fields.transmitTime),
  );
}

// ONC RPC, portmap

export const RPC_PROGRAM = { portmap: 100_000, nfs: 100_003, mountd: 100_005, nlockmgr: 100_021 } as const;
export const PORTMAP_PROCEDURE = { null: 0, set: 1, unset: 2, getPort: 3, dump: 4, callIt: 5 } as const;

export interface RpcCallFields {
  readonly xid: number;
  readonly program: number;
  readonly version: number;
  readonly procedure: number;
  readonly arguments?: BytesLike;
}

/** A call without credentials. */
export function rpcCall(fields: RpcCallFields): Uint8Array {
  const head = [fields.xid, 0, 2, fields.program, fields.version, fields.procedure, 0, 0, 0, 0];
  return join(...head.map(u32), fields.arguments ?? []);
}

/** An accepted, successful reply. */
export function rpcReply(xid: number, result: BytesLike = []): Uint8Array {
  return join(...[xid, 1, 0, 0, 0, 0].map(u32), result);
}

/** Over TCP each message is a fragment behind its length, the last one flagged (RFC 5531 11). */
export function rpcRecord(message: Uint8Array): Uint8Array {
  return join(u32((0x8000_0000 | message.length) >>> 0), message);
}

export interface PortmapMapping {
  readonly program: number;
  readonly version: number;
  /** 6 TCP, 17 UDP. */
  readonly protocol: number;
  readonly port?: number;
}

function mappingBytes(mapping: PortmapMapping): Uint8Array {
  return join(u32(mapping.program), u32(mapping.version), u32(mapping.protocol), u32(mapping.port ?? 0));
}

export function portmapGetPort(xid: number, mapping: PortmapMapping): Uint8Array {
  return rpcCall({
    xid,
    program: RPC_PROGRAM.portmap,
    version: 2,
    procedure: PORTMAP_PROCEDURE.getPort,
    arguments: mappingBytes(mapping),
  });
}

export function portmapDump(xid: number): Uint8Array {
  return rpcCall({ xid, program: RPC_PROGRAM.portmap, version: 2, procedure: PORTMAP_PROCEDURE.dump });
}

export function portmapDumpReply(xid: number, mappings: readonly PortmapMapping[]): Uint8Array {
  return rpcReply(xid, join(...mappings.flatMap((mapping) => [u32(1), mappingBytes(mapping)]), u32(0)));
}

// RDP

export const RDP_PROTOCOL = { rdp: 0, ssl: 1, hybrid: 2 } as const;

function tpkt(x224: Uint8Array): Uint8Array {
  return join([3, 0], u16(4 + x224.length), x224);
}

/** Connection request with the cookie that names the user, and the protocols the client can speak. */
export function rdpConnectionRequest(
  user: string,
  protocols: number = RDP_PROTOCOL.ssl | RDP_PROTOCOL.hybrid,
): Uint8Array {
  const cookie = latin1(`Cookie: mstshash=${user}\r\n`);
  const negotiation = join([1, 0], u16le(8), u32le(protocols));
  const body = join([0xe0], zeros(5), cookie, negotiation);
  return tpkt(join(u8(body.length), body));
}

export function rdpConnectionConfirm(protocol: number): Uint8Array {
  const body = join([0xd0], u16(0), u16(0x1234), [0], [2, 0x1f], u16le(8), u32le(protocol));
  return tpkt(join(u8(body.length), body));
}

// BitTorrent

export function bencode(value: Bencoded): Uint8Array {
  if (typeof value === 'number') return utf8(`i${value}e`);
  if (typeof value === 'string') return bencode(utf8(value));
  if (value instanceof Uint8Array) return join(utf8(`${value.length}:`), value);
  if (Array.isArray(value)) return join(utf8('l'), ...value.map(bencode), utf8('e'));
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return join(utf8('d'), ...entries.flatMap(([key, item]) => [bencode(key), bencode(item)]), utf8('e'));
}

export type Bencoded = number | string | Uint8Array | Bencoded[] | { [key: string]: Bencoded };

export function bittorrentHandshake(infoHash: Uint8Array, peerId: Uint8Array): Uint8Array {
  // Reserved bits: extension protocol (BEP 10) and DHT (BEP 5).
  return join(u8(19), latin1('BitTorrent protocol'), [0, 0, 0, 0, 0, 0x10, 0, 0x05], infoHash, peerId);
}

export const BITTORRENT_MESSAGE = {
  choke: 0,
  unchoke: 1,
  interested: 2,
  have: 4,
  bitfield: 5,
  request: 6,
  piece: 7,
  extended: 20,
} as const;

export function bittorrentMessage(type: number, payload: BytesLike = []): Uint8Array {
  return join(u32(1 + payload.length), u8(type), payload);
}

/** A peer id as clients make it: name and version between dashes, then random letters. */
export function peerId(random: Random): Uint8Array {
  return join(
    latin1('-XX0001-'),
    latin1(Array.from({ length: 12 }, () => String.fromCharCode(0x61 + random.int(26))).join('')),
  );
}

export function dhtQuery(transaction: string, method: string, args: { [key: string]: Bencoded }): Uint8Array {
  return bencode({ t: transaction, y: 'q', q: method, a: args });
}

export function dhtResponse(transaction: string, values: { [key: string]: Bencoded }): Uint8Array {
  return bencode({ t: transaction, y: 'r', r: values });
}
