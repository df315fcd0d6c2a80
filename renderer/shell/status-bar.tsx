/** The status bar: how many packets there are, are shown, marked and selected; load time, time zone and language. */

import type { ReactNode } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { formatCount, formatShare } from '../../engine/text/format/count.ts';
import { formatDuration } from '../../engine/text/format/duration.ts';
import { languages } from '../commands/appearance.ts';
import { choiceEntry } from '../commands/menu-entry.ts';
import { timeFormats } from '../commands/time-format.ts';
import { MenuButton } from '../components/menu.tsx';
import { ProgressBar } from '../components/progress-bar.tsx';
import { useLate } from '../components/use-late.ts';
import { timeZoneName } from '../format/time.ts';
import { countRows } from '../state/row-ranges.ts';
import { useApp, useLanguage, useText } from '../state/use-app.ts';
import { useStore } from '../state/use-store.ts';
import { LiveFigures } from './live-figures.tsx';
import { OpeningProgress } from './opening-progress.tsx';
import css from './status-bar.module.css';

export function StatusBar() {
  const app = useApp();
  const t = useText();
  const language = useLanguage();
  const state = useStore(app.session, (session) => session.state);
  const displayed = useStore(app.filter, (filter) => filter.view?.rows ?? 0);
  const selected = useStore(app.selection, (selection) => countRows(selection.ranges));
  const timeFormat = useStore(app.settings, (settings) => settings.timeFormat);
  return (
    <footer className={css.bar}>
      {/* Only the figures are the status: controls inside it would be read out with each change. */}
      <div className={css.figures} role="status" aria-label={t('status.label')}>
        {state !== null && (
          <>
            <Figure name="packets" title={t('status.packets')} value={state.packets} />
            <Figure name="displayed" title={t('status.displayed')} value={displayed}>
              {displayed !== state.packets && ` (${formatShare(displayed, state.packets, language)})`}
            </Figure>
            {/* Room for a live capture's own figures. */}
            {(state.live === null || state.marked > 0) && (
              <Figure name="marked" title={t('status.marked')} value={state.marked} />
            )}
            {selected > 1 && <Figure name="selected" title={t('status.selected')} value={selected} />}
          </>
        )}
      </div>
      <LiveFigures />
      <Progress />
      <div className={css.right}>
        {state !== null && !state.isLoading && state.live === null && (
          <span className={css.plain}>{t('status.loaded', { time: formatDuration(state.loadMs, language) })}</span>
        )}
        <MenuButton
          label={t('status.timeZone')}
          placement="top end"
          groups={() => [{ id: 'all', entries: timeFormats.map((command) => choiceEntry(app, t, command)) }]}
        >
          <AriaButton className={css.choice ?? ''} aria-label={t('status.timeZone')}>
            {timeFormat === 'utc' ? 'UTC' : timeZoneName(new Date())}
          </AriaButton>
        </MenuButton>
        <MenuButton
          label={t('status.language')}
          placement="top end"
          groups={() => [{ id: 'all', entries: languages.map((command) => choiceEntry(app, t, command)) }]}
        >
          <AriaButton className={css.choice ?? ''} aria-label={t('status.language')}>
            {language === 'ja' ? '日本語' : 'English'}
          </AriaButton>
        </MenuButton>
      </div>
    </footer>
  );
}

/** A count with its digits as data, so that tests and scripts read it whatever the language. */
function Figure(props: {
  readonly name: string;
  readonly title: string;
  readonly value: number;
  readonly children?: ReactNode;
}) {
  const language = useLanguage();
  return (
    <span className={css.figure}>
      {props.title}:{' '}
      <span className={css.value} data-count={props.name} data-value={String(props.value)}>
        {formatCount(props.value, language)}
      </span>
      {props.children}
    </span>
  );
}

/** Opening takes longer than this only where something has to be unpacked. */
const OPENING_AFTER_MS = 200;

/** Loading of the file, or the filter or order that is being made; each can be ended. */
function Progress() {
  const app = useApp();
  const t = useText();
  const state = useStore(app.session, (session) => session.state);
  const pending = useStore(app.filter, (filter) => filter.pending);
  const view = useStore(app.filter, (filter) => filter.view);
  const isOpening = useLate(
    useStore(app.session, (session) => (session.opening?.length ?? 0) > 0),
    OPENING_AFTER_MS,
  );
  // Without a capture, the place where it will be says so.
  if (isOpening && state !== null) return <OpeningProgress />;
  if (state?.isLoading === true) {
    const percent = Math.floor(state.progress * 100);
    return (
      <ProgressBar
        label={t('status.loading', { percent })}
        value={state.progress}
        onCancel={() => void app.session.stop().catch(app.report)}
      />
    );
  }
  if (pending !== null && pending.progress > 0) {
    const percent = Math.floor(pending.progress * 100);
    const key = pending.query.sort === null ? 'progress.filtering' : 'progress.sorting';
    return <ProgressBar label={t(key, { percent })} value={pending.progress} onCancel={() => app.filter.cancel()} />;
  }
  if (view !== null && !view.isComplete) {
    const percent = Math.floor(view.progress * 100);
    return <ProgressBar label={t('progress.filtering', { percent })} value={view.progress} />;
  }
  return null;
}
