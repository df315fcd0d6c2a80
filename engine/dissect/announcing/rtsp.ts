/** What RTSP sets up (RFC 2326 12.39): `client_port=5000-5001;server_port=6000-6001` announces RTP and RTCP on both ends. */

import { decodeLatin1 } from '../../base/text.ts';
import type { Announcing } from '../announcements.ts';

const TRANSPORT = /^Transport:(.*)$/im;
const PORTS = /\b(client|server)_port=(\d{1,5})(?:-(\d{1,5}))?/g;
const MAX_LOOKED_AT = 4096;

export function announceRtsp(a: Announcing): void {
  const text = decodeLatin1(a.bytes, a.at, Math.min(a.end, a.at + MAX_LOOKED_AT));
  const isReply = text.startsWith('RTSP/');
  const [, transport] = TRANSPORT.exec(text) ?? [];
  if (transport === undefined || !isReply) return; // what was asked for may still be refused
  for (const [, side, first = '', second] of transport.matchAll(PORTS)) {
    const { address } = side === 'client' ? a.destination : a.source;
    const port = Number(first);
    a.tell('udp', address, port, 'rtp', 'RTSP');
    a.tell('udp', address, second === undefined ? port + 1 : Number(second), 'rtcp', 'RTSP');
  }
}
