/** Frames of opened packets (RFC 9000 19; RFC 9221 datagrams; ACK frequency and time stamps by their drafts). */

import type { TreeBuilder } from '../../tree.ts';
import { type CryptoStream, withPiece } from './crypto-stream.ts';

const MAX_FRAMES = 2048;
const NO_VALUE = new Uint8Array(0);

/** Fields of a frame in order: `n` a number, `b` so many bytes, `l` as many bytes as the number before says, `c` a byte of length. */
type Part = readonly [kind: 'n' | 'l' | 'c', key: string] | readonly [kind: 'b', key: string, length: number];
interface Shape {
  /** In Info, and the title of the row. */
  readonly short: string;
  readonly title: string;
  readonly parts: readonly Part[];
  /** Info has the first number in brackets. */
  readonly numbered?: boolean;
}

const SHAPES: Readonly<Record<number, Shape>> = {
  1: { short: 'PING', title: 'PING', parts: [] },
  4: {
    short: 'RS',
    title: 'RESET_STREAM',
    parts: [
      ['n', 'rsts.stream_id'],
      ['n', 'rsts.application_error_code'],
      ['n', 'rsts.final_size'],
    ],
    numbered: true,
  },
  5: {
    short: 'SS',
    title: 'STOP_SENDING',
    parts: [
      ['n', 'ss.stream_id'],
      ['n', 'ss.application_error_code'],
    ],
    numbered: true,
  },
  7: {
    short: 'NT',
    title: 'NEW_TOKEN',
    parts: [
      ['n', 'nt.length'],
      ['l', 'nt.token'],
    ],
  },
  16: { short: 'MD', title: 'MAX_DATA', parts: [['n', 'md.maximum_data']] },
  17: {
    short: 'MSD',
    title: 'MAX_STREAM_DATA',
    parts: [
      ['n', 'msd.stream_id'],
      ['n', 'msd.maximum_stream_data'],
    ],
    numbered: true,
  },
  18: { short: 'MS', title: 'MAX_STREAMS (BIDI)', parts: [['n', 'ms.max_streams']] },
  19: { short: 'MS', title: 'MAX_STREAMS (UNI)', parts: [['n', 'ms.max_streams']] },
  20: { short: 'DB', title: 'DATA_BLOCKED', parts: [['n', 'sb.stream_data_limit']] },
  21: {
    short: 'SDB',
    title: 'STREAM_DATA_BLOCKED',
    parts: [
      ['n', 'sdb.stream_id'],
      ['n', 'sb.stream_data_limit'],
    ],
    numbered: true,
  },
  22: { short: 'SB', title: 'STREAMS_BLOCKED (BIDI)', parts: [['n', 'sib.stream_limit']] },
  23: { short: 'SB', title: 'STREAMS_BLOCKED (UNI)', parts: [['n', 'sib.stream_limit']] },
  24: {
    short: 'NCI',
    title: 'NEW_CONNECTION_ID',
    parts: [
      ['n', 'nci.sequence'],
      ['n', 'nci.retire_prior_to'],
      ['c', 'nci.connection_id.length'],
      ['l', 'nci.connection_id'],
      ['b', 'nci.stateless_reset_token', 16],
    ],
  },
  25: { short: 'RC', title: 'RETIRE_CONNECTION_ID', parts: [['n', 'rci.sequence']] },
  26: { short: 'PC', title: 'PATH_CHALLENGE', parts: [['b', 'path_challenge.data', 8]] },
  27: { short: 'PR', title: 'PATH_RESPONSE', parts: [['b', 'path_response.data', 8]] },
  28: {
    short: 'CC',
    title: 'CONNECTION_CLOSE (Transport)',
    parts: [
      ['n', 'cc.error_code'],
      ['n', 'cc.frame_type'],
      ['n', 'cc.reason_phrase.length'],
      ['l', 'cc.reason_phrase'],
    ],
  },
  29: {
    short: 'CC',
    title: 'CONNECTION_CLOSE (Application)',
    parts: [
      ['n', 'cc.error_code.app'],
      ['n', 'cc.reason_phrase.length'],
      ['l', 'cc.reason_phrase'],
    ],
  },
  30: { short: 'DONE', title: 'HANDSHAKE_DONE', parts: [] },
  48: { short: 'DG', title: 'DATAGRAM', parts: [] },
  49: {
    short: 'DG',
    title: 'DATAGRAM',
    parts: [
      ['n', 'dg.length'],
      ['l', 'dg'],
    ],
  },
};
const TYPE = { padding: 0, ack: 2, ackEcn: 3, crypto: 6, stream: 8, streamEnd: 15, datagram: 48 } as const;
const STREAM_BIT = { fin: 1, length: 2, offset: 4 } as const;
/** Names for the row of a frame's type. */
const NAMES: Readonly<Record<number, string>> = { 0: 'PADDING', 2: 'ACK', 3: 'ACK_ECN', 6: 'CRYPTO' };

/** A variable-length integer (RFC 9000 16): its value and the offset behind it. */
export function variable(
  bytes: Uint8Array,
  at: number,
  end: number,
): { readonly value: bigint; readonly next: number } | null {
  if (at >= end) return null;
  const length = 1 << (bytes[at] >>> 6);
  if (at + length > end) return null;
  let value = BigInt(bytes[at] & 0x3f);
  for (let i = 1; i < length; i++) value = (value << 8n) | BigInt(bytes[at + i]);
  return { value, next: at + length };
}

/** Reads frames one field after the other. */
class Reader {
  readonly t: TreeBuilder;
  at: number;

  constructor(t: TreeBuilder) {
    this.t = t;
    this.at = t.at;
  }

  number(key: string): bigint {
    const { t } = this;
    const read = variable(t.bytes, this.at, t.end);
    if (read === null) return t.fail();
    t.put(key, read.value, this.at, read.next - this.at);
    this.at = read.next;
    return read.value;
  }

  /** As many bytes as there are of those wanted. */
  bytes(key: string, wanted: bigint): number {
    const { t } = this;
    const there = wanted > BigInt(t.end - this.at) ? t.end - this.at : Number(wanted);
    if (there > 0) t.add(key, this.at, there);
    this.at += there;
    return there;
  }
}

/** Adds the frames in [t.at, t.end); returns the handshake with what they bring. */
export function addFrames(t: TreeBuilder, before: CryptoStream): CryptoStream {
  let stream = before;
  const reader = new Reader(t);
  for (let i = 0; i < MAX_FRAMES && reader.at < t.end; i++) {
    const start = reader.at;
    const type = variable(t.bytes, start, t.end);
    if (type === null) break;
    const number = type.value > 0xffffffn ? -1 : Number(type.value);
    const node = t.nest(t.put('frame', NO_VALUE, start, 0, SHAPES[number]?.title ?? NAMES[number] ?? 'Unknown'));
    const typeName = number >= TYPE.stream && number <= TYPE.streamEnd ? 'STREAM' : (node.text ?? '');
    const hex = type.value.toString(16).padStart(16, '0');
    t.put('frame_type', type.value, start, type.next - start, `Frame Type: ${typeName} (0x${hex})`);
    reader.at = type.next;
    if (number === TYPE.padding) {
      while (reader.at < t.end && t.bytes[reader.at] === 0) reader.at++;
      node.text = `PADDING Length: ${reader.at - start}`;
      t.generated('padding_length', reader.at - start, start, reader.at - start);
      t.addInfo(', PADDING');
    } else if (number === TYPE.ack || number === TYPE.ackEcn) {
      t.addInfo(`, ${NAMES[number]}`);
      acknowledgement(reader, number === TYPE.ackEcn);
    } else if (number === TYPE.crypto) {
      t.addInfo(', CRYPTO');
      stream = crypto(reader, stream);
    } else if (number >= TYPE.stream && number <= TYPE.streamEnd) {
      node.text = streamFrame(reader, number, start);
    } else if (SHAPES[number] !== undefined) {
      shaped(reader, SHAPES[number]);
      if (number === TYPE.datagram) reader.bytes('dg', BigInt(t.end - reader.at));
    } else {
      t.addInfo(', Unknown');
      t.expert('note', 'Unknown frame type', start, t.end - start, 'ft.unknown');
      t.close(t.end);
      break;
    }
    t.close(reader.at);
  }
  return stream;
}

function shaped(reader: Reader, shape: Shape): void {
  const { t } = reader;
  const kept = t.infoSoFar.length;
  t.addInfo(`, ${shape.short}`);
  let last = 0n;
  let first: bigint | null = null;
  for (const part of shape.parts) {
    switch (part[0]) {
      case 'n':
        last = reader.number(part[1]);
        first ??= last;
        break;
      case 'c':
        last = BigInt(t.u8(reader.at));
        t.add(part[1], reader.at);
        reader.at++;
        break;
      case 'l':
        reader.bytes(part[1], last);
        break;
      case 'b':
        t.need(reader.at, part[2]);
        reader.bytes(part[1], BigInt(part[2]));
    }
  }
  if (shape.numbered === true) t.replaceInfo(kept, `, ${shape.short}(${first ?? 0n})`);
  if (shape.short === 'CC' && shape.parts[0]?.[1] === 'cc.error_code') tlsAlert(reader, first ?? 0n);
}

/** RFC 9001 4.8: alerts are errors 0x0100 to 0x01ff. */
function tlsAlert(reader: Reader, code: bigint): void {
  if (code >= 0x100n && code <= 0x1ffn) reader.t.put('cc.error_code.tls_alert', Number(code & 0xffn), reader.at, 0);
}

function acknowledgement(reader: Reader, hasCounts: boolean): void {
  reader.number('ack.largest_acknowledged');
  reader.number('ack.ack_delay');
  const ranges = reader.number('ack.ack_range_count');
  reader.number('ack.first_ack_range');
  for (let n = 0n; n < ranges; n++) {
    reader.number('ack.gap');
    reader.number('ack.ack_range');
  }
  if (!hasCounts) return;
  for (const key of ['ack.ect0_count', 'ack.ect1_count', 'ack.ecn_ce_count']) reader.number(key);
}

function crypto(reader: Reader, stream: CryptoStream): CryptoStream {
  const { t } = reader;
  const offset = reader.number('crypto.offset');
  const length = reader.number('crypto.length');
  const there = length > BigInt(t.end - reader.at) ? t.end - reader.at : Number(length);
  const { at } = reader;
  t.put('crypto.crypto_data', NO_VALUE, at, there);
  reader.at += there;
  if (offset > 0xffffffn) return stream;
  if (Number(offset) + there <= stream.shown)
    t.expert('note', 'These bytes came before (retransmission)', at, there, 'retransmission');
  return withPiece(stream, Number(offset), t.bytes.slice(at, at + there), t.packet.number);
}

/** Returns the row's text (RFC 9000 19.8, 2.1). */
function streamFrame(reader: Reader, type: number, start: number): string {
  const { t } = reader;
  t.nest(t.last());
  t.add('stream.fin', start);
  t.add('stream.len', start);
  t.add('stream.off', start);
  t.close();
  const idAt = reader.at;
  const id = reader.number('stream.stream_id');
  t.nest(t.last());
  t.put('stream.initiator', id & 1n, idAt, reader.at - idAt);
  t.put('stream.direction', (id >> 1n) & 1n, idAt, reader.at - idAt);
  t.close();
  t.addInfo(`, STREAM(${id})`);
  const offset = (type & STREAM_BIT.offset) !== 0 ? reader.number('stream.offset') : 0n;
  const wanted = (type & STREAM_BIT.length) !== 0 ? reader.number('stream.length') : BigInt(t.end - reader.at);
  const length = reader.bytes('stream_data', wanted);
  const direction = (id & 2n) === 0n ? 'Bidirectional' : 'Unidirectional';
  const origin = (id & 1n) === 0n ? 'Client-initiated' : 'Server-initiated';
  const fin = (type & STREAM_BIT.fin) !== 0 ? 1 : 0;
  return `STREAM id=${id} fin=${fin} off=${offset} len=${length} dir=${direction} origin=${origin}`;
}
