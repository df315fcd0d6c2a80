/** Network news (RFC 3977): lines of commands and answers. */

import { defineProtocol } from '../../protocol.ts';
import { isFromServer, lineAt } from '../../text-lines.ts';

const PORT = 119;

export const nntp = defineProtocol({
  name: 'nntp',
  title: 'Network News Transfer Protocol',
  on: { 'tcp.port': [PORT] },
  fields: {
    request: { type: 'bool', label: 'Request' },
    response: { type: 'bool', label: 'Response' },
  },
  startsTls: true,
  tree(t) {
    const isResponse = isFromServer(t, [PORT]);
    const { stop } = lineAt(t.bytes, t.at, t.end);
    t.info(`${isResponse ? 'Response' : 'Request'}: ${t.string(t.at, stop - t.at)}`);
    t.hide(isResponse ? 'response' : 'request', 1, t.at, 0);
    for (let { at } = t; at < t.end; ) {
      const { next } = lineAt(t.bytes, at, t.end);
      t.text(t.string(at, next - at), at, next - at);
      at = next;
    }
  },
});
