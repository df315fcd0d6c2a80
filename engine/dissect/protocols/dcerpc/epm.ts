/** The endpoint mapper (C706 appendix O, [MS-RPCE] 2.2.1.2): which port an interface listens on. */

import { formatIpv4 } from '../../../base/address.ts';
import { u16, u16le, u32, u32le } from '../../../base/bytes.ts';
import { toHex } from '../../../base/hex.ts';
import type { FieldSpec } from '../../field-spec.ts';
import { RPC_INTERFACES } from '../../names/rpc-interfaces.ts';
import type { TreeBuilder } from '../../tree.ts';
import { uuidBytes, uuidText } from '../../uuid.ts';

const OPERATION = { lookup: 2, map: 3, free: 4 } as const;
const FLOOR = {
  tcp: 0x07,
  udp: 0x08,
  ip: 0x09,
  uuid: 0x0d,
  namedPipe: 0x0f,
  namedPipeOld: 0x10,
  netbios: 0x11,
  http: 0x1f,
} as const;
const PROTOCOLS: Readonly<Record<number, string>> = {
  0x00: 'OSI OID',
  0x02: 'DNA Session Control',
  0x03: 'DNA Session Control V3',
  0x04: 'DNA NSP Transport',
  0x05: 'OSI TP4',
  0x06: 'OSI CLNS or DNA Routing',
  0x07: 'DOD TCP',
  0x08: 'DOD UDP',
  0x09: 'DOD IP',
  0x0a: 'RPC connectionless protocol',
  0x0b: 'RPC connection-oriented protocol',
  0x0d: 'UUID',
  0x0f: 'Named Pipes',
  0x10: 'Named Pipes',
  0x11: 'NetBIOS',
  0x12: 'NetBEUI',
  0x13: 'Netware SPX',
  0x14: 'Netware IPX',
  0x16: 'Appletalk Stream',
  0x17: 'Appletalk Datagram',
  0x18: 'Appletalk',
  0x19: 'NetBIOS',
  0x1a: 'Vines SPP',
  0x1b: 'Vines IPC',
  0x1c: 'StreetTalk',
  0x1f: 'RPC over HTTP',
  0x20: 'Unix Domain Socket',
  0x21: 'null',
  0x22: 'NetBIOS',
};
const INQUIRIES = { 0: 'All', 1: 'By interface', 2: 'By object', 3: 'By both' };
const NDR: Readonly<Record<string, string>> = {
  '8a885d04-1ceb-11c9-9fe8-08002b104860': '32bit NDR',
  '71710533-beba-4937-8319-b5dbef9ccc36': '64bit NDR',
};
const MAX_FLOORS = 16;
const MAX_TOWERS = 256;
const HANDLE = 20;
const UUID = 16;

export const epmFields: Readonly<Record<string, FieldSpec>> = {
  inq_type: { type: 'u32', label: 'Inquiry type', names: INQUIRIES },
  object: { type: 'guid', label: 'Object', many: true },
  if_id: { type: 'guid', label: 'Interface' },
  ver_maj: { type: 'u16', label: 'Version Major' },
  ver_min: { type: 'u16', label: 'Version Minor', many: true },
  ver_opt: { type: 'u32', label: 'Version Option' },
  hnd: { type: 'bytes', label: 'Handle' },
  max_ents: { type: 'u32', label: 'Max entries' },
  num_ents: { type: 'u32', label: 'Num entries' },
  ann_offset: { type: 'u32', label: 'Annotation offset', many: true },
  ann_len: { type: 'u32', label: 'Annotation length', many: true },
  annotation: { type: 'string', label: 'Annotation', many: true },
  uuid: { type: 'guid', label: 'UUID', many: true },
  uuid_version: { type: 'u16', label: 'Version', many: true },
  max_towers: { type: 'u32', label: 'Max Towers' },
  num_towers: { type: 'u32', label: 'Num Towers' },
  rc: { type: 'u32', show: 'hex', label: 'Return code', names: { 0: 'Success', 0x16c9a0d6: 'Not registered' } },
  'tower.len': { type: 'u32', label: 'Length', many: true },
  'tower.num_floors': { type: 'u16', label: 'Number of floors', many: true },
  'tower.lhs.len': { type: 'u16', label: 'LHS Length', many: true },
  'tower.rhs.len': { type: 'u16', label: 'RHS Length', many: true },
  'tower.proto_id': { type: 'u8', show: 'hex', label: 'Protocol', names: PROTOCOLS, many: true },
  'proto.tcp_port': { type: 'u16', label: 'TCP Port', many: true },
  'proto.udp_port': { type: 'u16', label: 'UDP Port', many: true },
  'proto.http_port': { type: 'u16', label: 'TCP Port', many: true },
  'proto.ip': { type: 'ipv4', label: 'IP', many: true },
  'proto.named_pipe': { type: 'string', label: 'Named Pipe', many: true },
  'proto.netbios_name': { type: 'string', label: 'NetBIOS Name', many: true },
  referent_id: { type: 'u32', show: 'hex', label: 'Referent ID', many: true, abbrev: 'dcerpc.referent_id' },
  referent_id64: { type: 'u64', show: 'hex', label: 'Referent ID', many: true, abbrev: 'dcerpc.referent_id64' },
  'array.max_count': { type: 'u32', label: 'Max Count', many: true, abbrev: 'dcerpc.array.max_count' },
  'array.offset': { type: 'u32', label: 'Offset', many: true, abbrev: 'dcerpc.array.offset' },
  'array.actual_count': { type: 'u32', label: 'Actual Count', many: true, abbrev: 'dcerpc.array.actual_count' },
};

interface Call {
  readonly operation: number;
  readonly isRequest: boolean;
  readonly isLittle: boolean;
}

/** Reads NDR one value after the other: pointers and counts take four bytes, or eight in 64-bit NDR. */
class Ndr {
  readonly base: number;
  at: number;
  readonly end: number;
  readonly isLittle: boolean;
  readonly isWide: boolean;
  private readonly t: TreeBuilder;

  constructor(t: TreeBuilder, end: number, isLittle: boolean, isWide: boolean) {
    this.t = t;
    this.base = t.at;
    this.at = t.at;
    this.end = end;
    this.isLittle = isLittle;
    this.isWide = isWide;
  }

  has(length: number): boolean {
    return this.at + length <= this.end;
  }

  align(size: number): void {
    this.at += (size - ((this.at - this.base) % size)) % size;
  }

  peek32(at = this.at): number {
    return this.isLittle ? u32le(this.t.bytes, at) : u32(this.t.bytes, at);
  }

  word(key: string): number {
    this.align(4);
    this.t.need(this.at, 4);
    const value = this.peek32();
    this.t.put(key, value, this.at, 4);
    this.at += 4;
    return value;
  }

  half(key: string): number {
    this.align(2);
    this.t.need(this.at, 2);
    const value = this.isLittle ? this.t.u16le(this.at) : this.t.u16(this.at);
    this.t.put(key, value, this.at, 2);
    this.at += 2;
    return value;
  }

  /** A count or a length, as wide as a pointer. */
  count(key: string): number {
    if (!this.isWide) return this.word(key);
    this.align(8);
    this.t.need(this.at, 8);
    const value = this.peek32(this.isLittle ? this.at : this.at + 4);
    this.t.put(key, value, this.at, 8);
    this.at += 8;
    return value;
  }

  /** Is there something where the pointer points? */
  pointer(): boolean {
    const size = this.isWide ? 8 : 4;
    this.align(size);
    this.t.need(this.at, size);
    const value = this.isLittle ? this.t.u32le(this.at) : this.t.u32(this.at + size - 4);
    if (this.isWide) this.t.put('referent_id64', BigInt(value), this.at, size);
    else this.t.put('referent_id', value, this.at, size);
    this.at += size;
    return value !== 0;
  }

  uuid(key: string): void {
    this.t.need(this.at, UUID);
    this.t.put(key, uuidBytes(this.t.bytes, this.at, this.isLittle), this.at, UUID);
    this.at += UUID;
  }

  handle(): void {
    this.align(4);
    this.at = this.t.add('hnd', this.at, HANDLE);
  }

  array(): number {
    this.count('array.max_count');
    this.count('array.offset');
    return this.count('array.actual_count');
  }
}

/** Shows a call's parameters, and adds what it is about to Info. */
export function epmCall(t: TreeBuilder, end: number, call: Call): void {
  const { operation, isRequest, isLittle } = call;
  const says = { left: isRequest ? 2 : 1 };
  if (operation === OPERATION.map && isRequest) {
    const ndr = new Ndr(t, end, isLittle, isWideMap(t, end, isLittle));
    pointed(t, 'UUID pointer', ndr, () => ndr.uuid('uuid'));
    pointed(t, 'Tower pointer', ndr, () => towerPointed(t, ndr, says));
    ndr.handle();
    if (ndr.at < end) ndr.word('max_towers');
  } else if (operation === OPERATION.map) {
    const ndr = new Ndr(t, end, isLittle, isWideAnswer(t, end, isLittle));
    ndr.handle();
    ndr.word('num_towers');
    towers(t, ndr, says);
    ndr.align(4);
    if (ndr.has(4)) ndr.word('rc');
  } else if (operation === OPERATION.lookup && isRequest) lookup(t, new Ndr(t, end, isLittle, false));
  else if (operation === OPERATION.lookup) entries(t, new Ndr(t, end, isLittle, false), says);
  else if (operation === OPERATION.free) {
    const ndr = new Ndr(t, end, isLittle, false);
    ndr.handle();
    if (!isRequest && ndr.has(4)) ndr.word('rc');
  }
}

/** 64-bit NDR: the tower's two lengths agree where wide pointers put them. */
function isWideMap({ bytes, at }: TreeBuilder, end: number, isLittle: boolean): boolean {
  const read = isLittle ? u32le : u32;
  if (at + 44 > end || read(bytes, at + 24) === read(bytes, at + 28)) return false;
  return read(bytes, isLittle ? at + 32 : at + 36) === read(bytes, at + 40);
}

/** The same of an answer: the upper half of the first count is zero, and so is the offset. */
function isWideAnswer({ bytes, at }: TreeBuilder, end: number, isLittle: boolean): boolean {
  const read = isLittle ? u32le : u32;
  if (at + HANDLE + 4 + 24 > end) return false;
  const from = at + HANDLE + 4;
  const upper = [0, 8, 16].map((i) => read(bytes, from + i + (isLittle ? 4 : 0)));
  const lower = [0, 8, 16].map((i) => read(bytes, from + i + (isLittle ? 0 : 4)));
  return upper.every((value) => value === 0) && lower[1] === 0 && lower[2] <= lower[0] && lower[0] > 0;
}

function pointed(t: TreeBuilder, title: string, ndr: Ndr, show: () => void): void {
  const from = ndr.at;
  t.nest(t.text(title, from, 0));
  if (ndr.pointer()) show();
  t.close(ndr.at);
}

/** An array of pointers, and behind them what they point to. */
function towers(t: TreeBuilder, ndr: Ndr, says: { left: number }): void {
  const from = ndr.at;
  t.nest(t.text('Tower array', from, 0));
  const count = Math.min(ndr.array(), MAX_TOWERS);
  const present: boolean[] = [];
  for (let i = 0; i < count && ndr.has(4); i++) present.push(ndr.pointer());
  for (const isThere of present) {
    if (!isThere || !ndr.has(8)) continue;
    t.nest(t.text('Tower', ndr.at, 0));
    towerPointed(t, ndr, says);
    t.close(ndr.at);
  }
  t.close(ndr.at);
}

/** Two lengths that agree, and the tower. */
function towerPointed(t: TreeBuilder, ndr: Ndr, says: { left: number }): void {
  ndr.count('tower.len');
  const length = ndr.word('tower.len');
  const end = Math.min(ndr.end, ndr.at + length);
  if (end - ndr.at >= 2) tower(t, ndr.at, end, says);
  ndr.at = end;
}

/** A floor each for the interface, its syntax, and the protocols down to the address. */
function tower(t: TreeBuilder, at: number, end: number, says: { left: number }): void {
  const count = t.u16le(at);
  t.put('tower.num_floors', count, at, 2);
  let next = at + 2;
  for (let i = 0; i < count && i < MAX_FLOORS && next + 4 <= end; i++) {
    const left = u16le(t.bytes, next);
    const right = next + 2 + left;
    if (right + 2 > end || left < 1) return;
    const rightLength = u16le(t.bytes, right);
    const value = right + 2;
    if (value + rightLength > end) return;
    const node = t.nest(t.text(`Floor ${i + 1}`, next, value + rightLength - next));
    t.put('tower.lhs.len', left, next, 2);
    t.add('tower.proto_id', next + 2);
    const protocol = t.bytes[next + 2];
    if (protocol === FLOOR.uuid && left >= 19)
      node.text = `Floor ${i + 1} ${syntax(t, next + 3, right, rightLength, i < 2, says)}`;
    else {
      t.put('tower.rhs.len', rightLength, right, 2);
      node.text = `Floor ${i + 1} ${address(t, protocol, value, rightLength)}`;
    }
    t.close();
    next = value + rightLength;
  }
}

/** An interface or a transfer syntax: its UUID and version. Returns its name. */
function syntax(
  t: TreeBuilder,
  at: number,
  right: number,
  rightLength: number,
  isNamed: boolean,
  says: { left: number },
): string {
  const uuid = uuidBytes(t.bytes, at, true);
  const text = uuidText(t.bytes, at, true);
  const name = RPC_INTERFACES.get(text)?.name ?? NDR[text] ?? text;
  t.put('uuid', uuid, at, UUID, `UUID: ${name}${name === text ? '' : ` (${text})`}`);
  const major = u16le(t.bytes, at + UUID);
  t.put(
    'uuid_version',
    u16(t.bytes, at + UUID),
    at + UUID,
    2,
    `Version: ${major & 0xff}.${String(major >> 8).padStart(2, '0')}`,
  );
  t.put('tower.rhs.len', rightLength, right, 2);
  if (rightLength >= 2) t.put('ver_min', u16le(t.bytes, right + 2), right + 2, 2);
  if (isNamed && says.left-- > 0) t.addInfo(`, ${name}`);
  return `UUID: ${name}`;
}

/** What stands right of a protocol: a port, an address, a name. Returns it as text. */
function address(t: TreeBuilder, protocol: number, at: number, length: number): string {
  const { bytes } = t;
  const port = (key: string, title: string): string => {
    t.put(key, u16(bytes, at), at, 2);
    return `${title} Port:${u16(bytes, at)}`;
  };
  if (protocol === FLOOR.tcp && length >= 2) return port('proto.tcp_port', 'TCP');
  if (protocol === FLOOR.udp && length >= 2) return port('proto.udp_port', 'UDP');
  if (protocol === FLOOR.http && length >= 2) return port('proto.http_port', 'RPC over HTTP');
  if (protocol === FLOOR.ip && length >= 4) {
    t.put('proto.ip', u32(bytes, at), at, 4);
    return `IP:${formatIpv4(u32(bytes, at))}`;
  }
  const isPipe = protocol === FLOOR.namedPipe || protocol === FLOOR.namedPipeOld;
  if (isPipe || protocol === FLOOR.netbios) {
    const text = t.string(at, length, 'latin1', true);
    t.put(isPipe ? 'proto.named_pipe' : 'proto.netbios_name', text, at, length);
    return `${isPipe ? 'Named Pipe' : 'NetBIOS'}:${text}`;
  }
  return PROTOCOLS[protocol] ?? `0x${toHex(bytes, '', at, at + Math.min(length, 8))}`;
}

function lookup(t: TreeBuilder, ndr: Ndr): void {
  ndr.word('inq_type');
  pointed(t, 'Object', ndr, () => ndr.uuid('object'));
  pointed(t, 'Interface', ndr, () => {
    ndr.uuid('if_id');
    ndr.half('ver_maj');
    ndr.half('ver_min');
  });
  ndr.word('ver_opt');
  ndr.handle();
  ndr.word('max_ents');
}

/** Entries: an object, a pointer to a tower, a note; then the towers. */
function entries(t: TreeBuilder, ndr: Ndr, says: { left: number }): void {
  ndr.handle();
  ndr.word('num_ents');
  const count = Math.min(ndr.array(), MAX_TOWERS);
  const present: boolean[] = [];
  for (let i = 0; i < count && ndr.has(UUID + 12); i++) {
    t.nest(t.text(`Entry ${i + 1}`, ndr.at, 0));
    ndr.align(4);
    ndr.uuid('object');
    present.push(ndr.pointer());
    ndr.word('ann_offset');
    const length = ndr.word('ann_len');
    const there = Math.min(length, ndr.end - ndr.at);
    t.put('annotation', t.string(ndr.at, there, 'latin1', true), ndr.at, there);
    ndr.at += there;
    t.close(ndr.at);
  }
  for (const isThere of present) {
    if (!isThere || !ndr.has(8)) continue;
    t.nest(t.text('Tower', ndr.at, 0));
    towerPointed(t, ndr, says);
    t.close(ndr.at);
  }
  ndr.align(4);
  if (ndr.has(4)) ndr.word('rc');
}
