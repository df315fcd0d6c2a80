/** The window's state in one object: the client, the stores, and the few operations that touch several of them. */

import type { AppInfo, HostClient, SessionState, Settings } from '../../engine/contract/api.ts';
import { type Language, type Translate, translator } from '../../engine/text/index.ts';
import { type CaptureStore, makeCaptureStore } from './capture-store.ts';
import { errorText } from './error-text.ts';
import { type FilterStore, makeFilterStore, type ViewChange, type ViewQuery } from './filter-store.ts';
import { type HistoryStore, makeHistoryStore, type Place } from './history-store.ts';
import { type LayoutStore, makeLayoutStore } from './layout-store.ts';
import { makeNoticeStore, type NoticeStore } from './notice-store.ts';
import { makeSelectionStore, type SelectionStore } from './selection-store.ts';
import { makeSessionStore, type SessionStore } from './session-store.ts';
import { makeSettingsStore, type SettingsStore } from './settings-store.ts';

export interface App {
  readonly client: HostClient;
  readonly info: AppInfo;
  readonly settings: SettingsStore;
  readonly session: SessionStore;
  readonly filter: FilterStore;
  readonly selection: SelectionStore;
  readonly layout: LayoutStore;
  readonly notices: NoticeStore;
  readonly history: HistoryStore;
  readonly capture: CaptureStore;
  /** Language of the interface at this moment. */
  language(): Language;
  /** Texts in that language; components use useText() instead, which renders again when it changes. */
  t: Translate;
  /** Opens files; a failure becomes a notice. */
  openFiles(paths: readonly string[], isSample?: boolean): Promise<void>;
  closeFile(): Promise<void>;
  /** Shows a live capture that `ask` starts, in place of what is open. false: it was not started. */
  openCapture(ask: (signal: AbortSignal) => Promise<SessionState>): Promise<boolean>;
  /** Applies a filter, time range or order, remembering the place before for "back". */
  navigate(change: ViewChange & { readonly panel?: string }): Promise<boolean>;
  /** Makes a packet (from 0) the current one; where the view does not show it, the nearest before it. */
  goToPacket(row: number): Promise<void>;
  back(): Promise<void>;
  forward(): Promise<void>;
  /** Shows a failure as a notice; a cancelled request is none. */
  report(error: unknown): void;
}

/** The panel that is shown first: of files that someone chose, and of the sample, which introduces itself. */
const HOME_PANEL = 'packets';
const SAMPLE_PANEL = 'overview';
const CAPTURE_PANEL = 'live-capture';

export function languageOf(settings: Settings, info: AppInfo): Language {
  return settings.language === 'system' ? info.systemLanguage : settings.language;
}

export function makeApp(client: HostClient, info: AppInfo, initial: Settings): App {
  const notices = makeNoticeStore();
  const report = (error: unknown): void => {
    const text = errorText(app.language(), error);
    if (text !== null) notices.show({ tone: 'red', text });
  };
  const settings = makeSettingsStore(client, initial, report);
  const session = makeSessionStore(client);
  const selection = makeSelectionStore();
  const filter = makeFilterStore(client, report, () => selection.get().row);
  const layout = makeLayoutStore(settings, HOME_PANEL);
  const history = makeHistoryStore();
  const capture = makeCaptureStore(client, settings);

  const language = (): Language => languageOf(settings.get(), info);

  function here(): Place {
    const { filter: text, range, sort, appearances } = filter.get();
    return { panel: layout.get().panel, query: { filter: text, range, sort, appearances }, row: selection.get().row };
  }

  /** What an earlier attempt said; the next one that works takes it away. */
  let openFailures: number[] = [];

  /** What runs ends, and what nobody has saved is gone: asked before. */
  async function mayLeave(): Promise<boolean> {
    const { state } = session.get();
    if (!capture.isAtStake(state)) return true;
    layout.openDialog('captureLeave');
    return await capture.askLeave();
  }

  async function openFiles(paths: readonly string[], isSample = false): Promise<void> {
    if (capture.isAtStake(session.get().state) && !(await mayLeave())) return;
    if (isSample) layout.showPanel(SAMPLE_PANEL);
    let shown: Promise<boolean> | undefined;
    try {
      await session.open(paths, isSample, (state) => {
        // Whoever opens something wants to see it; the sample comes by itself, and takes nothing away.
        if (!isSample) {
          layout.closeDialog();
          if (layout.get().panel === CAPTURE_PANEL) layout.showPanel(HOME_PANEL);
        }
        shown = takeOver(state);
      });
    } catch (error) {
      const reason = errorText(app.language(), error, 'bare');
      if (reason !== null) openFailures.push(notices.show({ tone: 'red', text: app.t('error.open', { reason }) }));
      return;
    }
    for (const id of openFailures) notices.dismiss(id);
    openFailures = [];
    await shown;
  }

  /** Lets go of what belonged to the capture before. */
  function takeOver(state: SessionState): Promise<boolean> {
    history.clear();
    selection.clear();
    return filter.reset(state);
  }

  async function openCapture(ask: (signal: AbortSignal) => Promise<SessionState>): Promise<boolean> {
    if (!(await mayLeave())) return false;
    let shown: Promise<boolean> | undefined;
    try {
      await session.begin(ask, (state) => {
        layout.closeDialog();
        layout.showPanel(HOME_PANEL);
        shown = takeOver(state);
      });
    } catch (error) {
      report(error);
      return false;
    }
    await shown;
    return true;
  }

  async function closeFile(): Promise<void> {
    if (!(await mayLeave())) return;
    history.clear();
    selection.clear();
    await filter.reset(null);
    await session.close().catch(report);
  }

  async function goToPacket(row: number): Promise<void> {
    const { view } = filter.get();
    if (view === null || view.rows === 0) return;
    try {
      const found = await client.request('view.position', { view: view.view, row });
      if (filter.get().view?.view !== view.view) return;
      if (found.isShown) selection.select(found.position, row);
      else selection.select(Math.max(0, Math.min(found.position, view.rows - 1)));
    } catch (error) {
      report(error);
    }
  }

  async function change(query: ViewChange): Promise<boolean> {
    const { row } = selection.get();
    const isShown = await filter.apply(query);
    if (!isShown) return false;
    selection.clear();
    if (row >= 0) await goToPacket(row);
    return true;
  }

  function isSame(a: ViewQuery, b: Partial<ViewQuery>): boolean {
    const keys = Object.keys(b) as (keyof ViewQuery)[];
    return keys.every((key) => JSON.stringify(a[key]) === JSON.stringify(b[key]));
  }

  async function navigate({ panel, parts, ...query }: ViewChange & { readonly panel?: string }): Promise<boolean> {
    const place = here();
    const isFiltered = !isSame(place.query, query);
    const isMoved = panel !== undefined && panel !== place.panel;
    if (isMoved) layout.showPanel(panel);
    // The same query again is asked all the same: it clears what was wrong with the text in the bar.
    const isDone = Object.keys(query).length === 0 || (await change(parts === undefined ? query : { ...query, parts }));
    if (isMoved || (isFiltered && isDone)) history.leave(place);
    return isDone;
  }

  async function goTo(place: Place | undefined): Promise<void> {
    if (place === undefined) return;
    layout.showPanel(place.panel);
    if (!isSame(here().query, place.query)) {
      selection.clear();
      if (!(await filter.apply(place.query))) return;
    }
    if (place.row >= 0) await goToPacket(place.row);
  }

  const app: App = {
    client,
    info,
    settings,
    session,
    filter,
    selection,
    layout,
    notices,
    history,
    capture,
    language,
    t: (key, ...values) => translator(language())(key, ...values),
    openFiles,
    closeFile,
    openCapture,
    navigate,
    goToPacket,
    back: () => goTo(history.goBack(here())),
    forward: () => goTo(history.goForward(here())),
    report,
  };
  return app;
}
