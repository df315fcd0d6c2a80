/** The menus: the page's commands by their ids, with the titles and keys that renderer/commands gives them (a test compares both). */

import type { TextKey, Translate } from '../engine/text/index.ts';

export interface MenuCommand {
  readonly id: string;
  readonly title: (t: Translate) => string;
  /** As renderer/commands writes it: `Mod+Shift+K`. */
  readonly shortcut?: string;
}

export type MenuEntry =
  | MenuCommand
  | 'separator'
  | { readonly title: (t: Translate) => string; readonly entries: readonly MenuEntry[] };

/** For keys whose texts have no places to fill in. */
export function plain(key: TextKey): (t: Translate) => string {
  return (t) => (t as (name: TextKey) => string)(key);
}

function command(id: string, key: TextKey, shortcut?: string): MenuCommand {
  return { id, title: plain(key), ...(shortcut === undefined ? {} : { shortcut }) };
}

function choices(key: TextKey, ...entries: readonly MenuEntry[]): MenuEntry {
  return { title: plain(key), entries };
}

const FILE: readonly MenuEntry[] = [
  command('file.open', 'command.open', 'Mod+O'),
  command('file.stop', 'command.stopLoading'),
  'separator',
  command('file.export', 'command.export', 'Mod+S'),
  command('file.objects', 'command.objects'),
  command('file.tlsKeys', 'command.tlsKeys'),
  'separator',
  command('file.close', 'command.close', 'Mod+W'),
];

const EDIT: readonly MenuEntry[] = [
  command('edit.find', 'command.find', 'Mod+F'),
  command('edit.findNext', 'command.findNext', 'F3'),
  command('edit.findPrevious', 'command.findPrevious', 'Shift+F3'),
  'separator',
  command('edit.filter', 'command.filterFocus', 'Mod+/'),
  command('edit.filterClear', 'command.filterClear'),
  command('edit.filters', 'command.filters'),
  'separator',
  command('edit.selectAll', 'command.selectAll'),
  'separator',
  command('edit.unwanted', 'command.unwanted'),
  command('edit.names', 'command.names'),
  'separator',
  command('edit.settings', 'command.settings', 'Mod+,'),
];

const VIEW: readonly MenuEntry[] = [
  command('view.columns', 'command.columns'),
  command('view.colours', 'command.colours'),
  command('view.coloursOn', 'command.coloursToggle'),
  'separator',
  choices(
    'menu.time',
    command('view.time.relative', 'time.relative'),
    command('view.time.local', 'time.local'),
    command('view.time.utc', 'time.utc'),
    command('view.time.delta', 'time.delta'),
    command('view.time.reference', 'time.reference'),
    command('view.time.epoch', 'time.epoch'),
  ),
  command('view.names', 'command.namesToggle'),
  command('view.relativeSequence', 'command.relativeToggle'),
  'separator',
  command('view.sidebar', 'command.sidebar'),
  choices(
    'menu.panes',
    command('view.panes.below', 'command.panesBelow'),
    command('view.panes.side', 'command.panesSide'),
    command('view.panes.stacked', 'command.panesStacked'),
    command('view.panes.hidden', 'command.panesHidden'),
    command('view.details', 'command.details'),
    command('view.bytes', 'command.bytes'),
  ),
  choices(
    'menu.rows',
    command('view.density.compact', 'command.densityCompact'),
    command('view.density.normal', 'command.densityNormal'),
  ),
  choices(
    'menu.theme',
    command('view.theme.system', 'command.themeSystem'),
    command('view.theme.light', 'command.themeLight'),
    command('view.theme.dark', 'command.themeDark'),
    command('view.theme.contrast', 'command.themeContrast'),
  ),
  choices(
    'menu.language',
    command('view.language.en', 'command.languageEn'),
    command('view.language.ja', 'command.languageJa'),
  ),
];

const GO: readonly MenuEntry[] = [
  command('go.back', 'command.back', 'Alt+ArrowLeft'),
  command('go.forward', 'command.forward', 'Alt+ArrowRight'),
  'separator',
  command('go.packet', 'command.goTo', 'Mod+G'),
  command('go.next', 'command.nextPacket', 'Mod+ArrowDown'),
  command('go.previous', 'command.previousPacket', 'Mod+ArrowUp'),
  command('go.first', 'command.firstPacket', 'Mod+Home'),
  command('go.last', 'command.lastPacket', 'Mod+End'),
  'separator',
  command('go.nextPane', 'command.nextPane', 'F6'),
  command('go.previousPane', 'command.previousPane', 'Shift+F6'),
  'separator',
  choices(
    'menu.panels',
    command('go.panel.overview', 'panel.overview'),
    command('go.panel.packets', 'panel.packets'),
    command('go.panel.hierarchy', 'panel.hierarchy'),
    command('go.panel.conversations', 'panel.conversations'),
    command('go.panel.endpoints', 'panel.endpoints'),
    command('go.panel.destinations', 'panel.destinations'),
    command('go.panel.io', 'panel.io'),
    command('go.panel.lengths', 'panel.lengths'),
    command('go.panel.names', 'panel.names'),
    command('go.panel.properties', 'panel.properties'),
    command('go.panel.rtt', 'panel.rtt'),
    command('go.panel.tcp', 'panel.tcp'),
    command('go.panel.response', 'panel.response'),
    command('go.panel.expert', 'panel.expert'),
    command('go.panel.monitor', 'panel.monitor'),
    command('go.panel.egress', 'panel.egress'),
    command('go.panel.mirror', 'panel.mirror'),
    command('go.panel.live-capture', 'panel.live-capture'),
  ),
];

const CAPTURE: readonly MenuEntry[] = [
  command('capture.toggle', 'command.captureToggle', 'Mod+E'),
  command('capture.restart', 'command.captureRestart'),
  command('capture.options', 'command.captureOptions', 'Mod+Shift+E'),
  'separator',
  command('capture.follow', 'command.captureFollow'),
  command('capture.save', 'command.captureSave'),
  'separator',
  command('capture.commands', 'command.captureCommands'),
];

const PACKET: readonly MenuEntry[] = [
  command('packet.mark', 'command.mark', 'Mod+M'),
  command('packet.ignore', 'command.ignore', 'Mod+D'),
  command('packet.reference', 'command.reference', 'Mod+T'),
  'separator',
  command('packet.comment', 'command.comment', 'Mod+Alt+C'),
  'separator',
  command('packet.follow', 'command.follow', 'Mod+Alt+Shift+T'),
  command('packet.decodeAs', 'command.decodeAs'),
];

const HELP: readonly MenuEntry[] = [
  command('help.palette', 'command.palette', 'Mod+K'),
  command('help.shortcuts', 'command.shortcuts', '?'),
  'separator',
  command('help.about', 'command.about'),
];

/** The menus in their order, by the page's groups. */
export const MENUS: readonly { readonly title: TextKey; readonly entries: readonly MenuEntry[] }[] = [
  { title: 'menu.file', entries: FILE },
  { title: 'menu.edit', entries: EDIT },
  { title: 'menu.view', entries: VIEW },
  { title: 'menu.go', entries: GO },
  { title: 'menu.capture', entries: CAPTURE },
  { title: 'menu.packet', entries: PACKET },
  { title: 'menu.help', entries: HELP },
];

/** `Mod+Alt+ArrowLeft` in Electron's words: `CmdOrCtrl+Alt+Left`. */
export function acceleratorOf(shortcut: string): string {
  return shortcut.replace('Mod', 'CmdOrCtrl').replace(/Arrow(Up|Down|Left|Right)/, '$1');
}
