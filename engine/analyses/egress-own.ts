/**
 * The machine's own addresses, found from what a capture says, the surest first: addresses of the capture's interfaces, packets
 * that the file marks as sent or received, else the private end of most packets (the end of most where none is private). What
 * sends with the same card beside it is the same machine. People may say otherwise.
 */

import { isPrivateAddress } from '../cloud/classify.ts';
import { FLAG } from '../table/flags.ts';
import { BLOCK_MASK, BLOCK_SHIFT, type PacketTable } from '../table/packet-table.ts';
import { PATH, PATH_WORDS } from '../table/path-words.ts';
import type { PathEnds } from './egress-ends.ts';

export type OwnReason = 'given' | 'interface' | 'direction' | 'private' | 'frequent' | 'card';

export interface OwnAddress {
  readonly address: number;
  readonly reason: OwnReason;
}

/** Packets by path: all, and those that the file marks as inbound or outbound. Copies of a packet are left out. */
export interface PathCounts {
  readonly all: Float64Array;
  readonly inbound: Float64Array;
  readonly outbound: Float64Array;
}

export function countPaths(table: PacketTable, paths: number): PathCounts {
  const all = new Float64Array(paths);
  const inbound = new Float64Array(paths);
  const outbound = new Float64Array(paths);
  for (let base = table.firstBase; base < table.count; base += 1 << BLOCK_SHIFT) {
    const { flags, path } = table.blocks[base >>> BLOCK_SHIFT];
    const end = Math.min(table.count - base, BLOCK_MASK + 1);
    for (let i = 0; i < end; i++) {
      const bits = flags[i];
      if ((bits & FLAG.copy) !== 0) continue;
      all[path[i]]++;
      if ((bits & FLAG.inbound) !== 0) inbound[path[i]]++;
      else if ((bits & FLAG.outbound) !== 0) outbound[path[i]]++;
    }
  }
  return { all, inbound, outbound };
}

/** A machine has no more addresses on one card; a router's card sends with those of everybody. */
const MOST_ON_A_CARD = 8;
/** Of an address's packets this share must go the marked way: forwarded ones are seen going both ways. */
const ONE_WAY = 0.9;

export interface OwnInput {
  readonly ends: PathEnds;
  readonly counts: PathCounts;
  /** Words of the paths, for their link addresses. */
  readonly words: Uint32Array;
  readonly start: Uint32Array;
  /** Addresses of the interfaces, as numbers of the table. */
  readonly interfaces: readonly number[];
}

export function findOwn(input: OwnInput): OwnAddress[] {
  const { ends, counts, interfaces } = input;
  const paths = counts.all.length;
  const total = ends.addresses.count;
  /** Packets from and to each address, at any layer, and those that are marked. */
  const sent = new Float64Array(total);
  const got = new Float64Array(total);
  const sentOut = new Float64Array(total);
  const gotIn = new Float64Array(total);
  const sentIn = new Float64Array(total);
  const peers = new Float64Array(total);
  for (let path = 0; path < paths; path++) {
    for (let entry = ends.start[path]; entry < ends.start[path + 1]; entry++) {
      const from = ends.source[entry];
      const to = ends.destination[entry];
      sent[from] += counts.all[path];
      got[to] += counts.all[path];
      peers[from]++;
      peers[to]++;
      sentOut[from] += counts.outbound[path];
      sentIn[from] += counts.inbound[path];
      gotIn[to] += counts.inbound[path];
    }
  }
  const isUsed = (address: number): boolean => sent[address] + got[address] > 0;
  const known = interfaces.filter(isUsed).map((address): OwnAddress => ({ address, reason: 'interface' }));
  if (known.length > 0) return withCard(input, known, sent);
  const marked: OwnAddress[] = [];
  for (let address = 0; address < total; address++) {
    if (!isHost(ends, address)) continue;
    const mine = sentOut[address] + gotIn[address];
    if (mine > 0 && sentOut[address] + gotIn[address] >= ONE_WAY * (mine + sentIn[address]))
      marked.push({ address, reason: 'direction' });
  }
  const fromMarked = marked.filter(({ address }) => sentOut[address] > 0);
  if (marked.length > 0) return withCard(input, fromMarked.length > 0 ? fromMarked : marked, sent);
  const isPrivate = (address: number): boolean => isPrivateAddress(ends.addresses.bytes(address));
  let best = -1;
  let bestIsPrivate = false;
  for (let address = 0; address < total; address++) {
    if (!isHost(ends, address) || !isUsed(address)) continue;
    const packets = sent[address] + got[address];
    const isMore =
      best < 0 ||
      packets > sent[best] + got[best] ||
      (packets === sent[best] + got[best] && peers[address] > peers[best]);
    const mayBe = isPrivate(address);
    if (mayBe === bestIsPrivate ? isMore : mayBe) {
      best = address;
      bestIsPrivate = mayBe;
    }
  }
  if (best < 0) return [];
  return withCard(input, [{ address: best, reason: bestIsPrivate ? 'private' : 'frequent' }], sent);
}

/** No multicast, broadcast or "no address yet". */
function isHost({ addresses }: PathEnds, address: number): boolean {
  const bytes = addresses.bytes(address);
  if (bytes.length === 4) return bytes[0] !== 0 && bytes[0] < 224;
  return bytes[0] !== 0xff && bytes.some((byte) => byte !== 0);
}

/** Adds what sends with the same link address as one that is known. */
function withCard(
  { ends, words, start, counts }: OwnInput,
  known: readonly OwnAddress[],
  sent: Float64Array,
): OwnAddress[] {
  const own = new Set(known.map(({ address }) => address));
  const byCard = new Map<string, Set<number>>();
  const cards = new Set<string>();
  for (let path = 0; path < counts.all.length; path++) {
    const entry = ends.start[path];
    if (entry === ends.start[path + 1] || counts.all[path] === 0) continue;
    const card = sourceCard(words, start[path], start[path + 1]);
    if (card === '') continue;
    const address = ends.source[entry];
    let senders = byCard.get(card);
    if (senders === undefined) byCard.set(card, (senders = new Set()));
    senders.add(address);
    if (own.has(address)) cards.add(card);
  }
  const others = talksWith(ends, own);
  const all = [...known];
  for (const card of cards) {
    const senders = [...(byCard.get(card) ?? [])].filter(
      (address) => isHost(ends, address) && sent[address] > 0 && !others.has(address),
    );
    if (senders.length > MOST_ON_A_CARD) continue;
    for (const address of senders) {
      if (own.has(address)) continue;
      own.add(address);
      all.push({ address, reason: 'card' });
    }
  }
  return all;
}

/** Whoever exchanges packets with an own address is another machine, also where a file has the same card for both. */
function talksWith(ends: PathEnds, own: ReadonlySet<number>): Set<number> {
  const others = new Set<number>();
  for (let entry = 0; entry < ends.start[ends.start.length - 1]; entry++) {
    const from = ends.source[entry];
    const to = ends.destination[entry];
    if (own.has(from) && !own.has(to)) others.add(to);
    else if (own.has(to) && !own.has(from)) others.add(from);
  }
  return others;
}

/** The first link source address of a path; '' for none. */
function sourceCard(words: Uint32Array, from: number, to: number): string {
  for (let at = from; at < to; at += 1 + PATH_WORDS[words[at] >>> 24]) {
    const kind = words[at] >>> 24;
    if (kind === PATH.link) return `${words[at + 1]} ${words[at + 2] >>> 16}`;
    if (kind === PATH.ipv4 || kind === PATH.ipv6) return '';
  }
  return '';
}
