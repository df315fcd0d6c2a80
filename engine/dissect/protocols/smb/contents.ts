/** What is read from or written to a file: remote procedure calls where it is a pipe, else data. */

import type { TreeBuilder } from '../../tree.ts';
import { HEADER, type Message } from './message.ts';

const RPC_VERSION = 5;
const RPC_TYPES = 20;

export function contents(t: TreeBuilder, m: Message, fid: number, at: number, count: number): void {
  const end = Math.min(t.end, at + count);
  if (at < m.start + HEADER || end <= at) return;
  if (isCall(t, at)) {
    t.hint = `pipe:${fid}`;
    t.dissect('dcerpc', at, end, end);
    return;
  }
  t.add('file_data', at, end - at);
  t.payload(at, end, end);
}

export function isCall(t: TreeBuilder, at: number): boolean {
  return t.has(at, 16) && t.u8(at) === RPC_VERSION && t.u8(at + 1) === 0 && t.u8(at + 2) < RPC_TYPES;
}
