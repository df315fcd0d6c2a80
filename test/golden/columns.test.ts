/**
 * Two readings of a packet may not differ: what the column and flow passes wrote while loading is what its tree says. Asked
 * through the filter, which decides by columns, paths and stacks wherever it can, and by the tree where it is told to.
 */

import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCaptureFiles } from '../../cli/open-capture.ts';
import type { Field } from '../../engine/base/fields.ts';
import { allProtocols, catalog } from '../../engine/dissect/registry.ts';
import { columnFields, pathFields } from '../../engine/filter/column-fields.ts';
import { evaluate } from '../../engine/filter/evaluate.ts';
import { checkFilter } from '../../engine/filter/language/check.ts';
import { runFilter } from '../../engine/filter/plan.ts';
import { fieldFilter } from '../../engine/session/detail.ts';
import { hidesLayers, MARKS } from '../../engine/session/hidden-layers.ts';
import { filterData, PacketSource } from '../../engine/session/packet-source.ts';
import { TCP_FIGURES } from '../../engine/session/tcp-figures.ts';
import { UDP_FIGURES } from '../../engine/session/udp-figures.ts';
import { DISSECT_ME } from '../../engine/table/stacks.ts';
import { goldenCaptures } from '../support/golden-text.ts';

/** Different values of a field that are asked for in one capture. */
const VALUES = 8;

const indexed: readonly Field[] = [
  ...columnFields.keys(),
  ...pathFields.keys(),
  ...TCP_FIGURES,
  ...UDP_FIGURES,
  'tcp.stream',
  'udp.stream',
  'frame.number',
]
  .map((name) => catalog.get(name))
  .filter((field) => field !== undefined);

/** A mark on stacks, not a layer: only a tree tells what else is in the row. */

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

describe('columns', () => {
  it('are all of fields that there are', () => {
    expect(indexed.length).toBe(columnFields.size + pathFields.size + TCP_FIGURES.length + UDP_FIGURES.length + 3);
  });

  it.each(captures)('of %s are what its trees say', async (path) => {
    const opened = await openCaptureFiles([path], new AbortController().signal);
    const { capture, dissector } = opened;
    try {
      const { stacks, table } = capture.pass;
      const packets = Array.from(
        { length: table.count },
        (_, row) => new PacketSource(capture, dissector, row, { displayedBefore: row - 1, reference: -1 }),
      );
      const names = (layers: readonly number[]): string => layers.map((layer) => allProtocols[layer]?.name).join(':');
      packets.forEach((packet, row) => {
        const stack = table.get('stack', row);
        if (stack === DISSECT_ME) return;
        const known = [...stacks.layers(stack)].filter((layer) => !MARKS.includes(layer));
        // A tree that opens layers of its own has them above what the column knows, never in place of it.
        const layers = hidesLayers(stacks, stack)
          ? packet.dissection.listed.slice(0, known.length)
          : packet.dissection.listed;
        expect(`${row + 1} ${names(known)}`).toBe(`${row + 1} ${names(layers)}`);
      });

      const data = {
        ...filterData(capture, dissector, (row) => ({ displayedBefore: row - 1, reference: -1 })),
        packet: (row: number) => packets[row] ?? expect.fail(`no packet ${row}`),
      };
      for (const field of indexed) {
        const filters = new Set([field.abbrev]);
        for (const packet of packets) {
          for (const { value } of packet.occurrences(field))
            if (filters.size <= VALUES) filters.add(fieldFilter(field, value));
        }
        for (const text of filters) {
          const checked = checkFilter(text, catalog);
          if (!checked.ok || checked.value.tree === null)
            expect.fail(`${text}: ${checked.ok ? 'empty' : checked.error.message}`);
          const { tree } = checked.value;
          const byPlan = [...(await runFilter(tree, data, 0, table.count, () => null)).toRows()];
          const byTree = packets.flatMap((packet, row) => (evaluate(tree, packet) ? [row] : []));
          expect({ filter: text, rows: byPlan }).toEqual({ filter: text, rows: byTree });
        }
      }
    } finally {
      opened.close();
    }
  });
});
