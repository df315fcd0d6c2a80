/** The name a person may have meant: nearest by edits among all fields, fast enough to ask at every key stroke. */

import type { FieldCatalog } from '../../base/fields.ts';

const lowerNames = new WeakMap<FieldCatalog, readonly string[]>();

/** Lower-case names of all fields, by id order; made once per catalogue. */
export function lowerCaseNames(catalog: FieldCatalog): readonly string[] {
  let names = lowerNames.get(catalog);
  if (names === undefined) {
    names = catalog.fields.map((field) => field.abbrev.toLowerCase());
    lowerNames.set(catalog, names);
  }
  return names;
}

/** The nearest field name, or undefined where none is near enough to be more than a guess. */
export function nearestField(name: string, catalog: FieldCatalog): string | undefined {
  const found = nearest(name.toLowerCase(), lowerCaseNames(catalog));
  return found === undefined ? undefined : catalog.fields[found]?.abbrev;
}

/** The nearest of some names. */
export function nearestName(name: string, names: readonly string[]): string | undefined {
  const found = nearest(
    name.toLowerCase(),
    names.map((n) => n.toLowerCase()),
  );
  return found === undefined ? undefined : names[found];
}

/** Letters a person leaves out on purpose (`tcp.dport`): such a name is nearer than one with as many mistakes. */
const MAX_ABBREVIATED = 4;

function nearest(wanted: string, names: readonly string[]): number | undefined {
  let best: number | undefined;
  let bestDistance = wanted.length <= 3 ? 1 : Math.min(3, 1 + (wanted.length >> 2)); // what is still near
  let bestShared = -1;
  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    const missing = name.length - wanted.length;
    if (missing < -bestDistance || missing > Math.max(bestDistance, MAX_ABBREVIATED)) continue;
    const isShort = missing > 0 && missing <= MAX_ABBREVIATED && isAbbreviation(wanted, name);
    const distance = isShort ? 0.5 + missing / 100 : editDistance(wanted, name, Math.floor(bestDistance) + 1);
    // Of equally near names the one that begins alike: people get the beginning right.
    const isNearer = distance < bestDistance || (distance === bestDistance && shared(name, wanted) > bestShared);
    if (!isNearer) continue;
    best = i;
    bestDistance = distance;
    bestShared = shared(name, wanted);
    if (distance === 0) break;
  }
  if (best !== undefined && bestDistance <= 1) return best;
  return (wanted.length < 3 ? undefined : nearestBySegment(wanted, names)) ?? best;
}

/** Are all letters of the short form in the name, in order, with the first letter of each part? */
function isAbbreviation(short: string, name: string): boolean {
  let at = 0;
  for (let i = 0; i < name.length && at < short.length; i++) {
    const isPartStart = i === 0 || name[i - 1] === '.';
    if (name[i] === short[at]) at++;
    else if (isPartStart || name[i] === '.') return false;
  }
  return at === short.length;
}

/** Length of the common beginning. */
function shared(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

/** `http.request.verb.x` is nothing, but `port` is the end of `tcp.port`, and `tcp.flags.synn.x` still starts as `tcp.flags`. */
function nearestBySegment(wanted: string, names: readonly string[]): number | undefined {
  const ending = `.${wanted}`;
  const parts = wanted.split('.');
  let best: number | undefined;
  let isEnding = false;
  let bestAlike = 1; // sharing the protocol only says nothing
  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    if (name.endsWith(ending)) {
      if (!isEnding || name.length < names[best ?? i].length) best = i;
      isEnding = true;
    }
    if (parts.length < 2 || isEnding) continue;
    let alike = 0;
    const own = name.split('.', parts.length);
    while (alike < own.length && own[alike] === parts[alike]) alike++;
    if (alike > bestAlike && own.length === parts.length) {
      best = i;
      bestAlike = alike;
    }
  }
  return best;
}

const rows: [Uint16Array, Uint16Array, Uint16Array] = [new Uint16Array(0), new Uint16Array(0), new Uint16Array(0)];

/** Insertions, deletions, substitutions and swaps of neighbours between two texts; `limit` or more once it is certain. */
export function editDistance(a: string, b: string, limit: number): number {
  const width = b.length + 1;
  if (rows[0].length < width) for (let i = 0; i < 3; i++) rows[i] = new Uint16Array(width * 2);
  let [before, last, now] = rows;
  for (let j = 0; j < width; j++) last[j] = j;
  for (let i = 1; i <= a.length; i++) {
    now[0] = i;
    let smallest = i;
    const x = a.charCodeAt(i - 1);
    for (let j = 1; j < width; j++) {
      const y = b.charCodeAt(j - 1);
      let cost = x === y ? last[j - 1] : Math.min(last[j - 1], last[j], now[j - 1]) + 1;
      if (i > 1 && j > 1 && x !== y && x === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === y) {
        cost = Math.min(cost, before[j - 2] + 1);
      }
      now[j] = cost;
      if (cost < smallest) smallest = cost;
    }
    if (smallest >= limit) return limit;
    [before, last, now] = [last, now, before];
  }
  return last[b.length];
}
