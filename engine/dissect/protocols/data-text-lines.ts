/** Text of a media type `text/...` (RFC 2046 4.1): its lines. */

import { decodeLatin1, decodeUtf8, lineEnd } from '../../base/text.ts';
import { defineProtocol } from '../protocol.ts';

/** Lines shown one by one; the rest is one row that says how many there are. */
const MAX_ROWS = 5000;
const XML_START = '<?xml';

export const dataTextLines = defineProtocol({
  name: 'data-text-lines',
  title: 'Line-based text data',
  on: {
    'media.type': [
      'text/*',
      'application/javascript',
      'application/x-javascript',
      'application/x-ns-proxy-autoconfig',
      'message/http',
      'text/html',
      'text/plain',
    ],
  },
  opens: ['xml'],
  isClosedInStacks: true,
  fields: {},
  tree(t) {
    if (decodeLatin1(t.bytes, t.at, Math.min(t.end, t.at + XML_START.length)) === XML_START) {
      t.label('Line-based text data: XML');
      t.dispatch('media.type', 'application/xml', t.at);
      return;
    }
    const type = (t.hint.split(';')[0] ?? '').trim();
    let lines = 0;
    let at = t.at;
    while (at < t.end) {
      const stop = lineEnd(t.bytes, at, t.end);
      const next = stop === t.end ? t.end : stop + (t.u8(stop) === 13 ? 2 : 1);
      if (++lines <= MAX_ROWS) t.text(decodeUtf8(t.bytes, at, next), at, next - at);
      at = next;
    }
    if (lines > MAX_ROWS) t.text(`${lines - MAX_ROWS} more lines`, t.at, 0).generated = true;
    t.label(`Line-based text data: ${type} (${lines} line${lines === 1 ? '' : 's'})`);
    if (type !== '') t.addInfo(` (${type})`);
  },
});
