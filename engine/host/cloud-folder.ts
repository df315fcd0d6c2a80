/** The user's files about clouds: copies in a folder beside the settings, so that they are there for the next capture too. */

import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CloudData, type CloudFile, cloudData, MAX_CLOUD_FILE, readCloudFile } from '../cloud/cloud-data.ts';
import type { CloudList, KeptCloudFile } from '../contract/cloud.ts';
import { safeFileName } from './file-name.ts';
import { log } from './log.ts';
import { settingsFolder } from './settings.ts';

/** More than these are more than the providers that there are. */
const MOST_FILES = 64;

export class CloudFolder {
  private readonly path: string;

  constructor(settings = settingsFolder()) {
    this.path = join(settings, 'cloud');
  }

  /** What is kept; files that cannot be read or used are named with what is wrong with them. */
  read(): CloudData {
    const files: CloudFile[] = [];
    const problems: CloudData['problems'][number][] = [];
    for (const name of this.names()) {
      const text = this.text(name);
      if (text === null) continue;
      const file = readCloudFile(name, text);
      if (file.ok) files.push(file.value);
      else problems.push({ name, problem: file.error });
    }
    return cloudData(files, problems);
  }

  list(problem: CloudList['problem'] = null): CloudList {
    const { files } = this.read();
    const prices = files.findLast(({ kind }) => kind === 'prices');
    return {
      files: files.map(described),
      prices: prices === undefined ? '' : (this.text(prices.name) ?? ''),
      problem,
    };
  }

  add(name: string, text: string): CloudList {
    const file = readCloudFile(name, text);
    if (!file.ok) return this.list({ key: file.error.key, ...file.error.params });
    // There is one map and one price table: the new one takes the place of the old.
    const { kind } = file.value;
    if (kind !== 'ranges') for (const old of this.read().files) if (old.kind === kind) this.drop(old.name);
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
    const target = join(this.path, safeFileName(name, 'cloud.json'));
    writeFileSync(`${target}.part`, text, { mode: 0o600 });
    renameSync(`${target}.part`, target);
    return this.list();
  }

  remove(name: string): CloudList {
    this.drop(name);
    return this.list();
  }

  private drop(name: string): void {
    if (this.names().includes(name)) rmSync(join(this.path, name), { force: true });
  }

  private names(): string[] {
    try {
      return readdirSync(this.path)
        .filter((name) => !name.endsWith('.part'))
        .sort()
        .slice(0, MOST_FILES);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.complain(this.path, error);
      return [];
    }
  }

  private text(name: string): string | null {
    const path = join(this.path, name);
    try {
      return statSync(path).size > MAX_CLOUD_FILE ? null : readFileSync(path, 'utf8');
    } catch (error) {
      this.complain(path, error);
      return null;
    }
  }

  private complain(path: string, error: unknown): void {
    log('warning', `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function described(file: CloudFile): KeptCloudFile {
  const { name, kind } = file;
  switch (kind) {
    case 'map':
      return { name, kind, date: '', entries: file.map.entries.length };
    case 'ranges':
      return { name, kind, date: file.ranges.date, entries: file.ranges.entries.length };
    case 'prices':
      return { name, kind, date: file.prices.date, entries: file.prices.classes.size };
  }
}
