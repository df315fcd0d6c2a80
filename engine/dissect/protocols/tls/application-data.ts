/** What is inside decrypted records: messages of an application, over as many records as they take. */

import {
  applicationNamed,
  type Carried,
  type CarriedMessage,
  carry,
  closeCarried,
  type Fed,
  feed,
  lose,
  type Piece,
  recogniseApplication,
  titleOf,
} from '../../carried.ts';
import type { MessagePlace, TreeBuilder } from '../../tree.ts';
import { type Opening, openAgain } from './decrypt/open-record.ts';

/** A decrypted record, as much as is needed to open it again. */
export interface CarriedRecord {
  readonly frame: number;
  /** Where it is in the TCP stream; null: its layer below has no say in that, and `bytes` are kept instead. */
  readonly place: MessagePlace | null;
  readonly opening: Opening;
  readonly bytes: Uint8Array | null;
}

/** What the records of one frame know of each other. */
export interface FrameNotes {
  /** Length of Info before the first of them. */
  readonly infoStart: number;
  /** Something of the application was in one of them. */
  hasApplication: boolean;
  /** Nobody knows what the record at hand carries. */
  isUnknown: boolean;
}

/** A longer message is put together up to this. */
const MAX_MESSAGE = 16 << 20;
/** Contents that are kept because their records cannot be found again, per message. */
const MAX_KEPT = 1 << 20;

/** Names of ALPN protocols (IANA) as the protocols here call themselves. */
const BY_ALPN: Readonly<Record<string, string>> = {
  'http/0.9': 'http',
  'http/1.0': 'http',
  'http/1.1': 'http',
  h2: 'http2',
  dot: 'dns',
  ftp: 'ftp',
  imap: 'imap',
  irc: 'irc',
  mqtt: 'mqtt',
  pop3: 'pop',
  postgresql: 'pgsql',
  'radius/1.0': 'radius',
  'sip/2': 'sip',
  'stun.turn': 'stun',
  'stun.nat-discovery': 'stun',
  'tds/8.0': 'tds',
};

/** Ports at which TLS carries a protocol without a word about it (IANA). */
const BY_PORT: Readonly<Record<number, string>> = {
  443: 'http',
  465: 'smtp',
  636: 'ldap',
  853: 'dns',
  990: 'ftp',
  993: 'imap',
  994: 'irc',
  995: 'pop',
  2083: 'radius',
  3269: 'ldap',
  5061: 'sip',
  5671: 'amqp',
  5986: 'http',
  6514: 'syslog',
  6697: 'irc',
  8443: 'http',
  8883: 'mqtt',
};

/** What the tree says application data is: as agreed by ALPN, or usual at the port; empty where nothing says it. */
export function applicationTitle(t: TreeBuilder, alpn: string, carried: Carried<CarriedRecord> | null): string {
  if (carried !== null) return titleOf(carried.protocol);
  if (alpn !== '') return titleOf(applicationNamed(BY_ALPN[alpn] ?? '')) || alpn;
  return titleOf(applicationNamed(usualAt(t)));
}

function usualAt({ ports: [source, destination] }: TreeBuilder): string {
  return BY_PORT[Math.min(source, destination)] ?? BY_PORT[Math.max(source, destination)] ?? '';
}

/** Which application it is: by ALPN, by what the first bytes look like, by port; 0: nobody here knows. */
function chooseApplication(t: TreeBuilder, alpn: string, bytes: Uint8Array): number {
  const agreed = applicationNamed(BY_ALPN[alpn] ?? '');
  if (agreed !== 0) return agreed;
  const seen = recogniseApplication(bytes, 'tls');
  if (seen !== 0) return seen;
  if (alpn !== '') return 0;
  return applicationNamed(usualAt(t));
}

/** Dissects decrypted application data, which are `t.bytes`; returns the stream after it. `index`: messages before in the frame. */
export function addApplicationData(
  t: TreeBuilder,
  before: Carried<CarriedRecord> | null,
  alpn: string,
  record: Omit<CarriedRecord, 'bytes'>,
  isLost: boolean,
  notes: FrameNotes,
): Carried<CarriedRecord> | null {
  const { bytes } = t;
  const { direction } = t.packet;
  if (bytes.length === 0) return before;
  const application = before === null ? chooseApplication(t, alpn, bytes) : 0;
  if (before === null && application === 0) {
    t.text(`Decrypted application data (${bytes.length} byte${bytes.length === 1 ? '' : 's'})`, 0, bytes.length);
    notes.isUnknown = true;
    return null;
  }
  const known = before ?? carry<CarriedRecord>(application);
  const stream = isLost ? lose(known, direction) : known;
  const isKept = record.place === null && (stream.sides[direction].pieces?.length ?? 0) < MAX_KEPT;
  // What the application says stands alone: messages of TLS before it in the frame are not mentioned.
  if (!notes.hasApplication) t.restartInfo(notes.infoStart);
  const fed = feed(stream, direction, bytes, { ...record, bytes: isKept ? bytes : null }, 'tls');
  addMessages(t, fed);
  if (fed.messages.length > 0 || fed.rest < bytes.length) notes.hasApplication = true;
  if (fed.rest < bytes.length) {
    t.add('segment.data', fed.rest, bytes.length - fed.rest);
    if (fed.messages.length === 0) t.addInfo('[TLS segment of a reassembled PDU]');
  }
  return fed.after;
}

/** A close_notify ends what lasts until the end of the connection. */
export function addClosed(t: TreeBuilder, stream: Carried<CarriedRecord> | null): Carried<CarriedRecord> | null {
  const fed = stream === null ? null : closeCarried(stream, t.packet.direction);
  if (fed === null) return stream;
  t.fence();
  addMessages(t, fed);
  return fed.after;
}

function addMessages(t: TreeBuilder, fed: Fed<CarriedRecord>): void {
  const { first } = fed.after;
  fed.messages.forEach((message, i) => {
    if (i > 0) t.fence();
    if (i > 0 && fed.messages[i - 1]?.earlier === null) t.listOnce(message.isInside ? 2 : 1);
    const show = (from: number, to: number): void => {
      if (message.isInside) t.inner = message.protocol;
      t.dissect(message.isInside ? first : message.protocol, from, to, to);
      t.inner = 0;
    };
    if (message.earlier === null) {
      show(message.from, message.to);
      return;
    }
    if (message.to > message.from) t.add('segment.data', message.from, message.to - message.from);
    const whole = assemble(t, message, message.earlier);
    addSegments(t, message.earlier, whole.length, message.to > message.from);
    t.within('Reassembled TLS', whole, () => {
      t.hide('reassembled.data', whole, 0, whole.length);
      show(0, whole.length);
    });
  });
}

/** The rows that say of which frames a message was put together. */
function addSegments(t: TreeBuilder, earlier: Piece<CarriedRecord>, length: number, endsHere: boolean): void {
  const frames: number[] = [];
  for (let piece: Piece<CarriedRecord> | null = earlier; piece !== null; piece = piece.before)
    frames.push(piece.unit.frame);
  frames.reverse();
  if (endsHere) frames.push(t.packet.number);
  t.nest(t.generated('segments', new Uint8Array(0)));
  t.last().text = `${frames.length} Reassembled TLS segments (${length} bytes)`;
  for (const frame of frames) t.generated('segment', frame);
  t.generated('segment.count', frames.length);
  t.generated('reassembled.length', length);
  t.close();
}

function assemble(t: TreeBuilder, message: CarriedMessage<CarriedRecord>, earlier: Piece<CarriedRecord>): Uint8Array {
  const own = message.to - message.from;
  const whole = new Uint8Array(Math.min(MAX_MESSAGE, earlier.length + own));
  let end = earlier.length;
  if (end < whole.length) whole.set(t.bytes.subarray(message.from, message.from + whole.length - end), end);
  for (let piece: Piece<CarriedRecord> | null = earlier; piece !== null; piece = piece.before) {
    const from = end - (piece.to - piece.from);
    if (from < whole.length) {
      const bytes = contentsOf(t, piece.unit)?.subarray(piece.from, piece.to);
      if (bytes !== undefined) whole.set(bytes.subarray(0, whole.length - from), from);
    }
    end = from;
  }
  return whole;
}

/** A record's contents again; null: they cannot be had any more. */
function contentsOf(t: TreeBuilder, record: CarriedRecord): Uint8Array | null {
  if (record.bytes !== null || record.place === null) return record.bytes;
  const bytes = t.packet.bytesOf?.(record.place);
  return bytes === undefined ? null : openAgain(record.opening, bytes);
}
