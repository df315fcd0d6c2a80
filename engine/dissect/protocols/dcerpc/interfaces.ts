/** DCE/RPC interfaces: each is a protocol with the operation of its calls, so that people can filter by `samr` or `samr.opnum`. */

import { RPC_INTERFACES, type RpcInterface } from '../../names/rpc-interfaces.ts';
import { defineProtocol, type ProtocolSpec } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { epmCall, epmFields } from './epm.ts';

const ENDPOINT_MAPPER = 'epm';

/** One call of an interface: what its layer needs of the header that carries it. */
interface Call {
  readonly found: RpcInterface;
  readonly operation: number;
  readonly isRequest: boolean;
  readonly isLittle: boolean;
}

const calls = new WeakMap<TreeBuilder, Call>();

/** Shows the stub [at, end) as a call of its interface: a row of its own that frame.protocols does not list. */
export function showCall(t: TreeBuilder, call: Call, at: number, end: number): void {
  calls.set(t, call);
  t.dissectUnlisted(call.found.prefix, at, end);
}

function operationName({ operations }: RpcInterface, operation: number): string {
  return operations[operation] || `Unknown operation ${operation}`;
}

function defined({ prefix, name, column, operations }: RpcInterface): ProtocolSpec {
  const names: Record<number, string> = {};
  operations.forEach((operation, number) => {
    if (operation !== '') names[number] = operation;
  });
  return defineProtocol({
    name: prefix,
    title: name,
    short: column,
    unlisted: true,
    fields: {
      opnum: { type: 'u16', label: 'Operation', names },
      ...(prefix === ENDPOINT_MAPPER ? epmFields : {}),
    },
    tree(t) {
      const call = calls.get(t);
      if (call === undefined) return;
      const operationText = operationName(call.found, call.operation);
      t.label(`${call.found.name}, ${operationText}`);
      t.column(call.found.column);
      t.info(`${operationText} ${call.isRequest ? 'request' : 'response'}`);
      t.put('opnum', call.operation, t.at, 0);
      if (prefix === ENDPOINT_MAPPER && t.end > t.at) epmCall(t, t.end, call);
    },
  });
}

/** Versions of one interface share its name; the first one's operations name the values. */
const byName = new Map<string, RpcInterface>();
for (const one of RPC_INTERFACES.values()) if (!byName.has(one.prefix)) byName.set(one.prefix, one);

export const INTERFACE_NAMES: readonly string[] = [...byName.keys()];
export const rpcInterfaces: readonly ProtocolSpec[] = [...byName.values()].map(defined);
