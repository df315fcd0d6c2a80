import { describe, expect, it } from 'vitest';
import type { RowsPage } from '../../../../engine/contract/api.ts';
import { tagText, takeTags } from '../../../../renderer/views/packet-list/info-tags.ts';
import { addressWidth } from '../../../../renderer/views/packet-list/packet-columns.ts';
import { rowsOfPage } from '../../../../renderer/views/packet-list/packet-row.ts';

const page: RowsPage = {
  first: 10,
  rows: new Uint32Array([4, 9]),
  flags: new Uint16Array([16, 0]),
  isReference: new Uint8Array([0, 1]),
  colours: new Uint8Array([2, 0]),
  times: new Float64Array([400, 900]),
  timeBefore: 300,
  references: new Float64Array([Number.NaN, 900]),
  cells: 'a\u001fb\u001f\u001fd',
};

describe('a page of rows', () => {
  it('is taken apart into rows with their texts by column', () => {
    const [first, second] = rowsOfPage(page, ['source', 'info']);
    expect(first).toMatchObject({ packet: 4, flags: 16, colour: 2, before: 300, cells: { source: 'a', info: 'b' } });
    expect(second).toMatchObject({ packet: 9, isReference: true, before: 400, cells: { source: '', info: 'd' } });
  });

  it('may have no texts at all', () => {
    expect(rowsOfPage({ ...page, cells: '' }, []).map(({ cells }) => cells)).toEqual([{}, {}]);
  });
});

describe('tags of an info text', () => {
  it('are what TCP analysis says', () => {
    expect(takeTags('[TCP Fast Retransmission] 1 → 2 [ACK] Seq=1')).toEqual({
      tags: ['Fast Retransmission'],
      text: '1 → 2 [ACK] Seq=1',
    });
    expect(takeTags('[TCP Previous segment not captured] [TCP Dup ACK 12#1] 1 → 2').tags).toEqual([
      'Previous segment not captured',
      'Dup ACK 12#1',
    ]);
  });

  it('are never what a packet says of itself', () => {
    for (const info of ['[WARN] disk full', '1 → 2 [SYN] Seq=0', '[TCP', '[TCP ]x', '']) {
      expect(takeTags(info)).toEqual({ tags: [], text: info });
    }
  });
});

describe('the words of a tag', () => {
  it('are those of the user', () => {
    expect(tagText('en', 'Fast Retransmission')).toBe('Fast retransmission');
    expect(tagText('ja', 'Fast Retransmission')).toBe('高速再送');
    expect(tagText('en', 'Dup ACK 12#3')).toBe('Duplicate ACK 12#3');
  });

  it('stay as they came where the dictionary has none', () => {
    expect(tagText('ja', 'Something New 1#2')).toBe('Something New 1#2');
  });
});

describe('the width of an address column', () => {
  it('fits the longest address, as far as the info text keeps its room', () => {
    expect(addressWidth(24, 1236)).toBeGreaterThanOrEqual(Math.ceil(24 * 7.3));
    expect(addressWidth(39, 1236)).toBe(206);
    expect(addressWidth(39, 3000)).toBeGreaterThanOrEqual(Math.ceil(39 * 7.3));
  });

  it('is never less than a MAC address takes', () => {
    expect(addressWidth(0, 0)).toBe(addressWidth(8, 2000));
  });
});
