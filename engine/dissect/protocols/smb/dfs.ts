/** DFS referrals ([MS-DFSC] 2.2.4, 2.2.5): which servers hold a path. */

import type { TreeBuilder } from '../../tree.ts';
import { flags, type Message, number, numbers, readText } from './message.ts';

const MAX_REFERRALS = 64;
const HEADER = 8;
const NAME_LIST = 2;

export function referrals(t: TreeBuilder, m: Message, from: number, end: number): void {
  if (end - from < HEADER) return;
  const count = t.u16le(from + 2);
  numbers(t, from, 'dfs.path_consumed', 'dfs.num_referrals');
  flags(t, 'dfs.flags', from + 4);
  let at = from + HEADER;
  for (let i = 0; i < count && i < MAX_REFERRALS && at + 8 <= end; i++) {
    const size = t.u16le(at + 2);
    t.nest(t.text('Referral', at, Math.min(size, end - at)));
    referral(t, m, at, Math.min(end, at + size), end);
    t.close();
    if (size < 8) return;
    at += size;
  }
}

/** One referral, whose texts may stand behind all of them, up to `last`. */
function referral(t: TreeBuilder, m: Message, at: number, end: number, last: number): void {
  const version = t.u16le(at);
  numbers(t, at, 'dfs.referral.version', 'dfs.referral.size', 'dfs.referral.server.type');
  const bits = t.u16le(at + 6);
  flags(t, 'dfs.referral.flags', at + 6);
  let next = at + 8;
  const textOf = (key: string, offset: number): void => {
    if (offset === 0 || at + offset >= last) return;
    const read = readText(t, m, at + offset, last);
    t.put(key, read.text, read.at, read.end - read.at);
  };
  const pointed = (offsetKey: string, key: string): void => {
    if (next + 2 > end) return;
    const offset = t.u16le(next);
    next = number(t, offsetKey, next);
    textOf(key, offset);
  };
  if (version === 1) {
    textOf('dfs.referral.node', 8);
    return;
  }
  if (version === 2 && next + 8 <= end) next = number(t, 'dfs.referral.proximity', next);
  if (next + 4 > end) return;
  next = number(t, 'dfs.referral.ttl', next);
  if (version >= 3 && (bits & NAME_LIST) !== 0) {
    pointed('dfs.referral.domain_offset', 'dfs.referral.domain_name');
    if (next + 4 > end) return;
    const names = t.u16le(next);
    const offset = t.u16le(next + 2);
    numbers(t, next, 'dfs.referral.number_of_expnames', 'dfs.referral.expnames_offset');
    for (let i = 0, from = at + offset; i < names && i < MAX_REFERRALS && from < last; i++) {
      const read = readText(t, m, from, last);
      t.put('dfs.referral.expname', read.text, read.at, read.end - read.at);
      if (read.end <= from) return;
      from = read.end;
    }
    return;
  }
  pointed('dfs.referral.path_offset', 'dfs.referral.path');
  pointed('dfs.referral.alt_path_offset', 'dfs.referral.alt_path');
  pointed('dfs.referral.node_offset', 'dfs.referral.node');
}
