/** What a pass over messages finds of the fields above transports is what the whole trees of the packets have. */

import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCaptureFiles } from '../../cli/open-capture.ts';
import { BitSet } from '../../engine/base/bitset.ts';
import type { Field } from '../../engine/base/fields.ts';
import { toHex } from '../../engine/base/hex.ts';
import { plainValue } from '../../engine/dissect/node.ts';
import { allProtocols, catalog } from '../../engine/dissect/registry.ts';
import type { ValueSource } from '../../engine/filter/evaluate.ts';
import { filterData, PacketSource } from '../../engine/session/packet-source.ts';
import { FLAG } from '../../engine/table/flags.ts';
import { goldenCaptures } from '../support/golden-text.ts';

const UNSURE = FLAG.more | FLAG.truncated | FLAG.malformed | FLAG.reassembled;
/** Files of which nothing can be read, on purpose. */
const UNREADABLE = [
  'pcap-cut-in-header.pcap',
  'pcap-unknown-version.pcap',
  'pcapng-unknown-version.pcapng',
  'pcapng-bad-byte-order.pcapng',
  'text-file.pcap',
  'empty-file.pcap',
  'zstd-cut.pcapng.zst',
];
const captures = goldenCaptures('test/golden').filter((path) => !UNREADABLE.includes(basename(path)));
let compared = 0;

/** Everything that filters can ask of a field, in an order of its own. */
function valuesOf(source: ValueSource, field: Field): string[] {
  return source
    .occurrences(field)
    .map((one) => {
      const text = one.value === null ? '' : plainValue(field, one.value);
      return `${text} #${one.layer}/${one.layers} ${toHex(one.bytes())} ${toHex(one.reach?.() ?? new Uint8Array(0))}`;
    })
    .sort();
}

/** Fields that only messages of a certain beginning have are asked for alone too: other messages are passed over then. */
function groupsOf(present: readonly Field[]): Field[][] {
  const groups = allProtocols.flatMap(({ spec, fields }) =>
    (spec.onlyIn ?? []).map(({ fields: keys }) => keys.flatMap((key) => fields.get(key)?.field ?? [])),
  );
  return groups.map((group) => group.filter((field) => present.includes(field))).filter((group) => group.length > 0);
}

describe('a pass over messages', () => {
  it.each(captures)('finds in %s what the trees have', async (path) => {
    const opened = await openCaptureFiles([path], new AbortController().signal);
    const { capture, dissector } = opened;
    try {
      const { table } = capture.pass;
      const context = { displayedBefore: 0, reference: -1 };
      const packets = Array.from(
        { length: table.count },
        (_, row) => new PacketSource(capture, dissector, row, context),
      );
      const data = filterData(capture, dissector, () => context);
      const byProtocol = new Map<number, Field[]>();
      for (const field of catalog.fields) {
        if (packets.every((packet) => packet.occurrences(field).length === 0)) continue;
        byProtocol.set(field.protocol, [...(byProtocol.get(field.protocol) ?? []), field]);
      }
      for (const fields of [...byProtocol.values(), ...groupsOf([...byProtocol.values()].flat())]) {
        const shown = data.carriedIn(fields);
        if (shown === null) continue;
        const rows = new BitSet(table.count);
        for (let row = 0; row < table.count; row++)
          if (shown[table.get('stack', row)] === 1 && (table.get('flags', row) & UNSURE) === 0) rows.add(row);
        const visited = new Set<number>();
        await data.visitMessages(
          fields,
          rows,
          (row, source) => {
            visited.add(row);
            for (const field of fields) {
              const expected = packets[row] === undefined ? [] : valuesOf(packets[row], field);
              expect({ row, field: field.abbrev, values: valuesOf(source, field) }).toEqual({
                row,
                field: field.abbrev,
                values: expected,
              });
              compared += expected.length;
            }
          },
          () => null,
        );
        for (const row of visited) expect(rows.has(row)).toBe(true);
      }
    } finally {
      opened.close();
    }
  });

  it('has found many', () => {
    expect(compared).toBeGreaterThan(1000);
  });
});
