/** Binary times of telecontrol (IEC 60870-5-4 6.8): within the hour (three bytes), and with the date (seven). */

import type { TreeBuilder } from '../../tree.ts';

export const CP24 = 3;
export const CP56 = 7;
const NS_PER_MS = 1_000_000n;
const MS_PER_MINUTE = 60_000;
/** Two digits of a year: those from here on are of the last century. */
const CENTURY_TURN = 70;

export function time24(t: TreeBuilder, at: number): void {
  const ms = t.u16le(at) + (t.u8(at + 2) & 0x3f) * MS_PER_MINUTE;
  t.put('cp24time', BigInt(ms) * NS_PER_MS, at, CP24);
  t.nest(t.last());
  t.add('cp24time.ms', at);
  t.add('cp24time.min', at + 2);
  t.add('cp24time.iv', at + 2);
  t.close();
}

export function time56(t: TreeBuilder, at: number): void {
  t.need(at, CP56);
  const year = t.u8(at + 6) & 0x7f;
  const ms =
    Date.UTC(
      year + (year < CENTURY_TURN ? 2000 : 1900),
      (t.u8(at + 5) & 0xf) - 1,
      t.u8(at + 4) & 0x1f,
      t.u8(at + 3) & 0x1f,
      t.u8(at + 2) & 0x3f,
    ) + t.u16le(at);
  t.put('cp56time', BigInt(ms) * NS_PER_MS, at, CP56);
  t.nest(t.last());
  t.add('cp56time.ms', at);
  for (const key of ['min', 'gen', 'iv']) t.add(`cp56time.${key}`, at + 2);
  for (const key of ['hour', 'su']) t.add(`cp56time.${key}`, at + 3);
  for (const key of ['day', 'dow']) t.add(`cp56time.${key}`, at + 4);
  t.add('cp56time.month', at + 5);
  t.add('cp56time.year', at + 6);
  t.close();
}
