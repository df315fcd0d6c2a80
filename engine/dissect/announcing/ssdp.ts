/** SSDP (UPnP Device Architecture 1.3.2): answers to a search come to the port it was sent from; LOCATION names an HTTP server. */

import { formatIpv4, parseIpv4 } from '../../base/address.ts';
import { decodeLatin1 } from '../../base/text.ts';
import type { Announcing } from '../announcements.ts';

const MAX_MESSAGE = 2048;
const MULTICAST_PORT = 1900;
const LOCATION = /\r\nlocation:[ \t]*http:\/\/([0-9.]+):(\d{1,5})\//i;

export function announceSsdp(a: Announcing): void {
  const message = decodeLatin1(a.bytes, a.at, Math.min(a.end, a.at + MAX_MESSAGE));
  if (message.startsWith('M-SEARCH ')) {
    if (a.source.port !== MULTICAST_PORT) a.tell('udp', a.source.address, a.source.port, 'ssdp', 'SSDP');
    return;
  }
  const found = LOCATION.exec(message);
  const address = found === null ? null : parseIpv4(found[1] ?? '');
  if (found !== null && address !== null) a.tell('tcp', formatIpv4(address), Number(found[2]), 'http', 'SSDP');
}
