/** MSN Messenger's notification protocol (draft-movva-msn-messenger-protocol): lines of commands, some with a message behind. */

import { decodeLatin1, lineEnd } from '../../../base/text.ts';
import { defineProtocol } from '../../protocol.ts';
import { lineAt } from '../../text-lines.ts';

const PORT = 1863;
const COMMAND = /^[A-Z][A-Z0-9]{2}(?: |\r|$)/;

export const msnms = defineProtocol({
  name: 'msnms',
  title: 'MSN Messenger Service',
  on: { 'tcp.port': [PORT] },
  fields: {
    command: { type: 'string', label: 'Command', abbrev: 'msnms.command' },
    parameters: { type: 'string', label: 'Parameters', abbrev: 'msnms.parameters' },
  },
  tree(t) {
    const first = lineEnd(t.bytes, t.at, t.end);
    t.info(decodeLatin1(t.bytes, t.at, first));
    for (let at = t.at; at < t.end; ) {
      const line = lineAt(t.bytes, at, t.end);
      const text = t.string(at, line.stop - at);
      t.text(text, at, line.next - at);
      if (at === t.at && COMMAND.test(text)) {
        t.nest(t.last());
        t.put('command', text.slice(0, 3), at, 3);
        if (text.length > 4) t.put('parameters', text.slice(4), at + 4, text.length - 4);
        t.close();
      }
      at = line.next;
    }
  },
});
