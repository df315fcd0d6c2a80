/** The user's settings: one JSON file in the place that the system has for such. What is wrong in it is replaced, never fatal. */

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { type Settings, settingsSchema } from '../contract/api.ts';
import { DEFAULT_UNWANTED } from '../contract/preferences.ts';
import { translator } from '../text/index.ts';
import { log } from './log.ts';

const MAX_RECENT = 20;
const MAX_HISTORY = 100;
/** Files whose rules are kept. */
const MAX_RULED_FILES = 200;

/** Blocks that are not routed on the internet (RFC 1918, RFC 4193), and addresses that no maker has given (IEEE 802). */
const defaultMacros: Settings['macros'] = [
  { name: 'private_ipv4', text: '$1 in {10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16}' },
  { name: 'private_ipv6', text: '$1 == fc00::/7' },
  { name: 'private_ethernet', text: '$1[0] & 0f == 02' },
];

/** Stored in English; a window shows what it finds among these names in its own language. */
const named = translator('en');

export const defaultSettings: Settings = {
  language: 'system',
  theme: 'system',
  density: 'normal',
  timeFormat: 'relative',
  columns: [
    { id: 'number' },
    { id: 'time' },
    { id: 'source' },
    { id: 'destination' },
    { id: 'protocol' },
    { id: 'length' },
    { id: 'info' },
  ],
  colours: [
    {
      name: named('colourRule.unwanted'),
      filter: 'bittorrent || bt-dht || bt-utp || bt-tracker',
      tone: 'red',
      on: true,
    },
    { name: named('colourRule.malformed'), filter: '_ws.malformed', tone: 'red', on: true },
    { name: named('colourRule.reset'), filter: 'tcp.flags.reset == 1', tone: 'red', on: true },
    {
      name: named('colourRule.icmpErrors'),
      filter: 'icmp.type in {3..5, 11} || icmpv6.type in {1..4}',
      tone: 'amber',
      on: true,
    },
    {
      name: named('colourRule.tcpProblems'),
      filter:
        'tcp.analysis.flags && !tcp.analysis.window_update && !tcp.analysis.keep_alive && !tcp.analysis.keep_alive_ack',
      tone: 'amber',
      on: true,
    },
    { name: named('colourRule.checksum'), filter: 'ip.checksum.status == "Bad"', tone: 'red', on: true },
    { name: named('colourRule.arp'), filter: 'arp', tone: 'none', on: false },
    { name: named('colourRule.dns'), filter: 'dns', tone: 'blue', on: false },
    { name: named('colourRule.http'), filter: 'http', tone: 'green', on: false },
    { name: named('colourRule.tls'), filter: 'tls', tone: 'violet', on: false },
    { name: named('colourRule.synFin'), filter: 'tcp.flags & 0x02 || tcp.flags.fin == 1', tone: 'grey', on: false },
  ],
  coloursOn: true,
  layout: {},
  recentFiles: [],
  filterHistory: [],
  favouriteFilters: [],
  macros: defaultMacros,
  relativeSequence: true,
  unwanted: [...DEFAULT_UNWANTED],
  labels: [],
  showNames: false,
  captureSides: [],
  tlsKeyLog: '',
  decodeAs: [],
};

/** Where the settings lie: %APPDATA%, Application Support, or XDG's folder; NAGARE_CONFIG_DIR overrules it. */
export function settingsFolder(env: NodeJS.ProcessEnv = process.env, os: NodeJS.Platform = process.platform): string {
  if (env.NAGARE_CONFIG_DIR !== undefined && env.NAGARE_CONFIG_DIR !== '') return env.NAGARE_CONFIG_DIR;
  if (os === 'win32') return join(env.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), 'Nagare');
  if (os === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Nagare');
  return join(env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'nagare');
}

export class SettingsStore {
  private readonly path: string;
  private current: Settings;
  /** True when there was no settings file: the program has never run here. */
  readonly isFirstStart: boolean;

  constructor(folder = settingsFolder()) {
    this.path = join(folder, 'settings.json');
    const stored = this.read();
    this.isFirstStart = stored === null;
    this.current = repaired(stored);
  }

  get(): Settings {
    return this.current;
  }

  /** Keeps the changes and writes the file; where it cannot be written they last until the program ends. */
  set(changes: Partial<Settings>): Settings {
    const next = repaired({ ...this.current, ...changes });
    this.current = {
      ...next,
      recentFiles: [...new Set(next.recentFiles)].slice(0, MAX_RECENT),
      filterHistory: [...new Set(next.filterHistory)].slice(0, MAX_HISTORY),
      decodeAs: next.decodeAs.slice(0, MAX_RULED_FILES),
      captureSides: next.captureSides.slice(0, MAX_RULED_FILES),
    };
    try {
      mkdirSync(dirname(this.path), { recursive: true });
      const temporary = `${this.path}.${process.pid}`;
      writeFileSync(temporary, `${JSON.stringify(this.current, null, 2)}\n`, { mode: 0o600 });
      renameSync(temporary, this.path);
    } catch (error) {
      log(
        'warning',
        `settings could not be written to ${this.path}: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    return this.current;
  }

  private read(): unknown {
    try {
      return JSON.parse(readFileSync(this.path, 'utf8'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
        log('warning', `settings in ${this.path} cannot be read, defaults are used`);
      return (error as NodeJS.ErrnoException).code === 'ENOENT' ? null : {};
    }
  }
}

/** Every key checked by itself: a wrong one takes its default, the others stay. */
function repaired(stored: unknown): Settings {
  if (typeof stored !== 'object' || stored === null) return defaultSettings;
  const given = stored as Readonly<Record<string, unknown>>;
  const settings: Record<string, unknown> = {};
  for (const [key, schema] of Object.entries(settingsSchema.entries)) {
    const checked = v.safeParse(schema, given[key]);
    settings[key] = checked.success ? checked.output : defaultSettings[key as keyof Settings];
  }
  return settings as Settings;
}
