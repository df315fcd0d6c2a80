/** The files that a capture carried, of every protocol that can be searched for them. */

import type { CarriedObject, ObjectKind } from '../../contract/follow.ts';
import { ftpObjects } from './ftp.ts';
import { httpObjects } from './http.ts';
import { mailObjects } from './mail.ts';
import type { ObjectFinder, ObjectSearch, StoredObject } from './object.ts';
import { smbObjects } from './smb.ts';
import { tftpObjects } from './tftp.ts';
import { webSocketObjects } from './websocket.ts';

const FINDERS: readonly ObjectFinder[] = [
  httpObjects,
  smbObjects,
  tftpObjects,
  ftpObjects,
  mailObjects,
  webSocketObjects,
];

/** In the order of the packets that complete them. */
export async function findObjects(
  search: ObjectSearch,
  kinds: readonly ObjectKind[] | null = null,
): Promise<readonly StoredObject[]> {
  search.capture.flows.update();
  const found: StoredObject[] = [];
  for (const finder of FINDERS)
    if (kinds === null || kinds.includes(finder.kind)) for (const one of await finder.find(search)) found.push(one);
  return found.sort((a, b) => a.row - b.row);
}

/** Without what reads its bytes. */
export function factsOf({ kind, row, host, type, name, size, whole, missing }: StoredObject): CarriedObject {
  return { kind, row, host, type, name, size, whole, missing };
}

const ENDINGS: Readonly<Record<string, string>> = {
  'text/html': '.html',
  'text/plain': '.txt',
  'text/css': '.css',
  'text/xml': '.xml',
  'application/xml': '.xml',
  'application/json': '.json',
  'application/javascript': '.js',
  'text/javascript': '.js',
  'image/png': '.png',
  'image/jpeg': '.jpg',
  'image/gif': '.gif',
  'image/svg+xml': '.svg',
  'application/pdf': '.pdf',
  'application/zip': '.zip',
  'application/gzip': '.gz',
};

/** A name to save it under: its own, or one made of protocol and packet. Not yet safe as a file's name. */
export function nameToSave({ kind, name, row, type }: CarriedObject): string {
  return name !== '' ? name : `${kind}-${row + 1}${ENDINGS[type.toLowerCase()] ?? ''}`;
}
