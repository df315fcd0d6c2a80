/** WS-Discovery (OASIS 1.1, and the drafts of 2005): SOAP in datagrams, by which printers, cameras and Windows hosts find each other. */

import { decodeLatin1 } from '../../base/text.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';
import { findElement, readElements, type XmlElement } from '../xml-elements.ts';

const PORT = 3702;
const LESS = 60;
/** Bytes in which the namespace of discovery must stand. */
const LOOKED_AT = 1500;
const NAMESPACE = /schemas\.xmlsoap\.org\/ws\/200[45]\/\d\d\/discovery|docs\.oasis-open\.org\/ws-dd\/ns\/discovery/;
/** Answers list so many matches at most. */
const MAX_MATCHES = 200;

/** Elements with text, by name, in the order of the tree. */
const TEXTS: Readonly<Record<string, string>> = {
  Address: 'address',
  Types: 'types',
  Scopes: 'scopes',
  XAddrs: 'xaddrs',
  MetadataVersion: 'metadata_version',
};

export const wsDiscovery = defineProtocol({
  name: 'wsd',
  title: 'Web Services Dynamic Discovery',
  short: 'WS-Discovery',
  on: { 'udp.port': [PORT] },
  opens: ['xml'],
  recogniseOn: ['udp'],
  recognise: (bytes, at, end) =>
    isXml(bytes, at, end) && NAMESPACE.test(decodeLatin1(bytes, at, Math.min(end, at + LOOKED_AT))),
  accepts: isXml,
  fields: {
    method: { type: 'string', label: 'Message', doc: 'Hello, Bye, Probe, ProbeMatches, Resolve or ResolveMatches.' },
    action: { type: 'string', label: 'Action' },
    message_id: { type: 'string', label: 'Message ID' },
    relates_to: { type: 'string', label: 'Relates to', doc: 'The message ID of the probe that is answered.' },
    to: { type: 'string', label: 'To' },
    'app_sequence.instance_id': { type: 'string', label: 'Instance ID' },
    'app_sequence.message_number': { type: 'string', label: 'Message number' },
    match: { type: 'none', label: 'Match', many: true },
    address: { type: 'string', label: 'Endpoint', many: true },
    types: { type: 'string', label: 'Types', many: true },
    scopes: { type: 'string', label: 'Scopes', many: true },
    xaddrs: { type: 'string', label: 'Transport addresses', many: true },
    metadata_version: { type: 'string', label: 'Metadata version', many: true },
  },
  tree(t) {
    const roots = readElements(t.bytes, t.at, t.end);
    const said = [...header(t, roots), ...body(t, findElement(roots, 'Body'))];
    t.dissect('xml', t.at);
    t.column('WS-Discovery');
    t.info(said.length === 0 ? 'XML' : said.join(' '));
  },
});

/** A document begins with its first tag, behind blanks or a mark of the byte order. */
function isXml(bytes: Uint8Array, at: number, end: number): boolean {
  let first = bytes[at] === 0xef ? at + 3 : at;
  while (first < end && bytes[first] <= 32) first++;
  return first < end && bytes[first] === LESS;
}

function addText(t: TreeBuilder, key: string, element: XmlElement | undefined): string {
  const text = element?.texts[0];
  if (element === undefined || text === undefined) return '';
  t.put(key, text.value, text.at, text.end - text.at);
  return text.value;
}

/** Addressing (WS-Addressing 1.0), and the order of a device's announcements. Returns what Info says of it. */
function header(t: TreeBuilder, roots: readonly XmlElement[]): string[] {
  const found = findElement(roots, 'Header');
  if (found === undefined) return [];
  const child = (name: string): XmlElement | undefined => found.children.find((one) => one.name === name);
  const action = addText(t, 'action', child('Action'));
  const method = action.slice(action.lastIndexOf('/') + 1);
  if (method !== '') t.generated('method', method);
  addText(t, 'message_id', child('MessageID'));
  addText(t, 'relates_to', child('RelatesTo'));
  addText(t, 'to', child('To'));
  for (const { name, value, at, end } of child('AppSequence')?.attributes ?? []) {
    if (name === 'InstanceId') t.put('app_sequence.instance_id', value, at, end - at);
    else if (name === 'MessageNumber') t.put('app_sequence.message_number', value, at, end - at);
  }
  return method === '' ? [] : [method];
}

/** What is looked for or found: in the body's message itself, or in each of its matches. */
function body(t: TreeBuilder, found: XmlElement | undefined): string[] {
  const message = found?.children[0];
  if (message === undefined) return [];
  const matches = message.children.filter(({ name }) => name === 'ProbeMatch' || name === 'ResolveMatch');
  if (matches.length === 0) return target(t, message);
  const said: string[] = [];
  for (const match of matches.slice(0, MAX_MATCHES)) {
    t.nest(t.put('match', new Uint8Array(0), match.at, match.end - match.at));
    const [first = ''] = target(t, match);
    t.close();
    if (said.length === 0) said.push(first);
  }
  if (matches.length > MAX_MATCHES) t.text(`${matches.length - MAX_MATCHES} more matches`, t.at, 0).generated = true;
  return said.filter((text) => text !== '');
}

/** Returns its types or, where it names none, its endpoint. */
function target(t: TreeBuilder, element: XmlElement): string[] {
  let types = '';
  let address = '';
  for (const child of element.children) {
    const inner = child.name === 'EndpointReference' ? child.children[0] : child;
    const key = inner === undefined ? undefined : TEXTS[inner.name];
    if (key === undefined) continue;
    const value = addText(t, key, inner);
    if (key === 'types') types = value;
    else if (key === 'address') address = value;
  }
  const shown = types === '' ? address : types;
  return shown === '' ? [] : [shown];
}
