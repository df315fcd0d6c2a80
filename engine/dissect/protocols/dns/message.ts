/** A DNS message (RFC 1035 4): header, questions and three lists of records; and which query a response answers. */

import type { TreeBuilder } from '../../tree.ts';
import { Visits } from '../../visits.ts';
import { addOptHeader, addOptions } from './edns.ts';
import { readName } from './name.ts';
import { OPCODE, OPCODES, RCODES, TYPE, TYPES } from './names.ts';
import { addRecordData, type RecordData } from './records.ts';

export type Variant = 'dns' | 'mdns' | 'llmnr';

const AT = { id: 0, flags: 2, counts: 4, records: 12 } as const;
export const HEADER = AT.records;
const RESPONSE = 0x8000;
/** mDNS (RFC 6762 10.2 and 5.4): cache flush in records, "QU" in questions. */
const TOP_BIT = 0x8000;

/** A query with the same number after a longer time is a new one: numbers are reused. */
const REPEAT_NS = 5_000_000_000n;

interface Query {
  readonly frame: number;
  readonly time: bigint | null;
  responseFrame: number;
}

interface Fact {
  /** The query that this response answers, or the one this query repeats. */
  readonly query: { readonly frame: number; readonly time: bigint | null } | null;
  /** Frame of the message that this one repeats; 0: none. */
  readonly repeats: number;
}

interface Memory {
  readonly visits: Visits<Fact>;
  readonly queries: Map<number, Query>;
}

function isWithin(limit: bigint, from: bigint | null, to: bigint | null): boolean {
  return from === null || to === null || to - from < limit;
}

function learn(t: TreeBuilder, memory: Memory, id: number, isResponse: boolean): Fact {
  const frame = t.packet.number;
  const known = memory.queries.get(id);
  if (!isResponse) {
    if (known !== undefined && known.responseFrame === 0 && isWithin(REPEAT_NS, known.time, t.packet.time)) {
      return { query: null, repeats: known.frame };
    }
    memory.queries.set(id, { frame, time: t.packet.time, responseFrame: 0 });
    return { query: null, repeats: 0 };
  }
  if (known === undefined) return { query: null, repeats: 0 };
  const repeats = known.responseFrame;
  if (repeats === 0) known.responseFrame = frame;
  return { query: { frame: known.frame, time: known.time }, repeats };
}

/** Dissects the message at `start`. */
export function addMessage(t: TreeBuilder, start: number, variant: Variant): void {
  const id = t.u16(start + AT.id);
  const flags = t.u16(start + AT.flags);
  const isResponse = (flags & RESPONSE) !== 0;
  const opcode = (flags >>> 11) & 15;
  const rcode = flags & 15;
  t.addLabel(isResponse ? ' (response)' : ' (query)');
  t.add('id', start + AT.id);
  addFlags(t, start + AT.flags, variant, isResponse);

  // Before the lists: a malformed message counts as a query or a response too.
  const fact = variant === 'mdns' ? null : match(t, id, isResponse);
  const operation = OPCODES[opcode] ?? `Unknown operation (${opcode})`;
  const failed = isResponse && rcode !== 0 ? ` ${RCODES[rcode] ?? `Unknown error (${rcode})`}` : '';
  t.info(`${operation}${isResponse ? ' response' : ''} 0x${id.toString(16).padStart(4, '0')}${failed}`);
  if (opcode === OPCODE.dso && t.u32(start + AT.counts) === 0 && t.u32(start + AT.counts + 4) === 0) {
    addCounts(t, start, false);
    stateful(t, start + AT.records);
  } else {
    addCounts(t, start, opcode === OPCODE.update);
    addLists(t, start, variant, opcode === OPCODE.update);
  }
  if (fact !== null) addMatch(t, fact, isResponse);
}

function addFlags(t: TreeBuilder, at: number, variant: Variant, isResponse: boolean): void {
  const flags = t.u16(at);
  const rcode = flags & 15;
  const opcode = (flags >>> 11) & 15;
  const what = OPCODES[opcode] ?? 'Unknown operation';
  const outcome = isResponse ? ` response, ${RCODES[rcode] ?? 'Unknown error'}` : '';
  t.nest(t.put('flags', flags, at, 2, `Flags: 0x${flags.toString(16).padStart(4, '0')} ${what}${outcome}`));
  const isLlmnr = variant === 'llmnr';
  t.add('flags.response', at);
  t.add('flags.opcode', at);
  if (isLlmnr) t.add('flags.conflict', at);
  else if (isResponse) t.add('flags.authoritative', at);
  t.add('flags.truncated', at);
  t.add(isLlmnr ? 'flags.tentative' : 'flags.recdesired', at);
  if (isResponse && !isLlmnr) t.add('flags.recavail', at);
  if (!isLlmnr) {
    t.add('flags.z', at);
    if (isResponse) t.add('flags.authenticated', at);
    t.add('flags.checkdisable', at);
  }
  if (isResponse) t.add('flags.rcode', at);
  t.close();
}

const COUNTS = ['count.queries', 'count.answers', 'count.auth_rr', 'count.add_rr'] as const;
const UPDATE_COUNTS = ['count.zones', 'count.prerequisites', 'count.updates', 'count.add_rr'] as const;
const SECTIONS = ['Queries', 'Answers', 'Authoritative nameservers', 'Additional records'] as const;
const UPDATE_SECTIONS = ['Zone', 'Prerequisites', 'Updates', 'Additional records'] as const;

function addCounts(t: TreeBuilder, start: number, isUpdate: boolean): void {
  (isUpdate ? UPDATE_COUNTS : COUNTS).forEach((key, i) => {
    t.add(key, start + AT.counts + 2 * i);
  });
}

function addLists(t: TreeBuilder, start: number, variant: Variant, isUpdate: boolean): void {
  let at = start + AT.records;
  for (let section = 0; section < 4; section++) {
    const count = t.u16(start + AT.counts + 2 * section);
    if (count === 0) continue;
    t.nest(t.text((isUpdate ? UPDATE_SECTIONS : SECTIONS)[section] ?? '', at, 0));
    for (let i = 0; i < count; i++)
      at = section === 0 ? question(t, at, start, variant) : record(t, at, start, variant);
    t.close(at);
  }
  if (at < t.end && t.transport === 'udp') {
    t.generated('extraneous.length', t.end - at, at, t.end - at);
    t.put('extraneous.data', t.slice(at, t.end - at), at, t.end - at);
    t.expert('note', 'Bytes after the message', at, t.end - at, 'extraneous');
  }
}

function typeName(type: number): string {
  return TYPES[type] ?? `Unknown (${type})`;
}

function className(t: TreeBuilder, value: number): string {
  return t.nameOf('qry.class', value) ?? `0x${value.toString(16).padStart(4, '0')}`;
}

function question(t: TreeBuilder, at: number, base: number, variant: Variant): number {
  const name = readName(t, at, base);
  const type = t.u16(name.end);
  const isMdns = variant === 'mdns';
  const topBit = (t.u16(name.end + 2) & TOP_BIT) !== 0;
  const klass = t.u16(name.end + 2) & (isMdns ? ~TOP_BIT : 0xffff);
  const asked = isMdns ? `, "${topBit ? 'QU' : 'QM'}" question` : '';
  t.nest(t.text(`${name.text}: type ${typeName(type)}, class ${className(t, klass)}${asked}`, at, name.end + 4 - at));
  t.put('qry.name', name.text, at, name.end - at);
  t.generated('qry.name.len', name.text.length, at, name.end - at);
  t.generated('count.labels', name.labels, at, name.end - at);
  t.add('qry.type', name.end);
  t.put('qry.class', klass, name.end + 2, 2);
  if (isMdns) t.add('qry.qu', name.end + 2);
  t.close();
  t.addInfo(` ${typeName(type)} ${name.text}${asked}`);
  return name.end + 4;
}

/** SRV's owner says service and protocol (RFC 2782): `_ldap._tcp.example.net`. */
function addService(t: TreeBuilder, owner: string, at: number, length: number): boolean {
  const [service = '', protocol = '', ...zone] = owner.split('.');
  if (zone.length === 0) return false;
  t.put('srv.service', service, at, length);
  t.put('srv.proto', protocol, at, length);
  t.put('srv.name', zone.join('.'), at, length);
  return true;
}

function record(t: TreeBuilder, at: number, base: number, variant: Variant): number {
  const name = readName(t, at, base);
  const type = t.u16(name.end);
  const isMdns = variant === 'mdns';
  const isOpt = type === TYPE.opt;
  const classAt = name.end + 2;
  const flush = isMdns && !isOpt && (t.u16(classAt) & TOP_BIT) !== 0;
  const klass = t.u16(classAt) & (isMdns ? ~TOP_BIT : 0xffff);
  const length = t.u16(classAt + 6);
  const dataAt = classAt + 8;
  const end = dataAt + length;
  const row = t.nest(t.text('', at, end - at));
  const head = isOpt
    ? `${name.text}: type OPT`
    : `${name.text}: type ${typeName(type)}, class ${className(t, klass)}${flush ? ', cache flush' : ''}`;
  row.text = head;
  if (type !== TYPE.srv || !addService(t, name.text, at, name.end - at))
    t.put('resp.name', name.text, at, name.end - at);
  t.add('resp.type', name.end);
  t.addInfo(` ${typeName(type)}${flush ? ', cache flush' : ''}`);
  if (isOpt) {
    addOptHeader(t, classAt);
  } else {
    t.put('resp.class', klass, classAt, 2);
    if (isMdns) t.add('resp.cache_flush', classAt);
    t.add('resp.ttl', classAt + 2);
  }
  t.add('resp.len', classAt + 6);
  t.need(dataAt, length);
  if (isOpt) {
    addOptions(t, dataAt, end, base);
  } else {
    const data: RecordData = { t, base, at: dataAt, end, row: '', info: '' };
    try {
      addRecordData(type, data);
    } finally {
      row.text = head + data.row;
      t.addInfo(data.info);
    }
  }
  t.close();
  return end;
}

/** DNS stateful operations (RFC 8490 5.4): type, length, value. */
function stateful(t: TreeBuilder, from: number): void {
  if (from >= t.end) return;
  t.nest(t.put('dso', new Uint8Array(0), from, t.end - from));
  let at = from;
  while (at + 4 <= t.end) {
    const type = t.u16(at);
    const length = t.u16(at + 2);
    const data = at + 4;
    t.nest(t.put('dso.tlv', new Uint8Array(0), at, 4 + length));
    t.add('dso.tlv.type', at);
    t.add('dso.tlv.length', at + 2);
    if (type === 1 && length >= 8) {
      t.add('dso.tlv.keepalive.inactivity', data);
      t.add('dso.tlv.keepalive.interval', data + 4);
    } else if (type === 2 && length >= 4) {
      t.add('dso.tlv.retrydelay.retrydelay', data);
    } else {
      t.add(type === 3 ? 'dso.tlv.encpad.padding' : 'dso.tlv.data', data, length);
    }
    t.close();
    t.addInfo(` ${t.nameOf('dso.tlv.type', type) ?? `Unknown (${type})`}`);
    at = data + length;
  }
  t.close();
}

function match(t: TreeBuilder, id: number, isResponse: boolean): Fact {
  const memory = t.conversation((): Memory => ({ visits: new Visits(), queries: new Map() }));
  return memory.visits.visit(t, () => learn(t, memory, id, isResponse)).fact;
}

function addMatch(t: TreeBuilder, fact: Fact, isResponse: boolean): void {
  if (fact.repeats > 0) {
    t.generated('retransmission', 1);
    t.generated(isResponse ? 'retransmit_response_in' : 'retransmit_request_in', fact.repeats);
    const what = isResponse ? 'response' : 'query';
    t.expert(
      'warning',
      `DNS ${what} sent again; the first is in frame ${fact.repeats}`,
      t.at,
      0,
      isResponse ? 'retransmit_response' : 'retransmit_request',
    );
    return;
  }
  if (!isResponse) return;
  if (fact.query === null) {
    t.generated('unsolicited', 1);
    return;
  }
  t.generated('response_to', fact.query.frame);
  if (fact.query.time !== null && t.packet.time !== null) t.generated('time', t.packet.time - fact.query.time);
}
