/** IMAP (RFC 9051): tagged commands and answers, each segment on its own; an answer names the request it belongs to. */

import { defineProtocol } from '../protocol.ts';
import { isFromServer, lineAt, skipSpaces, wordEnd } from '../text-lines.ts';
import { addToken, lastWord, TOKEN_LAYERS } from '../text-token.ts';
import type { TreeBuilder } from '../tree.ts';

const PORT = 143;
const STATUS = /^(?:OK|NO|BAD|PREAUTH|BYE)$/i;
const FOLDER_COMMANDS = new Set([
  'SELECT',
  'EXAMINE',
  'CREATE',
  'DELETE',
  'RENAME',
  'SUBSCRIBE',
  'UNSUBSCRIBE',
  'STATUS',
  'APPEND',
]);
/** Requests that wait for their answer, per conversation. */
const MAX_WAITING = 1000;

interface Asked {
  readonly frame: number;
  readonly time: bigint | null;
}

interface Memory {
  /** Tag to the frames that used it, oldest first. */
  readonly asked: Map<string, Asked[]>;
  /** Frame of a request to that of its answer. */
  readonly answered: Map<string, number>;
}

export const imap = defineProtocol({
  name: 'imap',
  title: 'Internet Message Access Protocol',
  on: { 'tcp.port': [PORT] },
  remembers: true,
  opens: ['imf', ...TOKEN_LAYERS],
  startsTls: true,
  fields: {
    isrequest: { type: 'bool', label: 'Request', flag: ['True', 'False'] },
    line: { type: 'string', label: 'Line', many: true },
    request: { type: 'string', label: 'Request', many: true },
    request_tag: { type: 'string', label: 'Request Tag', many: true },
    response: { type: 'string', label: 'Response', many: true },
    response_tag: { type: 'string', label: 'Response Tag', many: true },
    'request.command': { type: 'string', label: 'Request Command', many: true },
    'response.command': { type: 'string', label: 'Response Command', many: true },
    'response.status': { type: 'string', label: 'Response Status', many: true },
    tag: { type: 'string', label: 'Tag', many: true },
    command: { type: 'string', label: 'Command', many: true },
    'request.folder': { type: 'string', label: 'Request Folder', many: true },
    'request.command.uid': { type: 'bool', label: 'Request isUID', many: true, flag: ['True', 'False'] },
    'request.username': { type: 'string', label: 'Request Username', many: true },
    'request.password': { type: 'string', label: 'Request Password', many: true },
    response_to: { type: 'frame', label: 'Request In', many: true },
    time: { type: 'duration', label: 'Response Time', many: true },
  },
  tree(t) {
    const memory = t.conversation((): Memory => ({ asked: new Map(), answered: new Map() }));
    const isRequest = !isFromServer(t, [PORT]);
    t.put('isrequest', isRequest ? 1 : 0, t.at, 0);
    for (let at = t.at; at < t.end; ) {
      const { stop, next } = lineAt(t.bytes, at, t.end);
      t.add('line', at, next - at);
      let mail = 0;
      if (stop > at) {
        if (!isRequest) mail = mailLength(t.string(at, stop - at));
        t.info(`${isRequest ? 'Request' : 'Response'}: ${t.string(at, stop - at)}`); // the last line is what it comes to
        t.nest(t.last());
        line(t, memory, isRequest, at, stop);
        t.close();
        addToken(t, lastWord(t.string(at, stop - at)));
      }
      at = next;
      if (mail > 0 && t.has(at, mail)) {
        t.dissect('imf', at, at + mail, at + mail);
        at += mail;
      }
    }
  },
});

/** Bytes of the mail, or of the part of it, that follows a line of a FETCH answer (RFC 9051 4.3, 7.5.2); 0: none. */
function mailLength(line: string): number {
  const found = /^\* \d+ FETCH .*(?:BODY\[|RFC822)[^{]*\{(\d{1,9})\}$/i.exec(line);
  return found === null ? 0 : Number(found[1]);
}

const STAR = 0x2a;

function line(t: TreeBuilder, memory: Memory, isRequest: boolean, at: number, stop: number): void {
  if (!isRequest && t.u8(at) === STAR) return;
  const b = t.bytes;
  t.add(isRequest ? 'request' : 'response', at, stop - at);
  const tagEnd = wordEnd(b, at, stop);
  if (tagEnd === at) return;
  const tag = t.string(at, tagEnd - at);
  t.add(isRequest ? 'request_tag' : 'response_tag', at, tagEnd - at);
  t.hide('tag', tag, at, tagEnd - at);
  let word = skipSpaces(b, tagEnd, stop);
  let end = wordEnd(b, word, stop);
  if (end === word) return;
  if (isRequest) {
    const command = t.string(word, end - word);
    if (command.toUpperCase() === 'UID') {
      t.put('request.command.uid', 1, word, end - word);
      word = skipSpaces(b, end, stop);
      end = wordEnd(b, word, stop);
    }
    request(t, word, end, stop);
    const list = memory.asked.get(tag) ?? [];
    if (!list.some(({ frame }) => frame === t.packet.number) && memory.asked.size < MAX_WAITING) {
      list.push({ frame: t.packet.number, time: t.packet.time });
      memory.asked.set(tag, list);
    }
    return;
  }
  if (STATUS.test(t.string(word, end - word))) {
    t.add('response.status', word, end - word);
    word = skipSpaces(b, end, stop);
    end = wordEnd(b, word, stop);
  }
  if (end > word) command(t, 'response.command', word, end);
  const asked = memory.asked.get(tag)?.findLast(({ frame }) => frame < t.packet.number);
  if (asked === undefined) return;
  t.generated('response_to', asked.frame, at);
  if (asked.time !== null && t.packet.time !== null) t.generated('time', t.packet.time - asked.time, at);
}

function command(t: TreeBuilder, key: string, at: number, end: number): void {
  t.add(key, at, end - at);
  t.hide('command', t.string(at, end - at), at, end - at);
}

function request(t: TreeBuilder, at: number, end: number, stop: number): void {
  if (end === at) return;
  command(t, 'request.command', at, end);
  const name = t.string(at, end - at).toUpperCase();
  const from = skipSpaces(t.bytes, end, stop);
  const wordStop = wordEnd(t.bytes, from, stop);
  if (wordStop === from) return;
  if (name === 'LOGIN') {
    t.add('request.username', from, wordStop - from);
    const password = skipSpaces(t.bytes, wordStop, stop);
    if (stop > password)
      t.put('request.password', unquoted(t.string(password, stop - password)), password, stop - password);
  } else if (FOLDER_COMMANDS.has(name)) {
    t.put('request.folder', unquoted(t.string(from, wordStop - from)), from, wordStop - from);
  }
}

function unquoted(text: string): string {
  return text.startsWith('"') && text.endsWith('"') && text.length > 1 ? text.slice(1, -1) : text;
}
