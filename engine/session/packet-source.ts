/** What filters ask of a capture: dictionaries and columns as they are, and any packet's values by dissecting it. */

import type { Field } from '../base/fields.ts';
import type { KeyLog } from '../base/key-log.ts';
import { headerField } from '../dissect/header-fields.ts';
import type { TreeNode } from '../dissect/node.ts';
import { allProtocols, type Protocol, protocolNamed, protocolsOf } from '../dissect/registry.ts';
import type { Dissection } from '../dissect/tree.ts';
import type { Occurrence, ValueSource } from '../filter/evaluate.ts';
import { LeafMemory } from '../filter/leaf-memory.ts';
import type { FilterData } from '../filter/plan.ts';
import { FLOW, ipProtocolOf } from '../table/flow-states.ts';
import type { Capture } from './capture.ts';
import { carriedStacks, wantedOf } from './carried-fields.ts';
import { cloudNotion } from './cloud.ts';
import type { Dissector } from './dissector.ts';
import { type FrameContext, frameTree, stackText } from './frame-tree.ts';
import { visitHeaders } from './header-pass.ts';
import { hidesLayers, mayOpen } from './hidden-layers.ts';
import { isWorthAPass, visitMessages } from './message-pass.ts';
import { bytesOf, layerOrdinals, reachOf } from './node-values.ts';
import { ORIGIN_PROTOCOLS, originTree } from './origin-tree.ts';
import { processNotion } from './processes.ts';
import { tcpFigure } from './tcp-figures.ts';
import { udpFigure } from './udp-figures.ts';

/** Values of one packet, found when the first is asked for. */
export class PacketSource implements ValueSource {
  private readonly capture: Capture;
  private readonly dissector: Dissector;
  private readonly row: number;
  private readonly context: FrameContext;
  private known: Dissection | null = null;
  private byField: Map<number, Occurrence[]> | null = null;
  private seen: readonly TreeNode[] | null = null;

  constructor(capture: Capture, dissector: Dissector, row: number, context: FrameContext) {
    this.capture = capture;
    this.dissector = dissector;
    this.row = row;
    this.context = context;
  }

  get dissection(): Dissection {
    this.known ??= this.dissector.dissect(this.row);
    return this.known;
  }

  /** The Frame layer, what the capturing system said, and then the packet's own. */
  get tree(): readonly TreeNode[] {
    const frame = frameTree(this.capture, this.row, this.dissection, this.context);
    return [frame, ...this.origin, ...this.dissection.root];
  }

  private get origin(): readonly TreeNode[] {
    this.seen ??= originTree(this.capture, this.row);
    return this.seen;
  }

  occurrences(field: Field): readonly Occurrence[] {
    const { name } = allProtocols[field.protocol];
    if (name === '_ws.col') return [this.column(field)];
    if (name === '_ws.nagare') return this.notion(field);
    // Nothing of the packet's bytes is needed for these.
    if (ORIGIN_PROTOCOLS.includes(name)) return this.originValues(field);
    this.byField ??= this.collect();
    return this.byField.get(field.id) ?? NONE;
  }

  private originValues(field: Field): readonly Occurrence[] {
    return this.origin
      .flatMap((node) => [node, ...(node.children ?? [])])
      .filter((node) => node.field === field)
      .map(({ value }) => ({ value, layer: 1, layers: 1, bytes: () => new Uint8Array(0) }));
  }

  private notion(field: Field): readonly Occurrence[] {
    const value = cloudNotion(this.capture, field.abbrev)?.(this.capture.table.get('path', this.row)) ?? null;
    if (value === null) return NONE;
    return [{ value, layer: 1, layers: 1, bytes: () => new TextEncoder().encode(value) }];
  }

  private column(field: Field): Occurrence {
    const { source, destination } = this.capture.addresses(this.row);
    const texts: Readonly<Record<string, string>> = {
      '_ws.col.Source': source,
      '_ws.col.Destination': destination,
      '_ws.col.Protocol': this.dissection.protocolColumn,
      '_ws.col.Info': this.dissection.info,
    };
    const value = texts[field.abbrev] ?? '';
    return { value, layer: 1, layers: 1, bytes: () => new TextEncoder().encode(value) };
  }

  private collect(): Map<number, Occurrence[]> {
    const found = new Map<number, Occurrence[]>();
    const { layers, sources } = this.dissection;
    const ordinals = layerOrdinals(layers);
    const visit = (node: TreeNode): void => {
      const { field } = node;
      if (field !== null) {
        const place = ordinals[node.layer] ?? { layer: 1, layers: 1 };
        const one: Occurrence = {
          value: node.value,
          ...place,
          bytes: () => bytesOf(node, sources),
          reach: () => reachOf(node, sources),
        };
        const list = found.get(field.id);
        if (list === undefined) found.set(field.id, [one]);
        else list.push(one);
      }
      node.children?.forEach(visit);
    };
    for (const node of this.tree) visit(node);
    return found;
  }
}

const NONE: readonly Occurrence[] = [];
const NO_STREAMS: readonly number[] = [];

/** Protocols that may open layers of each protocol. */
const openers = new Map<number, number[]>();
for (const protocol of allProtocols) {
  for (const inner of opened(protocol)) openers.set(inner, [...(openers.get(inner) ?? []), protocol.index]);
}

/** Protocols whose layers a protocol's tree may open; an application is whatever the column pass does not walk. */
function opened({ spec }: Protocol): readonly number[] {
  if (spec.opens === 'applications')
    return allProtocols.filter((one) => one.spec.scan === undefined).map(({ index }) => index);
  return (spec.opens ?? []).map((name) => protocolNamed(name).index);
}

/** Protocols with which a layer of `protocol` may be in a packet: itself, and what may open it, to any depth. */
export function reachedFrom(protocol: number): number[] {
  const all = new Set([protocol]);
  for (const one of all) for (const opener of openers.get(one) ?? []) all.add(opener);
  return [...all];
}

/** Protocols in whose layers a field may be; null: any packet may have it. */
function ownersOf(field: Field): readonly number[] | null {
  if (field.abbrev === 'ethertype') return []; // a layer of the stack, but none of the tree
  const owners = protocolsOf(field);
  if (owners.some((owner) => isEverywhere(allProtocols[owner].name))) return null;
  return owners.flatMap(reachedFrom);
}

/** What filters have learnt by reading packets; the dissector and what it knows are the same as long as that holds. */
const memories = new WeakMap<
  Dissector,
  { readonly keyLog: KeyLog; readonly secrets: number; readonly leaves: LeafMemory }
>();

function memoryOf(dissector: Dissector, { secrets: { keyLog } }: Capture): LeafMemory {
  let memory = memories.get(dissector);
  if (memory?.keyLog !== keyLog || memory.secrets !== keyLog.size) {
    memory = { keyLog, secrets: keyLog.size, leaves: new LeafMemory() };
    memories.set(dissector, memory);
  }
  return memory.leaves;
}

export function filterData(capture: Capture, dissector: Dissector, context: (row: number) => FrameContext): FilterData {
  const { pass } = capture;
  return {
    table: pass.table,
    paths: pass.paths,
    stacks: pass.stacks,
    epoch: capture.epoch,
    ownersOf,
    openersOf: (protocol) => reachedFrom(protocol).filter((one) => one !== protocol && mayOpen(allProtocols[one].spec)),
    hasInterfaceIds: capture.hasInterfaceIds,
    protocolIndex: (name) => protocolNamed(name).index,
    stackText: (stack) => (hidesLayers(pass.stacks, stack) ? null : stackText(pass.stacks.layers(stack))),
    streamsOf(path, transport) {
      const flow = pass.onlyFlowOf(path);
      if (flow === null) return null;
      const wanted = transport === 'tcp' ? 6 : 17;
      const outer = pass.outerFlows.get(path);
      if (outer === undefined && flow < 0) return NO_STREAMS;
      if (outer === undefined)
        return ipProtocolOf(pass.flows.get(flow, FLOW.bits)) === wanted
          ? [pass.flows.get(flow, FLOW.stream)]
          : NO_STREAMS;
      return [...outer, ...(flow < 0 ? [] : [flow])]
        .filter((one) => ipProtocolOf(pass.flows.get(one, FLOW.bits)) === wanted)
        .map((one) => pass.flows.get(one, FLOW.stream));
    },
    headerField,
    visitHeaders: (rows, visit, pause) => visitHeaders(capture, rows, visit, pause),
    notion: (field) =>
      field.abbrev === 'nagare.process' ? processNotion(capture) : cloudNotion(capture, field.abbrev),
    figure: (field) => tcpFigure(capture, field.abbrev) ?? udpFigure(capture, field.abbrev),
    carriedIn(fields) {
      const owners = fields.map(ownersOf);
      if (owners.length === 0 || owners.some((one) => one === null)) return null;
      return carriedStacks(
        pass.stacks,
        owners.flatMap((one) => one ?? []),
      );
    },
    async visitMessages(fields, rows, visit, pause) {
      if (!isWorthAPass(rows)) {
        for (let row = rows.next(0), done = 0; row >= 0; row = rows.next(row + 1)) {
          visit(row, new PacketSource(capture, dissector, row, context(row)));
          const waiting = (++done & 15) === 0 ? pause(row, rows.size) : null;
          if (waiting !== null) await waiting;
        }
        return;
      }
      const owners = fields.flatMap((field) => ownersOf(field) ?? []);
      await visitMessages(capture, dissector, wantedOf(fields, owners), rows, visit, pause);
    },
    known: memoryOf(dissector, capture),
    referenceOf: (row) => context(row).reference,
    packet: (row) => new PacketSource(capture, dissector, row, context(row)),
  };
}

/** Protocols whose fields any packet may have. */
function isEverywhere(name: string): boolean {
  return name === 'frame' || name.startsWith('_ws.') || ORIGIN_PROTOCOLS.includes(name);
}
