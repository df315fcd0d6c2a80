/** The tables of what was sent: by destination, port, name, owner and billing class, and the own addresses. */

import { WAY } from '../../../analyses/egress-sides.ts';
import { monthCost, type PriceTable } from '../../../cloud/prices.ts';
import type { Table, TableColumn } from '../../../contract/report.ts';
import { ipProtocolNames } from '../../../dissect/names/ip-protocols.ts';
import { FIRST_DYNAMIC_PORT, serviceName } from '../../../dissect/names/ports.ts';
import { catalog } from '../../../dissect/registry.ts';
import type { Names } from '../../names.ts';
import { numbers, texts } from '../columns.ts';
import { exceptErrors } from '../quoted.ts';
import type { ClassTotal, Counted } from './count.ts';

const TCP = 6;
const UDP = 17;

interface Sum {
  packets: number;
  ip: number;
  payload: number;
  wire: number;
}

/** Outbound packets that count: copies are left out where the capture has any. */
export function outbound({ totals }: Counted): string {
  const direction = 'nagare.direction == "out"';
  return totals.copies > 0 && catalog.get('nagare.copy') !== undefined ? `${direction} and not nagare.copy` : direction;
}

/** Sums of what was sent by a key of the path. */
function sumsBy<Key>({ view, totals }: Counted, keyOf: (path: number) => Key): [Key, Sum][] {
  const sums = new Map<Key, Sum>();
  const { way } = view.sides;
  for (let path = 0; path < way.length; path++) {
    if (way[path] !== WAY.out || totals.packets[path] === 0) continue;
    const key = keyOf(path);
    let sum = sums.get(key);
    if (sum === undefined) sums.set(key, (sum = { packets: 0, ip: 0, payload: 0, wire: 0 }));
    sum.packets += totals.packets[path];
    sum.ip += totals.ip[path];
    sum.payload += totals.payload[path];
    sum.wire += totals.wire[path];
  }
  return [...sums].sort((a, b) => b[1].ip - a[1].ip);
}

function sumColumns(counted: Counted, sums: readonly (readonly [unknown, Sum])[]): TableColumn[] {
  const all = counted.sum(WAY.out, counted.totals.ip);
  const of = (value: (sum: Sum) => number): Float64Array => numbers(sums.length, (i) => value(sums[i][1]));
  return [
    { id: 'packets', unit: 'count', values: of(({ packets }) => packets) },
    { id: 'ipBytes', unit: 'bytes', values: of(({ ip }) => ip) },
    { id: 'egressShare', unit: 'share', values: of(({ ip }) => ip / all) },
    { id: 'payloadBytes', unit: 'bytes', values: of(({ payload }) => payload) },
    { id: 'wireBytes', unit: 'bytes', values: of(({ wire }) => wire) },
    { id: 'egressRate', unit: 'bit/s', values: of(({ ip }) => (ip * 8e9) / counted.duration) },
  ];
}

const BY_BYTES = { column: 'ipBytes', descending: true } as const;

export function destinationTable(counted: Counted, names: Names): Table {
  const { view } = counted;
  const { addresses } = view.ends;
  const sums = sumsBy(counted, (path) => view.sides.peer[path]);
  const address = sums.map(([peer]) => addresses.text(peer));
  const classes = sums.map(([peer]) => view.classOf(peer));
  return {
    id: 'egress.destinations',
    count: sums.length,
    columns: [
      { id: 'address', unit: 'text', values: address },
      { id: 'name', unit: 'text', values: address.map((text, i) => names.of(text) || (classes[i].entry?.name ?? '')) },
      { id: 'billing', unit: 'key', values: classes.map((one) => `billing.${one.class}`) },
      ...sumColumns(counted, sums),
      { id: 'owner', unit: 'text', values: classes.map(({ owner }) => owner) },
      { id: 'billingReason', unit: 'key', values: classes.map(({ reason }) => `reason.${reason}`) },
      { id: 'billingEvidence', unit: 'text', values: classes.map(({ evidence }) => evidence) },
    ],
    filter: `${outbound(counted)} and nagare.peer == "{address}"`,
    packets: 'packets',
    sort: BY_BYTES,
  };
}

/** Clients were given dynamic ports: there the own port tells the service. */
export function portTable(counted: Counted): Table {
  const { ends, entry } = counted.view.sides;
  const sums = sumsBy(counted, (path) => {
    const at = entry[path];
    const [own, remote] = [ends.sourcePort(at), ends.destinationPort(at)];
    const isServed = remote >= FIRST_DYNAMIC_PORT && own >= 0 && own < FIRST_DYNAMIC_PORT;
    return `${ends.protocol(at)} ${remote < 0 ? '' : isServed ? own : remote} ${isServed ? 'own' : 'remote'}`;
  });
  const parts = sums.map(([key]) => key.split(' '));
  const protocol = (i: number): number => Number(parts[i][0]);
  const transport = (i: number): 'tcp' | 'udp' | null =>
    protocol(i) === TCP ? 'tcp' : protocol(i) === UDP ? 'udp' : null;
  const filter = (i: number): string => {
    const over = transport(i);
    const [, port, side] = parts[i];
    if (over === null || port === '') return '';
    if (side === 'own') return `${over}.srcport == ${port} and ${over}.dstport >= ${FIRST_DYNAMIC_PORT}`;
    const both = Number(port) >= FIRST_DYNAMIC_PORT ? ` and ${over}.srcport >= ${FIRST_DYNAMIC_PORT}` : '';
    return `${over}.dstport == ${port}${both}`;
  };
  const start = outbound(counted) + exceptErrors(hasIcmp(counted));
  return {
    id: 'egress.ports',
    count: sums.length,
    columns: [
      { id: 'protocol', unit: 'text', values: texts(sums.length, (i) => ipProtocolNames[protocol(i)] ?? parts[i][0]) },
      { id: 'port', unit: 'text', values: parts.map(([, port]) => port) },
      { id: 'portSide', unit: 'key', values: parts.map(([, port, side]) => (port === '' ? '' : `portSide.${side}`)) },
      {
        id: 'service',
        unit: 'text',
        values: texts(sums.length, (i) => {
          const over = transport(i);
          return over === null || parts[i][1] === '' ? '' : serviceName(over, Number(parts[i][1]));
        }),
      },
      ...sumColumns(counted, sums),
      {
        id: 'filter',
        unit: 'text',
        values: texts(sums.length, (i) => (filter(i) === '' ? '' : `${start} and ${filter(i)}`)),
        hidden: true,
      },
    ],
    filter: '{filter}',
    packets: 'packets',
    sort: BY_BYTES,
  };
}

/** ICMP errors quote ports of others. */
function hasIcmp({ view, totals }: Counted): boolean {
  const { way, entry } = view.sides;
  for (let path = 0; path < way.length; path++) {
    if (way[path] !== WAY.out || totals.packets[path] === 0) continue;
    const protocol = view.ends.protocol(entry[path]);
    if (protocol === 1 || protocol === 58) return true;
  }
  return false;
}

/** Destinations put together by a text of theirs; those that have none are left out. */
export function groupTable(counted: Counted, id: 'name' | 'owner', textOf: (peer: number) => string): Table[] {
  const { view } = counted;
  const sums = sumsBy(counted, (path) => textOf(view.sides.peer[path])).filter(([text]) => text !== '');
  if (sums.length === 0) return [];
  const members = new Map<string, Set<string>>();
  for (const peer of new Set(view.sides.peer)) {
    const text = textOf(peer);
    if (text === '') continue;
    const list = members.get(text);
    if (list === undefined) members.set(text, new Set([view.ends.addresses.text(peer)]));
    else list.add(view.ends.addresses.text(peer));
  }
  return [
    {
      id: `egress.${id}s`,
      count: sums.length,
      columns: [
        { id, unit: 'text', values: sums.map(([text]) => text) },
        { id: 'destinations', unit: 'number', values: numbers(sums.length, (i) => members.get(sums[i][0])?.size ?? 0) },
        ...sumColumns(counted, sums),
        {
          id: 'members',
          unit: 'text',
          values: sums.map(([text]) => [...(members.get(text) ?? [])].map((address) => `"${address}"`).join(', ')),
          hidden: true,
        },
      ],
      filter: `${outbound(counted)} and nagare.peer in {{members}}`,
      packets: 'packets',
      sort: BY_BYTES,
    },
  ];
}

/** By the likely program; a port that several programs used one after the other is in none. */
export function programTable(counted: Counted, programOf: ((path: number) => string) | null): Table[] {
  if (programOf === null) return [];
  const sums = sumsBy(counted, programOf).filter(([text]) => text !== '');
  return [
    {
      id: 'egress.processes',
      count: sums.length,
      columns: [
        { id: 'program', unit: 'text', values: sums.map(([text]) => text) },
        ...sumColumns(counted, sums),
        { id: 'quoted', unit: 'text', values: sums.map(([text]) => JSON.stringify(text)), hidden: true },
      ],
      filter: `${outbound(counted)} and nagare.process == {quoted}`,
      sort: BY_BYTES,
    },
  ];
}

/** What a class costs: these bytes as if they were the month's, and the month that they project to. */
export interface Cost {
  readonly now: number;
  readonly month: number;
  readonly low: number;
  readonly high: number;
}

export function costOf(prices: PriceTable | null, { class: billing, ip, projection }: ClassTotal): Cost {
  const of = (bytes: number): number =>
    prices === null || Number.isNaN(bytes) ? Number.NaN : monthCost(prices, billing, bytes);
  return { now: of(ip), month: of(projection.month), low: of(projection.low), high: of(projection.high) };
}

export function classTable(counted: Counted): Table {
  const { classes, view } = counted;
  const count = classes.length;
  const all = counted.sum(WAY.out, counted.totals.ip);
  const costs = classes.map((one) => costOf(view.data.prices, one));
  const money: TableColumn[] =
    view.data.prices === null
      ? []
      : [
          { id: 'cost', unit: 'money', values: numbers(count, (i) => costs[i].now) },
          { id: 'costMonth', unit: 'money', values: numbers(count, (i) => costs[i].month) },
          { id: 'costLow', unit: 'money', values: numbers(count, (i) => costs[i].low) },
          { id: 'costHigh', unit: 'money', values: numbers(count, (i) => costs[i].high) },
        ];
  return {
    id: 'egress.classes',
    count,
    columns: [
      { id: 'billing', unit: 'key', values: classes.map((one) => `billing.${one.class}`) },
      { id: 'destinations', unit: 'number', values: numbers(count, (i) => classes[i].destinations) },
      { id: 'packets', unit: 'count', values: numbers(count, (i) => classes[i].packets) },
      { id: 'ipBytes', unit: 'bytes', values: numbers(count, (i) => classes[i].ip) },
      { id: 'egressShare', unit: 'share', values: numbers(count, (i) => classes[i].ip / all) },
      { id: 'month', unit: 'bytes', values: numbers(count, (i) => classes[i].projection.month) },
      { id: 'monthLow', unit: 'bytes', values: numbers(count, (i) => classes[i].projection.low) },
      { id: 'monthHigh', unit: 'bytes', values: numbers(count, (i) => classes[i].projection.high) },
      ...money,
      { id: 'class', unit: 'text', values: classes.map((one) => one.class), hidden: true },
    ],
    filter: `${outbound(counted)} and nagare.class == "{class}"`,
    packets: 'packets',
    sort: BY_BYTES,
  };
}

export function ownTable(counted: Counted): Table {
  const { view, totals } = counted;
  const { way, own } = view.sides;
  const packets = new Map<number, number>();
  for (let path = 0; path < way.length; path++) {
    if (way[path] !== WAY.out) continue;
    packets.set(own[path], (packets.get(own[path]) ?? 0) + totals.packets[path]);
  }
  const used = view.own.filter(({ address }) => (packets.get(address) ?? 0) > 0);
  return {
    id: 'egress.own',
    count: used.length,
    columns: [
      { id: 'address', unit: 'text', values: used.map(({ address }) => view.ends.addresses.text(address)) },
      { id: 'ownReason', unit: 'key', values: used.map(({ reason }) => `own.${reason}`) },
      {
        id: 'sentPackets',
        unit: 'number',
        values: numbers(used.length, (i) => packets.get(used[i].address) ?? 0),
      },
      {
        id: 'family',
        unit: 'text',
        values: used.map(({ address }) => (view.ends.addresses.isIpv6(address) ? 'ipv6' : 'ip')),
        hidden: true,
      },
    ],
    filter: `${outbound(counted)} and {family}.src == {address}`,
  };
}
