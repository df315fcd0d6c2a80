/** Commands of the core and LAN Manager dialects ([MS-CIFS] 2.2.4) that are a list of parameters and a list of data. */

import type { TreeBuilder } from '../../../tree.ts';
import { type Body, dosTime, file, type Message } from '../message.ts';
import { COMMAND } from '../names.ts';
import {
  closedFid,
  counted,
  dateTime,
  fid,
  fixedText,
  format,
  half,
  name,
  newFid,
  rest,
  run,
  type Step,
  seconds,
  skip,
  value,
  word,
} from './steps.ts';

interface Shape {
  readonly words?: readonly Step[];
  readonly bytes?: readonly Step[];
  /** The file is the one that the request named. */
  readonly isAboutFile?: boolean;
}

interface Simple {
  readonly request?: Shape;
  readonly response?: Shape;
}

const path = [format, name('file', 'Path')];
const directory = [format, name('dir_name', 'Directory')];
const opensPath = [format, name('file', 'Path', { keeps: true })];
const times: readonly Step[] = [
  dateTime('create.time', 'create'),
  dateTime('access.time', 'access'),
  dateTime('last_write.time', 'last_write'),
];

/** What Info says of a read or a write: how much of the file, and from where. */
const extent: Step = (t, m, at) => {
  const count = t.u16le(at);
  const offset = t.u32le(at + 2);
  half('count')(t, m, at, at + 2);
  value('offset')(t, m, at + 2, at + 6);
  t.addInfo(`, ${bytesText(count)} at offset ${offset}`);
  m.count = count;
  return at + 6;
};
const countSaid: Step = (t, m, at) => {
  const count = t.u16le(at);
  half('count')(t, m, at, at + 2);
  t.addInfo(`, ${bytesText(count)}`);
  return at + 2;
};
export function bytesText(count: number): string {
  return `${count} byte${count === 1 ? '' : 's'}`;
}

const data = [format, counted('data_len', 'file_data')];
const search: Simple = {
  request: {
    words: [value('maxcount'), word('search.attribute')],
    bytes: [
      format,
      name('file', 'File'),
      format,
      value('resume.key_len'),
      skip(1),
      fixedText('file', 11),
      value('resume.find_id'),
      (t, _m, at, end) => t.add('resume.server.cookie', at, Math.min(4, end - at)),
      (t, _m, at, end) => t.add('resume.client.cookie', at, Math.min(4, end - at)),
    ],
  },
  response: { words: [half('count')], bytes: [format, value('data_len'), directoryEntries] },
};

const FOUND = 43;

/** Entries of a search: a resume key, attributes, time, size and a name of 8.3 ([MS-CIFS] 2.2.4.58.2). */
function directoryEntries(t: TreeBuilder, m: Message, from: number, end: number): number {
  let at = from;
  while (at + FOUND <= end) {
    t.nest(t.text('File', at, FOUND));
    t.add('reserved', at, 1);
    fixedText('file', 11)(t, m, at + 1, end);
    value('resume.find_id')(t, m, at + 12, end);
    t.add('resume.server.cookie', at + 13, 4);
    t.add('resume.client.cookie', at + 17, 4);
    word('file_attribute', 1)(t, m, at + 21, end);
    dosTime(t, 'last_write.time', at + 22, 'last_write', true);
    value('file_size')(t, m, at + 26, end);
    fixedText('file', 13)(t, m, at + 30, end);
    t.close();
    at += FOUND;
  }
  return at === from ? end : at;
}

const PRINT_ENTRY = 28;

function printQueue(t: TreeBuilder, m: Message, from: number, end: number): number {
  let at = from;
  while (at + PRINT_ENTRY <= end) {
    t.nest(t.text('Queue entry', at, PRINT_ENTRY));
    let next = dateTime('print.queued.date', 'print.queued')(t, m, at, end);
    next = value('print.status')(t, m, next, end);
    next = value('print.spool.file_number')(t, m, next, end);
    next = value('print.spool.file_size')(t, m, next, end);
    t.add('reserved', next, 1);
    fixedText('print.spool.name', 16)(t, m, next + 1, end);
    t.close();
    at += PRINT_ENTRY;
  }
  return at === from ? end : at;
}

const SIMPLE: Readonly<Record<number, Simple>> = {
  [COMMAND.createDirectory]: { request: { bytes: directory } },
  [COMMAND.deleteDirectory]: { request: { bytes: directory } },
  [COMMAND.checkDirectory]: { request: { bytes: directory } },
  [COMMAND.open]: {
    request: { words: [word('access.desired'), word('search.attribute')], bytes: opensPath },
    response: {
      words: [newFid, word('file_attribute'), seconds('last_write.time'), value('file_size'), word('access.granted')],
    },
  },
  [COMMAND.create]: {
    request: { words: [word('file_attribute'), seconds('create.time')], bytes: opensPath },
    response: { words: [newFid] },
  },
  [COMMAND.createNew]: {
    request: { words: [word('file_attribute'), seconds('create.time')], bytes: opensPath },
    response: { words: [newFid] },
  },
  [COMMAND.createTemporary]: {
    request: { words: [skip(2), seconds('create.time')], bytes: [format, name('dir_name', 'Path')] },
    response: { words: [newFid], bytes: [name('file')] },
  },
  [COMMAND.close]: {
    request: { words: [closedFid, seconds('last_write.time')] },
    response: { isAboutFile: true },
  },
  [COMMAND.closeAndTreeDisconnect]: { request: { words: [closedFid, seconds('last_write.time')] } },
  [COMMAND.flush]: { request: { words: [fid] }, response: { isAboutFile: true } },
  [COMMAND.delete]: { request: { words: [word('search.attribute')], bytes: path } },
  [COMMAND.rename]: {
    request: {
      words: [word('search.attribute')],
      bytes: [format, name('old_file', 'Old Name'), format, name('file', 'New Name')],
    },
  },
  [COMMAND.queryInformation]: {
    request: { bytes: path },
    response: { words: [word('file_attribute'), seconds('last_write.time'), value('file_size'), skip(10)] },
  },
  [COMMAND.setInformation]: {
    request: { words: [word('file_attribute'), seconds('last_write.time'), skip(10)], bytes: path },
  },
  [COMMAND.read]: {
    request: { words: [fid, extent, half('remaining')] },
    response: { words: [half('count'), skip(8)], bytes: data, isAboutFile: true },
  },
  [COMMAND.lockAndRead]: {
    request: { words: [fid, extent, half('remaining')] },
    response: { words: [half('count'), skip(8)], bytes: data, isAboutFile: true },
  },
  [COMMAND.write]: {
    request: { words: [fid, extent, half('remaining')], bytes: data },
    response: { words: [countSaid], isAboutFile: true },
  },
  [COMMAND.writeAndUnlock]: {
    request: { words: [fid, extent, half('remaining')], bytes: data },
    response: { words: [countSaid], isAboutFile: true },
  },
  [COMMAND.writeAndClose]: {
    request: {
      words: [closedFid, half('count'), value('offset'), seconds('last_write.time'), skip(12)],
      bytes: [(t, _m, at) => t.add('padding', at, 1), rest('file_data')],
    },
    response: { words: [half('count')], isAboutFile: true },
  },
  [COMMAND.lock]: { request: { words: [fid, value('count'), value('offset')] }, response: { isAboutFile: true } },
  [COMMAND.unlock]: { request: { words: [fid, value('count'), value('offset')] }, response: { isAboutFile: true } },
  [COMMAND.seek]: {
    request: { words: [fid, value('seek_mode'), value('offset')] },
    response: { words: [value('offset')], isAboutFile: true },
  },
  [COMMAND.readRaw]: {
    request: {
      words: [
        fid,
        value('offset'),
        value('maxcount'),
        value('mincount'),
        value('timeout'),
        skip(2),
        value('offset_high'),
      ],
    },
  },
  [COMMAND.readMpx]: {
    request: { words: [fid, value('offset'), value('maxcount'), value('mincount'), skip(6)] },
    response: {
      words: [
        value('offset'),
        half('count'),
        half('remaining'),
        value('dcm'),
        skip(2),
        value('data_len'),
        value('data_offset'),
      ],
      bytes: [rest('file_data')],
      isAboutFile: true,
    },
  },
  [COMMAND.writeRaw]: {
    request: {
      words: [
        fid,
        value('total_data_len'),
        skip(2),
        value('offset'),
        value('timeout'),
        word('write.mode'),
        skip(4),
        value('data_len'),
        value('data_offset'),
        value('offset_high'),
      ],
      bytes: [rest('file_data')],
    },
    response: { words: [half('remaining')], isAboutFile: true },
  },
  [COMMAND.writeMpx]: {
    request: {
      words: [
        fid,
        value('total_data_len'),
        skip(2),
        value('offset'),
        value('timeout'),
        word('write.mode'),
        value('request.mask'),
        value('data_len'),
        value('data_offset'),
      ],
      bytes: [rest('file_data')],
    },
    response: { words: [value('response.mask')], isAboutFile: true },
  },
  [COMMAND.writeComplete]: { response: { words: [half('count')], isAboutFile: true } },
  [COMMAND.setInformation2]: { request: { words: [fid, ...times] }, response: { isAboutFile: true } },
  [COMMAND.queryInformation2]: {
    request: { words: [fid] },
    response: { words: [...times, value('data_size'), value('alloc_size'), word('file_attribute')], isAboutFile: true },
  },
  [COMMAND.copy]: {
    request: {
      words: [value('tid'), word('open.function'), word('copy.flags')],
      bytes: [format, name('path', 'Source Name'), format, name('path', 'Destination Name')],
    },
    response: { words: [half('count')], bytes: [format, name('file')] },
  },
  [COMMAND.move]: {
    request: {
      words: [value('tid'), word('open.function'), word('move.flags')],
      bytes: [format, name('path', 'Old Name'), format, name('path', 'New Name')],
    },
    response: { words: [value('files_moved')], bytes: [format, name('file')] },
  },
  [COMMAND.echo]: {
    request: { words: [value('echo.count')], bytes: [rest('echo.data')] },
    response: { words: [value('echo.seq_num')], bytes: [rest('echo.data')] },
  },
  [COMMAND.findClose2]: { request: { words: [value('search_id')] } },
  [COMMAND.findNotifyClose]: { request: { words: [value('monitor_handle')] } },
  [COMMAND.treeConnectOld]: {
    request: {
      bytes: [
        format,
        name('path', 'Path', { isAscii: true }),
        format,
        name('password_text', '', { isAscii: true }),
        format,
        name('service', '', { isAscii: true }),
      ],
    },
    response: { words: [value('max_buf'), value('tid')] },
  },
  [COMMAND.queryInformationDisk]: {
    response: { words: [value('units'), value('bpu'), value('blocksize'), value('free_units'), skip(2)] },
  },
  [COMMAND.search]: search,
  [COMMAND.find]: search,
  [COMMAND.findUnique]: search,
  [COMMAND.findClose]: search,
  [COMMAND.ntRename]: {
    request: {
      words: [word('search.attribute'), value('ntr_loi'), value('ntr_clu')],
      bytes: [format, name('old_file', 'Old Name'), format, name('file', 'New Name')],
    },
  },
  [COMMAND.openPrint]: {
    request: {
      words: [value('print.setup.len'), value('print.mode')],
      bytes: [format, name('print.identifier', '', { keeps: true })],
    },
    response: { words: [newFid] },
  },
  [COMMAND.writePrint]: { request: { words: [fid], bytes: data }, response: { isAboutFile: true } },
  [COMMAND.closePrint]: { request: { words: [closedFid] }, response: { isAboutFile: true } },
  [COMMAND.printQueue]: {
    request: { words: [value('maxcount'), value('print.start_index')] },
    response: {
      words: [half('count'), value('print.restart_index')],
      bytes: [format, value('data_len'), printQueue],
    },
  },
  [COMMAND.sendMessage]: {
    request: {
      bytes: [
        format,
        name('originator_name', '', { isAscii: true }),
        format,
        name('destination_name', '', { isAscii: true }),
        format,
        counted('message.len', 'message'),
      ],
    },
  },
  [COMMAND.sendBroadcast]: {
    request: {
      bytes: [
        format,
        name('originator_name', '', { isAscii: true }),
        format,
        name('destination_name', '', { isAscii: true }),
        format,
        counted('message.len', 'message'),
      ],
    },
  },
  [COMMAND.forwardName]: { request: { bytes: [format, name('forwarded_name', '', { isAscii: true })] } },
  [COMMAND.cancelForward]: { request: { bytes: [format, name('forwarded_name', '', { isAscii: true })] } },
  [COMMAND.machineName]: { response: { bytes: [format, name('machine_name', '', { isAscii: true })] } },
  [COMMAND.startMessage]: {
    request: {
      bytes: [
        format,
        name('originator_name', '', { isAscii: true }),
        format,
        name('destination_name', '', { isAscii: true }),
      ],
    },
    response: { words: [value('mgid')] },
  },
  [COMMAND.endMessage]: { request: { words: [value('mgid')] } },
  [COMMAND.messageText]: { request: { words: [value('mgid')], bytes: [format, counted('message.len', 'message')] } },
};

/** False: it is none of these. */
export function simple(t: TreeBuilder, m: Message, command: number, body: Body): boolean {
  const found = SIMPLE[command];
  if (found === undefined) return false;
  const shape = m.isResponse ? found.response : found.request;
  if (shape?.isAboutFile === true) aboutFile(t, m, body.at);
  const wordsTo = run(t, m, shape?.words ?? [], body.at, body.end);
  if (wordsTo < body.end) t.add('word_parameters', wordsTo, body.end - wordsTo);
  byteCount(t, body);
  const bytesTo = run(t, m, shape?.bytes ?? [], body.bytesAt, body.bytesEnd);
  if (bytesTo < body.bytesEnd) t.add('byte_parameters', bytesTo, body.bytesEnd - bytesTo);
  return true;
}

/** The file that the request of this response named. */
export function aboutFile(t: TreeBuilder, m: Message, at: number, shows = true): void {
  if (m.request !== null && m.request.fid >= 0) file(t, m, m.request.fid, at, { isKnown: true, shows });
}

export function byteCount(t: TreeBuilder, body: Body): void {
  if (t.has(body.bytesAt - 2, 2)) t.put('bcc', t.u16le(body.bytesAt - 2), body.bytesAt - 2, 2);
}
