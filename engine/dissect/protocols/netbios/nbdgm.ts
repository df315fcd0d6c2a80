/** NetBIOS datagram service (RFC 1002 4.4): one SMB in a datagram, between names. */

import { defineProtocol } from '../../protocol.ts';
import { longName, readName } from './name.ts';

const AT = { type: 0, flags: 1, id: 2, sourceIp: 4, sourcePort: 8, length: 10, offset: 12, names: 14 } as const;
const TYPES: Readonly<Record<number, string>> = {
  16: 'Direct_unique datagram',
  17: 'Direct_group datagram',
  18: 'Broadcast datagram',
  19: 'Datagram error',
  20: 'Datagram query request',
  21: 'Datagram positive query response',
  22: 'Datagram negative query response',
};
const TYPE = { unique: 16, broadcast: 18, error: 19, queryRequest: 20, queryNegative: 22 } as const;
/** 0xff and `SMB`. */
const SMB = 0xff534d42;

export const nbdgm = defineProtocol({
  name: 'nbdgm',
  title: 'NetBIOS Datagram Service',
  short: 'NBDS',
  on: { 'udp.port': [138] },
  header: AT.length,
  opens: ['smb', 'data'],
  fields: {
    type: { type: 'u8', label: 'Message Type', at: AT.type, names: TYPES },
    flags: { type: 'u8', show: 'hex', label: 'Flags', at: AT.flags },
    next: { type: 'bool', of: 'u8', bits: [0, 0], label: 'More fragments follow', flag: ['Yes', 'No'] },
    first: { type: 'bool', of: 'u8', bits: [1, 1], label: 'This is first fragment', flag: ['Yes', 'No'] },
    node_type: {
      type: 'u8',
      bits: [3, 2],
      label: 'Node Type',
      names: { 0: 'B node', 1: 'P node', 2: 'M node', 3: 'NBDD' },
    },
    dgram_id: { type: 'u16', show: 'hex', label: 'Datagram ID' },
    'src.ip': { type: 'ipv4', label: 'Source IP' },
    'src.port': { type: 'u16', label: 'Source Port' },
    dgram_len: { type: 'u16', label: 'Datagram length' },
    pkt_offset: { type: 'u16', label: 'Packet offset' },
    error_code: {
      type: 'u8',
      show: 'hex',
      label: 'Error code',
      names: {
        0x82: 'Destination name not present',
        0x83: 'Invalid source name format',
        0x84: 'Invalid destination name format',
      },
    },
    source_name: { type: 'string', label: 'Source name' },
    destination_name: { type: 'string', label: 'Destination name' },
  },
  tree(t) {
    const base = t.at;
    const type = t.u8(base);
    t.add('type', base);
    t.add('flags', base + AT.flags);
    t.nest(t.last());
    for (const key of ['next', 'first', 'node_type']) t.add(key, base + AT.flags);
    t.close();
    t.add('dgram_id', base + AT.id);
    t.add('src.ip', base + AT.sourceIp);
    t.add('src.port', base + AT.sourcePort);
    t.info(TYPES[type] ?? `Unknown message type (0x${type.toString(16).padStart(2, '0')})`);
    if (type === TYPE.error) {
      t.add('error_code', base + AT.length);
      return;
    }
    if (type >= TYPE.queryRequest && type <= TYPE.queryNegative) {
      const name = readName(t, base, base + AT.length);
      t.put(
        'destination_name',
        name.text,
        base + AT.length,
        name.end - base - AT.length,
        `Destination name: ${longName(name)}`,
      );
      return;
    }
    if (type < TYPE.unique || type > TYPE.broadcast) return;
    t.add('dgram_len', base + AT.length);
    t.add('pkt_offset', base + AT.offset);
    const source = readName(t, base, base + AT.names);
    t.put(
      'source_name',
      source.text,
      base + AT.names,
      source.end - base - AT.names,
      `Source name: ${longName(source)}`,
    );
    const destination = readName(t, base, source.end);
    t.put(
      'destination_name',
      destination.text,
      source.end,
      destination.end - source.end,
      `Destination name: ${longName(destination)}`,
    );
    t.headerEnd(destination.end);
    if (destination.end >= t.end) return;
    if (t.has(destination.end, 4) && t.u32(destination.end) === SMB) t.dissect('smb', destination.end);
    else t.payload(destination.end);
  },
});
