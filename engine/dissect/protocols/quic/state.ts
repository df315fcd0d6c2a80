/** What a QUIC connection remembers: keys, connection id lengths, handshakes by level. States are replaced, not changed. */

import { toHex } from '../../../base/hex.ts';
import type { KeyLog } from '../../../base/key-log.ts';
import { Visits } from '../../visits.ts';
import { type CryptoStream, type Hello, NO_HELLO, NOTHING_YET } from './crypto-stream.ts';
import { initialKeys, keysOf, nextKeys, type PacketKeys } from './keys.ts';

export const LEVEL = { initial: 0, handshake: 1, application: 2 } as const;
export type Level = (typeof LEVEL)[keyof typeof LEVEL];
/** Derived keys that are kept; a connection has six, and two more with each key update. */
const MAX_KEYS = 64;
/** Labels of a key log by level and direction: client's, server's. */
const LABELS: Readonly<Record<number, readonly [string, string]>> = {
  [LEVEL.handshake]: ['CLIENT_HANDSHAKE_TRAFFIC_SECRET', 'SERVER_HANDSHAKE_TRAFFIC_SECRET'],
  [LEVEL.application]: ['CLIENT_TRAFFIC_SECRET_0', 'SERVER_TRAFFIC_SECRET_0'],
};

type Pair<T> = readonly [T, T];

export interface State {
  /** The connection id that Initial keys are made from. */
  readonly keyId: Uint8Array | null;
  readonly version: number;
  /** Length of the connection ids that each side chose for itself; -1: not known. */
  readonly ownLength: Pair<number>;
  /** Handshake bytes by level and direction. */
  readonly streams: readonly Pair<CryptoStream>[];
  readonly hello: Hello;
  /** Next packet number by level and direction. */
  readonly expected: readonly Pair<number>[];
  /** Key updates by direction (RFC 9001 6). */
  readonly generation: Pair<number>;
}

const NO_STREAMS: Pair<CryptoStream> = [NOTHING_YET, NOTHING_YET];

export const START: State = {
  keyId: null,
  version: 0,
  ownLength: [-1, -1],
  streams: [NO_STREAMS, NO_STREAMS, NO_STREAMS],
  hello: NO_HELLO,
  expected: [
    [0, 0],
    [0, 0],
    [0, 0],
  ],
  generation: [0, 0],
};

export function withDirection<T>(pair: Pair<T>, direction: 0 | 1, value: T): Pair<T> {
  return direction === 0 ? [value, pair[1]] : [pair[0], value];
}

function withLevel<T>(list: readonly Pair<T>[], level: Level, direction: 0 | 1, value: T): readonly Pair<T>[] {
  return list.map((pair, i) => (i === level ? withDirection(pair, direction, value) : pair));
}

export function withStream(state: State, level: Level, direction: 0 | 1, stream: CryptoStream): State {
  return { ...state, streams: withLevel(state.streams, level, direction, stream) };
}

export function withNumber(state: State, level: Level, direction: 0 | 1, packetNumber: number): State {
  const next = Math.max(packetNumber + 1, state.expected[level][direction]);
  return { ...state, expected: withLevel(state.expected, level, direction, next) };
}

export class Memory {
  readonly visits = new Visits<State>();
  now: State = START;
  private readonly keys = new Map<string, PacketKeys | null>();

  /** Keys of Initial packets; made from a connection id. */
  initial(version: number, keyId: Uint8Array, isClient: boolean): PacketKeys | null {
    return this.cached(`i ${version} ${isClient} ${toHex(keyId)}`, () => initialKeys(version, keyId, isClient));
  }

  /** Keys of a level that TLS has the secrets of; null: they are not known. `generation`: key updates since. */
  fromSecrets(
    state: State,
    level: Level,
    direction: 0 | 1,
    generation: number,
    keyLog: KeyLog | undefined,
  ): PacketKeys | null {
    const { random, suite } = state.hello;
    const label = LABELS[level]?.[direction];
    if (random === null || suite < 0 || label === undefined || keyLog === undefined) return null;
    if (generation > 0) {
      const before = this.fromSecrets(state, level, direction, generation - 1, keyLog);
      return before === null
        ? null
        : this.cached(`s ${level} ${direction} ${generation}`, () => nextKeys(state.version, before));
    }
    const secret = keyLog.find(label, random) ?? keyLog.find(`QUIC_${label}`, random);
    if (secret === undefined) return null;
    return this.cached(`s ${level} ${direction} 0`, () => keysOf(state.version, suite, secret));
  }

  private cached(key: string, make: () => PacketKeys | null): PacketKeys | null {
    const known = this.keys.get(key);
    if (known !== undefined) return known;
    if (this.keys.size >= MAX_KEYS) this.keys.clear();
    const made = make();
    this.keys.set(key, made);
    return made;
  }
}
