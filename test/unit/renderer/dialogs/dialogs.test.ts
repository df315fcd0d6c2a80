import { describe, expect, it } from 'vitest';
import { suggestedName } from '../../../../renderer/dialogs/export.tsx';
import { fuzzyMatch } from '../../../../renderer/dialogs/fuzzy.ts';
import { moveItem, removeItem, replaceItem } from '../../../../renderer/dialogs/list-order.ts';
import { sortEntries } from '../../../../renderer/dialogs/open.tsx';
import { countNumbers, parseNumber, parseRanges, rowsOf } from '../../../../renderer/dialogs/packet-numbers.ts';

describe('packet numbers', () => {
  it('are read with grouped and with full-width digits', () => {
    expect(parseNumber('182213')).toBe(182_213);
    expect(parseNumber(' 182,213 ')).toBe(182_213);
    expect(parseNumber('１２')).toBe(12);
    expect(parseNumber('12a')).toBeNull();
    expect(parseNumber('')).toBeNull();
  });

  it('are read as ranges, sorted and joined', () => {
    expect(parseRanges('100-, 1-40, 41, 30-35', 120)).toEqual([
      [1, 41],
      [100, 120],
    ]);
    expect(parseRanges('-5', 120)).toEqual([[1, 5]]);
    expect(parseRanges('1〜3、7', 120)).toEqual([
      [1, 3],
      [7, 7],
    ]);
    expect(parseRanges('110-999', 120)).toEqual([[110, 120]]);
  });

  it('are refused where they name no packet', () => {
    for (const text of ['', '-', '0', '121', '5-3', 'x', '1-2-3']) expect(parseRanges(text, 120)).toBeNull();
  });

  it('become rows from 0', () => {
    const ranges = parseRanges('1-3, 7', 10) ?? [];
    expect(countNumbers(ranges)).toBe(4);
    expect([...rowsOf(ranges)]).toEqual([0, 1, 2, 6]);
  });
});

describe('fuzzy matching', () => {
  const best = (typed: string, ...titles: string[]): string | undefined =>
    titles
      .flatMap((title) => {
        const match = fuzzyMatch(typed, title);
        return match === null ? [] : [{ title, score: match.score }];
      })
      .sort((a, b) => b.score - a.score)[0]?.title;

  it('takes letters in their order, and prefers the starts of words', () => {
    expect(best('gtp', 'Aggregate protocols to top', 'Go to packet…')).toBe('Go to packet…');
    expect(best('dark', 'Details at the right', 'Dark theme')).toBe('Dark theme');
    expect(best('panel', 'Hide panes and labels', 'Show panel: Packets')).toBe('Show panel: Packets');
  });

  it('says which letters matched', () => {
    expect(fuzzyMatch('gp', 'Go to packet')?.at).toEqual([0, 6]);
    expect(fuzzyMatch('xyz', 'Go to packet')).toBeNull();
    expect(fuzzyMatch('', 'anything')?.at).toEqual([]);
    expect(fuzzyMatch('パケ', '次のパケット')?.at).toEqual([2, 3]);
  });
});

describe('lists in settings', () => {
  it('move, replace and remove without touching the list before', () => {
    const list = ['a', 'b', 'c'];
    expect(moveItem(list, 2, 0)).toEqual(['c', 'a', 'b']);
    expect(moveItem(list, 0, 1)).toEqual(['b', 'a', 'c']);
    expect(moveItem(list, 0, -1)).toEqual(list);
    expect(moveItem(list, 2, 3)).toEqual(list);
    expect(replaceItem(list, 1, 'x')).toEqual(['a', 'x', 'c']);
    expect(removeItem(list, 1)).toEqual(['a', 'c']);
    expect(list).toEqual(['a', 'b', 'c']);
  });
});

describe('files', () => {
  it('are listed folders first, numbers in names in order', () => {
    const entry = (name: string, isFolder = false) => ({ name, path: `/${name}`, isFolder, size: 0, modified: 0 });
    const names = sortEntries([entry('ring_10.pcap'), entry('ring_9.pcap'), entry('z', true), entry('A.pcap')]).map(
      ({ name }) => name,
    );
    expect(names).toEqual(['z', 'A.pcap', 'ring_9.pcap', 'ring_10.pcap']);
  });

  it('are exported under a name of their own', () => {
    expect(suggestedName('web-01.pcapng.gz', 'csv')).toBe('web-01-export.csv');
    expect(suggestedName('capture', 'pcapng')).toBe('capture-export.pcapng');
    expect(suggestedName('notes.txt', 'pcap')).toBe('notes-export.pcap');
  });
});
