/** What routers of Novell networks tell each other (Novell's "IPX Router Specification"): services (SAP) and routes (RIP). */

import { defineProtocol } from '../../protocol.ts';

const SERVER = { type: 0, name: 2, network: 50, node: 54, socket: 60, hops: 62, next: 64 } as const;
const NAME_LENGTH = 48;
const ROUTE = { network: 0, hops: 4, ticks: 6, next: 8 } as const;
const RESPONSES: readonly number[] = [2, 4];
const SAPS: Readonly<Record<number, string>> = {
  1: 'General Query',
  2: 'General Response',
  3: 'Nearest Query',
  4: 'Nearest Response',
};
const RIPS: Readonly<Record<number, string>> = { 1: 'Request', 2: 'Response' };
const RIP_RESPONSE = 2;
const SERVER_TYPES: Readonly<Record<number, string>> = {
  0x0000: 'Unknown',
  0x0001: 'User',
  0x0002: 'User Group',
  0x0003: 'Print Queue or Print Group',
  0x0004: 'File Server (SLIST source)',
  0x0005: 'Job Server',
  0x0006: 'Gateway',
  0x0007: 'Print Server or Silent Print Server',
  0x0008: 'Archive Queue',
  0x0009: 'Archive Server',
  0x000a: 'Job Queue',
  0x000b: 'Administration',
  0x0020: 'NetBIOS',
  0x0026: 'Bridge Server or Asynchronous Bridge Server',
  0x0047: 'Advertising Print Server',
};

export const ipxsap = defineProtocol({
  name: 'ipxsap',
  title: 'Service Advertisement Protocol',
  short: 'IPX SAP',
  unlisted: true,
  header: 2,
  fields: {
    packet_type: { type: 'u16', label: 'SAP packet type', names: SAPS },
    request: { type: 'bool', label: 'Request', flag: ['True', 'False'] },
    response: { type: 'bool', label: 'Response', flag: ['True', 'False'] },
    server: { type: 'none', label: 'Server', many: true },
    'server.type': { type: 'u16', show: 'hex', label: 'Server Type', names: SERVER_TYPES, many: true },
    'server.name': { type: 'string', label: 'Server Name', many: true },
    'server.network': { type: 'u32', show: 'hex', label: 'Network', many: true },
    'server.node': { type: 'ether', label: 'Node', many: true },
    'server.socket': { type: 'u16', show: 'hex', label: 'Socket', many: true },
    'server.intermediate_networks': { type: 'u16', label: 'Intermediate Networks', many: true },
  },
  tree(t) {
    const { at } = t;
    const type = t.u16(at);
    const isResponse = RESPONSES.includes(type);
    t.info(SAPS[type] ?? 'Unknown Packet Type');
    t.add('packet_type', at);
    t.hide(isResponse ? 'response' : 'request', 1, at, 2);
    if (!isResponse) {
      t.add('server.type', at + 2);
      return;
    }
    for (let one = at + 2; t.has(one, SERVER.next); one += SERVER.next) {
      const name = t.string(one + SERVER.name, NAME_LENGTH, 'ascii', true);
      t.add('server', one, SERVER.next);
      t.last().text = `Server Name: ${name}`;
      t.nest(t.last());
      t.put('server.name', name, one + SERVER.name, NAME_LENGTH);
      t.add('server.type', one + SERVER.type);
      t.add('server.network', one + SERVER.network);
      t.add('server.node', one + SERVER.node);
      t.add('server.socket', one + SERVER.socket);
      t.add('server.intermediate_networks', one + SERVER.hops);
      t.close();
    }
  },
});

export const ipxrip = defineProtocol({
  name: 'ipxrip',
  title: 'IPX Routing Information Protocol',
  short: 'IPX RIP',
  unlisted: true,
  header: 2,
  fields: {
    packet_type: { type: 'u16', label: 'RIP packet type', names: RIPS },
    request: { type: 'bool', label: 'Request', flag: ['True', 'False'] },
    response: { type: 'bool', label: 'Response', flag: ['True', 'False'] },
    route_vector: { type: 'u32', show: 'hex', label: 'Route Vector', many: true },
    hops: { type: 'u16', label: 'Hops', many: true },
    ticks: { type: 'u16', label: 'Ticks', many: true, doc: 'In eighteenths of a second.' },
  },
  tree(t) {
    const { at } = t;
    const type = t.u16(at);
    t.info(RIPS[type] ?? 'Unknown Packet Type');
    t.add('packet_type', at);
    t.hide(type === RIP_RESPONSE ? 'response' : 'request', 1, at, 2);
    for (let one = at + 2; t.has(one, ROUTE.next); one += ROUTE.next) {
      t.add('route_vector', one + ROUTE.network);
      t.add('hops', one + ROUTE.hops);
      t.add('ticks', one + ROUTE.ticks);
    }
  },
});
