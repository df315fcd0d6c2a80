/** Fields of HTTP/2 frames, by Wireshark's names (RFC 9113 6, 7; RFC 8441, 7838, 8336, 9218). */

import type { FieldSpec } from '../../field-spec.ts';

export const TYPE = {
  data: 0,
  headers: 1,
  priority: 2,
  reset: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
  altsvc: 10,
  blocked: 11,
  origin: 12,
  priorityUpdate: 16,
} as const;

export const TYPES: Readonly<Record<number, string>> = {
  0: 'DATA',
  1: 'HEADERS',
  2: 'PRIORITY',
  3: 'RST_STREAM',
  4: 'SETTINGS',
  5: 'PUSH_PROMISE',
  6: 'PING',
  7: 'GOAWAY',
  8: 'WINDOW_UPDATE',
  9: 'CONTINUATION',
  10: 'ALTSVC',
  11: 'BLOCKED',
  12: 'ORIGIN',
  16: 'PRIORITY_UPDATE',
};

export const FLAG = { endStream: 1, ack: 1, endHeaders: 4, padded: 8, priority: 32 } as const;

const ERRORS: Readonly<Record<number, string>> = {
  0: 'NO_ERROR',
  1: 'PROTOCOL_ERROR',
  2: 'INTERNAL_ERROR',
  3: 'FLOW_CONTROL_ERROR',
  4: 'SETTINGS_TIMEOUT',
  5: 'STREAM_CLOSED',
  6: 'FRAME_SIZE_ERROR',
  7: 'REFUSED_STREAM',
  8: 'CANCEL',
  9: 'COMPRESSION_ERROR',
  10: 'CONNECT_ERROR',
  11: 'ENHANCE_YOUR_CALM',
  12: 'INADEQUATE_SECURITY',
  13: 'HTTP_1_1_REQUIRED',
};

const SETTINGS: Readonly<Record<number, string>> = {
  1: 'Header table size',
  2: 'Enable PUSH',
  3: 'Max concurrent streams',
  4: 'Initial Windows size',
  5: 'Max frame size',
  6: 'Max header list size',
  8: 'Extended CONNECT',
};

/** Key of the field that shows a setting's value. */
export const SETTING_KEYS: Readonly<Record<number, string>> = {
  1: 'settings.header_table_size',
  2: 'settings.enable_push',
  3: 'settings.max_concurrent_streams',
  4: 'settings.initial_window_size',
  5: 'settings.max_frame_size',
  6: 'settings.max_header_list_size',
  8: 'settings.extended_connect',
};

/** Header fields that have a field of their own. */
const HEADER_NAMES: readonly string[] = [
  ':authority',
  ':path',
  ':method',
  ':scheme',
  'accept',
  'accept-charset',
  'accept-encoding',
  'accept-language',
  'accept-ranges',
  'access-control-allow-origin',
  'allow',
  'authorization',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-location',
  'content-range',
  'content-type',
  'cookie',
  'date',
  'etag',
  'expect',
  'expires',
  'from',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'last-modified',
  'link',
  'location',
  'proxy-authenticate',
  'proxy-authorization',
  'range',
  'referer',
  'refresh',
  'retry-after',
  'server',
  'set-cookie',
  'strict-transport-security',
  'user-agent',
  'vary',
  'via',
  'www-authenticate',
];
/** The same, with a number for a value. */
const NUMBER_NAMES: readonly string[] = [':status', 'age', 'content-length', 'max-forwards'];

function keyOf(name: string): string {
  return `headers.${name.replace(':', '').replaceAll('-', '_')}`;
}

/** Name of a header field to its key. */
export const HEADER_KEYS: ReadonlyMap<string, string> = new Map(
  [...HEADER_NAMES, ...NUMBER_NAMES].map((name) => [name, keyOf(name)]),
);

const TRUE_FALSE = ['True', 'False'] as const;

function flag(label: string, bit: number): FieldSpec {
  return { type: 'bool', of: 'u8', bits: [bit, bit], label, flag: TRUE_FALSE, many: true };
}

function unused(): FieldSpec {
  return { type: 'u8', show: 'hex', label: 'Unused', many: true };
}

function reserved(): FieldSpec {
  return { type: 'u32', bits: [31, 31], show: 'hex', label: 'Reserved', many: true };
}

function low31(label: string, doc?: string): FieldSpec {
  const spec = { type: 'u32', bits: [30, 0], label, many: true } as const;
  return doc === undefined ? spec : { ...spec, doc };
}

function headerField(name: string, type: FieldSpec['type']): readonly [string, FieldSpec] {
  return [keyOf(name), { type, label: name, many: true }];
}

const HEADER_FIELDS: Readonly<Record<string, FieldSpec>> = Object.fromEntries<FieldSpec>([
  ...HEADER_NAMES.map((name) => headerField(name, 'string')),
  ...NUMBER_NAMES.map((name) => headerField(name, name === ':status' ? 'u16' : 'u64')),
]);

export const FIELDS: Readonly<Record<string, FieldSpec>> = {
  stream: { type: 'none', label: 'Stream', many: true },
  magic: { type: 'string', label: 'Magic' },
  length: {
    type: 'u24',
    label: 'Length',
    many: true,
    doc: 'Of the payload: the nine bytes of the header do not count.',
  },
  type: { type: 'u8', label: 'Type', names: TYPES, many: true },
  flags: { type: 'u8', show: 'hex', label: 'Flags', many: true },
  'flags.end_stream': flag('End Stream', 0),
  'flags.eh': flag('End Headers', 2),
  'flags.padded': flag('Padded', 3),
  'flags.priority': flag('Priority', 5),
  'flags.ack.ping': flag('ACK', 0),
  'flags.ack.settings': flag('ACK', 0),
  'flags.unused': unused(),
  'flags.unused_settings': unused(),
  'flags.unused_ping': unused(),
  'flags.unused_continuation': unused(),
  'flags.unused_push_promise': unused(),
  'flags.unused_data': unused(),
  'flags.unused_headers': unused(),
  r: reserved(),
  streamid: low31('Stream Identifier'),
  unknown: { type: 'bytes', label: 'Unknown', many: true },
  padding: { type: 'u8', show: 'hex', label: 'Pad Length', many: true },
  pad_length: { type: 'u16', label: 'Pad Length', many: true },
  exclusive: { type: 'bool', of: 'u32', bits: [31, 31], label: 'Exclusive', flag: TRUE_FALSE, many: true },
  stream_dependency: low31('Stream Dependency'),
  'headers.weight': { type: 'u8', label: 'Weight', many: true },
  'headers.weight_real': { type: 'u16', label: 'Weight real', many: true, doc: 'One more than what is sent.' },
  'data.data': { type: 'bytes', label: 'Data', many: true },
  'data.padding': { type: 'bytes', label: 'Padding', many: true },
  'body.fragments': { type: 'none', label: 'Body fragments', many: true },
  'body.fragment': { type: 'frame', label: 'Body fragment', many: true },
  'body.fragment.count': { type: 'u32', label: 'Body fragment count', many: true },
  'body.reassembled.length': { type: 'u32', label: 'Reassembled body length', many: true },
  'body.reassembled.data': { type: 'bytes', label: 'Reassembled body data', many: true },
  headers: { type: 'bytes', label: 'Header Block Fragment', many: true },
  'headers.padding': { type: 'bytes', label: 'Padding', many: true },
  header: { type: 'none', label: 'Header', many: true },
  'header.length': { type: 'u32', label: 'Header Length', many: true },
  'header.count': { type: 'u32', label: 'Header Count', many: true },
  'header.name.length': { type: 'u32', label: 'Name Length', many: true },
  'header.name': { type: 'string', label: 'Name', many: true },
  'header.value.length': { type: 'u32', label: 'Value Length', many: true },
  'header.value': { type: 'string', label: 'Value', many: true },
  'header.unescaped': { type: 'string', label: 'Unescaped', many: true },
  'header.repr': { type: 'string', label: 'Representation', many: true },
  'header.index': { type: 'u32', label: 'Index', many: true },
  header_table_size_update: { type: 'none', label: 'Header table size update', many: true },
  'header_table_size_update.header_table_size': { type: 'u32', label: 'Header table size', many: true },
  'request.full_uri': { type: 'string', label: 'Full request URI', many: true },
  'rst_stream.error': { type: 'u32', label: 'Error', names: ERRORS, many: true },
  settings: { type: 'none', label: 'Settings', many: true },
  'settings.id': { type: 'u16', label: 'Settings Identifier', names: SETTINGS, many: true },
  'settings.header_table_size': { type: 'u32', label: 'Header table size', many: true },
  'settings.enable_push': { type: 'u32', label: 'Enable PUSH', many: true },
  'settings.max_concurrent_streams': { type: 'u32', label: 'Max concurrent streams', many: true },
  'settings.initial_window_size': { type: 'u32', label: 'Initial Windows Size', many: true },
  'settings.max_frame_size': { type: 'u32', label: 'Max frame size', many: true },
  'settings.max_header_list_size': { type: 'u32', label: 'Max header list size', many: true },
  'settings.extended_connect': { type: 'u32', label: 'Extended CONNECT', many: true },
  'settings.unknown': { type: 'u32', label: 'Unknown Settings', many: true },
  'push_promise.r': reserved(),
  'push_promise.promised_stream_id': low31('Promised-Stream-ID'),
  'push_promise.header': { type: 'bytes', label: 'Header Block Fragment', many: true },
  'push_promise.padding': { type: 'bytes', label: 'Padding', many: true },
  ping: { type: 'bytes', label: 'Ping', many: true },
  pong: { type: 'bytes', label: 'Pong', many: true },
  'goway.r': reserved(),
  'goaway.last_stream_id': low31('Last-Stream-ID', 'The highest stream that the sender may have acted on.'),
  'goaway.error': { type: 'u32', label: 'Error', names: ERRORS, many: true },
  'goaway.addata': { type: 'bytes', label: 'Additional Debug Data', many: true },
  'window_update.r': reserved(),
  'window_update.window_size_increment': low31('Window Size Increment'),
  'continuation.header': { type: 'string', label: 'Continuation Header', many: true },
  'continuation.padding': { type: 'bytes', label: 'Padding', many: true },
  'altsvc.origin.len': { type: 'u16', label: 'Origin Length', many: true },
  'altsvc.origin': { type: 'string', label: 'Origin', many: true },
  'altsvc.field_value': { type: 'string', label: 'Field/Value', many: true },
  origin: { type: 'none', label: 'Origin', many: true },
  'origin.origin_len': { type: 'u16', label: 'Origin Length', many: true },
  'origin.origin': { type: 'string', label: 'Origin', many: true },
  priority_update_stream_id: { type: 'u64', label: 'Priority Update Stream ID', many: true },
  priority_update_field_value: { type: 'string', label: 'Priority Update Field Value', many: true },
  header_lines_exceeded: { type: 'none', label: 'More header fields than are listed', many: true },
  body_decompression_failed: { type: 'none', label: 'Body decompression failed', many: true },
  ...HEADER_FIELDS,
};
