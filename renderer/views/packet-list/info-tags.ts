/** Tags of a row: what Wireshark writes in brackets before the info text, said in the user's language. */

import { type Language, translateUnchecked } from '../../../engine/text/index.ts';

export interface TaggedInfo {
  /** Wireshark's words, without the brackets. */
  readonly tags: readonly string[];
  readonly text: string;
}

/** Only what TCP analysis says: any other text in brackets may be the packet's own. */
const ANALYSIS = /^\[TCP ([^\]]+)\]\s*/;

/** `[TCP Fast Retransmission] 49710 → 443 ...` has the tag `Fast Retransmission`. */
export function takeTags(info: string): TaggedInfo {
  const tags: string[] = [];
  let text = info;
  for (let found = ANALYSIS.exec(text); found !== null; found = ANALYSIS.exec(text)) {
    if (found[1] !== undefined) tags.push(found[1]);
    text = text.slice(found[0].length);
  }
  return { tags, text };
}

/** `Dup ACK 12#3` is called `Duplicate ACK 12#3`; words that the dictionary does not have stay as they are. */
export function tagText(language: Language, tag: string): string {
  const counted = /^(.*) (\d+#\d+)$/.exec(tag);
  const [, words = tag, number = ''] = counted ?? [];
  return translateUnchecked(language, `tag.${words}`, { number }) ?? tag;
}
