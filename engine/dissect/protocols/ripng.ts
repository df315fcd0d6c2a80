/** RIPng for IPv6 (RFC 2080). */

import { formatIpv6 } from '../../base/address.ts';
import { defineProtocol } from '../protocol.ts';

const AT = { command: 0, version: 1, reserved: 2, entries: 4 } as const;
const ENTRY = { prefix: 0, tag: 16, length: 18, metric: 19, size: 20 } as const;
const COMMANDS: Readonly<Record<number, string>> = { 1: 'Request', 2: 'Response' };

export const ripng = defineProtocol({
  name: 'ripng',
  title: 'RIPng',
  short: 'RIPng',
  on: { 'udp.port': [521] },
  header: AT.entries,
  fields: {
    cmd: { at: AT.command, type: 'u8', label: 'Command', names: COMMANDS },
    version: { at: AT.version, type: 'u8', label: 'Version' },
    reserved: { at: AT.reserved, type: 'bytes', length: 2, label: 'Reserved' },
    rte: { type: 'none', label: 'Route Table Entry', many: true },
    'rte.ipv6_prefix': { type: 'ipv6', label: 'IPv6 Prefix', many: true },
    'rte.route_tag': { type: 'u16', show: 'hex', label: 'Route Tag', many: true },
    'rte.prefix_length': { type: 'u8', label: 'Prefix Length', many: true },
    'rte.metric': { type: 'u8', label: 'Metric', many: true },
  },
  tree(t) {
    const command = t.u8(t.at);
    t.info(` Command ${COMMANDS[command] ?? `Unknown (${command})`}, Version ${t.u8(t.at + AT.version)}`);
    t.header();
    for (let at = t.at + AT.entries; t.end - at >= ENTRY.size; at += ENTRY.size) {
      const prefix = t.slice(at, 16);
      t.nest(
        t.put(
          'rte',
          new Uint8Array(0),
          at,
          ENTRY.size,
          `Route Table Entry: IPv6 Prefix: ${formatIpv6(prefix)}/${t.u8(at + ENTRY.length)} Metric: ${t.u8(at + ENTRY.metric)}`,
        ),
      );
      t.add('rte.ipv6_prefix', at);
      t.add('rte.route_tag', at + ENTRY.tag);
      t.add('rte.prefix_length', at + ENTRY.length);
      t.add('rte.metric', at + ENTRY.metric);
      t.close();
    }
  },
});
