/** Every field of the catalogue is made by some packet of the tests: what no packet shows, nobody can rely on. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { allProtocols, catalog } from '../../engine/dissect/registry.ts';
import { SEEN_FIELDS, type SeenFields } from '../support/seen-fields.ts';

/** Of the fields, so many in a hundred may wait for a packet. */
const MAX_UNSEEN = 5;

/** Columns and findings are no part of a packet's layers; the frame's own fields are made outside them. */
const fields = catalog.fields.filter(({ protocol }) => {
  const name = allProtocols[protocol]?.name ?? '';
  return !name.startsWith('_ws.') && name !== 'frame';
});

function seenFields(): ReadonlySet<string> {
  const seen = new Set<string>();
  for (const file of existsSync(SEEN_FIELDS) ? readdirSync(SEEN_FIELDS) : []) {
    const { test, fields: names } = JSON.parse(readFileSync(join(SEEN_FIELDS, file), 'utf8')) as SeenFields;
    if (existsSync(test)) for (const name of names) seen.add(name);
  }
  return seen;
}

it('each field is made by a packet of the unit or golden tests, which have run before', () => {
  const seen = seenFields();
  const unseen = [...new Set(fields.map(({ abbrev }) => abbrev))].filter((abbrev) => !seen.has(abbrev));
  const most = Math.floor((fields.length * MAX_UNSEEN) / 100);
  // The names are what helps: they stand in the message.
  expect(unseen.length <= most ? [] : unseen, `${unseen.length} of ${fields.length}, at most ${most}`).toEqual([]);
});
