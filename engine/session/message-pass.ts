/**
 * Messages again, for filters on what transports carry: one pass over the file in order, in which the flows that matter are
 * framed as they were while loading, and each message is dissected only as far as the wanted fields need.
 */

import type { BitSet } from '../base/bitset.ts';
import type { Field } from '../base/fields.ts';
import { protocolsUnder } from '../dissect/decode-as.ts';
import type { Message } from '../dissect/message-table.ts';
import type { TreeNode } from '../dissect/node.ts';
import type { OnlyIn } from '../dissect/protocol.ts';
import { allProtocols, protocolNamed } from '../dissect/registry.ts';
import { makeScratch, wordsNeeded } from '../dissect/scratch.ts';
import { StreamFraming } from '../dissect/stream-framing.ts';
import type { ConversationMemory, Dissection } from '../dissect/tree.ts';
import { Cursor } from '../dissect/walk.ts';
import type { CarriedPlace, Wanted } from '../dissect/wanted.ts';
import type { Occurrence, ValueSource } from '../filter/evaluate.ts';
import { FLAG } from '../table/flags.ts';
import { FLOW, FlowStates, firstApplication, ipProtocolOf, SIDE, SIDE_WORDS } from '../table/flow-states.ts';
import { BLOCK_MASK } from '../table/packet-table.ts';
import { DISSECT_ME, Stacks } from '../table/stacks.ts';
import { TCP_FLAG } from '../table/tcp-analysis.ts';
import type { Capture } from './capture.ts';
import { type Dissector, REMEMBERING } from './dissector.ts';
import { passOver } from './file-pass.ts';
import { bytesOf, layerOrdinals, reachOf } from './node-values.ts';
import type { FlowMessages } from './row-facts.ts';
import { BATCH_BYTES } from './scanner.ts';

const TCP = protocolNamed('tcp').index;
const UDP = protocolNamed('udp').index;
const TCP_NUMBER = 6;
/** Flows whose state a pass keeps (200 bytes each, and what protocols remember); rows of the others stay open. */
const MAX_FLOWS = 200_000;
/** Beginnings of messages that are kept until these end: each, and all together. Others are put together. */
const MAX_BEGINNING = 4096;
const MAX_BEGINNINGS = 32 << 20;
/** Of this many rows of the file at least one must be wanted for the pass to pay. */
const ROWS_PER_WANTED = 256;

export type MessageVisit = (row: number, source: ValueSource) => void;
type Pause = (done: number, total: number) => Promise<void> | null;

/** Is reading the file from its beginning cheaper than dissecting the rows one by one? */
export function isWorthAPass(rows: BitSet): boolean {
  return rows.count() * ROWS_PER_WANTED >= rows.previous(rows.size - 1);
}

/** Calls `visit` with the values of each of the rows, in order, as far as the pass comes. The source is the next row's afterwards. */
export async function visitMessages(
  capture: Capture,
  dissector: Dissector,
  only: Wanted,
  rows: BitSet,
  visit: MessageVisit,
  pause: Pause,
): Promise<void> {
  const last = rows.previous(rows.size - 1);
  if (last < 0) return;
  capture.flows.update(); // messages are put together from the rows of their flow
  const pass = new MessagePass(capture, dissector, only, rows, visit);
  await passOver(capture, last, (row, bytes, at, captured) => pass.row(row, bytes, at, captured), pause);
}

class MessagePass {
  private readonly capture: Capture;
  private readonly dissector: Dissector;
  private readonly only: Wanted;
  /** The same of messages that `selection` leaves. */
  private readonly onlyOfGroup: Wanted;
  private readonly rows: BitSet;
  private readonly visit: MessageVisit;
  private readonly cursor: Cursor;
  /** Own state + 1 of each of the capture's flows that matter; 0: it does not. */
  private readonly own: Uint32Array;
  private readonly states = new FlowStates();
  private readonly framing: StreamFraming;
  private readonly memories: ConversationMemory[] = [];
  /** Stacks by what is above their transport: see stackKind(). */
  private readonly kinds = new Map<number, StackKind>();
  private readonly source = new CarriedSource();
  private messages: readonly Message[] = [];
  private readonly ended: Message[] = [];
  /** The only messages that may have the wanted fields; null: any may. */
  private readonly selection: Selection | null;
  /** By own state and direction: 1 where the message that has begun may have them. */
  private readonly begun: Uint8Array;
  /** What the wanted fields need of such messages, by the same key. */
  private readonly beginnings = new Map<number, Uint8Array>();
  private beginningBytes = 0;
  /** The one of the first message that ends in the row. */
  private beginning: Uint8Array | undefined;

  constructor(capture: Capture, dissector: Dissector, only: Wanted, rows: BitSet, visit: MessageVisit) {
    this.capture = capture;
    this.dissector = dissector;
    this.only = only;
    this.rows = rows;
    this.visit = visit;
    const { pass } = capture;
    this.cursor = new Cursor(protocolsUnder(pass.decodeAs), new Stacks(), makeScratch(BATCH_BYTES, 1));
    this.own = new Uint32Array(pass.flows.count);
    for (let row = rows.next(0); row >= 0 && this.states.count < MAX_FLOWS; row = rows.next(row + 1)) {
      const flow = pass.flowOf(row);
      if (flow < 0 || this.own[flow] !== 0) continue;
      this.own[flow] = this.states.add() + 1;
      this.memories.push({ objects: new Map(), isOnce: true });
    }
    this.selection = selectionOf(only);
    this.onlyOfGroup = this.selection === null ? only : { ...only, group: this.selection.group };
    this.begun = new Uint8Array(2 * this.states.count).fill(1);
    this.framing = new StreamFraming(this.states, pass.framing.fills);
    this.framing.onMessage = (startRow, startOffset, _endRow, endOffset, protocol, isInside) => {
      this.ended.push({ startRow, startOffset, endOffset, protocol, isInside });
    };
  }

  /** Hot: once per packet up to the last wanted one. */
  row(row: number, bytes: Uint8Array, at: number, captured: number): void {
    const { pass, table } = this.capture;
    const flow = pass.flowOf(row);
    if (flow < 0) return;
    const state = this.own[flow] - 1;
    if (state < 0) return;
    const block = table.block(row);
    const i = row & BLOCK_MASK;
    const application = firstApplication(pass.flows.get(flow, FLOW.application)) - 1;
    const isTcp = ipProtocolOf(pass.flows.get(flow, FLOW.bits)) === TCP_NUMBER;
    const length = block.payloadLength[i];
    const closes = isTcp && (block.tcpFlags[i] & (TCP_FLAG.fin | TCP_FLAG.reset)) !== 0;
    const isWanted = this.rows.has(row);
    if (length === 0 && !closes && !isWanted) return;
    const direction = (block.flags[i] & FLAG.reverse) !== 0 ? 1 : 0;
    const isJoined = (block.flags[i] & FLAG.reassembled) !== 0;
    const { cursor } = this;
    if (isJoined) {
      if (!isTcp) return; // such rows are dissected in full
    } else this.walk(row, bytes, at, captured, block.length[i]);
    const c = cursor.columns;
    this.ended.length = 0;
    this.beginning = undefined;
    const { fills } = pass.framing;
    let begins = false;
    if (isTcp && application > 0) {
      const piece = isJoined ? this.dissector.segmentBytes(row) : null;
      const isSyn = (block.tcpFlags[i] & TCP_FLAG.syn) !== 0;
      const isCopy = (block.flags[i] & FLAG.copy) !== 0;
      if (!isCopy && (isSyn || length > 0 || closes)) {
        this.framing.holds = fills.flows.has(flow);
        this.framing.isOrdered = fills.ordered.has(flow);
        this.framing.segment(
          state,
          direction,
          row,
          application,
          (block.seq[i] + (isSyn ? 1 : 0)) | 0,
          piece?.bytes ?? bytes,
          piece?.payloadAt ?? c.payloadAt[0],
          piece?.payloadEnd ?? c.payloadEnd[0],
          length,
          closes,
        );
        begins = this.framing.begins;
      }
    }
    // Messages that a late segment completed began anywhere.
    const isLate = fills.rows.has(row);
    if (isJoined || isLate) {
      this.begun[2 * state + direction] = 1;
      this.takeBeginning(2 * state + direction);
    }
    if (isJoined) return;
    this.messages = fills.amended.get(row) ?? [...this.ended];
    // What is decrypted lies in messages that look like others.
    const selection = pass.decrypted.size > 0 && pass.decrypted.has(flow) ? null : this.selection;
    const mayMatch =
      isLate || selection === null || !isTcp || this.selects(selection, row, state, direction, bytes, begins);
    const kind = this.stackKind(block.stack[i]);
    if (kind.layers === null || (!isWanted && !kind.remembers)) return;
    if (!mayMatch) {
      if (!isWanted) return;
      this.source.clear();
      this.visit(row, this.source);
      return;
    }
    const place: CarriedPlace = {
      layers: kind.layers,
      header: c.transportAt[0] - at,
      payload: c.payloadAt[0] - at,
      end: c.payloadEnd[0] - at,
      wireEnd: c.payloadAt[0] - at + c.payloadLength[0],
    };
    const now = { protocol: this.framing.current, isInside: this.framing.isInside };
    const { messages } = this;
    const flowMessages: FlowMessages = {
      flow,
      memory: this.memories[state],
      messagesAt: () => messages,
      protocolAt: () => now,
      beginsIn: () => begins,
      beginning: this.beginning,
    };
    // What protocols remember may hold on to the bytes: they are the packet's own.
    const own = bytes.slice(at, at + captured);
    const only = selection === null ? this.only : this.onlyOfGroup;
    const found = this.dissector.carried(row, own, place, flowMessages, isTcp, only);
    if (!isWanted) return;
    this.source.take(found);
    this.visit(row, this.source);
  }

  /** May one of the messages that end in the row have the wanted fields? Notes the same of the one that begins. */
  private selects(
    { protocol, begins, group }: Selection,
    row: number,
    state: number,
    direction: 0 | 1,
    bytes: Uint8Array,
    isBegun: boolean,
  ): boolean {
    const { framing, messages, begun } = this;
    const { payloadAt, payloadEnd } = this.cursor.columns;
    const key = 2 * state + direction;
    let found = messages.length === 0 && allProtocols[framing.current]?.frame === undefined;
    for (const message of messages) {
      if (message.protocol !== protocol || message.isInside) found = true;
      else if (message.startRow !== row) {
        found ||= begun[key] === 1;
        this.beginning = this.takeBeginning(key);
      } else found ||= begins(bytes, payloadAt[0] + message.startOffset, payloadEnd[0]);
    }
    if (isBegun) {
      const side = this.states.at(state) + direction * SIDE_WORDS;
      const start = payloadAt[0] + this.states.chunk(state)[side + SIDE.startOffset];
      const isOther = framing.current !== protocol || framing.isInside;
      begun[key] = isOther || begins(bytes, start, payloadEnd[0]) ? 1 : 0;
      this.takeBeginning(key);
      if (!isOther && begun[key] === 1) this.keepBeginning(key, group, bytes, start, payloadEnd[0]);
    }
    return found;
  }

  private keepBeginning(key: number, group: OnlyIn, bytes: Uint8Array, at: number, end: number): void {
    const reach = group.reach?.(bytes, at, end) ?? -1;
    if (reach < 0 || reach > MAX_BEGINNING || this.beginningBytes + reach > MAX_BEGINNINGS) return;
    this.beginnings.set(key, bytes.slice(at, at + reach));
    this.beginningBytes += reach;
  }

  private takeBeginning(key: number): Uint8Array | undefined {
    const kept = this.beginnings.get(key);
    if (kept === undefined) return undefined;
    this.beginnings.delete(key);
    this.beginningBytes -= kept.length;
    return kept;
  }

  private walk(row: number, bytes: Uint8Array, at: number, captured: number, length: number): void {
    const { cursor } = this;
    const needed = wordsNeeded(captured, 1);
    if (cursor.columns.words.length < needed) cursor.columns.words = new Uint32Array(needed);
    cursor.bytes = bytes;
    cursor.walk(0, at, captured, length, this.capture.linkProtocol(row), 0);
  }

  private stackKind(stack: number): StackKind {
    let kind = this.kinds.get(stack);
    if (kind === undefined) this.kinds.set(stack, (kind = kindOf(this.capture.pass.stacks, stack)));
    return kind;
  }
}

interface Selection {
  readonly protocol: number;
  readonly begins: OnlyIn['begins'];
  readonly group: OnlyIn;
}

/** The beginning that all wanted fields have in common; null: there is none. */
function selectionOf({ fields }: Wanted): Selection | null {
  const wanted = [...fields.keys()].filter((id) => fields[id] === 1);
  for (const { index, spec, fields: own } of allProtocols) {
    for (const group of spec.onlyIn ?? []) {
      const ids = new Set(group.fields.map((key) => own.get(key)?.field.id));
      if (wanted.length > 0 && wanted.every((id) => ids.has(id)))
        return { protocol: index, begins: group.begins, group };
    }
  }
  return null;
}

interface StackKind {
  /** Layers up to the innermost transport; null: there is none, or nobody knows. */
  readonly layers: readonly number[] | null;
  /** May a layer above it remember what it sees? */
  readonly remembers: boolean;
}

function kindOf(stacks: Stacks, stack: number): StackKind {
  if (stack === DISSECT_ME) return { layers: null, remembers: true };
  const all = stacks.layers(stack);
  const transport = Math.max(all.lastIndexOf(TCP), all.lastIndexOf(UDP));
  const isWalked = all.slice(transport + 1).some((protocol) => allProtocols[protocol].scan !== undefined);
  if (transport < 0 || isWalked) return { layers: null, remembers: false };
  return {
    layers: all.slice(0, transport + 1),
    remembers: all.slice(transport + 1).some((protocol) => REMEMBERING.has(protocol)),
  };
}

/** Values of the wanted fields of one row. One object for all rows. */
class CarriedSource implements ValueSource {
  private dissection: Dissection | null = null;
  private ordinals: readonly { readonly layer: number; readonly layers: number }[] = [];

  /** The row has none. */
  clear(): void {
    this.dissection = null;
  }

  take(dissection: Dissection): void {
    this.dissection = dissection;
    this.ordinals = dissection.root.length === 0 ? [] : layerOrdinals(dissection.layers);
  }

  occurrences(field: Field): readonly Occurrence[] {
    if (this.dissection === null || this.dissection.root.length === 0) return [];
    const { root, sources } = this.dissection;
    return root
      .filter((node) => node.field === field)
      .map((node) => ({
        value: node.value,
        ...this.placeOf(node),
        bytes: () => bytesOf(node, sources),
        reach: () => reachOf(node, sources),
      }));
  }

  private placeOf(node: TreeNode): { readonly layer: number; readonly layers: number } {
    return this.ordinals[node.layer] ?? { layer: 1, layers: 1 };
  }
}
