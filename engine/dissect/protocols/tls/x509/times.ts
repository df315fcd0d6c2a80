/** Points in time of certificates (RFC 5280 4.1.2.5): two digits of a year, or four. */

import { decodeLatin1 } from '../../../../base/text.ts';
import type { TreeBuilder } from '../../../tree.ts';
import { type Element, TAG } from './der.ts';

const LONGEST = 32;
const UTC = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?Z/;
const GENERALIZED = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(?:\.\d+)?Z/;

export interface PointInTime {
  /** `2026-11-21 00:00:00 (UTC)`. */
  readonly text: string;
  /** Nanoseconds since 1970. */
  readonly time: bigint;
}

/** Null where the element is no time. */
export function timeOf(t: TreeBuilder, { tag, value, end }: Element): PointInTime | null {
  const isUtc = tag === TAG.utcTime;
  const found = (isUtc ? UTC : GENERALIZED).exec(decodeLatin1(t.bytes, value, Math.min(end, value + LONGEST)));
  if (found === null) return null;
  const [, y, month, day, hour, minute, second = '00'] = found;
  // Two digits from 50 on are of the last century.
  const year = isUtc ? String(Number(y) + (Number(y) >= 50 ? 1900 : 2000)) : y;
  const parts = [year, month, day, hour, minute, second].map(Number);
  return {
    text: `${year}-${month}-${day} ${hour}:${minute}:${second} (UTC)`,
    time: BigInt(Date.UTC(parts[0], parts[1] - 1, parts[2], parts[3], parts[4], parts[5])) * 1_000_000n,
  };
}

/** Adds a field of type time; what is none is left out. */
export function addTime(t: TreeBuilder, key: string, item: Element | null): void {
  const found = item === null ? null : timeOf(t, item);
  if (item !== null && found !== null) t.put(key, found.time, item.value, item.end - item.value);
}
