/**
 * What can be wrong with a capture file, in English, by key; `{place}` stands for a value. engine/text takes this table
 * over and adds the translations, so that a problem can be shown in any language from its key and values.
 */

import type { CaptureError, ErrorCode } from './errors.ts';

export const CAPTURE_PROBLEMS = {
  'captureProblem.cut-file-header': 'the file ends within its header ({left} of {need} bytes)',
  'captureProblem.cut-record-header': 'the file ends within a record header ({left} of {need} bytes)',
  'captureProblem.cut-packet': 'the file ends within a packet ({left} of {need} bytes)',
  'captureProblem.cut-record': 'the file ends within a record ({left} of {need} bytes)',
  'captureProblem.cut-block': 'the file ends within a block ({left} of {need} bytes)',
  'captureProblem.version': '{format} version {version} is not known; {known} is',
  'captureProblem.packet-too-large': 'a packet claims {claimed} captured bytes; the limit is {limit}',
  'captureProblem.record-too-large': 'a record claims a length of {claimed} bytes; the limit is {limit}',
  'captureProblem.record-too-small': 'a record of {size} bytes is too small for {captured} captured bytes',
  'captureProblem.reserved-link-type':
    'the reserved part of the link type field is not zero ({bits}); read as link type {linkType}',
  'captureProblem.no-magic': 'the magic number of {format} is not there',
  'captureProblem.no-byte-order': 'a section header has no byte-order magic',
  'captureProblem.no-section': 'a block comes before any section',
  'captureProblem.block-too-short': 'a block claims a length of {claimed} bytes; the least is {least}',
  'captureProblem.block-too-large': 'a block claims a length of {claimed} bytes; the limit is {limit}',
  'captureProblem.block-lengths': 'the two lengths of a block differ (first {first}, second {second})',
  'captureProblem.block-too-small': 'a block of type {type} is too small for what it must hold ({size} bytes)',
  'captureProblem.block-too-small-for-packet': 'a block of {size} bytes is too small for {captured} captured bytes',
  'captureProblem.option-too-long': 'option {option} claims {claimed} bytes, and its block has {left} left',
  'captureProblem.secrets-too-long':
    '{claimed} bytes of decryption secrets are claimed in a block that has room for {left}',
  'captureProblem.no-such-interface': 'a block speaks of interface {interface}, and its section describes {count}',
  'captureProblem.too-many-interfaces': 'more than {limit} interfaces are described',
  'captureProblem.cut-buffer': 'the file ends within a buffer ({left} of {need} bytes)',
  'captureProblem.buffer-size': 'a buffer claims {claimed} bytes; the {left} bytes from here on were not read',
  'captureProblem.buffers-damaged': 'damaged buffers: {count}; of them, the records before the damage were read',
  'captureProblem.buffers-compressed':
    'buffers with compression {format}, which is not known: {count}; they were left out',
  'captureProblem.buffers-unpack-too-much':
    'the buffers unpack to more than {limit} bytes, the limit for a file of this size; the rest was not read',
  'captureProblem.events-lost':
    'while the trace was written, events ({events}) or whole buffers ({buffers}) were lost: packets may be missing',
  'captureProblem.events-lost-somewhere':
    'while the trace was written, events were lost (marked in buffers: {buffers}): packets may be missing',
  'captureProblem.events-damaged': 'packet events whose lengths do not fit: {count}',
  'captureProblem.pieces-lost': 'packets whose beginning or end is missing: {count}',
  'captureProblem.packets-without-interface': 'packets beyond {limit} interfaces, left out: {count}',
  'captureProblem.trace-empty': 'the trace holds no events',
  'captureProblem.trace-without-packets':
    'no packets: the trace holds events of providers that capture none ({providers}). To capture packets, use "pktmon start --capture" or "netsh trace start capture=yes"',
  'captureProblem.trace-only-about-packets':
    'no packets: {provider} was on, but logged none of them, only {events} other events. A capture filter may have kept them out, or only counters were wanted',
  'captureProblem.unknown-format': '{guess}; looked for {formats}, also compressed with gzip, zstd or lz4',
  'captureProblem.frames-recovered':
    'the table of frames is missing or lies outside of the file; {count} frames were found without it',
  'captureProblem.frames-left-out': '{count} frames are damaged and were left out',
  'captureProblem.frames-overlap': 'the frames overlap: together they claim more bytes than the file has',
  'captureProblem.records-left-out': '{count} records of kinds that cannot be read were left out',
  'captureProblem.lines-left-out': '{count} lines that are no part of a packet were left out',
  'captureProblem.compressed-records': 'the records are compressed in a way of {format} that nobody has documented',
  'captureProblem.unpack-cut': 'the {compression} data end too soon, at byte {at} of the compressed file',
  'captureProblem.unpack-damaged': 'the {compression} data are damaged at byte {at} of the compressed file ({reason})',
  'captureProblem.unpack-trailing':
    'bytes that are no {compression} data follow at byte {at} of the compressed file, and were left out',
  'captureProblem.guess-none': 'not a capture file that is known here',
  'captureProblem.guess-empty': 'an empty file (0 bytes)',
  'captureProblem.guess-zeros': 'a file that begins with zeros',
  'captureProblem.guess-lfs': 'a Git LFS pointer, not the file itself (fetch it with "git lfs pull")',
  'captureProblem.guess-later': 'a capture of {name}, which cannot be read yet',
  'captureProblem.guess-archive': 'an archive or a compressed file ({name}); unpack it first',
  'captureProblem.guess-packed': 'a {name} file without a capture in it',
  'captureProblem.guess-other': 'not a capture file but {name}',
  'captureProblem.other-program': 'a program',
  'captureProblem.other-xml': 'an XML text',
  'captureProblem.other-json': 'a JSON text',
  'captureProblem.other-pdf': 'a PDF document',
  'captureProblem.not-found': '{file} does not exist',
  'captureProblem.not-allowed': '{file} may not be read by this user',
  'captureProblem.locked': '{file} is locked by another program',
  'captureProblem.folder': '{file} is a folder, not a file',
  'captureProblem.device': '{file} is a device, pipe or socket, not a file',
  'captureProblem.not-opened': '{file} cannot be opened: {reason}',
  'captureProblem.not-read': '{file} cannot be read at byte {at}: {reason}',
  'captureProblem.unpacks-too-large': '{file} unpacks to more than {limit} bytes, the limit for unpacked captures',
  'captureProblem.unpacks-too-much':
    '{file} unpacks to more than {limit} bytes, the limit for a file of its size ({ratio} times, and at least 1 GiB)',
  'captureProblem.no-space':
    '{file} has to be unpacked, and there is no room left in {folder} ({written} bytes so far)',
  'captureProblem.no-folder': 'no temporary folder can be made in {folder}: {reason}',
  'captureProblem.not-written': '{folder} cannot be written to: {reason}',
  'captureProblem.cancelled': 'unpacking {file} was cancelled',
} as const;

export type CaptureProblemKey = keyof typeof CAPTURE_PROBLEMS;
export type ProblemParams = Readonly<Record<string, string | number>>;

/** The English text. Values that are keys themselves are written out first, with the values that are left. */
export function problemMessage(key: CaptureProblemKey, params: ProblemParams = {}): string {
  return CAPTURE_PROBLEMS[key].replace(/\{([a-zA-Z]+)\}/g, (whole, name: string) => {
    const value = params[name];
    if (value === undefined) return whole;
    const { [name]: _, ...others } = params;
    return isKey(value) ? problemMessage(value, others) : String(value);
  });
}

function isKey(value: string | number): value is CaptureProblemKey {
  return typeof value === 'string' && Object.hasOwn(CAPTURE_PROBLEMS, value);
}

/** A CaptureError from its key. */
export function captureError(
  code: ErrorCode,
  key: CaptureProblemKey,
  params: ProblemParams,
  place: { readonly reader: string; readonly at: number; readonly file: string },
): CaptureError {
  return { code, key, params, message: problemMessage(key, params), ...place };
}
