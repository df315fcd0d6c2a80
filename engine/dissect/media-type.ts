/** Which protocol shows a body of a media type (RFC 9110 8.3): by its own name, by its suffix, by its family. */

import type { DispatchTable } from './field-spec.ts';

interface Finder {
  find(table: DispatchTable, key: string): number;
}

/** Every protocol that may show a body, for `opens` of those that carry bodies. A test compares it with the table. */
export const BODY_PROTOCOLS: readonly string[] = [
  'data',
  'data-text-lines',
  'dns',
  'image-gif',
  'image-jfif',
  'imf',
  'json',
  'media',
  'mime_multipart',
  'png',
  'sdp',
  'urlencoded-form',
  'xml',
];

/** Index of the protocol for a body; `type`: small letters, no parameters, or empty */
export function findBody(type: string, finder: Finder): number {
  if (type === '' || type === 'application/octet-stream') return finder.find('name', 'data');
  const known = finder.find('media.type', type);
  if (known !== 0) return known;
  const plus = type.lastIndexOf('+');
  const bySuffix = plus < 0 ? 0 : finder.find('media.type', `*${type.slice(plus)}`);
  if (bySuffix !== 0) return bySuffix;
  return finder.find('media.type', type.startsWith('text/') ? 'text/*' : '*/*');
}
