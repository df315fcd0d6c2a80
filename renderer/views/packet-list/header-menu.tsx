/** The context menu of a heading: order, hide, show others, edit. */

import { ArrowDown, ArrowUp, Columns3, EyeOff, MoveHorizontal, Undo2 } from 'lucide-react';
import { columns as editColumns } from '../../commands/colours-and-columns.ts';
import { runCommand } from '../../commands/command.ts';
import { ContextMenu, type MenuEntry, type MenuGroup } from '../../components/menu.tsx';
import type { App } from '../../state/app.ts';
import {
  columnTitle,
  hideColumn,
  isBasicColumn,
  resetColumnWidth,
  showColumn,
  shownColumns,
} from '../../state/columns.ts';
import { useApp, useText } from '../../state/use-app.ts';

export interface HeaderTarget {
  readonly column: string;
  readonly place: { readonly x: number; readonly y: number };
}

export function HeaderMenu({
  target,
  onClose,
}: {
  readonly target: HeaderTarget | null;
  readonly onClose: () => void;
}) {
  const app = useApp();
  const t = useText();
  return (
    <ContextMenu
      label={t('header.menu')}
      at={target?.place ?? null}
      groups={target === null ? [] : headerGroups(app, t, target.column)}
      onClose={onClose}
    />
  );
}

function headerGroups(app: App, t: ReturnType<typeof useText>, column: string): readonly MenuGroup[] {
  const hidden = app.settings.get().columns.filter((one) => one.hidden === true);
  return [
    { id: 'column', entries: columnEntries(app, t, column) },
    {
      id: 'hidden',
      entries: hidden.map((one) => ({
        id: `show ${one.id}`,
        title: t('column.show', { column: columnTitle(t, one) }),
        run: () => app.settings.update({ columns: showColumn(app.settings.get().columns, one.id) }),
      })),
    },
    {
      id: 'edit',
      entries: [{ id: 'edit', title: t('column.edit'), icon: Columns3, run: () => void runCommand(app, editColumns) }],
    },
  ];
}

/** What can be done with a column, from its heading or one of its cells. */
export function columnEntries(app: App, t: ReturnType<typeof useText>, column: string): readonly MenuEntry[] {
  const { sort } = app.filter.get();
  const isSorted = sort?.column === column;
  const { columns } = app.settings.get();
  return [
    {
      id: 'sort-up',
      title: t('column.sortUp'),
      icon: ArrowUp,
      isOn: isSorted && !sort.descending,
      run: () => void app.navigate({ sort: { column, descending: false } }),
    },
    {
      id: 'sort-down',
      title: t('column.sortDown'),
      icon: ArrowDown,
      isOn: isSorted && sort.descending,
      run: () => void app.navigate({ sort: { column, descending: true } }),
    },
    {
      id: 'sort-none',
      title: t('column.sortNone'),
      icon: Undo2,
      isDisabled: sort === null,
      run: () => void app.navigate({ sort: null }),
    },
    {
      id: 'width',
      title: t('column.width'),
      icon: MoveHorizontal,
      isDisabled: columns.find((one) => one.id === column)?.width === undefined,
      run: () => app.settings.update({ columns: resetColumnWidth(columns, column) }),
    },
    {
      id: 'hide',
      title: t(isBasicColumn(column) ? 'column.hide' : 'column.remove'),
      icon: EyeOff,
      isDisabled: shownColumns(columns).length <= 1,
      run: () => app.settings.update({ columns: hideColumn(columns, column) }),
    },
  ];
}
