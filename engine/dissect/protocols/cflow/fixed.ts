/** NetFlow 1, 5 and 7 (Cisco, "NetFlow Export Datagram Formats"): records whose layout is fixed. */

import { NS_PER_SECOND } from '../../../base/time.ts';
import type { TreeBuilder } from '../../tree.ts';
import { afterBoot } from './times.ts';

const V5 = 5;
const V7 = 7;
const RECORD = { 1: 52, 5: 48, 7: 52 } as const;

/** What all versions begin with; returns where it ends. Version 8 has records of many kinds, which are not looked into. */
export function fixedHeader(t: TreeBuilder, version: 1 | 5 | 7 | 8): number {
  const { at } = t;
  const count = t.u16(at + 2);
  t.info(`total: ${count} (v${version}) flow${count === 1 ? '' : 's'}`);
  t.add('count', at + 2);
  t.put('sysuptime', afterBoot(t.u32(at + 4)), at + 4, 4);
  const seconds = t.u32(at + 8);
  const nanoseconds = t.u32(at + 12);
  t.nest(t.put('timestamp', BigInt(seconds) * NS_PER_SECOND + BigInt(nanoseconds), at + 8, 8));
  t.add('unix_secs', at + 8);
  t.add('unix_nsecs', at + 12);
  t.close();
  return at + 16;
}

/** Header of version 1: 16 bytes; of 5 and 7: 24. */
export function fixedRecords(t: TreeBuilder, version: 1 | 5 | 7): void {
  let next = fixedHeader(t, version);
  const count = t.u16(t.at + 2);
  if (version !== 1) {
    t.add('sequence', next);
    if (version === V5) {
      t.add('engine_type', next + 4);
      t.add('engine_id', next + 5);
      t.add('samplingmode', next + 6);
      t.add('samplerate', next + 6);
    } else t.add('padding', next + 4, 4);
    next += 8;
  }
  const size = RECORD[version];
  for (let i = 1; i <= count && next < t.end; i++, next += size) {
    t.need(next, size);
    t.nest(t.text(`pdu ${i}/${count}`, next, size));
    if (version === 1) firstRecord(t, next);
    else record(t, next, version);
    t.close();
  }
}

function common(t: TreeBuilder, at: number): void {
  t.add('srcaddr', at);
  t.add('dstaddr', at + 4);
  t.add('nexthop', at + 8);
  t.put('inputint', t.u16(at + 12), at + 12, 2);
  t.put('outputint', t.u16(at + 14), at + 14, 2);
  t.put('packets', BigInt(t.u32(at + 16)), at + 16, 4);
  t.put('octets', BigInt(t.u32(at + 20)), at + 20, 4);
  const [first, last] = [afterBoot(t.u32(at + 24)), afterBoot(t.u32(at + 28))];
  t.nest(t.generated('timedelta', last - first, at + 24, 8));
  t.put('timestart', first, at + 24, 4);
  t.put('timeend', last, at + 28, 4);
  t.close();
  t.add('srcport', at + 32);
  t.add('dstport', at + 34);
}

function firstRecord(t: TreeBuilder, at: number): void {
  common(t, at);
  t.add('padding', at + 36, 2);
  t.add('protocol', at + 38);
  t.add('tos', at + 39);
  t.add('tcpflags', at + 40);
  t.add('padding', at + 41, 3);
}

function record(t: TreeBuilder, at: number, version: 5 | 7): void {
  common(t, at);
  if (version === V7) t.add('flags', at + 36);
  else t.add('padding', at + 36, 1);
  t.add('tcpflags', at + 37);
  t.add('protocol', at + 38);
  t.add('tos', at + 39);
  t.put('srcas', t.u16(at + 40), at + 40, 2);
  t.put('dstas', t.u16(at + 42), at + 42, 2);
  t.add('srcmask', at + 44);
  t.add('dstmask', at + 45);
  if (version === V7) {
    t.add('flags', at + 46);
    t.add('routersc', at + 48);
  } else t.add('padding', at + 46, 2);
}
