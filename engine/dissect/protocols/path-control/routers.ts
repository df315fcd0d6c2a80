/** What routers tell each other beside routes: MSDP (RFC 3618), RPKI to router (RFC 8210), WCCP (draft-mclaggan-wccp-v2rev1), BFD's echoes (RFC 5881 4). */

import { u16, u32 } from '../../../base/bytes.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../../protocol.ts';

const MSDP = { active: 1, header: 3, keepAlive: 4 } as const;
const MSDP_TYPES: Readonly<Record<number, string>> = {
  1: 'IPv4 Source-Active',
  2: 'IPv4 Source-Active Request',
  3: 'IPv4 Source-Active Response',
  4: 'KeepAlive',
  5: 'Notification',
  6: 'MSDP traceroute in progress',
  7: 'MSDP traceroute reply',
};

export const msdp = defineProtocol({
  name: 'msdp',
  title: 'Multicast Source Discovery Protocol',
  on: { 'tcp.port': [639] },
  fields: {
    type: { type: 'u8', label: 'Type', names: MSDP_TYPES, many: true },
    length: { type: 'u16', label: 'Length', many: true },
    'sa.entry_count': { type: 'u8', label: 'Entry Count', many: true },
    'sa.rp_addr': { type: 'ipv4', label: 'RP Address', many: true },
    'sa.sprefix_len': { type: 'u8', label: 'Sprefix len', many: true },
    'sa.group_addr': { type: 'ipv4', label: 'Group Address', many: true },
    'sa.src_addr': { type: 'ipv4', label: 'Source Address', many: true },
    'sa_req.group_addr': { type: 'ipv4', label: 'Group Address', many: true },
  },
  accepts: (bytes, at) => MSDP_TYPES[bytes[at]] !== undefined,
  frame(f: Framing): number {
    if (MSDP_TYPES[f.bytes[f.at]] === undefined) return NOT_MINE;
    if (f.end - f.at < MSDP.header) return MORE;
    const length = u16(f.bytes, f.at + 1);
    return length < MSDP.header ? NOT_MINE : length;
  },
  tree(t) {
    const { at } = t;
    const type = t.u8(at);
    t.info(t.fencedInfo === '' ? (MSDP_TYPES[type] ?? 'Unknown') : '');
    t.add('type', at);
    t.add('length', at + 1);
    const end = Math.min(t.end, at + t.u16(at + 1));
    let next = at + MSDP.header;
    if (type === MSDP.active || type === 3) {
      const count = t.u8(next);
      t.add('sa.entry_count', next);
      t.add('sa.rp_addr', next + 1);
      next += 5;
      for (let i = 0; i < count && next + 12 <= end; i++, next += 12) {
        t.nest(t.text('(S,G) block', next, 12));
        t.add('sa.sprefix_len', next + 3);
        t.add('sa.group_addr', next + 4);
        t.add('sa.src_addr', next + 8);
        t.close();
      }
      if (next < end) t.text('Encapsulated packet', next, end - next);
    } else if (type === 2 && next + 5 <= end) t.add('sa_req.group_addr', next + 1);
    else if (next < end) t.text('Data', next, end - next);
  },
});

const RPKI_HEADER = 8;
const RPKI_MAX = 1 << 20;
const RPKI_TYPES: Readonly<Record<number, string>> = {
  0: 'Serial Notify',
  1: 'Serial Query',
  2: 'Reset Query',
  3: 'Cache Response',
  4: 'IPv4 Prefix',
  6: 'IPv6 Prefix',
  7: 'End of Data',
  8: 'Cache Reset',
  9: 'Router Key',
  10: 'Error Report',
};
const RPKI = { notify: 0, query: 1, response: 3, prefix4: 4, prefix6: 6, end: 7, error: 10 } as const;
const RPKI_ERRORS: Readonly<Record<number, string>> = {
  0: 'Corrupt Data',
  1: 'Internal Error',
  2: 'No Data Available',
  3: 'Invalid Request',
  4: 'Unsupported Protocol Version',
  5: 'Unsupported PDU Type',
  6: 'Withdrawal of Unknown Record',
  7: 'Duplicate Announcement Received',
  8: 'Unexpected Protocol Version',
};

function isRpki(bytes: Uint8Array, at: number, end: number): boolean {
  return end - at >= RPKI_HEADER && bytes[at] <= 2 && RPKI_TYPES[bytes[at + 1]] !== undefined;
}

export const rpkiRouter = defineProtocol({
  name: 'rpkirtr',
  title: 'RPKI-Router Protocol',
  short: 'RPKI-RTR',
  on: { 'tcp.port': [323] },
  fields: {
    version: { type: 'u8', label: 'Version', abbrev: 'rpki-rtr.version', many: true },
    pdu_type: { type: 'u8', label: 'PDU Type', names: RPKI_TYPES, abbrev: 'rpki-rtr.pdu_type', many: true },
    session_id: { type: 'u16', label: 'Session ID', abbrev: 'rpki-rtr.session_id', many: true },
    error_code: { type: 'u16', label: 'Error Code', names: RPKI_ERRORS, abbrev: 'rpki-rtr.error_code', many: true },
    length: { type: 'u32', label: 'Length', abbrev: 'rpki-rtr.length', many: true },
    serial_number: { type: 'u32', label: 'Serial Number', abbrev: 'rpki-rtr.serial_number', many: true },
    flags: { type: 'u8', show: 'hex', label: 'Flags', abbrev: 'rpki-rtr.flags', many: true },
    prefix_length: { type: 'u8', label: 'Prefix Length', abbrev: 'rpki-rtr.prefix_length', many: true },
    max_length: { type: 'u8', label: 'Max length', abbrev: 'rpki-rtr.max_length', many: true },
    ipv4_prefix: { type: 'ipv4', label: 'IPv4 Prefix', abbrev: 'rpki-rtr.ipv4_prefix', many: true },
    ipv6_prefix: { type: 'ipv6', label: 'IPv6 Prefix', abbrev: 'rpki-rtr.ipv6_prefix', many: true },
    as_number: { type: 'u32', label: 'AS Number', abbrev: 'rpki-rtr.as_number', many: true },
    refresh_interval: { type: 'u32', label: 'Refresh Interval', abbrev: 'rpki-rtr.refresh_interval', many: true },
    retry_interval: { type: 'u32', label: 'Retry Interval', abbrev: 'rpki-rtr.retry_interval', many: true },
    expire_interval: { type: 'u32', label: 'Expire Interval', abbrev: 'rpki-rtr.expire_interval', many: true },
  },
  accepts: isRpki,
  frame(f: Framing): number {
    if (f.end - f.at < RPKI_HEADER) return MORE;
    const length = u32(f.bytes, f.at + 4);
    return !isRpki(f.bytes, f.at, f.end) || length < RPKI_HEADER || length > RPKI_MAX ? NOT_MINE : length;
  },
  tree(t) {
    const { at } = t;
    if (!isRpki(t.bytes, at, t.end)) {
      t.info('');
      t.text('Data', at, t.end - at);
      return;
    }
    const type = t.u8(at + 1);
    const name = RPKI_TYPES[type] ?? '';
    t.info(`${t.fencedInfo === '' ? '' : ', '}${name}`);
    t.label(`RPKI-Router Protocol (${name})`);
    t.add('version', at);
    t.add('pdu_type', at + 1);
    if (type === RPKI.error) t.add('error_code', at + 2);
    else if (type <= RPKI.query || type === RPKI.response || type === RPKI.end) t.add('session_id', at + 2);
    t.add('length', at + 4);
    if (type <= RPKI.query || type === RPKI.end) t.add('serial_number', at + 8);
    if (type === RPKI.end && t.u32(at + 4) >= 24) {
      t.add('refresh_interval', at + 12);
      t.add('retry_interval', at + 16);
      t.add('expire_interval', at + 20);
    }
    if (type !== RPKI.prefix4 && type !== RPKI.prefix6) return;
    t.add('flags', at + 8);
    t.add('prefix_length', at + 9);
    t.add('max_length', at + 10);
    t.add('as_number', t.add(type === RPKI.prefix4 ? 'ipv4_prefix' : 'ipv6_prefix', at + 12));
  },
});

const WCCP_MESSAGES: Readonly<Record<number, string>> = {
  7: '1.0 Here I am',
  8: '1.0 I see you',
  9: '1.0 Assign bucket',
  10: '2.0 Here I am',
  11: '2.0 I see you',
  12: '2.0 Redirect assign',
  13: '2.0 Removal query',
};
const WCCP_FIRST_OF_2 = 10;
const WCCP_ITEMS: Readonly<Record<number, string>> = {
  0: 'Security Info',
  1: 'Service Info',
  2: 'Router Identity Info',
  3: 'Web-Cache Identity Info',
  4: 'Router View Info',
  5: 'Web-Cache View Info',
  6: 'Assignment Info',
  7: 'Router Query Info',
  8: 'Capabilities Info',
  13: 'Alternate Assignment',
  14: 'Assignment Map',
  15: 'Command Extension',
};

export const wccp = defineProtocol({
  name: 'wccp',
  title: 'Web Cache Communication Protocol',
  on: { 'udp.port': [2048] },
  fields: {
    message: { type: 'u32', label: 'WCCP Message Type', names: WCCP_MESSAGES },
    version: { type: 'u32', show: 'hex', label: 'WCCP Version' },
    message_header_version: { type: 'u16', show: 'hex', label: 'WCCP Version (>=2)' },
    message_header_length: { type: 'u16', label: 'Length' },
    item_type: { type: 'u16', label: 'Type', names: WCCP_ITEMS, many: true },
    item_length: { type: 'u16', label: 'Length', many: true },
    item_data: { type: 'bytes', label: 'Data', many: true },
  },
  accepts: (bytes, at, end) => end - at >= 8 && WCCP_MESSAGES[u32(bytes, at)] !== undefined,
  tree(t) {
    const { at } = t;
    const type = t.u32(at);
    t.info(WCCP_MESSAGES[type] ?? '');
    t.add('message', at);
    if (type < WCCP_FIRST_OF_2) {
      t.add('version', at + 4);
      if (t.end > at + 8) t.text('Data', at + 8, t.end - at - 8);
      return;
    }
    t.add('message_header_version', at + 4);
    t.add('message_header_length', at + 6);
    for (let next = at + 8; next + 4 <= t.end; ) {
      const length = t.u16(next + 2);
      t.nest(t.text(WCCP_ITEMS[t.u16(next)] ?? 'Unknown', next, 4 + length));
      t.add('item_type', next);
      t.add('item_length', next + 2);
      if (length > 0) t.add('item_data', next + 4, length);
      t.close();
      next += 4 + length;
    }
  },
});

export const bfdEcho = defineProtocol({
  name: 'bfd_echo',
  title: 'BFD Echo message',
  short: 'BFD Echo',
  on: { 'udp.port': [3785] },
  fields: { packet: { type: 'bytes', label: 'Echo' } },
  tree(t) {
    t.info('Originator specific content');
    t.add('packet', t.at, t.end - t.at);
  },
});
