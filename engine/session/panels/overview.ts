/** The overview: what this capture is, who talks most, how the round trips are, what is unusual; each with its packets. */

import type { Conversations } from '../../analyses/conversations.ts';
import { endpointText } from '../../analyses/endpoint-text.ts';
import { timeLine } from '../../analyses/samples.ts';
import { BitSet } from '../../base/bitset.ts';
import { type Chart, type Finding, report } from '../../contract/report.ts';
import { allProtocols, protocolNamed } from '../../dissect/registry.ts';
import { PROBLEMS } from '../../table/analysis-bits.ts';
import { FLAG } from '../../table/flags.ts';
import { BLOCK_MASK, BLOCK_SHIFT } from '../../table/packet-table.ts';
import { type HeaderVisit, visitHeaders } from '../header-pass.ts';
import { lastLayer } from '../hidden-layers.ts';
import { numbers } from './columns.ts';
import { expertFindings, type Found } from './expert.ts';
import { findNames, gatheringFinding } from './gathered.ts';
import { defineReport, type PanelInput } from './panel.ts';
import { exceptQuoted } from './quoted.ts';
import { layersOf } from './traffic.ts';
import { tripsOf } from './trips.ts';
import { addressesOf, findUnwanted } from './unwanted.ts';

const BUCKETS = 240;
const TOP = 8;

export const overviewPanel = defineReport({
  name: 'overview',
  async make(input) {
    const traffic = trafficOf(input);
    const { all, hasErrors } = layersOf(input);
    const ip = all.filter(({ layer }) => layer === 'ip' || layer === 'ipv6');
    const names = await findNames(input);
    const rtt = tripsOf(input).spread;
    const expert = await expertFindings(input);
    const unwanted = await findUnwanted(input);
    const talkers = ip.flatMap((layer) => talkersOf(layer, hasErrors)).sort((a, b) => b.bytes - a.bytes);
    const named = (address: string): string => {
      const name = names.of(address);
      return name === '' ? address : `${name} (${address})`;
    };
    const findings: Finding[] = [];
    if (traffic.packets > 0) {
      findings.push({
        id: 'overview.what',
        level: 'info',
        panel: 'properties',
        values: {
          count: { value: traffic.packets, unit: 'count' },
          bytes: { value: traffic.bytes, unit: 'bytes' },
          duration: { value: traffic.last - traffic.first, unit: 'ns' },
          rate: { value: (traffic.bytes * 8e9) / (traffic.last - traffic.first), unit: 'bit/s' },
        },
      });
    }
    const [top] = talkers;
    if (top !== undefined) {
      const pair = busiestPair(ip, hasErrors);
      findings.push({
        id: 'overview.talker',
        level: 'info',
        panel: 'conversations',
        values: {
          address: named(top.address),
          share: { value: top.bytes / traffic.bytes, unit: 'share' },
          peer: named(pair.a === top.address ? pair.b : pair.a),
          bytes: { value: pair.bytes, unit: 'bytes' },
        },
        link: { filter: pair.filter },
      });
    }
    if (rtt.count > 0) {
      findings.push({
        id: 'overview.rtt',
        level: rtt.p95 > SLOW_NS ? 'look' : 'good',
        panel: 'rtt',
        values: { median: { value: rtt.median, unit: 'ns' }, high: { value: rtt.p95, unit: 'ns' } },
      });
    }
    findings.push(...lossFinding(expert, traffic.segments));
    for (const { kind, title, packets, filter, rows } of unwanted) {
      findings.push({
        id: `overview.${kind}`,
        level: 'wrong',
        panel: 'hierarchy',
        values: {
          title,
          count: { value: packets, unit: 'count' },
          addresses: addressesOf(input, rows)
            .slice(0, NAMED)
            .map(({ address }) => named(address))
            .join(', '),
        },
        link: { filter },
      });
    }
    for (const { rule, packets } of expert) {
      if (!REMARKABLE.has(rule.id)) continue;
      findings.push({
        id: 'overview.expert',
        level: rule.severity === 'error' ? 'wrong' : 'look',
        panel: 'expert',
        values: { what: { key: `value.expert.${rule.id}` }, count: { value: packets, unit: 'count' } },
        link: { filter: rule.filter },
      });
    }
    return report({
      findings: [...findings, ...gatheringFinding(input)],
      figures: [
        { id: 'overview.packets', unit: 'number', value: traffic.packets },
        { id: 'overview.bytes', unit: 'bytes', value: traffic.bytes },
        { id: 'overview.duration', unit: 'ns', value: traffic.packets > 0 ? traffic.last - traffic.first : Number.NaN },
        { id: 'overview.addresses', unit: 'number', value: talkers.length },
        { id: 'overview.connections', unit: 'number', value: all.find(({ layer }) => layer === 'tcp')?.count ?? 0 },
        { id: 'overview.rtt', unit: 'ns', value: rtt.median },
      ],
      charts:
        traffic.packets === 0
          ? []
          : [trafficChart(traffic), await protocolChart(input), talkerChart(talkers.slice(0, TOP), named)],
    });
  },
});

/** What a reader of the overview wants to hear of beside loss. */
const REMARKABLE: ReadonlySet<string> = new Set([
  'malformed',
  'ipChecksum',
  'zeroWindow',
  'windowFull',
  'reset',
  'unreachable',
  'tooBig',
  'dnsError',
  'httpServerError',
  'tlsAlert',
  'portReused',
]);
/** Nine in twenty samples above it feel slow to people. */
const SLOW_NS = 150e6;
/** Share of segments that were sent again: above it transfers become slow. */
const LOSSY = 0.005;

function lossFinding(expert: readonly Found[], segments: number): Finding[] {
  if (segments === 0) return [];
  const resent = expert.find(({ rule }) => rule.id === 'retransmission');
  if (resent === undefined) return [{ id: 'overview.noLoss', level: 'good', values: {} }];
  const share = resent.packets / segments;
  return [
    {
      id: 'overview.loss',
      level: share > LOSSY ? 'look' : 'info',
      panel: 'expert',
      values: {
        count: { value: resent.packets, unit: 'count' },
        share: { value: share, unit: 'share' },
        conversations: { value: resent.conversations, unit: 'number' },
      },
      link: { filter: resent.rule.filter },
    },
  ];
}

interface Traffic {
  readonly packets: number;
  readonly bytes: number;
  /** TCP segments with data. */
  readonly segments: number;
  readonly first: number;
  readonly last: number;
  readonly times: Float64Array;
  readonly bits: Float64Array;
  readonly problems: Float64Array;
}

function trafficOf({ capture, rows }: PanelInput): Traffic {
  const { pass } = capture;
  const line = timeLine(pass.firstTime, pass.lastTime, BUCKETS);
  const bits = new Float64Array(line.times.length);
  const problems = new Float64Array(line.times.length);
  let packets = 0;
  let bytes = 0;
  let segments = 0;
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (let base = pass.table.firstBase; base < pass.table.count; base += 1 << BLOCK_SHIFT) {
    const block = pass.table.blocks[base >>> BLOCK_SHIFT];
    const end = Math.min(pass.table.count - base, BLOCK_MASK + 1);
    for (let i = 0; i < end; i++) {
      if (rows !== null && !rows.has(base + i)) continue;
      const time = block.time[i];
      packets++;
      bytes += block.length[i];
      if (block.tcpFlags[i] !== 0 && block.payloadLength[i] > 0) segments++;
      if (time < first) first = time;
      if (time > last) last = time;
      const bucket = Math.floor((time - pass.firstTime) / line.width);
      if (!(bucket >= 0)) continue;
      bits[bucket] += block.length[i] * 8;
      if ((block.analysis[i] & PROBLEMS) !== 0 || (block.flags[i] & FLAG.malformed) !== 0) problems[bucket]++;
    }
  }
  const seconds = line.width / 1e9;
  return { packets, bytes, segments, first, last, times: line.times, bits: bits.map((one) => one / seconds), problems };
}

function trafficChart({ times, bits }: Traffic): Chart {
  return {
    id: 'overview.traffic',
    draw: 'area',
    axis: { unit: 'time', values: times },
    selects: 'time',
    series: [{ id: 'rate', unit: 'bit/s', values: bits }],
  };
}

/** Bytes by the last layer of the packets: what they carry. Of those that only a dissection tells: by the last header. */
async function protocolChart({ capture, rows, job }: PanelInput): Promise<Chart> {
  const { table, stacks } = capture.pass;
  const bytes = new Map<number, number>();
  const add = (protocol: number, row: number): void => {
    bytes.set(protocol, (bytes.get(protocol) ?? 0) + table.get('length', row));
  };
  const open = new BitSet(table.count);
  for (let row = table.first; row < table.count; row++) {
    if (rows !== null && !rows.has(row)) continue;
    const protocol = lastLayer(stacks, table.get('stack', row));
    if (protocol === 0) open.add(row);
    else add(protocol, row);
  }
  const data = protocolNamed('data').index;
  const visit: HeaderVisit = (row, _, { protocol, count }) => add(count > 0 ? protocol[count - 1] : data, row);
  await visitHeaders(capture, open, visit, job.pause);
  const top = [...bytes].sort((a, b) => b[1] - a[1]).slice(0, TOP);
  return {
    id: 'overview.protocols',
    draw: 'bar',
    axis: { unit: 'text', values: top.map(([protocol]) => allProtocols[protocol]?.name ?? '') },
    series: [{ id: 'bytes', unit: 'bytes', values: Float64Array.from(top, ([, one]) => one) }],
    links: top.map(([protocol]) => ({ filter: allProtocols[protocol]?.name ?? '' })),
  };
}

interface Talker {
  readonly address: string;
  readonly bytes: number;
  readonly filter: string;
}

function talkersOf({ layer, endpoints }: Conversations, hasErrors: boolean): Talker[] {
  return Array.from(
    numbers(endpoints.count, (i) => endpoints.bytes[i]),
    (bytes, i) => {
      const address = endpointText(endpoints, i);
      return { address, bytes, filter: addressFilter(layer === 'ipv6' ? 'ipv6' : 'ip', address, hasErrors) };
    },
  );
}

function addressFilter(family: 'ip' | 'ipv6', address: string, hasErrors: boolean): string {
  return `${family}.addr == ${address}${exceptQuoted(hasErrors, family, `${family}.addr`, address)}`;
}

function busiestPair(
  layers: readonly Conversations[],
  hasErrors: boolean,
): { readonly a: string; readonly b: string; readonly bytes: number; readonly filter: string } {
  let found = { a: '', b: '', bytes: -1, filter: '' };
  for (const all of layers) {
    const family = all.layer === 'ipv6' ? 'ipv6' : 'ip';
    for (let i = 0; i < all.count; i++) {
      const bytes = all.bytes[0][i] + all.bytes[1][i];
      if (bytes <= found.bytes) continue;
      const a = endpointText(all.endpoints, all.sideOf(i, 0));
      const b = endpointText(all.endpoints, all.sideOf(i, 1));
      found = {
        a,
        b,
        bytes,
        filter: `${addressFilter(family, a, hasErrors)} and ${addressFilter(family, b, hasErrors)}`,
      };
    }
  }
  return found;
}

function talkerChart(top: readonly Talker[], named: (address: string) => string): Chart {
  return {
    id: 'overview.talkers',
    draw: 'bar',
    axis: { unit: 'text', values: top.map(({ address }) => named(address)) },
    series: [{ id: 'bytes', unit: 'bytes', values: Float64Array.from(top, ({ bytes }) => bytes) }],
    links: top.map(({ filter }) => ({ filter })),
  };
}

/** Addresses that a sentence names. */
const NAMED = 3;
