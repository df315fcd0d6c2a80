/** Two captures of the same traffic side by side: what was lost in between, how long each way took, what was changed. */

import { spreadOf } from '../../../analyses/samples.ts';
import { type Aligned, alignClocks } from '../../../analyses/two-sided.ts';
import type { Finding, Report, Table } from '../../../contract/report.ts';
import { catalog } from '../../../dissect/registry.ts';
import { PacketSource } from '../../packet-source.ts';
import { numbers, texts } from '../columns.ts';
import { valueText } from '../field-values.ts';
import { type FlowEnds, flowEnds } from '../flow-ends.ts';
import type { PanelInput } from '../panel.ts';
import { type Pair, pairUp, twoFiles } from './both-points.ts';

/** Steps of the ladder. */
const MOST_STEPS = 2000;
const NO_CONTEXT = { displayedBefore: -1, reference: -1 } as const;
/** What boxes on the way change. */
const CHANGEABLE = [
  'ip.src',
  'ip.dst',
  'ipv6.src',
  'ipv6.dst',
  'tcp.srcport',
  'tcp.dstport',
  'ip.ttl',
  'ipv6.hlim',
  'ip.dsfield',
  'ip.flags.df',
  'tcp.options.mss_val',
  'tcp.options.wscale.shift',
  'tcp.options.sack_perm',
  'tcp.options.timestamp.tsval',
  'tcp.window_size_value',
  'tcp.seq_raw',
] as const;

export interface TwoSided extends Pick<Report, 'findings' | 'tables' | 'choices'> {
  /** Flows that both points saw under the same addresses: what TCP analysis says of them is of two points at once. */
  readonly mixed: ReadonlySet<number>;
}

export function twoSided(input: PanelInput): TwoSided {
  const mixed = new Set<number>();
  if (twoFiles(input.capture) === null) return { findings: [], tables: [], choices: [], mixed };
  const pairs = pairUp(input);
  if (pairs.length === 0)
    return { findings: [{ id: 'monitor.sides.none', level: 'look', values: {} }], tables: [], choices: [], mixed };
  for (const { near, far } of pairs) if (near.flow === far.flow) mixed.add(near.flow);
  const later = (of: (pair: Pair) => Pair['there']): number[] =>
    pairs.flatMap((pair) => of(pair).pairs.map((one) => one.later));
  const aligned = alignClocks(
    later(({ there }) => there),
    later(({ back }) => back),
  );
  const wanted = Number(input.options.pair);
  const shown = pairs.find((_, i) => i === wanted - 1) ?? pairs.reduce((a, b) => (lostIn(b) > lostIn(a) ? b : a));
  return {
    choices: [{ id: 'pair', kind: 'own', value: String(pairs.indexOf(shown) + 1) }],
    mixed,
    findings: [...findingsOf(input, pairs, aligned), ...mixedFindings(mixed.size)],
    tables: [pairTable(input, pairs, aligned), changeTable(input, shown), ladder(shown, aligned)],
  };
}

function mixedFindings(count: number): Finding[] {
  return count === 0
    ? []
    : [{ id: 'monitor.sides.mixed', level: 'look', values: { count: { value: count, unit: 'count' } } }];
}

function lostIn({ there, back }: Pair): number {
  return there.lost + back.lost;
}

function fileName({ capture }: PanelInput, file: number): string {
  const names = capture.reader.facts.interfaces.filter((one) => one.file === file).flatMap(({ name }) => name ?? []);
  return `${file + 1}${names.length === 0 ? '' : ` (${names.join(', ')})`}`;
}

function findingsOf(input: PanelInput, pairs: readonly Pair[], aligned: Aligned | null): Finding[] {
  const sum = (of: (pair: Pair) => number): number => pairs.reduce((all, pair) => all + of(pair), 0);
  const lost = sum(lostIn);
  const [{ near, far }] = pairs;
  const found: Finding[] = [
    {
      id: 'monitor.sides.found',
      level: 'info',
      values: {
        count: { value: pairs.length, unit: 'count' },
        near: fileName(input, near.file),
        far: fileName(input, far.file),
        matched: { value: sum(({ there, back }) => there.matched + back.matched), unit: 'bytes' },
      },
    },
    {
      id: lost === 0 ? 'monitor.sides.whole' : 'monitor.sides.lost',
      level: lost === 0 ? 'good' : 'wrong',
      values: {
        lost: { value: lost, unit: 'bytes' },
        there: { value: sum(({ there }) => there.lost), unit: 'bytes' },
        back: { value: sum(({ back }) => back.lost), unit: 'bytes' },
      },
    },
  ];
  if (aligned !== null)
    found.push({
      id: 'monitor.sides.clocks',
      level: 'info',
      values: { offset: { value: aligned.offset, unit: 'ns' }, least: { value: aligned.least, unit: 'ns' } },
    });
  else found.push({ id: 'monitor.sides.noClocks', level: 'look', values: {} });
  const missed = sum(({ there, back }) => there.missed + back.missed);
  if (missed > 0)
    found.push({ id: 'monitor.sides.missed', level: 'look', values: { bytes: { value: missed, unit: 'bytes' } } });
  return found;
}

function pairTable({ capture }: PanelInput, pairs: readonly Pair[], aligned: Aligned | null): Table {
  const count = pairs.length;
  const offset = aligned?.offset ?? Number.NaN;
  const there = pairs.map((pair) => spreadOf(Float64Array.from(pair.there.pairs, ({ later }) => later - offset)));
  const back = pairs.map((pair) => spreadOf(Float64Array.from(pair.back.pairs, ({ later }) => later + offset)));
  const near = (i: number): FlowEnds => flowEnds(capture.pass, pairs[i].near.flow);
  const far = (i: number): FlowEnds => flowEnds(capture.pass, pairs[i].far.flow);
  return {
    id: 'monitor.sides',
    count,
    columns: [
      { id: 'pair', unit: 'id', values: numbers(count, (i) => i + 1) },
      { id: 'nearClient', unit: 'text', values: texts(count, (i) => `${near(i).client}:${near(i).clientPort}`) },
      { id: 'farClient', unit: 'text', values: texts(count, (i) => `${far(i).client}:${far(i).clientPort}`) },
      { id: 'nearServer', unit: 'text', values: texts(count, (i) => `${near(i).server}:${near(i).serverPort}`) },
      { id: 'farServer', unit: 'text', values: texts(count, (i) => `${far(i).server}:${far(i).serverPort}`) },
      { id: 'matchedThere', unit: 'bytes', values: numbers(count, (i) => pairs[i].there.matched) },
      { id: 'matchedBack', unit: 'bytes', values: numbers(count, (i) => pairs[i].back.matched) },
      { id: 'lostThere', unit: 'bytes', values: numbers(count, (i) => pairs[i].there.lost), filter: '{lostThereRows}' },
      { id: 'lostBack', unit: 'bytes', values: numbers(count, (i) => pairs[i].back.lost), filter: '{lostBackRows}' },
      { id: 'missed', unit: 'bytes', values: numbers(count, (i) => pairs[i].there.missed + pairs[i].back.missed) },
      { id: 'delayThereMin', unit: 'ns', values: numbers(count, (i) => there[i].min) },
      { id: 'delayThere', unit: 'ns', values: numbers(count, (i) => there[i].median) },
      { id: 'delayThereP95', unit: 'ns', values: numbers(count, (i) => there[i].p95) },
      { id: 'delayBackMin', unit: 'ns', values: numbers(count, (i) => back[i].min) },
      { id: 'delayBack', unit: 'ns', values: numbers(count, (i) => back[i].median) },
      { id: 'delayBackP95', unit: 'ns', values: numbers(count, (i) => back[i].p95) },
      { id: 'nearStream', unit: 'id', values: numbers(count, (i) => near(i).stream), hidden: true },
      { id: 'farStream', unit: 'id', values: numbers(count, (i) => far(i).stream), hidden: true },
      { id: 'lostThereRows', unit: 'text', values: texts(count, (i) => rowsFilter(pairs[i].there)), hidden: true },
      { id: 'lostBackRows', unit: 'text', values: texts(count, (i) => rowsFilter(pairs[i].back)), hidden: true },
    ],
    filter: 'tcp.stream == {nearStream} or tcp.stream == {farStream}',
    sort: { column: 'pair', descending: false },
  };
}

/** The segments that were lost, as the first point saw them. */
function rowsFilter({ lostRows }: Pair['there']): string {
  if (lostRows.length === 0) return '';
  return `frame.number in {${lostRows
    .slice(0, MOST_STEPS)
    .map(({ seen }) => seen.row + 1)
    .join(', ')}}`;
}

/** What differs between the two points in packets that passed both: those that open the connection, and the first data. */
function changeTable({ capture, dissector }: PanelInput, { near, far, there, back }: Pair): Table {
  const fields = CHANGEABLE.flatMap((name) => catalog.get(name) ?? []);
  const valuesOf = (row: number): string[] => {
    const packet = new PacketSource(capture, dissector, row, NO_CONTEXT);
    return fields.map((field) =>
      packet
        .occurrences(field)
        .map(({ value }) => valueText(field.abbrev, value))
        .join(', '),
    );
  };
  const samples: { readonly what: string; readonly near: number; readonly far: number }[] = [];
  const add = (what: string, a: number | undefined, b: number | undefined): void => {
    if (a !== undefined && b !== undefined && a >= 0 && b >= 0) samples.push({ what, near: a, far: b });
  };
  add('syn', near.syn[0], far.syn[0]);
  add('synAck', near.syn[1], far.syn[1]);
  const data = there.pairs.find(({ first }) => first.row !== near.syn[0]);
  add('dataThere', data?.first.row, data?.second.row);
  const answer = back.pairs.find(({ first }) => first.row !== far.syn[1]);
  add('dataBack', answer?.second.row, answer?.first.row);
  const changes = samples.flatMap((sample) => {
    const [a, b] = [valuesOf(sample.near), valuesOf(sample.far)];
    return fields.flatMap((field, i) =>
      a[i] === b[i] ? [] : [{ ...sample, field: field.abbrev, before: a[i], after: b[i] }],
    );
  });
  const count = changes.length;
  return {
    id: 'monitor.changes',
    count,
    columns: [
      { id: 'changedPacket', unit: 'key', values: changes.map(({ what }) => `changed.${what}`) },
      { id: 'changedField', unit: 'text', values: changes.map(({ field }) => field) },
      { id: 'atClient', unit: 'text', values: changes.map(({ before }) => before) },
      { id: 'atServer', unit: 'text', values: changes.map(({ after }) => after) },
      {
        id: 'nearFrame',
        unit: 'frame',
        values: numbers(count, (i) => changes[i].near + 1),
        filter: 'frame.number == {nearFrame}',
      },
      {
        id: 'farFrame',
        unit: 'frame',
        values: numbers(count, (i) => changes[i].far + 1),
        filter: 'frame.number == {farFrame}',
      },
    ],
    filter: 'frame.number == {nearFrame} or frame.number == {farFrame}',
  };
}

/** Segments of one connection with both their times on the client's clock. */
function ladder({ there, back }: Pair, aligned: Aligned | null): Table {
  const offset = aligned?.offset ?? 0;
  const steps = [
    ...there.pairs.map(({ first, second, later }) => ({
      way: 'toServer',
      near: first.time,
      far: second.time - offset,
      delay: later - offset,
      bytes: first.to - first.from,
      nearRow: first.row,
      farRow: second.row,
      fate: 'arrived',
    })),
    ...back.pairs.map(({ first, second, later }) => ({
      way: 'toClient',
      near: second.time,
      far: first.time - offset,
      delay: later + offset,
      bytes: first.to - first.from,
      nearRow: second.row,
      farRow: first.row,
      fate: 'arrived',
    })),
    ...there.lostRows.map(({ seen, bytes }) => ({
      way: 'toServer',
      near: seen.time,
      far: Number.NaN,
      delay: Number.NaN,
      bytes,
      nearRow: seen.row,
      farRow: Number.NaN,
      fate: 'lost',
    })),
    ...back.lostRows.map(({ seen, bytes }) => ({
      way: 'toClient',
      near: Number.NaN,
      far: seen.time - offset,
      delay: Number.NaN,
      bytes,
      nearRow: Number.NaN,
      farRow: seen.row,
      fate: 'lost',
    })),
  ]
    .sort((a, b) => (a.near || a.far) - (b.near || b.far))
    .slice(0, MOST_STEPS);
  const count = steps.length;
  const of = (value: (step: (typeof steps)[number]) => number): Float64Array => numbers(count, (i) => value(steps[i]));
  return {
    id: 'monitor.ladder',
    count,
    columns: [
      { id: 'nearTime', unit: 'time', values: of(({ near }) => near) },
      { id: 'farTime', unit: 'time', values: of(({ far }) => far) },
      { id: 'way', unit: 'key', values: steps.map(({ way }) => `way.${way}`) },
      { id: 'delay', unit: 'ns', values: of(({ delay }) => delay) },
      { id: 'bytes', unit: 'bytes', values: of(({ bytes }) => bytes), filter: '' },
      { id: 'fate', unit: 'key', values: steps.map(({ fate }) => `fate.${fate}`) },
      {
        id: 'nearFrame',
        unit: 'frame',
        values: of(({ nearRow }) => nearRow + 1),
        filter: 'frame.number == {nearFrame}',
      },
      { id: 'farFrame', unit: 'frame', values: of(({ farRow }) => farRow + 1), filter: 'frame.number == {farFrame}' },
    ],
    filter: 'frame.number == {nearFrame} or frame.number == {farFrame}',
  };
}
