/** RDP (MS-RDPBCGR): negotiation, settings of client and server, security headers, fast-path units. */

import type { FieldSpec } from '../../field-spec.ts';
import { defineProtocol } from '../../protocol.ts';
import { isFromServer } from '../../text-lines.ts';
import type { TreeBuilder } from '../../tree.ts';
import { contentOf } from './content.ts';

const PORT = 3389;
const NEGOTIATION = { request: 1, response: 2, failure: 3, correlation: 6 } as const;
const NEGOTIATIONS: Readonly<Record<number, string>> = {
  1: 'RDP Negotiation Request',
  2: 'RDP Negotiation Response',
  3: 'RDP Negotiation Failure',
  6: 'RDP Correlation Info',
};
const SELECTED: Readonly<Record<number, string>> = {
  0: 'Standard RDP Security',
  1: 'TLS 1.0, 1.1 or 1.2',
  2: 'CredSSP',
  4: 'RDSTLS protocol',
  8: 'CredSSP with Early User Authorization Result PDU',
};
const FAILURES: Readonly<Record<number, string>> = {
  1: 'TLS required by server',
  2: 'TLS not allowed by server',
  3: 'TLS certificate not on server',
  4: 'Inconsistent flags',
  5: 'Server requires Enhanced RDP Security with CredSSP',
  6: 'Server requires Enhanced RDP Security with TLS and certificate-based client authentication',
};
const BLOCK = {
  clientCore: 0xc001,
  clientSecurity: 0xc002,
  clientNetwork: 0xc003,
  clientCluster: 0xc004,
  serverCore: 0x0c01,
  serverSecurity: 0x0c02,
  serverNetwork: 0x0c03,
} as const;
const BLOCKS: Readonly<Record<number, string>> = {
  0xc001: 'clientCoreData',
  0xc002: 'clientSecurityData',
  0xc003: 'clientNetworkData',
  0xc004: 'clientClusterData',
  0xc005: 'clientMonitorData',
  0xc006: 'clientMsgChannelData',
  0xc008: 'clientMonitorExData',
  0xc00a: 'clientMultiTransportData',
  0x0c01: 'serverCoreData',
  0x0c02: 'serverSecurityData',
  0x0c03: 'serverNetworkData',
  0x0c04: 'serverMsgChannelData',
  0x0c08: 'serverMultiTransportData',
};
const METHODS: Readonly<Record<number, string>> = {
  0: 'None',
  1: '40-bit RC4',
  2: '128-bit RC4',
  8: '56-bit RC4',
  16: 'FIPS',
};
const LEVELS: Readonly<Record<number, string>> = { 0: 'None', 1: 'Low', 2: 'Client Compatible', 3: 'High', 4: 'FIPS' };
const PACKET = { exchange: 0x001, info: 0x040, license: 0x080, redirection: 0x400 } as const;
const PACKETS: Readonly<Record<number, string>> = {
  0: '(None)',
  1: 'Security Exchange PDU',
  0x40: 'Client Info PDU',
  0x80: 'Licensing PDU',
  0x400: 'Standard Security Server Redirection PDU',
};
const PACKET_MASK = 0x4c1;
const ENCRYPTED = 0x0008;
const CLIENT_EVENTS: Readonly<Record<number, string>> = {
  0: 'Scancode',
  1: 'Mouse',
  2: 'MouseEx',
  3: 'Sync',
  4: 'Unicode',
  6: 'QoE timestamp',
};
/** Bytes behind a client event's header. */
const CLIENT_EVENT_BYTES: Readonly<Record<number, number>> = { 0: 1, 1: 6, 2: 6, 3: 0, 4: 2, 6: 4 };
const SERVER_UPDATES: Readonly<Record<number, string>> = {
  0: 'Orders',
  1: 'Bitmap',
  2: 'Palette',
  3: 'Synchronize',
  4: 'Surface',
  5: 'NullPointer',
  6: 'DefaultPointer',
  8: 'PointerPosition',
  9: 'ColorPointer',
  10: 'CachedPointer',
  11: 'NewPointer',
  12: 'LargePointer',
};
const FAST_ENCRYPTED = 2;
const SIGNATURE = 8;
const MAX_CHANNELS = 31;

function flag(label: string, bit: number): FieldSpec {
  return { type: 'u16', label, show: 'hex', bits: [bit, bit], little: true, many: true };
}

interface Memory {
  /** The channel of everything but virtual channels; 0: not known. */
  readonly io: number;
}

export const rdp = defineProtocol({
  name: 'rdp',
  title: 'Remote Desktop Protocol',
  remembers: true,
  fields: {
    rt_cookie: { type: 'string', label: 'Routing Token/Cookie' },
    neg_type: { type: 'u8', label: 'Type', show: 'hex', names: NEGOTIATIONS },
    neg_length: { type: 'u16', label: 'Length', little: true },
    'negReq.flags': { type: 'u8', label: 'Flags', show: 'hex' },
    'negReq.flags.restricted_admin_mode_req': {
      type: 'bool',
      label: 'Restricted admin mode required',
      bits: [0, 0],
      flag: ['True', 'False'],
    },
    'negReq.flags.correlation_info_present': {
      type: 'bool',
      label: 'Correlation info present',
      bits: [3, 3],
      flag: ['True', 'False'],
    },
    'negReq.requestedProtocols': { type: 'u32', label: 'requestedProtocols', show: 'hex', little: true },
    'negReq.requestedProtocols.ssl': {
      type: 'bool',
      label: 'TLS security supported',
      of: 'u32',
      bits: [0, 0],
      little: true,
      flag: ['True', 'False'],
    },
    'negReq.requestedProtocols.hybrid': {
      type: 'bool',
      label: 'CredSSP supported',
      of: 'u32',
      bits: [1, 1],
      little: true,
      flag: ['True', 'False'],
    },
    'negReq.requestedProtocols.rdstls': {
      type: 'bool',
      label: 'RDSTLS supported',
      of: 'u32',
      bits: [2, 2],
      little: true,
      flag: ['True', 'False'],
    },
    'negReq.requestedProtocols.hybrid_ex': {
      type: 'bool',
      label: 'CredSSP with Early User Authorization Result PDU supported',
      of: 'u32',
      bits: [3, 3],
      little: true,
      flag: ['True', 'False'],
    },
    'negRsp.flags': { type: 'u8', label: 'Flags', show: 'hex' },
    'negRsp.flags.extended_client_data_supported': {
      type: 'bool',
      label: 'Extended Client Data Blocks supported',
      bits: [0, 0],
      flag: ['True', 'False'],
    },
    'negRsp.flags.dynvc_gfx_protocol_supported': {
      type: 'bool',
      label: 'Graphics Pipeline Extension Protocol supported',
      bits: [1, 1],
      flag: ['True', 'False'],
    },
    'negRsp.flags.restricted_admin_mode_supported': {
      type: 'bool',
      label: 'Restricted admin mode supported',
      bits: [3, 3],
      flag: ['True', 'False'],
    },
    'negRsp.flags.restricted_authentication_mode_supported': {
      type: 'bool',
      label: 'Restricted authentication mode supported',
      bits: [4, 4],
      flag: ['True', 'False'],
    },
    'negReq.selectedProtocol': { type: 'u32', label: 'selectedProtocol', show: 'hex', little: true, names: SELECTED },
    'negFailure.failureCode': { type: 'u32', label: 'failureCode', show: 'hex', little: true, names: FAILURES },
    clientData: { type: 'none', label: 'ClientData' },
    serverData: { type: 'none', label: 'ServerData' },
    'client.coreData': { type: 'none', label: 'clientCoreData' },
    'client.securityData': { type: 'none', label: 'clientSecurityData' },
    'client.networkData': { type: 'none', label: 'clientNetworkData' },
    'client.clusterData': { type: 'none', label: 'clientClusterData' },
    'server.coreData': { type: 'none', label: 'serverCoreData' },
    'server.securityData': { type: 'none', label: 'serverSecurityData' },
    'server.networkData': { type: 'none', label: 'serverNetworkData' },
    'header.type': { type: 'u16', label: 'headerType', show: 'hex', little: true, names: BLOCKS, many: true },
    'header.length': { type: 'u16', label: 'headerLength', little: true, many: true },
    'version.major': { type: 'u16', label: 'versionMajor', little: true },
    'version.minor': { type: 'u16', label: 'versionMinor', little: true },
    'desktop.width': { type: 'u16', label: 'desktopWidth', little: true },
    'desktop.height': { type: 'u16', label: 'desktopHeight', little: true },
    colorDepth: { type: 'u16', label: 'colorDepth', show: 'hex', little: true },
    SASSequence: { type: 'u16', label: 'SASSequence', little: true },
    keyboardLayout: { type: 'u32', label: 'keyboardLayout', little: true },
    'client.build': { type: 'u32', label: 'clientBuild', little: true },
    'client.name': { type: 'string', label: 'clientName', encoding: 'utf16le', length: 32 },
    'keyboard.type': { type: 'u32', label: 'keyboardType', little: true },
    'keyboard.subtype': { type: 'u32', label: 'keyboardSubType', little: true },
    'keyboard.functionkey': { type: 'u32', label: 'keyboardFunctionKey', little: true },
    'client.requestedProtocols': { type: 'u32', label: 'clientRequestedProtocols', show: 'hex', little: true },
    encryptionMethods: { type: 'bytes', label: 'encryptionMethods', length: 4 },
    extEncryptionMethods: { type: 'bytes', label: 'extEncryptionMethods', length: 4 },
    encryptionMethod: { type: 'u32', label: 'encryptionMethod', show: 'hex', little: true, names: METHODS },
    encryptionLevel: { type: 'u32', label: 'encryptionLevel', show: 'hex', little: true, names: LEVELS },
    clusterFlags: { type: 'u32', label: 'clusterFlags', show: 'hex', little: true },
    redirectedSessionId: { type: 'u32', label: 'redirectedSessionId', show: 'hex', little: true },
    channelCount: { type: 'u32', label: 'channelCount' },
    channelDef: { type: 'none', label: 'channelDef', many: true },
    name: { type: 'string', label: 'name', length: 8, many: true },
    options: { type: 'u32', label: 'options', show: 'hex', little: true, many: true },
    MCSChannelId: { type: 'u16', label: 'MCSChannelId', little: true, many: true },
    sendData: { type: 'none', label: 'SendData' },
    flags: { type: 'u16', label: 'flags', show: 'hex', little: true, many: true },
    'flags.pkt': { type: 'u16', label: 'flagsPkt', show: 'hex', names: PACKETS, many: true },
    'flags.encrypt': flag('flagsEncrypt', 3),
    'flags.resetseqno': flag('flagsResetSeqno', 4),
    'flags.ignoreseqno': flag('flagsIgnoreSeqno', 5),
    'flags.licenseencrypt': flag('flagsLicenseEncrypt', 9),
    'flags.securechecksum': flag('flagsSecureChecksum', 11),
    'flags.flagshivalid': flag('flagsHiValid', 15),
    flagsHi: { type: 'u16', label: 'flagsHi', show: 'hex', little: true, many: true },
    length: { type: 'u32', label: 'length', little: true, many: true },
    encryptedClientRandom: { type: 'bytes', label: 'encryptedClientRandom' },
    dataSignature: { type: 'bytes', label: 'dataSignature', length: SIGNATURE, many: true },
    encryptedData: { type: 'none', label: 'encryptedData', many: true },
    'fastpath.header': { type: 'u8', label: 'Header', show: 'hex', many: true },
    'fastpath.action': { type: 'u8', label: 'Action', bits: [1, 0], names: { 0: 'Fastpath', 3: 'X224' }, many: true },
    'fastpath.numevents': { type: 'u8', label: 'numEvents', bits: [5, 2], many: true },
    'fastpath.flags': { type: 'u8', label: 'flags', bits: [7, 6], many: true },
    fastpathPDULength: { type: 'u16', label: 'fastpathPDULength', many: true },
    'fastpath.eventheader': { type: 'u8', label: 'EventHeaderCode', show: 'hex', many: true },
    'neg_len.invalid': { type: 'none', label: 'Invalid length' },
  },
  tree(t) {
    const { kind, channel } = contentOf(t);
    switch (kind) {
      case 'connection':
        connection(t);
        break;
      case 'client':
      case 'server':
        settings(t, kind === 'client');
        break;
      case 'data':
        data(t, channel);
        break;
      case 'fast':
        fastPath(t);
        break;
    }
  },
});

/** 2.2.1.1 and 2.2.1.2: a cookie that ends with CR LF, then negotiation structures. */
function connection(t: TreeBuilder): void {
  const said: string[] = [];
  let { at } = t;
  if (t.u8(at) > NEGOTIATION.correlation) {
    let end = at;
    while (end + 1 < t.end && !(t.u8(end) === 13 && t.u8(end + 1) === 10)) end++;
    const stop = end + 1 < t.end ? end : t.end;
    t.add('rt_cookie', at, stop - at);
    said.push(t.string(at, stop - at));
    at = Math.min(t.end, stop + 2);
  }
  while (at < t.end) {
    const type = t.u8(at);
    const length = t.u16le(at + 2);
    t.add('neg_type', at);
    if (type === NEGOTIATION.request) {
      said.push('Negotiate Request');
      request(t, at);
    } else if (type === NEGOTIATION.response) {
      said.push('Negotiate Response');
      response(t, at);
    } else if (type === NEGOTIATION.failure) {
      said.push('Negotiate Failure');
      t.add('neg_length', at + 2);
      t.add('negFailure.failureCode', at + 4);
    }
    if (length < 8) {
      t.expert('warning', 'Invalid length', at + 2, 2, 'neg_len.invalid');
      break;
    }
    at += length;
  }
  t.info(said.join(', '));
}

function request(t: TreeBuilder, at: number): void {
  t.add('negReq.flags', at + 1);
  t.nest(t.last());
  t.add('negReq.flags.restricted_admin_mode_req', at + 1);
  t.add('negReq.flags.correlation_info_present', at + 1);
  t.close();
  t.add('neg_length', at + 2);
  t.add('negReq.requestedProtocols', at + 4);
  t.nest(t.last());
  for (const key of ['ssl', 'hybrid', 'rdstls', 'hybrid_ex']) t.add(`negReq.requestedProtocols.${key}`, at + 4);
  t.close();
}

function response(t: TreeBuilder, at: number): void {
  t.add('negRsp.flags', at + 1);
  t.nest(t.last());
  for (const key of [
    'extended_client_data',
    'dynvc_gfx_protocol',
    'restricted_admin_mode',
    'restricted_authentication_mode',
  ])
    t.add(`negRsp.flags.${key}_supported`, at + 1);
  t.close();
  t.add('neg_length', at + 2);
  t.add('negReq.selectedProtocol', at + 4);
}

/** 2.2.1.3 and 2.2.1.4: blocks with a type and a length. */
function settings(t: TreeBuilder, isClient: boolean): void {
  t.info(isClient ? 'ClientData' : 'ServerData');
  t.add(isClient ? 'clientData' : 'serverData', t.at, t.end - t.at);
  t.nest(t.last());
  for (let at = t.at; at < t.end; ) {
    const type = t.u16le(at);
    const length = t.u16le(at + 2);
    if (length < 4) t.fail();
    t.need(at, length);
    block(t, type, at, length);
    at += length;
  }
  t.close();
}

const BLOCK_KEYS: Readonly<Record<number, string>> = {
  [BLOCK.clientCore]: 'client.coreData',
  [BLOCK.clientSecurity]: 'client.securityData',
  [BLOCK.clientNetwork]: 'client.networkData',
  [BLOCK.clientCluster]: 'client.clusterData',
  [BLOCK.serverCore]: 'server.coreData',
  [BLOCK.serverSecurity]: 'server.securityData',
  [BLOCK.serverNetwork]: 'server.networkData',
};

function block(t: TreeBuilder, type: number, at: number, length: number): void {
  const key = BLOCK_KEYS[type];
  if (key === undefined) t.nest(t.text(BLOCKS[type] ?? 'unknown', at, length));
  else {
    t.add(key, at, length);
    t.nest(t.last());
  }
  t.add('header.type', at);
  t.add('header.length', at + 2);
  const body = at + 4;
  const end = at + length;
  switch (type) {
    case BLOCK.clientCore:
      clientCore(t, body);
      break;
    case BLOCK.clientSecurity:
      t.add('encryptionMethods', body);
      t.add('extEncryptionMethods', body + 4);
      break;
    case BLOCK.clientNetwork:
      channels(t, body, end);
      break;
    case BLOCK.clientCluster:
      t.add('clusterFlags', body);
      t.add('redirectedSessionId', body + 4);
      break;
    case BLOCK.serverCore:
      t.add('version.major', body);
      t.add('version.minor', body + 2);
      if (body + 8 <= end) t.add('client.requestedProtocols', body + 4);
      break;
    case BLOCK.serverSecurity: {
      const method = t.u32le(body);
      const level = t.u32le(body + 4);
      t.add('encryptionMethod', body);
      t.add('encryptionLevel', body + 4);
      t.info(`ServerData Encryption: ${METHODS[method] ?? 'Unknown'} (${LEVELS[level] ?? 'Unknown'})`);
      break;
    }
    case BLOCK.serverNetwork:
      serverChannels(t, body, end);
      break;
    default:
      break;
  }
  t.close();
}

function clientCore(t: TreeBuilder, at: number): void {
  for (const [key, offset] of [
    ['version.major', 0],
    ['version.minor', 2],
    ['desktop.width', 4],
    ['desktop.height', 6],
    ['colorDepth', 8],
    ['SASSequence', 10],
    ['keyboardLayout', 12],
    ['client.build', 16],
  ] as const) {
    t.add(key, at + offset);
  }
  t.put('client.name', t.string(at + 20, 32, 'utf16le').replace(/\0.*$/s, ''), at + 20, 32);
  t.add('keyboard.type', at + 52);
  t.add('keyboard.subtype', at + 56);
  t.add('keyboard.functionkey', at + 60);
}

function channels(t: TreeBuilder, at: number, end: number): void {
  const count = t.u32le(at);
  t.put('channelCount', count, at, 4);
  for (let i = 0; i < Math.min(count, MAX_CHANNELS); i++) {
    const from = at + 4 + 12 * i;
    if (from + 12 > end) t.fail();
    t.add('channelDef', from, 12);
    t.nest(t.last());
    t.put('name', t.string(from, 8, 'ascii', true), from, 8);
    t.add('options', from + 8);
    t.close();
  }
}

function serverChannels(t: TreeBuilder, at: number, end: number): void {
  const io = t.u16le(at);
  const count = t.u16le(at + 2);
  t.add('MCSChannelId', at);
  t.put('channelCount', count, at + 2, 2);
  for (let i = 0; i < Math.min(count, MAX_CHANNELS) && at + 6 + 2 * i <= end; i++)
    t.add('MCSChannelId', at + 4 + 2 * i);
  t.conversation((): Memory => ({ io }));
}

/** 2.2.8.1.1.2: a security header, with a signature where what follows is encrypted. */
function data(t: TreeBuilder, channel: number): void {
  const { at } = t;
  const { io } = t.conversation((): Memory => ({ io: 0 }));
  const flags = t.u16le(at);
  const packet = flags & PACKET_MASK;
  const isEncrypted = (flags & ENCRYPTED) !== 0;
  t.add('sendData', at, t.end - at);
  t.nest(t.last());
  t.add('flags', at);
  t.nest(t.last());
  t.put('flags.pkt', packet, at, 2);
  for (const key of ['encrypt', 'resetseqno', 'ignoreseqno', 'licenseencrypt', 'securechecksum', 'flagshivalid'])
    t.add(`flags.${key}`, at);
  t.close();
  t.add('flagsHi', at + 2);
  const said: string[] = [];
  if (packet === PACKET.exchange) {
    said.push('SecurityExchange');
    t.add('length', at + 4);
    if (t.end > at + 8) t.add('encryptedClientRandom', at + 8, t.end - at - 8);
  } else {
    if (packet === PACKET.info) said.push('ClientInfo');
    else if (packet !== PACKET.license && io !== 0 && channel !== io) said.push('Virtual Channel PDU');
    if (isEncrypted) {
      said.push('[Encrypted]');
      t.add('dataSignature', at + 4);
      if (t.end > at + 12) t.add('encryptedData', at + 12, t.end - at - 12);
    }
  }
  t.close();
  t.info(said.join(', '));
}

/** 2.2.8.1.2 and 2.2.9.1.2. Encrypted events cannot be read; those in the clear are named. */
function fastPath(t: TreeBuilder): void {
  const { at } = t;
  const isServer = isFromServer(t, [PORT]);
  const first = t.u8(at);
  const wide = t.u8(at + 1) >= 0x80;
  t.add('fastpath.header', at);
  t.nest(t.last());
  t.add('fastpath.action', at);
  if (!isServer) t.add('fastpath.numevents', at);
  t.add('fastpath.flags', at);
  t.close();
  t.put('fastpathPDULength', wide ? t.u16(at + 1) & 0x7fff : t.u8(at + 1), at + 1, wide ? 2 : 1);
  t.info('Fast-Path PDU');
  let next = at + (wide ? 3 : 2);
  if (((first >>> 6) & FAST_ENCRYPTED) !== 0) {
    t.add('dataSignature', next);
    next += SIGNATURE;
    if (t.end > next) t.add('encryptedData', next, t.end - next);
    t.addInfo(', [Encrypted]');
    return;
  }
  if (isServer) updates(t, next);
  else events(t, (first >>> 2) & 15, next);
}

function events(t: TreeBuilder, told: number, from: number): void {
  let at = from;
  const count = told === 0 && at < t.end ? t.u8(at++) : told;
  for (let i = 0; i < count; i++) {
    const code = t.u8(at) >>> 5;
    const name = CLIENT_EVENTS[code] ?? 'Unknown';
    const length = CLIENT_EVENT_BYTES[code] ?? 0;
    t.addInfo(`,${name}`);
    t.need(at, 1 + length);
    t.nest(t.text(name, at, 1 + length));
    t.add('fastpath.eventheader', at);
    t.close();
    at += 1 + length;
  }
}

function updates(t: TreeBuilder, from: number): void {
  for (let at = from; at < t.end; ) {
    const first = t.u8(at);
    const name = SERVER_UPDATES[first & 15] ?? 'Unknown';
    const header = first >>> 6 === 2 ? 2 : 1; // compression flags follow
    const length = t.u16le(at + header);
    t.nest(t.text(name, at, header + 2 + length));
    t.add('fastpath.eventheader', at);
    t.close();
    t.addInfo(`,${name}`);
    t.need(at, header + 2 + length);
    at += header + 2 + length;
  }
}
