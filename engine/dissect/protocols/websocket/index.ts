/** WebSocket (RFC 6455, RFC 7692): frames after an HTTP Upgrade, unmasked, joined and unpacked; text and JSON shown as such. */

import { decodeUtf8 } from '../../../base/text.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { websocketHandshake } from '../../websocket-handshake.ts';
import { type FrameHeader, frame, OPCODE, readHeader } from './framing.ts';
import { Connection, type Message } from './messages.ts';

const OPCODES: Readonly<Record<number, string>> = {
  0: 'Continuation',
  1: 'Text',
  2: 'Binary',
  8: 'Connection Close',
  9: 'Ping',
  10: 'Pong',
};
const STATUS: Readonly<Record<number, string>> = {
  1000: 'Normal Closure',
  1001: 'Going Away',
  1002: 'Protocol error',
  1003: 'Unsupported Data',
  1004: '---Reserved----',
  1005: 'No Status Rcvd',
  1006: 'Abnormal Closure',
  1007: 'Invalid frame payload data',
  1008: 'Policy Violation',
  1009: 'Message Too Big',
  1010: 'Mandatory Ext.',
  1011: 'Internal Server',
  1015: 'TLS handshake',
};
const NO_VALUE = new Uint8Array(0);
const OPENERS = '{[';
const CLOSERS = '}]';

export const websocket = defineProtocol({
  name: 'websocket',
  title: 'WebSocket',
  short: 'WebSocket',
  remembers: true,
  inOrder: true,
  opens: ['data-text-lines', 'json', 'data'],
  fields: {
    fin: { type: 'bool', of: 'u8', bits: [7, 7], label: 'Fin', flag: ['True', 'False'], many: true },
    rsv: { type: 'u8', bits: [6, 4], show: 'hex', label: 'Reserved', many: true },
    pmc: { type: 'bool', of: 'u8', bits: [6, 6], label: 'Per-Message Compressed', flag: ['True', 'False'], many: true },
    opcode: { type: 'u8', bits: [3, 0], label: 'Opcode', names: OPCODES, many: true },
    mask: { type: 'bool', of: 'u8', bits: [7, 7], label: 'Mask', flag: ['True', 'False'], many: true },
    payload_length: { type: 'u8', bits: [6, 0], label: 'Payload length', many: true },
    payload_length_ext_16: { type: 'u16', label: 'Extended Payload length (16 bits)', many: true },
    payload_length_ext_64: { type: 'u64', label: 'Extended Payload length (64 bits)', many: true },
    masking_key: { type: 'bytes', label: 'Masking-Key', many: true },
    payload: { type: 'none', label: 'Payload', many: true },
    masked_payload: { type: 'none', label: 'Masked payload', many: true },
    'payload.continue': { type: 'bytes', label: 'Continue', many: true },
    'payload.text': { type: 'string', label: 'Text', many: true },
    'payload.close': { type: 'none', label: 'Close', many: true },
    'payload.close.status_code': { type: 'u16', label: 'Status code', names: STATUS, many: true },
    'payload.close.reason': { type: 'string', label: 'Reason', many: true },
    'payload.ping': { type: 'bytes', label: 'Ping', many: true },
    'payload.pong': { type: 'bytes', label: 'Pong', many: true },
    'payload.unknown': { type: 'bytes', label: 'Unknown', many: true },
    'payload.unknown.expert': { type: 'none', label: 'Opcode without a meaning', many: true },
    fragments: { type: 'none', label: 'Reassembled websocket Fragments', many: true },
    fragment: { type: 'frame', label: 'Websocket Fragment', many: true },
    'fragment.count': { type: 'u32', label: 'Fragment count', many: true },
    'reassembled.length': { type: 'u32', label: 'Reassembled websocket Payload length', many: true },
    'decompression.failed.expert': { type: 'none', label: 'Decompression failed', many: true },
  },
  recogniseOn: ['tcp'],
  frame,
  tree(t) {
    const connection = t.conversation(() => new Connection());
    const header = readHeader(t.bytes, t.at, t.end);
    if (header === null || !t.has(header.payloadAt, header.length)) {
      say(t, 'WebSocket Continuation of a frame');
      t.text('Part of a frame', t.at, t.end - t.at);
      if (header !== null) t.need(header.payloadAt, header.length);
      return;
    }
    const handshake = websocketHandshake(t);
    say(
      t,
      `WebSocket ${OPCODES[header.opcode] ?? 'Unknown Opcode'}${header.isFinal ? ' [FIN]' : '[FRAGMENT] '}${header.isMasked ? ' [MASKED]' : ' '}`,
    );
    addHeader(t, header, handshake.extensions.includes('permessage-deflate'));
    const payload = unmasked(t, header);
    const { fact } = connection.visits.visit(t, () =>
      connection.take(header, payload.slice(), t.packet.direction, t.packet.number, handshake),
    );
    if (header.length === 0 && fact.bytes === null) return;
    if (header.isMasked) {
      t.put('masked_payload', NO_VALUE, header.payloadAt, header.length);
      t.within('Unmasked data', payload, () => addPayload(t, 0, payload.length, header, fact));
    } else {
      addPayload(t, header.payloadAt, header.payloadAt + header.length, header, fact);
    }
  },
});

/** Adds to what earlier messages of this packet said. */
function say(t: TreeBuilder, text: string): void {
  const before = t.fencedInfo;
  t.info(`${before === '' || before.endsWith(' ') ? '' : ' '}${text}`);
}

function addHeader(t: TreeBuilder, header: FrameHeader, deflates: boolean): void {
  const { at } = t;
  t.add('fin', at);
  t.add('rsv', at);
  if (deflates) t.add('pmc', at);
  t.add('opcode', at);
  t.add('mask', at + 1);
  t.add('payload_length', at + 1);
  if (header.shortLength === 126) t.add('payload_length_ext_16', at + 2);
  if (header.shortLength === 127) t.add('payload_length_ext_64', at + 2);
  if (header.isMasked) t.add('masking_key', header.keyAt, 4);
}

/** The payload with the mask undone (RFC 6455 5.3). */
function unmasked(t: TreeBuilder, header: FrameHeader): Uint8Array {
  const payload = t.slice(header.payloadAt, header.length);
  if (header.isMasked) for (let i = 0; i < payload.length; i++) payload[i] ^= t.bytes[header.keyAt + (i & 3)];
  return payload;
}

function addPayload(t: TreeBuilder, at: number, end: number, header: FrameHeader, message: Message): void {
  t.nest(t.put('payload', NO_VALUE, at, end - at));
  if (message.problem !== '') {
    const why = message.problem === 'damaged' ? 'The message could not be unpacked' : 'The message is too large';
    t.expert('warning', why, at, end - at, 'decompression.failed.expert');
  }
  if (message.isPartial) {
    if (header.opcode === OPCODE.continuation) t.add('payload.continue', at, end - at);
    t.close();
    return;
  }
  const whole = message.bytes;
  if (whole === null) {
    meaning(t, at, end, message.opcode);
    t.close();
    carried(t, at, end, message.opcode);
    return;
  }
  if (message.parts.length > 0) addParts(t, message, at);
  t.within(message.isCompressed ? 'Decompressed payload' : 'Reassembled message', whole, () => {
    meaning(t, 0, whole.length, message.opcode);
    t.close();
    carried(t, 0, whole.length, message.opcode);
  });
}

function addParts(t: TreeBuilder, message: Message, at: number): void {
  const length = message.parts.reduce((sum, part) => sum + part.length, 0);
  const node = t.generated('fragments', NO_VALUE, at, 0);
  node.text = `${message.parts.length} Reassembled websocket Fragments (${length} bytes)`;
  t.nest(node);
  for (const part of message.parts) t.generated('fragment', part.frame, at, 0);
  t.generated('fragment.count', message.parts.length, at, 0);
  t.generated('reassembled.length', length, at, 0);
  t.close();
}

/** The fields of a payload, by what the message is. */
function meaning(t: TreeBuilder, at: number, end: number, opcode: number): void {
  const length = end - at;
  switch (opcode) {
    case OPCODE.continuation:
      t.put('payload.continue', t.bytes.slice(at, end), at, length);
      break;
    case OPCODE.text:
      t.put('payload.text', decodeUtf8(t.bytes, at, end), at, length);
      break;
    case OPCODE.binary:
      break;
    case OPCODE.close:
      t.nest(t.put('payload.close', NO_VALUE, at, length));
      if (length >= 2) t.put('payload.close.status_code', t.bytes[at] * 256 + t.bytes[at + 1], at, 2);
      if (length > 2) t.put('payload.close.reason', decodeUtf8(t.bytes, at + 2, end), at + 2, length - 2);
      t.close();
      break;
    case OPCODE.ping:
    case OPCODE.pong:
      t.put(opcode === OPCODE.ping ? 'payload.ping' : 'payload.pong', t.bytes.slice(at, end), at, length);
      break;
    default:
      t.nest(t.put('payload.unknown', t.bytes.slice(at, end), at, length));
      t.expert('note', `Opcode ${opcode} has no meaning`, at, length, 'payload.unknown.expert');
      t.close();
  }
}

/** What the message carries, in a layer of its own. */
function carried(t: TreeBuilder, at: number, end: number, opcode: number): void {
  if (end <= at || (opcode !== OPCODE.text && opcode !== OPCODE.binary)) return;
  const { info, column } = { info: t.infoSoFar, column: 'WebSocket' };
  t.hint = '';
  t.dissect(opcode === OPCODE.binary ? 'data' : looksLikeJson(t, at, end) ? 'json' : 'data-text-lines', at, end);
  t.column(column);
  t.replaceInfo(t.fencedInfo.length, info.slice(t.fencedInfo.length));
}

/** A text that begins and ends as a JSON object or array does. */
function looksLikeJson(t: TreeBuilder, at: number, end: number): boolean {
  let from = at;
  let to = end - 1;
  while (from < end && t.bytes[from] <= 32) from++;
  while (to > from && t.bytes[to] <= 32) to--;
  const kind = OPENERS.indexOf(String.fromCharCode(t.bytes[from] ?? 0));
  return to > from && kind >= 0 && t.bytes[to] === CLOSERS.charCodeAt(kind);
}
