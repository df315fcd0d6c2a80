/** What records carry besides application data: alerts, handshake messages whole or in pieces, heartbeats. */

import type { TreeBuilder } from '../../tree.ts';
import type { Session } from './connection.ts';
import { addHandshake } from './handshake.ts';
import { ALERT_LEVELS, ALERTS, HANDSHAKE, HANDSHAKE_HEADER, HANDSHAKE_TYPES } from './names.ts';
import { say } from './say.ts';
import { joined, type Pending, type Side, withPiece } from './state.ts';

/** Handshake messages are put together over records up to this; longer ones stay in their records. */
const MAX_HANDSHAKE = 1 << 18;

/** Returns what it says. `index`: records before it in the frame, for Info; -1: the caller says it there. */
export function addAlert(t: TreeBuilder, at: number, end: number, isEncrypted: boolean, index: number): string {
  const isReadable = !isEncrypted && end - at === 2 && ALERT_LEVELS[t.u8(at)] !== undefined;
  if (!isReadable) {
    t.put('alert_message', new Uint8Array(0), at, end - at, 'Alert Message: Encrypted Alert');
    if (index >= 0) say(t, index === 0, 'Encrypted Alert');
    return 'Encrypted Alert';
  }
  t.nest(t.put('alert_message', new Uint8Array(0), at, 2));
  t.add('alert_message.level', at);
  t.add('alert_message.desc', at + 1);
  t.close();
  const text = `Level: ${ALERT_LEVELS[t.u8(at)]}, Description: ${ALERTS[t.u8(at + 1)] ?? `Unknown (${t.u8(at + 1)})`}`;
  if (index >= 0) say(t, index === 0, `Alert (${text})`);
  return text;
}

export interface Handshakes {
  readonly what: string;
  /** The start of a message that goes on in the next record. */
  readonly pending: Pending | null;
}

/** The messages of a record: several, or pieces of one. */
export function addHandshakes(
  t: TreeBuilder,
  from: number,
  end: number,
  side: Pick<Side, 'isEncrypted' | 'pending'>,
  session: Session,
  index: number,
): Handshakes {
  if (side.pending !== null) {
    const pending = withPiece(side.pending, t.slice(from, end - from), t.packet.number);
    if (pending.needed === 0 || pending.length < pending.needed) return fragment(t, pending, from, end, index);
    const whole = joined(pending);
    addFragments(t, pending);
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

/** The rows that say of which frames a message was put together. */
function addFragments(t: TreeBuilder, pending: Pending): void {
  const frames: number[] = [];
  for (let piece: Pending | null = pending; piece !== null; piece = piece.before) frames.push(piece.frame);
  t.nest(t.generated('handshake.fragments', new Uint8Array(0)));
  t.last().text = `${frames.length} Reassembled Handshake Fragments (${pending.length} bytes)`;
  for (const frame of frames.reverse()) t.generated('handshake.fragment', frame);
  t.generated('handshake.fragment.count', frames.length);
  t.close();
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
      const rest = fragment(
        t,
        withPiece(null, t.slice(at, end - at), t.packet.number),
        at,
        end,
        names.length === 0 ? index : index + 1,
      );
      names.push(rest.what);
      return { what: names.length === 1 ? rest.what : 'Multiple Handshake Messages', pending: rest.pending };
    }
    const name = HANDSHAKE_TYPES[t.u8(at)] ?? 'Unknown';
    const isFirst = index === 0 && names.length === 0;
    const kept = t.infoSoFar.length;
    say(t, isFirst, name);
    names.push(name);
    const said = addHandshake(t, at, at + length, session, t.transport === 'udp' ? 'q' : 't');
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

/** RFC 6520 4. Returns what Info says. */
export function addHeartbeat(t: TreeBuilder, at: number, end: number, isEncrypted: boolean): string {
  let said = 'Encrypted Heartbeat';
  t.nest(t.put('heartbeat_message', new Uint8Array(0), at, end - at));
  if (!isEncrypted && end - at >= 3 && t.u8(at) >= 1 && t.u8(at) <= 2) {
    const length = t.u16(at + 1);
    said = t.u8(at) === 1 ? 'Heartbeat Request' : 'Heartbeat Response';
    t.add('heartbeat_message.type', at);
    t.add('heartbeat_message.payload_length', at + 1);
    const payload = Math.min(length, end - at - 3);
    if (length + 19 > end - at)
      t.expert(
        'error',
        `Heartbeat with a length of ${length} in ${end - at} bytes`,
        at,
        end - at,
        'heartbeat_message.payload_length.invalid',
      );
    if (payload > 0) t.add('heartbeat_message.payload', at + 3, payload);
    if (end > at + 3 + payload) t.add('heartbeat_message.padding', at + 3 + payload, end - at - 3 - payload);
  }
  t.close();
  return said;
}
