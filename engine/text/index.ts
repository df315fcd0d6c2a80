/** Texts by key in the language of the user; for the window, the shell, the host and the command line alike. */

import { type Dictionary, en, type TextKey } from './en.ts';
import { ja } from './ja.ts';
import { fillMessage, type Message, type Params, type Places } from './message.ts';

export type { TextKey } from './en.ts';

export const LANGUAGES = ['en', 'ja'] as const;
export type Language = (typeof LANGUAGES)[number];

const DICTIONARIES: Readonly<Record<Language, Readonly<Record<TextKey, Message>>>> = { en, ja };

/** Values for the places of a key's text: none where it has none, compulsory where it has some. */
type Arguments<Key extends TextKey> = [Places<Dictionary[Key]>] extends [never]
  ? []
  : [params: Params<Dictionary[Key]>];

/** The text of a key in one language. */
export type Translate = <Key extends TextKey>(key: Key, ...values: Arguments<Key>) => string;

export function translator(language: Language): Translate {
  const dictionary = DICTIONARIES[language];
  return (key, ...[params]) => fillMessage(language, dictionary[key], params ?? {});
}

/** For keys that come from outside (a problem's code): the text, or undefined where the dictionary has none. */
export function translateUnchecked(
  language: Language,
  key: string,
  params: Readonly<Record<string, string | number>> = {},
): string | undefined {
  const message: Message | undefined = Object.hasOwn(en, key) ? DICTIONARIES[language][key as TextKey] : undefined;
  return message === undefined ? undefined : fillMessage(language, message, params);
}

/** The first of the user's languages that there is a dictionary for. */
export function pickLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const found = LANGUAGES.find((language) => tag.toLowerCase().split('-')[0] === language);
    if (found !== undefined) return found;
  }
  return 'en';
}
