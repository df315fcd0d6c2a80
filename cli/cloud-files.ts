/** `--cloud FILE`: maps, address ranges and prices for this command; without it, those that the window keeps. */

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type CloudData, type CloudFile, cloudData, readCloudFile } from '../engine/cloud/cloud-data.ts';
import { CloudFolder } from '../engine/host/cloud-folder.ts';
import type { Translate } from '../engine/text/index.ts';
import { UsageError } from './args.ts';

/** Throws UsageError for a file that cannot be used; the kept ones are read when they are first needed. */
export function cloudFiles(paths: readonly string[], t: Translate): () => CloudData {
  if (paths.length === 0) return () => new CloudFolder().read();
  const files = paths.map((path): CloudFile => {
    const file = readCloudFile(basename(path), contents(path, t));
    if (file.ok) return file.value;
    const { key, params } = file.error;
    const line = params.line === 0 ? params.what : `${params.line}: ${params.what}`;
    throw new UsageError(t('cloud.badFile', { name: path, problem: t(`cloud.problem.${key}`), line }).trimEnd());
  });
  const data = cloudData(files);
  return () => data;
}

function contents(path: string, t: Translate): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new UsageError(t('cloud.unreadable', { name: path, reason }));
  }
}
