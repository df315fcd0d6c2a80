/**
 * DTLS 1.0 and 1.2 (RFC 4347, 6347), with connection ids (RFC 9146): TLS records that carry their own numbers, several in a
 * datagram, and handshake messages in fragments. The records of DTLS 1.3 (RFC 9147) are named.
 */

import { u16 } from '../../../../base/bytes.ts';
import { announceSrtp } from '../../../announcing/dtls-srtp.ts';
import { defineProtocol } from '../../../protocol.ts';
import type { TreeBuilder } from '../../../tree.ts';
import { Visits } from '../../../visits.ts';
import { type Connection, NEW_CONNECTION, type Session, sessionOf, settled } from '../connection.ts';
import { openRecord } from '../decrypt/open-record.ts';
import { type Seal, sealOf12 } from '../decrypt/seal.ts';
import { addHandshakeBody } from '../handshake.ts';
import { addAlert, addHeartbeat } from '../messages.ts';
import { CONTENT, CONTENT_TYPES, DTLS_SHORT_VERSIONS, HANDSHAKE, HANDSHAKE_TYPES } from '../names.ts';
import { fields } from './fields.ts';
import { MAX_MESSAGE, type Partial, type Whole, withFragment } from './fragments.ts';

const AT = { type: 0, version: 1, epoch: 3, sequence: 5, length: 11, body: 13 } as const;
const VERSION = { dtls10: 0xfeff, dtls12: 0xfefd, old: 0x0100 } as const;
const CONNECTION_ID = 25;
/** The first byte of a DTLS 1.3 record is 001CSLEE (RFC 9147 4). */
const UNIFIED = { mask: 0xe0, value: 0x20, hasId: 0x10, longNumber: 0x08, hasLength: 0x04 } as const;
const HANDSHAKE_HEADER = 12;
const MAX_RECORD = 16_384 + 2048;
const MAX_RECORDS = 512;

/** What a direction has to remember. */
interface Side {
  readonly partial: readonly Partial[];
  /** Of the records behind its Change Cipher Spec; null: there are no secrets. */
  readonly seal: Seal | null;
}

interface State {
  readonly connection: Connection;
  /** As the Server Hello has it; 0: not known. */
  readonly version: number;
  readonly sides: readonly [Side, Side];
}

interface Memory {
  readonly visits: Visits<State>;
  now: State;
}

const QUIET: Side = { partial: [], seal: null };
const START: State = { connection: NEW_CONNECTION, version: 0, sides: [QUIET, QUIET] };

function startsRecord(bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < AT.body || CONTENT_TYPES[bytes[at]] === undefined) return false;
  const version = u16(bytes, at + AT.version);
  const isKnown = version === VERSION.dtls10 || version === VERSION.dtls12 || version === VERSION.old;
  return isKnown && (bytes[at] === CONNECTION_ID || u16(bytes, at + AT.length) <= MAX_RECORD);
}

/** Ciphertext of DTLS 1.3: behind a handshake only, as its first byte says little. */
function startsUnified(bytes: Uint8Array, at: number, end: number): boolean {
  return end - at > 4 && (bytes[at] & UNIFIED.mask) === UNIFIED.value;
}

export const dtls = defineProtocol({
  name: 'dtls',
  title: 'Datagram Transport Layer Security',
  on: { 'udp.port': [4433, 5684] },
  remembers: true,
  announces: announceSrtp,
  fields,
  recognise: (bytes, at, end) =>
    startsRecord(bytes, at, end) &&
    at + AT.body + u16(bytes, at + AT.length) <= end &&
    bytes[at] !== CONTENT.data &&
    bytes[at] !== CONNECTION_ID &&
    (bytes[at] !== CONTENT.handshake ||
      u16(bytes, at + AT.epoch) > 0 ||
      HANDSHAKE_TYPES[bytes[at + AT.body]] !== undefined),
  recogniseOn: ['udp'],
  accepts: (bytes, at, end) => startsRecord(bytes, at, end) || startsUnified(bytes, at, end),
  tree(t) {
    const memory = t.conversation((): Memory => ({ visits: new Visits(), now: START }));
    let isFirstVisit = false;
    const { fact } = memory.visits.visit(t, () => {
      isFirstVisit = true;
      return memory.now;
    });
    const said: string[] = [];
    const after = records(t, fact, said);
    if (isFirstVisit) memory.now = after;
  },
});

function records(t: TreeBuilder, before: State, said: string[]): State {
  let state = before;
  let { at } = t;
  const say = (): void => t.info(said.join(', '));
  for (let i = 0; i < MAX_RECORDS && at < t.end; i++) {
    t.column(DTLS_SHORT_VERSIONS[state.version] ?? 'DTLS');
    if (startsRecord(t.bytes, at, t.end)) {
      const one = new Datagram(t, at, state, said);
      try {
        state = one.dissect();
      } finally {
        t.column(DTLS_SHORT_VERSIONS[one.version] ?? 'DTLS');
        say();
      }
      at = one.end;
      continue;
    }
    if (startsUnified(t.bytes, at, t.end)) {
      at = unified(t, at, said);
      t.column('DTLSv1.3');
    } else {
      said.push('Continuation Data');
      at = t.end;
    }
    say();
  }
  return state;
}

/** RFC 9147 4: all but the number's shape is sealed. Returns where the record ends. */
function unified(t: TreeBuilder, at: number, said: string[]): number {
  const flags = t.u8(at);
  const number = at + 1;
  let body = number + ((flags & UNIFIED.longNumber) === 0 ? 1 : 2);
  // How long a connection id is stands in the handshake only: with one, the rest of the datagram is one record.
  const hasLength = (flags & UNIFIED.hasLength) !== 0 && (flags & UNIFIED.hasId) === 0;
  const length = hasLength ? t.u16(body) : t.end - body;
  if (hasLength) body += 2;
  const end = Math.min(t.end, body + length);
  t.nest(t.put('record', new Uint8Array(0), at, end - at, 'DTLSv1.3 Record Layer: Encrypted Record'));
  if (hasLength) t.put('record.length', length, body - 2, 2);
  if (end > body) t.add('enc_content', body, end - body);
  t.close();
  said.push('Encrypted Record');
  return Math.max(end, at + 1);
}

/** One record while it is dissected. */
class Datagram {
  readonly end: number;
  version: number;

  private readonly t: TreeBuilder;
  private readonly at: number;
  private readonly before: State;
  private readonly said: string[];
  private readonly session: Session;
  private side: Side;
  /** Its contents were decrypted. */
  private isOpen = false;

  constructor(t: TreeBuilder, at: number, before: State, said: string[]) {
    this.t = t;
    this.at = at;
    this.before = before;
    this.said = said;
    this.version = before.version;
    this.session = sessionOf(before.connection);
    this.side = before.sides[t.packet.direction];
    const isSealedWithId = t.u8(at) === CONNECTION_ID;
    this.end = isSealedWithId ? t.end : Math.min(t.end, at + AT.body + t.u16(at + AT.length));
  }

  dissect(): State {
    const { t, at, end } = this;
    const type = t.u8(at);
    const epoch = t.u16(at + AT.epoch);
    const node = t.nest(t.put('record', new Uint8Array(0), at, end - at));
    t.add('record.content_type', at);
    t.add('record.version', at + AT.version);
    t.add('record.epoch', at + AT.epoch);
    const number = BigInt(t.u16(at + AT.sequence)) * 0x1_0000_0000n + BigInt(t.u32(at + AT.sequence + 2));
    t.put('record.sequence_number', number, at + AT.sequence, 6);
    const what = CONTENT_TYPES[type] ?? '';
    node.text = `${this.name()} Record Layer: ${what}`;
    if (type === CONNECTION_ID) {
      // Its length stands in the handshake: what follows the number is the id, a length, and what is sealed.
      t.add('enc_content', at + AT.length, end - at - AT.length);
      this.said.push('Connection ID');
      t.close();
      return this.before;
    }
    t.add('record.length', at + AT.length);
    const opened = epoch === 0 ? null : this.open();
    if (opened !== null && type === CONTENT.data) t.add('app_data', at + AT.body, end - at - AT.body);
    this.isOpen = opened !== null;
    if (opened !== null) t.within('Decrypted DTLS', opened, () => this.contents(type, 0, opened.length, true));
    else this.contents(type, at + AT.body, end, epoch === 0);
    node.text = `${this.name()} Record Layer: ${what}`;
    t.close();
    return this.after();
  }

  private name(): string {
    return DTLS_SHORT_VERSIONS[this.version] ?? 'DTLS';
  }

  private after(): State {
    const { direction } = this.t.packet;
    const { sides } = this.before;
    return {
      connection: settled(this.session, this.before.connection),
      version: this.version,
      sides: direction === 0 ? [this.side, sides[1]] : [sides[0], this.side],
    };
  }

  /** The record's contents; null: there are no secrets, or they do not fit. */
  private open(): Uint8Array | null {
    const { t, at, end } = this;
    const { seal } = this.side;
    if (seal === null) return null;
    let { problem } = seal;
    if (seal.cipher !== null) {
      const header = new Uint8Array([
        t.u8(at),
        t.u8(at + 1),
        t.u8(at + 2),
        t.u8(at + AT.length),
        t.u8(at + AT.length + 1),
      ]);
      const opening = { cipher: seal.cipher, sequence: 0, chained: new Uint8Array(0) };
      const number = t.slice(at + AT.epoch, 8);
      const opened = openRecord(opening, header, t.slice(at + AT.body, end - at - AT.body), number);
      if (opened !== null) return opened.bytes;
      problem = 'the MAC is wrong: the record is damaged, or the secret belongs to another connection';
    }
    t.generated('undecrypted', problem).text = `[Not decrypted: ${problem}]`;
    return null;
  }

  private contents(type: number, at: number, end: number, isReadable: boolean): void {
    const { t, said } = this;
    switch (type) {
      case CONTENT.changeCipherSpec:
        t.put('change_cipher_spec', new Uint8Array(0), at, end - at);
        said.push('Change Cipher Spec');
        this.changeCipher();
        break;
      case CONTENT.alert: {
        if (this.version === 0) this.version = t.u16(this.at + AT.version);
        said.push(alertText(addAlert(t, at, end, !isReadable, -1)));
        break;
      }
      case CONTENT.handshake:
        if (isReadable) this.handshakes(at, end);
        else {
          t.put('handshake', new Uint8Array(0), at, end - at, 'Handshake Protocol: Encrypted Handshake Message');
          said.push('Encrypted Handshake Message');
        }
        break;
      case CONTENT.heartbeat:
        said.push(addHeartbeat(t, at, end, !isReadable));
        break;
      default:
        said.push('Application Data');
        if (end === at) break;
        if (this.isOpen) t.text(`Decrypted application data (${end - at} bytes)`, at, end - at);
        else t.add('app_data', at, end - at);
    }
  }

  private changeCipher(): void {
    const { t, session } = this;
    const { keyLog } = t.packet;
    const seal =
      keyLog === undefined || keyLog.isEmpty ? null : sealOf12(keyLog, session, t.packet.direction === session.client);
    this.side = { ...this.side, seal };
  }

  private handshakes(from: number, end: number): void {
    const { t } = this;
    for (let at = from; at < end; ) {
      t.need(at, HANDSHAKE_HEADER);
      const fragment = t.u24(at + 9);
      const body = at + HANDSHAKE_HEADER;
      if (body + fragment > end) t.fail();
      this.handshake(at, body + fragment);
      at = body + fragment;
    }
  }

  private handshake(at: number, end: number): void {
    const { t, said } = this;
    const type = t.u8(at);
    const length = t.u24(at + 1);
    const sequence = t.u16(at + 4);
    const offset = t.u24(at + 6);
    const fragment = t.u24(at + 9);
    const name = HANDSHAKE_TYPES[type] ?? `Unknown handshake type (${type})`;
    const body = at + HANDSHAKE_HEADER;
    const node = t.nest(t.put('handshake', new Uint8Array(0), at, end - at, `Handshake Protocol: ${name}`));
    t.add('handshake.type', at);
    t.put('handshake.length', length, at + 1, 3);
    t.add('handshake.message_seq', at + 4);
    t.add('handshake.fragment_offset', at + 6);
    t.add('handshake.fragment_length', at + 9);
    const place = said.push(name) - 1;
    if (offset + fragment > length)
      t.expert('error', 'The fragment is longer than its message', at + 9, 3, 'handshake.fragment_length.too_long');
    else if (offset === 0 && fragment === length) {
      said[place] = name + this.body(type, body, end);
    } else if (fragment === 0) {
      t.expert('warning', 'The fragment is empty', at + 9, 3, 'handshake.fragment_length.zero');
    } else {
      const whole = this.join({ type, length, sequence }, offset, body, fragment);
      const mark = whole === null ? ' (Fragment)' : ' (Reassembled)';
      said[place] = name + mark;
      node.text = `Handshake Protocol: ${name}${mark}`;
      if (whole !== null) this.reassembled(whole, type);
    }
    t.close();
  }

  private join(
    head: Pick<Partial, 'type' | 'length' | 'sequence'>,
    offset: number,
    body: number,
    fragment: number,
  ): Whole | null {
    const { t } = this;
    if (head.length > MAX_MESSAGE) return null;
    const bytes = t.slice(body, fragment);
    const { after, whole } = withFragment(this.side.partial, head, offset, bytes, t.packet.number);
    this.side = { ...this.side, partial: after };
    return whole;
  }

  private reassembled({ bytes, frames }: Whole, type: number): void {
    const { t } = this;
    t.nest(t.generated('fragments', new Uint8Array(0)));
    t.last().text = `${frames.length} Message fragments (${bytes.length} bytes)`;
    for (const frame of frames) t.generated('fragment', frame);
    t.generated('fragment.count', frames.length);
    t.close();
    t.within('Reassembled DTLS', bytes, () => {
      this.body(type, 0, bytes.length);
    });
  }

  /** Adds a whole message's contents; returns what Info says besides its name. */
  private body(type: number, at: number, end: number): string {
    const { t } = this;
    const hello = t.has(at, 2) ? t.u16(at) : 0;
    const note = addHandshakeBody(t, type, at, end, this.session, 'd');
    // Until the Server Hello says it, the version of the request for a cookie counts.
    if (type === HANDSHAKE.serverHello) this.version = this.session.wireVersion || hello;
    else if (type === HANDSHAKE.helloVerifyRequest && this.version === 0) this.version = hello;
    return note;
  }
}

/** Messages of TLS say their alert in Info themselves; a datagram has one line for all of its records. */
function alertText(what: string): string {
  return what === 'Encrypted Alert' ? what : `Alert (${what})`;
}
