import { describe, expect, it } from 'vitest';
import { translator } from '../../../../engine/text/index.ts';
import {
  arrangeColumns,
  BASIC_COLUMNS,
  columnTitle,
  hideColumn,
  resetColumnWidth,
  showColumn,
  shownColumns,
} from '../../../../renderer/state/columns.ts';

const t = translator('en');
const columns = [{ id: 'number' }, { id: 'time', hidden: true }, { id: 'source', width: 140 }, { id: 'tcp.port' }];

describe('columns of the packet list', () => {
  it('are the basic ones where the settings name none', () => {
    expect(shownColumns([]).map(({ id }) => id)).toEqual([...BASIC_COLUMNS]);
    expect(shownColumns(columns).map(({ id }) => id)).toEqual(['number', 'source', 'tcp.port']);
  });

  it('are called by the user, the dictionary or the field', () => {
    expect(columnTitle(t, { id: 'source' })).toBe('Source');
    expect(columnTitle(t, { id: 'source', title: 'From' })).toBe('From');
    expect(columnTitle(t, { id: 'tcp.port' })).toBe('tcp.port');
  });

  it('keep hidden ones behind their neighbour when others are moved, and take new widths', () => {
    const arranged = arrangeColumns(columns, ['tcp.port', 'number', 'source'], new Map([['number', 80.4]]));
    expect(arranged).toEqual([
      { id: 'tcp.port' },
      { id: 'number', width: 80 },
      { id: 'time', hidden: true },
      { id: 'source', width: 140 },
    ]);
  });

  it('keep a hidden first one first', () => {
    const arranged = arrangeColumns([{ id: 'time', hidden: true }, { id: 'info' }], ['info'], new Map());
    expect(arranged.map(({ id }) => id)).toEqual(['time', 'info']);
  });

  it('are hidden and shown again; a field is removed', () => {
    expect(hideColumn(columns, 'tcp.port')).toHaveLength(3);
    expect(hideColumn(columns, 'source')[2]).toEqual({ id: 'source', width: 140, hidden: true });
    expect(hideColumn([], 'time').filter(({ hidden }) => hidden === true)).toEqual([{ id: 'time', hidden: true }]);
    expect(shownColumns(showColumn(columns, 'time'))).toHaveLength(4);
  });

  it('get their own width back', () => {
    expect(resetColumnWidth(columns, 'source')[2]).toEqual({ id: 'source' });
  });
});
