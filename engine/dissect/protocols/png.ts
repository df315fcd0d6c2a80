/** PNG images (W3C PNG 3rd edition): chunks. */

import { defineProtocol } from '../protocol.ts';

const SIGNATURE = 8;
const MAX_CHUNKS = 10_000;

export const png = defineProtocol({
  name: 'png',
  title: 'Portable Network Graphics',
  on: { 'media.type': ['image/png'] },
  fields: {
    signature: { type: 'bytes', length: SIGNATURE, label: 'PNG Signature' },
    'chunk.type': { type: 'string', length: 4, label: 'Chunk', many: true },
    'chunk.len': { type: 'u32', label: 'Len', many: true },
    'chunk.data': { type: 'none', label: 'Data', many: true },
    'chunk.crc': { type: 'u32', show: 'hex', label: 'CRC', many: true },
    'ihdr.width': { type: 'u32', label: 'Width' },
    'ihdr.height': { type: 'u32', label: 'Height' },
    'ihdr.bitdepth': { type: 'u8', label: 'Bit Depth' },
    'ihdr.colour_type': {
      type: 'u8',
      label: 'Colour Type',
      names: {
        0: 'Greyscale',
        2: 'Truecolour',
        3: 'Indexed-colour',
        4: 'Greyscale with alpha',
        6: 'Truecolour with alpha',
      },
    },
    'ihdr.compression_method': { type: 'u8', label: 'Compression Method', names: { 0: 'Deflate' } },
    'ihdr.filter_method': { type: 'u8', label: 'Filter Method', names: { 0: 'Adaptive' } },
    'ihdr.interlace_method': { type: 'u8', label: 'Interlace Method', names: { 0: 'No interlace', 1: 'Adam7' } },
  },
  tree(t) {
    t.addInfo(' (PNG)');
    t.add('signature', t.at);
    let at = t.at + SIGNATURE;
    for (let count = 0; count < MAX_CHUNKS && at < t.end; count++) {
      const length = t.u32(at);
      const type = t.string(at + 4, 4, 'ascii');
      t.nest(t.put('chunk.type', type, at + 4, 4, `Chunk: ${type}`));
      t.add('chunk.len', at);
      const data = at + 8;
      t.need(data, length);
      if (type === 'IHDR' && length >= 13) {
        t.add('ihdr.width', data);
        t.add('ihdr.height', data + 4);
        for (const [i, key] of [
          'bitdepth',
          'colour_type',
          'compression_method',
          'filter_method',
          'interlace_method',
        ].entries())
          t.add(`ihdr.${key}`, data + 8 + i);
      } else if (length > 0) {
        t.put('chunk.data', new Uint8Array(0), data, length, `Data: ${length} bytes`);
      }
      t.add('chunk.crc', data + length);
      t.close();
      at = data + length + 4;
    }
  },
});
