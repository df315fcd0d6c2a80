/** The connections of a capture with what happened to each, and how they are called. */

import {
  RESENT_KINDS,
  SIGNS,
  type Sign,
  stateOf,
  type TcpConnections,
  tcpConnections,
} from '../../../analyses/tcp-connections.ts';
import type { Table, TableColumn } from '../../../contract/report.ts';
import { catalog } from '../../../dissect/registry.ts';
import { FLOW, FLOW_TIME, ipProtocolOf, SIDE, SIDE_WORDS, shiftOf } from '../../../table/flow-states.ts';
import { RESENT } from '../../../table/resent-kinds.ts';
import { ETHERNET_SEGMENT } from '../../../table/segment-sizes.ts';
import type { FlowPass } from '../../flow-pass.ts';
import { completenessOf } from '../../flow-replay.ts';
import { PacketSource } from '../../packet-source.ts';
import type { Sides } from '../capture-side.ts';
import { numbers, texts } from '../columns.ts';
import { type FlowEnds, flowEnds } from '../flow-ends.ts';
import type { PanelInput } from '../panel.ts';
import { exceptErrors } from '../quoted.ts';

const TCP = 6;
const TCP_HEADER = 20;
const NO_CONTEXT = { displayedBefore: -1, reference: -1 } as const;

/** What is counted, with the display filter that finds the same packets. */
export const SIGN_FILTERS: Readonly<Record<Sign, string>> = {
  outOfOrder: 'tcp.analysis.out_of_order',
  duplicateAcks: 'tcp.analysis.duplicate_ack',
  zeroWindow: 'tcp.analysis.zero_window',
  windowFull: 'tcp.analysis.window_full',
  lostSegment: 'tcp.analysis.lost_segment',
  ackedUnseen: 'tcp.analysis.ack_lost_segment',
};

export function isTcp(pass: FlowPass, flow: number): boolean {
  return ipProtocolOf(pass.flows.get(flow, FLOW.bits)) === TCP;
}

/** The flow of a tcp.stream; -1: there is none. */
export function flowOfStream(pass: FlowPass, stream: number): number {
  for (let flow = 0; flow < pass.flows.count; flow++) {
    if (isTcp(pass, flow) && pass.flows.get(flow, FLOW.stream) === stream) return flow;
  }
  return -1;
}

/** Maximum segment size that both sides allow; NaN: no handshake here. */
export function agreedSize(pass: FlowPass, flow: number): number {
  const sizes = [pass.segmentSizes.get(2 * flow), pass.segmentSizes.get(2 * flow + 1)].filter((size) => size > 0);
  return sizes.length === 0 ? Number.NaN : Math.min(...sizes);
}

export function countConnections(input: PanelInput): TcpConnections {
  const { pass } = input.capture;
  const known = new Map<number, number>();
  return tcpConnections({
    table: pass.table,
    flows: pass.flows.count,
    paths: pass.paths.count,
    rows: input.rows,
    onlyFlowOf: (path) => pass.onlyFlowOf(path),
    flowOf: (row) => pass.flowOf(row),
    isTcp: (flow) => isTcp(pass, flow),
    completenessOf,
    agreedSize: (flow) => agreedSize(pass, flow) || ETHERNET_SEGMENT,
    segmentSize: (flow, direction, row) => {
      const side = 2 * flow + direction;
      let size = known.get(side);
      if (size === undefined) known.set(side, (size = segmentSize(input, flow, row)));
      return size;
    },
  });
}

/** Bytes of data in a segment: the agreed maximum less the options of this packet (RFC 6691). */
function segmentSize({ capture, dissector }: PanelInput, flow: number, row: number): number {
  const field = catalog.get('tcp.hdr_len');
  if (field === undefined) throw new Error('there is no field tcp.hdr_len');
  const header = Number(new PacketSource(capture, dissector, row, NO_CONTEXT).occurrences(field)[0]?.value);
  const options = header > TCP_HEADER ? header - TCP_HEADER : 0;
  const agreed = agreedSize(capture.pass, flow);
  return Math.max(1, (Number.isNaN(agreed) ? ETHERNET_SEGMENT : agreed) - options);
}

/** Window scale of a direction: the shift, or NaN where it was not seen or not offered. */
function scaleOf(pass: FlowPass, flow: number, direction: 0 | 1): number {
  const shift = shiftOf(pass.flows.get(flow, direction * SIDE_WORDS + SIDE.bits));
  return shift < 2 ? Number.NaN : shift - 2;
}

/** What filters add to find no more than was counted: neither what ICMP errors quote nor copies. */
export function countedOnly({ more, copies }: Pick<TcpConnections, 'more' | 'copies'>): string {
  return exceptErrors(more > 0) + (copies > 0 ? ' and not nagare.copy' : '');
}

export function listFlows({ packets }: TcpConnections): number[] {
  const flows: number[] = [];
  for (let flow = 0; flow < packets.length; flow++) if (packets[flow] > 0) flows.push(flow);
  return flows;
}

export function connectionTable(pass: FlowPass, found: TcpConnections, flows: readonly number[], sides: Sides): Table {
  const count = flows.length;
  const ends: FlowEnds[] = flows.map((flow) => flowEnds(pass, flow));
  const stream = `tcp.stream == {stream}${countedOnly(found)}`;
  const of = (values: ArrayLike<number>): Float64Array => numbers(count, (i) => values[flows[i]]);
  const sent = (direction: 0 | 1, from: 'client' | 'server'): TableColumn => ({
    id: from === 'client' ? 'dataSent' : 'dataGot',
    unit: 'bytes',
    values: of(found.bytes[direction]),
    filter: `${stream} and tcp.len > 0 and tcp.srcport == {${from}Port} and {family}.src == {${from}}`,
  });
  const both = (pair: readonly [ArrayLike<number>, ArrayLike<number>]) => (i: number) =>
    pair[0][flows[i]] + pair[1][flows[i]];
  const sign = (id: Sign, isOptional: boolean): TableColumn => ({
    id,
    unit: 'count',
    values: of(found.signs[id]),
    filter: `${stream} and ${SIGN_FILTERS[id]}`,
    ...(isOptional ? { optional: true } : {}),
  });
  return {
    id: 'tcp.connections',
    count,
    columns: [
      { id: 'stream', unit: 'id', values: numbers(count, (i) => ends[i].stream) },
      { id: 'client', unit: 'text', values: texts(count, (i) => ends[i].client) },
      { id: 'clientPort', unit: 'id', values: numbers(count, (i) => ends[i].clientPort) },
      { id: 'server', unit: 'text', values: texts(count, (i) => ends[i].server) },
      { id: 'serverPort', unit: 'id', values: numbers(count, (i) => ends[i].serverPort) },
      { id: 'packets', unit: 'count', values: of(found.packets) },
      sent(0, 'client'),
      sent(1, 'server'),
      {
        id: 'resent',
        unit: 'count',
        values: numbers(count, both(found.resentFrames)),
        filter: `${stream} and nagare.resent`,
      },
      { id: 'resentSegments', unit: 'number', values: of(found.resentSegments), filter: `${stream} and nagare.resent` },
      ...RESENT_KINDS.map(
        (kind): TableColumn => ({
          id: `resent.${kind}`,
          unit: 'count',
          values: of(found.resent[kind]),
          filter: `${stream} and nagare.resent == ${RESENT[kind]}`,
        }),
      ),
      { id: 'lostBefore', unit: 'count', values: of(found.lostBefore), filter: `${stream} and nagare.lost == 1` },
      { id: 'lostAfter', unit: 'count', values: of(found.lostAfter), filter: `${stream} and nagare.lost == 2` },
      ...(Object.keys(SIGNS) as Sign[]).map((id) => sign(id, id === 'windowFull' || id === 'ackedUnseen')),
      {
        id: 'initialRtt',
        unit: 'ns',
        values: numbers(count, (i) => pass.flows.times(flows[i])[pass.flows.timesAt(flows[i]) + FLOW_TIME.initialRtt]),
      },
      { id: 'mss', unit: 'bytes', values: numbers(count, (i) => agreedSize(pass, flows[i])) },
      { id: 'clientScale', unit: 'id', values: numbers(count, (i) => scaleOf(pass, flows[i], 0)), optional: true },
      { id: 'serverScale', unit: 'id', values: numbers(count, (i) => scaleOf(pass, flows[i], 1)), optional: true },
      { id: 'captureSide', unit: 'key', values: texts(count, (i) => `side.${sides.of(flows[i])}`), optional: true },
      { id: 'state', unit: 'key', values: texts(count, (i) => `tcp.${stateOf(found.completeness[flows[i]])}`) },
      { id: 'family', unit: 'text', values: texts(count, (i) => ends[i].family), hidden: true },
    ],
    filter: stream,
    packets: 'packets',
    sort: { column: 'resent', descending: true },
  };
}
