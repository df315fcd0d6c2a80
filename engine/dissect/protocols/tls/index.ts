/** TLS over TCP (RFC 8446, 5246; SSL 3.0 in RFC 6101, its predecessor in appendix E there): records and what they carry. */

import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { Visits } from '../../visits.ts';
import { fields } from './fields.ts';
import { frame, isSsl2Start, RECORD_HEADER, recognise, SSL2_HEADER } from './framing.ts';
import { addHandshake, HANDSHAKE_HEADER, type Session } from './handshake.ts';
import {
  ALERT_LEVELS,
  ALERTS,
  CONTENT,
  CONTENT_TYPES,
  HANDSHAKE,
  HANDSHAKE_TYPES,
  isTls13,
  SHORT_VERSIONS,
  SSL2_TYPES,
  VERSION,
  versionName,
} from './names.ts';

/** Handshake messages are put together over records up to this; longer ones stay in their records. */
const MAX_HANDSHAKE = 1 << 18;

/** What a direction has to remember. Never changed in place: facts about earlier records hold on to it. */
interface Side {
  /** A Change Cipher Spec has gone by: handshake messages and alerts are no longer readable. */
  readonly isEncrypted: boolean;
  /** Start of a handshake message that its record did not hold whole. */
  readonly pending: Pending | null;
}

/** Pieces of a handshake message, the latest first: a chain, so that a million small records cost no more than their bytes. */
interface Pending {
  readonly bytes: Uint8Array;
  readonly before: Pending | null;
  /** Bytes of all pieces. */
  readonly length: number;
  /** The message's length with its header; 0: its header is not whole yet. */
  readonly needed: number;
  readonly type: number;
}

function withPiece(before: Pending | null, bytes: Uint8Array): Pending {
  const length = (before?.length ?? 0) + bytes.length;
  const added = { bytes, before, length, needed: before?.needed ?? 0, type: before?.type ?? bytes[0] };
  if (added.needed > 0 || length < HANDSHAKE_HEADER) return added;
  const head = joined(added);
  return { ...added, needed: HANDSHAKE_HEADER + ((head[1] << 16) | (head[2] << 8) | head[3]) };
}

function joined(pending: Pending): Uint8Array {
  const all = new Uint8Array(pending.length);
  let end = pending.length;
  for (let piece: Pending | null = pending; piece !== null; piece = piece.before) {
    end -= piece.bytes.length;
    all.set(piece.bytes, end);
  }
  return all;
}

/** The conversation before a record. */
interface State {
  readonly version: number;
  readonly suite: number;
  readonly alpn: string;
  readonly offeredSession: string;
  readonly sides: readonly [Side, Side];
}

interface Memory {
  readonly visits: Visits<State>;
  now: State;
}

/** Names of ALPN protocols as other layers call themselves. */
const APPLICATIONS: Readonly<Record<string, string>> = {
  'http/1.0': 'Hypertext Transfer Protocol',
  'http/1.1': 'Hypertext Transfer Protocol',
  h2: 'HyperText Transfer Protocol 2',
  dot: 'Domain Name System',
};

const QUIET: Side = { isEncrypted: false, pending: null };

export const tls = defineProtocol({
  name: 'tls',
  title: 'Transport Layer Security',
  short: 'TLS',
  on: { 'tcp.port': [443, 465, 563, 614, 636, 853, 989, 990, 992, 993, 994, 995, 3269, 5061, 5986, 8443, 8883] },
  remembers: true,
  showsBeginning: true,
  fields,
  recognise,
  recogniseOn: ['tcp'],
  frame,
  tree(t) {
    const memory = t.conversation(
      (): Memory => ({
        visits: new Visits(),
        now: { version: 0, suite: -1, alpn: '', offeredSession: '', sides: [QUIET, QUIET] },
      }),
    );
    let isFirstVisit = false;
    const { index, fact } = memory.visits.visit(t, () => {
      isFirstVisit = true;
      return memory.now;
    });
    const after = message(t, fact, index);
    if (isFirstVisit) memory.now = after;
  },
});

/** Adds a description to Info: the first one of a frame replaces what TCP said, up to what TCP wants kept. */
function say(t: TreeBuilder, isFirst: boolean, text: string): void {
  if (isFirst) t.info(t.fencedInfo === '' ? text : `, ${text}`);
  else t.addInfo(`, ${text}`);
}

/** Dissects one record; returns the conversation after it. */
function message(t: TreeBuilder, state: State, index: number): State {
  const { at } = t;
  if (state.version === VERSION.ssl2 || (state.version === 0 && isSsl2Start(t.bytes, at, t.end)))
    return ssl2(t, state, index);
  const type = t.u8(at);
  if (CONTENT_TYPES[type] === undefined || !t.has(at, RECORD_HEADER) || t.u8(at + 1) !== 3) {
    t.column(SHORT_VERSIONS[state.version] ?? 'SSL');
    say(t, index === 0, 'Continuation Data');
    return state;
  }
  return record(t, state, index, type);
}

function record(t: TreeBuilder, before: State, index: number, type: number): State {
  const { at } = t;
  const recordVersion = t.u16(at + 1);
  const length = t.u16(at + 3);
  const body = at + RECORD_HEADER;
  const end = Math.min(t.end, body + length);
  const side = before.sides[t.packet.direction];
  const first = t.has(body, 1) ? t.u8(body) : 0;
  const isClientHello = type === CONTENT.handshake && !side.isEncrypted && first === HANDSHAKE.clientHello;
  const session: Session = {
    version: before.version || (isClientHello ? 0 : recordVersion),
    suite: before.suite,
    alpn: before.alpn,
    offeredSession: before.offeredSession,
  };
  const node = t.nest(t.put('record', new Uint8Array(0), at, RECORD_HEADER + length));
  const isSealed = type === CONTENT.data && isTls13(session.version);
  t.add(isSealed ? 'record.opaque_type' : 'record.content_type', at);
  t.add('record.version', at + 1);
  t.add('record.length', at + 3);
  let next = side;
  let what = CONTENT_TYPES[type] ?? '';
  try {
    switch (type) {
      case CONTENT.changeCipherSpec:
        t.put('change_cipher_spec', new Uint8Array(0), body, end - body);
        say(t, index === 0, what);
        // In TLS 1.3 it means nothing (RFC 8446 D.4): what follows is sealed in application data anyway.
        next = { isEncrypted: !isTls13(session.version), pending: null };
        break;
      case CONTENT.alert:
        what = alert(t, body, end, side.isEncrypted, index);
        break;
      case CONTENT.handshake: {
        const result = handshakes(t, body, end, side, session, index);
        what = result.what;
        next = { isEncrypted: side.isEncrypted, pending: result.pending };
        break;
      }
      case CONTENT.heartbeat:
        heartbeat(t, body, end, side.isEncrypted || before.suite >= 0);
        say(t, index === 0, what);
        break;
      default:
        say(t, index === 0, what);
        if (end > body) t.add('app_data', body, end - body);
        if (session.alpn !== '') t.generated('app_data_proto', APPLICATIONS[session.alpn] ?? session.alpn, body);
    }
  } finally {
    const version = session.version || recordVersion;
    const name = SHORT_VERSIONS[version] ?? (isTls13(version) ? 'TLSv1.3' : 'TLS');
    t.column(name);
    node.text = `${name} Record Layer: ${type === CONTENT.handshake || type === CONTENT.alert ? `${CONTENT_TYPES[type]} Protocol: ${what}` : `${CONTENT_TYPES[type]} Protocol`}`;
  }
  t.close();
  const sides: readonly [Side, Side] = t.packet.direction === 0 ? [next, before.sides[1]] : [before.sides[0], next];
  return { ...session, sides };
}

function alert(t: TreeBuilder, at: number, end: number, isEncrypted: boolean, index: number): string {
  const isReadable = !isEncrypted && end - at === 2 && ALERT_LEVELS[t.u8(at)] !== undefined;
  if (!isReadable) {
    t.put('alert_message', new Uint8Array(0), at, end - at, 'Alert Message: Encrypted Alert');
    say(t, index === 0, 'Encrypted Alert');
    return 'Encrypted Alert';
  }
  t.nest(t.put('alert_message', new Uint8Array(0), at, 2));
  t.add('alert_message.level', at);
  t.add('alert_message.desc', at + 1);
  t.close();
  const text = `Level: ${ALERT_LEVELS[t.u8(at)]}, Description: ${ALERTS[t.u8(at + 1)] ?? `Unknown (${t.u8(at + 1)})`}`;
  say(t, index === 0, `Alert (${text})`);
  return text;
}

interface Handshakes {
  readonly what: string;
  /** The start of a message that goes on in the next record. */
  readonly pending: Pending | null;
}

/** The messages of a record: several, or pieces of one. */
function handshakes(
  t: TreeBuilder,
  from: number,
  end: number,
  side: Side,
  session: Session,
  index: number,
): Handshakes {
  if (side.pending !== null) {
    const pending = withPiece(side.pending, t.slice(from, end - from));
    if (pending.needed === 0 || pending.length < pending.needed) return fragment(t, pending, from, end, index);
    const whole = joined(pending);
    let result: Handshakes = { what: '', pending: null };
    t.within('Reassembled Handshake', whole, () => {
      result = messages(t, 0, whole.length, session, index);
    });
    return result;
  }
  if (side.isEncrypted ? !isClientHelloAgain(t, from, end) : !isPlausible(t, from, end)) {
    t.put('handshake', new Uint8Array(0), from, end - from, 'Handshake Protocol: Encrypted Handshake Message');
    say(t, index === 0, 'Encrypted Handshake Message');
    return { what: 'Encrypted Handshake Message', pending: null };
  }
  return messages(t, from, end, session, index);
}

/** Could this be a readable handshake message? A capture that starts late shows encrypted ones without a word of warning. */
function isPlausible(t: TreeBuilder, at: number, end: number): boolean {
  if (end - at < HANDSHAKE_HEADER) return end > at && HANDSHAKE_TYPES[t.u8(at)] !== undefined;
  return HANDSHAKE_TYPES[t.u8(at)] !== undefined && t.u24(at + 1) <= MAX_HANDSHAKE;
}

/** After a Hello Retry Request the second Client Hello comes behind a Change Cipher Spec that means nothing (RFC 8446 D.4). */
function isClientHelloAgain(t: TreeBuilder, at: number, end: number): boolean {
  return (
    end - at > 6 &&
    t.u8(at) === HANDSHAKE.clientHello &&
    HANDSHAKE_HEADER + t.u24(at + 1) === end - at &&
    t.u8(at + 4) === 3
  );
}

function messages(t: TreeBuilder, from: number, end: number, session: Session, index: number): Handshakes {
  const names: string[] = [];
  let at = from;
  while (at < end) {
    const length = end - at < HANDSHAKE_HEADER ? Number.POSITIVE_INFINITY : HANDSHAKE_HEADER + t.u24(at + 1);
    if (at + length > end) {
      const rest = fragment(t, withPiece(null, t.slice(at, end - at)), at, end, names.length === 0 ? index : index + 1);
      names.push(rest.what);
      return { what: names.length === 1 ? rest.what : 'Multiple Handshake Messages', pending: rest.pending };
    }
    const name = HANDSHAKE_TYPES[t.u8(at)] ?? 'Unknown';
    const isFirst = index === 0 && names.length === 0;
    const kept = t.infoSoFar.length;
    say(t, isFirst, name);
    names.push(name);
    const said = addHandshake(t, at, at + length, session, 't');
    if (said !== name) replaceEnd(t, kept, isFirst, said);
    at += length;
  }
  return { what: names.length === 1 ? names[0] : 'Multiple Handshake Messages', pending: null };
}

/** The name of a message was said before its body, which may end early; now there is more to say. */
function replaceEnd(t: TreeBuilder, kept: number, isFirst: boolean, said: string): void {
  if (isFirst) say(t, true, said);
  else t.replaceInfo(kept, `, ${said}`);
}

/** A message that this record does not hold whole. */
function fragment(t: TreeBuilder, pending: Pending, at: number, end: number, index: number): Handshakes {
  const name = `${HANDSHAKE_TYPES[pending.type] ?? 'Handshake'} (fragment)`;
  t.put('handshake', new Uint8Array(0), at, end - at, `Handshake Protocol: ${name}`);
  say(t, index === 0, name);
  return { what: name, pending: pending.length > MAX_HANDSHAKE ? null : pending };
}

/** RFC 6520 4. */
function heartbeat(t: TreeBuilder, at: number, end: number, isEncrypted: boolean): void {
  t.nest(t.put('heartbeat_message', new Uint8Array(0), at, end - at));
  if (!isEncrypted && end - at >= 3 && t.u8(at) >= 1 && t.u8(at) <= 2) {
    const length = t.u16(at + 1);
    t.add('heartbeat_message.type', at);
    t.add('heartbeat_message.payload_length', at + 1);
    const payload = Math.min(length, end - at - 3);
    if (length + 19 > end - at)
      t.expert('error', `Heartbeat with a length of ${length} in ${end - at} bytes`, at, end - at);
    if (payload > 0) t.add('heartbeat_message.payload', at + 3, payload);
    if (end > at + 3 + payload) t.add('heartbeat_message.padding', at + 3 + payload, end - at - 3 - payload);
  }
  t.close();
}

/** Records of SSL 2.0: two or three bytes of length, then a message, encrypted after the handshake. */
function ssl2(t: TreeBuilder, state: State, index: number): State {
  const { at } = t;
  const isShort = (t.u8(at) & 0x80) !== 0;
  const header = isShort ? SSL2_HEADER : SSL2_HEADER + 1;
  const length = isShort ? t.u16(at) & 0x7fff : t.u16(at) & 0x3fff;
  const body = at + header;
  const type = t.u8(body);
  const isHello = type === 1 || type === 4;
  const name =
    isHello || (!state.sides[t.packet.direction].isEncrypted && SSL2_TYPES[type] !== undefined && state.suite < 0)
      ? SSL2_TYPES[type]
      : 'Encrypted Data';
  t.nest(t.put('record', new Uint8Array(0), at, header + length, `SSLv2 Record Layer: ${name}`));
  t.put('record.length', length, at, header);
  say(t, index === 0, name);
  t.column('SSLv2');
  let { version } = state;
  if (type === 1) {
    ssl2ClientHello(t, body);
  } else if (type === 4) {
    version = VERSION.ssl2;
    t.put('handshake.type', type, body, 1, `Handshake Message Type: ${name} (${type})`);
    t.put('handshake.session_id_hit', t.u8(body + 1), body + 1, 1);
    t.put(
      'handshake.version',
      t.u16(body + 3),
      body + 3,
      2,
      `Version: ${versionName(t.u16(body + 3)) ?? ''} (0x${t
        .u16(body + 3)
        .toString(16)
        .padStart(4, '0')})`,
    );
  }
  t.close();
  return { ...state, version };
}

function ssl2ClientHello(t: TreeBuilder, at: number): void {
  t.put('handshake.type', 1, at, 1);
  t.add('handshake.version', at + 1);
  const specs = t.u16(at + 3);
  const id = t.u16(at + 5);
  const challenge = t.u16(at + 7);
  t.add('handshake.cipher_spec_len', at + 3);
  t.put('handshake.session_id_length', id, at + 5, 2);
  t.add('handshake.challenge_length', at + 7);
  let next = at + 9;
  t.nest(t.text(`Cipher Specs (${Math.floor(specs / 3)} specs)`, next, specs));
  for (let i = 0; i + 3 <= specs; i += 3) t.add('handshake.cipherspec', next + i);
  t.close();
  next += specs;
  if (id > 0) t.add('handshake.session_id', next, id);
  next += id;
  if (challenge > 0) t.put('handshake.challenge', t.slice(next, challenge), next, challenge);
}
