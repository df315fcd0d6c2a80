/** All connections: what was sent again and why, where it was lost, and who suffers. */

import { timeLine } from '../../../analyses/samples.ts';
import { RESENT_KINDS, SIGNS, type Sign, type TcpConnections } from '../../../analyses/tcp-connections.ts';
import type { Chart, Figure, PacketLink, Table, Tone } from '../../../contract/report.ts';
import { RESENT, RESENT_MASK, RESENT_SHIFT } from '../../../table/resent-kinds.ts';
import type { FlowPass } from '../../flow-pass.ts';
import { numbers } from '../columns.ts';
import { countedOnly, SIGN_FILTERS } from './connections.ts';

const BUCKETS = 240;

export interface Totals {
  readonly segments: number;
  readonly resent: number;
  readonly resentSegments: number;
  readonly lostBefore: number;
  readonly lostAfter: number;
  readonly signs: Readonly<Record<Sign, number>>;
}

const sum = (values: ArrayLike<number>): number => {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
};

export function totalsOf(found: TcpConnections): Totals {
  const { signs } = found;
  return {
    segments: sum(found.segments[0]) + sum(found.segments[1]),
    resent: sum(found.resentFrames[0]) + sum(found.resentFrames[1]),
    resentSegments: sum(found.resentSegments),
    lostBefore: sum(found.lostBefore),
    lostAfter: sum(found.lostAfter),
    signs: {
      outOfOrder: sum(signs.outOfOrder),
      duplicateAcks: sum(signs.duplicateAcks),
      zeroWindow: sum(signs.zeroWindow),
      windowFull: sum(signs.windowFull),
      lostSegment: sum(signs.lostSegment),
      ackedUnseen: sum(signs.ackedUnseen),
    },
  };
}

/** A number leads to its packets where there are any. */
function linked(value: number, filter: string): { readonly value: number; readonly link?: PacketLink } {
  return value > 0 ? { value, link: { filter } } : { value };
}

export function figuresOf(found: TcpConnections, totals: Totals, connections: number): Figure[] {
  const signFigure = (id: Sign): Figure => ({
    id: `tcp.${id}`,
    unit: 'count',
    ...linked(totals.signs[id], SIGN_FILTERS[id]),
  });
  return [
    { id: 'tcp.connections', unit: 'number', value: connections },
    {
      id: 'tcp.segments',
      unit: 'count',
      ...linked(totals.segments, `tcp.len > 0${countedOnly(found)}`),
    },
    { id: 'tcp.resent', unit: 'count', ...linked(totals.resent, 'nagare.resent') },
    { id: 'tcp.resentSegments', unit: 'number', ...linked(totals.resentSegments, 'nagare.resent') },
    { id: 'tcp.resentShare', unit: 'share', value: totals.segments === 0 ? Number.NaN : dataShare(found, totals) },
    ...RESENT_KINDS.map(
      (kind): Figure => ({
        id: `tcp.resent.${kind}`,
        unit: 'count',
        ...linked(sum(found.resent[kind]), `nagare.resent == ${RESENT[kind]}`),
      }),
    ),
    { id: 'tcp.lostBefore', unit: 'count', ...linked(totals.lostBefore, 'nagare.lost == 1') },
    { id: 'tcp.lostAfter', unit: 'count', ...linked(totals.lostAfter, 'nagare.lost == 2') },
    ...(['outOfOrder', 'duplicateAcks', 'zeroWindow', 'lostSegment'] as const).map(signFigure),
  ];
}

/** Of the frames with data, those sent again; SYNs carry none. */
export function dataShare(found: TcpConnections, { segments, resent }: Totals): number {
  return Math.min(1, (resent - sum(found.resent.syn)) / segments);
}

/** What Wireshark's rules found, by how often. */
export function flagTable(found: TcpConnections, totals: Totals): Table {
  const signs = (Object.keys(SIGNS) as Sign[])
    .map((id) => ({
      id,
      filter: SIGN_FILTERS[id],
      packets: totals.signs[id],
      connections: found.signs[id].reduce((all, one) => all + (one > 0 ? 1 : 0), 0),
    }))
    .filter(({ packets }) => packets > 0);
  const resent = RESENT_KINDS.map((kind) => ({
    id: `resent.${kind}`,
    filter: `nagare.resent == ${RESENT[kind]}`,
    packets: sum(found.resent[kind]),
    connections: found.resent[kind].reduce((all, one) => all + (one > 0 ? 1 : 0), 0),
  })).filter(({ packets }) => packets > 0);
  const rows = [...resent, ...signs].sort((a, b) => b.packets - a.packets);
  const count = rows.length;
  return {
    id: 'tcp.flags',
    count,
    columns: [
      { id: 'sign', unit: 'key', values: rows.map(({ id }) => `tcp.${id}`) },
      { id: 'packets', unit: 'count', values: numbers(count, (i) => rows[i].packets) },
      { id: 'connections', unit: 'number', values: numbers(count, (i) => rows[i].connections), filter: '' },
      { id: 'filter', unit: 'text', values: rows.map(({ filter }) => filter) },
    ],
    filter: '{filter}',
    packets: 'packets',
  };
}

const TONES: readonly Tone[] = ['amber', 'red', 'violet', 'blue', 'grey'];

/** Repetitions over time, by their kind. */
export function resentChart(pass: FlowPass, { resentRows }: TcpConnections): Chart[] {
  if (resentRows.length === 0) return [];
  const line = timeLine(pass.firstTime, pass.lastTime, BUCKETS);
  const values = RESENT_KINDS.map(() => new Float64Array(line.times.length));
  for (const row of resentRows) {
    const kind = (pass.table.get('analysis', row) >>> RESENT_SHIFT) & RESENT_MASK;
    const bucket = Math.floor((pass.table.get('time', row) - pass.firstTime) / line.width);
    if (bucket >= 0 && bucket < line.times.length) values[kind - 1][bucket]++;
  }
  return [
    {
      id: 'tcp.resent',
      draw: 'bar',
      stacked: true,
      axis: { unit: 'time', values: line.times },
      selects: 'time',
      series: RESENT_KINDS.map((kind, i) => ({
        id: `tcp.resent.${kind}`,
        unit: 'count',
        values: values[i],
        tone: TONES[i],
      })),
    },
  ];
}

export interface Offload {
  readonly frames: number;
  readonly link: PacketLink;
}

/** Frames with more data than a segment of their connection may hold: a network card cuts or has joined them. */
export function offloadOf({ large, more, copies }: TcpConnections): Offload {
  return { frames: sum(large), link: { filter: `nagare.offload.large${countedOnly({ more, copies })}` } };
}
