/** Golden captures of services of networks, hosts, clouds and telephony. */

import type { GoldenGroup } from '../capture.ts';
import { carrierGroup } from './carriers.ts';
import { flowExportGroup } from './flow-export.ts';
import { mobileCoreGroup } from './mobile-core.ts';
import { operationsGroup } from './operations.ts';
import { pathControlGroup } from './path-control.ts';
import { sampleGroup } from './samples.ts';
import { smallServicesGroup } from './small.ts';
import { telephonyGroup } from './telephony.ts';

export const moreServiceGroups: readonly GoldenGroup[] = [
  carrierGroup,
  flowExportGroup,
  mobileCoreGroup,
  operationsGroup,
  pathControlGroup,
  sampleGroup,
  smallServicesGroup,
  telephonyGroup,
];
