/** EDNS (RFC 6891): the OPT record in place of a real one, and its options (RFC 5001, 6975, 7828, 7830, 7871, 7873, 7901, 8914). */

import type { TreeBuilder } from '../../tree.ts';
import { readName } from './name.ts';

/** The header of an OPT record behind its name and type, at `at`: sizes and flags where others have class and TTL. */
export function addOptHeader(t: TreeBuilder, at: number): void {
  t.add('rr.udp_payload_size', at);
  t.add('resp.ext_rcode', at + 2);
  t.add('resp.edns0_version', at + 3);
  t.add('resp.z', at + 4);
  t.nest(t.last());
  t.add('resp.z.do', at + 4);
  t.add('resp.z.reserved', at + 4);
  t.close();
}

/** The options in [from, end). */
export function addOptions(t: TreeBuilder, from: number, end: number, base: number): void {
  let at = from;
  while (at + 4 <= end) {
    const code = t.u16(at);
    const length = t.u16(at + 2);
    const data = at + 4;
    const stop = data + length;
    t.nest(
      t.put('opt', new Uint8Array(0), at, 4 + length, `Option: ${t.nameOf('opt.code', code) ?? `Unknown (${code})`}`),
    );
    t.add('opt.code', at);
    t.add('opt.len', at + 2);
    if (stop > end) t.fail();
    t.add('opt.data', data, length);
    option(t, code, data, stop, base);
    t.close();
    at = stop;
  }
}

function option(t: TreeBuilder, code: number, at: number, end: number, base: number): void {
  const length = end - at;
  switch (code) {
    case 5:
    case 6:
    case 7: {
      const key = code === 5 ? 'opt.dau' : code === 6 ? 'opt.dhu' : 'opt.n3u';
      for (let i = at; i < end; i++) t.add(key, i);
      break;
    }
    case 8:
    case 20730:
      clientSubnet(t, at, end);
      break;
    case 10:
      if (length < 8) break;
      t.add('opt.cookie.client', at, 8);
      if (length > 8) t.add('opt.cookie.server', at + 8, length - 8);
      break;
    case 11:
      if (length === 2) t.add('opt.edns_tcp_keepalive.timeout', at);
      break;
    case 12:
      t.add('opt.padding', at, length);
      break;
    case 13:
      if (length > 0) t.put('opt.chain.fqdn', readName(t, at, base).text, at, length);
      break;
    case 15:
      if (length < 2) break;
      t.add('opt.ext_error.info_code', at);
      if (length > 2) t.add('opt.ext_error.extra_text', at + 2, length - 2);
      break;
    default:
      break;
  }
}

/** RFC 7871 6: as many bytes of the address as the prefix needs. */
function clientSubnet(t: TreeBuilder, at: number, end: number): void {
  if (end - at < 4) return;
  const family = t.u16(at);
  t.add('opt.client.family', at);
  t.add('opt.client.netmask', at + 2);
  t.add('opt.client.scope', at + 3);
  const given = end - at - 4;
  const address = new Uint8Array(family === 1 ? 4 : 16);
  if (given > address.length) {
    t.expert('warning', 'Address longer than its family allows', at + 4, given);
    return;
  }
  address.set(t.slice(at + 4, given));
  if (family === 1)
    t.put(
      'opt.client.addr4',
      ((address[0] << 24) | (address[1] << 16) | (address[2] << 8) | address[3]) >>> 0,
      at + 4,
      given,
    );
  else if (family === 2) t.put('opt.client.addr6', address, at + 4, given);
}
