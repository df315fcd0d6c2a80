/** POP3 (RFC 1939): commands of one line; replies that start with +OK or -ERR; messages behind them. */

import { defineProtocol } from '../protocol.ts';
import { isFromServer, lineAt, skipSpaces, wordEnd } from '../text-lines.ts';
import { addToken, lastWord, TOKEN_LAYERS } from '../text-token.ts';
import type { TreeBuilder } from '../tree.ts';

const PORT = 110;
const INDICATORS = ['+OK', '-ERR'];

export const pop = defineProtocol({
  name: 'pop',
  title: 'Post Office Protocol',
  on: { 'tcp.port': [PORT] },
  opens: TOKEN_LAYERS,
  startsTls: true,
  fields: {
    response: { type: 'string', label: 'Response' },
    'response.indicator': { type: 'string', label: 'Response indicator' },
    'response.description': { type: 'string', label: 'Response description' },
    'response.data': { type: 'string', label: 'Data', many: true },
    request: { type: 'string', label: 'Request' },
    'request.command': { type: 'string', label: 'Request command' },
    'request.parameter': { type: 'string', label: 'Request parameter' },
    'request.data': { type: 'string', label: 'Data', many: true },
  },
  tree(t) {
    const isResponse = isFromServer(t, [PORT]);
    const way = isResponse ? 'response' : 'request';
    const { at } = t;
    const { stop, next } = lineAt(t.bytes, at, t.end);
    const end = wordEnd(t.bytes, at, stop);
    const word = t.string(at, end - at);
    const isContinuation = isResponse ? !INDICATORS.some((indicator) => word.startsWith(indicator)) : word.length === 0;
    const length = t.wireEnd - at;
    t.info(
      isContinuation
        ? `${isResponse ? 'S' : 'C'}: DATA fragment, ${length} byte${length === 1 ? '' : 's'}`
        : `${isResponse ? 'S' : 'C'}: ${t.string(at, stop - at)}`,
    );
    if (isContinuation) {
      lines(t, way, at);
      if (next >= t.end) addToken(t, lastWord(t.string(at, stop - at)));
      return;
    }
    const row = t.nest(t.put(way, t.string(at, next - at), at, next - at));
    row.text = t.string(at, next - at);
    t.add(isResponse ? 'response.indicator' : 'request.command', at, end - at);
    const from = skipSpaces(t.bytes, end, stop);
    if (stop > from) t.add(isResponse ? 'response.description' : 'request.parameter', from, stop - from);
    t.close();
    lines(t, way, next);
    if (next >= t.end) addToken(t, lastWord(t.string(at, stop - at)));
  },
});

function lines(t: TreeBuilder, way: string, from: number): void {
  for (let at = from; at < t.end; ) {
    const { next } = lineAt(t.bytes, at, t.end);
    t.add(`${way}.data`, at, next - at);
    at = next;
  }
}
