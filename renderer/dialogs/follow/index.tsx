/** "Follow stream": what two hosts said to each other, in order; a window beside the list, in which a click selects packets. */

import { ChevronDown, ChevronUp, Filter, Save, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { FollowMatch, FollowSummary, FollowTarget } from '../../../engine/contract/follow.ts';
import { formatBytes } from '../../../engine/text/format/bytes.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Select, TextInput } from '../../components/form.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { MenuButton, type MenuEntry } from '../../components/menu.tsx';
import { ProgressBar } from '../../components/progress-bar.tsx';
import { useQuery } from '../../rpc/use-query.ts';
import { errorText } from '../../state/error-text.ts';
import { useApp, useLanguage, useText } from '../../state/use-app.ts';
import { useStore } from '../../state/use-store.ts';
import { saveFile } from '../save-file.ts';
import styles from './follow.module.css';
import { FollowLinesList } from './lines.tsx';
import { useSearch } from './use-search.ts';

export type Mode = 'text' | 'hex' | 'raw';
export type Side = 'both' | 0 | 1;

const MODES: readonly Mode[] = ['text', 'hex', 'raw'];
const SAVES = ['raw', 'text', 'hex', 'json'] as const;

/** `argument`: the kind of stream to show first; '' for the innermost. */
export function Follow({ argument, onClose }: { readonly argument: string; readonly onClose: () => void }) {
  const app = useApp();
  const t = useText();
  const session = useStore(app.session, ({ state }) => state?.session ?? -1);
  const [row] = useState(() => app.selection.get().row);
  const targets = useQuery('follow.targets', session < 0 || row < 0 ? null : { session, row });
  const [chosen, setChosen] = useState<FollowTarget | null>(null);
  const window = useRef<HTMLElement>(null);
  useEffect(() => window.current?.focus(), []);

  const first = targets.value?.find(({ kind }) => kind === argument) ?? targets.value?.at(-1) ?? null;
  const target = chosen ?? first;
  return (
    // biome-ignore lint/a11y/noNoninteractiveElementInteractions: Escape closes a dialog wherever the focus is in it
    <section
      ref={window}
      role="dialog"
      aria-label={t('command.follow')}
      tabIndex={-1}
      className={styles.window}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        event.stopPropagation();
        onClose();
      }}
    >
      {target === null ? (
        <>
          <header className={styles.head}>
            <h2>{t('command.follow')}</h2>
            <IconButton icon={X} label={t('action.close')} isSmall onPress={onClose} />
          </header>
          {targets.isLoading ? null : <EmptyState text={t('follow.none')} />}
        </>
      ) : (
        <Stream
          key={`${target.kind} ${target.stream} ${target.sub}`}
          session={session}
          row={row}
          target={target}
          targets={targets.value ?? []}
          onTarget={setChosen}
          onClose={onClose}
        />
      )}
    </section>
  );
}

interface StreamProps {
  readonly session: number;
  /** The packet it was opened from. */
  readonly row: number;
  readonly target: FollowTarget;
  readonly targets: readonly FollowTarget[];
  readonly onTarget: (target: FollowTarget) => void;
  readonly onClose: () => void;
}

function Stream({ session, row, target, targets, onTarget, onClose }: StreamProps) {
  const app = useApp();
  const t = useText();
  const language = useLanguage();
  const { kind, stream, sub } = target;
  const [mode, setMode] = useState<Mode>('text');
  const [side, setSide] = useState<Side>('both');
  const asked = { session, kind, stream, sub };
  const summary = useQuery('follow.open', asked);
  const lines = useQuery(
    'follow.lines',
    summary.value === undefined ? null : { ...asked, mode, side, first: 0, count: 0 },
  );
  const start = useQuery('follow.lineOf', lines.value === undefined ? null : { ...asked, mode, side, row });
  const search = useSearch({ ...asked, mode, side });
  const problem = errorText(language, summary.error ?? lines.error, 'bare');
  const total = lines.value?.total ?? 0;
  const ends = summary.value?.ends;
  const isBusy = (summary.isLoading || lines.isLoading) && lines.value === undefined;

  return (
    <>
      <header className={styles.head}>
        <h2>{t('follow.title', { kind: t(`follow.kind.${kind}`), stream })}</h2>
        {ends !== undefined && <Legend ends={ends} />}
        <IconButton icon={X} label={t('action.close')} isSmall onPress={onClose} />
      </header>
      <div className={styles.tools}>
        <Select
          label={t('follow.kindOf')}
          isLabelHidden
          value={kind}
          onChange={(next) => {
            const other = targets.find((one) => one.kind === next);
            if (other !== undefined) onTarget(other);
          }}
          options={targets.map((one) => ({ value: one.kind, title: t(`follow.kind.${one.kind}`) }))}
        />
        {(summary.value?.subs.length ?? 0) > 0 && (
          <Select
            label={t('follow.sub')}
            isLabelHidden
            value={String(sub)}
            onChange={(next) => onTarget({ kind, stream, sub: Number(next) })}
            options={(summary.value?.subs ?? []).map((number) => ({
              value: String(number),
              title: t('follow.subNumber', { number }),
            }))}
          />
        )}
        <Select
          label={t('follow.mode')}
          isLabelHidden
          value={mode}
          onChange={setMode}
          options={MODES.map((value) => ({ value, title: t(`follow.mode.${value}`) }))}
        />
        <Select
          label={t('follow.side')}
          isLabelHidden
          value={String(side)}
          onChange={(next) => setSide(next === '0' ? 0 : next === '1' ? 1 : 'both')}
          options={[
            { value: 'both', title: t('follow.side.both') },
            { value: '0', title: t('follow.side.one', { from: t('follow.first'), to: t('follow.second') }) },
            { value: '1', title: t('follow.side.one', { from: t('follow.second'), to: t('follow.first') }) },
          ]}
        />
        <SearchBox search={search} />
        <span className={styles.gap} />
        <IconButton
          icon={Filter}
          label={t('follow.filter')}
          isSmall
          isDisabled={summary.value === undefined}
          onPress={() => void app.navigate({ panel: 'packets', filter: summary.value?.filter ?? '' })}
        />
        <MenuButton
          label={t('follow.save')}
          groups={() => [{ id: 'save', entries: SAVES.map((format) => saveEntry(format)) }]}
        >
          <Button icon={Save} isDisabled={total === 0}>
            {t('follow.save')}
          </Button>
        </MenuButton>
      </div>
      {problem !== null && (summary.error !== undefined || lines.error !== undefined) && (
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
      {isBusy && <ProgressBar label={t('follow.loading')} value={summary.progress > 0 ? summary.progress : null} />}
      {!isBusy && lines.value !== undefined && total === 0 && (
        <EmptyState text={t(kind === 'tls' ? 'follow.noSecrets' : 'follow.empty')} />
      )}
      {total > 0 && start.value !== undefined && (
        <FollowLinesList
          key={`${mode} ${side}`}
          total={total}
          start={start.value}
          match={search.match}
          searched={search.shown}
          fetch={async (first, count) => {
            const page = await app.client.request('follow.lines', { ...asked, mode, side, first, count });
            return page.texts.map((text, i) => ({
              text,
              row: page.rows[i] ?? 0,
              bits: page.bits[i] ?? 0,
              length: page.lengths[i] ?? 0,
            }));
          }}
          onPacket={(packet) => void app.goToPacket(packet)}
        />
      )}
      <footer className={styles.foot}>
        {summary.value === undefined ? '' : t('follow.turns', { count: summary.value.turns })}
      </footer>
    </>
  );

  function saveEntry(format: (typeof SAVES)[number]): MenuEntry {
    return {
      id: format,
      title: t(`follow.saveAs.${format}`),
      run: () => {
        const ending = format === 'raw' ? 'bin' : format === 'json' ? 'json' : 'txt';
        const name = `${t('follow.fileName', { kind, stream: String(stream) })}.${ending}`;
        const input = { ...asked, side, format, missing: t('follow.missingPlain', { bytes: '{bytes}' }) };
        void saveFile(app, 'follow.save', input, name);
      },
    };
  }
}

function Legend({ ends }: { readonly ends: FollowSummary['ends'] }) {
  const t = useText();
  const language = useLanguage();
  return (
    <ul className={styles.legend}>
      {ends.map((end, i) => (
        <li key={end.name} data-reverse={i === 1 || undefined}>
          <b>{t(i === 0 ? 'follow.first' : 'follow.second')}</b>{' '}
          {t('follow.legend', {
            name: end.name,
            size: formatBytes(end.bytes, language),
            packets: t('follow.packets', { count: end.packets }),
          })}
          {end.missing > 0 && <em> {t('follow.missing', { count: end.missing })}</em>}
        </li>
      ))}
    </ul>
  );
}

function SearchBox({ search }: { readonly search: ReturnType<typeof useSearch> }) {
  const t = useText();
  const { match, what } = search;
  return (
    <search
      className={styles.search}
      onKeyDown={(event) => {
        if (event.key !== 'Enter') return;
        event.preventDefault();
        search.move(event.shiftKey ? -1 : 1);
      }}
    >
      <TextInput
        label={t('follow.search')}
        isLabelHidden
        placeholder={t('follow.search')}
        value={search.text}
        onChange={search.setText}
        isMono={what === 'hex'}
        problem={search.isWrong ? t('follow.badHex') : undefined}
      />
      <Select
        label={t('follow.searchKind')}
        isLabelHidden
        value={what}
        onChange={search.setWhat}
        options={(['text', 'hex'] as const).map((value) => ({ value, title: t(`follow.searchKind.${value}`) }))}
      />
      <IconButton icon={ChevronUp} label={t('follow.previous')} isSmall onPress={() => search.move(-1)} />
      <IconButton icon={ChevronDown} label={t('follow.next')} isSmall onPress={() => search.move(1)} />
      <output className={styles.found}>{foundText(t, match, search.isDone)}</output>
    </search>
  );
}

function foundText(t: ReturnType<typeof useText>, match: FollowMatch | null, isDone: boolean): string {
  if (match === null) return isDone ? t('follow.noMatch') : '';
  const { index, count, isCut } = match;
  return t(isCut ? 'follow.matchCut' : 'follow.match', { index: index + 1, count });
}
