/** How the records of a direction are opened now, and how that goes on: new keys, lost records, wrong ones. */

import { type KeyLog, OTHER_LABEL } from '../../../../base/key-log.ts';
import type { Connection } from '../connection.ts';
import { cipherSuiteName, isTls13, VERSION } from '../names.ts';
import { concat, keysOf12, keysOf13, masterSecret, nextSecret } from './keys.ts';
import { chainedTo, type Opened, type Opening, openRecord, type RecordCipher } from './open-record.ts';
import { type Suite, suiteOf } from './suites.ts';

/** Which secret of TLS 1.3 the keys come from; `records`: those of TLS 1.2 and before, which have one for all. */
export type Stage = 'early' | 'handshake' | 'application' | 'records';

export interface Seal {
  readonly stage: Stage;
  /** null: the records cannot be opened, and `problem` says why. */
  readonly cipher: RecordCipher | null;
  readonly problem: string;
  /** TLS 1.3: what a Key Update goes on from. */
  readonly secret: Uint8Array;
  /** Number of the next record. */
  readonly sequence: number;
  readonly chained: Uint8Array;
  /** Records in a row that did not open. */
  readonly failures: number;
  /** Tried from its first record where this one does not fit: the message between the two may be missing. */
  readonly next: Seal | null;
}

/** Lost records that are looked past. */
const MAX_SKIPPED = 512;
/** After so many records that do not open, nobody tries any more. */
const MAX_FAILURES = 4;
/** RFC 6066 7. */
const TRUNCATED_MAC = 10;
const NOTHING = new Uint8Array(0);

const PROBLEM = {
  noHello: 'the Client Hello is not in this capture, which would say whose secrets are needed',
  noAnswer: 'the Server Hello is not in this capture, which would say how the records are sealed',
  noSecret: 'the secrets at hand have none for this client random',
  premaster: 'only the premaster secret is known, and an extended master secret cannot be made of it alone',
  compressed: 'the contents are compressed',
  version: 'SSL 3.0 is not supported',
  failed: 'the MAC is wrong: too many records are missing before, or the secret belongs to another connection',
} as const;

function broken(stage: Stage, problem: string): Seal {
  return { stage, cipher: null, problem, secret: NOTHING, sequence: 0, chained: NOTHING, failures: 0, next: null };
}

function fresh(stage: Stage, cipher: RecordCipher, secret: Uint8Array, chained: Uint8Array, next: Seal | null): Seal {
  return { stage, cipher, problem: '', secret, sequence: 0, chained, failures: 0, next };
}

/** After a Change Cipher Spec, until TLS 1.2. */
export function sealOf12(keyLog: KeyLog, connection: Connection, isClient: boolean): Seal {
  const { version, clientRandom, serverRandom, encryptThenMac } = connection;
  if (clientRandom.length === 0) return broken('records', PROBLEM.noHello);
  if (serverRandom.length === 0) return broken('records', PROBLEM.noAnswer);
  if (version < VERSION.tls10) return broken('records', PROBLEM.version);
  if (connection.compression !== 0) return broken('records', PROBLEM.compressed);
  const suite = suiteOf(connection.suite);
  if (suite === null) return broken('records', unsupported(connection.suite));
  const master = findMaster(keyLog, connection, suite);
  if (typeof master === 'string') return broken('records', master);
  const keys = keysOf12(version, suite, master, clientRandom, serverRandom)[isClient ? 'client' : 'server'];
  const isChained = version === VERSION.tls10 && suite.sealing.kind === 'cbc';
  const macBytes = connection.truncatedMac ? Math.min(TRUNCATED_MAC, suite.macBytes) : suite.macBytes;
  const cipher = { suite, keys, version, is13: false, encryptThenMac, macBytes };
  return fresh('records', cipher, NOTHING, isChained ? keys.iv : NOTHING, null);
}

function unsupported(suite: number): string {
  return `the cipher suite ${cipherSuiteName(suite) ?? `0x${suite.toString(16).padStart(4, '0')}`} is not supported`;
}

/** The master secret, or what is in the way. */
function findMaster(keyLog: KeyLog, connection: Connection, suite: Suite): Uint8Array | string {
  const { clientRandom, serverRandom, sessionId, encryptedPremaster, version } = connection;
  const master =
    keyLog.find('CLIENT_RANDOM', clientRandom) ??
    (sessionId.length > 0 ? keyLog.find(OTHER_LABEL.session, sessionId) : undefined);
  if (master !== undefined) return master;
  const premaster =
    keyLog.find('PMS_CLIENT_RANDOM', clientRandom) ??
    (encryptedPremaster.length > 0 ? keyLog.find(OTHER_LABEL.rsa, encryptedPremaster) : undefined);
  if (premaster === undefined) return PROBLEM.noSecret;
  if (connection.extendedMasterSecret) return PROBLEM.premaster;
  return masterSecret(version, suite, premaster, concat(clientRandom, serverRandom));
}

const LABELS = {
  early: ['CLIENT_EARLY_TRAFFIC_SECRET', 'CLIENT_EARLY_TRAFFIC_SECRET'],
  handshake: ['CLIENT_HANDSHAKE_TRAFFIC_SECRET', 'SERVER_HANDSHAKE_TRAFFIC_SECRET'],
  application: ['CLIENT_TRAFFIC_SECRET_0', 'SERVER_TRAFFIC_SECRET_0'],
} as const;
type Stage13 = keyof typeof LABELS;

/** From a hello or a Finished on, in TLS 1.3. */
export function sealOf13(keyLog: KeyLog, connection: Connection, isClient: boolean, stage: Stage13): Seal {
  if (connection.clientRandom.length === 0) return broken(stage, PROBLEM.noHello);
  const suite = suiteOf(connection.suite);
  if (suite === null) return broken(stage, unsupported(connection.suite));
  const secret = keyLog.find(LABELS[stage][isClient ? 0 : 1], connection.clientRandom);
  const next = stage === 'handshake' ? sealOf13(keyLog, connection, isClient, 'application') : null;
  if (secret !== undefined) return fresh(stage, cipherOf13(suite, secret), secret, NOTHING, next);
  return next !== null && next.cipher !== null ? next : broken(stage, PROBLEM.noSecret);
}

function cipherOf13(suite: Suite, secret: Uint8Array): RecordCipher {
  const keys = keysOf13(suite, secret);
  return { suite, keys, version: VERSION.tls13, is13: true, encryptThenMac: false, macBytes: suite.macBytes };
}

/** Suites by the length of their secrets, the usual first: which one early data uses stood in the session before. */
const EARLY_SUITES: Readonly<Record<number, readonly number[]>> = { 32: [0x1301, 0x1303, 0x1304], 48: [0x1302] };

/** Behind a Client Hello that announces early data (RFC 8446 4.2.10); null: the log has no secret for them. */
export function sealOfEarlyData(keyLog: KeyLog, clientRandom: Uint8Array): Seal | null {
  const secret = keyLog.find(LABELS.early[0], clientRandom);
  if (secret === undefined) return null;
  return (EARLY_SUITES[secret.length] ?? []).reduceRight<Seal | null>((next, number) => {
    const suite = suiteOf(number);
    return suite === null ? next : fresh('early', cipherOf13(suite, secret), secret, NOTHING, next);
  }, null);
}

/** The Server Hello is there: where early data is not accepted the next record is sealed with the handshake's secret. */
export function followedBy(seal: Seal, next: Seal): Seal {
  return { ...seal, next: seal.next === null ? next : followedBy(seal.next, next) };
}

/** After a Key Update. */
export function updated(seal: Seal): Seal {
  if (seal.cipher === null) return seal;
  const secret = nextSecret(seal.cipher.suite, seal.secret);
  return fresh(seal.stage, cipherOf13(seal.cipher.suite, secret), secret, NOTHING, null);
}

export interface Result {
  readonly opened: Opened | null;
  /** How it was opened. */
  readonly opening: Opening | null;
  /** Why it was not; empty where it was. */
  readonly problem: string;
  /** Records before this one that are not in the capture. */
  readonly skipped: number;
  readonly after: Seal;
}

/** Opens the next record of a direction. `isWhole`: all of its body was captured. */
export function openNext(seal: Seal, header: Uint8Array, body: Uint8Array, isWhole: boolean): Result {
  const { cipher } = seal;
  if (cipher === null) return { opened: null, opening: null, problem: seal.problem, skipped: 0, after: seal };
  if (!isWhole) {
    const after = { ...seal, sequence: seal.sequence + 1 };
    return { opened: null, opening: null, problem: 'not all of the record was captured', skipped: 0, after };
  }
  for (const most of [0, MAX_SKIPPED]) {
    for (let one: Seal | null = seal; one !== null; one = one.next) {
      const found = one.cipher === null ? null : search(one, one.cipher, header, body, most);
      if (found !== null) return found;
    }
  }
  const failures = seal.failures + 1;
  const after =
    failures < MAX_FAILURES
      ? { ...seal, sequence: seal.sequence + 1, chained: chainedTo(cipher, body), failures }
      : broken(seal.stage, PROBLEM.failed);
  return { opened: null, opening: null, problem: PROBLEM.failed, skipped: 0, after };
}

/** Tries the next record's number, and `most` behind it. */
function search(seal: Seal, cipher: RecordCipher, header: Uint8Array, body: Uint8Array, most: number): Result | null {
  for (let skipped = most > 0 ? 1 : 0; skipped <= most; skipped++) {
    const opening = { cipher, sequence: seal.sequence + skipped, chained: seal.chained };
    const opened = openRecord(opening, header, body);
    if (opened === null) continue;
    const after = { ...seal, sequence: opening.sequence + 1, chained: chainedTo(cipher, body), failures: 0 };
    return { opened, opening, problem: '', skipped, after };
  }
  return null;
}

/** Why a direction's records stay closed although there are secrets: nothing was learnt that would open them. */
export function problemWithout(connection: Connection): string {
  if (connection.clientRandom.length === 0) return PROBLEM.noHello;
  return isTls13(connection.version) || connection.version === 0 ? PROBLEM.noAnswer : PROBLEM.noSecret;
}
