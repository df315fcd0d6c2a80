/** Whatever the bytes, the cut, the batch size and the threads: loading gives the same table, and dissecting any of it ends. */

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labelOf, type TreeNode } from '../../engine/dissect/node.ts';
import { useNodePlatform } from '../../engine/host/platform-node.ts';
import { SharedScanner } from '../../engine/host/shared-scanner.ts';
import { Capture } from '../../engine/session/capture.ts';
import { Dissector } from '../../engine/session/dissector.ts';
import { PacketSource } from '../../engine/session/packet-source.ts';
import { pcap } from '../support/build-capture.ts';
import { captureText, goldenCaptures, loadAnything, plainContext, rowText } from '../support/capture-text.ts';
import { buildScanThread, type ScanThread } from '../support/scan-thread.ts';
import { busyCapture } from './busy-capture.ts';

useNodePlatform();

/** Which rows are known to be opened depends on when the secrets of a file are read; here they lie behind the packets. */
const SECRETS_BEHIND = 'secrets-behind-packets';
const golden = goldenCaptures().filter(({ name }) => !name.includes(SECRETS_BEHIND));
const goldenBytes = fc.constantFrom(...golden).map(({ bytes }) => bytes);

/** A golden capture with a few bytes changed. */
const mutated = fc
  .tuple(goldenBytes, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 12 }))
  .map(([bytes, changes]) => {
    const copy = bytes.slice();
    for (const [place, value] of changes) copy[place % Math.max(1, copy.length)] = value;
    return copy;
  });

/** Any bytes at all as packets of any link type. */
const random = fc
  .record({
    linkType: fc.constantFrom(1, 0, 9, 101, 105, 108, 113, 127, 192, 228, 229, 276),
    packets: fc.array(
      fc.record({ time: fc.bigInt(0n, 4_000_000_000_000_000_000n), bytes: fc.uint8Array({ maxLength: 200 }) }),
      { maxLength: 10 },
    ),
  })
  .map((fields) => pcap(fields));

const anyCapture = fc.oneof(
  { arbitrary: goldenBytes, weight: 2 },
  { arbitrary: mutated, weight: 3 },
  random,
  busyCapture,
);
const batch = fc.record({ batchBytes: fc.integer({ min: 0, max: 400 }), batchPackets: fc.integer({ min: 1, max: 9 }) });

function treeLines(nodes: readonly TreeNode[], indent = ''): string[] {
  return nodes.flatMap((node) => [
    `${indent}${node.field?.abbrev ?? ''} ${labelOf(node)} ${String(node.value)} @${node.source}:${node.at}+${node.length}${node.hidden ? ' hidden' : ''}`,
    ...treeLines(node.children ?? [], `${indent} `),
  ]);
}

/** All that dissecting a row tells. */
function dissectionText(capture: Capture, dissector: Dissector, row: number): string {
  const packet = new PacketSource(capture, dissector, row, plainContext(row));
  const { info, protocolColumn, malformed } = packet.dissection;
  return [`${protocolColumn} | ${info} | ${malformed}`, ...treeLines(packet.tree)].join('\n');
}

describe('loading', () => {
  it('gives the same table whatever the batch size', () => {
    fc.assert(
      fc.property(anyCapture, batch, (bytes, sizes) => {
        const whole = loadAnything(bytes);
        const pieces = loadAnything(bytes, sizes);
        expect(pieces === null).toBe(whole === null);
        if (whole !== null && pieces !== null) expect(captureText(pieces)).toEqual(captureText(whole));
      }),
    );
  });

  it('gives the same table when the file is read again', () => {
    fc.assert(
      fc.property(anyCapture, (bytes) => {
        const first = loadAnything(bytes);
        if (first === null) return;
        const second = new Capture(first.reader.again(), { seed: 1 });
        second.load();
        expect(captureText(second)).toEqual(captureText(first));
      }),
    );
  });

  it('gives the same rows up to any cut of the file', () => {
    fc.assert(
      fc.property(fc.oneof(goldenBytes, busyCapture), fc.nat(), (bytes, place) => {
        const whole = loadAnything(bytes);
        const cut = loadAnything(bytes.subarray(0, place % (bytes.length + 1)));
        if (whole === null || cut === null) return;
        // A variant of the format may be told apart by records that the cut took.
        if (cut.reader.facts.description !== whole.reader.facts.description) return;
        expect(cut.table.count).toBeLessThanOrEqual(whole.table.count);
        // Late segments say anew what rows before them hold: those are as they are once all is there.
        const { amended } = whole.pass.framing.fills;
        for (let row = 0; row < cut.table.count; row++)
          if (!amended.has(row)) expect(rowText(cut, row)).toBe(rowText(whole, row));
      }),
    );
  });

  describe('with a second thread', () => {
    let thread: ScanThread;
    beforeAll(async () => {
      thread = await buildScanThread();
    });
    afterAll(() => {
      thread.dispose();
    });

    it('gives the same table', () => {
      const files = golden.filter(({ bytes }) => bytes.length > 300);
      fc.assert(
        fc.property(
          fc.oneof(
            fc.constantFrom(...files).map(({ bytes }) => bytes),
            busyCapture,
          ),
          batch,
          (bytes, sizes) => {
            const isWatched = sizes.batchPackets % 2 === 0;
            const scanner = new SharedScanner(thread.entry, sizes.batchBytes, sizes.batchPackets, [], isWatched);
            try {
              const alone = loadAnything(bytes);
              const shared = loadAnything(bytes, { scanner });
              expect(shared === null).toBe(alone === null);
              if (alone !== null && shared !== null) expect(captureText(shared)).toEqual(captureText(alone));
            } finally {
              scanner.close();
            }
          },
        ),
        { numRuns: 40 },
      );
    });

    it('lets both threads scan, over many batches', async () => {
      const [one = new Uint8Array(0)] = fc.sample(busyCapture, { seed: 7, numRuns: 1 });
      const bytes = repeated(one, 400);
      const alone = loadAnything(bytes);
      let scannedElsewhere = 0;
      // How much the other thread gets to do is the system's choice; on a busy machine it may start late.
      for (let attempt = 1; attempt <= 20 && scannedElsewhere === 0; attempt++) {
        const scanner = new SharedScanner(thread.entry, 4096, 64);
        await new Promise((resolve) => setTimeout(resolve, 150 * attempt));
        const shared = loadAnything(bytes, { scanner });
        scanner.close();
        if (alone === null || shared === null) throw new Error('it was refused');
        expect(alone.table.count).toBeGreaterThan(2_000);
        expect(captureText(shared)).toEqual(captureText(alone));
        scannedElsewhere = scanner.scannedElsewhere;
      }
      expect(scannedElsewhere).toBeGreaterThan(0);
    }, 60_000);
  });
});

/** A pcap file with its records many times over. */
function repeated(file: Uint8Array, times: number): Uint8Array {
  const records = file.subarray(24);
  const all = new Uint8Array(24 + times * records.length);
  all.set(file.subarray(0, 24));
  for (let i = 0; i < times; i++) all.set(records, 24 + i * records.length);
  return all;
}

describe('dissecting', () => {
  it('gives the same for each row, whichever is asked first', () => {
    fc.assert(
      fc.property(anyCapture, fc.infiniteStream(fc.nat()), (bytes, numbers) => {
        const capture = loadAnything(bytes);
        if (capture === null || capture.table.count === 0) return;
        const { count } = capture.table;
        const inOrder = new Dissector(capture);
        const expected = Array.from({ length: count }, (_, row) => dissectionText(capture, inOrder, row));
        const anyOrder = new Dissector(capture);
        for (let i = 0; i < Math.min(count, 12); i++) {
          const row = (numbers.next().value as number) % count;
          expect(dissectionText(capture, anyOrder, row)).toBe(expected[row]);
        }
      }),
    );
  });
});
