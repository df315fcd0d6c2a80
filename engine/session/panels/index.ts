/** The panels: one line each. */

import { conversationsPanel } from './conversations.ts';
import { destinationsPanel } from './destinations.ts';
import { egressPanel } from './egress/index.ts';
import { endpointsPanel } from './endpoints.ts';
import { expertPanel } from './expert.ts';
import { hierarchyPanel } from './hierarchy.ts';
import { ioPanel } from './io.ts';
import { lengthsPanel } from './lengths.ts';
import { mirrorPanel } from './mirror/index.ts';
import { monitorPanel } from './monitor/index.ts';
import { namesPanel } from './names.ts';
import { overviewPanel } from './overview.ts';
import type { Panel } from './panel.ts';
import { propertiesPanel } from './properties.ts';
import { responsePanel } from './response.ts';
import { rttPanel } from './rtt.ts';
import { tcpPanel } from './tcp/index.ts';

const list: readonly Panel[] = [
  conversationsPanel,
  destinationsPanel,
  egressPanel,
  endpointsPanel,
  expertPanel,
  hierarchyPanel,
  ioPanel,
  lengthsPanel,
  mirrorPanel,
  monitorPanel,
  namesPanel,
  overviewPanel,
  propertiesPanel,
  responsePanel,
  rttPanel,
  tcpPanel,
];

export const panels: ReadonlyMap<string, Panel> = new Map(list.map((panel) => [panel.name, panel]));
