/** L2TP version 2 (RFC 2661): control messages of attributes, and PPP frames in data messages. Hot: scan() once per packet. */

import { u16 } from '../../base/bytes.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const FLAG = { control: 0x8000, length: 0x4000, sequence: 0x0800, offset: 0x0200 } as const;
const VERSION = 2;
const LINK_PPP = 9;
const MIN_HEADER = 6;
const MESSAGES: Readonly<Record<number, string>> = {
  1: 'Start_Control_Request',
  2: 'Start_Control_Reply',
  3: 'Start_Control_Connected',
  4: 'Stop_Control_Notification',
  6: 'Hello',
  7: 'Outgoing_Call_Request',
  8: 'Outgoing_Call_Reply',
  9: 'Outgoing_Call_Connected',
  10: 'Incoming_Call_Request',
  11: 'Incoming_Call_Reply',
  12: 'Incoming_Call_Connected',
  14: 'Call_Disconnect_Notification',
  15: 'WAN_Error_Notify',
  16: 'Set_Link_Info',
};
const SHORT: Readonly<Record<number, string>> = {
  1: 'SCCRQ',
  2: 'SCCRP',
  3: 'SCCCN',
  4: 'StopCCN',
  6: 'Hello',
  7: 'OCRQ',
  8: 'OCRP',
  9: 'OCCN',
  10: 'ICRQ',
  11: 'ICRP',
  12: 'ICCN',
  14: 'CDN',
  15: 'WEN',
  16: 'SLI',
};
const AVP_HEADER = 6;

/** Bytes of the header; 0: they are not there. */
function headerLength(bytes: Uint8Array, at: number, end: number): number {
  const flags = u16(bytes, at);
  let length = MIN_HEADER;
  if ((flags & FLAG.length) !== 0) length += 2;
  if ((flags & FLAG.sequence) !== 0) length += 4;
  if ((flags & FLAG.offset) !== 0) {
    if (at + length + 2 > end) return 0;
    length += 2 + u16(bytes, at + length);
  }
  return at + length <= end ? length : 0;
}

export const l2tp = defineProtocol({
  name: 'l2tp',
  title: 'Layer 2 Tunneling Protocol',
  on: { 'udp.port': [1701] },
  chooses: 'link',
  header: MIN_HEADER,
  fields: {
    type: { type: 'u16', bits: [15, 15], label: 'Type' },
    length_bit: { type: 'bool', of: 'u16', bits: [14, 14], label: 'Length Bit' },
    seq_bit: { type: 'bool', of: 'u16', bits: [11, 11], label: 'Sequence Bit' },
    offset_bit: { type: 'bool', of: 'u16', bits: [9, 9], label: 'Offset bit' },
    priority: { type: 'bool', of: 'u16', bits: [8, 8], label: 'Priority' },
    version: { type: 'u16', bits: [3, 0], label: 'Version' },
    length: { type: 'u16', label: 'Length' },
    tunnel: { type: 'u16', label: 'Tunnel ID' },
    session: { type: 'u16', label: 'Session ID' },
    Ns: { type: 'u16', label: 'Ns' },
    Nr: { type: 'u16', label: 'Nr' },
    offset: { type: 'u16', label: 'Offset' },
    'avp.hidden': { type: 'bool', of: 'u16', bits: [14, 14], label: 'Hidden', many: true },
    'avp.mandatory': { type: 'bool', of: 'u16', bits: [15, 15], label: 'Mandatory', many: true },
    'avp.length': { type: 'u16', bits: [9, 0], label: 'Length', many: true },
    'avp.vendor_id': { type: 'u16', label: 'Vendor ID', many: true },
    'avp.type': { type: 'u16', label: 'AVP Type', many: true },
    'avp.message_type': { type: 'u16', label: 'Message Type' },
  },
  scan(p) {
    const flags = u16(p.bytes, p.at);
    if ((flags & 0xf) !== VERSION || (flags & FLAG.control) !== 0) return;
    const length = headerLength(p.bytes, p.at, p.end);
    if (length === 0) return p.malformed('header');
    p.tunnel(u16(p.bytes, p.at + ((flags & FLAG.length) !== 0 ? 4 : 2)));
    p.enter(length);
    if (p.at < p.end) p.next(LINK_PPP);
  },
  tree(t) {
    const flags = t.u16(t.at);
    const isControl = (flags & FLAG.control) !== 0;
    for (const key of ['type', 'length_bit', 'seq_bit', 'offset_bit', 'priority', 'version']) t.add(key, t.at, 2);
    if ((flags & 0xf) !== VERSION) return;
    let at = t.at + 2;
    if ((flags & FLAG.length) !== 0) at = t.add('length', at);
    const tunnel = t.u16(at);
    const session = t.u16(at + 2);
    t.add('tunnel', at);
    t.add('session', at + 2);
    at += 4;
    if ((flags & FLAG.sequence) !== 0) {
      t.add('Ns', at);
      t.add('Nr', at + 2);
      at += 4;
    }
    t.info(
      `${isControl ? 'Control Message - ' : 'Data Message            '}(tunnel id=${tunnel}, session id=${session})`,
    );
    if (isControl) {
      control(t, at, tunnel, session);
      return;
    }
    const length = headerLength(t.bytes, t.at, t.end);
    if (length === 0) t.fail();
    if ((flags & FLAG.offset) !== 0) t.add('offset', at);
    t.headerEnd(t.at + length);
    t.upper(t.at + length);
  },
});

function control(t: TreeBuilder, from: number, tunnel: number, session: number): void {
  const ids = `(tunnel id=${tunnel}, session id=${session})`;
  if (from >= t.end) {
    t.info(`Control Message - ZLB      ${ids}`);
    return;
  }
  let at = from;
  while (at + AVP_HEADER <= t.end) {
    const length = t.u16(at) & 0x3ff;
    const type = t.u16(at + 4);
    if (length < AVP_HEADER) t.fail();
    t.need(at, length);
    t.nest(t.text(`AVP type ${type}`, at, length));
    t.add('avp.mandatory', at);
    t.add('avp.hidden', at);
    t.add('avp.length', at);
    t.add('avp.vendor_id', at + 2);
    t.add('avp.type', at + 4);
    if (type === 0 && length >= 8) {
      const message = t.u16(at + 6);
      t.put('avp.message_type', message, at + 6, 2, `Message Type: ${MESSAGES[message] ?? 'Unknown'} (${message})`);
      t.info(`Control Message - ${(SHORT[message] ?? 'Unknown').padEnd(8)} ${ids}`);
    }
    t.close();
    at += length;
  }
}
