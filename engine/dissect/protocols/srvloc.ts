/** Service Location Protocol, version 1 (RFC 2165) and 2 (RFC 2608): requests and what they ask for. */

import { u16, u24 } from '../../base/bytes.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const PORT = 427;
const FUNCTIONS: Readonly<Record<number, string>> = {
  1: 'Service Request',
  2: 'Service Reply',
  3: 'Service Registration',
  4: 'Service Deregister',
  5: 'Service Acknowledge',
  6: 'Attribute Request',
  7: 'Attribute Reply',
  8: 'DA Advertisement',
  9: 'Service Type Request',
  10: 'Service Type Reply',
  11: 'SA Advertisement',
};
const FUNCTION = { request: 1, reply: 2, acknowledge: 5, attributes: 6, attributesReply: 7, directory: 8 } as const;
const HEADER = { one: 12, two: 14 } as const;

function frame(f: Framing): number {
  if (f.end - f.at < 5) return MORE;
  const version = f.bytes[f.at];
  if (version !== 1 && version !== 2) return NOT_MINE;
  const length = version === 1 ? u16(f.bytes, f.at + 2) : u24(f.bytes, f.at + 2);
  return length < HEADER.one ? NOT_MINE : length;
}

export const srvloc = defineProtocol({
  name: 'srvloc',
  title: 'Service Location Protocol',
  on: { 'udp.port': [PORT], 'tcp.port': [PORT] },
  header: HEADER.one,
  fields: {
    version: { type: 'u8', label: 'Version' },
    function: { type: 'u8', label: 'Function', names: FUNCTIONS },
    pktlen: { type: 'u24', label: 'Packet Length' },
    flags_v1: { type: 'u8', show: 'hex', label: 'Flags' },
    flags_v2: { type: 'u16', show: 'hex', label: 'Flags' },
    nextextoff: { type: 'u24', label: 'Next Extension Offset' },
    xid: { type: 'u24', label: 'XID' },
    langtaglen: { type: 'u16', label: 'Lang Tag Len' },
    langtag: { type: 'string', label: 'Lang Tag' },
    err: { type: 'u16', label: 'Error Code' },
    'srvreq.prlist': { type: 'string', label: 'Previous Response List' },
    'srvreq.srvtype': { type: 'string', label: 'Service Type' },
    'srvreq.scopelist': { type: 'string', label: 'Scope List' },
    'srvreq.predicate': { type: 'string', label: 'Predicate' },
    'srvreq.urlcount': { type: 'u16', label: 'Number of URLs' },
    'url.lifetime': { type: 'u16', label: 'URL lifetime', many: true },
    'url.url': { type: 'string', label: 'URL', many: true },
    'attrreq.prlist': { type: 'string', label: 'Previous Response List' },
    'attrreq.url': { type: 'string', label: 'Service URL' },
    'attrreq.scopelist': { type: 'string', label: 'Scope List' },
    'attrreq.attrlist': { type: 'string', label: 'Attribute List' },
    'attrrply.attrlist': { type: 'string', label: 'Attribute List' },
    'daadvert.url': { type: 'string', label: 'URL' },
    'daadvert.scopelist': { type: 'string', label: 'Scope List' },
    'daadvert.attrlist': { type: 'string', label: 'Attribute List' },
    data: { type: 'bytes', label: 'Message', abbrev: 'srvloc.data' },
  },
  frame,
  tree(t) {
    const { at } = t;
    const version = t.u8(at);
    const kind = t.u8(at + 1);
    const isFirst = version < 2;
    const id = t.u16(at + 10);
    t.info(
      `${FUNCTIONS[kind] ?? `Unknown Function (${kind})`}, V${isFirst ? 1 : 2} ${isFirst ? 'Transaction ID' : 'XID'} - ${id}`,
    );
    t.add('version', at);
    t.add('function', at + 1);
    if (isFirst) {
      t.put('pktlen', t.u16(at + 2), at + 2, 2);
      t.add('flags_v1', at + 4);
      t.put('langtag', t.string(at + 6, 2, 'latin1'), at + 6, 2);
      t.put('xid', id, at + 10, 2);
      body(t, kind, at + HEADER.one, true);
      return;
    }
    t.add('pktlen', at + 2);
    t.add('flags_v2', at + 5);
    t.add('nextextoff', at + 7);
    t.put('xid', id, at + 10, 2);
    t.add('langtaglen', at + 12);
    body(t, kind, counted(t, 'langtag', at + 12), false);
  },
});

/** A text behind two bytes of its length. */
function counted(t: TreeBuilder, key: string, at: number): number {
  const length = t.u16(at);
  t.put(key, t.string(at + 2, length), at + 2, length);
  return at + 2 + length;
}

function body(t: TreeBuilder, kind: number, from: number, isFirst: boolean): void {
  let at = from;
  if (kind === FUNCTION.request) {
    for (const key of isFirst ? ['prlist', 'srvtype'] : ['prlist', 'srvtype', 'scopelist', 'predicate'])
      at = counted(t, `srvreq.${key}`, at);
  } else if (kind === FUNCTION.attributes) {
    for (const key of ['prlist', 'url', 'scopelist', 'attrlist']) at = counted(t, `attrreq.${key}`, at);
  } else if (kind === FUNCTION.reply) at = urls(t, at, isFirst);
  else if (kind === FUNCTION.attributesReply) at = counted(t, 'attrrply.attrlist', t.add('err', at));
  else if (kind === FUNCTION.acknowledge) at = t.add('err', at);
  else if (kind === FUNCTION.directory && !isFirst) {
    at = t.add('err', at) + 4;
    for (const key of ['url', 'scopelist', 'attrlist']) at = counted(t, `daadvert.${key}`, at);
  }
  if (at < t.end) t.add('data', at, t.end - at);
}

/** URL entries (RFC 2608 4.3): version 1 has no reserved byte in front and no count of signatures behind. */
function urls(t: TreeBuilder, from: number, isFirst: boolean): number {
  let at = t.add('err', from);
  const count = t.u16(at);
  at = t.add('srvreq.urlcount', at);
  for (let i = 0; i < count && at < t.end; i++) {
    if (!isFirst) at++;
    at = counted(t, 'url.url', t.add('url.lifetime', at));
    if (!isFirst) at++;
  }
  return at;
}
