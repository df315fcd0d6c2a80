/**
 * Why rows of the tables differ on purpose: lines of docs/differences.md. Each reason counts our packets once more, the way that
 * tshark counts them; only rows that are equal then are explained by it.
 */

import { formatIpv4 } from '../../engine/base/address.ts';
import { BitSet } from '../../engine/base/bitset.ts';
import { catalog, protocolNamed } from '../../engine/dissect/registry.ts';
import { fieldTexts } from '../../engine/session/field-texts.ts';
import { PacketSource } from '../../engine/session/packet-source.ts';
import { FLAG } from '../../engine/table/flags.ts';
import { PATH } from '../../engine/table/path-words.ts';
import type { Opened } from './captures.ts';

/** The packets of a capture that `isWanted` takes. */
export function rowsWhere({ capture }: Opened, isWanted: (row: number) => boolean): BitSet {
  const rows = new BitSet(capture.table.count);
  for (let row = 0; row < capture.table.count; row++) if (isWanted(row)) rows.add(row);
  return rows;
}

/** docs/differences.md: each fragment of IPv6 counts; there, only the one that completes its datagram. */
export function withoutIpv6Fragments(opened: Opened): BitSet {
  const { paths, table } = opened.capture.pass;
  return rowsWhere(opened, (row) => {
    const isWaiting = (table.get('flags', row) & (FLAG.fragment | FLAG.reassembled)) === FLAG.fragment;
    return !isWaiting || !paths.addresses(table.get('path', row)).source.includes(':');
  });
}

/** Headers whose packets tshark leaves out where they are not whole. */
const HEADERS = ['ip', 'ipv6', 'ipv6.hopopts', 'tcp', 'udp'];

/** docs/differences.md: packets count whose addresses can be read; there, only those whose header is whole. */
export function withoutBrokenHeaders(opened: Opened): BitSet {
  const headers = new Set(HEADERS.map((name) => protocolNamed(name).index));
  const tcp = protocolNamed('tcp');
  const { stacks, table } = opened.capture.pass;
  return rowsWhere(opened, (row) => {
    const top = stacks.protocol[table.get('stack', row)] ?? -1;
    const isBroken = (table.get('flags', row) & (FLAG.truncated | FLAG.malformed)) !== 0;
    if (isBroken && headers.has(top)) return false;
    return top !== tcp.index || !hasCutOptions(opened, row);
  });
}

/** A TCP header whose options go past what was captured. */
function hasCutOptions({ capture, dissector }: Opened, row: number): boolean {
  const captured = capture.table.get('capturedLength', row);
  if (captured === capture.table.get('length', row)) return false;
  const header = dissector.dissect(row).root.find(({ field }) => field?.abbrev === 'tcp');
  const length = header?.children?.find(({ field }) => field?.abbrev === 'tcp.hdr_len')?.value;
  return header !== undefined && typeof length === 'number' && header.at + length > captured;
}

const LINUX_VXLAN = 8472;

/** docs/differences.md: what goes to port 8472 is in a tunnel; there, it is data. */
export function withoutLinuxVxlan(opened: Opened): BitSet {
  const { paths, table } = opened.capture.pass;
  return rowsWhere(opened, (row) => {
    let isTunnel = false;
    paths.visit(table.get('path', row), (kind, _own, at) => {
      if (kind === PATH.ports && ((paths.words[at] ?? 0) & 0xffff) === LINUX_VXLAN) isTunnel = true;
    });
    return !isTunnel;
  });
}

/** What tshark counts differently in destinations. */
export type DestinationWay = 'tunnel' | 'quoted' | 'broken' | 'infiniband' | 'vxlan';

const PORTS = { tcp: 'tcp.dstport', udp: 'udp.dstport' } as const;
const QUEUE_PAIR = 'infiniband.bth.destqp';

/** Destinations as `-z dests,tree` has them: `address TCP 80 21`, with some of its ways instead of ours. */
export function destinationsTheirWay(opened: Opened, ways: readonly DestinationWay[]): string[] {
  const { capture, dissector } = opened;
  const { paths, stacks, table } = capture.pass;
  const icmp = protocolNamed('icmp').index;
  const infiniband = protocolNamed('infiniband').index;
  const wanted = new Set([PORTS.tcp, PORTS.udp, QUEUE_PAIR].flatMap((name) => catalog.get(name)?.id ?? []));
  const lastOf = (row: number, field: string): string => {
    const packet = new PacketSource(capture, dissector, row, { displayedBefore: row - 1, reference: -1 });
    return (
      fieldTexts(packet, wanted)
        .get(catalog.get(field)?.id ?? -1)
        ?.at(-1) ?? ''
    );
  };
  const counts = new Map<string, number>();
  for (let row = 0; row < table.count; row++) {
    const path = table.get('path', row);
    const stack = table.get('stack', row);
    let { destination } = paths.addresses(path);
    let headers = 0;
    let above = 'NONE';
    let isClosed = false;
    paths.visit(path, (kind, own, at) => {
      if (isClosed) return;
      if (kind === PATH.ipv4) headers++;
      // A port outside holds for tshark until another one comes.
      if ((kind === PATH.ipv4 || kind === PATH.ipv6) && !ways.includes('tunnel')) above = 'NONE';
      const transport = own === 6 ? 'TCP' : own === 17 ? 'UDP' : 'NONE';
      if (kind === PATH.ports && transport !== 'NONE') above = `${transport} ${(paths.words[at] ?? 0) & 0xffff}`;
      if (!ways.includes('vxlan') || above !== `UDP ${LINUX_VXLAN}`) return;
      isClosed = true;
      destination = formatIpv4(paths.words[at - 2] ?? 0);
    });
    if (headers === 0 || (!ways.includes('tunnel') && destination.includes(':'))) continue;
    const portOf = (): string => {
      for (const [transport, field] of Object.entries(PORTS)) {
        const port = lastOf(row, field);
        if (port !== '') return `${transport.toUpperCase()} ${port}`;
      }
      return above;
    };
    const isQuoting = stacks.has(stack, icmp);
    if (ways.includes('quoted') && isQuoting) above = portOf();
    if (ways.includes('broken') && above === 'NONE' && !isQuoting) above = portOf();
    if (ways.includes('infiniband') && stacks.has(stack, infiniband) && above === 'NONE') {
      const pair = lastOf(row, QUEUE_PAIR);
      if (pair !== '') above = `IBQP ${Number(pair)}`;
    }
    const key = `${destination} ${above}`;
    counts.set(key, (counts.get(key) ?? 0) + (ways.includes('tunnel') ? headers : 1));
  }
  return [...counts].map(([key, count]) => `${key} ${count}`);
}

const CONVERSATION = /^(\S+) <-> (\S+): (\d+) (\d+ \S+) \| (\d+) (\d+ \S+) \| (\S+) (\S+)$/;
/** The two ends of a row of conversations. */
export function pairOf(row: string): string {
  return row.slice(0, row.indexOf(': '));
}

const SNMP_PORT = /:16[12] |:16[12]$/;

/**
 * docs/differences.md: requests and answers of SNMP are one stream. Rows of theirs between the same two ends become one: their
 * packets and bytes add up, the earliest start is its start; bytes that they round are not compared.
 */
export function joinedSnmp(theirs: readonly string[], ours: readonly string[]): string[] {
  interface Joined {
    readonly numbers: [number, number, number, number];
    isRounded: boolean;
    start: number;
    end: number;
  }
  const joined = new Map<string, Joined>();
  for (const row of theirs) {
    const [, a = '', b = '', ...rest] = CONVERSATION.exec(row) ?? [];
    const pair = `${a} <-> ${b}`;
    if (!SNMP_PORT.test(pair)) continue;
    const [sent = '', sentBytes = '', got = '', gotBytes = '', start = '', duration = ''] = rest;
    const one = joined.get(pair) ?? {
      numbers: [0, 0, 0, 0],
      isRounded: false,
      start: Number.POSITIVE_INFINITY,
      end: 0,
    };
    [sent, sentBytes, got, gotBytes].forEach(
      (text, i) => (one.numbers[i] = (one.numbers[i] ?? 0) + Number.parseInt(text, 10)),
    );
    one.isRounded ||= !sentBytes.endsWith('bytes') || !gotBytes.endsWith('bytes');
    one.start = Math.min(one.start, Number(start));
    one.end = Math.max(one.end, Number(start) + Number(duration));
    joined.set(pair, one);
  }
  const near = 2e-4;
  return ours.filter((row) => {
    const [, a = '', b = '', ...rest] = CONVERSATION.exec(row) ?? [];
    const one = joined.get(`${a} <-> ${b}`);
    if (one === undefined) return false;
    const [sent = '', sentBytes = '', got = '', gotBytes = '', start = '', duration = ''] = rest;
    const [toA, bytesToA, toB, bytesToB] = one.numbers;
    const isSameSize =
      one.isRounded ||
      [sentBytes, gotBytes].some((text) => !text.endsWith('bytes')) ||
      (Number.parseInt(sentBytes, 10) === bytesToA && Number.parseInt(gotBytes, 10) === bytesToB);
    return (
      Number(sent) === toA &&
      Number(got) === toB &&
      isSameSize &&
      Math.abs(Number(start) - one.start) < near &&
      Math.abs(Number(start) + Number(duration) - one.end) < near
    );
  });
}
