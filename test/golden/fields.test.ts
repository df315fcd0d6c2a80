/**
 * The catalogue is what `nagare fields --list` promises: enough fields, a filter against any of them compiles, and
 * docs/fields.md lists them. (Suite `fields`: some packet makes each of them.)
 */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Field, integerBytes } from '../../engine/base/fields.ts';
import { catalog } from '../../engine/dissect/registry.ts';
import { checkFilter } from '../../engine/filter/language/check.ts';
import { FIELD_DOCS, fieldDocs } from '../support/field-docs.ts';

const MIN_FIELDS = 4000;
/** A value of the field's type as a filter writes it; null where the type has none. */
function literalOf({ type }: Field): string | null {
  if (integerBytes(type) > 0 || type === 'frame') return '1';
  switch (type) {
    case 'bool':
      return 'true';
    case 'float':
    case 'double':
    case 'duration':
      return '1.5';
    case 'ether':
      return '00:00:5e:00:53:01';
    case 'eui64':
      return '02:00:5e:ff:fe:00:53:01';
    case 'ipv4':
      return '192.0.2.0/24';
    case 'ipv6':
      return '2001:db8::/32';
    case 'guid':
      return '00000000-0000-0000-0000-000000000001';
    case 'oid':
      return '1.3.6.1.4.1.32473';
    case 'string':
      return '"x"';
    case 'bytes':
    case 'protocol':
      return '00:01';
    case 'time':
      return '"2026-01-15 09:00:00"';
    default:
      return null;
  }
}

describe('the fields', () => {
  it('are enough', () => expect(catalog.fields.length).toBeGreaterThanOrEqual(MIN_FIELDS));

  it('can each be asked for in a filter, alone and in a comparison', () => {
    const refused = catalog.fields.flatMap((field) => {
      if (field.abbrev === '_ws.none') return [];
      const literal = literalOf(field);
      const filters = literal === null ? [field.abbrev] : [field.abbrev, `${field.abbrev} == ${literal}`];
      return filters.flatMap((text) => {
        const checked = checkFilter(text, catalog);
        return checked.ok ? [] : [`${text}: ${checked.error.message}`];
      });
    });
    expect(refused).toEqual([]);
  });

  it(`are listed in ${FIELD_DOCS}`, () => {
    const isCurrent = readFileSync(FIELD_DOCS, 'utf8') === fieldDocs();
    expect(isCurrent, 'it is stale: node scripts/run.mjs make-field-docs').toBe(true);
  });
});
