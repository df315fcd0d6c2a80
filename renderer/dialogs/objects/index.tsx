/** "Export objects": the files that the capture carried; save one, several or all of them. */

import { useMemo, useState } from 'react';
import { type CarriedObject, OBJECT_KINDS, type ObjectKind } from '../../../engine/contract/follow.ts';
import { completeness } from '../../../engine/text/completeness.ts';
import { formatBytes } from '../../../engine/text/format/bytes.ts';
import { formatCount } from '../../../engine/text/format/count.ts';
import { Button } from '../../components/button.tsx';
import { DataGrid, type GridColumn, type SelectMode } from '../../components/data-grid.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Select, TextInput } from '../../components/form.tsx';
import { ProgressBar } from '../../components/progress-bar.tsx';
import { useQuery } from '../../rpc/use-query.ts';
import { errorText } from '../../state/error-text.ts';
import { useApp, useLanguage, useText } from '../../state/use-app.ts';
import { useStore } from '../../state/use-store.ts';
import { saveFile } from '../save-file.ts';
import { type ListedObject, listObjects, type ObjectSort } from './list-objects.ts';
import styles from './objects.module.css';

export function Objects({ onClose }: { readonly onClose: () => void }) {
  const app = useApp();
  const t = useText();
  const language = useLanguage();
  const session = useStore(app.session, ({ state }) => state);
  const { value, error, isLoading, progress } = useQuery(
    'objects.list',
    session === null || session.isLoading ? null : { session: session.session },
  );
  const [kind, setKind] = useState<ObjectKind | 'all'>('all');
  const [text, setText] = useState('');
  const [sort, setSort] = useState<ObjectSort>({ column: 'packet', descending: false });
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set());
  const [current, setCurrent] = useState(-1);
  const [anchor, setAnchor] = useState(0);
  const shown = useMemo(() => listObjects(value ?? [], kind, text, sort), [value, kind, text, sort]);
  const columns = useMemo(() => makeColumns(t, language), [t, language]);
  if (session === null) return null;

  const chosen = shown.filter(({ index }) => selected.has(index));
  const size = chosen.reduce((sum, { object }) => sum + object.size, 0);
  const save = (objects: readonly ListedObject[]): void => {
    const [only] = objects;
    if (only === undefined) return;
    const name =
      objects.length === 1
        ? only.object.name || `${only.object.kind}-${only.object.row + 1}`
        : t('objects.archive', { name: (session.files[0]?.name ?? 'capture').replace(/\.[^.]*$/, '') });
    const input = { session: session.session, objects: objects.map(({ index }) => index) };
    void saveFile(app, 'objects.save', input, name);
  };
  const select = (position: number, mode: SelectMode): void => {
    const index = shown[position]?.index ?? -1;
    setCurrent(position);
    if (mode === 'only') setSelected(new Set([index]));
    else if (mode === 'toggle') {
      const next = new Set(selected);
      if (!next.delete(index)) next.add(index);
      setSelected(next);
    } else {
      const [from, to] = [Math.min(anchor, position), Math.max(anchor, position)];
      setSelected(new Set(shown.slice(from, to + 1).map((one) => one.index)));
    }
    if (mode !== 'extend') setAnchor(position);
  };
  const goTo = (position: number): void => {
    const one = shown[position];
    if (one === undefined) return;
    onClose();
    void app.goToPacket(one.object.row);
  };
  const reason = error === undefined ? null : errorText(language, error, 'bare');

  return (
    <Dialog
      title={t('objects.title')}
      size="large"
      onClose={onClose}
      foot={
        <>
          <span className={styles.note}>
            {chosen.length > 0
              ? t('objects.chosen', { count: chosen.length, size: formatBytes(size, language) })
              : t('objects.count', { count: shown.length })}
          </span>
          <Button isDisabled={current < 0 || chosen.length !== 1} onPress={() => goTo(current)}>
            {t('objects.goTo')}
          </Button>
          <Button isDisabled={shown.length === 0} onPress={() => save(shown)}>
            {t('objects.saveAll')}
          </Button>
          <Button kind="primary" isDisabled={chosen.length === 0} onPress={() => save(chosen)}>
            {t(chosen.length > 1 ? 'objects.saveSelected' : 'objects.saveOne')}
          </Button>
        </>
      }
    >
      <div className={styles.tools}>
        <Select
          label={t('objects.kind')}
          isLabelHidden
          value={kind}
          onChange={setKind}
          options={(['all', ...OBJECT_KINDS] as const).map((one) => ({ value: one, title: t(`objects.kind.${one}`) }))}
        />
        <TextInput
          label={t('objects.search')}
          isLabelHidden
          placeholder={t('objects.search')}
          value={text}
          onChange={setText}
        />
      </div>
      {reason !== null && <p role="alert">{reason}</p>}
      {isLoading && <ProgressBar label={t('objects.loading')} value={progress > 0 ? progress : null} />}
      {value !== undefined && value.length === 0 && <EmptyState text={t('objects.none')} />}
      {value !== undefined && value.length > 0 && shown.length === 0 && (
        <EmptyState
          text={t('objects.noneShown')}
          action={{
            title: t('objects.showAll'),
            run: () => {
              setKind('all');
              setText('');
            },
          }}
        />
      )}
      {shown.length > 0 && (
        <div className={styles.list}>
          <DataGrid<ListedObject>
            label={t('objects.title')}
            list={JSON.stringify([kind, text, sort])}
            revision={selected.size}
            columns={columns}
            sort={sort}
            total={shown.length}
            rowHeight={23}
            current={current}
            currentColumn=""
            isSelected={(position) => selected.has(shown[position]?.index ?? -1)}
            rowClass={() => ''}
            fetch={(first, count) => Promise.resolve(shown.slice(first, first + count))}
            onSelect={select}
            onSelectAll={() => setSelected(new Set(shown.map(({ index }) => index)))}
            onColumn={ignore}
            onActivate={goTo}
            onSort={(column) =>
              setSort((before) => ({
                column: column as ObjectSort['column'],
                descending: before.column === column && !before.descending,
              }))
            }
            onColumns={ignore}
            onCellMenu={ignore}
            onCopy={ignore}
            onHeaderMenu={ignore}
            onCurrentRow={ignore}
            onError={app.report}
          />
        </div>
      )}
    </Dialog>
  );
}

function makeColumns(t: ReturnType<typeof useText>, language: string): readonly GridColumn<ListedObject>[] {
  const column = (
    id: ObjectSort['column'],
    width: number | null,
    isNumber: boolean,
    textOf: (object: CarriedObject) => string,
  ): GridColumn<ListedObject> => ({
    id,
    title: t(`objects.column.${id}`),
    width,
    minWidth: 56,
    isNumber,
    isQuiet: false,
    text: ({ object }) => textOf(object),
  });
  return [
    column('packet', 76, true, ({ row }) => formatCount(row + 1, language)),
    column('kind', 78, false, (object) => t(`objects.kind.${object.kind}`)),
    column('host', 170, false, ({ host }) => host),
    column('type', 130, false, ({ type }) => type),
    column('name', null, false, ({ name }) => name),
    column('size', 84, true, ({ size: bytes }) => formatBytes(bytes, language)),
    column('state', 140, false, (object) => completeness(t, language, object)),
  ];
}

function ignore(): void {
  // The list has no such thing: its columns are fixed, and its rows have no menu.
}
