/** KNXnet/IP (ISO 22510, KNX 3/8): services over UDP and TCP: finding, connecting, tunnelling and routing of bus telegrams. */

import { u16 } from '../../../base/bytes.ts';
import { hexNumber } from '../../../base/hex.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { knxAddress } from './telegram.ts';

const HEADER = 6;
const VERSION = 0x10;
const PORT = 3671;
const SERVICE = {
  searchRequest: 0x0201,
  searchResponse: 0x0202,
  descriptionRequest: 0x0203,
  descriptionResponse: 0x0204,
  connectRequest: 0x0205,
  connectResponse: 0x0206,
  stateRequest: 0x0207,
  stateResponse: 0x0208,
  disconnectRequest: 0x0209,
  disconnectResponse: 0x020a,
  configurationRequest: 0x0310,
  configurationAck: 0x0311,
  tunnelRequest: 0x0420,
  tunnelAck: 0x0421,
  routing: 0x0530,
  lost: 0x0531,
  busy: 0x0532,
} as const;
/** As Info has them. */
const SHORT: Readonly<Record<number, string>> = {
  0x0201: 'SearchReq',
  0x0202: 'SearchResp',
  0x0203: 'DescrReq',
  0x0204: 'DescrResp',
  0x0205: 'ConnectReq',
  0x0206: 'ConnectResp',
  0x0207: 'ConnStateReq',
  0x0208: 'ConnStateResp',
  0x0209: 'DisconnectReq',
  0x020a: 'DisconnectResp',
  0x020b: 'SearchReqExt',
  0x020c: 'SearchRespExt',
  0x0310: 'ConfigReq',
  0x0311: 'ConfigAck',
  0x0420: 'TunnelReq',
  0x0421: 'TunnelAck',
  0x0530: 'RoutingInd',
  0x0531: 'RoutingLoss',
  0x0532: 'RoutingBusy',
};
const CONNECTIONS: Readonly<Record<number, string>> = {
  3: 'Config',
  4: 'Tunnel',
  6: 'RemLog',
  7: 'RemConf',
  8: 'ObjServ',
};
const TUNNEL = 4;
const DESCRIPTION = { device: 1, services: 2 } as const;
const DEVICE_NAME = 30;
const KNXIP_SERVICE_TYPES: Readonly<Record<number, string>> = {
  0x201: 'Search Request',
  0x202: 'Search Response',
  0x203: 'Description Request',
  0x204: 'Description Response',
  0x205: 'Connect Request',
  0x206: 'Connect Response',
  0x207: 'Connection State Request',
  0x208: 'Connection State Response',
  0x209: 'Disconnect Request',
  0x20a: 'Disconnect Response',
  0x20b: 'Search Request Extended',
  0x20c: 'Search Response Extended',
  0x310: 'Configuration Request',
  0x311: 'Configuration Acknowledgement',
  0x420: 'Tunneling Request',
  0x421: 'Tunneling Acknowledgement',
  0x422: 'Tunneling Feature Get',
  0x423: 'Tunneling Feature Response',
  0x424: 'Tunneling Feature Set',
  0x425: 'Tunneling Feature Info',
  0x530: 'Routing Indication',
  0x531: 'Routing Loss',
  0x532: 'Routing Busy',
  0x533: 'Routing System Broadcast',
  0x740: 'Remote Diagnostic Request',
  0x741: 'Remote Diagnostic Response',
  0x742: 'Remote Configuration Request',
  0x743: 'Remote Reset Request',
  0x950: 'Secure Wrapper',
  0x951: 'Session Request',
  0x952: 'Session Response',
  0x953: 'Session Authenticate',
  0x954: 'Session Status',
  0x955: 'Timer Notify',
};
const KNXIP_DIBTYPES: Readonly<Record<number, string>> = {
  0x1: 'Device Information',
  0x2: 'Supported Service Families',
  0x3: 'IP Configuration',
  0x4: 'Current Configuration',
  0x5: 'KNX Addresses',
  0x6: 'Secured Service Families',
  0x7: 'Tunneling Information',
  0x8: 'Extended Device Information',
  0xfe: 'Manufacturer Data',
};
const KNXIP_MEDIUMS: Readonly<Record<number, string>> = {
  0x1: 'TP0',
  0x2: 'TP1',
  0x4: 'PL110',
  0x8: 'PL132',
  0x10: 'RF',
  0x20: 'IP',
};
const KNXIP_CONN_TYPES: Readonly<Record<number, string>> = {
  0x3: 'Device Management Connection',
  0x4: 'Tunneling Connection',
  0x6: 'Remote Logging Connection',
  0x7: 'Remote Configuration Connection',
  0x8: 'Object Server Connection',
};
const KNXIP_STATUSES: Readonly<Record<number, string>> = {
  0x0: 'OK',
  0x21: 'E_CONNECTION_ID',
  0x22: 'E_CONNECTION_TYPE',
  0x23: 'E_CONNECTION_OPTION',
  0x24: 'E_NO_MORE_CONNECTIONS',
  0x25: 'E_NO_MORE_UNIQUE_CONNECTIONS',
  0x26: 'E_DATA_CONNECTION',
  0x27: 'E_KNX_CONNECTION',
  0x29: 'E_TUNNELING_LAYER',
};

function begins(bytes: Uint8Array, at: number, end: number): boolean {
  return bytes[at] === HEADER && (end - at < 2 || bytes[at + 1] === VERSION);
}

export const knxip = defineProtocol({
  name: 'kip',
  title: 'KNX/IP Protocol',
  short: 'KNXnet/IP',
  on: { 'tcp.port': [PORT], 'udp.port': [PORT] },
  opens: ['cemi', 'data'],
  fields: {
    headerlength: { type: 'u8', label: 'Header Length', abbrev: 'knxip.headerlength' },
    version: { type: 'u8', label: 'Protocol Version', show: 'hex', abbrev: 'knxip.version' },
    service: { type: 'u16', label: 'Service Identifier', show: 'hex', abbrev: 'knxip.service' },
    'service.family': { type: 'u8', label: 'Service Family', show: 'hex', many: true, abbrev: 'knxip.service.family' },
    'service.type': {
      type: 'u16',
      label: 'Service Type',
      show: 'hex',
      names: KNXIP_SERVICE_TYPES,
      abbrev: 'knxip.service.type',
    },
    totallength: { type: 'u16', label: 'Total Length', abbrev: 'knxip.totallength' },
    'struct.length': { type: 'u8', label: 'Structure Length', many: true, abbrev: 'knxip.struct.length' },
    hostprotocol: {
      type: 'u8',
      label: 'Host Protocol',
      show: 'hex',
      names: { 0x1: 'IPv4 UDP', 0x2: 'IPv4 TCP' },
      many: true,
      abbrev: 'knxip.hostprotocol',
    },
    ipaddr: { type: 'ipv4', label: 'IP Address', many: true, abbrev: 'knxip.ipaddr' },
    port: { type: 'u16', label: 'Port Number', many: true, abbrev: 'knxip.port' },
    dibtype: {
      type: 'u8',
      label: 'Description Type',
      show: 'hex',
      names: KNXIP_DIBTYPES,
      many: true,
      abbrev: 'knxip.dibtype',
    },
    medium: { type: 'u8', label: 'KNX Medium', show: 'hex', names: KNXIP_MEDIUMS, abbrev: 'knxip.medium' },
    'device.status': { type: 'u8', label: 'Device Status', show: 'hex', abbrev: 'knxip.device.status' },
    knxaddr: { type: 'u16', label: 'KNX Individual Address', show: 'hex', many: true, abbrev: 'knxip.knxaddr' },
    project: { type: 'u16', label: 'Project Installation Identifier', show: 'hex', abbrev: 'knxip.project' },
    sernr: { type: 'u48', label: 'KNX Serial Number', show: 'hex', abbrev: 'knxip.sernr' },
    mcaddr: { type: 'ipv4', label: 'Multicast Address', abbrev: 'knxip.mcaddr' },
    macaddr: { type: 'ether', label: 'MAC Address', abbrev: 'knxip.macaddr' },
    'device.name': { type: 'string', label: 'Friendly Name', abbrev: 'knxip.device.name' },
    'service.version': {
      type: 'u8',
      label: 'Service Version',
      show: 'hex',
      many: true,
      abbrev: 'knxip.service.version',
    },
    'conn.type': {
      type: 'u8',
      label: 'Connection Type',
      show: 'hex',
      names: KNXIP_CONN_TYPES,
      abbrev: 'knxip.conn.type',
    },
    'tunnel.layer': {
      type: 'u8',
      label: 'KNX Layer',
      show: 'hex',
      names: { 0x2: 'LinkLayer', 0x4: 'Raw', 0x80: 'Busmonitor' },
      abbrev: 'knxip.tunnel.layer',
    },
    channel: { type: 'u8', label: 'Channel', show: 'hex', abbrev: 'knxip.channel' },
    status: { type: 'u8', label: 'Status', show: 'hex', names: KNXIP_STATUSES, abbrev: 'knxip.status' },
    seqctr: { type: 'u8', label: 'Sequence Counter', abbrev: 'knxip.seqctr' },
    reserved: { type: 'u8', label: 'Reserved', show: 'hex', abbrev: 'knxip.reserved' },
    loss: { type: 'u16', label: 'Lost Messages', abbrev: 'knxip.loss' },
    'busy.time': { type: 'u16', label: 'Wait Time', abbrev: 'knxip.busy.time' },
    'busy.control': { type: 'u16', label: 'Control', show: 'hex', abbrev: 'knxip.busy.control' },
    data: { type: 'bytes', label: 'Data', many: true, abbrev: 'knxip.data' },
  },
  accepts: begins,
  frame(f: Framing): number {
    if (!begins(f.bytes, f.at, f.end)) return NOT_MINE;
    if (f.end - f.at < HEADER) return MORE;
    const length = u16(f.bytes, f.at + 4);
    return length < HEADER ? NOT_MINE : length;
  },
  tree(t) {
    const { at } = t;
    if (!begins(t.bytes, at, t.end)) {
      t.payload(at);
      return;
    }
    const service = t.u16(at + 2);
    t.info('');
    t.info(SHORT[service] ?? t.nameOf('service.type', service) ?? `Unknown (${hexNumber(service, 2)})`);
    t.addLabel(`: ${t.nameOf('service.type', service) ?? 'Unknown'}`);
    t.add('headerlength', at);
    t.add('version', at + 1);
    t.add('service', at + 2);
    t.nest(t.last());
    t.add('service.family', at + 2);
    t.add('service.type', at + 2);
    t.close();
    t.add('totallength', at + 4);
    t.limit(at + t.u16(at + 4));
    body(t, service, at + HEADER);
  },
});

function body(t: TreeBuilder, service: number, at: number): void {
  switch (service) {
    case SERVICE.searchRequest:
    case SERVICE.descriptionRequest:
      endpoint(t, at);
      break;
    case SERVICE.searchResponse:
      descriptions(t, endpoint(t, at));
      break;
    case SERVICE.descriptionResponse:
      descriptions(t, at);
      break;
    case SERVICE.connectRequest:
      connectRequest(t, at);
      break;
    case SERVICE.connectResponse:
      connectResponse(t, at);
      break;
    case SERVICE.stateRequest:
    case SERVICE.disconnectRequest:
      channel(t, at);
      endpoint(t, t.add('reserved', at + 1));
      break;
    case SERVICE.stateResponse:
    case SERVICE.disconnectResponse:
      channel(t, at);
      status(t, at + 1);
      break;
    case SERVICE.configurationRequest:
    case SERVICE.tunnelRequest:
      telegram(t, connection(t, at, false));
      break;
    case SERVICE.configurationAck:
    case SERVICE.tunnelAck:
      connection(t, at, true);
      break;
    case SERVICE.routing:
      telegram(t, at);
      break;
    case SERVICE.lost:
    case SERVICE.busy:
      t.add('struct.length', at);
      t.add('device.status', at + 1);
      t.add(service === SERVICE.lost ? 'loss' : 'busy.time', at + 2);
      if (service === SERVICE.busy) t.add('busy.control', at + 4);
      break;
    default:
      if (at < t.end) t.add('data', at, t.end - at);
  }
}

/** An address of the host (3/8/2 7.5.1): IPv4 and port. */
function endpoint(t: TreeBuilder, at: number): number {
  const length = t.u8(at);
  t.add('struct.length', at);
  t.nest(t.last());
  t.add('hostprotocol', at + 1);
  t.add('ipaddr', at + 2);
  t.add('port', at + 6);
  t.close();
  t.addInfo(` @${t.slice(at + 2, 4).join('.')}:${t.u16(at + 6)}`);
  return at + Math.max(length, 8);
}

/** Description blocks (7.5.4), each with its length. */
function descriptions(t: TreeBuilder, from: number): void {
  for (let at = from; at < t.end; ) {
    const length = t.u8(at);
    const kind = t.u8(at + 1);
    t.need(at, Math.max(2, length));
    t.add('struct.length', at);
    t.nest(t.last());
    t.add('dibtype', at + 1);
    if (kind === DESCRIPTION.device) device(t, at + 2);
    else if (kind === DESCRIPTION.services) services(t, at + 2, at + length);
    else if (length > 2) t.add('data', at + 2, length - 2);
    t.close();
    at += Math.max(2, length);
  }
}

function device(t: TreeBuilder, at: number): void {
  t.add('medium', at);
  t.add('device.status', at + 1);
  t.add('knxaddr', at + 2);
  t.add('project', at + 4);
  t.add('sernr', at + 6);
  t.add('mcaddr', at + 12);
  t.add('macaddr', at + 16);
  const name = t.string(at + 22, DEVICE_NAME, 'latin1', true);
  t.put('device.name', name, at + 22, DEVICE_NAME);
  t.addInfo(`, ${knxAddress(t.u16(at + 2))} "${name}"`);
}

function services(t: TreeBuilder, from: number, end: number): void {
  for (let at = from; at + 2 <= end; at += 2) {
    t.add('service.family', at);
    t.add('service.version', at + 1);
  }
}

function connectRequest(t: TreeBuilder, at: number): void {
  const next = endpoint(t, endpoint(t, at));
  const kind = t.u8(next + 1);
  t.add('struct.length', next);
  t.add('conn.type', next + 1);
  if (kind === TUNNEL) t.add('reserved', t.add('tunnel.layer', next + 2));
  t.info(`${CONNECTIONS[kind] ?? 'Unknown'} ${t.infoSoFar.slice(t.fencedInfo.length)}`);
}

function connectResponse(t: TreeBuilder, at: number): void {
  channel(t, at);
  t.add('status', at + 1);
  const code = t.u8(at + 1);
  if (code !== 0) t.addInfo(` ${t.nameOf('status', code) ?? hexNumber(code, 1)}`);
  if (at + 2 >= t.end) return;
  const next = endpoint(t, at + 2);
  const kind = t.u8(next + 1);
  t.add('struct.length', next);
  t.add('conn.type', next + 1);
  if (kind === TUNNEL) {
    t.add('knxaddr', next + 2);
    t.addInfo(`, ${knxAddress(t.u16(next + 2))}`);
  }
  t.info(`${CONNECTIONS[kind] ?? 'Unknown'} ${t.infoSoFar.slice(t.fencedInfo.length)}`);
}

function channel(t: TreeBuilder, at: number): void {
  t.add('channel', at);
  t.addInfo(` #${t.u8(at).toString(16).padStart(2, '0')}`);
}

function status(t: TreeBuilder, at: number): void {
  const code = t.u8(at);
  t.add('status', at);
  t.addInfo(` ${t.nameOf('status', code) ?? hexNumber(code, 1)}`);
}

/** The header of what belongs to a connection (7.7); returns one past it. */
function connection(t: TreeBuilder, at: number, hasStatus: boolean): number {
  t.add('struct.length', at);
  t.nest(t.last());
  channel(t, at + 1);
  t.add('seqctr', at + 2);
  t.addInfo(`:${t.u8(at + 2)}`);
  if (hasStatus) status(t, at + 3);
  else t.add('reserved', at + 3);
  t.close();
  return at + 4;
}

function telegram(t: TreeBuilder, at: number): void {
  t.headerEnd(at);
  if (at < t.end) t.dissect('cemi', at);
}
