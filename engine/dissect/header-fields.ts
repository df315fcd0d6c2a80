/**
 * Fields that stand at a known place of a header which the column pass walks: filters read them from the packet's bytes,
 * without a tree. A property test compares both readings.
 */

import { type Field, type FieldValue, integerBytes } from '../base/fields.ts';
import type { FieldSpec, HeaderValue } from './field-spec.ts';
import { readValue, widthOf } from './read-value.ts';
import { allProtocols, type Protocol, protocolsOf } from './registry.ts';

export interface HeaderField {
  /** Index of the protocol in whose layers it is. */
  readonly protocol: number;
  /** Is its value always a number? */
  readonly isNumber: boolean;
  /** The number in the layer [at, end); NaN: the field is not there; SEVERAL. */
  readonly number: HeaderValue;
  /** Any value; undefined: the field is not there; SEVERAL. */
  value(bytes: Uint8Array, at: number, end: number, wireEnd: number): FieldValue | undefined;
  /** Its bytes; null where only the value is known. */
  raw: ((bytes: Uint8Array, at: number, end: number) => Uint8Array) | null;
}

/** How a field is read; null: only by dissecting. */
export function headerField(field: Field): HeaderField | null {
  let known = fields.get(field.id);
  if (known === undefined) fields.set(field.id, (known = find(field)));
  return known;
}

const fields = new Map<number, HeaderField | null>();

function find(field: Field): HeaderField | null {
  const owners = protocolsOf(field);
  const [owner] = owners;
  if (owner === undefined || owners.length > 1) return null;
  const protocol = allProtocols[owner];
  if (!isWalked(protocol)) return null;
  const entries = [...protocol.fields.values()];
  // A value that other fields hand on is there more than once.
  if (entries.some(({ also }) => also.includes(field))) return null;
  const spec = entries.find((entry) => entry.field === field)?.spec;
  if (spec === undefined || spec.many === true) return null;
  const { from = spec.at } = spec;
  if (from === undefined || spec.type === 'string') return null;
  return typeof from === 'number' ? atOffset(owner, spec, from) : byFunction(owner, from);
}

/** Do all layers of the protocol appear in the walk? Not those that only a flow's application or another tree opens. */
function isWalked({ spec }: Protocol): boolean {
  if (spec.frame !== undefined || spec.recognise !== undefined) return false;
  const isByFlow = spec.on?.['tcp.port'] !== undefined || spec.on?.['udp.port'] !== undefined;
  return !isByFlow || spec.scan !== undefined;
}

const NUMBERS: readonly FieldSpec['type'][] = ['bool', 'ipv4'];

function atOffset(protocol: number, spec: FieldSpec, offset: number): HeaderField {
  const width = spec.length ?? widthOf(spec);
  const isNumber =
    width <= 4 && (NUMBERS.includes(spec.type) || integerBytes(spec.type) > 0) && integerBytes(spec.type) <= 4;
  return {
    protocol,
    isNumber,
    number: (bytes, at, end) =>
      at + offset + width > end ? Number.NaN : (readValue(bytes, at + offset, width, spec) as number),
    value: (bytes, at, end) => (at + offset + width > end ? undefined : readValue(bytes, at + offset, width, spec)),
    raw: (bytes, at) => bytes.slice(at + offset, at + offset + width),
  };
}

function byFunction(protocol: number, read: HeaderValue): HeaderField {
  return {
    protocol,
    isNumber: true,
    number: read,
    value(bytes, at, end, wireEnd) {
      const value = read(bytes, at, end, wireEnd);
      return Number.isNaN(value) ? undefined : value;
    },
    raw: null,
  };
}
