/** BACnet (ASHRAE 135): virtual link control over UDP (Annex J), network layer (clause 6), application layer by name (20). */

import { u16 } from '../../base/bytes.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const BVLC_TYPE = 0x81;
const BVLC_FUNCTIONS: Readonly<Record<number, string>> = {
  0x00: 'BVLC-Result',
  0x01: 'Write-Broadcast-Distribution-Table',
  0x02: 'Read-Broadcast-Distribution-Table',
  0x03: 'Read-Broadcast-Distribution-Table-Ack',
  0x04: 'Forwarded-NPDU',
  0x05: 'Register-Foreign-Device',
  0x06: 'Read-Foreign-Device-Table',
  0x07: 'Read-Foreign-Device-Table-Ack',
  0x08: 'Delete-Foreign-Device-Table-Entry',
  0x09: 'Distribute-Broadcast-To-Network',
  0x0a: 'Original-Unicast-NPDU',
  0x0b: 'Original-Broadcast-NPDU',
};
const BVLC = { result: 0, forwarded: 4, register: 5, distribute: 9, unicast: 10, broadcast: 11 } as const;

export const bvlc = defineProtocol({
  name: 'bvlc',
  title: 'BACnet Virtual Link Control',
  short: 'BVLC',
  on: { 'udp.port': [0xbac0] },
  opens: ['bacnet', 'data'],
  header: 4,
  fields: {
    type: { at: 0, type: 'u8', show: 'hex', label: 'Type', names: { 0x81: 'BACnet/IP (Annex J)' } },
    function: { at: 1, type: 'u8', show: 'hex', label: 'Function', names: BVLC_FUNCTIONS },
    length: { at: 2, type: 'u16', label: 'BVLC-Length' },
    result: { type: 'u16', show: 'hex', label: 'Result' },
    fwd_ip: { type: 'ipv4', label: 'IP' },
    fwd_port: { type: 'u16', label: 'Port' },
    reg_ttl: { type: 'u16', label: 'TTL' },
  },
  recogniseOn: ['udp'],
  recognise: (b, at, end) =>
    end - at >= 4 && b[at] === BVLC_TYPE && b[at + 1] <= BVLC.broadcast && u16(b, at + 2) === end - at,
  tree(t) {
    const { at } = t;
    const kind = t.u8(at + 1);
    t.info(`BACnet Virtual Link Control BVLC Function ${BVLC_FUNCTIONS[kind] ?? 'Unknown'} `);
    let next = t.header();
    if (kind === BVLC.result) next = t.add('result', next);
    else if (kind === BVLC.register) next = t.add('reg_ttl', next);
    else if (kind === BVLC.forwarded) next = t.add('fwd_port', t.add('fwd_ip', next));
    t.headerEnd(next);
    const carries = kind === BVLC.forwarded || (kind >= BVLC.distribute && kind <= BVLC.broadcast);
    if (carries && next < t.end) t.dissect('bacnet', next);
    else t.payload(next);
  },
});

const NETWORK_MESSAGES: Readonly<Record<number, string>> = {
  0: 'Who-Is-Router-To-Network',
  1: 'I-Am-Router-To-Network',
  2: 'I-Could-Be-Router-To-Network',
  3: 'Reject-Message-To-Network',
  4: 'Router-Busy-To-Network',
  5: 'Router-Available-To-Network',
  6: 'Initialize-Routing-Table',
  7: 'Initialize-Routing-Table-Ack',
  8: 'Establish-Connection-To-Network',
  9: 'Disconnect-Connection-To-Network',
};
const CONTROL = { message: 0x80, destination: 0x20, source: 0x08 } as const;
const VENDOR = 0x80;

export const bacnet = defineProtocol({
  name: 'bacnet',
  title: 'Building Automation and Control Network NPDU',
  short: 'BACnet-NPDU',
  on: { 'llc.dsap': [0x82] },
  opens: ['bacapp', 'data'],
  header: 2,
  fields: {
    version: { at: 0, type: 'u8', show: 'hex', label: 'Version', names: { 1: 'ASHRAE 135-1995' } },
    control: { at: 1, type: 'u8', show: 'hex', label: 'Control' },
    'control.net': { at: 1, type: 'bool', bits: [7, 7], label: 'NSDU contains' },
    'control.dest': { at: 1, type: 'bool', bits: [5, 5], label: 'Destination Specifier' },
    'control.src': { at: 1, type: 'bool', bits: [3, 3], label: 'Source specifier' },
    'control.expect': { at: 1, type: 'bool', bits: [2, 2], label: 'Expecting Reply' },
    'control.prio_high': { at: 1, type: 'bool', bits: [1, 1], label: 'Priority' },
    'control.prio_low': { at: 1, type: 'bool', bits: [0, 0], label: 'Priority' },
    dnet: { type: 'u16', label: 'Destination Network Address' },
    dlen: { type: 'u8', label: 'Destination MAC Layer Address Length' },
    dadr_tmp: { type: 'bytes', label: 'Unknown Destination MAC' },
    snet: { type: 'u16', label: 'Source Network Address' },
    slen: { type: 'u8', label: 'Source MAC Layer Address Length' },
    sadr_tmp: { type: 'bytes', label: 'Unknown Source MAC' },
    hopc: { type: 'u8', label: 'Hop Count' },
    mesgtyp: { type: 'u8', show: 'hex', label: 'Network Layer Message Type', names: NETWORK_MESSAGES },
    vendor: { type: 'u16', label: 'Vendor ID' },
  },
  tree(t) {
    const control = t.u8(t.at + 1);
    t.info('Building Automation and Control Network NPDU');
    let at = t.header();
    const hasTarget = (control & CONTROL.destination) !== 0;
    if (hasTarget) at = place(t, 'dnet', 'dlen', 'dadr_tmp', at);
    if ((control & CONTROL.source) !== 0) at = place(t, 'snet', 'slen', 'sadr_tmp', at);
    if (hasTarget) at = t.add('hopc', at);
    if ((control & CONTROL.message) !== 0) {
      const kind = t.u8(at);
      t.info(kind >= VENDOR ? 'Vendor Proprietary Message' : (NETWORK_MESSAGES[kind] ?? 'Unknown'));
      at = t.add('mesgtyp', at);
      if (kind >= VENDOR) at = t.add('vendor', at);
      t.headerEnd(at);
      t.payload(at);
      return;
    }
    t.headerEnd(at);
    if (at < t.end) t.dissect('bacapp', at);
  },
});

function place(t: TreeBuilder, net: string, length: string, address: string, at: number): number {
  const size = t.u8(at + 2);
  t.add(net, at);
  t.add(length, at + 2);
  if (size > 0) t.add(address, at + 3, size);
  return at + 3 + size;
}

const APDU = {
  confirmed: 0,
  unconfirmed: 1,
  simple: 2,
  complex: 3,
  segment: 4,
  error: 5,
  reject: 6,
  abort: 7,
} as const;
const APDUS: Readonly<Record<number, string>> = {
  0: 'Confirmed-REQ',
  1: 'Unconfirmed-REQ',
  2: 'Simple-ACK',
  3: 'Complex-ACK',
  4: 'Segment-ACK',
  5: 'Error',
  6: 'Reject',
  7: 'Abort',
};
const CONFIRMED: Readonly<Record<number, string>> = {
  0: 'acknowledgeAlarm',
  1: 'confirmedCOVNotification',
  2: 'confirmedEventNotification',
  3: 'getAlarmSummary',
  4: 'getEnrollmentSummary',
  5: 'subscribeCOV',
  6: 'atomicReadFile',
  7: 'atomicWriteFile',
  8: 'addListElement',
  9: 'removeListElement',
  10: 'createObject',
  11: 'deleteObject',
  12: 'readProperty',
  13: 'readPropertyConditional',
  14: 'readPropertyMultiple',
  15: 'writeProperty',
  16: 'writePropertyMultiple',
  17: 'deviceCommunicationControl',
  18: 'confirmedPrivateTransfer',
  19: 'confirmedTextMessage',
  20: 'reinitializeDevice',
  21: 'vtOpen',
  22: 'vtClose',
  23: 'vtData',
  26: 'readRange',
  27: 'lifeSafetyOperation',
  28: 'subscribeCOVProperty',
  29: 'getEventInformation',
};
const UNCONFIRMED: Readonly<Record<number, string>> = {
  0: 'i-Am',
  1: 'i-Have',
  2: 'unconfirmedCOVNotification',
  3: 'unconfirmedEventNotification',
  4: 'unconfirmedPrivateTransfer',
  5: 'unconfirmedTextMessage',
  6: 'timeSynchronization',
  7: 'who-Has',
  8: 'who-Is',
  9: 'utcTimeSynchronization',
  10: 'writeGroup',
};
const SEGMENTED = 8;

export const bacapp = defineProtocol({
  name: 'bacapp',
  title: 'Building Automation and Control Network APDU',
  short: 'BACnet-APDU',
  header: 1,
  fields: {
    type: { at: 0, type: 'u8', bits: [7, 4], label: 'APDU Type', names: APDUS },
    pduflags: { type: 'u8', bits: [3, 0], show: 'hex', label: 'PDU Flags' },
    segmented_request: { type: 'bool', bits: [3, 3], label: 'Segmented Request' },
    more_segments: { type: 'bool', bits: [2, 2], label: 'More Segments' },
    response_segments: { type: 'u8', bits: [6, 4], label: 'Max Response Segments accepted' },
    max_adpu_size: { type: 'u8', bits: [3, 0], label: 'Size of Maximum ADPU accepted' },
    invoke_id: { type: 'u8', label: 'Invoke ID' },
    sequence_number: { type: 'u8', label: 'Sequence Number' },
    window_size: { type: 'u8', label: 'Proposed Window Size' },
    confirmed_service: { type: 'u8', label: 'Service Choice', names: CONFIRMED },
    unconfirmed_service: { type: 'u8', label: 'Unconfirmed Service Choice', names: UNCONFIRMED },
    bacapp_reject_reason: { type: 'u8', label: 'Reject Reason', abbrev: 'bacapp.reject_reason' },
    abort_reason: { type: 'u8', label: 'Abort Reason' },
    data: { type: 'bytes', label: 'Service parameters' },
  },
  tree(t) {
    const { at } = t;
    const first = t.u8(at);
    const kind = first >>> 4;
    t.info((APDUS[kind] ?? `Unknown (${kind})`).padEnd(16));
    t.header();
    let next: number;
    if (kind === APDU.unconfirmed) {
      t.addInfo(`${UNCONFIRMED[t.u8(at + 1)] ?? 'Unknown'} `);
      next = t.add('unconfirmed_service', at + 1);
    } else next = numbered(t, kind, first, at);
    if (next < t.end) t.add('data', next, t.end - next);
  },
});

/** PDUs that belong to an invocation. */
function numbered(t: TreeBuilder, kind: number, first: number, at: number): number {
  let next = at + 1;
  if (kind === APDU.confirmed || kind === APDU.complex) {
    t.add('pduflags', at);
    t.nest(t.last());
    t.add('segmented_request', at);
    t.add('more_segments', at);
    t.close();
  }
  if (kind === APDU.confirmed) {
    t.add('response_segments', next);
    next = t.add('max_adpu_size', next);
  }
  const id = t.u8(next);
  next = t.add('invoke_id', next);
  if ((first & SEGMENTED) !== 0 && (kind === APDU.confirmed || kind === APDU.complex))
    next = t.add('window_size', t.add('sequence_number', next));
  if (kind === APDU.segment) return t.add('window_size', t.add('sequence_number', next));
  if (kind === APDU.reject) return t.add('bacapp_reject_reason', next);
  if (kind === APDU.abort) return t.add('abort_reason', next);
  if (kind > APDU.abort) return next;
  t.addInfo(`${CONFIRMED[t.u8(next)] ?? 'Unknown'}[${String(id).padStart(3, ' ')}] `);
  return t.add('confirmed_service', next);
}
