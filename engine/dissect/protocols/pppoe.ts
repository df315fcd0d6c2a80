/** PPP over Ethernet (RFC 2516; tags also RFC 4679, RFC 4938): discovery, then sessions that carry PPP. */

import { u16 } from '../../base/bytes.ts';
import { defineProtocol, type FieldSpec } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const AT = { version: 0, code: 1, session: 2, length: 4, payload: 6 } as const;
const LINK_PPP = 9;
const CODES: Readonly<Record<number, string>> = {
  0x00: 'Session Data',
  0x07: 'Active Discovery Offer (PADO)',
  0x09: 'Active Discovery Initiation (PADI)',
  0x0a: 'Active Discovery Session-Grant (PADG)',
  0x0b: 'Active Discovery Session-Credit Resp.(PADC)',
  0x0c: 'Active Discovery Quality (PADQ)',
  0x19: 'Active Discovery Request (PADR)',
  0x65: 'Active Discovery Session-confirmation (PADS)',
  0xa7: 'Active Discovery Terminate (PADT)',
  0xd3: 'Active Discovery Message (PADM)',
  0xd4: 'Active Discovery Network (PADN)',
};
const TAGS: Readonly<Record<number, string>> = {
  0x0000: 'End-Of-List',
  0x0101: 'Service-Name',
  0x0102: 'AC-Name',
  0x0103: 'Host-Uniq',
  0x0104: 'AC-Cookie',
  0x0105: 'Vendor-Specific',
  0x0106: 'Credits',
  0x0107: 'Metrics',
  0x0108: 'Sequence Number',
  0x0109: 'Credit Scale Factor',
  0x0110: 'Relay-Session-Id',
  0x0111: 'HURL',
  0x0112: 'MOTM',
  0x0120: 'PPP-Max-Payload',
  0x0121: 'IP Route Add',
  0x0201: 'Service-Name-Error',
  0x0202: 'AC-System-Error',
  0x0203: 'Generic-Error',
};
/** The field of a tag's value. */
const TAG_FIELDS: ReadonlyMap<number, string> = new Map([
  [0x0101, 'tags.service_name'],
  [0x0102, 'tags.ac_name'],
  [0x0103, 'tags.host_uniq'],
  [0x0104, 'tags.ac_cookie'],
  [0x0110, 'tags.relay_session_id'],
  [0x0111, 'tags.hurl'],
  [0x0112, 'tags.motm'],
  [0x0120, 'tags.max_payload'],
  [0x0121, 'tags.ip_route_add'],
  [0x0201, 'tags.service_name_error'],
  [0x0202, 'tags.ac_system_error'],
  [0x0203, 'tags.generic_error'],
]);
const TAG = { end: 0, acName: 0x0102, vendor: 0x0105 } as const;
/** The DSL Forum's enterprise number (RFC 4679). */
const DSL_FORUM = 3561;

const headerFields = {
  version: { at: AT.version, type: 'u8', bits: [7, 4], label: 'Version', abbrev: 'pppoe.version' },
  type: { at: AT.version, type: 'u8', bits: [3, 0], label: 'Type', abbrev: 'pppoe.type' },
  code: { at: AT.code, type: 'u8', show: 'hex', label: 'Code', names: CODES, abbrev: 'pppoe.code' },
  session_id: { at: AT.session, type: 'u16', show: 'hex', label: 'Session ID', abbrev: 'pppoe.session_id' },
  payload_length: { at: AT.length, type: 'u16', label: 'Payload Length', abbrev: 'pppoe.payload_length' },
} as const satisfies Record<string, FieldSpec>;

export const pppoeDiscovery = defineProtocol({
  name: 'pppoed',
  title: 'PPP-over-Ethernet Discovery',
  short: 'PPPoED',
  on: { ethertype: [0x8863] },
  header: AT.payload,
  fields: {
    ...headerFields,
    tags: { type: 'none', label: 'PPPoE Tags' },
    tag: { type: 'u16', show: 'hex', label: 'Tag', names: TAGS, many: true },
    tag_length: { type: 'u16', label: 'Tag Length', many: true },
    'tags.service_name': { type: 'string', label: 'Service-Name' },
    'tags.ac_name': { type: 'string', label: 'AC-Name' },
    'tags.host_uniq': { type: 'bytes', label: 'Host-Uniq' },
    'tags.ac_cookie': { type: 'bytes', label: 'AC-Cookie' },
    'tags.vendor_id': { type: 'u32', label: 'Vendor id' },
    'tags.circuit_id': { type: 'string', label: 'Circuit ID' },
    'tags.remote_id': { type: 'string', label: 'Remote ID' },
    'tags.vendor_unspecified': { type: 'bytes', label: 'Vendor unspecified' },
    'tags.relay_session_id': { type: 'bytes', label: 'Relay-Session-Id' },
    'tags.hurl': { type: 'bytes', label: 'HURL' },
    'tags.motm': { type: 'bytes', label: 'MOTM' },
    'tags.max_payload': { type: 'bytes', label: 'PPP-Max-Payload' },
    'tags.ip_route_add': { type: 'bytes', label: 'IP Route Add' },
    'tags.service_name_error': { type: 'string', label: 'Service-Name-Error' },
    'tags.ac_system_error': { type: 'string', label: 'AC-System-Error' },
    'tags.generic_error': { type: 'string', label: 'Generic-Error' },
    'tag.unknown_data': { type: 'bytes', label: 'Unknown Data', many: true },
  },
  tree(t) {
    const length = t.u16(t.at + AT.length);
    t.info(CODES[t.u8(t.at + AT.code)] ?? 'Unknown');
    const at = t.header();
    t.limit(at + length);
    if (length > 0) tags(t, at, at + length);
  },
});

export const pppoeSession = defineProtocol({
  name: 'pppoes',
  title: 'PPP-over-Ethernet Session',
  short: 'PPPoES',
  on: { ethertype: [0x8864], link: [51] },
  chooses: 'link',
  header: AT.payload,
  fields: headerFields,
  scan(p) {
    const length = u16(p.bytes, p.at + AT.length);
    p.enter(AT.payload, AT.payload + length);
    p.next(LINK_PPP);
  },
  tree(t) {
    t.info(CODES[t.u8(t.at + AT.code)] ?? 'Unknown');
    const at = t.header();
    t.limit(at + t.u16(t.at + AT.length));
    t.headerEnd(at);
    t.upper(at);
  },
});

function tags(t: TreeBuilder, from: number, end: number): void {
  t.nest(t.put('tags', new Uint8Array(0), from, end - from));
  let at = from;
  while (at + 4 <= end) {
    const type = t.u16(at);
    const length = t.u16(at + 2);
    const value = at + 4;
    if (!t.has(value, length)) t.fail();
    if (type === TAG.end) break;
    const key = TAG_FIELDS.get(type);
    if (type === TAG.vendor && length >= 4) vendor(t, value, value + length);
    else if (key !== undefined) t.put(key, t.value(key, value, length), value, length);
    else {
      t.add('tag', at);
      t.add('tag_length', at + 2);
      if (length > 0) t.add('tag.unknown_data', value, length);
    }
    if (type === TAG.acName) t.addInfo(` AC-Name='${t.string(value, length)}'`);
    at = value + length;
  }
  t.close();
}

function vendor(t: TreeBuilder, from: number, end: number): void {
  t.add('tags.vendor_id', from);
  if (t.u32(from) !== DSL_FORUM) {
    if (end > from + 4) t.add('tags.vendor_unspecified', from + 4, end - from - 4);
    return;
  }
  let at = from + 4;
  while (at + 2 <= end) {
    const type = t.u8(at);
    const length = Math.min(t.u8(at + 1), end - at - 2);
    if (type === 1) t.add('tags.circuit_id', at + 2, length);
    else if (type === 2) t.add('tags.remote_id', at + 2, length);
    else t.text(`Tag 0x${type.toString(16).padStart(2, '0')} (${length} bytes)`, at, 2 + length);
    at += 2 + length;
  }
}
