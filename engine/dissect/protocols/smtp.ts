/** SMTP (RFC 5321, 4954): commands, replies of several lines, the message behind DATA. */

import { defineProtocol, type Framing, MORE } from '../protocol.ts';
import { isDigit, isFromServer, lineAt, skipSpaces } from '../text-lines.ts';
import { addToken, lastWord, TOKEN_LAYERS } from '../text-token.ts';
import type { MessagePlace, TreeBuilder } from '../tree.ts';
import { Visits } from '../visits.ts';

const PORTS = [25, 587];
const LF = 10;
const DOT = 0x2e;
const DASH = 0x2d;
const CODES: Readonly<Record<number, string>> = {
  211: 'System status, or system help reply',
  214: 'Help message',
  220: '<domain> Service ready',
  221: '<domain> Service closing transmission channel',
  235: 'Authentication successful',
  250: 'Requested mail action okay, completed',
  251: 'User not local; will forward to <forward-path>',
  252: 'Cannot VRFY user, but will accept message and attempt delivery',
  334: 'AUTH input',
  354: 'Start mail input; end with <CRLF>.<CRLF>',
  421: '<domain> Service not available, closing transmission channel',
  432: 'A password transition is needed',
  450: 'Requested mail action not taken: mailbox unavailable',
  451: 'Requested action aborted: local error in processing',
  452: 'Requested action not taken: insufficient system storage',
  454: 'Temporary authenticaion failed',
  500: 'Syntax error, command unrecognized',
  501: 'Syntax error in parameters or arguments',
  502: 'Command not implemented',
  503: 'Bad sequence of commands',
  504: 'Command parameter not implemented',
  530: 'Authentication required',
  534: 'Authentication mechanism is too weak',
  535: 'Authentication credentials invalid',
  538: 'Encryption required for requested authentication mechanism',
  550: 'Requested action not taken: mailbox unavailable',
  551: 'User not local; please try <forward-path>',
  552: 'Requested mail action aborted: exceeded storage allocation',
  553: 'Requested action not taken: mailbox name not allowed',
  554: 'Transaction failed',
};
/** What the client's next bytes are. */
const PHASE = { commands: 0, data: 1, user: 2, password: 3, both: 4 } as const;

/** Mail that is put together: a longer one is shown in its pieces only, and said to be so. */
const MAX_MAIL = 0x4000000;

/** A part of the mail behind DATA: what a message of the connection has of it, from its beginning on. */
interface Piece {
  readonly frame: number;
  readonly place: MessagePlace;
  readonly length: number;
}

/** What came before a message. */
interface Before {
  readonly phase: number;
  /** Parts of the mail, of which the first `count` came before. */
  readonly pieces: readonly Piece[];
  readonly count: number;
}

interface Memory {
  readonly visits: Visits<Before>;
  phase: number;
  pieces: Piece[];
}

/** Text so far ends in whole lines; a message travels in pieces of any length. */
function frame(f: Framing): number {
  const { bytes, at, end } = f;
  if (f.lost) f.state = 0;
  if (f.state === PHASE.data) {
    if (endOfMessage(bytes, at, end) >= 0) f.state = PHASE.commands;
    return end - at;
  }
  if (bytes[end - 1] !== LF) return MORE;
  const last = lastLine(bytes, at, end);
  if (end - last === 6 && matches(bytes, last, 'DATA')) f.state = PHASE.data;
  return end - at;
}

function lastLine(bytes: Uint8Array, at: number, end: number): number {
  let start = end - 1;
  while (start > at && bytes[start - 1] !== LF) start--;
  return start;
}

function matches(bytes: Uint8Array, at: number, word: string): boolean {
  for (let i = 0; i < word.length; i++) if ((bytes[at + i] & 0xdf) !== word.charCodeAt(i)) return false;
  return true;
}

/** One past the line with a dot alone; -1: the message goes on. */
function endOfMessage(bytes: Uint8Array, at: number, end: number): number {
  for (let i = at; i + 2 < end; i++) {
    if (bytes[i] === DOT && bytes[i + 1] === 13 && bytes[i + 2] === LF && (i === at || bytes[i - 1] === LF))
      return i + 3;
  }
  return -1;
}

export const smtp = defineProtocol({
  name: 'smtp',
  title: 'Simple Mail Transfer Protocol',
  on: { 'tcp.port': PORTS },
  remembers: true,
  opens: ['data-text-lines', 'imf', ...TOKEN_LAYERS],
  startsTls: true,
  fields: {
    req: { type: 'bool', label: 'Request', flag: ['True', 'False'] },
    rsp: { type: 'bool', label: 'Response', flag: ['True', 'False'] },
    command_line: { type: 'string', label: 'Command Line', many: true },
    'req.command': { type: 'string', label: 'Command', many: true },
    'req.parameter': { type: 'string', label: 'Request parameter', many: true },
    response: { type: 'string', label: 'Response', many: true },
    'response.code': { type: 'u32', label: 'Response code', names: CODES, many: true },
    'rsp.parameter': { type: 'string', label: 'Response parameter', many: true },
    'auth.username': { type: 'string', label: 'Username', many: true },
    'auth.password': { type: 'string', label: 'Password', many: true },
    'auth.username_password': { type: 'string', label: 'Username/Password', many: true },
    eom: { type: 'none', label: 'EOM', many: true },
    'data.fragments': { type: 'none', label: 'DATA fragments' },
    'data.fragment': { type: 'frame', label: 'DATA fragment', many: true },
    'data.fragment.count': { type: 'u32', label: 'DATA fragment count' },
    'data.reassembled.length': { type: 'u32', label: 'Reassembled DATA length' },
  },
  frame,
  tree(t) {
    const memory = t.conversation((): Memory => ({ visits: new Visits(), phase: PHASE.commands, pieces: [] }));
    let isFirst = false;
    const { fact } = memory.visits.visit(t, () => {
      isFirst = true;
      return { phase: memory.phase, pieces: memory.pieces, count: memory.pieces.length };
    });
    if (isFromServer(t, PORTS)) {
      const after = reply(t, fact.phase);
      if (isFirst) memory.phase = after;
      return;
    }
    const after = request(t, fact);
    if (!isFirst) return;
    if (fact.phase === PHASE.data && endOfMessage(t.bytes, t.at, t.end) < 0) {
      if (t.message !== null)
        memory.pieces.push({ frame: t.packet.number, place: t.message.place, length: t.end - t.at });
    } else memory.pieces = [];
    memory.phase = after;
  },
});

/** Returns what comes next from the client. */
function request(t: TreeBuilder, before: Before): number {
  const { phase } = before;
  let next: number = phase;
  let at = t.at;
  if (phase === PHASE.data) {
    const stop = endOfMessage(t.bytes, at, t.end);
    const end = stop < 0 ? t.end : stop;
    const length = end - at;
    t.info(`C: DATA fragment, ${length} byte${length === 1 ? '' : 's'}`);
    t.hint = '';
    const body = stop < 0 ? end : end - 3;
    if (stop < 0) {
      t.dissect('data-text-lines', at, body, body);
      t.column('SMTP');
      return phase;
    }
    t.add('eom', end - 3, 3);
    t.last().text = 'C: .';
    if (body === at) t.info('C: .');
    mail(t, before, at, body);
    at = end;
    next = PHASE.commands;
    if (at >= t.end) return next;
    t.addInfo(' | ');
  } else {
    t.info('C: ');
  }
  t.put('req', 1, t.at, 0);
  for (let isFirst = true; at < t.end; isFirst = false) {
    const { stop, next: after } = lineAt(t.bytes, at, t.end);
    if (!isFirst) t.addInfo(' | ');
    next = requestLine(t, next, at, stop, after);
    at = after;
  }
  return next;
}

/** The mail that ends in [at, end), with the parts of it that came before. */
function mail(t: TreeBuilder, { pieces, count }: Before, at: number, end: number): void {
  const earlier = pieces.slice(0, count);
  const length = earlier.reduce((sum, piece) => sum + piece.length, end - at);
  if (length === 0) return;
  if (count > 0) {
    const parts = [...earlier, { frame: t.packet.number, length: end - at }].filter((part) => part.length > 0);
    const list = parts.map((part) => `#${part.frame}(${part.length})`).join(', ');
    const row = t.generated('data.fragments', new Uint8Array(0), at, end - at);
    row.text = `${parts.length} DATA fragments (${length} bytes): ${list}`;
    t.nest(row);
    for (const part of parts) t.generated('data.fragment', part.frame, at, 0);
    t.generated('data.fragment.count', parts.length, at, 0);
    t.generated('data.reassembled.length', length, at, 0);
    t.close();
  }
  if (length > MAX_MAIL) {
    t.text('The mail is too long to be put together', at, end - at).generated = true;
    return;
  }
  if (count === 0) {
    t.dissect('imf', at, end, end);
  } else {
    const bytes = new Uint8Array(length);
    let to = 0;
    for (const piece of earlier) {
      const part = t.packet.bytesOf?.(piece.place).subarray(0, piece.length) ?? new Uint8Array(0);
      bytes.set(part, to);
      to += piece.length;
    }
    bytes.set(t.bytes.subarray(at, end), to);
    t.within('Reassembled SMTP', bytes, () => {
      t.dissect('imf', 0);
    });
  }
}

function requestLine(t: TreeBuilder, phase: number, at: number, stop: number, next: number): number {
  const text = t.string(at, stop - at);
  if (phase >= PHASE.user) {
    const key =
      phase === PHASE.user ? 'auth.username' : phase === PHASE.password ? 'auth.password' : 'auth.username_password';
    const name = phase === PHASE.user ? 'User' : phase === PHASE.password ? 'Pass' : 'User/Pass';
    t.put(key, text, at, stop - at);
    t.addInfo(`${name}: ${text}`);
    return phase === PHASE.user ? PHASE.password : PHASE.commands;
  }
  t.addInfo(text);
  t.add('command_line', at, next - at);
  t.nest(t.last());
  const end = Math.min(at + 4, stop);
  t.add('req.command', at, end - at);
  const from = skipSpaces(t.bytes, end, stop);
  if (stop > from) t.add('req.parameter', from, stop - from);
  t.close();
  addToken(t, lastWord(text));
  const command = text.toUpperCase();
  if (command === 'DATA') return PHASE.data;
  if (command === 'AUTH LOGIN') return PHASE.user;
  if (command.startsWith('AUTH LOGIN ')) return PHASE.password;
  if (command === 'AUTH PLAIN') return PHASE.both;
  return PHASE.commands;
}

function reply(t: TreeBuilder, phase: number): number {
  t.put('rsp', 1, t.at, 0);
  t.info('S: ');
  let code = 0;
  let isOpen = false;
  let isFirst = true;
  for (let at = t.at; at < t.end; isFirst = false) {
    const { stop, next } = lineAt(t.bytes, at, t.end);
    const hasCode = stop - at >= 3 && isDigit(t.bytes[at]) && isDigit(t.bytes[at + 1]) && isDigit(t.bytes[at + 2]);
    const from = hasCode ? Math.min(stop, at + 4) : at;
    const text = t.string(at, stop - at);
    t.addInfo(isFirst ? text : ` | ${isOpen && hasCode ? t.string(from, stop - from) : text}`);
    if (!isOpen) {
      if (!isFirst) t.close();
      t.add('response', at, next - at);
      t.nest(t.last());
      if (hasCode) {
        code = Number(t.string(at, 3));
        t.put('response.code', code, at, 3);
      }
    }
    if (stop > from) t.add('rsp.parameter', from, stop - from);
    addToken(t, lastWord(text));
    isOpen = hasCode && stop - at > 3 && t.bytes[at + 3] === DASH;
    at = next;
  }
  if (!isFirst) t.close();
  const isRefused = code >= 400;
  return isRefused ? PHASE.commands : phase;
}
