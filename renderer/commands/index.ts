/** The commands. Menus, the palette, the shortcut list and the key handler read this list; their order is the menus'. */

import { views } from '../views/index.ts';
import { densities, languages, themes } from './appearance.ts';
import { captureCommandList } from './capture.ts';
import { closeFile } from './close-file.ts';
import { colours, coloursToggle, columns } from './colours-and-columns.ts';
import type { Command } from './command.ts';
import { decodeAs } from './decode-as.ts';
import { exportPackets } from './export-packets.ts';
import { clearFilter, focusFilter, namedFilters } from './filter.ts';
import { findNext, findPacket, findPrevious } from './find-packet.ts';
import { goToPacket } from './go-to-packet.ts';
import { about, openSettings, palette, shortcuts } from './help.ts';
import { back, forward } from './history.ts';
import { comment, ignore, mark, reference, selectAll } from './mark-packets.ts';
import { firstPacket, lastPacket, nextPacket, previousPacket } from './move.ts';
import { openFile } from './open-file.ts';
import { nextPane, paneCommands, previousPane } from './panes.ts';
import { names, namesToggle, relativeToggle, unwanted } from './preferences.ts';
import { showPanel } from './show-panel.ts';
import { stopLoading } from './stop-loading.ts';
import { exportObjects, followStream } from './streams.ts';
import { timeFormats } from './time-format.ts';
import { tlsKeys } from './tls-keys.ts';

export const commands: readonly Command[] = [
  openFile,
  stopLoading,
  exportPackets,
  exportObjects,
  tlsKeys,
  closeFile,
  findPacket,
  findNext,
  findPrevious,
  focusFilter,
  clearFilter,
  namedFilters,
  selectAll,
  openSettings,
  columns,
  colours,
  coloursToggle,
  unwanted,
  names,
  namesToggle,
  relativeToggle,
  ...timeFormats,
  ...paneCommands,
  ...densities,
  ...themes,
  ...languages,
  back,
  forward,
  goToPacket,
  nextPacket,
  previousPacket,
  firstPacket,
  lastPacket,
  nextPane,
  previousPane,
  ...views.map(showPanel),
  ...captureCommandList,
  mark,
  ignore,
  reference,
  comment,
  followStream,
  decodeAs,
  palette,
  shortcuts,
  about,
];

export function findCommand(id: string): Command | undefined {
  return commands.find((command) => command.id === id);
}
