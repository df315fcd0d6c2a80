/** Veritas Low Latency Transport: heartbeats and messages between the nodes of a cluster. */

import { defineProtocol } from '../protocol.ts';

const AT = { cluster: 2, type: 3, node: 7, sequence: 24, time: 40 } as const;
const NAMES: Readonly<Record<number, string>> = { 0x0a: 'heartbeat' };

export const llt = defineProtocol({
  name: 'llt',
  title: 'Veritas Low Latency Transport (LLT)',
  on: { ethertype: [0xcafe] },
  header: AT.type + 1,
  fields: {
    cluster_num: { at: AT.cluster, type: 'u8', label: 'Cluster number' },
    message_type: { at: AT.type, type: 'u8', show: 'hex', label: 'Message type', names: NAMES },
    node_id: { at: AT.node, type: 'u8', label: 'Node ID' },
    sequence_num: { type: 'u32', label: 'Sequence number' },
    message_time: { type: 'u32', label: 'Message time' },
  },
  tree(t) {
    const type = t.u8(t.at + AT.type);
    t.info(`Message type: ${NAMES[type] ?? `Unknown (0x${type.toString(16).padStart(2, '0')})`}`);
    t.header();
    t.add('sequence_num', t.at + AT.sequence);
    t.add('message_time', t.at + AT.time);
  },
});
