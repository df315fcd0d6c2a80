/** The endpoint mapper (C706 appendix O, [MS-RPCE] 2.2.1.2): which port an interface listens on. */

import { formatIpv4 } from '../../../base/address.ts';
import { u16, u16le, u32, u32le } from '../../../base/bytes.ts';
import { toHex } from '../../../base/hex.ts';
import type { FieldSpec } from '../../field-spec.ts';
import { RPC_INTERFACES } from '../../names/rpc-interfaces.ts';
import type { TreeBuilder } from '../../tree.ts';

const MAP = 3;
const FLOOR = { uuid: 0x0d, tcp: 0x07, udp: 0x08, ip: 0x09, namedPipe: 0x0f, http: 0x1f } as const;
const MAX_FLOORS = 16;
const NDR: Readonly<Record<string, string>> = {
  '8a885d04-1ceb-11c9-9fe8-08002b104860': '32bit NDR',
  '71710533-beba-4937-8319-b5dbef9ccc36': '64bit NDR',
};

export const epmFields: Readonly<Record<string, FieldSpec>> = {
  uuid: { type: 'guid', label: 'UUID', many: true },
  ver_maj: { type: 'u16', label: 'Version Major', many: true },
  ver_min: { type: 'u16', label: 'Version Minor', many: true },
  'proto.tcp_port': { type: 'u16', label: 'TCP Port', many: true },
  'proto.udp_port': { type: 'u16', label: 'UDP Port', many: true },
  'proto.ip': { type: 'ipv4', label: 'IP', many: true },
  'proto.named_pipe': { type: 'string', label: 'Named Pipe', many: true },
  'proto.http_port': { type: 'u16', label: 'TCP Port', many: true },
  'tower.num_floors': { type: 'u16', label: 'Number of floors', many: true },
};

/** Shows the towers of a map request or response, and adds what they are about to Info. */
export function epmInfo(t: TreeBuilder, at: number, end: number, operation: number, isLittle: boolean): void {
  if (operation !== MAP) return;
  const { bytes } = t;
  const read32 = isLittle ? u32le : u32;
  // A tower is two lengths that agree, in front of its floors: found wherever pointers and alignment put it. The first length
  // takes eight bytes in 64-bit NDR.
  let towers = 0;
  for (let i = at; i + 14 <= end && towers < MAX_FLOORS; ) {
    const length = read32(bytes, i);
    const from =
      length === read32(bytes, i + 4)
        ? i + 8
        : read32(bytes, i + 4) === 0 && length === read32(bytes, i + 8)
          ? i + 12
          : -1;
    const floors = from < 0 ? 0 : u16le(bytes, from);
    if (length >= 30 && floors >= 3 && floors <= MAX_FLOORS && from + length <= end) {
      tower(t, from, from + length, towers === 0);
      towers++;
      i = from + length;
    } else i++;
  }
}

function tower(t: TreeBuilder, at: number, end: number, isFirst: boolean): void {
  const floors = t.u16le(at);
  t.nest(t.text('Tower', at, end - at));
  t.put('tower.num_floors', floors, at, 2);
  let next = at + 2;
  for (let i = 0; i < floors && next + 4 <= end; i++) {
    const left = u16le(t.bytes, next);
    const right = next + 2 + left;
    if (right + 2 > end || left < 1) break;
    const rightLength = u16le(t.bytes, right);
    const value = right + 2;
    if (value + rightLength > end) break;
    floor(t, i, next + 2, left, value, rightLength, isFirst);
    next = value + rightLength;
  }
  t.close();
}

function floor(
  t: TreeBuilder,
  index: number,
  left: number,
  leftLength: number,
  value: number,
  length: number,
  isFirst: boolean,
): void {
  const { bytes } = t;
  const protocol = bytes[left];
  if (protocol === FLOOR.uuid && leftLength >= 19) {
    const uuid = uuidOf(t, left + 1);
    const hex = toHex(uuid);
    const text = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
    const name = RPC_INTERFACES.get(text)?.name ?? NDR[text] ?? text;
    t.put('uuid', uuid, left + 1, 16, `UUID: ${name}`);
    t.put('ver_maj', u16le(bytes, left + 17), left + 17, 2);
    if (length >= 2) t.put('ver_min', u16le(bytes, value), value, 2);
    if (isFirst && index < 2) t.addInfo(`, ${name}`);
  } else if (protocol === FLOOR.tcp && length >= 2) t.put('proto.tcp_port', u16(bytes, value), value, 2);
  else if (protocol === FLOOR.udp && length >= 2) t.put('proto.udp_port', u16(bytes, value), value, 2);
  else if (protocol === FLOOR.http && length >= 2) t.put('proto.http_port', u16(bytes, value), value, 2);
  else if (protocol === FLOOR.ip && length >= 4)
    t.put('proto.ip', u32(bytes, value), value, 4, `IP: ${formatIpv4(u32(bytes, value))}`);
  else if (protocol === FLOOR.namedPipe)
    t.put('proto.named_pipe', t.string(value, length, 'latin1', true), value, length);
}

function uuidOf(t: TreeBuilder, at: number): Uint8Array {
  const b = t.slice(at, 16);
  return Uint8Array.of(b[3], b[2], b[1], b[0], b[5], b[4], b[7], b[6], ...b.subarray(8));
}
