/** HTTP2-Settings (RFC 7540 3.2.1): the payload of a SETTINGS frame in Base64, in a request that asks to go on as HTTP/2. */

import { decodeBase64 } from '../../../base/base64.ts';
import type { FieldSpec } from '../../field-spec.ts';
import type { TreeBuilder } from '../../tree.ts';

const SETTING = 6;
const NO_VALUE = new Uint8Array(0);
const NAMES: Readonly<Record<number, string>> = {
  1: 'Header table size',
  2: 'Enable PUSH',
  3: 'Max concurrent streams',
  4: 'Initial Windows size',
  5: 'Max frame size',
  6: 'Max header list size',
  8: 'Extended CONNECT',
};
const KEYS: Readonly<Record<number, string>> = {
  1: 'header_table_size',
  2: 'enable_push',
  3: 'max_concurrent_streams',
  4: 'initial_window_size',
  5: 'max_frame_size',
  6: 'max_header_list_size',
  8: 'extended_connect',
};
const UNKNOWN = 'unknown';

function value(key: string, label: string): readonly [string, FieldSpec] {
  return [`settings.${key}`, { type: 'u32', label, abbrev: `http2.settings.${key}`, many: true }];
}

/** The fields that HTTP/2 has for settings. */
export const SETTINGS_FIELDS: Readonly<Record<string, FieldSpec>> = {
  settings: { type: 'none', label: 'Settings', abbrev: 'http2.settings', many: true },
  'settings.id': { type: 'u16', label: 'Settings Identifier', names: NAMES, abbrev: 'http2.settings.id', many: true },
  ...Object.fromEntries(Object.entries(KEYS).map(([id, key]) => value(key, NAMES[Number(id)] ?? key))),
  ...Object.fromEntries([value(UNKNOWN, 'Unknown Settings')]),
};

/** Adds the settings that a header's value says; its bytes are [at, at + length). */
export function addHttp2Settings(t: TreeBuilder, text: string, at: number, length: number): void {
  const bytes = decodeBase64(text);
  for (let next = 0; next + SETTING <= bytes.length; next += SETTING) {
    const id = bytes[next] * 256 + bytes[next + 1];
    const number = bytes.subarray(next + 2, next + SETTING).reduce((sum, byte) => sum * 256 + byte, 0);
    t.nest(t.put('settings', NO_VALUE, at, length, `Settings - ${NAMES[id] ?? 'Unknown'} : ${number}`));
    t.put('settings.id', id, at, length);
    t.put(`settings.${KEYS[id] ?? UNKNOWN}`, number, at, length);
    t.close();
  }
}
