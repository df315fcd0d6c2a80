/** Functions of the display filter over all values of their arguments. */

import { describe, expect, it } from 'vitest';
import type { FieldType, FieldValue } from '../../../../engine/base/fields.ts';
import { FUNCTIONS } from '../../../../engine/filter/functions.ts';
import type { FilterFunctionName } from '../../../../engine/filter/language/checked.ts';
import { testCatalog } from './test-catalog.ts';

const run = (name: FilterFunctionName, ...args: [FieldType, FieldValue[], string?][]): FieldValue[] =>
  FUNCTIONS[name].apply(
    args.map(([type, values, field]) => ({
      type,
      values,
      field: field === undefined ? undefined : testCatalog.get(field),
    })),
  );

describe('functions', () => {
  it('change every value', () => {
    expect(run('upper', ['string', ['aé', 'B']])).toEqual(['AÉ', 'B']);
    expect(run('lower', ['string', ['AÉ']])).toEqual(['aé']);
    expect(run('len', ['string', ['aé', '']])).toEqual([3, 0]);
    expect(run('len', ['protocol', [Uint8Array.of(1, 2)]])).toEqual([2]);
    expect(run('string', ['u16', [80, 443]])).toEqual(['80', '443']);
    expect(run('dec', ['u32', [255]])).toEqual(['255']);
    expect(run('hex', ['u16', [255]])).toEqual(['0x00ff']);
    expect(run('vals', ['u8', [6, 200], 'ip.proto'])).toEqual(['TCP', '200']);
    expect(run('vals', ['bool', [1, 0], 'tcp.flags.syn'])).toEqual(['Set', 'Not set']);
    expect(run('double', ['duration', [1_500_000_000n]])).toEqual([1.5]);
    expect(run('float', ['double', [0.1]])).toEqual([Math.fround(0.1)]);
    expect(run('abs', ['i32', [-5, 5]])).toEqual([5, 5]);
    expect(run('abs', ['duration', [-5n]])).toEqual([5n]);
    expect(run('abs', ['double', [-0.5]])).toEqual([0.5]);
  });

  it('take all values together', () => {
    expect(run('count', ['ipv4', [1, 2, 3]])).toEqual([3]);
    expect(run('max', ['u16', [80, 3372]], ['u16', [100]])).toEqual([3372]);
    expect(run('min', ['u16', [80, 3372]], ['u16', [100]])).toEqual([80]);
    expect(run('max', ['string', ['b', 'a']])).toEqual(['b']);
    expect(run('max', ['u16', []], ['u16', [100]])).toEqual([100]);
  });

  it('have no value where the arguments have none', () => {
    for (const name of Object.keys(FUNCTIONS) as FilterFunctionName[]) expect(run(name, ['u32', []])).toEqual([]);
  });
});
