/** The window: top bar, side bar, filter bar and time strip, the panel, status bar; and what lies over them. */

import { I18nProvider } from 'react-aria-components';
import css from './app.module.css';
import { Dialogs } from './dialogs/index.tsx';
import { Banners } from './shell/banners.tsx';
import { DropTarget } from './shell/drop-target.tsx';
import { ErrorBoundary } from './shell/error-boundary.tsx';
import { useHostCommands } from './shell/host-commands.ts';
import { useShortcuts } from './shell/key-handler.ts';
import { NoCapture } from './shell/no-capture.tsx';
import { Notices } from './shell/notices.tsx';
import { SideBar } from './shell/side-bar.tsx';
import { StatusBar } from './shell/status-bar.tsx';
import { TopBar } from './shell/top-bar.tsx';
import { useAppearance } from './shell/use-appearance.ts';
import type { App as AppState } from './state/app.ts';
import { AppContext, useApp, useLanguage } from './state/use-app.ts';
import { useStore } from './state/use-store.ts';
import { FilterBar } from './views/filter-bar/index.tsx';
import { views } from './views/index.ts';
import { TimeStrip } from './views/time-strip/index.tsx';

export function App({ app }: { readonly app: AppState }) {
  return (
    <AppContext value={app}>
      <Window />
    </AppContext>
  );
}

function Window() {
  const app = useApp();
  const language = useLanguage();
  const hasCapture = useStore(app.session, (session) => session.state !== null);
  const panel = useStore(app.layout, (layout) => layout.panel);
  const isOwnPage = views.find(({ id }) => id === panel)?.isOwnPage === true;
  useAppearance();
  useShortcuts();
  useHostCommands();
  return (
    <I18nProvider locale={language === 'ja' ? 'ja-JP' : 'en-US'}>
      <DropTarget>
        <div className={css.window}>
          <TopBar />
          <SideBar />
          <main className={css.main}>
            {isOwnPage ? (
              <Panel />
            ) : hasCapture ? (
              <>
                <div className={css.query}>
                  <FilterBar />
                  <TimeStrip />
                </div>
                <Banners />
                <Panel />
              </>
            ) : (
              <NoCapture />
            )}
          </main>
          <StatusBar />
        </div>
        <Notices />
        <Dialogs />
      </DropTarget>
    </I18nProvider>
  );
}

function Panel() {
  const app = useApp();
  const id = useStore(app.layout, (layout) => layout.panel);
  const view = views.find((candidate) => candidate.id === id) ?? views[0];
  if (view === undefined) return null;
  const { component: Component } = view;
  return (
    <div className={css.panel}>
      <ErrorBoundary key={view.id}>
        <Component />
      </ErrorBoundary>
    </div>
  );
}
