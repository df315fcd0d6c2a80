/** The frame of transactions ([MS-CIFS] 2.2.4.33 to 2.2.4.35, 2.2.4.46, 2.2.4.62): setup words, a name, parameters, data. */

import type { TreeBuilder } from '../../tree.ts';
import { byteCount } from './commands/simple.ts';
import { type Body, file, flags, HEADER, type Message, number, numbers, readText, reserved, short } from './message.ts';

/** Where the parts of a transaction are. */
export interface Transaction {
  readonly parameterAt: number;
  readonly parameterEnd: number;
  readonly dataAt: number;
  readonly dataEnd: number;
  readonly setupAt: number;
  readonly setupCount: number;
  /** All of its parameters and data are in this message. */
  readonly isWhole: boolean;
}

/** One count or offset of a transaction: two bytes in TRANSACTION and TRANSACTION2, four in NT_TRANSACT. */
interface Reader {
  readonly at: number;
  readonly isWide: boolean;
}

function counts(t: TreeBuilder, { at, isWide }: Reader, ...keys: readonly string[]): number {
  let next = at;
  for (const key of keys) {
    if (isWide) {
      t.put(key, t.u32le(next), next, 4);
      next += 4;
    } else next = short(t, key, next);
  }
  return next;
}

interface Ranges {
  readonly pc: number;
  readonly po: number;
  readonly dc: number;
  readonly offset: number;
}

function place(
  t: TreeBuilder,
  m: Message,
  { pc, po, dc, offset }: Ranges,
  setup: readonly [number, number],
  totals: readonly [number, number],
): Transaction {
  const parameterAt = Math.min(t.end, m.start + Math.max(po, HEADER));
  const dataAt = Math.min(t.end, m.start + Math.max(offset, HEADER));
  return {
    parameterAt,
    parameterEnd: Math.min(t.end, parameterAt + pc),
    dataAt,
    dataEnd: Math.min(t.end, dataAt + dc),
    setupAt: setup[0],
    setupCount: setup[1],
    isWhole: pc >= totals[0] && dc >= totals[1],
  };
}

/** The words of a request of TRANSACTION or TRANSACTION2, up to its setup words. */
export function requestWords(t: TreeBuilder, m: Message, body: Body): Transaction | null {
  if (body.words < 14) return null;
  const totals = [t.u16le(body.at), t.u16le(body.at + 2)] as const;
  let at = counts(t, { at: body.at, isWide: false }, 'tpc', 'tdc', 'mpc', 'mdc');
  at = number(t, 'msc', at);
  at = reserved(t, at, 1);
  at = flags(t, 'transaction.flags', at);
  at = number(t, 'timeout', at);
  at = reserved(t, at, 2);
  const found = { pc: t.u16le(at), po: t.u16le(at + 2), dc: t.u16le(at + 4), offset: t.u16le(at + 6) };
  at = numbers(t, at, 'pc', 'po', 'dc', 'data_offset');
  const setupCount = t.u8(at);
  at = number(t, 'sc', at);
  at = reserved(t, at, 1);
  return place(t, m, found, [at, Math.min(setupCount, (body.end - at) >> 1)], totals);
}

/** The words of a response of TRANSACTION or TRANSACTION2. */
export function responseWords(t: TreeBuilder, m: Message, body: Body): Transaction | null {
  if (body.words < 10) return null;
  const totals = [t.u16le(body.at), t.u16le(body.at + 2)] as const;
  let at = counts(t, { at: body.at, isWide: false }, 'tpc', 'tdc');
  at = reserved(t, at, 2);
  const found = { pc: t.u16le(at), po: t.u16le(at + 2), dc: t.u16le(at + 6), offset: t.u16le(at + 8) };
  at = numbers(t, at, 'pc', 'po', 'pd', 'dc', 'data_offset', 'data_disp');
  const setupCount = t.u8(at);
  at = number(t, 'sc', at);
  at = reserved(t, at, 1);
  return place(t, m, found, [at, Math.min(setupCount, (body.end - at) >> 1)], totals);
}

/** More of a request. `hasFile`: TRANSACTION2 names its file again. */
export function secondaryWords(t: TreeBuilder, m: Message, body: Body): void {
  if (body.words >= 8) {
    const found = {
      pc: t.u16le(body.at + 4),
      po: t.u16le(body.at + 6),
      dc: t.u16le(body.at + 10),
      offset: t.u16le(body.at + 12),
    };
    const at = counts(t, { at: body.at, isWide: false }, 'tpc', 'tdc');
    const end = numbers(t, at, 'pc', 'po', 'pd', 'dc', 'data_offset', 'data_disp');
    if (body.words >= 9) file(t, m, t.u16le(end), end);
    byteCount(t, body);
    partBytes(t, place(t, m, found, [end, 0], [0, 0]));
    return;
  }
  byteCount(t, body);
}

/** The words of NT_TRANSACT: counts of four bytes. */
export function ntRequestWords(t: TreeBuilder, m: Message, body: Body): Transaction | null {
  if (body.words < 19) return null;
  let at = number(t, 'msc', body.at);
  at = reserved(t, at, 2);
  const totals = [t.u32le(at), t.u32le(at + 4)] as const;
  at = counts(t, { at, isWide: true }, 'tpc', 'tdc', 'mpc', 'mdc');
  const found = { pc: t.u32le(at), po: t.u32le(at + 4), dc: t.u32le(at + 8), offset: t.u32le(at + 12) };
  at = ntPlace(t, at, false);
  const setupCount = t.u8(at);
  at = number(t, 'sc', at);
  return place(t, m, found, [at, Math.min(setupCount, (body.end - at) >> 1)], totals);
}

export function ntResponseWords(t: TreeBuilder, m: Message, body: Body): Transaction | null {
  if (body.words < 18) return null;
  let at = reserved(t, body.at, 3);
  const totals = [t.u32le(at), t.u32le(at + 4)] as const;
  at = counts(t, { at, isWide: true }, 'tpc', 'tdc');
  const found = { pc: t.u32le(at), po: t.u32le(at + 4), dc: t.u32le(at + 12), offset: t.u32le(at + 16) };
  at = ntPlace(t, at, true);
  const setupCount = t.u8(at);
  at = number(t, 'sc', at);
  return place(t, m, found, [at, Math.min(setupCount, (body.end - at) >> 1)], totals);
}

export function ntSecondaryWords(t: TreeBuilder, m: Message, body: Body): void {
  if (body.words >= 18) {
    const at = counts(t, { at: reserved(t, body.at, 3), isWide: true }, 'tpc', 'tdc');
    const found = { pc: t.u32le(at), po: t.u32le(at + 4), dc: t.u32le(at + 12), offset: t.u32le(at + 16) };
    const end = ntPlace(t, at, true);
    byteCount(t, body);
    partBytes(t, place(t, m, found, [end, 0], [0, 0]));
    return;
  }
  byteCount(t, body);
}

function ntPlace(t: TreeBuilder, at: number, hasDisplacement: boolean): number {
  const keys = hasDisplacement
    ? ['pc', 'po', 'pd', 'dc', 'data_offset', 'data_disp']
    : ['pc', 'po', 'dc', 'data_offset'];
  return counts(t, { at, isWide: true }, ...keys);
}

/** The parameters and data of a part of a transaction, as bytes. */
export function partBytes(t: TreeBuilder, { parameterAt, parameterEnd, dataAt, dataEnd }: Transaction): void {
  if (parameterEnd > parameterAt) t.add('trans_data.parameters', parameterAt, parameterEnd - parameterAt);
  if (dataEnd > dataAt) t.add('trans_data', dataAt, dataEnd - dataAt);
}

/** Setup words that nobody reads. */
export function setupWords(t: TreeBuilder, { setupAt, setupCount }: Transaction): void {
  for (let i = 0; i < setupCount; i++) number(t, 'trans_data.setup_word', setupAt + 2 * i);
}

/** The name that stands first in the data bytes. Returns it and where it ends. */
export function transactionName(
  t: TreeBuilder,
  m: Message,
  body: Body,
): { readonly text: string; readonly end: number } {
  const read = readText(t, m, body.bytesAt, body.bytesEnd);
  t.put('trans_name', read.text, read.at, read.end - read.at);
  return read;
}
