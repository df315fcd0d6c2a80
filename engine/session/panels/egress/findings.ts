/** What is worth saying of what was sent: how much, to whom, what it would cost, and what the answer stands on. */

import { WAY } from '../../../analyses/egress-sides.ts';
import type { Figure, Finding } from '../../../contract/report.ts';
import type { Names } from '../../names.ts';
import { type Counted } from './count.ts';
import { costOf, outbound } from './tables.ts';

const LISTED = 4;

export function figuresOf(counted: Counted): Figure[] {
  const { totals, projection, view, classes, duration } = counted;
  const out = (of: Float64Array): number => counted.sum(WAY.out, of);
  const bytes = out(totals.ip);
  const link = out(totals.packets) > 0 ? { link: { filter: outbound(counted) } } : {};
  const cost = costs(counted);
  return [
    { id: 'egress.ip', unit: 'bytes', value: bytes, ...link },
    { id: 'egress.payload', unit: 'bytes', value: out(totals.payload), ...link },
    { id: 'egress.wire', unit: 'bytes', value: out(totals.wire), ...link },
    { id: 'egress.in', unit: 'bytes', value: counted.sum(WAY.in, totals.ip) },
    { id: 'egress.rate', unit: 'bit/s', value: duration > 0 ? (bytes * 8e9) / duration : Number.NaN },
    { id: 'egress.month', unit: 'bytes', value: projection.month },
    { id: 'egress.monthLow', unit: 'bytes', value: projection.low },
    { id: 'egress.monthHigh', unit: 'bytes', value: projection.high },
    ...(view.data.prices === null || classes.length === 0
      ? []
      : [{ id: 'egress.costMonth', unit: 'money', value: cost.month } as const]),
  ];
}

/** Of all classes that have a price. */
function costs({ classes, view }: Counted): ReturnType<typeof costOf> & { readonly without: number } {
  const sum = { now: 0, month: 0, low: 0, high: 0, without: 0 };
  for (const one of classes) {
    const cost = costOf(view.data.prices, one);
    if (Number.isNaN(cost.now)) {
      sum.without += one.ip;
      continue;
    }
    sum.now += cost.now;
    sum.month += cost.month;
    sum.low += cost.low;
    sum.high += cost.high;
  }
  return sum;
}

export function findingsOf(counted: Counted, names: Names): Finding[] {
  const { totals, view } = counted;
  const bytes = counted.sum(WAY.out, totals.ip);
  const own = view.own.map(({ address }) => view.ends.addresses.text(address));
  if (own.length === 0) return [{ id: 'egress.noOwn', level: 'look', values: {} }, ...problems(counted)];
  const [reason] = view.own;
  const list = own.slice(0, LISTED).join(', ') + (own.length > LISTED ? ` +${own.length - LISTED}` : '');
  const found: Finding[] = [
    { id: 'egress.own', level: 'info', values: { addresses: list, reason: { key: `value.own.${reason.reason}` } } },
  ];
  if (bytes === 0) return [...found, { id: 'egress.nothing', level: 'info', values: {} }, ...problems(counted)];
  const top = busiest(counted);
  const name = names.of(top.address);
  found.push({
    id: 'egress.top',
    level: 'info',
    values: {
      bytes: { value: bytes, unit: 'bytes' },
      destination: name === '' ? top.address : `${name} (${top.address})`,
      top: { value: top.ip, unit: 'bytes' },
      share: { value: top.ip / bytes, unit: 'share' },
    },
    link: { filter: `${outbound(counted)} and nagare.peer == "${top.address}"` },
  });
  return [...found, ...money(counted), ...grounds(counted, bytes), ...oddities(counted), ...problems(counted)];
}

function busiest({ view, totals }: Counted): { readonly address: string; readonly ip: number } {
  const sums = new Map<number, number>();
  const { way, peer } = view.sides;
  for (let path = 0; path < way.length; path++)
    if (way[path] === WAY.out) sums.set(peer[path], (sums.get(peer[path]) ?? 0) + totals.ip[path]);
  let best = -1;
  for (const [address, ip] of sums) if (best < 0 || ip > (sums.get(best) ?? 0)) best = address;
  return { address: view.ends.addresses.text(best), ip: sums.get(best) ?? 0 };
}

/** The month and its price. */
function money(counted: Counted): Finding[] {
  const { projection, view, duration } = counted;
  const { prices } = view.data;
  if (Number.isNaN(projection.month))
    return [{ id: 'egress.short', level: 'info', values: { duration: { value: duration, unit: 'ns' } } }];
  const minutes = { value: projection.minutes, unit: 'number' } as const;
  const month = { value: projection.month, unit: 'bytes' } as const;
  const low = { value: projection.low, unit: 'bytes' } as const;
  const high = { value: projection.high, unit: 'bytes' } as const;
  const found: Finding[] = Number.isNaN(projection.low)
    ? [{ id: 'egress.monthOnly', level: 'info', values: { minutes, month } }]
    : [{ id: 'egress.month', level: 'info', values: { minutes, month, low, high } }];
  if (prices === null) return [...found, { id: 'egress.noPrices', level: 'info', values: {} }];
  const cost = costs(counted);
  const { currency, date, source } = prices;
  found.push({
    id: Number.isNaN(cost.low) ? 'egress.costOnly' : 'egress.cost',
    level: 'info',
    values: {
      minutes,
      currency,
      date,
      source,
      cost: { value: cost.month, unit: 'money' },
      low: { value: cost.low, unit: 'money' },
      high: { value: cost.high, unit: 'money' },
    },
  });
  if (cost.without > 0)
    found.push({ id: 'egress.noPrice', level: 'look', values: { bytes: { value: cost.without, unit: 'bytes' } } });
  return found;
}

/** What the classes stand on, and what is in no list. */
function grounds(counted: Counted, bytes: number): Finding[] {
  const { view, totals } = counted;
  const { data, sides } = view;
  const found: Finding[] = [];
  if (data.map === null) found.push({ id: 'egress.noMap', level: 'info', values: {} });
  if (data.lists.length === 0) found.push({ id: 'egress.noLists', level: 'info', values: {} });
  else {
    const lists = data.lists.map(({ name, date }) => (date === '' ? name : `${name} (${date})`)).join(', ');
    found.push({ id: 'egress.lists', level: 'info', values: { lists } });
    const undated = data.lists.filter(({ date }) => date === '').map(({ name }) => name);
    if (undated.length > 0) found.push({ id: 'egress.undated', level: 'look', values: { lists: undated.join(', ') } });
  }
  let unlisted = 0;
  const peers = new Set<number>();
  for (let path = 0; path < sides.way.length; path++) {
    if (sides.way[path] !== WAY.out || totals.packets[path] === 0) continue;
    const { reason } = view.classOf(sides.peer[path]);
    if (reason !== 'notListed' && reason !== 'privateNotListed') continue;
    unlisted += totals.ip[path];
    peers.add(sides.peer[path]);
  }
  if (unlisted > 0)
    found.push({
      id: 'egress.notListed',
      level: 'look',
      values: { share: { value: unlisted / bytes, unit: 'share' }, count: { value: peers.size, unit: 'count' } },
    });
  return found;
}

function oddities(counted: Counted): Finding[] {
  const { totals } = counted;
  const found: Finding[] = [];
  const large = counted.sum(WAY.out, totals.large);
  if (large > 0)
    found.push({
      id: 'egress.large',
      level: 'info',
      values: {
        count: { value: large, unit: 'count' },
        bytes: { value: counted.sum(WAY.out, totals.added), unit: 'bytes' },
      },
    });
  if (totals.copies > 0)
    found.push({ id: 'egress.copies', level: 'info', values: { count: { value: totals.copies, unit: 'count' } } });
  return found;
}

function problems({ view }: Counted): Finding[] {
  return view.data.problems.map(({ name, problem }) => ({
    id: 'egress.badFile',
    level: 'wrong',
    values: {
      file: name,
      problem: { key: `cloud.problem.${problem.key}` },
      line: problem.params.line === 0 ? '' : `${problem.params.line}: ${problem.params.what}`,
    },
  }));
}
