/** A row of the detail tree: a field with its value and its bytes, or a text. Its label is made only when it is shown. */

import { formatIpv4, formatIpv6, formatMac } from '../base/address.ts';
import { type Field, type FieldValue, integerBytes, valueName } from '../base/fields.ts';
import { hexNumber, toHex } from '../base/hex.ts';
import { escapeText } from '../base/text.ts';
import { formatAbsolute, formatSeconds } from '../base/time.ts';

export class TreeNode {
  readonly field: Field | null;
  readonly value: FieldValue | null;
  /** Where its bytes are: data source index, offset, length (0: made up, not in the packet). */
  readonly source: number;
  readonly at: number;
  length: number;
  /** Of a layer: one past the last byte that it and what it carries have in the source. */
  reach = 0;
  /** Which layer of the packet it is in, from 0: for `#n` in filters. */
  readonly layer: number;
  /** Shown only to filters. */
  hidden = false;
  /** Worked out, not read from the packet: shown in brackets. */
  generated = false;
  /** A text in place of the one made from field and value. */
  text: string | null = null;
  children: TreeNode[] | null = null;

  constructor(
    field: Field | null,
    value: FieldValue | null,
    source: number,
    at: number,
    length: number,
    layer: number,
  ) {
    this.field = field;
    this.value = value;
    this.source = source;
    this.at = at;
    this.length = length;
    this.layer = layer;
  }
}

/** What the tree shows for a node. */
export function labelOf(node: TreeNode): string {
  const text = node.text ?? (node.field === null ? '' : fieldLabel(node.field, node.value));
  // Texts made by protocols may hold strings from the packet.
  return escapeText(node.generated ? `[${text}]` : text);
}

function fieldLabel(field: Field, value: FieldValue | null): string {
  if (value === null || field.type === 'protocol' || field.type === 'none') return field.label;
  if (field.bits !== undefined) return `${bitPattern(field, value)} = ${field.label}: ${shownValue(field, value)}`;
  return `${field.label}: ${shownValue(field, value)}`;
}

/** `.... .1..`: the bits a field takes from its unit. */
function bitPattern(field: Field, value: FieldValue): string {
  const [high, low] = field.bits ?? [0, 0];
  const width = unitBits(field, high);
  const bits = BigInt(typeof value === 'number' || typeof value === 'bigint' ? value : 0);
  let text = '';
  for (let bit = width - 1; bit >= 0; bit--) {
    text += bit <= high && bit >= low ? ((bits >> BigInt(bit - low)) & 1n).toString() : '.';
    if (bit % 4 === 0 && bit > 0) text += ' ';
  }
  return text;
}

function unitBits(field: Field, high: number): number {
  const own = field.unitBits ?? integerBytes(field.type) * 8;
  return Math.max(own, 8 * Math.ceil((high + 1) / 8));
}

/** The value with its name, as people read it: `Request (1)`, `0x0800`, `192.0.2.1`. */
export function shownValue(field: Field, value: FieldValue): string {
  if (field.type === 'bool') return flagText(field, value);
  if (typeof value === 'number' || typeof value === 'bigint') {
    if (integerBytes(field.type) > 0) {
      const name = valueName(field.names, Number(value));
      const number = formatInteger(field, value);
      return name === undefined ? (field.names === undefined ? number : `Unknown (${number})`) : `${name} (${number})`;
    }
    if (field.type === 'float' || field.type === 'double') return String(value);
  }
  if (field.type === 'time') return timeText(field, value as bigint);
  if (field.type === 'duration') return `${formatSeconds(value as bigint)} seconds`;
  if (field.type === 'bytes' && value instanceof Uint8Array && value.length > 64) return `${toHex(value, '', 0, 64)}…`;
  return plainValue(field, value);
}

function flagText(field: Field, value: FieldValue): string {
  const [yes, no] = field.flag ?? ['Set', 'Not set'];
  return value !== 0 ? yes : no;
}

function formatInteger(field: Field, value: number | bigint): string {
  const width = integerBytes(field.type);
  switch (field.show) {
    case 'hex':
      return hexNumber(value, hexWidth(field, width));
    case 'oct':
      return `0${value.toString(8)}`;
    case 'dec-hex':
      return `${value} (${hexNumber(value, hexWidth(field, width))})`;
    case 'hex-dec':
      return `${hexNumber(value, hexWidth(field, width))} (${value})`;
    default:
      return value.toString();
  }
}

/** A number cut from a few bits is shown with as many digits as those bits need. */
function hexWidth(field: Field, width: number): number {
  return field.bits === undefined ? width : Math.max(0.5, Math.ceil((field.bits[0] - field.bits[1] + 1) / 4) / 2);
}

/** The value as `tshark -T fields` prints it, and as filters take it. */
export function plainValue(field: Field, value: FieldValue): string {
  switch (field.type) {
    case 'bool':
      return value === 0 ? '0' : '1';
    case 'ipv4':
      return formatIpv4(value as number);
    case 'ipv6':
      return formatIpv6(value as Uint8Array);
    case 'ether':
      return formatMac(value as Uint8Array);
    case 'eui64':
      return toHex(value as Uint8Array, ':');
    case 'guid':
      return formatGuid(value as Uint8Array);
    case 'oid':
      return formatOid(value as Uint8Array);
    case 'time':
      return timeText(field, value as bigint);
    case 'duration':
      return formatSeconds(value as bigint);
    case 'string':
      return escapeText(String(value));
    case 'bytes':
      if (!(value instanceof Uint8Array)) return String(value);
      return value.length === 0 ? '<MISSING>' : toHex(value, field.show === 'colon' ? ':' : '');
    case 'float':
    case 'double':
      return String(value);
    default:
      if (typeof value === 'number' || typeof value === 'bigint') {
        return field.show === 'hex' || field.show === 'hex-dec'
          ? hexNumber(value, integerBytes(field.type))
          : field.show === 'oct'
            ? `0${value.toString(8)}`
            : value.toString();
      }
      return value instanceof Uint8Array ? toHex(value) : String(value);
  }
}

/** Nanoseconds from 1970 back to 1900, the zero of NTP's times. */
const NTP_START = -2_208_988_800_000_000_000n;

function timeText(field: Field, value: bigint): string {
  if (field.show === 'epoch') return formatSeconds(value);
  return field.show === 'ntp' && value === NTP_START ? 'NULL' : formatAbsolute(value);
}

function formatGuid(bytes: Uint8Array): string {
  const hex = toHex(bytes);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** X.690 8.19: the first byte holds two numbers, the others seven bits each. */
export function formatOid(bytes: Uint8Array): string {
  const parts: bigint[] = [];
  let value = 0n;
  for (const byte of bytes) {
    value = (value << 7n) | BigInt(byte & 0x7f);
    if ((byte & 0x80) === 0) {
      parts.push(value);
      value = 0n;
    }
  }
  const first = parts[0] ?? 0n;
  const top = first < 40n ? 0n : first < 80n ? 1n : 2n;
  return [top, first - top * 40n, ...parts.slice(1)].join('.');
}
