/** Where SOCKS messages end (RFC 1928, RFC 1929): each is told by those before it, in both directions. */

import { u16 } from '../../../base/bytes.ts';
import { type Framing, MORE, NOT_MINE, RECOGNISED } from '../../protocol.ts';

/** What comes next. */
export const PHASE = {
  start: 0,
  reply4: 1,
  methods: 2,
  login: 3,
  loginReply: 4,
  command: 5,
  reply5: 6,
  open: 7,
} as const;
/** The phases in which the client speaks. */
const CLIENT: readonly number[] = [PHASE.start, PHASE.login, PHASE.command];
const ADDRESS = { ipv4: 1, name: 3, ipv6: 4 } as const;
const CONNECT = 1;
const GRANTED4 = 90;
const METHOD = { none: 0, password: 2 } as const;
const MAX_NAME = 512;

/** `shared`: the phase, the command in the next byte; `version`: the port that was asked for. */
export function socksFrame(f: Framing): number {
  const phase = f.shared & 0xff;
  const isClient = f.direction === 0;
  if (f.lost || phase === PHASE.open || isClient !== CLIENT.includes(phase)) return NOT_MINE;
  const { bytes, at } = f;
  const length = f.end - at;
  if (length < 2) return MORE;
  switch (phase) {
    case PHASE.start:
      return bytes[at] === 4 ? connect4(f) : methods(f);
    case PHASE.reply4:
      return next(f, 8, bytes[at + 1] === GRANTED4 ? -1 : PHASE.open);
    case PHASE.methods: {
      const method = bytes[at + 1];
      return next(f, 2, method === METHOD.password ? PHASE.login : method === METHOD.none ? PHASE.command : PHASE.open);
    }
    case PHASE.login: {
      const user = bytes[at + 1];
      return length < 3 + user ? MORE : next(f, 3 + user + bytes[at + 2 + user], PHASE.loginReply);
    }
    case PHASE.loginReply:
      return next(f, 2, PHASE.command);
    default:
      return addressed(f, phase);
  }
}

/** A unit of `length` bytes after which the phase is another; -1: the connection stands. */
function next(f: Framing, length: number, phase: number): number {
  if (f.end - f.at < length) return MORE;
  if (phase >= 0) f.shared = (f.shared & ~0xff) | phase;
  else {
    f.becomes = f.find('tcp.port', f.version) || RECOGNISED;
    f.isInside = true;
  }
  return length;
}

/** A name that ends in NUL behind the address; in 4a, where the address is 0.0.0.x, a second one. */
function connect4(f: Framing): number {
  const { bytes, at, end } = f;
  if (end - at < 9) return MORE;
  const first = bytes.indexOf(0, at + 8);
  if (first < 0 || first >= end) return end - at > MAX_NAME ? NOT_MINE : MORE;
  let stop = first;
  if (bytes[at + 4] === 0 && bytes[at + 5] === 0 && bytes[at + 6] === 0 && bytes[at + 7] !== 0) {
    stop = bytes.indexOf(0, first + 1);
    if (stop < 0 || stop >= end) return end - first > MAX_NAME ? NOT_MINE : MORE;
  }
  f.version = u16(bytes, at + 2);
  f.shared = PHASE.reply4 | (bytes[at + 1] << 8);
  return stop + 1 - at;
}

function methods(f: Framing): number {
  if (f.bytes[f.at] !== 5) return NOT_MINE;
  return next(f, 2 + f.bytes[f.at + 1], PHASE.methods);
}

/** Requests and replies of version 5: four bytes, of which the last is the kind of address, the address, a port. */
function addressed(f: Framing, phase: number): number {
  const { bytes, at, end } = f;
  if (end - at < 4) return MORE;
  const kind = bytes[at + 3];
  if (kind === ADDRESS.name && end - at < 5) return MORE;
  const size = kind === ADDRESS.ipv4 ? 4 : kind === ADDRESS.ipv6 ? 16 : kind === ADDRESS.name ? 1 + bytes[at + 4] : 0;
  if (size === 0 || bytes[at] !== 5) return NOT_MINE;
  const length = 6 + size;
  if (end - at < length) return MORE;
  if (phase === PHASE.command) {
    f.version = u16(bytes, at + 4 + size);
    f.shared = PHASE.reply5 | (bytes[at + 1] << 8);
    return length;
  }
  return next(f, length, bytes[at + 1] === 0 && f.shared >>> 8 === CONNECT ? -1 : PHASE.open);
}
