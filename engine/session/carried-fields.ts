/** Fields that only layers above a transport have: which rows show them, and what a pass over messages keeps for them. */

import type { Field } from '../base/fields.ts';
import { allProtocols, catalog, protocolNamed } from '../dissect/registry.ts';
import type { Wanted } from '../dissect/wanted.ts';
import type { Stacks } from '../table/stacks.ts';
import { REMEMBERING } from './dissector.ts';

const TCP = protocolNamed('tcp').index;
const UDP = protocolNamed('udp').index;
const DATA = protocolNamed('data').index;

/**
 * By stack id: 1 where a layer that may have such a field can only be above the innermost transport. `owners`: the protocols in
 * whose layers the fields may be.
 */
export function carriedStacks(stacks: Stacks, owners: readonly number[]): Uint8Array {
  const isOwner = new Set(owners);
  const table = new Uint8Array(65536);
  for (let stack = 1; stack < stacks.count; stack++) {
    let node = stack;
    while (allProtocols[stacks.protocol[node]].scan === undefined && node !== 0) node = stacks.parent[node];
    if (stacks.protocol[node] !== TCP && stacks.protocol[node] !== UDP) continue;
    while (node !== 0 && !isOwner.has(stacks.protocol[node])) node = stacks.parent[node];
    if (node === 0) table[stack] = 1;
  }
  return table;
}

export function wantedOf(fields: readonly Field[], owners: readonly number[]): Wanted {
  const wanted = { fields: new Uint8Array(catalog.fields.length), protocols: new Uint8Array(allProtocols.length) };
  for (const { id } of fields) wanted.fields[id] = 1;
  for (const protocol of [...owners, ...REMEMBERING]) wanted.protocols[protocol] = 1;
  if (wanted.protocols[DATA] === 1) wanted.protocols.fill(1); // any tree may leave bytes that nobody knows
  return wanted;
}
