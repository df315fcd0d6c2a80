/** ONC RPC version 2 (RFC 5531): calls and replies, over UDP, and over TCP in records of fragments (section 11). */

import { u32 } from '../../../base/bytes.ts';
import { announcePortmap } from '../../announcing/portmap.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { setCall } from './call.ts';
import { PROGRAMS, procedureName, programName } from './programs.ts';

const LAST = 0x80000000;
const MARK = 4;

const MAX_RECORD = 64 << 20;
const MESSAGE = { call: 0, reply: 1 } as const;
const REPLY = { accepted: 0, denied: 1 } as const;
const ACCEPT = { success: 0, mismatch: 2 } as const;
const REJECT = { mismatch: 0, auth: 1 } as const;
const FLAVOR = { none: 0, unix: 1, gss: 6 } as const;
const FLAVORS: Readonly<Record<number, string>> = {
  0: 'AUTH_NULL',
  1: 'AUTH_UNIX',
  2: 'AUTH_SHORT',
  3: 'AUTH_DES',
  5: 'AUTH_RSA/Gluster',
  6: 'RPCSEC_GSS',
  300001: 'AUTH_GSSAPI',
  390003: 'RPCSEC_GSS_KRB5',
  390004: 'RPCSEC_GSS_KRB5I',
  390005: 'RPCSEC_GSS_KRB5P',
};
const MAX_CREDENTIALS = 400;
/** Calls remembered per conversation; the oldest are forgotten. */
const MAX_CALLS = 100_000;
/** Of them with the same number. */
const MAX_SAME = 16;

interface Asked {
  readonly frame: number;
  readonly time: bigint | null;
  readonly program: number;
  readonly version: number;
  readonly procedure: number;
  /** Frame of the first reply; 0: none yet. */
  reply: number;
}

interface Memory {
  /** By number (xid), in the order of their frames. */
  readonly calls: Map<number, readonly Asked[]>;
}

/** The bytes that a frame's last message was in: a second message in the same bytes belongs to the same segment. */
const lastBytes = new WeakMap<TreeBuilder, Uint8Array>();

function isCall(bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < 40 || u32(bytes, at + 4) !== MESSAGE.call || u32(bytes, at + 8) !== 2) return false;
  const program = u32(bytes, at + 12);
  return (
    u32(bytes, at + 16) < 16 &&
    u32(bytes, at + 20) < 256 &&
    (PROGRAMS[program] !== undefined || (program >= 100_000 && program < 500_000)) &&
    FLAVORS[u32(bytes, at + 24)] !== undefined &&
    u32(bytes, at + 28) <= MAX_CREDENTIALS
  );
}

function frame(f: Framing): number {
  if (f.end - f.at < MARK) return MORE;
  const mark = u32(f.bytes, f.at);
  const length = mark & 0x7fffffff;
  if (length > MAX_RECORD) return NOT_MINE;
  if (mark < LAST) f.continues = true;
  return MARK + length;
}

export const rpc = defineProtocol({
  name: 'rpc',
  title: 'Remote Procedure Call',
  on: { 'udp.port': [111, 2049], 'tcp.port': [111, 2049] },
  remembers: true,
  announces: announcePortmap,
  opens: ['portmap', 'mount', 'nfs', 'nlm', 'stat', 'bootparams'],
  fields: {
    lastfrag: { type: 'bool', label: 'Last Fragment', of: 'u32', bits: [31, 31], flag: ['Yes', 'No'], many: true },
    fraglen: { type: 'u32', label: 'Fragment Length', bits: [30, 0], many: true },
    xid: { type: 'u32', label: 'XID', show: 'hex-dec', many: true },
    msgtyp: { type: 'u32', label: 'Message Type', names: { 0: 'Call', 1: 'Reply' }, many: true },
    replystat: { type: 'u32', label: 'Reply State', names: { 0: 'accepted', 1: 'denied' }, many: true },
    state_accept: {
      type: 'u32',
      label: 'Accept State',
      names: {
        0: 'RPC executed successfully',
        1: "remote hasn't exported program",
        2: "remote can't support version #",
        3: "program can't support procedure",
        4: "procedure can't decode params",
        5: 'system errors like memory allocation failure',
      },
      many: true,
    },
    state_reject: { type: 'u32', label: 'Reject State', names: { 0: 'RPC_MISMATCH', 1: 'AUTH_ERROR' }, many: true },
    state_auth: {
      type: 'u32',
      label: 'Auth State',
      names: {
        1: 'bad credential (seal broken)',
        2: 'client must begin new session',
        3: 'bad verifier (seal broken)',
        4: 'verifier expired or replayed',
        5: 'rejected for security reasons',
        13: 'GSS credential problem',
        14: 'GSS context problem',
      },
      many: true,
    },
    version: { type: 'u32', label: 'RPC Version', many: true },
    'version.min': { type: 'u32', label: 'RPC Version (Minimum)', many: true },
    'version.max': { type: 'u32', label: 'RPC Version (Maximum)', many: true },
    program: { type: 'u32', label: 'Program', many: true },
    programversion: { type: 'u32', label: 'Program Version', many: true },
    'programversion.min': { type: 'u32', label: 'Program Version (Minimum)', many: true },
    'programversion.max': { type: 'u32', label: 'Program Version (Maximum)', many: true },
    procedure: { type: 'u32', label: 'Procedure', many: true },
    repframe: { type: 'frame', label: 'This is a reply to a request in frame', many: true },
    time: { type: 'duration', label: 'Time from request', many: true },
    dup: { type: 'none', label: 'Duplicate Call/Reply', many: true },
    'call.dup': { type: 'frame', label: 'Duplicate to the call in', many: true },
    'reply.dup': { type: 'frame', label: 'Duplicate to the reply in', many: true },
    'auth.flavor': { type: 'u32', label: 'Flavor', names: FLAVORS, many: true },
    'auth.length': { type: 'u32', label: 'Length', many: true },
    'auth.stamp': { type: 'u32', label: 'Stamp', show: 'hex', many: true },
    'auth.machinename': { type: 'string', label: 'contents', many: true },
    'auth.uid': { type: 'u32', label: 'UID', many: true },
    'auth.gid': { type: 'u32', label: 'GID', many: true },
    'authgss.version': { type: 'u32', label: 'GSS Version', many: true },
    'authgss.procedure': {
      type: 'u32',
      label: 'GSS Procedure',
      names: { 0: 'RPCSEC_GSS_DATA', 1: 'RPCSEC_GSS_INIT', 2: 'RPCSEC_GSS_CONTINUE_INIT', 3: 'RPCSEC_GSS_DESTROY' },
      many: true,
    },
    'authgss.seqnum': { type: 'u32', label: 'GSS Sequence Number', many: true },
    'authgss.service': {
      type: 'u32',
      label: 'GSS Service',
      names: { 1: 'rpcsec_gss_svc_none', 2: 'rpcsec_gss_svc_integrity', 3: 'rpcsec_gss_svc_privacy' },
      many: true,
    },
    'authgss.context': { type: 'bytes', label: 'GSS Context', many: true },
    'authgss.token': { type: 'bytes', label: 'GSS Token', many: true },
    opaque_length: { type: 'u32', label: 'length', many: true },
    opaque_data: { type: 'bytes', label: 'opaque data', many: true },
    fill_bytes: { type: 'bytes', label: 'fill bytes', many: true },
    value_follows: { type: 'bool', label: 'Value Follows', of: 'u32', flag: ['Yes', 'No'], many: true },
    'array.len': { type: 'u32', label: 'num', many: true },
    fragments: { type: 'none', label: 'RPC Fragments' },
  },
  recognise(bytes, at, end) {
    if (isCall(bytes, at, end)) return true;
    return end - at >= MARK && (u32(bytes, at) & 0x7fffffff) >= 40 && isCall(bytes, at + MARK, end);
  },
  frame,
  tree(t) {
    const memory = t.conversation((): Memory => ({ calls: new Map() }));
    const isSecond = lastBytes.get(t) === t.bytes;
    lastBytes.set(t, t.bytes);
    if (t.transport === 'udp') {
      message(t, memory, t.at, isSecond);
      return;
    }
    let at = t.at;
    const pieces: Uint8Array[] = [];
    for (;;) {
      const mark = t.u32(at);
      const length = mark & 0x7fffffff;
      t.nest(t.text(`Fragment header: ${mark >= LAST ? 'Last fragment' : 'Fragment'}, ${length} bytes`, at, MARK));
      t.add('lastfrag', at);
      t.add('fraglen', at);
      t.close();
      if (mark >= LAST && pieces.length === 0) {
        message(t, memory, at + MARK, isSecond);
        return;
      }
      pieces.push(t.slice(at + MARK, Math.min(length, t.end - at - MARK)));
      at += MARK + length;
      if (mark >= LAST || at >= t.end) break;
    }
    t.add('fragments', t.at, t.end - t.at);
    t.last().text = `${pieces.length} RPC Fragments (${pieces.reduce((sum, piece) => sum + piece.length, 0)} bytes)`;
    t.within('Reassembled RPC', joined(pieces), () => message(t, memory, 0, isSecond));
  },
});

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

function message(t: TreeBuilder, memory: Memory, at: number, isSecond: boolean): void {
  if (!t.has(at, 8) || t.u32(at + 4) > MESSAGE.reply) {
    t.info('Continuation');
    return;
  }
  const xid = t.u32(at);
  const isReply = t.u32(at + 4) === MESSAGE.reply;
  t.label(`Remote Procedure Call, Type:${isReply ? 'Reply' : 'Call'} XID:0x${xid.toString(16).padStart(8, '0')}`);
  t.add('xid', at);
  t.add('msgtyp', at + 4);
  t.info(isSecond ? '  ; ' : '');
  t.fence();
  if (isReply) reply(t, memory, xid, at);
  else call(t, memory, xid, at);
}

function call(t: TreeBuilder, memory: Memory, xid: number, at: number): void {
  const program = t.u32(at + 12);
  const version = t.u32(at + 16);
  const procedure = t.u32(at + 20);
  const name = procedureName(program, version, procedure);
  t.add('version', at + 8);
  t.add('program', at + 12);
  t.last().text = `Program: ${programName(program)} (${program})`;
  t.add('programversion', at + 16);
  t.add('procedure', at + 20);
  t.last().text = `Procedure: ${name} (${procedure})`;
  const { number: frame, time } = t.packet;
  const first = callBefore(memory, xid, frame - 1);
  const isAgain = first !== undefined && first.program === program && first.procedure === procedure;
  if (!isAgain) remember(memory, xid, { frame, time, program, version, procedure, reply: 0 });
  const next = auth(t, auth(t, at + 24, 'Credentials'), 'Verifier');
  t.column(PROGRAMS[program]?.name ?? 'RPC');
  if (isAgain) {
    t.add('dup', at, 0);
    t.generated('call.dup', first.frame, at);
  }
  t.info(`${isAgain ? `[RPC retransmission of #${first.frame}]` : ''}V${version}${shown(name)} Call`);
  above(t, program, version, procedure, false, next);
}

/** A compound is told by what is in it. */
function shown(name: string): string {
  return name === 'COMPOUND' ? '' : ` ${name}`;
}

/** The last call with this number up to a frame: rows behind it may have been looked at before. */
function callBefore({ calls }: Memory, xid: number, frame: number): Asked | undefined {
  return calls.get(xid)?.findLast((call) => call.frame <= frame);
}

function remember({ calls }: Memory, xid: number, call: Asked): void {
  const known = calls.get(xid) ?? [];
  if (known.some(({ frame }) => frame === call.frame)) return;
  const sorted = [...known, call].sort((a, b) => a.frame - b.frame);
  calls.set(xid, sorted.slice(-MAX_SAME));
  if (calls.size <= MAX_CALLS) return;
  for (const oldest of calls.keys()) {
    calls.delete(oldest);
    return;
  }
}

function reply(t: TreeBuilder, memory: Memory, xid: number, at: number): void {
  const { number: frame, time } = t.packet;
  const asked = callBefore(memory, xid, frame);
  if (asked !== undefined) {
    t.generated('program', asked.program, at).text = `Program: ${programName(asked.program)} (${asked.program})`;
    t.generated('programversion', asked.version, at);
    t.generated('procedure', asked.procedure, at).text =
      `Procedure: ${procedureName(asked.program, asked.version, asked.procedure)} (${asked.procedure})`;
  }
  t.add('replystat', at + 8);
  let duplicate = 0;
  if (asked === undefined) {
    t.info(`V? proc-? Reply`);
  } else {
    if (asked.reply === 0) asked.reply = frame;
    else if (asked.reply < frame) duplicate = asked.reply;
    const name = procedureName(asked.program, asked.version, asked.procedure);
    t.column(PROGRAMS[asked.program]?.name ?? 'RPC');
    t.info(
      `${duplicate > 0 ? `[RPC duplicate of #${duplicate}]` : ''}V${asked.version}${shown(name)} Reply (Call In ${asked.frame})`,
    );
    t.generated('repframe', asked.frame, at);
    if (asked.time !== null && time !== null) t.generated('time', time - asked.time, at);
  }
  if (duplicate > 0) {
    t.add('dup', at, 0);
    t.generated('reply.dup', duplicate, at);
  }
  if (t.u32(at + 8) === REPLY.accepted) accepted(t, asked, at);
  else denied(t, at + 12);
}

function accepted(t: TreeBuilder, asked: Asked | undefined, at: number): void {
  const next = auth(t, at + 12, 'Verifier');
  const state = t.u32(next);
  t.add('state_accept', next);
  if (state === ACCEPT.mismatch) {
    t.add('programversion.min', next + 4);
    t.add('programversion.max', next + 8);
  } else if (state === ACCEPT.success && asked !== undefined) {
    above(t, asked.program, asked.version, asked.procedure, true, next + 4);
  }
}

function denied(t: TreeBuilder, at: number): void {
  const state = t.u32(at);
  t.add('state_reject', at);
  if (state === REJECT.mismatch) {
    t.add('version.min', at + 4);
    t.add('version.max', at + 8);
  } else if (state === REJECT.auth) {
    t.add('state_auth', at + 4);
  }
}

/** RFC 5531 8.2 and appendix A: flavour, length, body. Returns one past it. */
function auth(t: TreeBuilder, at: number, label: string): number {
  const flavor = t.u32(at);
  const length = t.u32(at + 4);
  const end = at + 8 + length + ((4 - (length % 4)) % 4);
  t.need(at, 8 + length);
  t.nest(t.text(label, at, 8 + length));
  t.add('auth.flavor', at);
  t.add('auth.length', at + 4);
  if (flavor === FLAVOR.unix && length >= 16) unixCredentials(t, at + 8, at + 8 + length);
  else if (flavor === FLAVOR.gss && label === 'Verifier' && length > 0) t.add('authgss.token', at + 8, length);
  else if (flavor === FLAVOR.gss && length >= 20) gssCredentials(t, at + 8);
  else if (length > 0) t.add('opaque_data', at + 8, length);
  t.close();
  return end;
}

function unixCredentials(t: TreeBuilder, at: number, end: number): void {
  t.add('auth.stamp', at);
  const length = t.u32(at + 4);
  const padding = (4 - (length % 4)) % 4;
  t.need(at + 8, length);
  t.nest(t.text(`Machine Name: ${t.string(at + 8, length)}`, at + 4, 4 + length + padding));
  t.add('opaque_length', at + 4);
  t.add('auth.machinename', at + 8, length);
  if (padding > 0) t.add('fill_bytes', at + 8 + length, padding);
  t.close();
  let next = at + 8 + length + padding;
  t.add('auth.uid', next);
  t.add('auth.gid', next + 4);
  const count = t.u32(next + 8);
  next += 12;
  if (next + 4 * count > end) return;
  const groups = Array.from({ length: count }, (_, i) => t.u32(next + 4 * i));
  t.nest(t.text(`Auxiliary GIDs (${count}) [${groups.join(', ')}]`, next - 4, 4 + 4 * count));
  for (let i = 0; i < count; i++) t.add('auth.gid', next + 4 * i);
  t.close();
}

/** RFC 2203 5. */
function gssCredentials(t: TreeBuilder, at: number): void {
  t.add('authgss.version', at);
  t.add('authgss.procedure', at + 4);
  t.add('authgss.seqnum', at + 8);
  t.add('authgss.service', at + 12);
  const length = t.u32(at + 16);
  if (t.has(at + 20, length) && length > 0) t.add('authgss.context', at + 20, length);
}

/** Hands on to the program, where it is known; a procedure without a body is a row of the tree only. */
function above(
  t: TreeBuilder,
  program: number,
  version: number,
  procedure: number,
  isReply: boolean,
  at: number,
): void {
  const layer = PROGRAMS[program]?.layer;
  t.headerEnd(at);
  if (layer === undefined || PROGRAMS[program]?.procedures?.(version)[procedure] === undefined) return;
  setCall(t, { version, procedure, isReply });
  t.fence(); // stays where the program's part is malformed
  if (procedure === 0 || at >= t.end) t.dissectUnlisted(layer, Math.min(at, t.end), Math.min(at, t.end));
  else t.dissect(layer, at);
}
