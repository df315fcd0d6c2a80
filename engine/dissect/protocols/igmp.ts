/** IGMP, versions 1 (RFC 1112), 2 (RFC 2236) and 3 (RFC 3376). */

import { formatIpv4 } from '../../base/address.ts';
import { fold16, sum16 } from '../../base/checksum.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const AT = { type: 0, time: 1, checksum: 2, group: 4, body: 8 } as const;
const TYPE = { query: 0x11, report1: 0x12, report2: 0x16, leave: 0x17, traceroute: 0x1f, report3: 0x22 } as const;
const TYPES: Readonly<Record<number, string>> = {
  0x01: 'Create Group Request',
  0x02: 'Create Group Reply',
  0x03: 'Join Group Request',
  0x04: 'Join Group Reply',
  0x05: 'Leave Group Request',
  0x06: 'Leave Group Reply',
  0x07: 'Confirm Group Request',
  0x08: 'Confirm Group Reply',
  0x11: 'Membership Query',
  0x12: 'Membership Report',
  0x13: 'DVMRP Protocol',
  0x14: 'PIM Routing Message',
  0x16: 'Membership Report',
  0x17: 'Leave Group',
  0x1e: 'Traceroute Response',
  0x1f: 'Traceroute Query or Request',
  0x22: 'Membership Report',
};
const RECORDS: Readonly<Record<number, string>> = {
  1: 'Mode Is Include',
  2: 'Mode Is Exclude',
  3: 'Change To Include Mode',
  4: 'Change To Exclude Mode',
  5: 'Allow New Sources',
  6: 'Block Old Sources',
};
/** A query this long is of the first two versions. */
const SHORT_QUERY = 8;
/** From here on times are floating point (RFC 3376 4.1.1). */
const FLOATING = 0x80;
const PROTOCOL = 2;

export const igmp = defineProtocol({
  name: 'igmp',
  title: 'Internet Group Management Protocol',
  on: { 'ip.proto': [PROTOCOL] },
  header: AT.time,
  fields: {
    version: { type: 'u8', label: 'IGMP Version' },
    type: { at: AT.type, type: 'u8', show: 'hex', label: 'Type', names: TYPES },
    reserved: { type: 'bytes', label: 'Reserved', many: true },
    max_resp: { type: 'u8', label: 'Max Resp Time', doc: 'In tenths of a second.' },
    'max_resp.exp': { type: 'u8', bits: [6, 4], show: 'hex', label: 'Exponent' },
    'max_resp.mant': { type: 'u8', bits: [3, 0], show: 'hex', label: 'Mantissa' },
    checksum: { type: 'u16', show: 'hex', label: 'Checksum' },
    'checksum.status': {
      type: 'u8',
      label: 'Checksum Status',
      names: { 0: 'Bad', 1: 'Good', 2: 'Unverified', 3: 'Not present', 4: 'Illegal' },
    },
    bad_checksum: { type: 'none', label: 'Bad checksum' },
    maddr: { type: 'ipv4', label: 'Multicast Address', many: true },
    s: {
      type: 'bool',
      of: 'u8',
      bits: [3, 3],
      label: 'S',
      flag: ['SUPPRESS router side processing', 'Do not suppress router side processing'],
    },
    qrv: { type: 'u8', bits: [2, 0], label: 'QRV' },
    qqic: { type: 'u8', label: 'QQIC' },
    num_src: { type: 'u16', label: 'Num Src', many: true },
    saddr: { type: 'ipv4', label: 'Source Address', many: true },
    num_grp_recs: { type: 'u16', label: 'Num Group Records' },
    record_type: { type: 'u8', label: 'Record Type', names: RECORDS, many: true },
    aux_data_len: { type: 'u8', label: 'Aux Data Len', doc: 'In 32-bit words.', many: true },
    aux_data: { type: 'bytes', label: 'Aux Data', many: true },
    data: { type: 'bytes', label: 'Data' },
  },
  scan(p) {
    p.portless(PROTOCOL);
    if (TYPES_KNOWN[p.bytes[p.at]] === 1) p.again();
  },
  tree(t) {
    const type = t.u8(t.at);
    const length = t.wireEnd - t.at;
    if (TYPES_KNOWN[type] === 1) t.pushLayer(t.protocol.index);
    switch (type) {
      case TYPE.query:
        if (length > SHORT_QUERY) return query3(t);
        return t.u8(t.at + AT.time) === 0 ? simple(t, 1, 'Membership Query') : query2(t);
      case TYPE.report1:
        return simple(t, 1, 'Membership Report');
      case TYPE.report2:
        return simple(t, 2, 'Membership Report');
      case TYPE.leave:
        return simple(t, 2, 'Leave Group');
      case TYPE.report3:
        return report3(t);
      default:
        t.header();
        t.info(TYPES[type] ?? `Unknown Type:0x${type.toString(16).padStart(2, '0')}`);
        if (t.has(t.at, AT.group) && TYPES[type] !== undefined) checksum(t);
        else if (t.end > t.at + 1) t.add('data', t.at + 1, t.end - t.at - 1);
    }
  },
});

/** Types that Wireshark's dissector for the version lists a second time. */
const TYPES_KNOWN: Readonly<Uint8Array> = Uint8Array.from({ length: 256 }, (_, type) =>
  type === TYPE.query ||
  type === TYPE.report1 ||
  type === TYPE.report2 ||
  type === TYPE.leave ||
  type === TYPE.report3 ||
  type === TYPE.traceroute
    ? 1
    : 0,
);

function start(t: TreeBuilder, version: number, info: string): void {
  t.column(`IGMPv${version}`);
  t.info(info);
  t.generated('version', version);
  t.header();
}

/** Type, time or nothing, checksum, group: versions 1 and 2. */
function simple(t: TreeBuilder, version: number, name: string): void {
  start(t, version, name);
  if (version === 1) t.add('reserved', t.at + AT.time, 1);
  else maxResponse(t);
  checksum(t);
  const group = formatIpv4(t.u32(t.at + AT.group));
  t.add('maddr', t.at + AT.group);
  if (version === 2) t.addInfo(name === 'Leave Group' ? ` ${group}` : ` group ${group}`);
}

function query2(t: TreeBuilder): void {
  start(t, 2, 'Membership Query');
  maxResponse(t);
  checksum(t);
  t.addInfo(whichGroup(t.u32(t.at + AT.group)));
  t.add('maddr', t.at + AT.group);
}

function query3(t: TreeBuilder): void {
  const at = t.at + AT.body;
  start(t, 3, 'Membership Query');
  maxResponse(t);
  checksum(t);
  t.addInfo(whichGroup(t.u32(t.at + AT.group)));
  t.add('maddr', t.at + AT.group);
  t.add('s', at);
  t.add('qrv', at);
  t.add('qqic', at + 1);
  const count = t.u16(at + 2);
  t.add('num_src', at + 2);
  const sources = listSources(t, at + 4, count);
  if (count > 0) t.addInfo(`, source${count > 1 ? 's' : ''} {${sources.join(', ')}}`);
}

function whichGroup(group: number): string {
  return group === 0 ? ', general' : `, specific for group ${formatIpv4(group)}`;
}

function listSources(t: TreeBuilder, from: number, count: number): string[] {
  const sources: string[] = [];
  for (let i = 0, at = from; i < count; i++, at += 4) {
    sources.push(formatIpv4(t.u32(at)));
    t.add('saddr', at);
  }
  return sources;
}

function report3(t: TreeBuilder): void {
  start(t, 3, 'Membership Report');
  t.add('reserved', t.at + AT.time, 1);
  checksum(t);
  t.add('reserved', t.at + AT.group, 2);
  const count = t.u16(t.at + 6);
  t.add('num_grp_recs', t.at + 6);
  if (count === 0) t.addInfo(' - General query');
  let at = t.at + AT.body;
  for (let i = 0; i < count; i++) {
    const kind = t.u8(at);
    const extra = 4 * t.u8(at + 1);
    const sources = t.u16(at + 2);
    const group = formatIpv4(t.u32(at + 4));
    t.nest(t.text(`Group Record : ${group}  ${RECORDS[kind] ?? `Unknown (${kind})`}`, at, 8 + 4 * sources + extra));
    t.add('record_type', at);
    t.add('aux_data_len', at + 1);
    t.add('num_src', at + 2);
    t.add('maddr', at + 4);
    t.addInfo(` / ${recordText(kind, group, listSources(t, at + 8, sources))}`);
    at += 8 + 4 * sources;
    if (extra > 0) t.add('aux_data', at, extra);
    at += extra;
    t.close();
  }
}

/** What a record means (RFC 3376 4.2.12): with no sources, including none is leaving and excluding none is joining. */
function recordText(kind: number, group: string, sources: readonly string[]): string {
  const list = `{${sources.join(', ')}}`;
  const isOne = sources.length === 1;
  switch (kind) {
    case 1:
    case 3:
      return sources.length === 0
        ? `Leave group ${group}`
        : `Join group ${group} for ${isOne ? 'source' : 'sources in'} ${list}`;
    case 2:
    case 4:
      return sources.length === 0
        ? `Join group ${group} for any sources`
        : `Join group ${group}, for ${isOne ? 'source' : 'sources'} not ${list}`;
    case 5:
      return sources.length === 0
        ? `Group ${group}, ALLOW_NEW_SOURCES but no source specified (?)`
        : `Group ${group}, new ${isOne ? 'source' : 'sources'} ${list}`;
    case 6:
      return sources.length === 0
        ? `Group ${group}, BLOCK_OLD_SOURCES but no source specified (?)`
        : `Group ${group}, block ${isOne ? 'source' : 'sources'} ${list}`;
    default:
      return `Group ${group}, unknown record type ${kind}`;
  }
}

function maxResponse(t: TreeBuilder): void {
  const at = t.at + AT.time;
  const code = t.u8(at);
  const tenths = code < FLOATING ? code : ((code & 15) | 16) << (((code >>> 4) & 7) + 3);
  t.put(
    'max_resp',
    tenths,
    at,
    1,
    `Max Resp Time: ${(tenths / 10).toFixed(1)} sec (0x${code.toString(16).padStart(2, '0')})`,
  );
  if (code < FLOATING) return;
  t.nest(t.last());
  t.add('max_resp.exp', at);
  t.add('max_resp.mant', at);
  t.close();
}

function checksum(t: TreeBuilder): void {
  const at = t.at + AT.checksum;
  const isWhole = t.end === t.wireEnd && !t.isQuoted;
  const isGood = isWhole && fold16(sum16(t.bytes, t.at, t.end)) === 0xffff;
  t.add('checksum', at);
  t.last().text = `Checksum: 0x${t.u16(at).toString(16).padStart(4, '0')} [${!isWhole ? 'unverified' : isGood ? 'correct' : 'incorrect'}]`;
  t.generated('checksum.status', !isWhole ? 2 : isGood ? 1 : 0, at, 2);
  if (isWhole && !isGood) t.expert('warning', 'Bad checksum', at, 2, 'bad_checksum');
}
