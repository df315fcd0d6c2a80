/** Export and save as: which packets, in which format; it then runs in the background, with a notice that shows how far. */

import { useState } from 'react';
import type { Input } from '../../engine/contract/api.ts';
import { formatCount } from '../../engine/text/format/count.ts';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { Check, Choice, TextInput } from '../components/form.tsx';
import { rangeTexts } from '../format/range.ts';
import type { App } from '../state/app.ts';
import { errorText } from '../state/error-text.ts';
import { countRows, packRanges } from '../state/row-ranges.ts';
import { useApp, useLanguage, useText } from '../state/use-app.ts';
import { useStore } from '../state/use-store.ts';
import styles from './dialogs.module.css';
import { countNumbers, parseRanges, rowsOf } from './packet-numbers.ts';

const FORMATS = ['pcapng', 'pcap', 'csv', 'json'] as const;
type Format = (typeof FORMATS)[number];

type Which = 'displayed' | 'selected' | 'marked' | 'time' | 'numbers' | 'all';

export function ExportDialog({ onClose }: { readonly onClose: () => void }) {
  const app = useApp();
  const t = useText();
  const language = useLanguage();
  const session = useStore(app.session, ({ state }) => state);
  const view = useStore(app.filter, (state) => state.view);
  const range = useStore(app.filter, (state) => state.range);
  const ranges = useStore(app.selection, (selection) => selection.ranges);
  const isUtc = useStore(app.settings, ({ timeFormat }) => timeFormat === 'utc');
  const [which, setWhich] = useState<Which>('displayed');
  const [format, setFormat] = useState<Format>('pcapng');
  const [numbers, setNumbers] = useState('');
  const [decapsulate, setDecapsulate] = useState(false);
  if (session === null || view === null) return null;

  const count = (value: number): string => formatCount(value, language);
  const named = parseRanges(numbers, session.packets);
  const counts: Readonly<Record<Exclude<Which, 'time'>, number>> = {
    displayed: view.rows,
    selected: countRows(ranges),
    marked: session.marked,
    numbers: named === null ? 0 : countNumbers(named),
    all: session.packets,
  };
  const canStrip = format === 'pcapng' || format === 'pcap';
  const canExport = which === 'time' ? range !== null : counts[which] > 0;
  const option = (value: Exclude<Which, 'time'>) => ({
    value,
    title: t(`export.which.${value}`),
    detail: count(counts[value]),
    isDisabled: counts[value] === 0,
  });

  const run = (): void => {
    onClose();
    const base = { session: session.session, view: view.view, format };
    const { columns } = app.settings.get();
    const shown = columns.filter((column) => column.hidden !== true).map((column) => column.id);
    const withColumns =
      format === 'csv' ? { ...base, columns: shown } : { ...base, decapsulate: decapsulate && canStrip };
    void runExport(app, { ...withColumns, ...rowsFor() }, suggestedName(session.files[0]?.name ?? 'capture', format));
  };

  function rowsFor(): Pick<Input<'export.run'>, 'which' | 'rows' | 'range'> {
    switch (which) {
      case 'time':
        return { which: 'range', range };
      case 'selected':
        return { which: 'selected', rows: { positions: packRanges(ranges) } };
      case 'numbers':
        return { which: 'selected', rows: rowsOf(named ?? []) };
      default:
        return { which };
    }
  }

  return (
    <Dialog
      title={t('export.title')}
      onClose={onClose}
      foot={
        <>
          <span className={styles.note}>
            {which === 'time' || !canExport ? '' : t('export.count', { count: counts[which] })}
          </span>
          <Button onPress={onClose}>{t('action.cancel')}</Button>
          <Button kind="primary" isDisabled={!canExport} onPress={run}>
            {t(app.info.hasDialogs ? 'export.choose' : 'export.download')}
          </Button>
        </>
      }
    >
      <Choice
        label={t('export.which')}
        value={which}
        onChange={setWhich}
        options={[
          option('displayed'),
          option('selected'),
          option('marked'),
          option('all'),
          {
            value: 'time',
            title: t('export.which.time'),
            isDisabled: range === null,
            ...(range === null ? {} : { detail: rangeTexts(range, session, isUtc).join(' – ') }),
          },
          { value: 'numbers', title: t('export.which.numbers') },
        ]}
      />
      {which === 'numbers' && (
        <TextInput
          label={t('export.numbers')}
          value={numbers}
          onChange={setNumbers}
          isMono
          hint={t('export.numbersHint', { last: count(session.packets) })}
          problem={
            numbers.trim() !== '' && named === null
              ? t('export.numbersWrong', { last: count(session.packets) })
              : undefined
          }
        />
      )}
      <Choice
        label={t('export.format')}
        value={format}
        onChange={setFormat}
        options={FORMATS.map((value) => ({ value, title: t(`export.format.${value}`) }))}
      />
      <p className={styles.quiet}>{t(`export.about.${format}`)}</p>
      {canStrip && <Check label={t('export.decapsulate')} isOn={decapsulate} onChange={setDecapsulate} />}
    </Dialog>
  );
}

const ENDINGS = /(\.(pcapng|pcap|cap|ntar|snoop|etl|enc|trc|erf|iptrace|txt|hex|gz|zst|lz4))+$/i;

/** `web-01.pcapng.gz` becomes `web-01-export.csv`. */
export function suggestedName(file: string, format: Format): string {
  return `${file.replace(ENDINGS, '')}-export.${format}`;
}

async function runExport(app: App, input: Omit<Input<'export.run'>, 'path'>, name: string): Promise<void> {
  let path: string | null = null;
  try {
    if (app.info.hasDialogs) {
      const [chosen] = await app.client.request('files.dialog', { kind: 'save', suggestedName: name });
      if (chosen === undefined) return;
      path = chosen;
    }
  } catch (error) {
    app.report(error);
    return;
  }
  const abort = new AbortController();
  const cancel = (): void => abort.abort();
  const text = app.t('export.running', { name: path ?? name });
  const notice = app.notices.show({ tone: 'info', text, progress: 0, cancel });
  try {
    const done = await app.client.request(
      'export.run',
      { ...input, path, suggestedName: name },
      {
        signal: abort.signal,
        onProgress: (at, total) => {
          if (total > 0) app.notices.update(notice, { tone: 'info', text, progress: at / total, cancel });
        },
      },
    );
    if (done.download !== null) download(done.download, name);
    const result = { count: done.packets, name: done.path ?? name };
    app.notices.update(notice, { tone: 'info', text: app.t('export.done', result) });
  } catch (error) {
    const reason = errorText(app.language(), error, 'bare');
    const failed = reason === null ? app.t('export.cancelled') : app.t('export.failed', { reason });
    app.notices.update(notice, { tone: reason === null ? 'info' : 'red', text: failed });
  }
}

/** Hands an address of the host to the browser's downloads; one of another origin is none of ours. */
export function download(address: string, name: string): void {
  const url = new URL(address, window.location.href);
  if (url.origin !== window.location.origin) throw new Error(url.origin);
  const link = document.createElement('a');
  link.href = url.href;
  link.download = name;
  link.click();
}
