/** Golden captures of protocols of the link and network layer that few networks speak: one file each. */

import type { GoldenGroup } from '../capture.ts';
import { industryCaptures } from './industry.ts';
import { localCaptures } from './local.ts';
import { overIpCaptures } from './over-ip.ts';
import { tagCaptures } from './tags.ts';

export const moreLayersGroup: GoldenGroup = {
  name: 'more-layers',
  captures: { ...industryCaptures, ...localCaptures, ...overIpCaptures, ...tagCaptures },
};
