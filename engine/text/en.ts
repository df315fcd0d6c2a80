/** Every sentence people see, in English: the areas in one dictionary. */

import { captureEn } from './en/capture.ts';
import { captureProblemsEn } from './en/capture-problems.ts';
import { cliEn } from './en/cli.ts';
import { desktopEn } from './en/desktop.ts';
import { dialogsEn } from './en/dialogs.ts';
import { filterProblemsEn } from './en/filter-problems.ts';
import { filtersEn } from './en/filters.ts';
import { liveCaptureEn } from './en/live-capture.ts';
import { packetsEn } from './en/packets.ts';
import { panelEgressEn } from './en/panel-egress.ts';
import { panelExpertEn } from './en/panel-expert.ts';
import { panelIoEn } from './en/panel-io.ts';
import { panelMirrorEn } from './en/panel-mirror.ts';
import { panelMonitorEn } from './en/panel-monitor.ts';
import { panelNamesEn } from './en/panel-names.ts';
import { panelOverviewEn } from './en/panel-overview.ts';
import { panelPropertiesEn } from './en/panel-properties.ts';
import { panelResponseEn } from './en/panel-response.ts';
import { panelRttEn } from './en/panel-rtt.ts';
import { panelTcpEn } from './en/panel-tcp.ts';
import { panelsEn } from './en/panels.ts';
import { preferencesEn } from './en/preferences.ts';
import { problemsEn } from './en/problems.ts';
import { reportsEn } from './en/reports.ts';
import { serveEn } from './en/serve.ts';
import { shellEn } from './en/shell.ts';
import { streamsEn } from './en/streams.ts';
import { joined } from './message.ts';

export const en = joined(
  shellEn,
  packetsEn,
  panelsEn,
  dialogsEn,
  preferencesEn,
  problemsEn,
  filterProblemsEn,
  filtersEn,
  captureProblemsEn,
  captureEn,
  cliEn,
  reportsEn,
  panelEgressEn,
  panelExpertEn,
  panelMirrorEn,
  panelMonitorEn,
  panelNamesEn,
  panelOverviewEn,
  panelIoEn,
  panelPropertiesEn,
  panelResponseEn,
  panelRttEn,
  panelTcpEn,
  streamsEn,
  serveEn,
  desktopEn,
  liveCaptureEn,
);

export type Dictionary = typeof en;
export type TextKey = keyof Dictionary;
