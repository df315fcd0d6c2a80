/** RTSP (RFC 2326): requests and replies as in HTTP, and behind `$` what was asked to come on the same connection. */

import { u16 } from '../../../base/bytes.ts';
import { decodeLatin1, lineEnd } from '../../../base/text.ts';
import { announceRtsp } from '../../announcing/rtsp.ts';
import { defineProtocol, type Framing, MORE } from '../../protocol.ts';
import { lineAt } from '../../text-lines.ts';
import type { TreeBuilder } from '../../tree.ts';

const DOLLAR = 0x24;
const INTERLEAVED = 4;
const REQUEST =
  /^(DESCRIBE|ANNOUNCE|GET_PARAMETER|OPTIONS|PAUSE|PLAY|RECORD|REDIRECT|SETUP|SET_PARAMETER|TEARDOWN) (\S+)/;
const REPLY = /^RTSP\/\d\.\d (\d{3})/;
const LENGTH = /^content-length:\s*(\d{1,9})\s*$/i;
const MAX_HEADER = 16_384;
/** Header fields with a field of their own: value behind the colon. */
const KNOWN: Readonly<Record<string, string>> = {
  'content-type': 'content-type',
  'content-length': 'content-length',
  session: 'session',
  transport: 'transport',
};

/** Is the line the first one of a message? */
function beginsMessage(line: string): boolean {
  return REQUEST.test(line) || REPLY.test(line);
}

function frame(f: Framing): number {
  const { bytes, at, end } = f;
  if (bytes[at] === DOLLAR) return end - at < INTERLEAVED ? MORE : INTERLEAVED + u16(bytes, at + 2);
  const stop = lineEnd(bytes, at, end);
  const line = decodeLatin1(bytes, at, stop);
  if (stop < end && !beginsMessage(line)) return end - at; // a continuation: as much as there is
  let length = 0;
  for (let next = at; next < end; ) {
    const { stop: stops, next: following } = lineAt(bytes, next, end);
    if (following === stops) break;
    if (stops === next) return following - at + length;
    length = Number(LENGTH.exec(decodeLatin1(bytes, next, stops))?.[1] ?? length);
    next = following;
  }
  if (end - at >= MAX_HEADER) return end - at;
  return stop === end && !/^[A-Z]/.test(line) ? end - at : MORE;
}

/** Which of the two interleaved channels carry RTP, and which its control packets; set up by a reply. */
interface Channels {
  readonly protocols: Map<number, 'rtp' | 'rtcp'>;
}

export const rtsp = defineProtocol({
  name: 'rtsp',
  title: 'Real Time Streaming Protocol',
  on: { 'tcp.port': [554, 7236, 8554] },
  remembers: true,
  opens: ['sdp', 'rtp', 'rtcp', 'data'],
  fields: {
    request: { type: 'string', label: 'Request' },
    response: { type: 'string', label: 'Response' },
    method: { type: 'string', label: 'Method' },
    url: { type: 'string', label: 'URL' },
    status: { type: 'u32', label: 'Status' },
    'content-type': { type: 'string', label: 'Content-type' },
    'content-length': { type: 'u32', label: 'Content-length' },
    session: { type: 'string', label: 'Session' },
    transport: { type: 'string', label: 'Transport' },
    magic: { type: 'u8', show: 'hex', label: 'Magic' },
    channel: { type: 'u8', show: 'hex', label: 'Channel' },
    length: { type: 'u16', label: 'Length' },
    data: { type: 'bytes', label: 'Data' },
  },
  announces: announceRtsp,
  recogniseOn: ['tcp'],
  recognise: (bytes, at, end) => {
    const line = decodeLatin1(bytes, at, lineEnd(bytes, at, end));
    return REPLY.test(line) || (REQUEST.test(line) && / RTSP\/\d\.\d$/.test(line));
  },
  frame,
  tree(t) {
    const channels = t.conversation((): Channels => ({ protocols: new Map() }));
    if (t.u8(t.at) === DOLLAR && t.has(t.at, INTERLEAVED)) interleaved(t, channels);
    else message(t, channels);
  },
});

function interleaved(t: TreeBuilder, channels: Channels): void {
  const { at } = t;
  const channel = t.u8(at + 1);
  const length = t.u16(at + 2);
  const shown = `0x${channel.toString(16).padStart(2, '0')}`;
  t.label(`RTSP Interleaved Frame, Channel: ${shown}, ${length} bytes`);
  t.info(`Interleaved channel ${shown}, ${length} bytes`);
  t.add('magic', at);
  t.add('channel', at + 1);
  t.add('length', at + 2);
  const body = at + INTERLEAVED;
  const carried = channels.protocols.get(channel);
  if (carried !== undefined && t.has(body, 2)) t.dissect(carried, body);
  else if (t.end > body) t.add('data', body, t.end - body);
}

function message(t: TreeBuilder, channels: Channels): void {
  const first = lineAt(t.bytes, t.at, t.end);
  const line = t.string(t.at, first.stop - t.at);
  const [, method, url] = REQUEST.exec(line) ?? [];
  const [, status] = REPLY.exec(line) ?? [];
  if (method === undefined && status === undefined) {
    t.info('Continuation');
    t.text(`Data (${t.end - t.at} bytes)`, t.at, t.end - t.at);
    return;
  }
  const isRequest = method !== undefined;
  t.info(isRequest ? line : `Reply: ${line}`);
  t.nest(t.put(isRequest ? 'request' : 'response', t.string(t.at, first.next - t.at), t.at, first.next - t.at));
  if (isRequest) {
    t.put('method', method, t.at, method.length);
    t.put('url', url ?? '', t.at + method.length + 1, (url ?? '').length);
  } else t.put('status', Number(status), t.at + line.indexOf(status ?? ''), 3);
  t.close();
  let type = '';
  let at = first.next;
  while (at < t.end) {
    const { stop, next } = lineAt(t.bytes, at, t.end);
    const text = t.string(at, stop - at);
    const colon = text.indexOf(':');
    const key = KNOWN[text.slice(0, colon).toLowerCase()];
    const value = text.slice(colon + 1).trim();
    if (key === undefined || colon < 0) t.text(t.string(at, next - at), at, next - at);
    else if (key === 'content-length') t.put(key, Number(value) >>> 0, at, next - at);
    else t.put(key, value, at, next - at);
    if (key === 'content-type') type = value.split(';')[0]?.trim().toLowerCase() ?? '';
    if (key === 'transport') settle(channels, value);
    at = next;
    if (text === '') break;
  }
  if (at >= t.end) return;
  const found = t.find('media.type', type);
  if (found === 0) t.text(`Data (${t.end - at} bytes)`, at, t.end - at);
  else {
    t.dissect(found, at);
    if (type === 'application/sdp') t.column('RTSP/SDP');
  }
}

/** RFC 2326 10.12: `interleaved=0-1`, the data's channel and its control packets'. */
function settle(channels: Channels, transport: string): void {
  const found = /\binterleaved=(\d{1,3})(?:-(\d{1,3}))?/.exec(transport);
  if (found === null || !/\bRTP\//.test(transport)) return;
  channels.protocols.set(Number(found[1]), 'rtp');
  if (found[2] !== undefined) channels.protocols.set(Number(found[2]), 'rtcp');
}
