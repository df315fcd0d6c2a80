/** The list's columns: which are shown, in which order, under which title; and fields that become columns. */

import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react';
import { type KeyboardEvent, useId, useState } from 'react';
import type { ColumnSetting } from '../../engine/contract/api.ts';
import { Button } from '../components/button.tsx';
import { Check, TextInput } from '../components/form.tsx';
import { IconButton } from '../components/icon-button.tsx';
import { withColumn } from '../components/value-menu.tsx';
import { useCatalog } from '../state/catalog.ts';
import { allColumns, columnTitle, isBasicColumn } from '../state/columns.ts';
import { useApp, useText } from '../state/use-app.ts';
import { useStore } from '../state/use-store.ts';
import styles from './dialogs.module.css';
import { moveItem, removeItem, replaceItem } from './list-order.ts';

const MOST_SUGGESTIONS = 30;

export function ColumnList() {
  const app = useApp();
  const t = useText();
  const settings = useStore(app.settings, (all) => all.columns);
  const columns = allColumns(settings);
  const set = (next: ColumnSetting[]): void => app.settings.update({ columns: next });
  // What a column is called without a title of the user's own.
  const titleOf = (id: string): string => columnTitle(t, { id });
  return (
    <>
      <div className={styles.rules} role="list" aria-label={t('settings.tab.columns')}>
        {columns.map((column, index) => (
          <div key={column.id} role="listitem" className={`${styles.rule} ${styles.columnRule}`}>
            <Check
              label={t('columns.show', { column: titleOf(column.id) })}
              isLabelHidden
              isOn={column.hidden !== true}
              onChange={(isOn) => set(replaceItem(columns, index, { ...column, hidden: !isOn }))}
            />
            <span>{titleOf(column.id)}</span>
            <TextInput
              label={t('columns.title', { column: titleOf(column.id) })}
              isLabelHidden
              placeholder={titleOf(column.id)}
              value={column.title ?? ''}
              onChange={(title) => set(replaceItem(columns, index, withTitle(column, title)))}
            />
            <span className={styles.ruleTools}>
              <IconButton
                icon={ArrowUp}
                isSmall
                label={t('settings.up')}
                isDisabled={index === 0}
                onPress={() => set(moveItem(columns, index, index - 1))}
              />
              <IconButton
                icon={ArrowDown}
                isSmall
                label={t('settings.down')}
                isDisabled={index === columns.length - 1}
                onPress={() => set(moveItem(columns, index, index + 1))}
              />
              <IconButton
                icon={Trash2}
                isSmall
                label={t('settings.remove')}
                isDisabled={isBasicColumn(column.id)}
                onPress={() => set(removeItem(columns, index))}
              />
            </span>
          </div>
        ))}
      </div>
      <AddColumn onAdd={(id) => set(withColumn(columns, id))} />
    </>
  );
}

function withTitle({ title: _, ...column }: ColumnSetting, title: string): ColumnSetting {
  return title === '' ? column : { ...column, title };
}

function AddColumn({ onAdd }: { readonly onAdd: (id: string) => void }) {
  const t = useText();
  const catalog = useCatalog();
  const id = useId();
  const [text, setText] = useState('');
  const field = catalog?.get(text.trim());
  const typed = text.trim().toLowerCase();
  const near =
    catalog === null || typed === ''
      ? []
      : catalog.fields
          .filter(({ abbrev, label }) => abbrev.toLowerCase().includes(typed) || label.toLowerCase().includes(typed))
          .slice(0, MOST_SUGGESTIONS);
  const add = (): void => {
    if (field === undefined) return;
    onAdd(field.abbrev);
    setText('');
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    add();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Enter in the field inside
    <div className={styles.row} onKeyDown={onKeyDown}>
      <TextInput
        label={t('columns.field')}
        isMono
        list={id}
        value={text}
        onChange={setText}
        hint={field === undefined ? t('columns.fieldHint') : field.label}
        problem={
          typed !== '' && near.length === 0 && catalog !== null
            ? t('columns.unknown', { name: text.trim() })
            : undefined
        }
      />
      <datalist id={id}>
        {near.map(({ abbrev, label }) => (
          <option key={abbrev} value={abbrev}>
            {label}
          </option>
        ))}
      </datalist>
      <Button icon={Plus} isDisabled={field === undefined} onPress={add}>
        {t('columns.add')}
      </Button>
    </div>
  );
}
