/**
 * Services that are told by their first bytes and named, no more: VNC/RFB (RFC 6143), rsync's daemon, eDonkey (eMule protocol
 * specification), ZooKeeper (jute), iperf3's control channel, Stratum mining.
 */

import { u32, u32le } from '../../base/bytes.ts';
import { decodeLatin1, startsWithAny } from '../../base/text.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../protocol.ts';
import { isFromServer, lineAt } from '../text-lines.ts';

const RFB = /^RFB \d{3}\.\d{3}\n$/;
const RFB_VERSION = 12;
const VNC_PORTS = [5500, 5501, 5900, 5901];

export const vnc = defineProtocol({
  name: 'vnc',
  title: 'Virtual Network Computing',
  on: { 'tcp.port': VNC_PORTS },
  fields: {
    server_proto_ver: { type: 'string', label: 'Server protocol version' },
    client_proto_ver: { type: 'string', label: 'Client protocol version' },
  },
  recogniseOn: ['tcp'],
  recognise: (bytes, at, end) => end - at === RFB_VERSION && RFB.test(decodeLatin1(bytes, at, end)),
  tree(t) {
    const isServer = isFromServer(t, VNC_PORTS);
    const text = decodeLatin1(t.bytes, t.at, Math.min(t.end, t.at + RFB_VERSION));
    t.info('');
    if (!RFB.test(text)) {
      t.text('Data', t.at, t.end - t.at);
      return;
    }
    t.put(isServer ? 'server_proto_ver' : 'client_proto_ver', text.slice(4, 11), t.at + 4, 7);
    t.info(`${isServer ? 'Server' : 'Client'} protocol version: ${text.slice(4, 11)}`);
  },
});

const RSYNC_PORT = 873;
const RSYNC = /^@RSYNCD: (\d+\.\d+)/;

export const rsync = defineProtocol({
  name: 'rsync',
  title: 'RSYNC File Synchroniser',
  on: { 'tcp.port': [RSYNC_PORT] },
  fields: {
    hdr_magic: { type: 'string', label: 'Magic Header' },
    hdr_version: { type: 'string', label: 'Header Version' },
    data: { type: 'bytes', label: 'rsync data' },
  },
  recogniseOn: ['tcp'],
  recognise: (bytes, at, end) => RSYNC.test(decodeLatin1(bytes, at, Math.min(end, at + 24))),
  tree(t) {
    const found = RSYNC.exec(t.string(t.at, Math.min(24, t.end - t.at)));
    if (found === null) {
      t.info('Data');
      t.add('data', t.at, t.end - t.at);
      return;
    }
    const version = found[1] ?? '';
    t.info(`${isFromServer(t, [RSYNC_PORT]) ? 'Server' : 'Client'} Initialisation (Version ${version})`);
    t.add('hdr_magic', t.at, 8);
    t.put('hdr_version', version, t.at + 9, version.length);
  },
});

const EDONKEY = { edonkey: 0xe3, emule: 0xc5, packed: 0xd4 } as const;
const EDONKEY_NAMES: Readonly<Record<number, string>> = {
  0xe3: 'eDonkey',
  0xc5: 'eMule Extensions',
  0xd4: 'eMule Compressed',
};
const EDONKEY_HEADER = 6;
const MAX_EDONKEY = 10 << 20;
const EDONKEY_MESSAGES: Readonly<Record<number, string>> = {
  0x01: 'Hello',
  0x05: 'Bad Protocol',
  0x14: 'Get Server List',
  0x15: 'Offer Files',
  0x16: 'Search Files',
  0x18: 'Disconnect',
  0x19: 'Get Sources',
  0x1c: 'Callback Request',
  0x32: 'Server List',
  0x33: 'Search File Results',
  0x34: 'Server Status',
  0x38: 'Server Message',
  0x40: 'ID Change',
  0x41: 'Server Info',
  0x42: 'Found Sources',
  0x46: 'Sending Part',
  0x47: 'Request Parts',
  0x48: 'No Such File',
  0x49: 'End of Download',
  0x4a: 'View Files',
  0x4b: 'View Files Answer',
  0x4c: 'Hello Answer',
  0x4e: 'Message',
  0x4f: 'File Status Request',
  0x50: 'File Status',
  0x51: 'Hashset Request',
  0x52: 'Hashset Answer',
  0x54: 'Slot Request',
  0x55: 'Slot Given',
  0x56: 'Slot Release',
  0x57: 'Slot Taken',
  0x58: 'File Request',
  0x59: 'File Request Answer',
};

function edonkeyFrame(f: Framing): number {
  if (EDONKEY_NAMES[f.bytes[f.at]] === undefined) return NOT_MINE;
  if (f.end - f.at < EDONKEY_HEADER) return MORE;
  const length = u32le(f.bytes, f.at + 1);
  return length === 0 || length > MAX_EDONKEY ? NOT_MINE : 5 + length;
}

export const edonkey = defineProtocol({
  name: 'edonkey',
  title: 'eDonkey Protocol',
  short: 'eDonkey',
  on: { 'tcp.port': [4661, 4662, 4663] },
  fields: {
    message: { type: 'none', label: 'eDonkey Message', many: true },
    protocol: { type: 'u8', label: 'Protocol', show: 'hex', names: EDONKEY_NAMES, many: true },
    'message.length': { type: 'u32', label: 'Message Length', little: true, many: true },
    'message.type': { type: 'u8', label: 'Message Type', show: 'hex', names: EDONKEY_MESSAGES, many: true },
  },
  recogniseOn: ['tcp'],
  /** A Hello: a hash of sixteen bytes behind its length. */
  recognise: (bytes, at, end) =>
    end - at > 24 &&
    bytes[at] === EDONKEY.edonkey &&
    u32le(bytes, at + 1) === end - at - 5 &&
    bytes[at + 5] === 1 &&
    bytes[at + 6] === 16,
  frame: edonkeyFrame,
  tree(t) {
    const { at } = t;
    const protocol = t.u8(at);
    const name = EDONKEY_NAMES[protocol];
    if (name === undefined) {
      t.info('eDonkey Continuation');
      t.text('Continuation', at, t.end - at);
      return;
    }
    t.add('message', at, t.end - at);
    t.nest(t.last());
    t.add('protocol', at);
    t.add('message.length', at + 1);
    t.add('message.type', at + 5);
    t.close();
    const type = t.u8(at + 5);
    t.info(`${name} TCP: ${EDONKEY_MESSAGES[type] ?? `Unknown (0x${type.toString(16).padStart(2, '0')})`}`);
  },
});

const ZOOKEEPER_PORT = 2181;
const ZOOKEEPER: Readonly<Record<number, string>> = {
  0: 'Notify',
  1: 'Create',
  2: 'Delete',
  3: 'Exists',
  4: 'Get Data',
  5: 'Set Data',
  6: 'Get ACL',
  7: 'Set ACL',
  8: 'Get Children',
  9: 'Sync',
  11: 'Ping',
  12: 'Get Children 2',
  13: 'Check',
  14: 'Multi',
  15: 'Create 2',
  16: 'Reconfigure',
  100: 'Authentication',
  101: 'Set Watches',
  102: 'SASL',
  0xfffffff5: 'Close Session',
};
const MAX_ZOOKEEPER = 16 << 20;
/** Version, last id, timeout, session id, password of 16 bytes. */
const CONNECT = { least: 44, most: 45 } as const;

function zookeeperFrame(f: Framing): number {
  if (f.end - f.at < 4) return MORE;
  const length = u32(f.bytes, f.at);
  return length < 8 || length > MAX_ZOOKEEPER ? NOT_MINE : 4 + length;
}

export const zookeeper = defineProtocol({
  name: 'zookeeper',
  title: 'Apache ZooKeeper',
  short: 'ZooKeeper',
  on: { 'tcp.port': [ZOOKEEPER_PORT] },
  header: 8,
  fields: {
    length: { type: 'u32', label: 'Length', many: true },
    xid: { type: 'i32', label: 'Transaction id', many: true },
    type: { type: 'u32', label: 'Operation', names: ZOOKEEPER, many: true },
    error: { type: 'i32', label: 'Error', many: true },
    timeout: { type: 'u32', label: 'Timeout in milliseconds', many: true },
  },
  recogniseOn: ['tcp'],
  recognise: (bytes, at, end) =>
    (end - at === 4 + CONNECT.least || end - at === 4 + CONNECT.most) &&
    u32(bytes, at) === end - at - 4 &&
    u32(bytes, at + 4) === 0 &&
    u32(bytes, at + 28) === 16,
  frame: zookeeperFrame,
  tree(t) {
    const { at } = t;
    const length = t.u32(at);
    const isServer = isFromServer(t, [ZOOKEEPER_PORT]);
    t.add('length', at);
    if (!isServer && (length === CONNECT.least || length === CONNECT.most) && t.u32(at + 4) === 0) {
      t.add('timeout', at + 16);
      t.info('Connect Request');
    } else if (isServer && t.u32(at + 4) === 0 && length >= 36 && length <= 37) {
      t.add('timeout', at + 8);
      t.info('Connect Response');
    } else if (isServer) {
      t.add('xid', at + 4);
      if (length >= 16) t.add('error', at + 16);
      t.info(`Response xid=${t.u32(at + 4) | 0}`);
    } else {
      const type = t.u32(at + 8);
      t.add('xid', at + 4);
      t.add('type', at + 8);
      t.info(`${ZOOKEEPER[type] ?? `Unknown (${type})`} Request`);
    }
  },
});

const IPERF_PORT = 5201;
const COOKIE = 37;
const IPERF_STATES: Readonly<Record<number, string>> = {
  1: 'Test start',
  2: 'Test running',
  4: 'Test end',
  9: 'Parameter exchange',
  10: 'Create streams',
  11: 'Server terminate',
  12: 'Client terminate',
  13: 'Exchange results',
  14: 'Display results',
  15: 'iperf start',
  16: 'iperf done',
  0xfe: 'Server error',
  0xff: 'Access denied',
};
const IPERF_COOKIE = /^[a-z2-7]{36}\0$/;

export const iperf3 = defineProtocol({
  name: 'iperf3',
  title: 'iPerf3 Speed Test',
  short: 'iPerf3',
  fields: {
    cookie: { type: 'string', label: 'Cookie' },
    state: { type: 'u8', label: 'State', names: IPERF_STATES },
    json: { type: 'string', label: 'Parameters', many: true },
  },
  recogniseOn: ['tcp'],
  recognise: (bytes, at, end) => end - at >= COOKIE && IPERF_COOKIE.test(decodeLatin1(bytes, at, at + COOKIE)),
  tree(t) {
    const length = t.wireEnd - t.at;
    const start = decodeLatin1(t.bytes, t.at, Math.min(t.end, t.at + COOKIE));
    if (IPERF_COOKIE.test(start)) {
      t.put('cookie', start.slice(0, -1), t.at, COOKIE);
      t.info(`${length > COOKIE ? 'Data' : 'Cookie'}`);
    } else if (length === 1) {
      t.add('state', t.at);
      t.info(IPERF_STATES[t.u8(t.at)] ?? 'Unknown state');
    } else if (t.end - t.at > 4 && t.u32(t.at) === length - 4) {
      t.info('Control JSON');
      t.add('json', t.at + 4, t.end - t.at - 4);
    } else {
      t.info(`${isFromServer(t, [IPERF_PORT]) ? 'Server' : 'Client'} data, ${length} bytes`);
      t.text('Data', t.at, t.end - t.at);
    }
  },
});

const STRATUM =
  /^\{[^\n]{0,200}"method"\s*:\s*"(?:mining\.(?:subscribe|authorize|configure|extranonce\.subscribe)|eth_submitLogin|login)"/;
const METHOD = /"method"\s*:\s*"([^"]{1,64})"/;
const LF = 10;
const MAX_LINE = 60_000;

function lineFrame(f: Framing): number {
  const stop = f.bytes.subarray(f.at, f.end).indexOf(LF);
  if (stop >= 0) return stop + 1;
  return f.end - f.at > MAX_LINE ? f.end - f.at : MORE;
}

export const stratum = defineProtocol({
  name: 'stratum',
  title: 'Stratum mining protocol',
  short: 'Stratum',
  fields: {
    method: { type: 'string', label: 'Method', many: true },
    message: { type: 'string', label: 'Message', many: true },
  },
  recogniseOn: ['tcp'],
  recognise: (bytes, at, end) =>
    startsWithAny(bytes, at, '{') && STRATUM.test(decodeLatin1(bytes, at, Math.min(end, at + 300))),
  frame: lineFrame,
  tree(t) {
    const { stop } = lineAt(t.bytes, t.at, t.end);
    const text = t.string(t.at, stop - t.at);
    const method = METHOD.exec(text)?.[1];
    if (method !== undefined) t.put('method', method, t.at, 0);
    t.put('message', text, t.at, stop - t.at);
    t.info(method === undefined ? 'Result' : method);
  },
});
