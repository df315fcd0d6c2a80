/**
 * Writers of the formats of other analysers as byte arrays: Sniffer (DOS and Windows), AIX iptrace, Endace's ERF, K12 text and
 * hex dumps. Independent of engine/.
 */

import { join, u8, u16, u16le, u32, u32le, utf8, zeros } from './build-bytes.ts';
import type { CapturePacket } from './build-capture.ts';

const SECOND = 1_000_000_000n;

// Sniffer for DOS

export interface SnifferFields {
  /** 0 token ring, 1 Ethernet ... */
  readonly network?: number;
  /** 1: the records are as they are. */
  readonly format?: number;
  /** 5: microseconds. */
  readonly unit?: number;
  readonly packets: readonly CapturePacket[];
  /** Records of other types between version and packets. */
  readonly others?: readonly number[];
}

/** Microseconds since the midnight before the first packet, where the tests run. */
export function sniffer({ network = 1, format = 1, unit = 5, packets, others = [] }: SnifferFields): Uint8Array {
  const date = new Date(Number((packets[0]?.time ?? 0n) / 1_000_000n));
  const days = ((date.getFullYear() - 1980) << 9) | ((date.getMonth() + 1) << 5) | date.getDate();
  const midnight = BigInt(new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()) * 1_000_000n;
  const version = join(u16le(4), u16le(0), u16le(0), u16le(days), [4, network, format, unit], zeros(6));
  const record = (type: number, data: Uint8Array): Uint8Array => join(u16le(type), u16le(data.length), zeros(2), data);
  const frames = packets.map(({ time, bytes, length }) => {
    const ticks = Number((time - midnight) / 1000n);
    const head = join(u32le(ticks % 2 ** 32), u8(Math.floor(ticks / 2 ** 32)), u8(0), u16le(bytes.length), zeros(2));
    return record(4, join(head, u16le(length ?? 0), zeros(2), bytes));
  });
  const rest = others.map((type) => record(type, zeros(20)));
  return join(utf8('TRSNIFF data    \u001a'), record(1, version), ...rest, ...frames, record(3, zeros(0)));
}

// Sniffer for Windows, NetXRay

export interface NetxrayFields {
  readonly version?: '001.100' | '002.000' | '002.001' | '002.003';
  readonly network?: number;
  /** The file is a ring: so many of its first packets lie behind the others. */
  readonly wrapped?: number;
  readonly packets: readonly CapturePacket[];
}

export function netxray({ version = '002.001', network = 0, wrapped = 0, packets }: NetxrayFields): Uint8Array {
  const start = (packets[0]?.time ?? 0n) / SECOND;
  const rest = version.startsWith('001') ? 16 : 28;
  const records = packets.map(({ time, bytes, length }) => {
    const ticks = Number((time - start * SECOND) / 1000n);
    return join(u32le(ticks), u32le(0), u16le(length ?? bytes.length), u16le(bytes.length), zeros(rest), bytes);
  });
  const [first, last] = [records.slice(0, wrapped), records.slice(wrapped)];
  const size = (parts: readonly Uint8Array[]): number => parts.reduce((sum, part) => sum + part.length, 0);
  const begin = 128 + (wrapped > 0 ? size(last) : 0);
  const end = 128 + size(records);
  const header = join(
    utf8('XCP\0'),
    utf8(`${version}\0`),
    u32le(Number(start)),
    u32le(packets.length),
    u32le(0),
    u32le(begin),
    u32le(end),
    zeros(12),
    [network, 0, 0, 0, 0],
  );
  return join(header, zeros(128 - header.length), ...(wrapped > 0 ? [...last, ...first] : records));
}

// AIX iptrace

export interface IptracePacket extends CapturePacket {
  readonly isSent?: boolean;
  readonly name?: string;
  readonly unit?: number;
  /** Interface type of RFC 1573. */
  readonly type?: number;
}

export function iptrace(packets: readonly IptracePacket[], version: '1.0' | '2.0' = '2.0'): Uint8Array {
  const records = packets.map(({ time, bytes, isSent = false, name = 'en', unit = 0, type = 6 }) => {
    const seconds = u32(Number(time / SECOND));
    const nanos = u32(Number(time % SECOND));
    const about = join(utf8(name.padEnd(4, '\0')), zeros(12), [type, isSent ? 1 : 0]);
    if (version === '1.0') return join(u32(22 + bytes.length), seconds, zeros(4), about, bytes);
    return join(u32(32 + bytes.length), seconds, zeros(4), about, [unit, 0], seconds, nanos, bytes);
  });
  return join(utf8(`iptrace ${version}`), ...records);
}

// ERF

export interface ErfPacket extends CapturePacket {
  /** 2: Ethernet. */
  readonly type?: number;
  readonly port?: number;
  readonly lost?: number;
  /** Extension headers of eight bytes each. */
  readonly extensions?: number;
}

export function erf(packets: readonly ErfPacket[]): Uint8Array {
  const records = packets.map(({ time, bytes, length, type = 2, port = 0, lost = 0, extensions = 0 }) => {
    const fraction = Number(((time % SECOND) << 32n) / SECOND);
    const more = join(...Array.from({ length: extensions }, (_, i) => join([i < extensions - 1 ? 0x85 : 5], zeros(7))));
    const content = join(more, type === 2 ? zeros(2) : [], bytes);
    const padding = zeros((8 - ((16 + content.length) % 8)) % 8);
    const size = 16 + content.length + padding.length;
    return join(
      u32le(fraction),
      u32le(Number(time / SECOND)),
      [type | (extensions > 0 ? 0x80 : 0), port],
      u16(size),
      u16(lost),
      u16(length ?? bytes.length),
      content,
      padding,
    );
  });
  return join(...records);
}

// texts

const hexOf = (byte: number): string => byte.toString(16).padStart(2, '0');

/** Times of day in UTC. */
export function k12(packets: readonly (CapturePacket & { readonly kind?: string })[]): string {
  return packets
    .map(({ time, bytes, kind = 'ETHER' }) => {
      const clock = new Date(Number(time / 1_000_000n)).toISOString().slice(11, 19);
      const micros = String((time % SECOND) / 1000n).padStart(6, '0');
      const line = Array.from(bytes, hexOf).join('|');
      const head = `${clock},${micros.slice(0, 3)},${micros.slice(3)}   ${kind}`;
      return `+---------+---------------+----------+\r\n${head}\r\n|0   |${line}|\r\n\r\n`;
    })
    .join('');
}

export interface HexDumpStyle {
  /** Behind the offset. */
  readonly colon?: boolean;
  /** Bytes of a group. */
  readonly group?: number;
  readonly letters?: boolean;
  /** Lines equal to the one before are an asterisk. */
  readonly squeeze?: boolean;
  /** The offset alone ends a packet. */
  readonly hasEnd?: boolean;
}

export function hexDump(bytes: Uint8Array, style: HexDumpStyle = {}): string {
  const { colon = false, group = 1, letters = true, squeeze = false, hasEnd = false } = style;
  const lines: string[] = [];
  let before = '';
  for (let at = 0; at < bytes.length; at += 16) {
    const part = [...bytes.subarray(at, at + 16)];
    const groups: string[] = [];
    for (let i = 0; i < part.length; i += group)
      groups.push(
        part
          .slice(i, i + group)
          .map(hexOf)
          .join(''),
      );
    const text = part.map((byte) => (byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    const content = groups.join(' ');
    if (squeeze && content === before && part.length === 16) {
      if (lines.at(-1) !== '*') lines.push('*');
      continue;
    }
    before = content;
    const offset = at.toString(16).padStart(8, '0');
    lines.push(`${offset}${colon ? ':' : ''} ${content.padEnd(48)}${letters ? `   ${text}` : ''}`.trimEnd());
  }
  if (hasEnd) lines.push(bytes.length.toString(16).padStart(8, '0'));
  return `${lines.join('\n')}\n`;
}
