/** Captures whose packets carry each value that a protocol can tell, so that every field of the catalogue is shown by some packet. */

import type { GoldenGroup } from '../capture.ts';
import { linkValueGroup } from './link.ts';
import { mailValueGroup } from './mail.ts';
import { networkValueGroup } from './network.ts';
import { serviceValueGroup } from './services.ts';
import { wirelessValueGroup } from './wireless.ts';

export const valueGroups: readonly GoldenGroup[] = [
  linkValueGroup,
  mailValueGroup,
  networkValueGroup,
  serviceValueGroup,
  wirelessValueGroup,
];
