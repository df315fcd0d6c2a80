/** IRC (RFC 2812): lines of an optional prefix, a command or a number, parameters and a trailer. */

import { decodeLatin1, startsWithAny } from '../../base/text.ts';
import { defineProtocol } from '../protocol.ts';
import { isDigit, isFromServer, lineAt, skipSpaces, wordEnd } from '../text-lines.ts';
import type { TreeBuilder } from '../tree.ts';

const PORTS = [6667, 57000];
const COLON = 0x3a;
const REGISTRATION = /^(?:PASS [^\r\n]+\r?\n)?(?:NICK [^\r\n]+|USER \S+ \S+ \S+ :?[^\r\n]+|CAP LS[^\r\n]*)\r?\n/;

export const irc = defineProtocol({
  name: 'irc',
  title: 'Internet Relay Chat',
  on: { 'tcp.port': PORTS },
  startsTls: true,
  fields: {
    response: { type: 'string', label: 'Response', many: true },
    request: { type: 'string', label: 'Request', many: true },
    'request.prefix': { type: 'string', label: 'Prefix', many: true },
    'request.command': { type: 'string', label: 'Command', many: true },
    'request.command_parameter': { type: 'string', label: 'Parameter', many: true },
    'request.trailer': { type: 'string', label: 'Trailer', many: true },
    'response.prefix': { type: 'string', label: 'Prefix', many: true },
    'response.command': { type: 'string', label: 'Command', many: true },
    'response.num_command': { type: 'u16', label: 'Command', many: true },
    'response.command_parameter': { type: 'string', label: 'Parameter', many: true },
    'response.trailer': { type: 'string', label: 'Trailer', many: true },
    'request.command.missing': { type: 'none', label: 'Request has no command', many: true },
    'response.command.missing': { type: 'none', label: 'Response has no command', many: true },
    prefix_missing_ending_space: { type: 'none', label: 'Prefix missing ending <space>', many: true },
  },
  recogniseOn: ['tcp'],
  recognise: (bytes, at, end) =>
    startsWithAny(bytes, at, 'PNUC') && REGISTRATION.test(decodeLatin1(bytes, at, Math.min(end, at + 512))),
  tree(t) {
    const way = isFromServer(t, PORTS) ? 'response' : 'request';
    t.info(way === 'response' ? 'Response' : 'Request');
    for (let at = t.at; at < t.end; ) {
      const { stop, next } = lineAt(t.bytes, at, t.end);
      if (stop > at) line(t, way, at, stop);
      at = next;
    }
  },
});

function line(t: TreeBuilder, way: 'request' | 'response', from: number, stop: number): void {
  t.add(way, from, stop - from);
  t.nest(t.last());
  const b = t.bytes;
  let at = from;
  if (b[at] === COLON) {
    const end = wordEnd(b, at, stop);
    if (end > at + 1) t.add(`${way}.prefix`, at + 1, end - at - 1);
    if (end === stop)
      t.expert('warning', 'Prefix missing ending <space>', at, stop - at, 'prefix_missing_ending_space');
    at = end;
  }
  at = skipSpaces(b, at, stop);
  const end = wordEnd(b, at, stop);
  if (end === at) {
    t.expert(
      'warning',
      `${way === 'request' ? 'Request' : 'Response'} has no command`,
      at,
      0,
      `${way}.command.missing`,
    );
    t.close();
    return;
  }
  t.addInfo(` (${t.string(at, end - at)})`);
  t.add(`${way}.command`, at, end - at);
  if (way === 'response' && end - at === 3 && isDigit(b[at]) && isDigit(b[at + 1]) && isDigit(b[at + 2])) {
    t.hide('response.num_command', Number(t.string(at, 3)), at, 3);
  }
  parameters(t, way, skipSpaces(b, end, stop), stop);
  t.close();
}

function parameters(t: TreeBuilder, way: string, from: number, stop: number): void {
  const b = t.bytes;
  let at = from;
  const isBare = at >= stop || b[at] === COLON;
  if (!isBare) t.nest(t.text('Command parameters', at, stop - at));
  while (at < stop && b[at] !== COLON) {
    const end = wordEnd(b, at, stop);
    t.add(`${way}.command_parameter`, at, end - at);
    at = skipSpaces(b, end, stop);
  }
  if (!isBare) t.close(at);
  if (at + 1 < stop) t.add(`${way}.trailer`, at + 1, stop - at - 1);
}
