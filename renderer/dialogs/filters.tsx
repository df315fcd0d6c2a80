/** Filters that are kept by name, and macros: named, changed, put in order, shared as a file. */

import { ArrowDown, ArrowUp, Download, FolderOpen, Play, Plus, Trash2 } from 'lucide-react';
import { type ReactNode, useRef, useState } from 'react';
import { checkFilter } from '../../engine/filter/language/check.ts';
import { isMacroName } from '../../engine/filter/language/macros.ts';
import { filterProblemText } from '../../engine/text/filter-problem.ts';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { TextInput } from '../components/form.tsx';
import { IconButton } from '../components/icon-button.tsx';
import { useCatalog } from '../state/catalog.ts';
import {
  FILTER_FILE_NAME,
  type FilterSet,
  filterFileText,
  joinFilterSets,
  type Macro,
  type NamedFilter,
  readFilterFile,
} from '../state/filter-file.ts';
import { useApp, useLanguage, useText } from '../state/use-app.ts';
import { useStore } from '../state/use-store.ts';
import styles from './dialogs.module.css';
import { download } from './export.tsx';
import { moveItem, removeItem, replaceItem } from './list-order.ts';

export function Filters({ onClose }: { readonly onClose: () => void }) {
  const app = useApp();
  const t = useText();
  const { favouriteFilters, macros: keptMacros } = useStore(app.settings, (settings) => settings);
  // What is not whole yet stays here; only what can be used is kept.
  const [filters, setFilters] = useState<readonly NamedFilter[]>(favouriteFilters);
  const [macros, setMacros] = useState<readonly Macro[]>(keptMacros);
  const file = useRef<HTMLInputElement>(null);

  const changeFilters = (next: readonly NamedFilter[]): void => {
    setFilters(next);
    app.settings.update({ favouriteFilters: next.filter(({ filter }) => filter.trim() !== '') });
  };
  const changeMacros = (next: readonly Macro[]): void => {
    setMacros(next);
    app.settings.update({ macros: next.filter((macro, index) => isUsable(macro, index, next)) });
  };

  const currentSet = (): FilterSet => {
    const { favouriteFilters: named, macros: kept } = app.settings.get();
    return { filters: named, macros: kept };
  };

  const save = async (): Promise<void> => {
    const text = filterFileText(currentSet());
    let path: string | null = null;
    if (app.info.hasDialogs) {
      const [chosen] = await app.client.request('files.dialog', { kind: 'save', suggestedName: FILTER_FILE_NAME });
      if (chosen === undefined) return;
      path = chosen;
    }
    const done = await app.client.request('filters.export', { path, suggestedName: FILTER_FILE_NAME, text });
    if (done.download !== null) download(done.download, FILTER_FILE_NAME);
    app.notices.show({ tone: 'info', text: t('filters.exported') });
  };
  const read = async (chosen: File): Promise<void> => {
    const added = readFilterFile(await chosen.text());
    if (added === null) {
      app.notices.show({ tone: 'red', text: t('filters.notAFile', { file: chosen.name }) });
      return;
    }
    const joined = joinFilterSets(currentSet(), added);
    changeFilters(joined.filters);
    changeMacros(joined.macros);
    app.notices.show({
      tone: 'info',
      text: t('filters.imported', { file: chosen.name, filters: added.filters.length, macros: added.macros.length }),
    });
  };

  return (
    <Dialog
      title={t('filters.title')}
      size="large"
      onClose={onClose}
      foot={
        <>
          <input
            ref={file}
            type="file"
            accept=".json,application/json"
            hidden
            onChange={({ target }) => {
              const [chosen] = target.files ?? [];
              target.value = '';
              if (chosen !== undefined) read(chosen).catch(app.report);
            }}
          />
          <Button icon={FolderOpen} onPress={() => file.current?.click()}>
            {t('filters.import')}
          </Button>
          <Button icon={Download} onPress={() => void save().catch(app.report)}>
            {t('filters.export')}
          </Button>
          <span className={styles.note} />
          <Button kind="primary" onPress={onClose}>
            {t('action.close')}
          </Button>
        </>
      }
    >
      <Section
        title={t('filters.named')}
        note={t(filters.length === 0 ? 'filters.none' : 'filters.namedNote')}
        add={t('filters.add')}
        onAdd={() => setFilters([...filters, { name: '', filter: '' }])}
      >
        {filters.map((one, index) => (
          <Row
            // biome-ignore lint/suspicious/noArrayIndexKey: filters have no identity but their place
            key={index}
            list={filters}
            index={index}
            onChange={changeFilters}
            name={one.name}
            text={one.filter}
            labels={[t('filters.name'), t('filters.filter')]}
            problem={{ name: undefined, text: undefined }}
            onName={(name) => changeFilters(replaceItem(filters, index, { ...one, name }))}
            onText={(filter) => changeFilters(replaceItem(filters, index, { ...one, filter }))}
            onApply={() => {
              onClose();
              void app.navigate({ filter: one.filter });
            }}
          />
        ))}
      </Section>
      <Section
        title={t('filters.macros')}
        note={t('filters.macrosNote', { open: '${', close: '}' })}
        add={t('filters.addMacro')}
        onAdd={() => setMacros([...macros, { name: '', text: '' }])}
      >
        {macros.map((one, index) => (
          <Row
            // biome-ignore lint/suspicious/noArrayIndexKey: a macro that is being named has no identity yet
            key={index}
            list={macros}
            index={index}
            onChange={changeMacros}
            name={one.name}
            text={one.text}
            labels={[t('filters.name'), t('filters.text')]}
            problem={{
              name: !isMacroName(one.name)
                ? t('filters.badName')
                : isFirst(one, index, macros)
                  ? undefined
                  : t('filters.sameName'),
              text: one.text.trim() === '' ? t('filters.empty') : undefined,
            }}
            onName={(name) => changeMacros(replaceItem(macros, index, { ...one, name: name.trim() }))}
            onText={(text) => changeMacros(replaceItem(macros, index, { ...one, text }))}
          />
        ))}
      </Section>
    </Dialog>
  );
}

function isFirst(macro: Macro, index: number, all: readonly Macro[]): boolean {
  return all.findIndex(({ name }) => name === macro.name) === index;
}

function isUsable(macro: Macro, index: number, all: readonly Macro[]): boolean {
  return isMacroName(macro.name) && macro.text.trim() !== '' && isFirst(macro, index, all);
}

interface SectionProps {
  readonly title: string;
  readonly note: string;
  readonly add: string;
  readonly onAdd: () => void;
  readonly children: readonly ReactNode[];
}

function Section({ title, note, add, onAdd, children }: SectionProps) {
  return (
    <section className={styles.form}>
      <h3 className={styles.sectionTitle}>{title}</h3>
      <p className={styles.quiet}>{note}</p>
      {children.length > 0 && (
        <div className={styles.rules} role="list" aria-label={title}>
          {children}
        </div>
      )}
      <div>
        <Button icon={Plus} onPress={onAdd}>
          {add}
        </Button>
      </div>
    </section>
  );
}

interface RowProps<One> {
  readonly list: readonly One[];
  readonly index: number;
  readonly onChange: (next: readonly One[]) => void;
  readonly name: string;
  readonly text: string;
  readonly labels: readonly [name: string, text: string];
  readonly problem: { readonly name: string | undefined; readonly text: string | undefined };
  readonly onName: (name: string) => void;
  readonly onText: (text: string) => void;
  readonly onApply?: () => void;
}

function Row<One>({ list, index, onChange, name, text, labels, problem, onName, onText, onApply }: RowProps<One>) {
  const t = useText();
  const language = useLanguage();
  const app = useApp();
  const catalog = useCatalog();
  const macros = useStore(app.settings, (settings) => settings.macros);
  // A macro may be any piece of a filter: only whole filters can be checked.
  const checked =
    onApply === undefined || catalog === null || text.trim() === '' ? null : checkFilter(text, catalog, { macros });
  const wrong = checked === null || checked.ok ? undefined : filterProblemText(language, checked.error).message;
  return (
    <div role="listitem" className={`${styles.rule} ${styles.filterRule}`}>
      <TextInput
        label={labels[0]}
        isLabelHidden
        isMono={onApply === undefined}
        placeholder={labels[0]}
        value={name}
        problem={problem.name}
        onChange={onName}
      />
      <TextInput
        label={labels[1]}
        isLabelHidden
        isMono
        placeholder={labels[1]}
        value={text}
        problem={problem.text ?? wrong}
        onChange={onText}
      />
      <span className={styles.ruleTools}>
        {onApply !== undefined && (
          <IconButton
            icon={Play}
            isSmall
            label={t('filters.apply')}
            isDisabled={text.trim() === ''}
            onPress={onApply}
          />
        )}
        <IconButton
          icon={ArrowUp}
          isSmall
          label={t('settings.up')}
          isDisabled={index === 0}
          onPress={() => onChange(moveItem(list, index, index - 1))}
        />
        <IconButton
          icon={ArrowDown}
          isSmall
          label={t('settings.down')}
          isDisabled={index === list.length - 1}
          onPress={() => onChange(moveItem(list, index, index + 1))}
        />
        <IconButton
          icon={Trash2}
          isSmall
          label={t('settings.remove')}
          onPress={() => onChange(removeItem(list, index))}
        />
      </span>
    </div>
  );
}
