/** Control codes ([MS-SMB2] 2.2.31, 2.2.32) and the data of those that networks carry ([MS-FSCC] 2.3, [MS-SMB2] 2.2.31.1 to 2.2.32.5). */

import type { TreeBuilder } from '../../tree.ts';
import { contents, file, flags, guid, type Message, number, numbers, placeOf, put, reserved } from './message.ts';
import { IOCTLS } from './names.ts';

const CODE = {
  pipeTransceive: 0x0011c017,
  networkInterfaces: 0x001401fc,
  validateNegotiate: 0x00140204,
  resumeKey: 0x00140078,
  resiliency: 0x001401d4,
  snapshots: 0x00144064,
  copyChunk: 0x001440f2,
  copyChunkWrite: 0x001480f2,
  getObjectId: 0x0009009c,
  createObjectId: 0x000900c0,
  sharedDisk: 0x00090300,
} as const;
const MAX_INTERFACES = 256;
const MAX_CHUNKS = 256;
const MAX_DIALECTS = 64;
const FAMILY = { ipv4: 2, ipv6: 0x17 } as const;
const INTERFACE = 152;

export function ioctl(t: TreeBuilder, m: Message, at: number): void {
  const code = t.u32le(at + 4);
  reserved(t, at + 2, 2);
  flags(t, 'ioctl.function', code, at + 4, 4);
  t.addInfo(` ${IOCTLS[code] ?? `Unknown (0x${code.toString(16).padStart(8, '0')})`}`);
  m.function = code;
  file(t, m, at + 8, code !== CODE.pipeTransceive);
  const input = { offset: t.u32le(at + 24), length: t.u32le(at + 28) };
  const outAt = at + (m.isResponse ? 32 : 36);
  const output = { offset: t.u32le(outAt), length: t.u32le(outAt + 4) };
  if (!m.isResponse) {
    number(t, 'max_ioctl_in_size', at + 32);
    number(t, 'max_ioctl_out_size', at + 44);
  }
  const flagsAt = at + (m.isResponse ? 40 : 48);
  const bits = t.u32le(flagsAt);
  if (m.isResponse) t.put('flags', bits, flagsAt, 4);
  else {
    t.nest(t.put('ioctl.flags', bits, flagsAt, 4));
    t.put('ioctl.is_fsctl', bits & 1, flagsAt, 4);
    t.close();
  }
  reserved(t, flagsAt + 4, 4);
  blob(t, m, code, at + 24, input, true);
  blob(t, m, code, outAt, output, false);
}

interface Place {
  readonly offset: number;
  readonly length: number;
}

function blob(t: TreeBuilder, m: Message, code: number, at: number, { offset, length }: Place, isInput: boolean): void {
  numbers(t, at, 'olb.offset', 'olb.length');
  const from = placeOf(t, m, offset, length);
  const node = t.put(
    isInput ? 'ioctl.in' : 'ioctl.out',
    new Uint8Array(0),
    from < 0 ? at : from,
    Math.max(0, from < 0 ? 0 : length),
  );
  if (from < 0) {
    node.text = `${isInput ? 'In' : 'Out'} Data: NO DATA`;
    return;
  }
  t.nest(node);
  data(t, m, code, from, length, isInput);
  t.close();
}

function data(t: TreeBuilder, m: Message, code: number, at: number, length: number, isInput: boolean): void {
  switch (code) {
    case CODE.pipeTransceive:
      contents(t, m, at, length, m.isResponse ? (m.request?.fid ?? m.fid) : m.fid, '');
      return;
    case CODE.networkInterfaces:
      if (!isInput) interfaces(t, at, at + length);
      return;
    case CODE.validateNegotiate:
      if (isInput) validateRequest(t, at, at + length);
      else if (length >= 24) validateResponse(t, at);
      return;
    case CODE.resumeKey:
      if (!isInput && length >= 24) t.add('fsctl.cchunk.resume_key', at, 24);
      return;
    case CODE.resiliency:
      if (isInput && length >= 8) numbers(t, at, 'ioctl.resiliency.timeout');
      return;
    case CODE.snapshots:
      if (!isInput && length >= 12) snapshots(t, at, at + length);
      return;
    case CODE.copyChunk:
    case CODE.copyChunkWrite:
      if (isInput) chunks(t, at, at + length);
      else if (length >= 12)
        numbers(t, at, 'fsctl.cchunk.chunks_written', 'fsctl.cchunk.bytes_written', 'fsctl.cchunk.total_written');
      return;
    case CODE.getObjectId:
    case CODE.createObjectId:
      if (!isInput && length >= 64) objectId(t, at);
      return;
    case CODE.sharedDisk:
      if (!isInput && length >= 4) number(t, 'ioctl.shared_virtual_disk.support', at);
      return;
    default:
      t.add('unknown', at, length);
  }
}

/** [MS-SMB2] 2.2.32.5. */
function interfaces(t: TreeBuilder, from: number, end: number): void {
  for (let at = from, i = 0; i < MAX_INTERFACES && at + 28 <= end; i++) {
    const next = t.u32le(at);
    t.nest(t.text('Network Interface', at, next === 0 ? Math.min(INTERFACE, end - at) : next));
    numbers(t, at, 'ioctl.network_interfaces.next_offset', 'ioctl.network_interfaces.index');
    flags(t, 'ioctl.network_interfaces.capabilities', t.u32le(at + 8), at + 8, 4);
    numbers(t, at + 12, 'ioctl.network_interfaces.rss_queue_count');
    numbers(t, at + 16, 'ioctl.network_interfaces.link_speed');
    address(t, at + 24, end);
    t.close();
    if (next < 24) break;
    at += next;
  }
}

/** A sockaddr as Windows has it: the family in the sender's order, the port in the network's. */
function address(t: TreeBuilder, at: number, end: number): void {
  const family = t.u16le(at);
  number(t, 'windows.sockaddr.family', at);
  if (at + 8 > end) return;
  t.put('windows.sockaddr.port', t.u16le(at + 2), at + 2, 2);
  if (family === FAMILY.ipv4) t.put('windows.sockaddr.in.addr', t.u32(at + 4), at + 4, 4);
  else if (family === FAMILY.ipv6 && at + 28 <= end) {
    number(t, 'windows.sockaddr.in6.flow_info', at + 4);
    t.add('windows.sockaddr.in6.addr', at + 8, 16);
    number(t, 'windows.sockaddr.in6.scope_id', at + 24);
  }
}

/** 2.2.31.4: what the client had asked for when it negotiated. */
function validateRequest(t: TreeBuilder, at: number, end: number): void {
  if (at + 24 > end) return;
  flags(t, 'capabilities', t.u32le(at), at, 4);
  put(t, 'client_guid', guid(t, at + 4), at + 4, 16);
  flags(t, 'sec_mode', t.u8(at + 20), at + 20, 2);
  const count = t.u16le(at + 22);
  number(t, 'dialect_count', at + 22);
  for (let i = 0; i < count && i < MAX_DIALECTS && at + 26 + 2 * i <= end; i++) number(t, 'dialect', at + 24 + 2 * i);
}

function validateResponse(t: TreeBuilder, at: number): void {
  flags(t, 'capabilities', t.u32le(at), at, 4);
  put(t, 'server_guid', guid(t, at + 4), at + 4, 16);
  flags(t, 'sec_mode', t.u8(at + 20), at + 20, 2);
  number(t, 'dialect', at + 22);
}

/** 2.2.32.2: names of snapshots, each ended by a zero. */
function snapshots(t: TreeBuilder, at: number, end: number): void {
  numbers(
    t,
    at,
    'ioctl.enumerate_snapshots.num_snapshots',
    'ioctl.enumerate_snapshots.num_snapshots_returned',
    'ioctl.enumerate_snapshots.array_size',
  );
  let next = at + 12;
  for (let i = 0; i < MAX_CHUNKS && next + 2 <= end; i++) {
    const length = 2 * (t.string(next, (end - next) & ~1, 'utf16le').split('\0')[0] ?? '').length;
    if (length === 0) return;
    t.put('ioctl.enumerate_snapshots.snapshot', t.string(next, length, 'utf16le'), next, length);
    next += length + 2;
  }
}

/** 2.2.31.1. */
function chunks(t: TreeBuilder, at: number, end: number): void {
  if (at + 32 > end) return;
  t.add('fsctl.cchunk.resume_key', at, 24);
  const count = t.u32le(at + 24);
  number(t, 'fsctl.cchunk.count', at + 24);
  reserved(t, at + 28, 4);
  for (let i = 0, next = at + 32; i < count && i < MAX_CHUNKS && next + 24 <= end; i++, next += 24) {
    t.nest(t.text('Chunk', next, 24));
    numbers(t, next, 'fsctl.cchunk.src_offset', 'fsctl.cchunk.dst_offset', 'fsctl.cchunk.xfer_len');
    reserved(t, next + 20, 4);
    t.close();
  }
}

function objectId(t: TreeBuilder, at: number): void {
  put(t, 'object_id', guid(t, at), at, 16);
  put(t, 'birth_volume_id', guid(t, at + 16), at + 16, 16);
  put(t, 'birth_object_id', guid(t, at + 32), at + 32, 16);
  put(t, 'domain_id', guid(t, at + 48), at + 48, 16);
}
