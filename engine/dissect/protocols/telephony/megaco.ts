/** MEGACO, the text form of H.248 (RFC 3525, H.248.1 annex B): transactions of contexts, and in those commands. */

import { decodeUtf8 } from '../../../base/text.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const HEAD = /^\s*(MEGACO|!)\/(\d{1,2})\s+(\S+)/i;
const TRANSACTION = /\b(TransactionResponseAck|Transaction|Reply|Pending|T|P|PN|K)\s*=?\s*(\d{1,10})?\s*\{/i;
const KINDS: Readonly<Record<string, string>> = {
  transaction: 'Request',
  t: 'Request',
  reply: 'Reply',
  p: 'Reply',
  pending: 'Pending',
  pn: 'Pending',
  transactionresponseack: 'TransactionResponseAck',
  k: 'TransactionResponseAck',
};
const CONTEXT = /\b(?:Context|C)\s*=\s*(-|\$|\*|\d{1,10})/i;
const COMMANDS: Readonly<Record<string, string>> = {
  add: 'Add',
  a: 'Add',
  move: 'Move',
  mv: 'Move',
  modify: 'Modify',
  mf: 'Modify',
  subtract: 'Subtract',
  s: 'Subtract',
  auditvalue: 'AuditValue',
  av: 'AuditValue',
  auditcapability: 'AuditCapability',
  ac: 'AuditCapability',
  notify: 'Notify',
  n: 'Notify',
  servicechange: 'ServiceChange',
  sc: 'ServiceChange',
};
/** A command stands right inside its context: `O-`, optional, and `W-`, wildcarded, may stand before it. */
const COMMAND =
  /(?:^|[{,])\s*(?:[OW]-)*(Add|Move|Modify|Subtract|AuditValue|AuditCapability|Notify|ServiceChange|AV|AC|SC|MV|MF|A|S|N)\s*=\s*([^\s{},]+)/gi;
const CONTEXTS: Readonly<Record<string, readonly [text: string, value: number]>> = {
  '-': ['NULL', 0],
  $: ['Choose one', 0xffff_fffe],
  '*': ['All', 0xffff_ffff],
};
const MAX_COMMANDS = 256;

function headOf(bytes: Uint8Array, at: number, end: number): RegExpExecArray | null {
  return HEAD.exec(decodeUtf8(bytes, at, Math.min(end, at + 256)));
}

export const megaco = defineProtocol({
  name: 'megaco',
  title: 'MEGACO',
  on: { 'udp.port': [2944], 'tcp.port': [2944], 'sctp.port': [2944], 'sctp.ppid': [7] },
  fields: {
    start_token: { type: 'string', label: 'Start token' },
    version: { type: 'string', label: 'Version' },
    mId: { type: 'string', label: 'MediagatewayID' },
    transaction: { type: 'string', label: 'Transaction', many: true },
    transid: { type: 'u32', label: 'Transaction ID', many: true },
    context: { type: 'u32', label: 'Context', many: true },
    command: { type: 'string', label: 'Command', many: true },
    termid: { type: 'string', label: 'Termination ID', many: true },
  },
  accepts: (bytes, at, end) => headOf(bytes, at, end) !== null,
  tree(t) {
    const text = t.string(t.at, t.end - t.at, 'latin1');
    const head = HEAD.exec(text);
    t.info('');
    if (head === null) {
      t.text('Data', t.at, t.end - t.at);
      return;
    }
    const [whole, token = '', version = '', sender = ''] = head;
    const start = t.at + whole.indexOf(token);
    t.put('start_token', token, start, token.length);
    t.put('version', version, start + token.length + 1, version.length);
    t.put('mId', sender, t.at + whole.length - sender.length, sender.length);
    transaction(t, text, whole.length);
    for (let at = t.at, left = text; left !== ''; ) {
      const line = left.slice(0, left.indexOf('\n') + 1 || left.length);
      t.text(line.trimEnd(), at, line.length);
      at += line.length;
      left = left.slice(line.length);
    }
  },
});

/** The first transaction of a message: the others are found in the text below. */
function transaction(t: TreeBuilder, text: string, from: number): void {
  const found = TRANSACTION.exec(text.slice(from));
  if (found === null) return;
  const [whole, word = '', id = '0'] = found;
  const kind = KINDS[word.toLowerCase()] ?? word;
  let at = from + found.index;
  t.put('transaction', kind, t.at + at, word.length);
  t.put('transid', Number(id) >>> 0, t.at + at, whole.length);
  t.info(`${id} ${kind.padEnd(8)}`);
  at += whole.length;
  const context = CONTEXT.exec(text.slice(at));
  if (context === null) return;
  const [shown, value] = CONTEXTS[context[1] ?? ''] ?? [context[1] ?? '', Number(context[1])];
  t.put('context', value >>> 0, t.at + at + context.index, context[0].length, `Context: ${shown}`);
  t.addInfo(`|=${shown}`);
  at += context.index + context[0].length;
  let count = 0;
  for (const command of text.slice(at).matchAll(COMMAND)) {
    if (++count > MAX_COMMANDS) {
      t.text(`More than ${MAX_COMMANDS} commands`, t.at, 0);
      return;
    }
    const [match, name = '', termination = ''] = command;
    const place = t.at + at + command.index;
    t.nest(t.put('command', COMMANDS[name.toLowerCase()] ?? name, place, match.length));
    t.put('termid', termination, place + match.length - termination.length, termination.length);
    t.close();
    t.addInfo(` ${COMMANDS[name.toLowerCase()] ?? name}=${termination}`);
  }
}
