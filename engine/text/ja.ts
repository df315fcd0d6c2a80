/** Every sentence people see, in Japanese. A key that an area leaves out does not compile. */

import type { Dictionary } from './en.ts';
import { captureJa } from './ja/capture.ts';
import { captureProblemsJa } from './ja/capture-problems.ts';
import { cliJa } from './ja/cli.ts';
import { desktopJa } from './ja/desktop.ts';
import { dialogsJa } from './ja/dialogs.ts';
import { filterProblemsJa } from './ja/filter-problems.ts';
import { filtersJa } from './ja/filters.ts';
import { liveCaptureJa } from './ja/live-capture.ts';
import { packetsJa } from './ja/packets.ts';
import { panelEgressJa } from './ja/panel-egress.ts';
import { panelExpertJa } from './ja/panel-expert.ts';
import { panelIoJa } from './ja/panel-io.ts';
import { panelMirrorJa } from './ja/panel-mirror.ts';
import { panelMonitorJa } from './ja/panel-monitor.ts';
import { panelNamesJa } from './ja/panel-names.ts';
import { panelOverviewJa } from './ja/panel-overview.ts';
import { panelPropertiesJa } from './ja/panel-properties.ts';
import { panelResponseJa } from './ja/panel-response.ts';
import { panelRttJa } from './ja/panel-rtt.ts';
import { panelTcpJa } from './ja/panel-tcp.ts';
import { panelsJa } from './ja/panels.ts';
import { preferencesJa } from './ja/preferences.ts';
import { problemsJa } from './ja/problems.ts';
import { reportsJa } from './ja/reports.ts';
import { serveJa } from './ja/serve.ts';
import { shellJa } from './ja/shell.ts';
import { streamsJa } from './ja/streams.ts';
import { joined, type Translation } from './message.ts';

export const ja: Translation<Dictionary> = joined(
  shellJa,
  packetsJa,
  panelsJa,
  dialogsJa,
  preferencesJa,
  problemsJa,
  filterProblemsJa,
  filtersJa,
  captureProblemsJa,
  captureJa,
  cliJa,
  reportsJa,
  panelEgressJa,
  panelExpertJa,
  panelMirrorJa,
  panelMonitorJa,
  panelNamesJa,
  panelOverviewJa,
  panelIoJa,
  panelPropertiesJa,
  panelResponseJa,
  panelRttJa,
  panelTcpJa,
  streamsJa,
  serveJa,
  desktopJa,
  liveCaptureJa,
);
