/** GIF images (GIF89a specification): version and screen size. */

import { defineProtocol } from '../protocol.ts';

const AT = { version: 0, width: 6, height: 8, flags: 10, background: 11, aspect: 12, end: 13 } as const;

export const imageGif = defineProtocol({
  name: 'image-gif',
  title: 'Compuserve GIF',
  on: { 'media.type': ['image/gif'] },
  fields: {
    version: { type: 'string', length: 6, label: 'Version' },
    'screen.width': { type: 'u16', little: true, label: 'Screen width' },
    'screen.height': { type: 'u16', little: true, label: 'Screen height' },
    'global.color_map.present': { type: 'u8', bits: [7, 7], label: 'Global color map is present' },
    'global.color_bpp': { type: 'u8', bits: [6, 4], label: 'Bits per color minus 1' },
    'global.color_map.ordered': { type: 'u8', bits: [3, 3], label: 'Global color map is ordered' },
    'global.bpp': { type: 'u8', bits: [2, 0], label: 'Image bits per pixel minus 1' },
    image_background_index: { type: 'u8', label: 'Background color index' },
    'global.pixel_aspect_ratio': { type: 'u8', label: 'Global pixel aspect ratio' },
  },
  tree(t) {
    const version = t.string(t.at, 6, 'ascii');
    t.addLabel(`, Version: ${version}`);
    t.addInfo(` (${version})`);
    t.add('version', t.at);
    t.add('screen.width', t.at + AT.width);
    t.add('screen.height', t.at + AT.height);
    for (const key of ['global.color_map.present', 'global.color_bpp', 'global.color_map.ordered', 'global.bpp'])
      t.add(key, t.at + AT.flags);
    t.add('image_background_index', t.at + AT.background);
    t.add('global.pixel_aspect_ratio', t.at + AT.aspect);
  },
});
