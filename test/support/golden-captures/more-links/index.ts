/** Golden captures of link types that few captures have: one file each, as a file has one link type. */

import type { GoldenGroup } from '../capture.ts';
import { headerCaptures } from './headers.ts';
import { juniperCaptures } from './juniper.ts';

export const moreLinksGroup: GoldenGroup = {
  name: 'more-links',
  captures: { ...headerCaptures, ...juniperCaptures },
};
