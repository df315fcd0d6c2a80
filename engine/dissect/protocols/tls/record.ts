/** One TLS record (RFC 8446 5, RFC 5246 6.2): opened where there are secrets for it, and what it carries. */

import type { KeyLog } from '../../../base/key-log.ts';
import type { TreeNode } from '../../node.ts';
import type { TreeBuilder } from '../../tree.ts';
import { addApplicationData, addClosed, applicationTitle, type FrameNotes } from './application-data.ts';
import { type Session, sessionOf, settled } from './connection.ts';
import {
  followedBy,
  openNext,
  problemWithout,
  type Result,
  type Seal,
  sealOf12,
  sealOf13,
  sealOfEarlyData,
  updated,
} from './decrypt/seal.ts';
import { RECORD_HEADER } from './framing.ts';
import { addAlert, addHandshakes, addHeartbeat } from './messages.ts';
import { ALERT, CONTENT, CONTENT_TYPES, HANDSHAKE, isTls13, SHORT_VERSIONS } from './names.ts';
import { say } from './say.ts';
import { type Side, type State, withSide } from './state.ts';

/** What is known while one record is dissected. */
interface Record {
  readonly t: TreeBuilder;
  readonly before: State;
  readonly index: number;
  readonly session: Session;
  readonly keyLog: KeyLog | null;
  readonly notes: FrameNotes;
  /** As the record's header has it. */
  readonly version: number;
  readonly node: TreeNode;
  /** The row's text for what it carries. */
  what: string;
  side: Side;
  carried: State['carried'];
}

/** Dissects one record; returns the conversation after it. */
export function addRecord(t: TreeBuilder, before: State, index: number, type: number, notes: FrameNotes): State {
  const { at } = t;
  const { direction } = t.packet;
  const recordVersion = t.u16(at + 1);
  const length = t.u16(at + 3);
  const body = at + RECORD_HEADER;
  const end = Math.min(t.end, body + length);
  const side = before.sides[direction];
  const first = t.has(body, 1) ? t.u8(body) : 0;
  const isClientHello = type === CONTENT.handshake && !side.isEncrypted && first === HANDSHAKE.clientHello;
  const session = sessionOf(before.connection);
  if (session.version === 0 && !isClientHello) session.version = recordVersion;
  const is13 = isTls13(session.version);
  const node = t.nest(t.put('record', new Uint8Array(0), at, RECORD_HEADER + length));
  const isSealed = type === CONTENT.data && is13;
  t.add(isSealed ? 'record.opaque_type' : 'record.content_type', at);
  t.add('record.version', at + 1);
  t.add('record.length', at + 3);
  const record: Record = {
    t,
    before,
    index,
    session,
    keyLog: t.transport === 'tcp' && t.packet.keyLog?.isEmpty === false ? t.packet.keyLog : null,
    notes,
    version: recordVersion,
    node,
    what: CONTENT_TYPES[type] ?? '',
    side,
    carried: before.carried,
  };
  const result = open(record, type, body, end, end - body === length);
  const opened = result?.opened ?? null;
  let shown = type;
  t.column(versionColumn(session.version || recordVersion));
  try {
    if (opened !== null && result !== null) {
      shown = opened.type;
      addOpened(record, result, body, end);
    } else {
      addContents(record, type, body, end, side.isEncrypted);
      if (result !== null || isClosed(record, type)) addProblem(record, result);
    }
  } finally {
    const name = versionColumn(session.version || recordVersion);
    // What is inside has said what the column is to show.
    if (shown !== CONTENT.data || opened === null) t.column(name);
    node.text = recordText(name, shown, record);
  }
  t.close();
  const connection = settled(session, before.connection);
  const state = withSide({ ...before, connection, carried: record.carried }, direction, record.side);
  return withKeys(t, record.keyLog, state, session);
}

function versionColumn(version: number): string {
  return SHORT_VERSIONS[version] ?? (isTls13(version) ? 'TLSv1.3' : 'TLS');
}

function recordText(name: string, type: number, { what }: Record): string {
  const kind = CONTENT_TYPES[type] ?? 'Unknown';
  const says = type === CONTENT.handshake || type === CONTENT.alert || what !== kind ? `: ${what}` : '';
  return `${name} Record Layer: ${kind} Protocol${says}`;
}

/** Opens the record where its direction is sealed; null: it is not, or there are no secrets. */
function open(record: Record, type: number, body: number, end: number, isWhole: boolean): Result | null {
  const { t, side } = record;
  if (side.seal === null) return null;
  // In TLS 1.3 everything sealed looks like application data.
  if (side.seal.stage !== 'records' && type !== CONTENT.data) return null;
  const header = t.bytes.slice(t.at, t.at + RECORD_HEADER);
  const result = openNext(side.seal, header, t.bytes.slice(body, end), isWhole);
  record.side = { ...side, seal: result.after };
  return result;
}

/** Does it stay closed although there are secrets? */
function isClosed({ keyLog, side, session }: Record, type: number): boolean {
  if (keyLog === null) return false;
  return type === CONTENT.data || (side.isEncrypted && type !== CONTENT.changeCipherSpec && !isTls13(session.version));
}

function addProblem({ t, session }: Record, result: Result | null): void {
  const problem = result === null ? problemWithout(session) : result.problem;
  t.generated('undecrypted', problem).text = `[Not decrypted: ${problem}]`;
}

/** The contents of an opened record, in a data source of their own. */
function addOpened(record: Record, result: Result, body: number, end: number): void {
  const { t, session } = record;
  const { opened, opening, skipped } = result;
  if (opened === null || opening === null) return;
  const isData = opened.type === CONTENT.data;
  if (opening.cipher.is13) t.generated('record.content_type', opened.type, t.at, 1);
  if (skipped > 0)
    t.expert('warning', `${skipped} record${skipped === 1 ? ' is' : 's are'} missing before this one`, t.at, 0, 'lost');
  if (skipped > 0) record.side = { ...record.side, pending: null };
  if (isData) t.add('app_data', body, end - body);
  if (isData) addProtocol(record, body);
  const place = t.message !== null && t.message.at === t.at && t.message.bytes === t.bytes ? t.message.place : null;
  t.within('Decrypted TLS', opened.bytes, () => {
    if (!isData) {
      addContents(record, opened.type, 0, opened.bytes.length, false);
      return;
    }
    record.notes.isUnknown = opened.bytes.length === 0;
    record.carried = addApplicationData(
      t,
      record.carried,
      session.alpn,
      { frame: t.packet.number, place, opening },
      skipped > 0,
      record.notes,
    );
    if (record.notes.isUnknown) say(t, record.index === 0, CONTENT_TYPES[CONTENT.data] ?? '');
  });
}

function addProtocol(record: Record, at: number): void {
  const title = applicationTitle(record.t, record.session.alpn, record.carried);
  if (title === '') return;
  record.t.generated('app_data_proto', title, at);
  record.what = title;
}

/** Contents in [at, end) of the current data source; `isEncrypted`: they cannot be read. */
function addContents(record: Record, type: number, at: number, end: number, isEncrypted: boolean): void {
  const { t, session, side, index } = record;
  switch (type) {
    case CONTENT.changeCipherSpec:
      t.put('change_cipher_spec', new Uint8Array(0), at, end - at);
      say(t, index === 0, record.what);
      // In TLS 1.3 it means nothing (RFC 8446 D.4): what follows is sealed in application data anyway.
      if (!isTls13(session.version) && side.seal?.stage !== 'early') record.side = changeCipher(record);
      break;
    case CONTENT.alert:
      record.what = addAlert(t, at, end, isEncrypted, index);
      if (!isEncrypted && end - at === 2 && t.u8(at + 1) === ALERT.closeNotify)
        record.carried = addClosed(t, record.carried);
      break;
    case CONTENT.handshake: {
      const result = addHandshakes(t, at, end, { isEncrypted, pending: side.pending }, session, index);
      record.what = result.what;
      record.side = { ...record.side, pending: result.pending };
      break;
    }
    case CONTENT.heartbeat:
      record.what = addHeartbeat(
        t,
        at,
        end,
        isEncrypted || (record.side.seal === null && record.before.connection.suite >= 0),
      );
      say(t, index === 0, record.what);
      break;
    default:
      say(t, index === 0, record.what);
      if (end > at) t.add('app_data', at, end - at);
      addProtocol(record, at);
  }
}

/** The direction's records are sealed from the next one on. */
function changeCipher({ t, keyLog, session }: Record): Side {
  const seal = keyLog === null ? null : sealOf12(keyLog, session, t.packet.direction === session.client);
  return { isEncrypted: true, pending: null, seal };
}

/** TLS 1.3: which keys the next records have, by what the messages of this one were. */
function withKeys(t: TreeBuilder, keyLog: KeyLog | null, state: State, session: Session): State {
  if (keyLog === null || session.seen.length === 0) return state;
  const { direction } = t.packet;
  const { client } = session;
  let next = state;
  const put = (side: 0 | 1, seal: Seal | null): void => {
    next = withSide(next, side, { ...next.sides[side], seal });
  };
  for (const type of session.seen) {
    const seal = next.sides[direction].seal;
    if (type === HANDSHAKE.clientHello && session.earlyData) {
      put(client, sealOfEarlyData(keyLog, session.clientRandom));
    }
    if (!isTls13(session.version)) continue;
    if (type === HANDSHAKE.serverHello) {
      const early = next.sides[client].seal;
      const own = sealOf13(keyLog, session, true, 'handshake');
      put(client === 0 ? 1 : 0, sealOf13(keyLog, session, false, 'handshake'));
      put(client, early?.stage === 'early' ? followedBy(early, own) : own);
    } else if (type === HANDSHAKE.finished && seal !== null && seal.stage !== 'application') {
      put(direction, sealOf13(keyLog, session, direction === client, 'application'));
    } else if (type === HANDSHAKE.endOfEarlyData) {
      put(direction, sealOf13(keyLog, session, true, 'handshake'));
    } else if (type === HANDSHAKE.keyUpdate && seal !== null) {
      put(direction, updated(seal));
    }
  }
  return next;
}
