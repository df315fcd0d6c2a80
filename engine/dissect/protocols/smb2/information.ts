/** What is known about a file or a file system, by class and level ([MS-FSCC] 2.4, 2.5): one list of fields for each. */

import type { TreeBuilder } from '../../tree.ts';
import { flags, guid, number, put, time } from './message.ts';

/**
 * Parts of a structure: a number by its key; `time:`, `flags:` with a key; `skip:4`; `name`: a length of four bytes and then the
 * text; `label` and `fsname`: the same for volumes; `byte:`: a number of which only one byte is there; `guid:`.
 */
type Layout = readonly string[];

const BASIC: Layout = [
  'time:create.time',
  'time:last_access.time',
  'time:last_write.time',
  'time:last_change.time',
  'flags:file_attribute',
];
const STANDARD: Layout = ['allocation_size', 'eof', 'nlinks', 'delete_pending', 'is_directory'];
const ACCESS: Layout = ['flags:access_mask'];
const MODE: Layout = ['flags:mode_info'];

/** By class and level: the field that stands for the whole, and its parts. */
const LAYOUTS: Readonly<Record<string, readonly [string, Layout]>> = {
  '1/4': ['file_basic_info', [...BASIC, 'unknown:4']],
  '1/5': [
    'file_standard_info',
    ['alloc_size64', 'end_of_file', 'link_count', 'byte:std.delete_pending', 'byte:std.is_directory'],
  ],
  '1/6': ['file_internal_info', ['file_id']],
  '1/7': ['file_ea_info', ['ea_size']],
  '1/8': ['file_access_info', ACCESS],
  '1/10': ['file_rename_info', ['rename.replace_if', 'reserved:7', 'root_directory:8', 'name']],
  '1/13': ['file_disposition_info', ['disposition.delete_on_close']],
  '1/14': ['file_position_info', ['position_info']],
  '1/16': ['file_mode_info', MODE],
  '1/17': ['file_alignment_info', ['alignment_info']],
  '1/18': [
    'file_all_info',
    [
      ...BASIC,
      'unknown:4',
      ...STANDARD,
      'skip:2',
      'file_id',
      'ea_size',
      ...ACCESS,
      'position_info',
      ...MODE,
      'alignment_info',
      'name',
    ],
  ],
  '1/19': ['file_allocation_info', ['allocation_size']],
  '1/20': ['file_endoffile_info', ['eof']],
  '1/21': ['file_alternate_name_info', ['name']],
  '1/23': ['file_pipe_info', ['unknown:8']],
  '1/28': ['file_compression_info', ['allocation_size', 'unknown:8']],
  '1/34': [
    'file_network_open_info',
    [...BASIC.slice(0, 4), 'allocation_size', 'eof', 'flags:file_attribute', 'unknown:4'],
  ],
  '1/35': ['file_attribute_tag_info', ['flags:file_attribute', 'reparse_tag']],
  '1/48': ['file_normalized_name_info', ['name']],
  '2/1': ['fs_volume_info', ['time:create.time', 'volume.serial', 'label']],
  '2/3': ['fs_size_info', ['alloc_size64', 'free_alloc_units', 'fs_sector_per_unit', 'fs_bytes_per_sector']],
  '2/4': ['fs_device_info', ['device.type', 'device']],
  '2/5': ['fs_attribute_info', ['flags:fs_attr', 'fs_max_name_len', 'fsname']],
  '2/7': [
    'fs_full_size_info',
    ['alloc_size64', 'caller_free_alloc_units', 'actual_free_alloc_units', 'fs_sector_per_unit', 'fs_bytes_per_sector'],
  ],
  '2/8': ['fs_objectid_info', ['guid:object_id', 'unknown:48']],
};
/** Words whose bits are named otherwise than they are. */
const FLAG_PREFIXES: Readonly<Record<string, string>> = { access_mask: 'access', mode_info: 'mode' };
const STREAMS = '1/22';
const MAX_STREAMS = 1024;

export function information(t: TreeBuilder, kind: number, level: number, at: number, length: number): void {
  const key = `${kind}/${level}`;
  const end = at + length;
  if (key === STREAMS) {
    streams(t, at, end);
    return;
  }
  const known = LAYOUTS[key];
  if (known === undefined) {
    const isSecurity = kind === 3;
    t.put(isSecurity ? 'sec_info_00' : 'unknown', isSecurity ? new Uint8Array(0) : t.slice(at, length), at, length);
    return;
  }
  t.nest(t.put(known[0], new Uint8Array(0), at, length));
  let next = at;
  for (const part of known[1]) {
    if (next >= end) break;
    next = layoutPart(t, part, next, end);
  }
  t.close();
}

/** One part; the end where it does not fit. */
function layoutPart(t: TreeBuilder, part: string, at: number, end: number): number {
  const [kind = '', key = ''] = part.split(':');
  switch (kind) {
    case 'time':
      return at + 8 > end ? end : time(t, key, at);
    case 'flags':
      if (at + 4 > end) return end;
      flags(t, key, t.u32le(at), at, 4, FLAG_PREFIXES[key] ?? key);
      return at + 4;
    case 'guid':
      return at + 16 > end ? end : put(t, key, guid(t, at), at, 16);
    case 'skip':
      return at + Number(key);
    case 'unknown':
    case 'reserved':
    case 'root_directory': {
      const length = Math.min(Number(key), end - at);
      return t.add(kind, at, length);
    }
    case 'name':
      return name(t, at, at + 4, end);
    case 'label':
      return name(t, at, at + 6, end, 'volume.label.len', 'volume.label');
    case 'fsname':
      return name(t, at, at + 4, end, 'fs_name.len', 'fs_name');
    case 'byte':
      return put(t, key, t.u8(at), at, 1);
    default: {
      const type = t.protocol.fields.get(part)?.spec.type;
      const width = type === 'u64' ? 8 : type === 'u8' || type === 'bool' ? 1 : 4;
      if (at + width > end) return end;
      if (width > 1) return number(t, part, at);
      return put(t, part, t.u8(at), at, 1);
    }
  }
}

function name(
  t: TreeBuilder,
  lengthAt: number,
  at: number,
  end: number,
  lengthKey = 'filename.len',
  key = 'filename',
): number {
  if (lengthAt + 4 > end) return end;
  const length = t.u32le(lengthAt);
  number(t, lengthKey, lengthAt);
  if (length > 0 && at + length <= end) put(t, key, t.string(at, length, 'utf16le'), at, length);
  return at + length;
}

/** [MS-FSCC] 2.4.44. */
function streams(t: TreeBuilder, from: number, end: number): void {
  t.nest(t.put('file_stream_info', new Uint8Array(0), from, end - from));
  for (let at = from, i = 0; i < MAX_STREAMS && at + 24 <= end; i++) {
    const next = t.u32le(at);
    const length = t.u32le(at + 4);
    t.nest(t.text('Stream', at, (next === 0 ? end : at + next) - at));
    t.text(`Next Entry Offset: ${next}`, at, 4);
    number(t, 'stream_name_len', at + 4);
    number(t, 'stream_size', at + 8);
    number(t, 'alloc_size64', at + 16);
    if (length > 0 && at + 24 + length <= end)
      put(t, 'stream_name', t.string(at + 24, length, 'utf16le'), at + 24, length);
    t.close();
    if (next < 24) break;
    at += next;
  }
  t.close();
}
