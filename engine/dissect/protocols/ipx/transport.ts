/** What else IPX carries (Novell's "Internet Transport Protocols"): SPX streams, watchdog messages of servers, serial numbers. */

import { defineProtocol } from '../../protocol.ts';

const SPX = {
  control: 0,
  type: 1,
  source: 2,
  destination: 4,
  sequence: 6,
  acknowledged: 8,
  allocation: 10,
  payload: 12,
} as const;
const SIGNS: Readonly<Record<string, string>> = {
  '?': 'Poll inactive station',
  Y: 'Station is still using the connection',
  '!': 'Broadcast message waiting',
};
const SERIAL_LENGTH = 6;

export const spx = defineProtocol({
  name: 'spx',
  title: 'Sequenced Packet eXchange',
  unlisted: true,
  header: SPX.payload,
  fields: {
    ctl: { type: 'u8', show: 'hex', bits: [7, 4], label: 'Connection Control' },
    'ctl.sys': { type: 'bool', of: 'u8', bits: [7, 7], label: 'System Packet' },
    'ctl.send_ack': { type: 'bool', of: 'u8', bits: [6, 6], label: 'Send Ack' },
    'ctl.attn': { type: 'bool', of: 'u8', bits: [5, 5], label: 'Attention' },
    'ctl.eom': { type: 'bool', of: 'u8', bits: [4, 4], label: 'End of Message' },
    type: { type: 'u8', show: 'hex', label: 'Datastream Type' },
    src: { type: 'u16', label: 'Source Connection ID' },
    dst: { type: 'u16', label: 'Destination Connection ID' },
    seq: { type: 'u16', label: 'Sequence Number' },
    ack: { type: 'u16', label: 'Acknowledgment Number' },
    alloc: { type: 'u16', label: 'Allocation Number' },
  },
  tree(t) {
    const { at } = t;
    t.info(`SPX, Seq ${t.u16(at + SPX.sequence)}, Ack ${t.u16(at + SPX.acknowledged)}`);
    t.add('ctl', at);
    t.nest(t.last());
    for (const flag of ['ctl.sys', 'ctl.send_ack', 'ctl.attn', 'ctl.eom']) t.add(flag, at);
    t.close();
    t.add('type', at + SPX.type);
    t.add('src', at + SPX.source);
    t.add('dst', at + SPX.destination);
    t.add('seq', at + SPX.sequence);
    t.add('ack', at + SPX.acknowledged);
    t.add('alloc', at + SPX.allocation);
    t.headerEnd(at + SPX.payload);
    t.payload(at + SPX.payload);
  },
});

export const ipxmsg = defineProtocol({
  name: 'ipxmsg',
  title: 'IPX Message',
  short: 'IPX MSG',
  unlisted: true,
  header: 2,
  fields: {
    conn: { type: 'u8', label: 'Connection Number' },
    sigchar: { type: 'u8', show: 'hex', label: 'Signature Character' },
  },
  tree(t) {
    const { at } = t;
    const sign = String.fromCharCode(t.u8(at + 1));
    t.info(`${SIGNS[sign] ?? 'Unknown Signature Character'}, Connection ${t.u8(at)}`);
    t.add('conn', at);
    t.add('sigchar', at + 1);
  },
});

export const nwSerial = defineProtocol({
  name: 'nw_serial',
  title: 'NetWare Serialization Protocol',
  unlisted: true,
  header: SERIAL_LENGTH,
  fields: { serial_number: { type: 'bytes', label: 'Serial number' } },
  tree(t) {
    const serial = t.slice(t.at, SERIAL_LENGTH);
    t.info(
      `Serial number ${[...serial]
        .map((byte) => byte.toString(16).padStart(2, '0'))
        .join('')
        .toUpperCase()}`,
    );
    t.add('serial_number', t.at, SERIAL_LENGTH);
  },
});
