/** What the detail pass is told about one packet: found when it is asked for, as most packets are asked for little. */

import type { Announcement } from '../dissect/announcements.ts';
import type { ConversationMemory, MessagePlace, PacketFacts, TcpFacts, TreeBuilder } from '../dissect/tree.ts';
import { FLAG } from '../table/flags.ts';
import { FLOW, ipProtocolOf } from '../table/flow-states.ts';
import type { Capture } from './capture.ts';
import type { FlowReplay } from './flow-replay.ts';

const TCP = 6;
const UDP = 17;

/** Where the messages of a flow's rows end, and what protocols remember of them. `i`: the row's index in its flow. */
export interface FlowMessages extends Pick<FlowReplay, 'flow' | 'memory' | 'messagesAt' | 'protocolAt' | 'beginsIn'> {
  /** Of the message that began in an earlier row: the bytes that are all its tree needs. */
  readonly beginning?: Uint8Array | undefined;
}

/** A row of a flow, as it is dissected. */
export interface RowInFlow {
  readonly row: number;
  /** null: it has no flow. */
  readonly replay: FlowMessages | null;
  /** Index in the flow. */
  readonly index: number;
  readonly isTcp: boolean;
}

/** Who puts together and dissects. */
export interface RowReader {
  readonly rules: NonNullable<PacketFacts['rules']>;
  datagram(rows: readonly number[]): Uint8Array;
  messageBytes(place: MessagePlace): Uint8Array;
  application(t: TreeBuilder, at: number, place: RowInFlow): boolean;
}

export class RowFacts implements PacketFacts {
  readonly number: number;
  readonly tcp: TcpFacts | null;
  readonly rules: PacketFacts['rules'];
  private readonly capture: Capture;
  private readonly reader: RowReader;
  private readonly place: RowInFlow;
  private known: PacketFacts['streams'] | null = null;
  private ownMemory: ConversationMemory | null = null;

  constructor(capture: Capture, reader: RowReader, place: RowInFlow, tcp: TcpFacts | null) {
    this.capture = capture;
    this.reader = reader;
    this.place = place;
    this.number = place.row + 1;
    this.tcp = tcp;
    this.rules = reader.rules;
  }

  get link(): number {
    return this.capture.linkProtocol(this.place.row);
  }

  get length(): number {
    return this.capture.table.get('length', this.place.row);
  }

  get time(): bigint | null {
    return this.capture.time(this.place.row);
  }

  get direction(): 0 | 1 {
    return (this.capture.table.get('flags', this.place.row) & FLAG.reverse) !== 0 ? 1 : 0;
  }

  get flow(): number {
    return this.place.replay?.flow ?? -1;
  }

  get memory(): ConversationMemory {
    // A row without a flow shares what it remembers with no other.
    return this.place.replay?.memory ?? (this.ownMemory ??= { objects: new Map() });
  }

  /** Conversation numbers of the packet's transports, outer ones first. */
  get streams(): PacketFacts['streams'] {
    this.known ??= this.findStreams();
    return this.known;
  }

  get datagramTimes(): PacketFacts['datagramTimes'] {
    const { replay, row, index } = this.place;
    const { pass, flows } = this.capture;
    if (replay === null || ipProtocolOf(pass.flows.get(replay.flow, FLOW.bits)) !== UDP) return null;
    const relative = pass.timeBetween(flows.row(replay.flow, 0), row);
    const delta = pass.timeBetween(flows.row(replay.flow, Math.max(0, index - 1)), row);
    return relative === null || delta === null ? null : { relative, delta };
  }

  get datagram(): PacketFacts['datagram'] {
    const rows = this.capture.pass.datagrams.get(this.place.row);
    return rows === undefined ? null : { bytes: this.reader.datagram(rows), frames: rows.map((row) => row + 1) };
  }

  get reassembledIn(): number {
    return (this.capture.pass.completedBy.get(this.place.row) ?? -1) + 1;
  }

  get announced(): Announcement | undefined {
    const { replay } = this.place;
    return replay === null ? undefined : this.capture.pass.announced.of(replay.flow);
  }

  get usb(): PacketFacts['usb'] {
    return this.capture.pass.usb;
  }

  get keyLog(): PacketFacts['keyLog'] {
    return this.capture.secrets.keyLog;
  }

  bytesOf(place: MessagePlace): Uint8Array {
    return this.reader.messageBytes(place);
  }

  application(t: TreeBuilder, at: number): boolean {
    return this.reader.application(t, at, this.place);
  }

  private findStreams(): PacketFacts['streams'] {
    const { pass, table } = this.capture;
    const { replay, row } = this.place;
    const tcp: number[] = [];
    const udp: number[] = [];
    if (replay === null) return { tcp, udp };
    for (const flow of [...(pass.outerFlows.get(table.get('path', row)) ?? []), replay.flow]) {
      const stream = pass.flows.get(flow, FLOW.stream);
      const protocol = ipProtocolOf(pass.flows.get(flow, FLOW.bits));
      if (protocol === TCP) tcp.push(stream);
      else if (protocol === UDP) udp.push(stream);
    }
    return { tcp, udp };
  }
}
