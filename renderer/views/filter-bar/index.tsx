/** The filter bar, the same over every panel: the display filter, what is wrong with it, the time range, what is shown. */

import { Clock, CornerDownLeft, Filter, History, ListFilter, Star, Trash2, X } from 'lucide-react';
import { useEffect, useEffectEvent, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { filterParts, withoutParts } from '../../../engine/filter/language/parts.ts';
import { filterProblemText } from '../../../engine/text/filter-problem.ts';
import { formatCount } from '../../../engine/text/format/count.ts';
import { formatDuration } from '../../../engine/text/format/duration.ts';
import { translateUnchecked } from '../../../engine/text/index.ts';
import { IconButton } from '../../components/icon-button.tsx';
import { ContextMenu, type MenuGroup } from '../../components/menu.tsx';
import type { MenuPlace } from '../../components/menu-place.ts';
import { useLate } from '../../components/use-late.ts';
import { rangeTexts } from '../../format/range.ts';
import { useCatalog } from '../../state/catalog.ts';
import { registerFocusPlace } from '../../state/focus-places.ts';
import { useApp, useLanguage, useText } from '../../state/use-app.ts';
import { useStore } from '../../state/use-store.ts';
import { AppearancesPill } from './appearances-pill.tsx';
import { checkDraft, type DraftState, fixedText } from './check-draft.ts';
import { type FilterEditor, makeFilterEditor } from './editor.ts';
import styles from './filter-bar.module.css';
import { remember, type Walk, walkHistory } from './filter-history.ts';
import { PartsRow } from './parts-row.tsx';
import { makeValueLists, type OfferedValue, type OfferedValues } from './value-options.ts';

/** A wrong filter is said in words when typing pauses, not at every key. */
const SAY_AFTER_MS = 500;

/** Work is shown when it takes longer than this. */
const BUSY_AFTER_MS = 200;

export function FilterBar() {
  const app = useApp();
  const applied = useStore(app.filter, (state) => state.filter);
  const isPending = useStore(app.filter, (state) => state.pending !== null);

  // Every filter that was applied, from wherever, is remembered.
  useEffect(() => {
    const { filterHistory } = app.settings.get();
    const next = remember(filterHistory, applied);
    if (next !== filterHistory) app.settings.update({ filterHistory: [...next] });
  }, [app, applied]);

  return (
    <div className={styles.frame} data-pane="filter">
      <div className={styles.bar}>
        <Field isBusy={useLate(isPending, BUSY_AFTER_MS)} />
        <AppearancesPill />
        <RangePill />
        <ShownPill />
      </div>
      <PartsRow />
    </div>
  );
}

type Tone = 'plain' | 'on' | 'good' | 'warning' | 'wrong';

function Field({ isBusy }: { readonly isBusy: boolean }) {
  const app = useApp();
  const t = useText();
  const language = useLanguage();
  const catalog = useCatalog();
  const draft = useStore(app.filter, (state) => state.draft);
  const applied = useStore(app.filter, (state) => state.filter);
  const full = useStore(app.filter, (state) => state.full);
  const switchedOff = useStore(app.filter, (state) => state.switchedOff);
  const macros = useStore(app.settings, (settings) => settings.macros);
  const refused = useStore(app.filter, (state) => state.problem);
  const progress = useStore(app.filter, (state) => state.pending?.progress ?? 0);
  const favourites = useStore(app.settings, (settings) => settings.favouriteFilters);
  const box = useRef<HTMLDivElement>(null);
  const place = useRef<HTMLDivElement>(null);
  const [editor, setEditor] = useState<FilterEditor | null>(null);
  const [isFocused, setFocused] = useState(false);
  const [isCompleting, setCompleting] = useState(false);
  const [isQuiet, setQuiet] = useState(false);
  const [menu, setMenu] = useState<MenuPlace | null>(null);
  const walk = useRef<Walk>({ at: -1, typed: '' });

  const state = useMemo(() => checkDraft(draft, catalog, macros), [draft, catalog, macros]);
  const isApplied = draft.trim() === full;
  // The host has the last word: what it has taken is not wrong.
  const problem = refused ?? (state.kind === 'wrong' && !isApplied ? state.error : null);
  const tone = toneOf(state, refused !== null, isApplied, applied !== '');

  const apply = (text: string): void => {
    walk.current = { at: -1, typed: '' };
    setQuiet(false);
    // Parts that are off stay off while others are changed.
    const filter = withoutParts(text, switchedOff);
    void app.navigate(filter === text ? { filter } : { filter, parts: { full: text, switchedOff } });
  };
  const restore = useEffectEvent((): boolean => {
    walk.current = { at: -1, typed: '' };
    if (draft === full) return false;
    app.filter.setDraft(full);
    return true;
  });
  const goThroughHistory = useEffectEvent((step: 1 | -1): boolean => {
    const from = walk.current.at === -1 ? { at: -1, typed: draft } : walk.current;
    const next = walkHistory(app.settings.get().filterHistory, from, step);
    if (next === null) return true;
    walk.current = next.walk;
    app.filter.setDraft(next.text);
    return true;
  });
  const listHistory = (): void => {
    const edges = box.current?.getBoundingClientRect();
    if (edges !== undefined) setMenu({ x: edges.left, y: edges.bottom + 2 });
  };
  const applyText = useEffectEvent((text: string) => apply(text));
  const openHistory = useEffectEvent(() => listHistory());
  const change = useEffectEvent((text: string): void => {
    if (text !== app.filter.get().draft) {
      walk.current = { at: -1, typed: '' };
      setQuiet(true);
      app.filter.setDraft(text);
    }
  });
  const readCatalog = useEffectEvent(() => catalog);
  const lists = useMemo(() => makeValueLists(app.client), [app]);
  const valuesOf = useEffectEvent((field: string): Promise<OfferedValues | null> => {
    const { state: session } = app.session.get();
    if (session === null) return Promise.resolve(null);
    return lists.of(field, session.session, `${session.revision} ${session.packets}`);
  });
  const valueDetail = useEffectEvent(({ name, count }: OfferedValue, isLeast: boolean): string => {
    const packets = t(isLeast ? 'filterBar.valueAtLeast' : 'filterBar.valueCount', {
      count: formatCount(count, language),
    });
    return name === '' ? packets : `${name} · ${packets}`;
  });
  const groupTitle = useEffectEvent((group: 'capture' | 'language') =>
    t(group === 'capture' ? 'filterBar.inCapture' : 'filterBar.inLanguage'),
  );
  const detailOf = useEffectEvent(
    ({ detail, kind, typeKey }: { kind: string; detail: string; typeKey: string | undefined }): string => {
      const type = typeKey === undefined ? undefined : translateUnchecked(language, typeKey);
      if (kind === 'protocol') return detail === '' ? t('filterBar.protocol') : detail;
      return [detail, type].filter((part) => part !== undefined && part !== '').join(' · ');
    },
  );

  useEffect(() => {
    if (place.current === null) return;
    const made = makeFilterEditor(place.current, app.filter.get().draft, {
      catalog: () => readCatalog(),
      onChange: (text) => change(text),
      onApply: (text) => applyText(text),
      onRestore: () => restore(),
      onHistory: (step) => goThroughHistory(step),
      onHistoryList: () => openHistory(),
      onFocus: setFocused,
      onCompletion: setCompleting,
      detailOf: (option) => detailOf(option),
      valuesOf: (field) => valuesOf(field),
      valueDetail: (value, isLeast) => valueDetail(value, isLeast),
      groupTitle: (group) => groupTitle(group),
    });
    setEditor(made);
    const unregister = registerFocusPlace('filter', () => {
      made.view.focus();
      const { length } = made.view.state.doc;
      made.view.dispatch({ selection: { anchor: 0, head: length } });
    });
    return () => {
      unregister();
      made.destroy();
      setEditor(null);
    };
  }, [app]);

  useEffect(() => editor?.setText(draft), [editor, draft]);
  useEffect(() => editor?.setWords(t('filterBar.label'), t('filterBar.placeholder')), [editor, t]);
  useEffect(() => {
    if (catalog !== null) editor?.recolour();
  }, [editor, catalog]);
  useEffect(() => editor?.markProblem(problem), [editor, problem]);
  useEffect(() => {
    const parts = isApplied && switchedOff.length > 0 ? filterParts(draft)?.parts : undefined;
    editor?.markOff((parts ?? []).filter((part) => switchedOff.includes(part.text)));
  }, [editor, draft, isApplied, switchedOff]);
  useEffect(() => {
    if (!isQuiet) return;
    const timer = setTimeout(() => setQuiet(false), SAY_AFTER_MS);
    return () => clearTimeout(timer);
  }, [isQuiet, draft]);

  const favourite = favourites.find((one) => one.filter === draft.trim());
  const toggleFavourite = (): void => {
    const filter = draft.trim();
    app.settings.update({
      favouriteFilters:
        favourite === undefined
          ? [...favourites, { name: '', filter }]
          : favourites.filter((one) => one.filter !== filter),
    });
  };
  const clear = (): void => {
    void app.navigate({ filter: '' });
    editor?.view.focus();
  };
  const showsMessage = problem !== null && !isCompleting && !isQuiet && (isFocused || refused !== null);
  return (
    <div ref={box} className={styles.box} data-tone={tone} data-focused={isFocused || undefined}>
      <AriaButton className={styles.lead ?? ''} aria-label={t('filterBar.history')} onPress={listHistory}>
        <Filter aria-hidden />
      </AriaButton>
      <div ref={place} className={styles.editor} />
      {draft !== '' && (
        <span className={styles.tools}>
          {!isApplied && (
            <IconButton
              isSmall
              icon={CornerDownLeft}
              label={t('filterBar.apply')}
              shortcut="Enter"
              onPress={() => apply(draft)}
            />
          )}
          <IconButton
            isSmall
            icon={Star}
            isOn={favourite !== undefined}
            label={favourite === undefined ? t('filterBar.addFavourite') : t('filterBar.removeFavourite')}
            isDisabled={draft.trim() === ''}
            onPress={toggleFavourite}
          />
          <IconButton isSmall icon={X} label={t('filterBar.clear')} onPress={clear} />
        </span>
      )}
      {isBusy && (
        <span
          className={styles.progress}
          role="progressbar"
          aria-label={t('filterBar.busy')}
          aria-valuenow={Math.round(progress * 100)}
        >
          <span style={{ transform: `scaleX(${Math.max(0.03, progress)})` }} />
        </span>
      )}
      {showsMessage && editor !== null && <Message editor={editor} draft={draft} problem={problem} />}
      <ContextMenu
        label={t('filterBar.history')}
        at={menu}
        groups={menu === null ? [] : historyGroups()}
        onClose={() => setMenu(null)}
      />
    </div>
  );

  function historyGroups(): MenuGroup[] {
    const { filterHistory, favouriteFilters } = app.settings.get();
    const entry = (filter: string, icon: typeof Star | undefined, id: string, name = '') => ({
      id,
      title: name === '' ? filter : `${name}: ${filter}`,
      icon,
      isMono: true,
      run: () => apply(filter),
    });
    return [
      {
        id: 'favourites',
        title: t('filterBar.favourites'),
        entries: favouriteFilters.map((one, i) => entry(one.filter, Star, `favourite-${i}`, one.name)),
      },
      {
        id: 'recent',
        title: t('filterBar.recent'),
        entries:
          filterHistory.length === 0
            ? [{ id: 'none', title: t('filterBar.noHistory'), isDisabled: true }]
            : filterHistory
                .slice(0, 20)
                .map((filter, i) => entry(filter, i === 0 ? History : undefined, `recent-${i}`)),
      },
      {
        id: 'forget',
        entries: [
          { id: 'manage', title: t('command.filters'), icon: ListFilter, run: () => app.layout.openDialog('filters') },
          ...(filterHistory.length === 0
            ? []
            : [
                {
                  id: 'forget',
                  title: t('filterBar.forgetHistory'),
                  icon: Trash2,
                  run: () => app.settings.update({ filterHistory: [] }),
                },
              ]),
        ],
      },
    ];
  }
}

function toneOf(state: DraftState, isRefused: boolean, isApplied: boolean, isOn: boolean): Tone {
  if (isRefused || (state.kind === 'wrong' && !isApplied)) return 'wrong';
  if (state.kind === 'warning') return 'warning';
  if (isApplied) return isOn ? 'on' : 'plain';
  return state.kind === 'good' ? 'good' : 'plain';
}

interface ShownProblem {
  readonly start: number;
  readonly end: number;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly code?: string | undefined;
  readonly params?: Readonly<Record<string, string | number>> | undefined;
  readonly hintCode?: string;
  readonly hintParams?: Readonly<Record<string, string | number>>;
}

/** What is wrong, under its place; with what the hint proposes one click away. */
function Message({
  editor,
  draft,
  problem,
}: {
  readonly editor: FilterEditor;
  readonly draft: string;
  readonly problem: ShownProblem;
}) {
  const app = useApp();
  const t = useText();
  const language = useLanguage();
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    box.current?.style.setProperty('--place', `${editor.leftOf(problem.start)}px`);
  }, [editor, problem, draft]);
  const { message, hint } =
    problem.code === undefined
      ? { message: problem.message, hint: problem.hint }
      : filterProblemText(language, {
          code: problem.code,
          params: problem.params ?? {},
          message: problem.message,
          ...(problem.hintCode === undefined ? {} : { hintCode: problem.hintCode }),
          ...(problem.hintParams === undefined ? {} : { hintParams: problem.hintParams }),
        });
  const fix = fixedText(draft, problem);
  return (
    <div ref={box} className={styles.message} role="alert">
      <span className={styles.what}>{message}</span>{' '}
      {(hint ?? problem.hint) !== undefined && <span className={styles.hint}>{hint ?? problem.hint}</span>}
      {fix !== null && (
        <AriaButton
          className={styles.fix ?? ''}
          onPress={() => {
            app.filter.setDraft(fix.text);
            editor.view.focus();
          }}
        >
          {t('filterBar.fix', { text: fix.replacement })}
        </AriaButton>
      )}
    </div>
  );
}

/** The time range, with a way to remove it. */
function RangePill() {
  const app = useApp();
  const t = useText();
  const range = useStore(app.filter, (state) => state.range);
  const session = useStore(app.session, ({ state }) => state);
  const isUtc = useStore(app.settings, ({ timeFormat }) => timeFormat === 'utc');
  if (range === null || session === null) return null;
  const [from, to] = rangeTexts(range, session, isUtc);
  return (
    <span className={styles.range} role="group" aria-label={t('filterBar.range', { from, to })}>
      <Clock aria-hidden />
      <span>
        {from} – {to}
      </span>
      <AriaButton
        className={styles.remove ?? ''}
        aria-label={t('filterBar.removeRange')}
        onPress={() => void app.navigate({ range: null })}
      >
        <X aria-hidden />
      </AriaButton>
    </span>
  );
}

/** How many packets are shown and how long that took; while a filter runs, how far it is and the way to end it. */
function ShownPill() {
  const app = useApp();
  const t = useText();
  const language = useLanguage();
  const view = useStore(app.filter, (state) => state.view);
  const pending = useStore(app.filter, (state) => state.pending);
  const isBusy = useLate(pending !== null, BUSY_AFTER_MS);
  if (isBusy && pending !== null) {
    return (
      <span className={styles.shown}>
        {pending.query.sort === null || pending.query.filter !== app.filter.get().filter
          ? t('progress.filtering', { percent: Math.round(pending.progress * 100) })
          : t('progress.sorting', { percent: Math.round(pending.progress * 100) })}
        <AriaButton className={styles.remove ?? ''} aria-label={t('filterBar.cancel')} onPress={app.filter.cancel}>
          <X aria-hidden />
        </AriaButton>
      </span>
    );
  }
  if (view === null) return null;
  return (
    <span className={styles.shown} title={t('filterBar.shownHint')}>
      {t('filterBar.shown', { count: formatCount(view.rows, language) })} · {formatDuration(view.ms, language)}
      {!view.isComplete && '…'}
    </span>
  );
}
