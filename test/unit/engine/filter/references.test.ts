/** References: filled in from a packet, they are its values; without one, nothing. */

import { describe, expect, it } from 'vitest';
import type { FieldValue } from '../../../../engine/base/fields.ts';
import { evaluate, type ValueSource } from '../../../../engine/filter/evaluate.ts';
import { checkFilter } from '../../../../engine/filter/language/check.ts';
import { bindReferences } from '../../../../engine/filter/references.ts';
import { testCatalog } from './test-catalog.ts';

function packet(values: Readonly<Record<string, readonly FieldValue[]>>): ValueSource {
  return {
    occurrences: (field) =>
      (values[field.abbrev] ?? []).map((value, i, all) => ({
        value,
        layer: i + 1,
        layers: all.length,
        bytes: () => Uint8Array.of(Number(value) & 0xff),
      })),
  };
}

const SELECTED = packet({
  'tcp.port': [443, 50_000],
  'tcp.srcport': [443],
  'frame.len': [100],
  'http.host': ['a.example'],
});
const OTHER = packet({
  'tcp.port': [443, 50_001],
  'tcp.srcport': [50_001],
  'frame.len': [90],
  'http.host': ['b.example'],
});

function isTrue(text: string, of: ValueSource, selected: ValueSource | null): boolean {
  const checked = checkFilter(text, testCatalog);
  if (!checked.ok || checked.value.tree === null) throw new Error(`${text} was refused`);
  expect(checked.value.hasReferences).toBe(true);
  return evaluate(bindReferences(checked.value.tree, selected), of);
}

describe('a reference', () => {
  it.each([
    ['tcp.port == ${tcp.port}', true],
    ['tcp.port == ${tcp.port#2}', false],
    ['tcp.port == ${tcp.port#[1]}', true],
    ['tcp.port == $tcp.srcport', true],
    ['all tcp.port == ${tcp.port}', false],
    ['tcp.port == ${tcp.srcport} + 49558', true],
    ['tcp.port in {1, ${tcp.srcport}}', true],
    ['tcp.port in {${tcp.srcport}..50000}', true],
    ['frame.len > ${frame.len} - 20', true],
    ['frame.len < -${frame.len} + 150', false],
    ['http.host == ${http.host}', false],
    ['http.host contains ${http.host}', false],
    ['max(${tcp.port}) < 50001', true],
    ['not udp.port == ${udp.port}', true],
    ['${frame.len} == 100', true],
    ['@tcp.port == ${@tcp.port}', true],
    ['(tcp.port == ${tcp.port}) xor (frame.len == ${frame.len})', true],
  ])('%s', (text, expected) => expect(isTrue(text, OTHER, SELECTED)).toBe(expected));

  it('has no value without a selected packet', () => {
    expect(isTrue('tcp.port == ${tcp.port}', OTHER, null)).toBe(false);
    expect(isTrue('not tcp.port == ${tcp.port}', OTHER, null)).toBe(true);
  });
});
