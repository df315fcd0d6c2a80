/** Session descriptions (RFC 8866) in SIP messages announce the ports of RTP and RTCP (RFC 3605, RFC 5761). */

import { formatIpv4, formatIpv6, parseIpv4, parseIpv6 } from '../../base/address.ts';
import { decodeUtf8, lineEnd } from '../../base/text.ts';
import type { Announcing } from '../announcements.ts';

const MAX_LINES = 1024;
const MAX_MEDIA = 64;
const RTP_PROFILE = /^(?:UDP\/TLS\/)?RTP\/S?AVPF?$/;

interface Media {
  readonly port: number;
  address: string;
  /** Where its control packets go; 0: one port on. */
  rtcp: number;
  hasOnePort: boolean;
  /** `101 telephone-event/8000` lines. */
  readonly formats: string[];
}

/** A SIP message: its header fields, an empty line, and perhaps a description. */
export function announceSip(a: Announcing): void {
  const body = bodyAt(a.bytes, a.at, a.end);
  if (body > 0) announceSdp(a, body);
}

function bodyAt(bytes: Uint8Array, from: number, end: number): number {
  for (let at = from, i = 0; at < end && i < MAX_LINES; i++) {
    const stop = lineEnd(bytes, at, end);
    const next = afterLine(bytes, stop, end);
    if (stop === at) return bytes[next] === 0x76 && bytes[next + 1] === 0x3d ? next : 0; // `v=`
    at = next;
  }
  return 0;
}

function announceSdp(a: Announcing, from: number): void {
  const media: Media[] = [];
  let session = a.source.address;
  let current: Media | undefined;
  for (let at = from, i = 0; at < a.end && i < MAX_LINES; i++) {
    const stop = lineEnd(a.bytes, at, a.end);
    const line = decodeUtf8(a.bytes, at, stop);
    const words = line.slice(2).split(' ');
    if (line.startsWith('m=')) {
      const port = Number.parseInt(words[1] ?? '', 10);
      current = { port, address: session, rtcp: 0, hasOnePort: false, formats: [] };
      if (RTP_PROFILE.test(words[2] ?? '') && port > 0 && port < 65_535 && media.length < MAX_MEDIA)
        media.push(current);
    } else if (line.startsWith('c=')) {
      const address = canonical(words[2]?.split('/')[0] ?? '');
      if (current === undefined) session = address;
      else current.address = address;
    } else if (line.startsWith('a=') && current !== undefined) attribute(current, line.slice(2));
    at = afterLine(a.bytes, stop, a.end);
  }
  for (const one of media) announce(a, one);
}

function attribute(media: Media, line: string): void {
  if (line === 'rtcp-mux') media.hasOnePort = true;
  else if (line.startsWith('rtcp:')) media.rtcp = Number.parseInt(line.slice(5), 10) || 0;
  else if (line.startsWith('rtpmap:') && media.formats.length < MAX_MEDIA) media.formats.push(line.slice(7));
}

function announce(a: Announcing, media: Media): void {
  if (media.address === '' || media.address === '0.0.0.0' || media.address === '::') return; // on hold
  const { notes } = a.tell('udp', media.address, media.port, 'rtp', 'SDP');
  for (const format of media.formats) {
    const [type = '', name = ''] = format.split(' ');
    notes.set(`format ${type}`, { text: name.split('/')[0] ?? '', row: a.row });
  }
  if (!media.hasOnePort) a.tell('udp', media.address, media.rtcp || media.port + 1, 'rtcp', 'SDP');
}

function canonical(text: string): string {
  const v4 = parseIpv4(text);
  if (v4 !== null) return formatIpv4(v4);
  const v6 = parseIpv6(text);
  return v6 === null ? '' : formatIpv6(v6);
}

function afterLine(bytes: Uint8Array, stop: number, end: number): number {
  return stop >= end ? end : bytes[stop] === 13 ? Math.min(end, stop + 2) : stop + 1;
}
