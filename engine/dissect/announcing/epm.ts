/** The DCE/RPC endpoint mapper (C706 appendix I and O) says on which port an interface listens: towers in its answers. */

import { formatIpv4 } from '../../base/address.ts';
import { u16, u16le, u32, u32le } from '../../base/bytes.ts';
import { toHex } from '../../base/hex.ts';
import type { Announcing } from '../announcements.ts';
import { uuidText } from '../uuid.ts';

const PORT = 135;
const AT = { type: 2, order: 4, body: 16, stub: 24 } as const;
const TYPE = { response: 2, bind: 11, alter: 14 } as const;
const LITTLE = 0x10;
/** The mapper's own interface, as it stands in a bind in little-endian order. */
const EPM = '0883afe11f5dc91191a408002b14a0fa';
const FLOOR = { uuid: 0x0d, tcp: 0x07, udp: 0x08, ip: 0x09 } as const;
const MAX_FLOORS = 16;
const MAX_TOWERS = 64;

export function announceEpm(a: Announcing): void {
  const { bytes, at, end } = a;
  if (a.transport !== 'tcp' || end - at < AT.stub || bytes[at] !== 5) return;
  const type = bytes[at + AT.type];
  if (type === TYPE.bind || type === TYPE.alter) {
    if (a.source.port !== PORT && a.destination.port !== PORT && !asksMapper(bytes, at, end)) return;
    a.state(() => ({ isMapper: true }));
    return;
  }
  if (type !== TYPE.response) return;
  if (a.source.port !== PORT && !a.state(() => ({ isMapper: false })).isMapper) return;
  towers(a, (bytes[at + AT.order] & LITTLE) !== 0);
}

function asksMapper(bytes: Uint8Array, at: number, end: number): boolean {
  return end - at >= 48 && toHex(bytes.subarray(at + 32, at + 48)) === EPM;
}

/** A tower is two lengths that agree, in front of its floors: found wherever pointers and alignment put it. */
function towers(a: Announcing, isLittle: boolean): void {
  const read = isLittle ? u32le : u32;
  let found = 0;
  for (let at = a.at + AT.stub; at + 14 <= a.end && found < MAX_TOWERS; ) {
    const length = read(a.bytes, at);
    const from = length === read(a.bytes, at + 4) ? at + 8 : 0;
    const floors = from === 0 || length < 30 || from + length > a.end ? 0 : u16le(a.bytes, from);
    if (floors >= 3 && floors <= MAX_FLOORS) {
      tower(a, from, from + length);
      found++;
      at = from + length;
    } else at++;
  }
}

function tower(a: Announcing, at: number, end: number): void {
  const { bytes } = a;
  const floors = u16le(bytes, at);
  let next = at + 2;
  let uuid = '';
  let address = a.source.address;
  let tcp = 0;
  let udp = 0;
  for (let i = 0; i < floors && next + 4 <= end; i++) {
    const left = next + 2;
    const right = left + u16le(bytes, next);
    if (right + 2 > end || right === left) return;
    const value = right + 2;
    const length = u16le(bytes, right);
    if (value + length > end) return;
    const protocol = bytes[left];
    if (protocol === FLOOR.uuid && i === 0 && right - left >= 19) uuid = uuidText(bytes, left + 1, true);
    else if (protocol === FLOOR.tcp && length >= 2) tcp = u16(bytes, value);
    else if (protocol === FLOOR.udp && length >= 2) udp = u16(bytes, value);
    else if (protocol === FLOOR.ip && length >= 4 && u32(bytes, value) !== 0) address = formatIpv4(u32(bytes, value));
    next = value + length;
  }
  if (uuid === '') return;
  const note = { text: uuid, row: a.row };
  if (tcp > 0) a.tell('tcp', address, tcp, 'dcerpc', 'EPM').notes.set('interface', note);
  if (udp > 0) a.tell('udp', address, udp, 'dcerpc', 'EPM').notes.set('interface', note);
}
