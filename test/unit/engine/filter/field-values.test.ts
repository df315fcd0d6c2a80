/** Values of fields with counts: what they say is what filters count. */

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenedCapture, openCaptureFiles } from '../../../../cli/open-capture.ts';
import { BitSet } from '../../../../engine/base/bitset.ts';
import { catalog } from '../../../../engine/dissect/registry.ts';
import { countValues } from '../../../../engine/filter/field-values.ts';
import { checkFilter } from '../../../../engine/filter/language/check.ts';
import { type FilterData, runFilter } from '../../../../engine/filter/plan.ts';
import { fieldFilter } from '../../../../engine/session/detail.ts';
import { filterData } from '../../../../engine/session/packet-source.ts';

let opened: OpenedCapture;
let data: FilterData;
beforeAll(async () => {
  opened = await openCaptureFiles([join('assets', 'sample.pcapng')], new AbortController().signal);
  data = filterData(opened.capture, opened.dissector, (row) => ({ displayedBefore: row - 1, reference: -1 }));
});
afterAll(() => opened.close());

async function valuesOf(name: string, filter = '', limit = 20) {
  const field = catalog.get(name) ?? expect.fail(`no field ${name}`);
  const found = await countValues(field, data, await rowsOf(filter), limit, () => null);
  return { field, ...found };
}

async function rowsOf(text: string): Promise<BitSet> {
  const { count } = opened.capture.table;
  const checked = checkFilter(text, catalog);
  if (!checked.ok) throw new Error(`${text}: ${checked.error.message}`);
  return checked.value.tree === null
    ? BitSet.full(count)
    : await runFilter(checked.value.tree, data, 0, count, () => null);
}

describe('values', () => {
  // A column, a flag in a column, header chains, a header, something deep, a text, an address, a layer's field.
  it.each([
    'frame.len',
    'tcp.flags',
    'tcp.port',
    'ip.src',
    'ip.ttl',
    'dns.qry.type',
    'http.request.method',
    'eth.addr',
    'arp.opcode',
  ])('of %s are as many as a filter finds', async (name) => {
    const { field, values, looked, candidates } = await valuesOf(name, '', 5);
    expect(values.length).toBeGreaterThan(0);
    expect(looked).toBe(candidates);
    for (const { value, count } of values) {
      expect([fieldFilter(field, value), (await rowsOf(fieldFilter(field, value))).count()]).toEqual([
        fieldFilter(field, value),
        count,
      ]);
    }
  });

  it('come most frequent first, and not more than asked for', async () => {
    const { values } = await valuesOf('tcp.port', '', 3);
    expect(values).toHaveLength(3);
    const counts = values.map(({ count }) => count);
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
  });

  it('are those of the packets that a filter leaves', async () => {
    const filter = 'tcp.dstport == 80 and not vxlan and not icmp';
    const { values, candidates } = await valuesOf('tcp.dstport', filter);
    expect(values.map(({ value }) => value)).toEqual([80]);
    expect(candidates).toBe((await rowsOf(filter)).count());
  });

  it('are none for times, protocols and marks', async () => {
    for (const name of ['frame.time', 'frame.time_delta', 'tcp', 'tcp.analysis.retransmission'])
      expect((await valuesOf(name)).values).toEqual([]);
  });

  it('stop when nobody wants them any more', async () => {
    const field = catalog.get('http.request.method') ?? expect.fail('no field');
    const pause = (): Promise<void> => Promise.reject(new Error('cancelled'));
    await expect(countValues(field, data, await rowsOf(''), 5, pause)).rejects.toThrow('cancelled');
  });
});
