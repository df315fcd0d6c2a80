/** DCCP (RFC 4340): packet types, sequence numbers of 24 or 48 bits, options. */

import { u16 } from '../../base/bytes.ts';
import { fold16, sum16 } from '../../base/checksum.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const AT = { src: 0, dst: 2, offset: 4, coverage: 5, checksum: 6, type: 8, sequence: 9 } as const;
const IP_PROTOCOL = 33;
const MIN_HEADER = 12;
const TYPES: Readonly<Record<number, string>> = {
  0: 'Request',
  1: 'Response',
  2: 'Data',
  3: 'Ack',
  4: 'DataAck',
  5: 'CloseReq',
  6: 'Close',
  7: 'Reset',
  8: 'Sync',
  9: 'SyncAck',
};
const TYPE = { request: 0, response: 1, data: 2, reset: 7 } as const;
const RESETS: Readonly<Record<number, string>> = {
  0: 'Unspecified',
  1: 'Closed',
  2: 'Aborted',
  3: 'No Connection',
  4: 'Packet Error',
  5: 'Option Error',
  6: 'Mandatory Error',
  7: 'Connection Refused',
  8: 'Bad Service Code',
  9: 'Too Busy',
  10: 'Bad Init Cookie',
  11: 'Aggression Penalty',
};
const OPTIONS: Readonly<Record<number, string>> = {
  0: 'Padding',
  1: 'Mandatory',
  2: 'Slow Receiver',
  32: 'Change L',
  33: 'Confirm L',
  34: 'Change R',
  35: 'Confirm R',
  36: 'Init Cookie',
  37: 'NDP Count',
  38: 'Ack Vector [Nonce 0]',
  39: 'Ack Vector [Nonce 1]',
  40: 'Data Dropped',
  41: 'Timestamp',
  42: 'Timestamp Echo',
  43: 'Elapsed Time',
  44: 'Data Checksum',
};
const OPTION = {
  timestamp: 41,
  echo: 42,
  elapsed: 43,
  checksum: 44,
  firstLong: 32,
  firstFeature: 32,
  lastFeature: 35,
} as const;

export const dccp = defineProtocol({
  name: 'dccp',
  title: 'Datagram Congestion Control Protocol',
  on: { 'ip.proto': [IP_PROTOCOL] },
  header: MIN_HEADER,
  fields: {
    srcport: { at: AT.src, type: 'u16', label: 'Source Port', also: ['port'] },
    dstport: { at: AT.dst, type: 'u16', label: 'Destination Port', also: ['port'] },
    port: { type: 'u16', label: 'Source or Destination Port', many: true },
    data_offset: { at: AT.offset, type: 'u8', label: 'Data Offset' },
    ccval: { at: AT.coverage, type: 'u8', bits: [7, 4], label: 'CCVal' },
    cscov: { at: AT.coverage, type: 'u8', bits: [3, 0], label: 'Checksum Coverage' },
    checksum: { at: AT.checksum, type: 'u16', show: 'hex', label: 'Checksum' },
    'checksum.status': {
      type: 'u8',
      label: 'Checksum Status',
      names: { 0: 'Bad', 1: 'Good', 2: 'Unverified', 3: 'Not present' },
    },
    res1: { at: AT.type, type: 'u8', bits: [7, 5], show: 'hex', label: 'Reserved' },
    type: { at: AT.type, type: 'u8', bits: [4, 1], label: 'Type', names: TYPES },
    x: { at: AT.type, type: 'bool', bits: [0, 0], label: 'Extended Sequence Numbers', flag: ['True', 'False'] },
    seq_raw: { type: 'u64', label: 'Sequence Number (raw)' },
    ack_raw: { type: 'u64', label: 'Acknowledgement Number (raw)' },
    service_code: { type: 'u32', label: 'Service Code' },
    reset_code: { type: 'u8', label: 'Reset Code', names: RESETS },
    data1: { type: 'u8', label: 'Data 1' },
    data2: { type: 'u8', label: 'Data 2' },
    data3: { type: 'u8', label: 'Data 3' },
    option_type: { type: 'u8', label: 'Option Type', names: OPTIONS, many: true },
    feature_number: { type: 'u8', label: 'Feature Number', many: true },
    timestamp: { type: 'u32', label: 'Timestamp' },
    timestamp_echo: { type: 'u32', label: 'Timestamp Echo' },
    elapsed_time: { type: 'u32', label: 'Elapsed Time' },
    checksum_data: { type: 'u32', show: 'hex', label: 'Data Checksum' },
  },
  scan(p) {
    const b = p.bytes;
    p.ports(IP_PROTOCOL, u16(b, p.at + AT.src), u16(b, p.at + AT.dst));
    const header = 4 * b[p.at + AT.offset];
    if (header < MIN_HEADER) return p.malformed('offset');
    if (!p.has(header)) return;
    p.enter(header);
    p.rest();
  },
  tree(t) {
    const { at } = t;
    const src = t.u16(at + AT.src);
    const dst = t.u16(at + AT.dst);
    const kind = (t.u8(at + AT.type) >>> 1) & 15;
    const isLong = (t.u8(at + AT.type) & 1) !== 0;
    const header = 4 * t.u8(at + AT.offset);
    t.ports = [src, dst];
    t.addLabel(`, Src Port: ${src}, Dst Port: ${dst}`);
    t.info(`${src} → ${dst} [${TYPES[kind] ?? 'Reserved'}]`);
    t.header();
    checksum(t);
    let next = at + AT.sequence;
    const sequence = isLong ? (BigInt(t.u16(next + 1)) << 32n) | BigInt(t.u32(next + 3)) : BigInt(t.u24(next));
    t.put('seq_raw', sequence, isLong ? next + 1 : next, isLong ? 6 : 3);
    t.addInfo(` Seq=${sequence}`);
    next += isLong ? 7 : 3;
    if (kind !== TYPE.request && kind !== TYPE.data) next = acknowledgement(t, next, isLong);
    if (kind === TYPE.request || kind === TYPE.response) {
      t.addInfo(` (service=${serviceName(t, next)})`);
      next = t.add('service_code', next);
    } else if (kind === TYPE.reset) {
      t.addInfo(` (code=${RESETS[t.u8(next)] ?? t.u8(next)})`);
      next = t.add('data3', t.add('data2', t.add('data1', t.add('reset_code', next))));
    }
    if (header < next - at) t.fail();
    t.need(at, header);
    options(t, next, at + header);
    t.headerEnd(at + header);
    t.payload(at + header);
  },
});

/** Service codes are four letters, mostly (RFC 4340 8.1.2). */
function serviceName(t: TreeBuilder, at: number): string {
  const text = t.string(at, 4, 'ascii');
  return /^[ -~]{4}$/.test(text) ? text : String(t.u32(at));
}

function acknowledgement(t: TreeBuilder, at: number, isLong: boolean): number {
  const value = isLong ? (BigInt(t.u16(at + 2)) << 32n) | BigInt(t.u32(at + 4)) : BigInt(t.u24(at + 1));
  t.put('ack_raw', value, at + (isLong ? 2 : 1), isLong ? 6 : 3);
  t.addInfo(` (Ack=${value})`);
  return at + (isLong ? 8 : 4);
}

/** Over header and as many words of data as the coverage says (RFC 4340 9.1). */
function checksum(t: TreeBuilder): void {
  const { carrier } = t;
  const at = t.at + AT.checksum;
  const coverage = t.u8(t.at + AT.coverage) & 15;
  const covered = 4 * (t.u8(t.at + AT.offset) + Math.max(0, coverage - 1));
  const end = coverage === 0 ? t.end : t.at + covered;
  if (carrier === null || t.end !== t.wireEnd || end > t.end) {
    t.generated('checksum.status', 2, at, 2);
    return;
  }
  let sum = sum16(t.bytes, t.at, end);
  sum = sum16(carrier.source, 0, carrier.source.length, sum);
  sum = sum16(carrier.destination, 0, carrier.destination.length, sum);
  sum += IP_PROTOCOL + t.end - t.at;
  t.generated('checksum.status', fold16(sum) === 0xffff ? 1 : 0, at, 2);
}

function options(t: TreeBuilder, from: number, end: number): void {
  for (let at = from; at < end; ) {
    const type = t.u8(at);
    const length = type < OPTION.firstLong ? 1 : t.u8(at + 1);
    if (length < 1 || at + length > end) return;
    t.nest(t.text(OPTIONS[type] ?? `Option ${type}`, at, length));
    t.add('option_type', at);
    if (type >= OPTION.firstFeature && type <= OPTION.lastFeature && length >= 3) t.add('feature_number', at + 2);
    else if (type === OPTION.timestamp && length === 6) t.add('timestamp', at + 2);
    else if (type === OPTION.echo && length >= 6) t.add('timestamp_echo', at + 2);
    else if (type === OPTION.elapsed && length >= 4)
      t.put('elapsed_time', length === 4 ? t.u16(at + 2) : t.u32(at + 2), at + 2, length - 2);
    else if (type === OPTION.checksum && length === 6) t.add('checksum_data', at + 2);
    t.close();
    at += length;
  }
}
