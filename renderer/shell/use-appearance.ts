/** Language, theme and row height of the page follow the settings and, where they say so, the system. */

import { useEffect, useSyncExternalStore } from 'react';
import { useApp, useLanguage } from '../state/use-app.ts';
import { useStore } from '../state/use-store.ts';

const DARK = '(prefers-color-scheme: dark)';
const MORE_CONTRAST = '(prefers-contrast: more)';

export type Theme = 'light' | 'dark' | 'contrast';

function subscribe(listener: () => void): () => void {
  const queries = [DARK, MORE_CONTRAST].map((query) => window.matchMedia(query));
  for (const query of queries) query.addEventListener('change', listener);
  return () => {
    for (const query of queries) query.removeEventListener('change', listener);
  };
}

function systemTheme(): Theme {
  if (window.matchMedia(MORE_CONTRAST).matches) return 'contrast';
  return window.matchMedia(DARK).matches ? 'dark' : 'light';
}

/** The theme in use, for what cannot read the tokens by itself (pictures, charts). */
export function useTheme(): Theme {
  const app = useApp();
  const system = useSyncExternalStore(subscribe, systemTheme);
  const wanted = useStore(app.settings, (settings) => settings.theme);
  return wanted === 'system' ? system : wanted;
}

export function useAppearance(): void {
  const app = useApp();
  const language = useLanguage();
  const theme = useTheme();
  const density = useStore(app.settings, (settings) => settings.density);
  const title = useStore(app.session, (session) => session.state?.files[0]?.name ?? '');
  useEffect(() => {
    const { documentElement: root } = document;
    root.lang = language;
    root.dataset.theme = theme;
    root.dataset.density = density;
  }, [language, theme, density]);
  useEffect(() => {
    document.title = title === '' ? 'Nagare' : `${title} · Nagare`;
  }, [title]);
}
