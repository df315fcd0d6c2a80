/** What a colour rule is called: the names that the settings begin with in the user's language, others as they were given. */

import { LANGUAGES, type TextKey, type Translate, translator } from '../../engine/text/index.ts';

const KEYS = [
  'colourRule.unwanted',
  'colourRule.malformed',
  'colourRule.reset',
  'colourRule.icmpErrors',
  'colourRule.tcpProblems',
  'colourRule.checksum',
  'colourRule.arp',
  'colourRule.dns',
  'colourRule.http',
  'colourRule.tls',
  'colourRule.synFin',
] as const satisfies readonly TextKey[];

/** In any language: a rule that was shown, and kept, in one follows to another. */
const BY_NAME: ReadonlyMap<string, (typeof KEYS)[number]> = new Map(
  LANGUAGES.flatMap((language) => KEYS.map((key) => [translator(language)(key), key] as const)),
);

export function colourRuleName(t: Translate, name: string): string {
  const key = BY_NAME.get(name);
  return key === undefined ? name : t(key);
}
