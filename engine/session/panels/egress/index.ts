/** Transfer out: who the machine sends to, how much, and what the cloud charges for it. */

import { WAY } from '../../../analyses/egress-sides.ts';
import { BILLING_CLASSES } from '../../../cloud/billing-classes.ts';
import { addressBytes } from '../../../cloud/prefix-table.ts';
import { type Chart, report, type Table } from '../../../contract/report.ts';
import { isText } from '../../../contract/report-output.ts';
import { cloudOf } from '../../cloud.ts';
import { defineReport, type PanelInput } from '../panel.ts';
import { type Counted, countEgress } from './count.ts';
import { figuresOf, findingsOf } from './findings.ts';
import { programsOf } from './programs.ts';
import { quickNames } from './quick-names.ts';
import { classTable, destinationTable, groupTable, outbound, ownTable, portTable, programTable } from './tables.ts';

const TOP = 10;

export const egressPanel = defineReport({
  name: 'egress',
  async make(input) {
    chooseOwn(input);
    const counted = await countEgress(input);
    const names = quickNames(input.capture);
    const { view } = counted;
    const { addresses } = view.ends;
    const destinations = destinationTable(counted, names);
    const hasAny = destinations.count > 0;
    return report({
      choices: [{ id: 'own', kind: 'own', value: view.own.map(({ address }) => addresses.text(address)).join(', ') }],
      findings: findingsOf(counted, names),
      figures: figuresOf(counted),
      charts: hasAny ? chartsOf(counted, destinations, (text) => names.of(text)) : [],
      tables: [
        destinations,
        classTable(counted),
        portTable(counted),
        ...programTable(counted, programsOf(input, counted)),
        ...groupTable(counted, 'name', (peer) => names.of(addresses.text(peer))),
        ...groupTable(counted, 'owner', (peer) => view.classOf(peer).owner),
        ownTable(counted),
      ],
    });
  },
});

/** The own addresses as the user says: a list; nothing, or nothing that is an address: they are found. */
export function chooseOwn({ capture, options }: PanelInput): void {
  const given = (options.own ?? '').split(/[\s,;]+/).filter((text) => addressBytes(text) !== null);
  cloudOf(capture).setOwn(given);
}

function chartsOf(counted: Counted, destinations: Table, nameOf: (address: string) => string): Chart[] {
  const { line, totals, classes, minutes, from } = counted;
  const buckets = line.times.length;
  const seconds = line.width / 1e9;
  const places = BILLING_CLASSES.map((billing, index) => ({ billing, index })).filter(({ billing }) =>
    classes.some((one) => one.class === billing),
  );
  const { sums, top } = topOf(counted, destinations);
  const charts: Chart[] = [
    {
      id: 'egress.time',
      draw: 'area',
      stacked: true,
      axis: { unit: 'time', values: line.times },
      selects: 'time',
      series: places.map(({ billing, index }) => ({
        id: `egress.${billing}`,
        unit: 'bit/s',
        values: totals.line.slice(index * buckets, (index + 1) * buckets).map((bytes) => (bytes * 8) / seconds),
      })),
    },
    {
      id: 'egress.top',
      draw: 'bar',
      axis: { unit: 'text', values: top.map((address) => nameOf(address) || address) },
      series: [{ id: 'ipBytes', unit: 'bytes', values: sums }],
      links: top.map((address) => ({ filter: `${outbound(counted)} and nagare.peer == "${address}"` })),
    },
  ];
  if (minutes >= 2) {
    charts.push({
      id: 'egress.minutes',
      draw: 'bar',
      stacked: true,
      axis: { unit: 'time', values: Float64Array.from({ length: minutes }, (_, i) => from + i * 60e9) },
      selects: 'time',
      series: places.map(({ billing, index }) => ({
        id: `egress.${billing}`,
        unit: 'bytes',
        values: totals.pieces.slice(index * minutes, (index + 1) * minutes),
      })),
    });
  }
  return charts;
}

function topOf(
  { view, totals }: Counted,
  { columns: [addresses] }: Table,
): { readonly sums: Float64Array; readonly top: readonly string[] } {
  const top = isText(addresses) ? addresses.values.slice(0, TOP) : [];
  const sums = new Float64Array(top.length);
  const places = new Map(top.map((address, place) => [address, place]));
  const { way, peer } = view.sides;
  const texts = new Map<number, number>();
  for (let path = 0; path < way.length; path++) {
    if (way[path] !== WAY.out) continue;
    let place = texts.get(peer[path]);
    if (place === undefined) texts.set(peer[path], (place = places.get(view.ends.addresses.text(peer[path])) ?? -1));
    if (place >= 0) sums[place] += totals.ip[path];
  }
  return { sums, top };
}
