/** The figures in the order of the table, with what each is to reach. */

import { FILTERS, REFUSED, TAKEN } from './filters.ts';
import { ACK_RTT, ALL_FLAGS, FLAGS, INITIAL_RTT } from './frames.ts';
import { HIERARCHY } from './hierarchy.ts';
import { CONVERSATIONS, DESTINATIONS, ENDPOINTS } from './tables.ts';
import { TRANSPORT } from './transport.ts';

export const FRAME_COUNT = 'frame count';

export interface Figure {
  readonly name: string;
  readonly title: string;
  /** Share to reach, as the mean over captures where that says something, and pooled. */
  readonly target: number;
  /** Of values that are few in a capture, only the pooled share says something. */
  readonly isPooled?: boolean;
}

export const FIGURES: readonly Figure[] = [
  { name: FRAME_COUNT, title: 'Number of frames', target: 1 },
  { name: 'frame.time_epoch', title: 'Time', target: 1 },
  { name: 'frame.len', title: 'Length', target: 1 },
  { name: 'frame.cap_len', title: 'Captured length', target: 1 },
  { name: TRANSPORT, title: 'Fields from link to transport', target: 1 },
  { name: 'tcp.stream', title: '`tcp.stream`', target: 1 },
  { name: 'udp.stream', title: '`udp.stream`', target: 1 },
  { name: 'frame.protocols', title: '`frame.protocols`', target: 0.97 },
  { name: '_ws.col.Protocol', title: 'Protocol column', target: 0.97 },
  { name: '_ws.col.Source', title: 'Source column', target: 0.995 },
  { name: '_ws.col.Destination', title: 'Destination column', target: 0.995 },
  { name: FILTERS, title: 'Filters: the same frames', target: 0.97, isPooled: true },
  { name: REFUSED, title: 'Filters: wrong ones refused', target: 1, isPooled: true },
  { name: TAKEN, title: 'Filters: right ones taken', target: 1, isPooled: true },
  { name: HIERARCHY, title: 'Protocol hierarchy: nodes', target: 0.95, isPooled: true },
  { name: CONVERSATIONS, title: 'Conversations: rows', target: 1, isPooled: true },
  { name: ENDPOINTS, title: 'Endpoints: rows', target: 1, isPooled: true },
  { name: DESTINATIONS, title: 'Destinations and ports: rows', target: 1, isPooled: true },
  { name: ALL_FLAGS, title: 'TCP analysis: all flags', target: 0.97, isPooled: true },
  ...FLAGS.map((name) => ({ name, title: `\`${name}\``, target: 0.95, isPooled: true })),
  { name: INITIAL_RTT, title: '`tcp.analysis.initial_rtt` by connection', target: 1, isPooled: true },
  { name: ACK_RTT, title: '`tcp.analysis.ack_rtt`', target: 0.99, isPooled: true },
];
