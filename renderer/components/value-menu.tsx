/** The context menu of a value, wherever it is shown: apply and prepare as filter, copy, add as column. */

import { Columns3, Copy, Filter, PencilLine, Tag } from 'lucide-react';
import type { Settings } from '../../engine/contract/api.ts';
import type { Translate } from '../../engine/text/index.ts';
import { addressIn } from '../state/address-labels.ts';
import type { App } from '../state/app.ts';
import { applyClause, prepareClause } from '../state/apply-clause.ts';
import { copyToClipboard } from '../state/clipboard.ts';
import { allColumns } from '../state/columns.ts';
import type { Combination } from '../state/combine-filters.ts';
import { useApp, useText } from '../state/use-app.ts';
import { ContextMenu, type MenuEntry, type MenuGroup } from './menu.tsx';
import type { MenuPlace } from './menu-place.ts';

export interface ValueTarget {
  /** The value alone, for copying; '' where there is none. */
  readonly value: string;
  /** Filter that the value matches; '' where it cannot be filtered. */
  readonly filter: string;
  /** Field that can become a column; '' where it cannot. */
  readonly field: string;
}

/** The menu's text for each combination, in the order shown. */
const COMBINATION_TEXTS = [
  ['selected', 'filter.selected'],
  ['not', 'filter.not'],
  ['and', 'filter.and'],
  ['or', 'filter.or'],
  ['and-not', 'filter.andNot'],
  ['or-not', 'filter.orNot'],
] as const satisfies readonly (readonly [Combination, string])[];

/** What every value's menu begins with; the place that opens it adds its own groups. */
export function valueGroups(app: App, t: Translate, target: ValueTarget): MenuGroup[] {
  return [filterGroup(app, t, target.filter), copyGroup(app, t, target), ...nameGroup(app, t, target)];
}

export function filterGroup(app: App, t: Translate, filter: string): MenuGroup {
  const entries = (run: (how: Combination) => void): MenuEntry[] =>
    COMBINATION_TEXTS.map(([how, key]) => ({ id: how, title: t(key), run: () => run(how) }));
  return {
    id: 'filter',
    entries: [
      {
        id: 'apply',
        title: t('filter.apply'),
        icon: Filter,
        isDisabled: filter === '',
        entries: entries((how) => void applyClause(app, filter, how)),
      },
      {
        id: 'prepare',
        title: t('filter.prepare'),
        icon: PencilLine,
        isDisabled: filter === '',
        entries: entries((how) => prepareClause(app, filter, how)),
      },
    ],
  };
}

/** An address can be given a name. */
function nameGroup(app: App, t: Translate, { value, filter }: ValueTarget): MenuGroup[] {
  const address = addressIn(value, filter);
  if (address === '') return [];
  const run = (): void => app.layout.openDialog('names', address);
  return [{ id: 'name', entries: [{ id: 'name-address', title: t('names.give', { address }), icon: Tag, run }] }];
}

function copyGroup(app: App, t: Translate, { value, filter, field }: ValueTarget): MenuGroup {
  const { columns } = app.settings.get();
  return {
    id: 'copy',
    entries: [
      {
        id: 'copy-value',
        title: t('copy.value'),
        icon: Copy,
        isDisabled: value === '',
        run: () => void copyToClipboard(app, value),
      },
      {
        id: 'copy-filter',
        title: t('copy.filter'),
        isDisabled: filter === '',
        run: () => void copyToClipboard(app, filter),
      },
      {
        id: 'add-column',
        title: t('packet.addColumn'),
        icon: Columns3,
        isDisabled: field === '' || columns.some((column) => column.id === field && column.hidden !== true),
        run: () => app.settings.update({ columns: withColumn(app.settings.get().columns, field) }),
      },
    ],
  };
}

/** A new column stands before the info text, which takes what width is left; a hidden one is shown again. */
export function withColumn(settings: Settings['columns'], id: string): Settings['columns'] {
  const columns = allColumns(settings);
  if (columns.some((column) => column.id === id)) {
    return columns.map((column) => (column.id === id ? { ...column, hidden: false } : column));
  }
  const info = columns.findIndex((column) => column.id === 'info');
  const at = info < 0 ? columns.length : info;
  return [...columns.slice(0, at), { id }, ...columns.slice(at)];
}

export function ValueMenu({
  at,
  target,
  groups = [],
  onClose,
}: {
  /** null: closed. */
  readonly at: MenuPlace | null;
  readonly target: ValueTarget;
  /** What the place adds below. */
  readonly groups?: readonly MenuGroup[];
  readonly onClose: () => void;
}) {
  const app = useApp();
  const t = useText();
  return (
    <ContextMenu
      label={t('cell.menu')}
      at={at}
      groups={at === null ? [] : [...valueGroups(app, t, target), ...groups]}
      onClose={onClose}
    />
  );
}
