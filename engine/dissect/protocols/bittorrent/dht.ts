/** BitTorrent's distributed hash table (BEP 5, 32, 43): one bencoded dictionary in each datagram. */

import { toHex } from '../../../base/hex.ts';
import { decodeLatin1 } from '../../../base/text.ts';
import { announceDht } from '../../announcing/peers.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { tokenAt } from './bencoding.ts';

const MAX_DEPTH = 10;
const ID = 20;
const KEYS: Readonly<Record<string, string>> = {
  a: 'Request arguments',
  e: 'Error',
  r: 'Response values',
  q: 'Request type',
  t: 'Transaction ID',
  v: 'Version',
  y: 'Message type',
  ip: 'IP',
};
const MESSAGES: Readonly<Record<string, string>> = { e: 'Error', q: 'Request', r: 'Response' };
/** Keys whose text is bytes. */
const BINARY = /^(?:id|target|info_hash|t|v|token|ip|sig|k|seq|salt|BFpe|BFsd)$/;
const START = /^d(?:1:[aer]|2:ip\d+:|1:y1:)/;
const KIND = /1:y1:[qre]/;

export const btDht = defineProtocol({
  name: 'bt-dht',
  title: 'BitTorrent DHT Protocol',
  short: 'BT-DHT',
  announces: announceDht,
  fields: {
    'bencoded.string': { type: 'string', label: 'String', many: true },
    'bencoded.list': { type: 'none', label: 'List', many: true },
    'bencoded.int': { type: 'string', label: 'Int', many: true },
    'bencoded.dict': { type: 'none', label: 'Dictionary', many: true },
    'bencoded.dict_entry': { type: 'none', label: 'Dictionary Entry', many: true },
    'bencoded.list.terminator': { type: 'string', label: 'Terminator', many: true },
    peers: { type: 'none', label: 'Peers', many: true },
    peer: { type: 'none', label: 'Peer', many: true },
    nodes: { type: 'none', label: 'Nodes', many: true },
    node: { type: 'none', label: 'Node', many: true },
    id: { type: 'bytes', label: 'ID', length: ID, many: true },
    ip: { type: 'ipv4', label: 'IP', many: true },
    ip6: { type: 'ipv6', label: 'IP', many: true },
    port: { type: 'u16', label: 'Port', many: true },
  },
  recogniseOn: ['udp'],
  /** uTP shares the port. */
  accepts: (bytes, at) => bytes[at] === 0x64,
  recognise(bytes, at, end) {
    if (end - at < 12 || bytes[end - 1] !== 0x65) return false;
    return START.test(decodeLatin1(bytes, at, Math.min(end, at + 12))) && KIND.test(decodeLatin1(bytes, at, end));
  },
  tree(t) {
    t.info('BitTorrent DHT Protocol');
    if (tokenAt(t, t.at).kind !== 'dictionary') t.fail();
    entries(t, t.at + 1, 0);
  },
});

/** The entries of a dictionary and its end. Returns one past it. */
function entries(t: TreeBuilder, from: number, depth: number): number {
  if (depth > MAX_DEPTH) t.fail();
  let at = from;
  while (tokenAt(t, at).kind !== 'end') at = entry(t, at, depth);
  t.add('bencoded.list.terminator', at, 1);
  return at + 1;
}

function entry(t: TreeBuilder, from: number, depth: number): number {
  const key = tokenAt(t, from);
  if (key.kind !== 'string') t.fail();
  const name = t.string(key.at, key.next - key.at);
  t.add('bencoded.dict_entry', from, t.end - from);
  const row = t.nest(t.last());
  t.add('bencoded.string', key.at, key.next - key.at);
  t.last().text = `Key: ${name}`;
  const said: { text: string } = { text: '' };
  const next = value(t, key.next, name, depth, said);
  row.text = `${KEYS[name] ?? name}: ${said.text}`;
  row.length = next - from;
  t.close();
  return next;
}

function value(t: TreeBuilder, at: number, key: string, depth: number, said: { text: string }): number {
  const token = tokenAt(t, at);
  switch (token.kind) {
    case 'string': {
      const { at: from, next } = token;
      if (key === 'nodes' || key === 'nodes6') return nodes(t, from, next, key === 'nodes' ? 4 : 16, said);
      const text = t.string(from, next - from);
      said.text = key === 'y' ? (MESSAGES[text] ?? text) : BINARY.test(key) ? toHex(t.slice(from, next - from)) : text;
      const shown = key === 'y' ? text : said.text;
      t.put('bencoded.string', shown, from, next - from, `Value: ${shown}`);
      return next;
    }
    case 'integer':
      said.text = token.value.toString();
      t.put('bencoded.int', said.text, at, token.next - at, `Value: ${said.text}`);
      return token.next;
    case 'dictionary':
    case 'list': {
      if (depth >= MAX_DEPTH) t.fail();
      const isDictionary = token.kind === 'dictionary';
      said.text = isDictionary ? 'Dictionary...' : 'List...';
      t.add(isDictionary ? 'bencoded.dict' : key === 'values' ? 'peers' : 'bencoded.list', at, t.end - at);
      const row = t.nest(t.last());
      row.text = `Value: ${said.text}`;
      const next = isDictionary ? entries(t, token.next, depth + 1) : items(t, token.next, key, depth + 1);
      row.length = next - at;
      t.close();
      return next;
    }
    default:
      return t.fail();
  }
}

function items(t: TreeBuilder, from: number, key: string, depth: number): number {
  let at = from;
  let token = tokenAt(t, at);
  let peers = 0;
  while (token.kind !== 'end') {
    const length = token.next - token.at;
    if (key === 'values' && token.kind === 'string' && (length === 6 || length === 18)) {
      t.add('peer', token.at, length);
      t.nest(t.last());
      endpoint(t, token.at, length - 2);
      t.close();
      at = token.next;
      peers++;
    } else {
      at = value(t, at, '', depth, { text: '' });
    }
    token = tokenAt(t, at);
  }
  if (peers > 0) t.addInfo(` reply=${peers} peers`);
  t.add('bencoded.list.terminator', at, 1);
  return at + 1;
}

function endpoint(t: TreeBuilder, at: number, width: number): void {
  t.add(width === 4 ? 'ip' : 'ip6', at);
  t.add('port', at + width);
}

/** Compact node infos: identity, address, port. */
function nodes(t: TreeBuilder, from: number, end: number, width: number, said: { text: string }): number {
  const size = ID + width + 2;
  const count = Math.floor((end - from) / size);
  said.text = `${count} nodes`;
  t.addInfo(` reply=${count} nodes`);
  t.add('nodes', from, end - from);
  t.nest(t.last());
  for (let i = 0; i < count; i++) {
    const at = from + i * size;
    t.add('node', at, size);
    t.nest(t.last());
    t.add('id', at);
    endpoint(t, at + ID, width);
    t.close();
  }
  t.close();
  return end;
}
