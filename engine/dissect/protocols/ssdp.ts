/** SSDP (UPnP Device Architecture 1.1, 1.3): HTTP messages in datagrams; their fields are HTTP's. */

import { decodeLatin1 } from '../../base/text.ts';
import { announceSsdp } from '../announcing/ssdp.ts';
import { defineProtocol } from '../protocol.ts';
import { lineAt } from '../text-lines.ts';
import type { TreeBuilder } from '../tree.ts';

const START = /^(?:M-SEARCH|NOTIFY) \S+ HTTP\/1\.\d|^HTTP\/1\.1 200 OK\r\n/i;
const HEADERS: Readonly<Record<string, string>> = {
  host: 'host',
  server: 'server',
  location: 'location',
  'cache-control': 'cache_control',
  'user-agent': 'user_agent',
  date: 'date',
  'content-length': 'content_length_header',
};

export const ssdp = defineProtocol({
  name: 'ssdp',
  title: 'Simple Service Discovery Protocol',
  on: { 'udp.port': [1900] },
  opens: ['data'],
  fields: {
    'request.method': { type: 'string', label: 'Request Method', abbrev: 'http.request.method', many: true },
    'request.uri': { type: 'string', label: 'Request URI', abbrev: 'http.request.uri', many: true },
    'request.version': { type: 'string', label: 'Request Version', abbrev: 'http.request.version', many: true },
    'response.version': { type: 'string', label: 'Response Version', abbrev: 'http.response.version', many: true },
    'response.code': { type: 'u16', label: 'Status Code', abbrev: 'http.response.code', many: true },
    'response.phrase': { type: 'string', label: 'Response Phrase', abbrev: 'http.response.phrase', many: true },
    'request.line': { type: 'string', label: 'Request line', abbrev: 'http.request.line', many: true },
    'response.line': { type: 'string', label: 'Response line', abbrev: 'http.response.line', many: true },
    request: { type: 'bool', label: 'Request', abbrev: 'http.request', flag: ['True', 'False'], many: true },
    response: { type: 'bool', label: 'Response', abbrev: 'http.response', flag: ['True', 'False'], many: true },
    'request.full_uri': { type: 'string', label: 'Full request URI', abbrev: 'http.request.full_uri', many: true },
    host: { type: 'string', label: 'Host', abbrev: 'http.host', many: true },
    server: { type: 'string', label: 'Server', abbrev: 'http.server', many: true },
    location: { type: 'string', label: 'Location', abbrev: 'http.location', many: true },
    cache_control: { type: 'string', label: 'Cache-Control', abbrev: 'http.cache_control', many: true },
    user_agent: { type: 'string', label: 'User-Agent', abbrev: 'http.user_agent', many: true },
    date: { type: 'string', label: 'Date', abbrev: 'http.date', many: true },
    content_length_header: {
      type: 'string',
      label: 'Content-Length',
      abbrev: 'http.content_length_header',
      many: true,
    },
  },
  recogniseOn: ['udp'],
  announces: announceSsdp,
  recognise: (bytes, at, end) => START.test(decodeLatin1(bytes, at, Math.min(end, at + 64))),
  tree(t) {
    const first = lineAt(t.bytes, t.at, t.end);
    const words = t.string(t.at, first.stop - t.at);
    const isResponse = words.startsWith('HTTP/');
    t.info(`${words}${first.next > first.stop ? ' ' : ''}`);
    t.nest(t.text(t.string(t.at, first.next - t.at), t.at, first.next - t.at));
    startLine(t, words, isResponse);
    t.close();
    const host = headers(t, first.next, isResponse ? 'response.line' : 'request.line');
    const uri = words.split(' ')[1] ?? '';
    if (!isResponse && host !== '') t.generated('request.full_uri', `http://${host}${uri}`);
    t.hide(isResponse ? 'response' : 'request', 1, t.at, 0);
  },
});

function startLine(t: TreeBuilder, words: string, isResponse: boolean): void {
  const parts = words.split(' ');
  const [first = '', second = ''] = parts;
  const rest = parts.slice(2).join(' ');
  const keys = isResponse
    ? ['response.version', 'response.code', 'response.phrase']
    : ['request.method', 'request.uri', 'request.version'];
  t.put(keys[0], first, t.at, first.length);
  if (second === '') return;
  const at = t.at + first.length + 1;
  if (isResponse) t.put(keys[1], Number.parseInt(second, 10) & 0xffff, at, second.length);
  else t.put(keys[1], second, at, second.length);
  if (rest !== '') t.put(keys[2], rest, at + second.length + 1, rest.length);
}

/** Returns the host. */
function headers(t: TreeBuilder, from: number, key: string): string {
  let host = '';
  for (let at = from; at < t.end; ) {
    const { stop, next } = lineAt(t.bytes, at, t.end);
    if (stop === at) {
      t.text(t.string(at, next - at), at, next - at);
      if (next < t.end) t.payload(next);
      return host;
    }
    const line = t.string(at, stop - at);
    const colon = line.indexOf(':');
    const known = colon > 0 ? HEADERS[line.slice(0, colon).toLowerCase()] : undefined;
    const value = line.slice(colon + 1).trim();
    if (known !== undefined) t.put(known, value, at, next - at, t.string(at, next - at));
    if (known === 'host') host = value;
    const row = t.put(key, t.string(at, next - at), at, next - at);
    row.text = t.string(at, next - at);
    row.hidden = known !== undefined;
    at = next;
  }
  return host;
}
