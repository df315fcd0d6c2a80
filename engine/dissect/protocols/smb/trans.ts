/** TRANSACTION ([MS-CIFS] 2.2.4.33): mailslots, named pipes and the LAN Manager remote API. */

import type { TreeBuilder } from '../../tree.ts';
import { aboutFile, byteCount } from './commands/simple.ts';
import { showMailslot } from './mailslot.ts';
import { type Body, type Message, padding } from './message.ts';
import { showPipe } from './pipe.ts';
import { partBytes, requestWords, responseWords, setupWords, transactionName } from './transactions.ts';

const MAILSLOT = '\\MAILSLOT\\';
const PIPE = '\\PIPE';

export function transaction(t: TreeBuilder, m: Message, body: Body): void {
  if (m.isResponse) aboutFile(t, m, body.at);
  const words = m.isResponse ? responseWords(t, m, body) : requestWords(t, m, body);
  if (words === null) {
    byteCount(t, body);
    return;
  }
  let next = body.bytesAt;
  let name = m.request?.name ?? '';
  const upper = (): string => name.toUpperCase();
  if (m.isResponse) {
    byteCount(t, body);
  } else {
    byteCount(t, body);
    const read = transactionName(t, m, body);
    name = read.text;
    next = read.end;
    m.name = name;
  }
  const first = words.parameterEnd > words.parameterAt ? words.parameterAt : words.dataAt;
  if (words.dataEnd > words.dataAt || words.parameterEnd > words.parameterAt) padding(t, next, first);
  if (upper().startsWith(MAILSLOT)) showMailslot(t, { words, name, isResponse: m.isResponse });
  else if (upper().startsWith(PIPE)) showPipe(t, m, words, upper());
  else {
    setupWords(t, words);
    partBytes(t, words);
  }
}
