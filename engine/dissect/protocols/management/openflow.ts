/** OpenFlow (Open Networking Foundation, switch specifications 1.0.0 and 1.3): a controller programs switches. */

import { u16 } from '../../../base/bytes.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE, type ProtocolSpec } from '../../protocol.ts';

const AT = { version: 0, type: 1, length: 2, id: 4, body: 8 } as const;
const VERSIONS: Readonly<Record<number, string>> = { 1: '1.0', 2: '1.1', 3: '1.2', 4: '1.3', 5: '1.4', 6: '1.5' };
const TYPES_1: Readonly<Record<number, string>> = {
  0: 'OFPT_HELLO',
  1: 'OFPT_ERROR',
  2: 'OFPT_ECHO_REQUEST',
  3: 'OFPT_ECHO_REPLY',
  4: 'OFPT_VENDOR',
  5: 'OFPT_FEATURES_REQUEST',
  6: 'OFPT_FEATURES_REPLY',
  7: 'OFPT_GET_CONFIG_REQUEST',
  8: 'OFPT_GET_CONFIG_REPLY',
  9: 'OFPT_SET_CONFIG',
  10: 'OFPT_PACKET_IN',
  11: 'OFPT_FLOW_REMOVED',
  12: 'OFPT_PORT_STATUS',
  13: 'OFPT_PACKET_OUT',
  14: 'OFPT_FLOW_MOD',
  15: 'OFPT_PORT_MOD',
  16: 'OFPT_STATS_REQUEST',
  17: 'OFPT_STATS_REPLY',
  18: 'OFPT_BARRIER_REQUEST',
  19: 'OFPT_BARRIER_REPLY',
  20: 'OFPT_QUEUE_GET_CONFIG_REQUEST',
  21: 'OFPT_QUEUE_GET_CONFIG_REPLY',
};
const TYPES_4: Readonly<Record<number, string>> = {
  0: 'OFPT_HELLO',
  1: 'OFPT_ERROR',
  2: 'OFPT_ECHO_REQUEST',
  3: 'OFPT_ECHO_REPLY',
  4: 'OFPT_EXPERIMENTER',
  5: 'OFPT_FEATURES_REQUEST',
  6: 'OFPT_FEATURES_REPLY',
  7: 'OFPT_GET_CONFIG_REQUEST',
  8: 'OFPT_GET_CONFIG_REPLY',
  9: 'OFPT_SET_CONFIG',
  10: 'OFPT_PACKET_IN',
  11: 'OFPT_FLOW_REMOVED',
  12: 'OFPT_PORT_STATUS',
  13: 'OFPT_PACKET_OUT',
  14: 'OFPT_FLOW_MOD',
  15: 'OFPT_GROUP_MOD',
  16: 'OFPT_PORT_MOD',
  17: 'OFPT_TABLE_MOD',
  18: 'OFPT_MULTIPART_REQUEST',
  19: 'OFPT_MULTIPART_REPLY',
  20: 'OFPT_BARRIER_REQUEST',
  21: 'OFPT_BARRIER_REPLY',
  22: 'OFPT_QUEUE_GET_CONFIG_REQUEST',
  23: 'OFPT_QUEUE_GET_CONFIG_REPLY',
  24: 'OFPT_ROLE_REQUEST',
  25: 'OFPT_ROLE_REPLY',
  26: 'OFPT_GET_ASYNC_REQUEST',
  27: 'OFPT_GET_ASYNC_REPLY',
  28: 'OFPT_SET_ASYNC',
  29: 'OFPT_METER_MOD',
};
/** Versions with a layer of their own. */
const OWN: Readonly<Record<number, string>> = {
  1: 'openflow_v1',
  4: 'openflow_v4',
  5: 'openflow_v5',
  6: 'openflow_v6',
};
const PACKET_IN = 10;

function isHeader(bytes: Uint8Array, at: number): boolean {
  return VERSIONS[bytes[at]] !== undefined && bytes[at + AT.type] <= 35 && u16(bytes, at + AT.length) >= AT.body;
}

export const openflow = defineProtocol({
  name: 'openflow',
  title: 'OpenFlow',
  short: 'OpenFlow',
  on: { 'tcp.port': [6653, 6633] },
  opens: ['openflow_v1', 'openflow_v4', 'openflow_v5', 'openflow_v6'],
  fields: { version: { type: 'u8', show: 'hex', bits: [6, 0], label: 'Version', names: VERSIONS, many: true } },
  accepts: (bytes, at, end) => end - at >= AT.body && isHeader(bytes, at),
  frame(f: Framing): number {
    if (f.end - f.at < AT.id) return MORE;
    return isHeader(f.bytes, f.at) ? u16(f.bytes, f.at + AT.length) : NOT_MINE;
  },
  tree(t) {
    const version = t.u8(t.at);
    const own = OWN[version];
    if (own !== undefined && t.has(t.at, AT.body)) t.dissect(own, t.at);
    else {
      t.info('');
      t.add('version', t.at);
      t.text('Data', t.at + 1, t.end - t.at - 1);
    }
  },
});

export const openflow1 = defineProtocol({
  name: 'openflow_v1',
  title: 'OpenFlow 1.0',
  short: 'OpenFlow',
  header: AT.body,
  fields: {
    version: {
      at: AT.version,
      type: 'u8',
      show: 'hex',
      bits: [6, 0],
      label: 'Version',
      names: VERSIONS,
      abbrev: 'openflow.version',
    },
    type: { at: AT.type, type: 'u8', label: 'Type', names: TYPES_1, abbrev: 'openflow_1_0.type', many: true },
    length: { at: AT.length, type: 'u16', label: 'Length', abbrev: 'openflow.length', many: true },
    xid: { at: AT.id, type: 'u32', label: 'Transaction ID', abbrev: 'openflow.xid', many: true },
  },
  tree(t) {
    const type = t.u8(t.at + AT.type);
    t.info(`Type: ${TYPES_1[type] ?? 'Unknown'}`);
    const body = t.header();
    if (t.end > body) t.text(type === PACKET_IN ? 'Packet in' : 'Body', body, t.end - body);
  },
});

/** From 1.3 on the protocols differ in the bodies that are not looked into. */
function later(name: string, title: string): ProtocolSpec {
  return defineProtocol({
    name,
    title,
    short: 'OpenFlow',
    header: AT.body,
    fields: {
      version: { at: AT.version, type: 'u8', show: 'hex', label: 'Version', names: VERSIONS, many: true },
      type: { at: AT.type, type: 'u8', label: 'Type', names: TYPES_4, many: true },
      length: { at: AT.length, type: 'u16', label: 'Length', many: true },
      xid: { at: AT.id, type: 'u32', label: 'Transaction ID', many: true },
    },
    tree(t) {
      t.info(`Type: ${TYPES_4[t.u8(t.at + AT.type)] ?? 'Unknown'}`);
      const body = t.header();
      if (t.end > body) t.text('Body', body, t.end - body);
    },
  });
}

export const openflow4 = later('openflow_v4', 'OpenFlow 1.3');
export const openflow5 = later('openflow_v5', 'OpenFlow 1.4');
export const openflow6 = later('openflow_v6', 'OpenFlow 1.5');
