/** What the user has set that changes what captures show: protocols that should not be there, names for addresses. Data only. */

import * as v from 'valibot';

export const UNWANTED_KINDS = ['peerToPeer', 'mining', 'tunnel', 'clearText', 'other'] as const;
export type UnwantedKind = (typeof UNWANTED_KINDS)[number];

const name = v.pipe(v.string(), v.maxLength(200));

/** A protocol that should not be there, unless someone wants it there. */
const unwantedRule = v.object({
  kind: v.picklist(UNWANTED_KINDS),
  /** What people call it. */
  title: name,
  filter: v.pipe(v.string(), v.maxLength(65536)),
  on: v.boolean(),
});
export type UnwantedRule = v.InferOutput<typeof unwantedRule>;

/** A name that the user gives to an address, or to a block of addresses. */
const addressLabel = v.object({ address: v.pipe(v.string(), v.maxLength(64)), name });
export type AddressLabel = v.InferOutput<typeof addressLabel>;

/** Where connections were captured, as the user says; `auto`: as they tell themselves. */
export const side = v.picklist(['auto', 'client', 'server', 'between']);
export type Side = v.InferOutput<typeof side>;

const MOST_STREAMS = 10_000;
const number = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffffffff));

/** Of one file, which is known again by its path and size. */
const captureSide = v.object({
  path: v.pipe(v.string(), v.minLength(1), v.maxLength(4096)),
  size: v.number(),
  side,
  streams: v.pipe(v.array(v.object({ stream: number, side })), v.maxLength(MOST_STREAMS)),
});
export type KeptSide = v.InferOutput<typeof captureSide>;

export interface GivenSides {
  readonly file: Side;
  /** By tcp.stream. */
  readonly streams: ReadonlyMap<number, Exclude<Side, 'auto'>>;
}

export const NO_GIVEN_SIDES: GivenSides = { file: 'auto', streams: new Map() };

export const sideMethods = {
  /** Where it was captured; `stream`: one connection alone, null: all others. The host keeps it for the file. */
  'session.setSide': v.object({ session: number, stream: v.nullable(number), side }),
} as const;

export const preferenceEntries = {
  /** In the order they are shown. */
  unwanted: v.pipe(v.array(unwantedRule), v.maxLength(1000)),
  labels: v.pipe(v.array(addressLabel), v.maxLength(10_000)),
  /** The packet list shows names in place of addresses, where it knows any. */
  showNames: v.boolean(),
  /** The newest first. */
  captureSides: v.pipe(v.array(captureSide), v.maxLength(1000)),
} as const;

/** The preferences that a session has to know. */
export interface Preferences {
  readonly unwanted: readonly UnwantedRule[];
  readonly labels: readonly AddressLabel[];
  readonly showNames: boolean;
  /** Sequence numbers of TCP count from the first one of the connection. */
  readonly relativeSequence: boolean;
}

const rule = (kind: UnwantedKind, title: string, filter: string): UnwantedRule => ({ kind, title, filter, on: true });

/** The list that one begins with. */
export const DEFAULT_UNWANTED: readonly UnwantedRule[] = [
  rule('peerToPeer', 'BitTorrent', 'bittorrent or bt-dht or bt-utp or bt-tracker'),
  rule('peerToPeer', 'eDonkey', 'edonkey'),
  rule('peerToPeer', 'Gnutella', 'gnutella'),
  rule('mining', 'Stratum', 'stratum'),
  rule('tunnel', 'SOCKS', 'socks'),
  // Relays and directories listen there by default; what is inside looks like any TLS.
  rule('tunnel', 'Tor (TCP 9001, 9030, 9150)', 'tls and tcp.port in {9001, 9030, 9150}'),
  rule('clearText', 'Telnet', 'telnet'),
  rule('clearText', 'FTP', 'ftp.request.command in {"USER", "PASS"}'),
  // What is inside TLS is no clear text, where secrets open it.
  rule('clearText', 'POP3', 'pop.request.command in {"USER", "PASS", "AUTH"} and not tls'),
  rule('clearText', 'IMAP', 'imap.request.command matches "(?i)^(login|authenticate)$" and not tls'),
  rule('clearText', 'SMTP AUTH', '(smtp.req.command == "AUTH" or smtp.auth.password) and not tls'),
  rule('clearText', 'HTTP Basic', 'http.authbasic and not tls'),
  rule('clearText', 'LDAP', 'ldap.authentication == 0 and ldap.simple != "" and not tls'),
  // Common inside data centres.
  { ...rule('clearText', 'SNMP', 'snmp.community'), on: false },
];

export const DEFAULT_PREFERENCES: Preferences = {
  unwanted: DEFAULT_UNWANTED,
  labels: [],
  showNames: false,
  relativeSequence: true,
};
