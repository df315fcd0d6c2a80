/** The window's state and texts, for components. */

import { createContext, useContext, useMemo } from 'react';
import { type Language, type Translate, translator } from '../../engine/text/index.ts';
import { type App, languageOf } from './app.ts';
import { useStore } from './use-store.ts';

export const AppContext = createContext<App | null>(null);

export function useApp(): App {
  const app = useContext(AppContext);
  if (app === null) throw new Error('no App around this component');
  return app;
}

export function useLanguage(): Language {
  const app = useApp();
  return useStore(app.settings, (settings) => languageOf(settings, app.info));
}

/** Texts in the language of the user; the component renders again when it is switched. */
export function useText(): Translate {
  const language = useLanguage();
  return useMemo(() => translator(language), [language]);
}
