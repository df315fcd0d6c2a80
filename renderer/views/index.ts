/** The panels, in the order of the side bar. */

import { conversationsView } from './conversations/index.tsx';
import { destinationsView } from './destinations/index.tsx';
import { egressView } from './egress/index.tsx';
import { endpointsView } from './endpoints/index.tsx';
import { expertView } from './expert/index.tsx';
import { hierarchyView } from './hierarchy/index.tsx';
import { ioView } from './io/index.tsx';
import { lengthsView } from './lengths/index.tsx';
import { liveCaptureView } from './live-capture/index.tsx';
import { mirrorView } from './mirror/index.tsx';
import { monitorView } from './monitor/index.tsx';
import { namesView } from './names/index.tsx';
import { overviewView } from './overview/index.tsx';
import { packetsView } from './packet-list/index.tsx';
import { propertiesView } from './properties/index.tsx';
import { responseView } from './response/index.tsx';
import { rttView } from './rtt/index.tsx';
import { tcpView } from './tcp/index.tsx';
import type { View } from './view.ts';

export const views: readonly View[] = [
  overviewView,
  packetsView,
  hierarchyView,
  conversationsView,
  endpointsView,
  destinationsView,
  ioView,
  lengthsView,
  namesView,
  propertiesView,
  rttView,
  responseView,
  tcpView,
  expertView,
  monitorView,
  egressView,
  mirrorView,
  liveCaptureView,
];
