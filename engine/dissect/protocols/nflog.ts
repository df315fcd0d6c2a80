/** Linux netfilter log messages (LINKTYPE_NFLOG): attributes in the writer's byte order, one of which is an IP packet. */

import { u16, u16le } from '../../base/bytes.ts';
import { ethertypeNames } from '../names/ethertypes.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const AT = { family: 0, version: 1, resource: 2, attributes: 4 } as const;
const ATTRIBUTE = { length: 0, type: 2, value: 4 } as const;
const TYPE = {
  packetHeader: 1,
  mark: 2,
  timestamp: 3,
  inDevice: 4,
  outDevice: 5,
  physicalIn: 6,
  physicalOut: 7,
  hardwareAddress: 8,
  payload: 9,
  prefix: 10,
  uid: 11,
  sequence: 12,
  gid: 14,
} as const;
const FAMILY = { ipv4: 2, ipv6: 10 } as const;
const LINK = { ipv4: 228, ipv6: 229 } as const;
const TYPES: Readonly<Record<number, string>> = {
  1: 'NFULA_PACKET_HDR',
  2: 'NFULA_MARK',
  3: 'NFULA_TIMESTAMP',
  4: 'NFULA_IFINDEX_INDEV',
  5: 'NFULA_IFINDEX_OUTDEV',
  6: 'NFULA_IFINDEX_PHYSINDEV',
  7: 'NFULA_IFINDEX_PHYSOUTDEV',
  8: 'NFULA_HWADDR',
  9: 'NFULA_PAYLOAD',
  10: 'NFULA_PREFIX',
  11: 'NFULA_UID',
  12: 'NFULA_SEQ',
  13: 'NFULA_SEQ_GLOBAL',
  14: 'NFULA_GID',
  15: 'NFULA_HWTYPE',
  16: 'NFULA_HWHEADER',
  17: 'NFULA_HWLEN',
  18: 'NFULA_CT',
  19: 'NFULA_CT_INFO',
};

export const nflog = defineProtocol({
  name: 'nflog',
  title: 'Linux Netfilter NFLOG',
  on: { link: [239] },
  chooses: 'link',
  header: AT.attributes,
  fields: {
    family: { at: AT.family, type: 'u8', label: 'Family', names: { 2: 'IPv4', 10: 'IPv6' } },
    version: { at: AT.version, type: 'u8', label: 'Version' },
    res_id: { at: AT.resource, type: 'u16', label: 'Resource id' },
    tlv: { type: 'bytes', label: 'TLV', many: true },
    tlv_length: { type: 'u16', label: 'Length', many: true },
    tlv_type: { type: 'u16', label: 'Type', names: TYPES, many: true },
    protocol: { type: 'u16', show: 'hex', label: 'HW protocol', names: ethertypeNames },
    hook: {
      type: 'u8',
      label: 'Netfilter hook',
      names: { 0: 'Pre-routing', 1: 'Local in', 2: 'Forward', 3: 'Local out', 4: 'Post-routing' },
    },
    ifindex_indev: { type: 'u32', label: 'IFINDEX_INDEV' },
    ifindex_outdev: { type: 'u32', label: 'IFINDEX_OUTDEV' },
    ifindex_physindev: { type: 'u32', label: 'IFINDEX_PHYSINDEV' },
    ifindex_physoutdev: { type: 'u32', label: 'IFINDEX_PHYSOUTDEV' },
    prefix: { type: 'string', label: 'Prefix' },
    uid: { type: 'i32', label: 'UID' },
    gid: { type: 'i32', label: 'GID' },
    timestamp: { type: 'time', label: 'Timestamp' },
    tlv_value: { type: 'bytes', label: 'Value', many: true },
  },
  scan(p) {
    const b = p.bytes;
    const family = b[p.at + AT.family];
    const little = isLittle(b, p.at + AT.attributes, p.end);
    for (let at = p.at + AT.attributes; at + ATTRIBUTE.value <= p.end; ) {
      const length = little ? u16le(b, at) : u16(b, at);
      const type = (little ? u16le(b, at + ATTRIBUTE.type) : u16(b, at + ATTRIBUTE.type)) & 0x7fff;
      if (length < ATTRIBUTE.value) return p.malformed('attribute length');
      if (type === TYPE.payload) {
        p.enter(at + ATTRIBUTE.value - p.at, at + length - p.at);
        if (family === FAMILY.ipv4) p.next(LINK.ipv4);
        else if (family === FAMILY.ipv6) p.next(LINK.ipv6);
        else p.rest();
        return;
      }
      at += (length + 3) & ~3;
    }
  },
  tree(t) {
    t.info('NFLOG');
    t.header();
    let payload = -1;
    let payloadEnd = 0;
    const little = isLittle(t.bytes, t.at + AT.attributes, t.end);
    for (let at = t.at + AT.attributes; at + ATTRIBUTE.value <= t.end; ) {
      const length = little ? t.u16le(at) : t.u16(at);
      if (length < ATTRIBUTE.value) t.fail();
      const type = (little ? t.u16le(at + ATTRIBUTE.type) : t.u16(at + ATTRIBUTE.type)) & 0x7fff;
      attribute(t, at, Math.min(length, t.end - at), type, length);
      if (type === TYPE.payload) {
        payload = at + ATTRIBUTE.value;
        payloadEnd = at + length;
      }
      at += (length + 3) & ~3;
    }
    if (payload < 0) return;
    t.headerEnd(payload);
    if (payloadEnd > payload) t.upper(payload);
  },
});

/** Hot: in network order the first attribute's length would be absurd. */
function isLittle(b: Uint8Array, at: number, end: number): boolean {
  if (at + 2 > end) return true;
  return u16le(b, at) <= u16(b, at);
}

const DEVICES: Readonly<Record<number, string>> = {
  4: 'ifindex_indev',
  5: 'ifindex_outdev',
  6: 'ifindex_physindev',
  7: 'ifindex_physoutdev',
  11: 'uid',
  14: 'gid',
};

function attribute(t: TreeBuilder, at: number, length: number, type: number, given: number): void {
  const value = at + ATTRIBUTE.value;
  t.nest(
    t.put(
      'tlv',
      t.slice(at, length),
      at,
      length,
      `TLV Type: ${TYPES[type] ?? `Unknown (0x${type.toString(16)})`} (${type}), Length: ${given}`,
    ),
  );
  t.put('tlv_length', given, at, 2);
  t.put('tlv_type', type, at + ATTRIBUTE.type, 2);
  const device = DEVICES[type];
  if (type === TYPE.packetHeader && given >= 8) {
    t.add('protocol', value);
    t.add('hook', value + 2);
  } else if (device !== undefined && given >= 8) t.add(device, value);
  else if (type === TYPE.prefix && length > ATTRIBUTE.value)
    t.put('prefix', t.string(value, length - ATTRIBUTE.value, 'utf8', true), value, length - ATTRIBUTE.value);
  else if (type === TYPE.timestamp && given >= 20)
    t.put('timestamp', t.u64(value) * 1_000_000_000n + t.u64(value + 8) * 1000n, value, 16);
  else if (type !== TYPE.payload && length > ATTRIBUTE.value) t.add('tlv_value', value, length - ATTRIBUTE.value);
  t.close();
}
