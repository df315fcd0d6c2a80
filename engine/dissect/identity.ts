/**
 * What tells a packet's innermost IP datagram from others, for finding copies (engine/table/copies.ts). The column pass writes
 * it, as it has just had the header in hand. Hot: once per packet.
 */

import { u16, u32 } from '../base/bytes.ts';
import { mix } from '../table/word-dictionary.ts';
import { type Scratch, TRANSPORT } from './scratch.ts';

const IPV6_HEADER = 40;
const TCP_HEADER = 20;
/** Bytes behind the IP header that tell datagrams apart: an ICMP or UDP header and some content. */
const TOLD_BY = 40;

/** Writes the columns `mark`, `told` and `hops` of a walked row. */
export function identify(c: Scratch, row: number, bytes: Uint8Array): void {
  const network = c.networkAt[row];
  const end = c.networkEnd[row];
  const isIpv4 = bytes[network] >>> 4 === 4;
  const payload = network + (isIpv4 ? (bytes[network] & 15) << 2 : IPV6_HEADER);
  c.hops[row] = 0;
  if (end <= network || payload + 4 > end) return;
  const tcp = c.transport[row] === TRANSPORT.tcp ? c.transportAt[row] : 0;
  const checksum = tcp !== 0 && tcp + 18 <= end ? u16(bytes, tcp + 16) : 0;
  c.mark[row] = ((isIpv4 ? u16(bytes, network + 4) : 0) << 16) | checksum;
  // A hop limit of zero is told as one: zero stands for a row without all that.
  c.hops[row] = bytes[network + (isIpv4 ? 8 : 7)] || 1;
  let hash = tcp !== 0 ? numbersOf(c, row) : u16(bytes, network + (isIpv4 ? 2 : 4));
  let at = tcp !== 0 ? tcp + TCP_HEADER : payload;
  const last = Math.min(end, tcp !== 0 ? tcp + ((bytes[tcp + 12] >>> 4) << 2) : payload + TOLD_BY) - 4;
  for (; at <= last; at += 4) hash = mix(hash ^ u32(bytes, at));
  c.told[row] = hash;
}

/** What the columns have of a segment. */
function numbersOf(c: Scratch, row: number): number {
  const hash = mix(mix(c.seq[row]) ^ c.ack[row]);
  return mix(mix(hash ^ c.payloadLength[row]) ^ ((c.tcpFlags[row] << 16) | c.window[row]));
}
