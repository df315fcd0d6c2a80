/** The user's hosts files: copies in a folder beside the settings, so that they are there for the next capture too. */

import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type HostsList, MAX_HOSTS_FILE } from '../contract/names.ts';
import { type HostEntry, readHosts } from '../session/given-names.ts';
import { safeFileName } from './file-name.ts';
import { log } from './log.ts';
import { settingsFolder } from './settings.ts';

const MOST_FILES = 64;

export class HostsFolder {
  private readonly path: string;

  constructor(settings = settingsFolder()) {
    this.path = join(settings, 'hosts');
  }

  /** The entries of all files, in the order of their names. */
  read(): HostEntry[] {
    const all: HostEntry[] = [];
    for (const name of this.names()) for (const entry of readHosts(this.text(name)).entries) all.push(entry);
    return all;
  }

  list(refused: string | null = null): HostsList {
    const files = this.names().map((name) => {
      const { entries, wrong } = readHosts(this.text(name));
      return { name, entries: entries.length, wrong };
    });
    return { files, refused };
  }

  add(name: string, text: string): HostsList {
    if (readHosts(text).entries.length === 0) return this.list(name);
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
    const target = join(this.path, safeFileName(name, 'hosts'));
    writeFileSync(`${target}.part`, text, { mode: 0o600 });
    renameSync(`${target}.part`, target);
    return this.list();
  }

  remove(name: string): HostsList {
    if (this.names().includes(name)) rmSync(join(this.path, name), { force: true });
    return this.list();
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

  private text(name: string): string {
    const path = join(this.path, name);
    try {
      return statSync(path).size > MAX_HOSTS_FILE ? '' : readFileSync(path, 'utf8');
    } catch (error) {
      this.complain(path, error);
      return '';
    }
  }

  private complain(path: string, error: unknown): void {
    log('warning', `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
