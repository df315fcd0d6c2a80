/** Routing Information Protocol, versions 1 and 2 (RFC 1058, RFC 2453; keyed digests RFC 2082). */

import { formatIpv4 } from '../../base/address.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const AT = { command: 0, version: 1, domain: 2, entries: 4 } as const;
const ENTRY = { family: 0, tag: 2, ip: 4, netmask: 8, nextHop: 12, metric: 16, length: 20 } as const;
const FAMILY = { unspecified: 0, ip: 2, authentication: 0xffff } as const;
const COMMANDS: Readonly<Record<number, string>> = {
  1: 'Request',
  2: 'Response',
  3: 'Traceon',
  4: 'Traceoff',
  5: 'Vendor specific (Sun)',
};
const VERSIONS: Readonly<Record<number, string>> = { 1: 'RIPv1', 2: 'RIPv2' };

export const rip = defineProtocol({
  name: 'rip',
  title: 'Routing Information Protocol',
  on: { 'udp.port': [520] },
  header: AT.entries,
  fields: {
    command: { at: AT.command, type: 'u8', label: 'Command', names: COMMANDS },
    version: { at: AT.version, type: 'u8', label: 'Version', names: VERSIONS },
    routing_domain: { type: 'u16', label: 'Routing Domain' },
    family: { type: 'u16', label: 'Address Family', names: { 0: 'Unspecified', 2: 'IP' }, many: true },
    route_tag: { type: 'u16', label: 'Route Tag', many: true },
    ip: { type: 'ipv4', label: 'IP Address', many: true },
    netmask: { type: 'ipv4', label: 'Netmask', many: true },
    next_hop: { type: 'ipv4', label: 'Next Hop', many: true },
    metric: { type: 'u16', label: 'Metric', many: true },
    'auth.type': {
      type: 'u16',
      label: 'Authentication type',
      names: { 1: 'IP Route', 2: 'Simple Password', 3: 'Keyed Message Digest' },
    },
    'auth.passwd': { type: 'string', label: 'Password' },
    digest_offset: { type: 'u16', label: 'Digest Offset' },
    key_id: { type: 'u8', label: 'Key ID' },
    auth_data_len: { type: 'u8', label: 'Auth Data Len' },
    seq_num: { type: 'u32', label: 'Seq num' },
    authentication_data: { type: 'bytes', label: 'Authentication Data' },
  },
  tree(t) {
    const version = t.u8(t.at + AT.version);
    t.column(VERSIONS[version] ?? 'RIP');
    t.info(COMMANDS[t.u8(t.at)] ?? `Unknown command (${t.u8(t.at)})`);
    t.header();
    if (version === 2) t.add('routing_domain', t.at + AT.domain);
    let end = t.end;
    for (let at = t.at + AT.entries; end - at >= ENTRY.length; at += ENTRY.length) {
      const family = t.u16(at);
      if (family === FAMILY.authentication) end = authentication(t, at);
      else entry(t, at, version, family);
    }
  },
});

function entry(t: TreeBuilder, at: number, version: number, family: number): void {
  if (family !== FAMILY.ip && family !== FAMILY.unspecified) {
    t.text(`Unknown address family ${family}`, at, ENTRY.length);
    return;
  }
  const metric = t.u32(at + ENTRY.metric);
  t.nest(
    t.text(
      family === FAMILY.ip
        ? `IP Address: ${formatIpv4(t.u32(at + ENTRY.ip))}, Metric: ${metric}`
        : `Address not specified, Metric: ${metric}`,
      at,
      ENTRY.length,
    ),
  );
  t.add('family', at);
  if (version === 2) t.add('route_tag', at + ENTRY.tag);
  if (family === FAMILY.ip) {
    t.add('ip', at + ENTRY.ip);
    if (version === 2) {
      t.add('netmask', at + ENTRY.netmask);
      t.add('next_hop', at + ENTRY.nextHop);
    }
  }
  t.put('metric', metric & 0xffff, at + ENTRY.metric, 4);
  t.close();
}

/** The first entry may hold a password, or tell of the digest behind the last. Returns where the routes end. */
function authentication(t: TreeBuilder, at: number): number {
  const kind = t.u16(at + 2);
  t.nest(t.text('Authentication', at, ENTRY.length));
  t.add('auth.type', at + 2);
  let { end } = t;
  if (kind === 2) t.put('auth.passwd', t.string(at + 4, 16, 'ascii', true), at + 4, 16);
  else if (kind === 3) {
    const offset = t.u16(at + 4);
    t.add('digest_offset', at + 4);
    t.add('key_id', at + 6);
    t.add('auth_data_len', at + 7);
    t.add('seq_num', at + 8);
    if (offset >= ENTRY.length && t.has(t.at, offset + 4)) {
      end = t.at + offset;
      t.add('authentication_data', end + 4, t.end - end - 4);
    }
  }
  t.close();
  return end;
}
