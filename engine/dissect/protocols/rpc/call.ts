/** What an RPC program's tree needs to know of the message it is in: set by RPC, read by the program above it. */

import type { FieldSpec } from '../../field-spec.ts';
import type { TreeBuilder } from '../../tree.ts';

export interface Call {
  readonly version: number;
  readonly procedure: number;
  readonly isReply: boolean;
}

const calls = new WeakMap<TreeBuilder, Call>();

export function setCall(t: TreeBuilder, call: Call): void {
  calls.set(t, call);
}

export function callOf(t: TreeBuilder): Call {
  const call = calls.get(t);
  if (call === undefined) t.fail();
  return call;
}

/** Fields of RPC's that programs add to their own layer. */
export const sharedFields = {
  'rpc.programversion': { type: 'u32', label: 'Program Version', abbrev: 'rpc.programversion', many: true },
  'rpc.opaque_length': { type: 'u32', label: 'length', abbrev: 'rpc.opaque_length', many: true },
  'rpc.fill_bytes': { type: 'bytes', label: 'fill bytes', abbrev: 'rpc.fill_bytes', many: true },
  'rpc.value_follows': {
    type: 'bool',
    label: 'Value Follows',
    abbrev: 'rpc.value_follows',
    of: 'u32',
    flag: ['Yes', 'No'],
    many: true,
  },
  'rpc.array.len': { type: 'u32', label: 'num', abbrev: 'rpc.array.len', many: true },
} as const satisfies Readonly<Record<string, FieldSpec>>;

/** Program version and procedure, as every program starts. */
export function procedureRows(t: TreeBuilder): Call {
  const call = callOf(t);
  t.generated('rpc.programversion', call.version);
  const key = `procedure_v${call.version}`;
  if (t.protocol.fields.has(key)) t.generated(key, call.procedure);
  return call;
}

/** RFC 4506 4.10, 4.11: a length, the bytes, zeros up to four. Returns one past it. */
export function opaque(t: TreeBuilder, key: string, label: string, at: number): number {
  const length = t.u32(at);
  t.need(at + 4, length);
  const padding = (4 - (length % 4)) % 4;
  const text = t.protocol.fields.get(key)?.spec.type === 'string' ? t.string(at + 4, length) : '';
  t.nest(t.text(`${label}: ${text === '' ? (length === 0 ? '<EMPTY>' : '<DATA>') : text}`, at, 4 + length + padding));
  t.add('rpc.opaque_length', at);
  t.add(key, at + 4, length);
  const fill = Math.min(padding, t.end - at - 4 - length);
  if (fill > 0) t.add('rpc.fill_bytes', at + 4 + length, fill);
  t.close();
  return at + 4 + length + padding;
}

/** Text of an opaque without adding it. */
export function opaqueText(t: TreeBuilder, at: number): string {
  return t.string(at + 4, t.u32(at));
}

/** Reads a list whose items follow a "one more" word; each must move on. */
export function list(t: TreeBuilder, from: number, item: (at: number) => number): number {
  let at = from;
  for (;;) {
    const follows = t.u32(at);
    t.add('rpc.value_follows', at);
    at += 4;
    if (follows === 0) return at;
    const next = item(at);
    if (next <= at) t.fail();
    at = next;
  }
}
