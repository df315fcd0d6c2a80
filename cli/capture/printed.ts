/** Packets as they come, one line each, as tcpdump prints them: time of day, addresses, protocol, length, what they say. */

import { exportPacket } from '../../engine/session/export.ts';
import { PacketSource } from '../../engine/session/packet-source.ts';
import type { Session } from '../../engine/session/session.ts';

const NS_PER_MS = 1_000_000n;
const NS_PER_SECOND = 1_000_000_000n;

export function printedLine({ capture, dissector }: Session, row: number): string {
  const packet = new PacketSource(capture, dissector, row, { displayedBefore: row - 1, reference: -1 });
  const exported = exportPacket(capture, packet, row);
  const cell = (column: string): string => exported.cell(column);
  const between = cell('destination') === '' ? '' : ' → ';
  const ends = `${cell('source')}${between}${cell('destination')}`;
  return `${timeOfDay(capture.time(row))} ${ends} ${cell('protocol')} ${cell('length')} ${cell('info')}\n`;
}

/** `15:30:00.123456`, in this machine's time zone. */
export function timeOfDay(time: bigint | null): string {
  if (time === null) return '-';
  const date = new Date(Number(time / NS_PER_MS));
  const two = (value: number): string => String(value).padStart(2, '0');
  const micros = String((time % NS_PER_SECOND) / 1000n).padStart(6, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${micros}`;
}
