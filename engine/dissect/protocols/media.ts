/** A body of a media type that no other protocol shows (RFC 2046): its bytes. */

import { defineProtocol } from '../protocol.ts';

export const media = defineProtocol({
  name: 'media',
  title: 'Media Type',
  on: { 'media.type': ['*/*'] },
  fields: { type: { type: 'bytes', label: 'Media type' } },
  tree(t) {
    const type = (t.hint.split(';')[0] ?? '').trim();
    const length = t.end - t.at;
    t.label(`Media Type: ${type} (${length} bytes)`);
    t.add('type', t.at, length);
    t.last().text = `Media type: ${type} (${length} bytes)`;
    if (type !== '') t.addInfo(` (${type})`);
  },
});
