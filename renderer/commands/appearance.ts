/** Theme, row height and language: each choice a command, so that the palette and menus offer them. */

import { type Command, defineCommand, type TitleKey } from './command.ts';

type Theme = 'system' | 'light' | 'dark' | 'contrast';

function theme(name: Theme, title: TitleKey): Command {
  return defineCommand({
    id: `view.theme.${name}`,
    title,
    group: 'view',
    section: 'theme',
    isOn: (app) => app.settings.get().theme === name,
    run: (app) => app.settings.update({ theme: name }),
  });
}

export const themes: readonly Command[] = [
  theme('system', 'command.themeSystem'),
  theme('light', 'command.themeLight'),
  theme('dark', 'command.themeDark'),
  theme('contrast', 'command.themeContrast'),
];

function density(name: 'compact' | 'normal', title: TitleKey): Command {
  return defineCommand({
    id: `view.density.${name}`,
    title,
    group: 'view',
    section: 'rows',
    isOn: (app) => app.settings.get().density === name,
    run: (app) => app.settings.update({ density: name }),
  });
}

export const densities: readonly Command[] = [
  density('compact', 'command.densityCompact'),
  density('normal', 'command.densityNormal'),
];

function language(name: 'en' | 'ja', title: TitleKey): Command {
  return defineCommand({
    id: `view.language.${name}`,
    title,
    group: 'view',
    section: 'language',
    isOn: (app) => app.language() === name,
    run: (app) => app.settings.update({ language: name }),
  });
}

export const languages: readonly Command[] = [
  language('en', 'command.languageEn'),
  language('ja', 'command.languageJa'),
];
