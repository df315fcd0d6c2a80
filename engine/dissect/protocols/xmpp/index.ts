/** XMPP (RFC 6120, RFC 6121, and the XEPs that elements.ts names): stanzas of XML in a TCP stream. */

import { defineProtocol } from '../../protocol.ts';
import { isFromServer } from '../../text-lines.ts';
import type { TreeBuilder } from '../../tree.ts';
import { readElements, tagName, type XmlElement } from '../../xml-elements.ts';
import { BY_NAMESPACE, CHAT_STATES, COMMON, ELEMENTS, type ElementRow } from './elements.ts';
import { fields } from './fields.ts';
import { frame, recognise } from './framing.ts';

const PORT = 5222;
/** Requests that wait for their answers, per conversation. */
const MAX_WAITING = 1000;

/** Queries that Info names in full. */
const QUERIES: ReadonlySet<string> = new Set([
  'jabber:iq:roster',
  'http://jabber.org/protocol/disco#info',
  'http://jabber.org/protocol/disco#items',
  'http://jabber.org/protocol/bytestreams',
  'http://jabber.org/protocol/muc#owner',
  'http://jabber.org/protocol/muc#admin',
]);

/** Requests by their id and the direction they went. */
type Asked = Map<string, number>;

export const xmpp = defineProtocol({
  name: 'xmpp',
  title: 'XMPP Protocol',
  on: { 'tcp.port': [PORT] },
  remembers: true,
  startsTls: true,
  opens: ['xml'],
  recogniseOn: ['tcp'],
  recognise,
  frame,
  fields,
  tree(t) {
    const isResponse = isFromServer(t, [PORT]);
    const asked = t.conversation((): Asked => new Map());
    t.hide(isResponse ? 'in' : 'out', 1, t.at, 0);
    const elements = readElements(t.bytes, t.at, t.end);
    const infos: string[] = [];
    for (const element of elements) {
      const info = topLevel(t, element, isResponse);
      if (info !== '') infos.push(info);
      if (element.name === 'iq') answerOf(t, element, asked);
    }
    if (elements.length === 0) ended(t, infos);
    const spoken = infos.length > 1 ? infos.filter((info) => info !== 'XML ') : infos;
    t.dissect('xml', t.at);
    t.column('XMPP/XML');
    t.info(spoken.join(''));
  },
});

/** Nothing but the stream's end, or blanks that keep the connection open. */
function ended(t: TreeBuilder, infos: string[]): void {
  const text = t.string(t.at, t.end - t.at).trim();
  if (text.startsWith('</')) {
    t.put('stream_end', new Uint8Array(0), t.at, t.end - t.at, 'STREAM END');
    infos.push('STREAM END');
  } else if (text === '') infos.push('Whitespace keepalive ');
}

/** An element right inside the stream; returns what Info says of it. */
function topLevel(t: TreeBuilder, element: XmlElement, isResponse: boolean): string {
  const { name, at, end } = element;
  if (name === '?xml') {
    const version = attributeOf(element, 'version');
    t.put('xml_header_version', version, at, end - at, `XML HEADER VER: ${version}`);
    return 'XML ';
  }
  addElement(t, element, '');
  const type = attributeOf(element, 'type');
  const peer = attributeOf(element, isResponse ? 'from' : 'to');
  const who = peer === '' ? '' : `${isResponse ? '<' : '>'} ${peer} `;
  switch (name) {
    case 'iq':
      return `IQ(${type}) ${element.children.map(askedFor).join('')}${who}`;
    case 'message':
    case 'presence':
    case 'stream':
      return `${name.toUpperCase()} ${who}`;
    default:
      return `${name.toUpperCase()} `;
  }
}

/** What a request or its answer is about: `QUERY(jabber:iq:roster) `. */
function askedFor(element: XmlElement): string {
  const { name } = element;
  if (name === 'error') return '';
  const namespace = attributeOf(element, 'xmlns');
  if (name === 'query' && QUERIES.has(namespace)) return `QUERY(${namespace}) `;
  if (name === 'jingle') return `JINGLE(${attributeOf(element, 'action')}) `;
  return `${name.toUpperCase()} `;
}

function attributeOf({ attributes }: XmlElement, name: string): string {
  return attributes.find((one) => one.name === name)?.value ?? '';
}

/** `above`: the name of the element around it; empty: there is none. */
function addElement(t: TreeBuilder, element: XmlElement, above: string): void {
  const { at, end, name, texts } = element;
  const value = texts.map((one) => one.value).join(' ');
  const known = rowOf(element, above);
  const label = labelOf(element);
  if (known?.isText === true) t.put(known.key, value, at, end - at, `${label}: ${value}`);
  else if (known !== undefined) t.put(known.key, new Uint8Array(0), at, end - at, label);
  else if (above === 'error') t.put('error.condition', name, at, end - at, `CONDITION: ${name}`);
  else if (above === 'reason') t.put('jingle.reason.condition', name, at, end - at, `CONDITION: ${name}`);
  else if (above === 'message' && CHAT_STATES.has(name)) t.put('message.chatstate', name, at, end - at, label);
  else if (above === 'query' && name === 'feature')
    t.put('query.feature', attributeOf(element, 'var'), at, end - at, `FEATURE [${attributeOf(element, 'var')}]`);
  else t.put('unknown', name, at, end - at, label);
  t.nest(t.last());
  addAttributes(t, element, known?.attributes ?? {});
  if (known?.isText !== true)
    for (const { value: one, at: from, end: to } of texts) t.put('cdata', one, from, to - from, `CDATA: ${one}`);
  for (const child of element.children) addElement(t, child, name);
  t.close();
}

function rowOf(element: XmlElement, above: string): ElementRow | undefined {
  const { name } = element;
  const own = above === '' ? ELEMENTS[name] : ELEMENTS[`*${above}/${name}`];
  return own ?? BY_NAMESPACE[attributeOf(element, 'xmlns')];
}

/** `QUERY [xmlns="jabber:iq:register"]`. */
function labelOf(element: XmlElement): string {
  const shown = element.attributes.filter(({ name }) => COMMON[name] !== undefined || name.startsWith('xmlns'));
  const list = shown.map(({ name, value }) => `${name}="${value}"`).join(' ');
  const name = tagName({ ...element, prefix: element.name === 'stream' ? '' : element.prefix }).toUpperCase();
  return list === '' ? name : `${name} [${list}]`;
}

function addAttributes(t: TreeBuilder, element: XmlElement, own: Readonly<Record<string, string>>): void {
  for (const { name, value, at, end } of element.attributes) {
    const key = own[name] ?? COMMON[name] ?? (name.startsWith('xmlns:') ? 'xmlns' : 'attribute');
    t.put(key, value, at, end - at, `${name}: ${value}`);
  }
}

/** An answer names the request with its id that went the other way. */
function answerOf(t: TreeBuilder, element: XmlElement, asked: Asked): void {
  const id = attributeOf(element, 'id');
  const type = attributeOf(element, 'type');
  if (id === '') return;
  const { direction, number } = t.packet;
  if (type === 'get' || type === 'set') {
    if (asked.size < MAX_WAITING && !asked.has(`${direction} ${id}`)) asked.set(`${direction} ${id}`, number);
    return;
  }
  const request = asked.get(`${1 - direction} ${id}`);
  if (request !== undefined && request < number) t.generated('response_to', request);
}
