/** One connection packet by packet: the flow chart as a table. */

import { RESENT_KINDS, SIGNS, type Sign } from '../../../analyses/tcp-connections.ts';
import type { Table } from '../../../contract/report.ts';
import { FLAG } from '../../../table/flags.ts';
import { RESENT_MASK, RESENT_SHIFT } from '../../../table/resent-kinds.ts';
import { TCP_FLAG } from '../../../table/tcp-analysis.ts';
import type { FlowPass } from '../../flow-pass.ts';
import { numbers, texts } from '../columns.ts';
import { baseOf, shiftUsed } from './stream.ts';

/** More packets of one connection are not listed; the panel says so. */
export const MOST_STEPS = 20_000;

const FLAG_NAMES = [
  ['SYN', TCP_FLAG.syn],
  ['FIN', TCP_FLAG.fin],
  ['RST', TCP_FLAG.reset],
  ['PSH', TCP_FLAG.push],
  ['ACK', TCP_FLAG.ack],
  ['URG', TCP_FLAG.urgent],
  ['ECE', TCP_FLAG.ece],
  ['CWR', TCP_FLAG.cwr],
] as const;

export function ladderTable(pass: FlowPass, flow: number, all: Uint32Array): Table {
  const { table } = pass;
  const rows = all.subarray(0, MOST_STEPS);
  const count = rows.length;
  const wayOf = (i: number): 0 | 1 => ((table.get('flags', rows[i]) & FLAG.reverse) !== 0 ? 1 : 0);
  const flagsOf = (i: number): number => table.get('tcpFlags', rows[i]);
  const base = (way: 0 | 1): number | null => (pass.relativeSequence ? baseOf(pass, flow, way) : null);
  const bases = [base(0), base(1)] as const;
  const shifts = [shiftUsed(pass, flow, 0), shiftUsed(pass, flow, 1)] as const;
  const relative = (number: number, base: number | null): number => (base === null ? number : (number - base) >>> 0);
  const seq = (i: number): number => relative(table.get('seq', rows[i]), bases[wayOf(i)]);
  const ack = (i: number): number =>
    (flagsOf(i) & TCP_FLAG.ack) === 0 ? Number.NaN : relative(table.get('ack', rows[i]), bases[1 - wayOf(i)]);
  const window = (i: number): number =>
    table.get('window', rows[i]) * ((flagsOf(i) & TCP_FLAG.syn) !== 0 ? 1 : 2 ** shifts[wayOf(i)]);
  const time = (i: number): number => table.get('time', rows[i]);
  return {
    id: 'tcp.ladder',
    count,
    columns: [
      { id: 'frame', unit: 'frame', values: numbers(count, (i) => rows[i] + 1) },
      { id: 'time', unit: 'time', values: numbers(count, time) },
      { id: 'sincePrevious', unit: 'ns', values: numbers(count, (i) => (i === 0 ? 0 : time(i) - time(i - 1))) },
      { id: 'way', unit: 'key', values: texts(count, (i) => (wayOf(i) === 0 ? 'way.toServer' : 'way.toClient')) },
      { id: 'tcpFlags', unit: 'text', values: texts(count, (i) => flagText(flagsOf(i))) },
      { id: 'seq', unit: 'id', values: numbers(count, seq) },
      { id: 'ack', unit: 'id', values: numbers(count, ack) },
      { id: 'dataLength', unit: 'bytes', values: numbers(count, (i) => table.get('payloadLength', rows[i])) },
      { id: 'window', unit: 'bytes', values: numbers(count, window) },
      { id: 'sign', unit: 'key', values: texts(count, (i) => signOf(table.get('analysis', rows[i]))) },
    ],
    filter: 'frame.number == {frame}',
  };
}

function flagText(flags: number): string {
  return FLAG_NAMES.filter(([, bit]) => (flags & bit) !== 0)
    .map(([name]) => name)
    .join(', ');
}

/** What is remarkable of a packet, the gravest alone. */
function signOf(analysis: number): string {
  const kind = RESENT_KINDS[((analysis >>> RESENT_SHIFT) & RESENT_MASK) - 1];
  if (kind !== undefined) return `tcp.resent.${kind}`;
  for (const [sign, bit] of Object.entries(SIGNS) as [Sign, number][]) if ((analysis & bit) !== 0) return `tcp.${sign}`;
  return '';
}
