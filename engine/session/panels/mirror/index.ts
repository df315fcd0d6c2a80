/** Mirror quality: what a mirror of traffic (VXLAN, Geneve, ERSPAN, GRE) left out, told apart from what the network lost. */

import { MirrorAnalysis, type MirrorLoss, type MirrorTotals } from '../../../analyses/mirror.ts';
import { MirrorSessions } from '../../../analyses/mirror-sessions.ts';
import type { MapFile } from '../../../cloud/map-file.ts';
import { addressBytes } from '../../../cloud/prefix-table.ts';
import { type Chart, type Figure, type Finding, report, type Table } from '../../../contract/report.ts';
import { BLOCK_ROWS } from '../../../table/packet-table.ts';
import { cloudOf } from '../../cloud.ts';
import { MIRROR_TUNNELS } from '../../mirror-tunnels.ts';
import { numbers, texts } from '../columns.ts';
import { flowEnds } from '../flow-ends.ts';
import { defineReport, type PanelInput } from '../panel.ts';
import { arrivalFindings } from './arrival.ts';
import { type CutPackets, cutPackets } from './cut-packets.ts';
import { type Pace, paceOf } from './pace.ts';
import { pushTable } from './pushes.ts';

const BUCKETS = 240;
/** Share of acknowledged bytes that may be missing where one only wants to look. */
const QUICK_LOOK = 0.05;

interface Found {
  readonly sessions: MirrorSessions;
  readonly loss: MirrorLoss;
  readonly cut: CutPackets;
  readonly pace: Pace;
  readonly total: MirrorTotals;
}

export const mirrorPanel = defineReport({
  name: 'mirror',
  async make(input) {
    const { pass } = input.capture;
    const found = await analyse(input);
    const pushes = await pushTable(input);
    if (found.sessions.all.length === 0 || found.total.packets === 0)
      return report({ findings: [{ id: 'mirror.none', level: 'info', values: {} }], tables: pushes });
    return report({
      findings: [
        ...findingsOf(found),
        ...arrivalFindings(pass.table, found.sessions, { first: pass.firstTime, last: pass.lastTime }),
      ],
      figures: figuresOf(found),
      charts: chartsOf(found),
      tables: [sessionTable(input, found), ...connectionTable(input, found), ...pushes],
    });
  },
});

async function analyse(input: PanelInput): Promise<Found> {
  const { capture, rows, job } = input;
  const { pass } = capture;
  const { table } = pass;
  const sessions = new MirrorSessions(pass.paths, new Set(MIRROR_TUNNELS.keys()));
  const cut = await cutPackets(input, sessions);
  const analysis = new MirrorAnalysis(table, sessions, (row) => pass.flowOf(row), rows, cut.bytes);
  for (let from = table.first; from < table.count; from += BLOCK_ROWS) {
    analysis.take(from, Math.min(table.count, from + BLOCK_ROWS));
    const waiting = job.pause(from, table.count);
    if (waiting !== null) await waiting;
  }
  const loss = analysis.finish();
  const pace = paceOf(table, sessions, rows, loss, { first: pass.firstTime, last: pass.lastTime });
  return { sessions, loss, cut, pace, total: sumOf(loss.sessions) };
}

function sumOf(all: readonly MirrorTotals[]): MirrorTotals {
  const sum = { packets: 0, wireBytes: 0, seen: 0, missing: 0, unknown: 0, repeated: 0, reordered: 0 };
  for (const one of all) for (const key of Object.keys(sum) as (keyof MirrorTotals)[]) sum[key] += one[key];
  return sum;
}

/** Of what was acknowledged: the share that is not in the mirror. */
function missingShare({ seen, missing }: MirrorTotals): number {
  return missing / (seen + missing);
}

function isOneWay(found: Found): boolean {
  return found.loss.directions.length > 0 && found.loss.directions.every(({ isAnswered }) => !isAnswered);
}

function cutTotals(cut: CutPackets): { readonly packets: number; readonly mtu: number } {
  let packets = 0;
  let mtu = 0;
  for (const one of cut.sessions.values()) {
    packets += one.packets;
    mtu = Math.max(mtu, one.mtu);
  }
  return { packets, mtu };
}

function findingsOf(found: Found): Finding[] {
  const { total, cut, pace, sessions } = found;
  const findings: Finding[] = [];
  const bytes = (value: number) => ({ value, unit: 'bytes' }) as const;
  const counted = (value: number) => ({ value, unit: 'count' }) as const;
  const cutAll = cutTotals(cut);
  if (isOneWay(found)) {
    const values = { unknown: bytes(total.unknown) };
    findings.push({ id: 'mirror.oneWay', level: 'look', values });
  } else if (total.seen + total.missing > 0) {
    const share = { value: missingShare(total), unit: 'share' } as const;
    const values = {
      missing: bytes(total.missing),
      share,
      seen: bytes(total.seen),
      sessions: counted(sessions.all.length),
    };
    const isFit = total.missing === 0 && cutAll.packets === 0;
    if (isFit) findings.push({ id: 'mirror.complete', level: 'good', values });
    else if (total.missing === 0) findings.push({ id: 'mirror.onlyCut', level: 'look', values });
    else if (missingShare(total) <= QUICK_LOOK) findings.push({ id: 'mirror.quickLook', level: 'look', values });
    else findings.push({ id: 'mirror.unfit', level: 'wrong', values });
  }
  if (cutAll.packets > 0) {
    const values = { count: counted(cutAll.packets), mtu: { value: cutAll.mtu, unit: 'number' } as const };
    findings.push({ id: 'mirror.cut', level: 'wrong', values });
  }
  if (pace.isCongested) {
    const values = {
      carried: { value: pace.carried, unit: 'bit/s' } as const,
      needed: { value: pace.needed, unit: 'bit/s' } as const,
    };
    findings.push({ id: 'mirror.congested', level: 'look', values });
  }
  if (total.repeated > 0) {
    const link = { filter: `(${anySession(found)}) && tcp.analysis.retransmission` };
    findings.push({ id: 'mirror.repeated', level: 'info', values: { bytes: bytes(total.repeated) }, link });
  }
  if (total.reordered > 0)
    findings.push({ id: 'mirror.reordered', level: 'info', values: { count: counted(total.reordered) } });
  return findings;
}

function anySession({ sessions }: Found): string {
  const names = new Set(sessions.all.map(({ protocol }) => MIRROR_TUNNELS.get(protocol)?.name ?? ''));
  return [...names].join(' || ');
}

function figuresOf(found: Found): Figure[] {
  const { total, cut, pace, sessions } = found;
  const { packets, mtu } = cutTotals(cut);
  const knows = !isOneWay(found) && total.seen + total.missing > 0;
  return [
    { id: 'mirror.sessions', unit: 'number', value: sessions.all.length },
    { id: 'mirror.missing', unit: 'bytes', value: knows ? total.missing : Number.NaN },
    { id: 'mirror.missingShare', unit: 'share', value: knows ? missingShare(total) : Number.NaN },
    { id: 'mirror.repeated', unit: 'bytes', value: total.repeated },
    { id: 'mirror.reordered', unit: 'number', value: total.reordered },
    { id: 'mirror.cut', unit: 'number', value: packets },
    { id: 'mirror.mtu', unit: 'number', value: packets > 0 ? mtu : Number.NaN },
    { id: 'mirror.peak', unit: 'bit/s', value: pace.needed },
  ];
}

function chartsOf({ pace }: Found): Chart[] {
  const { arrived, missing, first, width } = pace;
  const group = Math.max(1, Math.ceil(arrived.length / BUCKETS));
  const places = Math.ceil(arrived.length / group);
  const rate = (values: Float64Array): Float64Array =>
    Float64Array.from({ length: places }, (_, place) => {
      let sum = 0;
      for (let i = place * group; i < Math.min(values.length, (place + 1) * group); i++) sum += values[i];
      return (sum * 8e9) / (group * width);
    });
  if (places === 0) return [];
  return [
    {
      id: 'mirror.time',
      draw: 'area',
      axis: { unit: 'time', values: Float64Array.from({ length: places }, (_, i) => first + i * group * width) },
      selects: 'time',
      stacked: true,
      series: [
        { id: 'mirror.arrived', unit: 'bit/s', values: rate(arrived), tone: 'accent' },
        { id: 'mirror.missing', unit: 'bit/s', values: rate(missing), tone: 'amber' },
      ],
    },
  ];
}

function sessionTable({ capture }: PanelInput, { sessions, loss, cut }: Found): Table {
  const { map } = cloudOf(capture).now.data;
  const shown = sessions.all.flatMap((session, i) =>
    loss.sessions[i].packets > 0 ? [{ session, total: loss.sessions[i], cut: cut.sessions.get(i) }] : [],
  );
  const count = shown.length;
  const answered = (i: number): boolean => shown[i].total.seen + shown[i].total.missing > 0;
  return {
    id: 'mirror.sessions',
    count,
    columns: [
      {
        id: 'tunnel',
        unit: 'text',
        values: texts(count, (i) => MIRROR_TUNNELS.get(shown[i].session.protocol)?.name ?? ''),
      },
      { id: 'mirrorKey', unit: 'id', values: numbers(count, (i) => shown[i].session.key) },
      { id: 'source', unit: 'text', values: texts(count, (i) => shown[i].session.source), filter: '{sourceFilter}' },
      { id: 'destination', unit: 'text', values: texts(count, (i) => shown[i].session.destination) },
      { id: 'name', unit: 'text', values: texts(count, (i) => placeName(map, shown[i].session.source)) },
      { id: 'packets', unit: 'count', values: numbers(count, (i) => shown[i].total.packets) },
      { id: 'bytes', unit: 'bytes', values: numbers(count, (i) => shown[i].total.wireBytes) },
      { id: 'streamBytes', unit: 'bytes', values: numbers(count, (i) => shown[i].total.seen) },
      { id: 'missingBytes', unit: 'bytes', values: numbers(count, (i) => shown[i].total.missing) },
      {
        id: 'missingShare',
        unit: 'share',
        values: numbers(count, (i) => (answered(i) ? missingShare(shown[i].total) : Number.NaN)),
      },
      { id: 'unknownBytes', unit: 'bytes', values: numbers(count, (i) => shown[i].total.unknown) },
      { id: 'repeatedBytes', unit: 'bytes', values: numbers(count, (i) => shown[i].total.repeated) },
      { id: 'reordered', unit: 'number', values: numbers(count, (i) => shown[i].total.reordered) },
      { id: 'cutPackets', unit: 'number', values: numbers(count, (i) => shown[i].cut?.packets ?? 0) },
      { id: 'neededMtu', unit: 'number', values: numbers(count, (i) => shown[i].cut?.mtu ?? Number.NaN) },
      { id: 'sessionFilter', unit: 'text', hidden: true, values: texts(count, (i) => filterOf(shown[i].session)) },
      { id: 'sourceFilter', unit: 'text', hidden: true, values: texts(count, (i) => sourceFilterOf(shown[i].session)) },
    ],
    filter: '{sessionFilter}',
    packets: 'packets',
    sort: { column: 'packets', descending: true },
  };
}

/** What the user's map calls the source of a mirror: the instance, or whatever it says of the address. */
function placeName(map: MapFile | null, address: string): string {
  const bytes = addressBytes(address);
  const entry = bytes === null ? null : (map?.find(bytes) ?? null);
  if (entry === null) return '';
  return [entry.instance || entry.name, entry.card].filter((text) => text !== '').join(' · ') || entry.network;
}

type Session = MirrorSessions['all'][number];

function filterOf({ protocol, key, source, destination, family }: Session): string {
  const tunnel = MIRROR_TUNNELS.get(protocol);
  if (tunnel === undefined) return '';
  const own = `${tunnel.key}#1 == ${key}`;
  return family === '' ? own : `${own} && ${family}.src#1 == ${source} && ${family}.dst#1 == ${destination}`;
}

function sourceFilterOf({ source, family }: Session): string {
  return family === '' ? '' : `${family}.src#1 == ${source}`;
}

/** Directions of connections from which something is missing or unknown, the worst first. */
function connectionTable({ capture }: PanelInput, { loss }: Found): Table[] {
  const worst = loss.directions
    .filter(({ missing, unknown, repeated, reordered }) => missing + unknown + repeated + reordered > 0)
    .sort((a, b) => b.missing - a.missing || b.unknown - a.unknown || b.repeated - a.repeated);
  const count = worst.length;
  if (count === 0) return [];
  const ends = worst.map(({ flow }) => flowEnds(capture.pass, flow));
  const end = (i: number, isSource: boolean): string => {
    const one = ends[i];
    const [host, port] =
      isSource === (worst[i].direction === 0) ? [one.client, one.clientPort] : [one.server, one.serverPort];
    return one.family === 'ipv6' ? `[${host}]:${port}` : `${host}:${port}`;
  };
  return [
    {
      id: 'mirror.connections',
      count,
      columns: [
        { id: 'source', unit: 'text', values: texts(count, (i) => end(i, true)) },
        { id: 'destination', unit: 'text', values: texts(count, (i) => end(i, false)) },
        { id: 'streamBytes', unit: 'bytes', values: numbers(count, (i) => worst[i].seen) },
        { id: 'missingBytes', unit: 'bytes', values: numbers(count, (i) => worst[i].missing) },
        {
          id: 'missingShare',
          unit: 'share',
          values: numbers(count, (i) => (worst[i].isAnswered ? missingShare(worst[i]) : Number.NaN)),
        },
        { id: 'holes', unit: 'number', values: numbers(count, (i) => worst[i].holes.length) },
        { id: 'unknownBytes', unit: 'bytes', values: numbers(count, (i) => worst[i].unknown) },
        { id: 'repeatedBytes', unit: 'bytes', values: numbers(count, (i) => worst[i].repeated) },
        { id: 'reordered', unit: 'number', values: numbers(count, (i) => worst[i].reordered) },
        { id: 'stream', unit: 'id', values: numbers(count, (i) => ends[i].stream) },
      ],
      filter: 'tcp.stream == {stream}',
    },
  ];
}
