/**
 * Protocol Buffers (encoding guide, proto3) without a schema: field numbers, wire types and values. What a length-delimited value
 * is, nobody says: text and messages are told by how they look, in the row's text only.
 */

import { decodeUtf8 } from '../../base/text.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const WIRE = { varint: 0, fixed64: 1, bytes: 2, startGroup: 3, endGroup: 4, fixed32: 5 } as const;
const WIRE_TYPES: Readonly<Record<number, string>> = {
  0: 'varint',
  1: '64-bit',
  2: 'Length-delimited',
  3: 'Start group (deprecated)',
  4: 'End group (deprecated)',
  5: '32-bit',
};
/** Ten bytes of seven bits hold the largest number. */
const MAX_VARINT = 10;
const MAX_FIELDS = 10_000;
/** Longer values are not looked into for text. */
const MAX_TEXT = 256;
const PRINTABLE = /^[^\u0000-\u0008\u000e-\u001f\u007f\ufffd]+$/;

export const protobuf = defineProtocol({
  name: 'protobuf',
  title: 'Protocol Buffers',
  short: 'PROTOBUF',
  fields: {
    'message.name': { type: 'string', label: 'Message Name', many: true },
    'field.name': { type: 'string', label: 'Field Name', many: true },
    'field.number': { type: 'u64', bits: [63, 3], label: 'Field Number', many: true },
    'field.wiretype': { type: 'u8', bits: [2, 0], label: 'Wire Type', names: WIRE_TYPES, many: true },
    'field.value.length': { type: 'u64', label: 'Value Length', many: true },
    'field.value': { type: 'bytes', label: 'Value', many: true },
    'field.value.uint32': { type: 'u32', label: 'Uint32', many: true },
    'field.value.uint64': { type: 'u64', label: 'Uint64', many: true },
    failed_parse_tag: { type: 'none', label: 'The tag of a field ends too soon', many: true },
    'field.wiretype.invalid': { type: 'none', label: 'Unknown wire type', many: true },
    'field.failed_parse_length_delimited_field': {
      type: 'none',
      label: 'A length-delimited field is longer than its message',
      many: true,
    },
    'field.failed_parse_field': { type: 'none', label: 'The value of a field ends too soon', many: true },
  },
  tree(t) {
    if (t.hint !== '') t.label(`Protocol Buffers: ${t.hint}`);
    t.addInfo(' (PROTOBUF)');
    t.nest(t.text('Message: <UNKNOWN> Message Type', t.at, t.end - t.at));
    t.generated('message.name', '<UNKNOWN> Message Type', t.at, t.end - t.at).hidden = true;
    let at = t.at;
    for (let count = 0; at < t.end && count < MAX_FIELDS; count++) {
      const next = field(t, at);
      if (next <= at) break;
      at = next;
    }
    t.close();
  },
});

/** Value and offset behind it; null where it ends too soon. */
function varint(t: TreeBuilder, at: number): { readonly value: bigint; readonly next: number } | null {
  let value = 0n;
  for (let i = 0; i < MAX_VARINT && at + i < t.end; i++) {
    const byte = t.bytes[at + i];
    value |= BigInt(byte & 0x7f) << BigInt(7 * i);
    if ((byte & 0x80) === 0) return { value: BigInt.asUintN(64, value), next: at + i + 1 };
  }
  return null;
}

/** Returns the offset behind the field; `at` where it cannot be read. */
function field(t: TreeBuilder, at: number): number {
  const tag = varint(t, at);
  if (tag === null) {
    t.expert('error', 'The tag of a field ends too soon', at, t.end - at, 'failed_parse_tag');
    return at;
  }
  const number = tag.value >> 3n;
  const wire = Number(tag.value & 7n);
  const tagLength = tag.next - at;
  const node = t.nest(t.text(`Field(${number}):`, at, tagLength));
  t.generated('field.name', '<UNKNOWN>', at, 0);
  t.put('field.number', number, at, tagLength);
  t.put('field.wiretype', wire, at, 1);
  const end = value(t, tag.next, wire);
  if (end > tag.next) node.text = `Field(${number}):${summary(t, tag.next, end, wire)}`;
  t.close(Math.max(end, tag.next));
  return end;
}

function value(t: TreeBuilder, at: number, wire: number): number {
  switch (wire) {
    case WIRE.varint: {
      const read = varint(t, at);
      if (read === null) break;
      t.add('field.value', at, read.next - at);
      if (read.value < 1n << 32n) t.generated('field.value.uint32', Number(read.value), at, read.next - at);
      else t.generated('field.value.uint64', read.value, at, read.next - at);
      return read.next;
    }
    case WIRE.fixed64:
    case WIRE.fixed32: {
      const length = wire === WIRE.fixed64 ? 8 : 4;
      if (!t.has(at, length)) break;
      t.add('field.value', at, length);
      return at + length;
    }
    case WIRE.bytes: {
      const length = varint(t, at);
      if (length === null) break;
      t.put('field.value.length', length.value, at, length.next - at);
      if (length.value > BigInt(t.end - length.next)) {
        const key = 'field.failed_parse_length_delimited_field';
        t.expert('error', 'A length-delimited field is longer than its message', at, t.end - at, key);
        return 0;
      }
      t.add('field.value', length.next, Number(length.value));
      return length.next + Number(length.value);
    }
    case WIRE.startGroup:
    case WIRE.endGroup:
      return at;
    default:
      t.expert('error', `Unknown wire type ${wire}`, at, 0, 'field.wiretype.invalid');
      return 0;
  }
  t.expert('error', 'The value of a field ends too soon', at, t.end - at, 'field.failed_parse_field');
  return 0;
}

/** A value as a number, or as text where it looks like text. */
function summary(t: TreeBuilder, at: number, end: number, wire: number): string {
  switch (wire) {
    case WIRE.varint:
      return ` ${varint(t, at)?.value ?? ''}`;
    case WIRE.fixed64:
      return ` ${t.u64le(at)}`;
    case WIRE.fixed32:
      return ` ${t.u32le(at)}`;
    default: {
      const from = varint(t, at)?.next ?? at;
      if (end === from || end - from > MAX_TEXT) return ` ${end - from} bytes`;
      const text = decodeUtf8(t.bytes, from, end);
      return PRINTABLE.test(text) ? ` "${text}"` : ` ${end - from} bytes`;
    }
  }
}
