/** Information about files and volumes by level ([MS-CIFS] 2.2.8, [MS-FSCC] 2.4, 2.5): what each level is made of. */

import type { TreeBuilder } from '../../tree.ts';
import { dateTime, half, run, type Step, skip, value, word } from './commands/steps.ts';
import { fileTime, type Message, textOf } from './message.ts';

const PASS_THROUGH = 1000;
const MAX_STREAMS = 256;

/** 100 ns since 1601. */
const time =
  (key: string): Step =>
  (t, _m, at) =>
    fileTime(t, key, at);

/** One byte of a field that has more. */
const byte =
  (key: string): Step =>
  (t, _m, at) => {
    t.put(key, t.u8(at), at, 1);
    return at + 1;
  };

/** A length in four bytes and a text of it. */
export const sizedText =
  (lengthKey: string, key: string): Step =>
  (t, m, at, end) => {
    const length = t.u32le(at);
    value(lengthKey)(t, m, at, end);
    const there = Math.min(length, end - at - 4);
    if (there > 0) textOf(t, m, key, at + 4, there);
    return at + 4 + Math.max(0, there);
  };

const dosTimes: readonly Step[] = [
  dateTime('create.time', 'create'),
  dateTime('access.time', 'access'),
  dateTime('last_write.time', 'last_write'),
];
const fileTimes: readonly Step[] = ['create.time', 'access.time', 'last_write.time', 'change.time'].map(time);
const information: readonly Step[] = [...dosTimes, value('data_size'), value('alloc_size'), word('file_attribute')];
const basic: readonly Step[] = [...fileTimes, word('ext_file_attribute')];
const standard: readonly Step[] = [
  value('alloc_size64'),
  value('end_of_file'),
  value('link_count'),
  byte('delete_pending'),
  value('is_directory'),
];
const fileName = sizedText('file_name_len', 'file');
const eaSize = value('ea.list_length');

/** Names and values of extended attributes ([MS-CIFS] 2.2.1.2.2). */
const attributes: Step = (t, _m, from, end) => {
  let at = from;
  while (at + 4 <= end) {
    const name = t.u8(at + 1);
    const length = t.u16le(at + 2);
    t.nest(t.text('Extended Attribute', at, Math.min(end - at, 5 + name + length)));
    t.add('ea.flags', at);
    t.put('ea.name_length', name, at + 1, 1);
    t.put('ea.data_length', length, at + 2, 2);
    const nameTo = Math.min(end, at + 4 + name);
    t.put('ea.name', t.string(at + 4, nameTo - at - 4, 'latin1'), at + 4, nameTo - at - 4);
    const dataAt = Math.min(end, nameTo + 1);
    const dataTo = Math.min(end, dataAt + length);
    if (dataTo > dataAt) t.add('ea.data', dataAt, dataTo - dataAt);
    t.close();
    at = Math.max(at + 4, dataTo);
  }
  return end;
};

const streams: Step = (t, m, from, end) => {
  for (let at = from, i = 0; i < MAX_STREAMS && at + 24 <= end; i++) {
    const next = t.u32le(at);
    const length = Math.min(t.u32le(at + 4), end - at - 24);
    t.nest(t.text('Stream Info', at, next === 0 ? end - at : Math.min(next, end - at)));
    run(t, m, ['next_entry_offset', 'stream_name_len', 'stream_size', 'alloc_size64'].map(value), at, at + 24);
    if (length > 0) textOf(t, m, 'stream_name', at + 24, length);
    t.close();
    if (next < 24) break;
    at += next;
  }
  return end;
};

const unixTimes: readonly Step[] = ['unix.file.stime', 'unix.file.atime', 'unix.file.mtime'].map(time);
const unixBasic: readonly Step[] = [
  value('unix.file.size'),
  value('unix.file.num_bytes'),
  ...unixTimes,
  ...['uid', 'gid', 'file_type', 'dev_major', 'dev_minor', 'unique_id', 'perms', 'num_links'].map((key) =>
    value(`unix.file.${key}`),
  ),
];
const linkText: Step = (t, m, at, end) => {
  textOf(t, m, 'unix.file.link_dest', at, end - at);
  return end;
};
const compression: readonly Step[] = ['file_size', 'format', 'unit_shift', 'chunk_shift', 'cluster_shift'].map((key) =>
  value(`compressed.${key}`),
);
const rename: readonly Step[] = [
  (t, _m, at) => {
    t.put('replace', t.u8(at) === 0 ? 0 : 1, at, 4);
    return at + 4;
  },
  value('root_dir_handle'),
  sizedText('target_name_len', 'target_name'),
];

/** Information about a file, by level; classes of [MS-FSCC] with a thousand added. */
const FILE: Readonly<Record<number, readonly Step[]>> = {
  1: information,
  2: [...information, eaSize],
  3: [eaSize, attributes],
  4: [eaSize, attributes],
  0x101: [...basic, skip(4)],
  0x102: standard,
  0x103: [eaSize],
  0x104: [fileName],
  0x107: [...basic, skip(4), ...standard, skip(2), eaSize, fileName],
  0x108: [fileName],
  0x109: [streams],
  0x10b: compression,
  0x200: unixBasic,
  0x201: [linkText],
  1004: [...basic, skip(4)],
  1005: standard,
  1006: [value('index_number')],
  1007: [eaSize],
  1008: [word('access_mask')],
  1009: [fileName],
  1010: rename,
  1014: [value('position')],
  1016: [value('mode')],
  1017: [value('alignment')],
  1018: [
    ...basic,
    skip(4),
    ...standard,
    skip(2),
    value('index_number'),
    eaSize,
    word('access_mask'),
    value('position'),
    value('mode'),
    value('alignment'),
    fileName,
  ],
  1021: [fileName],
  1022: [streams],
  1028: compression,
  1034: [...fileTimes, value('alloc_size64'), value('end_of_file'), word('ext_file_attribute'), skip(4)],
  1035: [value('attribute'), value('reparse_tag')],
};
const SET: Readonly<Record<number, readonly Step[]>> = {
  0x102: [value('disposition.delete_on_close')],
  0x103: [value('alloc_size64')],
  0x104: [value('end_of_file')],
  1013: [value('disposition.delete_on_close')],
  1019: [value('alloc_size64')],
  1020: [value('end_of_file')],
};
const sized: readonly Step[] = [
  value('alloc_size64'),
  value('free_alloc_units'),
  value('fs_sector_per_unit'),
  value('fs_bytes_per_sector'),
];
const volume: readonly Step[] = [
  time('create.time'),
  value('volume.serial'),
  (t, m, at, end) => {
    const length = t.u32le(at);
    value('volume.label.len')(t, m, at, end);
    t.add('reserved', at + 4, 2);
    const there = Math.min(length, end - at - 6);
    if (there > 0) textOf(t, m, 'volume.label', at + 6, there, true);
    return end;
  },
];
const attributesOf: readonly Step[] = [word('fs_attr'), value('fs_max_name_len'), sizedText('fs_name.len', 'fs_name')];
const label = sizedText('volume.label.len', 'volume.label');
const VOLUME: Readonly<Record<number, readonly Step[]>> = {
  1: [
    value('fs_id'),
    value('fs_sector_per_unit'),
    value('fs_units'),
    value('avail.units'),
    half('fs_bytes_per_sector'),
  ],
  2: [
    value('volume.serial'),
    byte('volume.label.len'),
    (t, m, at, end) => {
      textOf(t, m, 'volume.label', at, end - at);
      return end;
    },
  ],
  0x101: [label],
  0x102: volume,
  0x103: sized,
  0x104: [value('device.type'), word('device')],
  0x105: attributesOf,
  0x200: [value('unix.major_version'), value('unix.minor_version'), value('unix.capability')],
  1001: [label],
  1002: volume,
  1003: sized,
  1004: [value('device.type'), word('device')],
  1005: attributesOf,
  1006: [skip(24), value('quota.soft.default'), value('quota.hard.default'), word('quota.flags'), skip(7)],
  1007: [
    value('alloc_size64'),
    value('caller_free_alloc_units'),
    value('actual_free_alloc_units'),
    value('fs_sector_per_unit'),
    value('fs_bytes_per_sector'),
  ],
};

function show(t: TreeBuilder, m: Message, steps: readonly Step[] | undefined, at: number, end: number): void {
  const to = run(t, m, steps ?? [], at, end);
  if (to < end) t.add('unknown_data', to, end - to);
}

/** What a query answers about a file. */
export function fileInformation(t: TreeBuilder, m: Message, level: number, at: number, end: number): void {
  show(t, m, FILE[level], at, end);
}

/** What is set of a file: mostly as it is queried. */
export function setInformation(t: TreeBuilder, m: Message, level: number, at: number, end: number): void {
  show(
    t,
    m,
    SET[level] ?? (level < 0x102 || level >= PASS_THROUGH || level >= 0x200 ? FILE[level] : undefined),
    at,
    end,
  );
}

export function volumeInformation(t: TreeBuilder, m: Message, level: number, at: number, end: number): void {
  show(t, m, VOLUME[level], at, end);
}

const entry = [value('next_entry_offset'), value('file_index')];
const found: readonly Step[] = [...fileTimes, value('end_of_file'), value('alloc_size64'), word('ext_file_attribute')];
/** An entry's 8.3 name: its length, a byte, 24 bytes. */
const shortName: Step = (t, m, at, end) => {
  const length = Math.min(t.u8(at), 24);
  byte('short_file_name_len')(t, m, at, end);
  t.add('reserved', at + 1, 1);
  const there = Math.min(length, end - at - 2);
  if (there > 0) textOf(t, m, 'short_file', at + 2, there, true);
  return at + 26;
};

interface Entry {
  readonly length: Step;
  readonly before: readonly Step[];
  /** Between the name's length and the name. */
  readonly between: readonly Step[];
}

const nameLength = value('file_name_len');
const fileId = value('create.file_id_64b');
const ENTRIES: Readonly<Record<number, Entry>> = {
  0x101: { before: [...entry, ...found], length: nameLength, between: [] },
  0x102: { before: [...entry, ...found], length: nameLength, between: [eaSize] },
  0x103: { before: entry, length: nameLength, between: [] },
  0x104: { before: [...entry, ...found], length: nameLength, between: [eaSize, shortName] },
  0x105: { before: [...entry, ...found], length: nameLength, between: [eaSize, skip(4), fileId] },
  0x106: { before: [...entry, ...found], length: nameLength, between: [eaSize, shortName, skip(2), fileId] },
};
const LEVEL = { standard: 1, eaSize: 2, eas: 3, unix: 0x202 } as const;
const OLD = 23;
const MAX_ENTRIES = 2048;

/** Entries of a directory. Returns their names. */
export function findInformation(
  t: TreeBuilder,
  m: Message,
  { level, hasResumeKeys }: { readonly level: number; readonly hasResumeKeys: boolean },
  from: number,
  end: number,
): string[] {
  const names: string[] = [];
  const shape = ENTRIES[level];
  let at = from;
  for (let i = 0; i < MAX_ENTRIES && at < end; i++) {
    if (shape !== undefined) {
      if (at + 12 > end) break;
      const next = t.u32le(at);
      const to = next === 0 ? end : Math.min(end, at + next);
      const node = t.nest(t.text('File', at, to - at));
      const lengthAt = run(t, m, shape.before, at, to);
      if (lengthAt + 4 <= to) {
        const length = t.u32le(lengthAt);
        const nameAt = run(t, m, [shape.length, ...shape.between], lengthAt, to);
        const there = Math.min(length, to - nameAt);
        if (there > 0) {
          const name = textOf(t, m, 'file', nameAt, there);
          names.push(name);
          node.text = `File: ${name}`;
        }
      }
      t.close();
      if (next < 8) break;
      at += next;
    } else if (level === LEVEL.unix) {
      if (at + 8 > end) break;
      const next = t.u32le(at);
      const to = next === 0 ? end : Math.min(end, at + next);
      t.nest(t.text('File', at, to - at));
      const nameAt = run(t, m, [value('next_entry_offset'), value('resume'), ...unixBasic], at, to);
      if (nameAt < to) names.push(textOf(t, m, 'file', nameAt, to - nameAt));
      t.close();
      if (next < 8) break;
      at += next;
    } else if (level >= LEVEL.standard && level <= LEVEL.eas) {
      const next = oldEntry(t, m, level, hasResumeKeys, at, end, names);
      if (next <= at) break;
      at = next;
    } else {
      t.add('unknown_data', at, end - at);
      break;
    }
  }
  return names;
}

/** An entry as LAN Manager has it: dates and times, a length in one byte, the name. */
function oldEntry(
  t: TreeBuilder,
  m: Message,
  level: number,
  hasResumeKey: boolean,
  from: number,
  end: number,
  names: string[],
): number {
  if (end - from < (hasResumeKey ? 4 : 0) + OLD) return from;
  const node = t.nest(t.text('File', from, end - from));
  let at = hasResumeKey ? value('resume')(t, m, from, end) : from;
  at = run(t, m, information, at, end);
  if (level === LEVEL.eaSize) at = run(t, m, [eaSize], at, end);
  if (level === LEVEL.eas && at + 4 <= end) {
    const to = Math.min(end, at + Math.max(4, t.u32le(at)));
    at = run(t, m, [eaSize, attributes], at, to);
  }
  if (at >= end) {
    t.close(end);
    return end;
  }
  const length = Math.min(t.u8(at), end - at - 1);
  byte('file_name_len')(t, m, at, end);
  const name = length > 0 ? textOf(t, m, 'file', at + 1, length) : '';
  names.push(name);
  node.text = `File: ${name}`;
  const next = at + 1 + length + (m.isUnicode ? 2 : 1);
  t.close(Math.min(end, next));
  return next;
}
