/** The port mapper (RFC 1833) says on which port a program of ONC RPC listens: GETPORT, GETADDR and the list of all. */

import { u32 } from '../../base/bytes.ts';
import { decodeLatin1 } from '../../base/text.ts';
import type { Announcing, Transport } from '../announcements.ts';

const PROGRAM = 100_000;
const MESSAGE = { call: 0, reply: 1 } as const;
const GET_PORT = 3;
const GET_ADDRESS = [3, 9] as const;
const DUMP = 4;
const IP = { tcp: 6, udp: 17 } as const;
/** Calls without an answer that are remembered per flow. */
const MAX_CALLS = 256;
const MAX_ENTRIES = 1024;

interface Call {
  readonly version: number;
  readonly procedure: number;
  readonly transport: Transport | null;
  readonly program: number;
}

export function announcePortmap(a: Announcing): void {
  const { bytes, end } = a;
  const at = a.transport === 'tcp' ? a.at + 4 : a.at;
  if (end - at < 24) return;
  const type = u32(bytes, at + 4);
  const isCall = type === MESSAGE.call && end - at >= 40 && u32(bytes, at + 12) === PROGRAM;
  if (!isCall && type !== MESSAGE.reply) return;
  if (!isCall && a.source.port !== 111) return; // every reply comes by here: few are a port mapper's
  const calls = a.state(() => new Map<number, Call>());
  if (isCall) remember(a, calls, at);
  else answer(a, calls, at);
}

/** One past credentials or a verifier: flavour, length, contents. */
function afterAuth(bytes: Uint8Array, at: number): number {
  return at + 8 + ((u32(bytes, at + 4) + 3) & ~3);
}

function remember(a: Announcing, calls: Map<number, Call>, at: number): void {
  const { bytes, end } = a;
  const version = u32(bytes, at + 16);
  const procedure = u32(bytes, at + 20);
  let body = afterAuth(bytes, at + 24);
  if (body + 8 > end) return;
  body = afterAuth(bytes, body);
  let transport: Transport | null = null;
  let program = 0;
  if (version === 2 && procedure === GET_PORT) {
    if (body + 16 > end) return;
    program = u32(bytes, body);
    const protocol = u32(bytes, body + 8);
    transport = protocol === IP.tcp ? 'tcp' : protocol === IP.udp ? 'udp' : null;
  } else if (version > 2 && GET_ADDRESS.some((one) => one === procedure)) {
    if (body + 16 > end) return;
    program = u32(bytes, body);
    transport = transportOf(text(a, body + 8));
  } else if (procedure !== DUMP) return;
  calls.set(u32(bytes, at), { version, procedure, transport, program });
  for (const oldest of calls.keys()) {
    if (calls.size <= MAX_CALLS) break;
    calls.delete(oldest);
  }
}

function answer(a: Announcing, calls: Map<number, Call>, at: number): void {
  const { bytes, end } = a;
  const call = calls.get(u32(bytes, at));
  if (call === undefined || u32(bytes, at + 8) !== 0) return;
  calls.delete(u32(bytes, at));
  const body = afterAuth(bytes, at + 12);
  if (body + 8 > end || u32(bytes, body) !== 0) return;
  if (call.procedure === DUMP) {
    if (call.version === 2) list(a, body + 4);
  } else if (call.transport !== null) {
    const port = call.version === 2 ? u32(bytes, body + 4) : universalPort(text(a, body + 4));
    tell(a, call.transport, port, call.program);
  }
}

/** RFC 1833 3.1: a word that says whether an entry follows, then program, version, protocol, port. */
function list(a: Announcing, from: number): void {
  let at = from;
  for (let i = 0; i < MAX_ENTRIES && at + 20 <= a.end && u32(a.bytes, at) === 1; i++, at += 20) {
    const protocol = u32(a.bytes, at + 12);
    if (protocol === IP.tcp || protocol === IP.udp)
      tell(a, protocol === IP.tcp ? 'tcp' : 'udp', u32(a.bytes, at + 16), u32(a.bytes, at + 4));
  }
}

function tell(a: Announcing, transport: Transport, port: number, program: number): void {
  if (!(port > 0 && port < 65_536)) return;
  a.tell(transport, a.source.address, port, 'rpc', 'PORTMAP').notes.set('program', {
    text: String(program),
    row: a.row,
  });
}

function text(a: Announcing, at: number): string {
  if (at + 4 > a.end) return '';
  return decodeLatin1(a.bytes, at + 4, Math.min(a.end, at + 4 + u32(a.bytes, at)));
}

function transportOf(network: string): Transport | null {
  return network.startsWith('tcp') ? 'tcp' : network.startsWith('udp') ? 'udp' : null;
}

/** RFC 5665 5.2.3.3: the last two numbers of a universal address. */
function universalPort(address: string): number {
  const parts = address.split('.').map(Number);
  const low = parts.at(-1) ?? 0;
  const high = parts.at(-2) ?? 0;
  return low >= 0 && low < 256 && high >= 0 && high < 256 ? high * 256 + low : 0;
}
