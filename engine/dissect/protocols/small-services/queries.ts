/** A line asked, a text answered until the connection ends: finger (RFC 1288), whois (RFC 3912); and Gopher (RFC 1436). */

import { lineEnd } from '../../../base/text.ts';
import { defineProtocol, type Framing, MORE, UNTIL_CLOSE } from '../../protocol.ts';
import { lineAt } from '../../text-lines.ts';
import type { TreeBuilder } from '../../tree.ts';

const PORT = { whois: 43, gopher: 70, finger: 79 } as const;
/** A query that has not ended by then is taken as it is. */
const LONGEST_QUERY = 4096;

/** The client's line, or what the server says until it closes. */
function frame(f: Framing): number {
  if (f.direction === 1) return UNTIL_CLOSE;
  const stop = lineEnd(f.bytes, f.at, f.end);
  if (stop < f.end) return lineAt(f.bytes, f.at, f.end).next - f.at;
  return f.end - f.at < LONGEST_QUERY ? MORE : f.end - f.at;
}

export const finger = defineProtocol({
  name: 'finger',
  title: 'finger',
  on: { 'tcp.port': [PORT.finger] },
  fields: {
    query: { type: 'string', label: 'Query' },
    response: { type: 'string', label: 'Response' },
  },
  frame,
  tree(t) {
    const isQuery = t.ports[1] === PORT.finger;
    t.info(isQuery ? 'Query' : 'Response');
    t.label(`FINGER: ${isQuery ? 'Query' : 'Response'}`);
    t.add(isQuery ? 'query' : 'response', t.at, t.end - t.at);
  },
});

interface Asked {
  query: string;
}

export const whois = defineProtocol({
  name: 'whois',
  title: 'whois',
  on: { 'tcp.port': [PORT.whois] },
  fields: {
    query: { type: 'string', label: 'Query' },
    answer: { type: 'string', label: 'Answer' },
  },
  remembers: true,
  frame,
  tree(t) {
    const asked = t.conversation((): Asked => ({ query: '' }));
    const isQuery = t.ports[1] === PORT.whois;
    if (isQuery) asked.query = t.string(t.at, lineAt(t.bytes, t.at, t.end).stop - t.at);
    t.info(`${isQuery ? 'Query' : 'Answer'}: ${asked.query}`);
    t.label(`WHOIS: ${isQuery ? 'Query' : 'Answer'}`);
    t.add(isQuery ? 'query' : 'answer', t.at, t.end - t.at);
  },
});

const TYPES: Readonly<Record<string, string>> = {
  '0': 'Text file',
  '1': 'Gopher menu',
  '2': 'CSO phone book entity',
  '3': 'Error',
  '4': 'Binhexed Macintosh file',
  '5': 'DOS binary archive',
  '6': 'Uuencoded file',
  '7': 'Index server',
  '8': 'Telnet session',
  '9': 'Binary file',
  '+': 'Redundant server',
  g: 'GIF file',
  h: 'HTML file',
  i: 'Informational message',
  I: 'Image file',
  s: 'Audio file',
  T: 'Tn3270 session',
};
const TAB = 9;
const DIRECTORY = '[Directory list]';
const DIRECTORY_KEYS = ['directory.name', 'directory.selector', 'directory.host', 'directory.port'] as const;

export const gopher = defineProtocol({
  name: 'gopher',
  title: 'Gopher',
  short: 'Gopher',
  on: { 'tcp.port': [PORT.gopher] },
  fields: {
    request: { type: 'string', label: 'Gopher client request' },
    directory: { type: 'string', label: 'Directory item', many: true },
    'directory.type': { type: 'u8', show: 'hex', label: 'Type', many: true },
    'directory.name': { type: 'string', label: 'Name', many: true },
    'directory.selector': { type: 'string', label: 'Selector', many: true },
    'directory.host': { type: 'string', label: 'Host', many: true },
    'directory.port': { type: 'string', label: 'Port', many: true },
    unknown: { type: 'string', label: 'Unknown Gopher transaction data' },
  },
  tree(t) {
    if (t.ports[1] === PORT.gopher) {
      const { stop } = lineAt(t.bytes, t.at, t.end);
      const text = stop === t.at ? DIRECTORY : t.string(t.at, stop - t.at);
      t.info(`Request: ${text}`);
      t.label(`Gopher request: ${text}`);
      t.put('request', text, t.at, stop - t.at);
      return;
    }
    t.info('Response');
    if (tabs(t, t.at).length !== DIRECTORY_KEYS.length - 1) {
      t.label('Gopher response: [Unknown]');
      t.add('unknown', t.at, t.end - t.at);
      return;
    }
    t.addInfo(`: ${DIRECTORY}`);
    t.label(`Gopher response: ${DIRECTORY}`);
    for (let { at } = t; at < t.end; at = lineAt(t.bytes, at, t.end).next) item(t, at);
  },
});

/** Where the tabs of the line at `at` are. */
function tabs(t: TreeBuilder, at: number): number[] {
  const { stop } = lineAt(t.bytes, at, t.end);
  const found: number[] = [];
  for (let i = at; i < stop; i++) if (t.bytes[i] === TAB) found.push(i);
  return found;
}

/** RFC 1436 3.1: a type and a name, a selector, a host and a port. */
function item(t: TreeBuilder, at: number): void {
  const places = tabs(t, at);
  if (places.length < DIRECTORY_KEYS.length - 1) return;
  const { stop, next } = lineAt(t.bytes, at, t.end);
  const type = String.fromCharCode(t.u8(at));
  const starts = [at + 1, ...places.map((place) => place + 1)];
  const ends = [...places, stop];
  t.nest(t.put('directory', t.string(at + 1, (ends[0] ?? stop) - at - 1), at, next - at));
  t.put('directory.type', t.u8(at), at, 1, `Type: ${TYPES[type] ?? 'Unknown'} ('${type}')`);
  DIRECTORY_KEYS.forEach((key, i) => {
    const [from, to] = [starts[i] ?? stop, ends[i] ?? stop];
    t.add(key, from, to - from);
  });
  t.close();
}
