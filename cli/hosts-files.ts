/** `--hosts FILE`: names of addresses for this command, beside those that the window keeps. */

import { readFileSync } from 'node:fs';
import { HostsFolder } from '../engine/host/hosts-folder.ts';
import { SettingsStore } from '../engine/host/settings.ts';
import { GivenNames, type HostEntry, readHosts } from '../engine/session/given-names.ts';
import type { Translate } from '../engine/text/index.ts';
import { UsageError } from './args.ts';

/** Named files take the place of the kept ones; labels of the settings hold in any case. Throws UsageError for a bad file. */
export function givenNames(paths: readonly string[], t: Translate): GivenNames {
  const entries: HostEntry[] = paths.length === 0 ? new HostsFolder().read() : [];
  for (const path of paths) {
    const found = readHosts(contents(path, t));
    if (found.entries.length === 0) throw new UsageError(t('cli.hosts-empty', { name: path }));
    for (const entry of found.entries) entries.push(entry);
  }
  return new GivenNames(new SettingsStore().get().labels, entries);
}

function contents(path: string, t: Translate): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new UsageError(t('cloud.unreadable', { name: path, reason }));
  }
}
