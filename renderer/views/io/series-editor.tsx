/** The list of series under the graph: filter, what is counted, field and look of each; kept as soon as it is whole. */

import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { IO_VALUES, type IoSeries, needsField, readIoSeries } from '../../../engine/contract/io-series.ts';
import { Button } from '../../components/button.tsx';
import { Select, TextInput } from '../../components/form.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { useText } from '../../state/use-app.ts';
import styles from './io.module.css';

const DRAWINGS = ['line', 'bar', 'area', 'points'] as const;

interface SeriesEditorProps {
  /** The series in JSON, as the panel has them. */
  readonly text: string;
  readonly onChange: (text: string) => void;
}

export function SeriesEditor({ text, onChange }: SeriesEditorProps) {
  const t = useText();
  const [draft, setDraft] = useState<readonly IoSeries[] | null>(null);
  const series = draft ?? readIoSeries(text) ?? [];

  const edit = (next: readonly IoSeries[]): void => setDraft(next);
  const change = (index: number, part: Partial<IoSeries>): void =>
    edit(series.map((one, i) => (i === index ? { ...one, ...part } : one)));
  const apply = (next: readonly IoSeries[] = series): void => {
    setDraft(null);
    onChange(JSON.stringify(next));
  };
  const isWhole = series.every(({ value, field }) => !needsField(value) || field.trim() !== '');

  return (
    <form
      className={styles.editor}
      aria-label={t('io.series')}
      onSubmit={(event) => {
        event.preventDefault();
        if (isWhole) apply();
      }}
    >
      {series.map((one, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a series is its place in the list
        <div key={index} className={styles.row}>
          <div>
            <TextInput
              label={t('io.filter')}
              isLabelHidden
              isMono
              placeholder={t('io.filterHint')}
              value={one.filter}
              onChange={(filter) => change(index, { filter })}
            />
          </div>
          <Select
            label={t('io.value')}
            isLabelHidden
            value={one.value}
            options={IO_VALUES.map((value) => ({ value, title: t(`series.io.${value}`) }))}
            onChange={(value) => change(index, { value })}
          />
          <div>
            {needsField(one.value) && (
              <TextInput
                label={t('io.field')}
                isLabelHidden
                isMono
                placeholder={t('io.field')}
                value={one.field}
                onChange={(field) => change(index, { field })}
              />
            )}
          </div>
          <Select
            label={t('io.draw')}
            isLabelHidden
            value={one.draw}
            options={DRAWINGS.map((value) => ({ value, title: t(`io.draw.${value}`) }))}
            onChange={(draw) => change(index, { draw })}
          />
          <IconButton
            icon={Trash2}
            label={t('io.remove')}
            isSmall
            onPress={() => apply(series.filter((_, i) => i !== index))}
          />
        </div>
      ))}
      <div className={styles.foot}>
        <Button
          icon={Plus}
          kind="quiet"
          onPress={() => edit([...series, { filter: '', value: 'packets', field: '', draw: 'line' }])}
        >
          {t('io.add')}
        </Button>
        <Button type="submit" kind="primary" isDisabled={draft === null || !isWhole}>
          {t('io.apply')}
        </Button>
      </div>
    </form>
  );
}
