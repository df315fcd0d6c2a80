import { describe, expect, it } from 'vitest';
import { filterFileText, joinFilterSets, readFilterFile } from '../../../../renderer/state/filter-file.ts';

const SET = {
  filters: [{ name: 'Names', filter: 'dns' }],
  macros: [{ name: 'web', text: 'tcp.port == $1' }],
};

describe('a file of filters', () => {
  it('reads as it was written', () =>
    expect(readFilterFile(filterFileText(SET))).toEqual({ ...SET, format: 'nagare-filters', version: 1 }));

  it.each([
    '',
    'no json',
    '[]',
    '{"format":"other","version":1,"filters":[],"macros":[]}',
    '{"format":"nagare-filters","version":2,"filters":[],"macros":[]}',
    '{"format":"nagare-filters","version":1,"filters":[{"name":"x"}],"macros":[]}',
    '{"format":"nagare-filters","version":1,"filters":[],"macros":[{"name":"not a name","text":"tcp"}]}',
  ])('is none: %s', (text) => expect(readFilterFile(text)).toBeNull());

  it('doubles no filter and replaces macros of the same name', () => {
    const added = {
      filters: [...SET.filters, { name: 'Other', filter: 'dns' }],
      macros: [{ name: 'web', text: 'tcp.port in {80, 443}' }],
    };
    expect(joinFilterSets(SET, added)).toEqual({
      filters: [SET.filters[0], { name: 'Other', filter: 'dns' }],
      macros: [{ name: 'web', text: 'tcp.port in {80, 443}' }],
    });
  });
});
