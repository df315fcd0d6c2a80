/** What the hellos of a connection settled, as far as later messages and keys depend on it. */

export interface Connection {
  /** Agreed version; 0: not known yet. */
  readonly version: number;
  /** The same as the Server Hello has it: DTLS counts otherwise. */
  readonly wireVersion: number;
  /** Agreed cipher suite; -1: not known. */
  readonly suite: number;
  /** The protocol that the server chose by ALPN, or empty. */
  readonly alpn: string;
  /** Session id that the client offered, as hex digits: a server that repeats it resumes that session (RFC 5246 7.4.1.3). */
  readonly offeredSession: string;
  readonly sessionId: Uint8Array;
  /** Empty: that hello was not seen. */
  readonly clientRandom: Uint8Array;
  readonly serverRandom: Uint8Array;
  /** First bytes of the premaster secret as the client encrypted it (RSA); empty otherwise. */
  readonly encryptedPremaster: Uint8Array;
  readonly encryptThenMac: boolean;
  /** MACs are cut to ten bytes (RFC 6066 7). */
  readonly truncatedMac: boolean;
  readonly extendedMasterSecret: boolean;
  readonly compression: number;
  /** The client sends data before the server has answered (RFC 8446 2.3). */
  readonly earlyData: boolean;
  /** Direction of the client. */
  readonly client: 0 | 1;
}

/** The same while a record is dissected: its messages fill it in. */
export type Session = { -readonly [Key in keyof Connection]: Connection[Key] } & {
  /** Types of the whole handshake messages in the record. */
  readonly seen: number[];
};

const NOTHING = new Uint8Array(0);

export const NEW_CONNECTION: Connection = {
  version: 0,
  wireVersion: 0,
  suite: -1,
  alpn: '',
  offeredSession: '',
  sessionId: NOTHING,
  clientRandom: NOTHING,
  serverRandom: NOTHING,
  encryptedPremaster: NOTHING,
  encryptThenMac: false,
  truncatedMac: false,
  extendedMasterSecret: false,
  compression: 0,
  earlyData: false,
  client: 0,
};

const KEYS = Object.keys(NEW_CONNECTION) as readonly (keyof Connection)[];

export function sessionOf(connection: Connection): Session {
  return { ...connection, seen: [] };
}

/** What is settled after a record: the same as before it where the record had no say in it, as with most. */
export function settled(session: Session, before: Connection): Connection {
  if (KEYS.every((key) => session[key] === before[key])) return before;
  const { seen: _, ...connection } = session;
  return connection;
}
