/** Words as options and the rest, as getopt_long reads them: letters together, long names cut short, in any order. */

export interface OptionTable {
  /** As getopt has them: a letter, and a colon where a value follows. */
  readonly letters: string;
  /** Long names, and the letter that says the same ('' where there is none); a colon at the name where a value follows. */
  readonly long: Readonly<Record<string, string>>;
}

export interface ReadOption {
  /** The letter, or the long name where there is no letter; '' where the tool has no such option. */
  readonly name: string;
  readonly value: string;
  /** As it was written. */
  readonly text: string;
}

export interface ReadWords {
  readonly options: readonly ReadOption[];
  readonly rest: readonly string[];
}

export function readOptions(words: readonly string[], table: OptionTable): ReadWords {
  const options: ReadOption[] = [];
  const rest: string[] = [];
  let at = 0;
  while (at < words.length) {
    const word = words[at++];
    if (word === '--') {
      rest.push(...words.slice(at));
      break;
    }
    if (word.startsWith('--')) at = readLong(word, words, at, table, options);
    else if (word.startsWith('-') && word.length > 1) at = readLetters(word, words, at, table, options);
    else rest.push(word);
  }
  return { options, rest };
}

function readLong(
  word: string,
  words: readonly string[],
  at: number,
  table: OptionTable,
  options: ReadOption[],
): number {
  const [, given = '', , inline] = /^--([^=]*)(=(.*))?$/s.exec(word) ?? [];
  const found = findLong(given, table);
  if (found === undefined) {
    options.push({ name: '', value: '', text: word });
    return at;
  }
  const name = (table.long[found] ?? '') || found.replace(':', '');
  if (!found.endsWith(':')) {
    options.push({ name, value: '', text: word });
    return at;
  }
  const value = inline ?? words[at] ?? '';
  options.push({ name, value, text: inline === undefined ? `${word} ${value}`.trim() : word });
  return inline === undefined ? at + 1 : at;
}

/** The name itself, or the only one that begins so. */
function findLong(given: string, table: OptionTable): string | undefined {
  const names = Object.keys(table.long);
  const exact = names.find((name) => name.replace(':', '') === given);
  if (exact !== undefined) return exact;
  const starting = names.filter((name) => given !== '' && name.startsWith(given));
  return starting.length === 1 ? starting[0] : undefined;
}

function readLetters(
  word: string,
  words: readonly string[],
  at: number,
  table: OptionTable,
  options: ReadOption[],
): number {
  for (let i = 1; i < word.length; i++) {
    const letter = word.charAt(i);
    const place = letter === ':' ? -1 : table.letters.indexOf(letter);
    if (place < 0) {
      options.push({ name: '', value: '', text: `-${word.slice(i)}` });
      return at;
    }
    if (table.letters.charAt(place + 1) !== ':') {
      options.push({ name: letter, value: '', text: `-${letter}` });
      continue;
    }
    const inline = word.slice(i + 1);
    const value = inline !== '' ? inline : (words[at] ?? '');
    options.push({ name: letter, value, text: `-${letter} ${value}`.trim() });
    return inline !== '' ? at : at + 1;
  }
  return at;
}
