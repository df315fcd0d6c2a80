/** Cisco's Interior Gateway Routing Protocol: networks and what they cost. */

import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const AT = {
  version: 0,
  update: 1,
  system: 2,
  interior: 4,
  systems: 6,
  exterior: 8,
  checksum: 10,
  routes: 12,
} as const;
const ROUTE = 14;
const COMMANDS: Readonly<Record<number, string>> = { 1: 'Response', 2: 'Request' };

export const igrp = defineProtocol({
  name: 'igrp',
  title: 'Cisco Interior Gateway Routing Protocol',
  on: { 'ip.proto': [9] },
  header: AT.routes,
  fields: {
    version: { at: AT.version, type: 'u8', bits: [7, 4], label: 'IGRP Version' },
    command: { at: AT.version, type: 'u8', bits: [3, 0], label: 'Command', names: COMMANDS },
    update: { at: AT.update, type: 'u8', label: 'Update Release' },
    as: { at: AT.system, type: 'u16', label: 'Autonomous System' },
    interior_routes: { at: AT.interior, type: 'u16', label: 'Interior routes' },
    system_routes: { at: AT.systems, type: 'u16', label: 'System routes' },
    exterior_routes: { at: AT.exterior, type: 'u16', label: 'Exterior routes' },
    checksum: { at: AT.checksum, type: 'u16', show: 'hex', label: 'Checksum' },
    network: { type: 'ipv4', label: 'Network', many: true },
    delay: { type: 'u24', label: 'Delay', many: true },
    bandwidth: { type: 'u24', label: 'Bandwidth', many: true },
    mtu: { type: 'u16', label: 'MTU', many: true },
    reliability: { type: 'u8', label: 'Reliability', many: true },
    load: { type: 'u8', label: 'Load', many: true },
    hop_count: { type: 'u8', label: 'Hop count', many: true },
  },
  tree(t) {
    t.info(COMMANDS[t.u8(t.at) & 15] ?? 'Unknown version or command');
    let at = t.header();
    const counts = [AT.interior, AT.systems, AT.exterior].map((offset) => t.u16(t.at + offset));
    for (const [kind, count] of counts.entries())
      for (let i = 0; i < count && at < t.end; i++, at += ROUTE) route(t, at, kind === 0);
  },
});

/** Three bytes of a network: an interior one begins with the sender's own first byte. */
function route(t: TreeBuilder, at: number, isInterior: boolean): void {
  t.need(at, ROUTE);
  const three = t.slice(at, 3);
  const own = t.carrier?.source[0] ?? 0;
  const network = isInterior ? [own, ...three] : [...three, 0];
  t.nest(t.text(`Entry for network ${network.join('.')}`, at, ROUTE));
  t.put('network', ((network[0] << 24) | (network[1] << 16) | (network[2] << 8) | network[3]) >>> 0, at, 3);
  t.add('delay', at + 3);
  t.add('bandwidth', at + 6);
  t.add('mtu', at + 9);
  t.add('reliability', at + 11);
  t.add('load', at + 12);
  t.add('hop_count', at + 13);
  t.close();
}
