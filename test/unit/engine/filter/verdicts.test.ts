/**
 * What tshark 4.0.17 says of some 800 filters, recorded on the sample capture in UTC (verdicts.tsv): how many packets match,
 * or that it refuses. Where this program means to differ, the filter is listed below with the reason.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenedCapture, openCaptureFiles } from '../../../../cli/open-capture.ts';
import { catalog } from '../../../../engine/dissect/registry.ts';
import { checkFilter } from '../../../../engine/filter/language/check.ts';
import { runFilter } from '../../../../engine/filter/plan.ts';
import { filterData } from '../../../../engine/session/packet-source.ts';
import { LATER, OWN_WAY, UNKNOWN_FIELDS } from './verdict-differences.ts';

const FILE = join('test', 'unit', 'engine', 'filter', 'verdicts.tsv');
const rows = readFileSync(FILE, 'utf8')
  .split('\n')
  .slice(1)
  .filter((line) => line !== '')
  .map((line) => line.split('\t') as [string, string]);

let opened: OpenedCapture;
beforeAll(async () => {
  opened = await openCaptureFiles([join('assets', 'sample.pcapng')], new AbortController().signal);
});
afterAll(() => opened.close());

/** `taken` expects no number: what the protocols find in the sample may change it. */
async function expectVerdict(text: string, expected: string): Promise<void> {
  const found = await verdict(text);
  if (expected === 'taken') expect(found).not.toBe('refused');
  else expect(found).toBe(expected);
}

async function verdict(text: string): Promise<string> {
  const checked = checkFilter(text, catalog, { timeZone: 'utc' });
  if (!checked.ok) return 'refused';
  const { capture, dissector } = opened;
  const data = filterData(capture, dissector, (row) => ({ displayedBefore: row - 1, reference: -1 }));
  const rowsLeft = await runFilter(checked.value.tree, data, 0, capture.table.count, () => null);
  return String(rowsLeft.count());
}

describe('filters of which tshark says the same', () => {
  const same = rows.filter(([text]) => !(text in LATER) && !(text in OWN_WAY) && !UNKNOWN_FIELDS.includes(text));

  it('are most of them', () => expect(same.length).toBeGreaterThan(600));

  it.each(same)('%s', async (text, expected) => expect(await verdict(text)).toBe(expected));
});

describe('filters that later versions take', () => {
  it.each(Object.entries(LATER))('%s', async (text, expected) => {
    expect(rows).toContainEqual([text, 'refused']);
    await expectVerdict(text, expected);
  });
});

describe('filters that are different on purpose', () => {
  it.each(Object.entries(OWN_WAY))('%s', async (text, { ours }) => {
    expect(rows.some(([one, theirs]) => one === text && theirs !== ours)).toBe(true);
    await expectVerdict(text, ours);
  });
});

describe('fields of Wireshark that this program has not', () => {
  it.each(UNKNOWN_FIELDS)('%s', async (text) => expect(await verdict(text)).toBe('refused'));
});
