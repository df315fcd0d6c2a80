/** The panels, in the order of the side bar. */

import { hierarchyView } from './hierarchy/index.tsx';
import { packetsView } from './packet-list/index.tsx';
import type { View } from './view.ts';

export const views: readonly View[] = [packetsView, hierarchyView];
