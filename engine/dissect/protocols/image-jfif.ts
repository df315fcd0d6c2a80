/** JPEG images (ITU-T T.81, T.871): markers up to the image's data. */

import { defineProtocol } from '../protocol.ts';

const MARKERS: Readonly<Record<number, string>> = {
  0xffc0: 'Start of Frame (baseline)',
  0xffc2: 'Start of Frame (progressive)',
  0xffc4: 'Define Huffman Table',
  0xffd8: 'Start of Image',
  0xffd9: 'End of Image',
  0xffda: 'Start of Scan',
  0xffdb: 'Define Quantization Table',
  0xffdd: 'Define Restart Interval',
  0xffe0: 'Application 0 (JFIF)',
  0xffe1: 'Application 1 (Exif)',
  0xfffe: 'Comment',
};
const START = 0xffd8;
const SCAN = 0xffda;
const APP0 = 0xffe0;
const MAX_MARKERS = 256;

export const imageJfif = defineProtocol({
  name: 'image-jfif',
  title: 'JPEG File Interchange Format',
  on: { 'media.type': ['image/jpeg', 'image/jpg', 'image/pjpeg', 'image/jfif'] },
  fields: {
    marker: { type: 'u16', show: 'hex', label: 'Marker', names: MARKERS, many: true },
    marker_segment: { type: 'none', label: 'Marker segment', many: true },
    length: { type: 'u16', label: 'Length', many: true },
    identifier: { type: 'string', label: 'Identifier' },
    'version.major': { type: 'u8', label: 'Major Version' },
    'version.minor': { type: 'u8', label: 'Minor Version' },
    units: { type: 'u8', label: 'Units', names: { 0: 'No units', 1: 'Dots per inch', 2: 'Dots per centimetre' } },
    Xdensity: { type: 'u16', label: 'Xdensity' },
    Ydensity: { type: 'u16', label: 'Ydensity' },
    Xthumbnail: { type: 'u8', label: 'Xthumbnail' },
    Ythumbnail: { type: 'u8', label: 'Ythumbnail' },
  },
  tree(t) {
    t.addInfo(' (JPEG JFIF image)');
    if (t.u16(t.at) !== START) t.fail();
    t.add('marker', t.at);
    let at = t.at + 2;
    for (let count = 0; count < MAX_MARKERS && t.has(at, 4); count++) {
      const marker = t.u16(at);
      if (marker < 0xff00) break;
      const length = t.u16(at + 2);
      if (length < 2) t.fail();
      t.nest(
        t.put(
          'marker_segment',
          new Uint8Array(0),
          at,
          2 + length,
          `Marker segment: ${MARKERS[marker] ?? `0x${marker.toString(16)}`}`,
        ),
      );
      t.add('marker', at);
      t.add('length', at + 2);
      if (marker === APP0 && length >= 16) {
        t.add('identifier', at + 4, 5);
        t.last().text = `Identifier: ${t.string(at + 4, 5, 'ascii', true)}`;
        t.add('version.major', at + 9);
        t.add('version.minor', at + 10);
        t.add('units', at + 11);
        t.add('Xdensity', at + 12);
        t.add('Ydensity', at + 14);
        t.add('Xthumbnail', at + 16);
        t.add('Ythumbnail', at + 17);
      }
      t.close();
      at += 2 + length;
      if (marker === SCAN) {
        t.text('Image data', at, Math.max(0, t.end - at));
        return;
      }
    }
  },
});
