/** A filter's plan (stacks, paths, columns, then dissection) finds exactly the rows of which the filter is true when each is dissected. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BitSet } from '../../engine/base/bitset.ts';
import { headerField } from '../../engine/dissect/header-fields.ts';
import { plainValue } from '../../engine/dissect/node.ts';
import { allProtocols, catalog } from '../../engine/dissect/registry.ts';
import { columnFields, pathFields } from '../../engine/filter/column-fields.ts';
import { evaluate } from '../../engine/filter/evaluate.ts';
import { checkFilter } from '../../engine/filter/language/check.ts';
import { runFilter } from '../../engine/filter/plan.ts';
import { useNodePlatform } from '../../engine/host/platform-node.ts';
import type { Capture } from '../../engine/session/capture.ts';
import { Dissector } from '../../engine/session/dissector.ts';
import { filterData, PacketSource } from '../../engine/session/packet-source.ts';
import { TCP_FIGURES } from '../../engine/session/tcp-figures.ts';
import { UDP_FIGURES } from '../../engine/session/udp-figures.ts';
import { goldenCaptures, loadAnything, plainContext } from '../support/capture-text.ts';
import { busyCapture } from './busy-capture.ts';

useNodePlatform();

/** Fields that are decided without dissecting, and some that need it. */
const FIELDS: readonly string[] = [
  ...catalog.fields.filter((field) => headerField(field) !== null).map(({ abbrev }) => abbrev),
  'frame.time_relative',
  'frame.time_delta',
  ...columnFields.keys(),
  ...pathFields.keys(),
  ...TCP_FIGURES,
  ...UDP_FIGURES,
  'frame.number',
  'frame.protocols',
  'tcp.stream',
  'udp.stream',
  'ip.proto',
  'tcp.hdr_len',
  'http.request.method',
  'dns.qry.name',
  'tls.handshake.type',
];
/** Layers of the stack without a row in the tree: the column pass alone knows them. */
const WITHOUT_ROW: readonly string[] = ['mptcp', 'pcap_pktdata'];
const PROTOCOLS: readonly string[] = allProtocols
  .slice(1)
  .map(({ name }) => name)
  .filter((name) => !WITHOUT_ROW.includes(name));

/** A capture, and for each row its packet, with all values of the fields as people type them. */
interface Material {
  readonly capture: Capture;
  readonly dissector: Dissector;
  readonly packets: readonly PacketSource[];
  readonly values: ReadonlyMap<string, readonly string[]>;
}

const known = new Map<Uint8Array, Material | null>();

function material(bytes: Uint8Array): Material | null {
  const found = known.get(bytes);
  if (found !== undefined) return found;
  const capture = loadAnything(bytes);
  let made: Material | null = null;
  if (capture !== null && capture.table.count > 0 && capture.table.count < 500) {
    const dissector = new Dissector(capture);
    const packets = Array.from(
      { length: capture.table.count },
      (_, row) => new PacketSource(capture, dissector, row, plainContext(row)),
    );
    const values = new Map<string, string[]>();
    for (const abbrev of FIELDS) {
      const field = catalog.get(abbrev);
      if (field === undefined) throw new Error(`${abbrev} is no field`);
      const texts = new Set<string>();
      for (const packet of packets) {
        for (const { value } of packet.occurrences(field)) {
          if (value !== null)
            texts.add(field.type === 'string' ? JSON.stringify(value) : quotedTime(plainValue(field, value)));
        }
      }
      values.set(abbrev, [...texts]);
    }
    made = { capture, dissector, packets, values };
  }
  known.clear();
  known.set(bytes, made);
  return made;
}

/** Absolute times are written as quoted texts. */
function quotedTime(text: string): string {
  return text.includes(' ') ? `"${text}"` : text;
}

/** Makes a filter's text from numbers, with values from the capture most of the time. */
class Writer {
  private readonly next: () => number;
  private readonly values: Material['values'];

  constructor(numbers: Iterator<number>, values: Material['values']) {
    this.next = () => numbers.next().value as number;
    this.values = values;
  }

  private pick<T>(from: readonly T[]): T {
    const picked = from[this.next() % from.length];
    if (picked === undefined) throw new Error('nothing to pick from');
    return picked;
  }

  private field(): string {
    if (this.next() % 3 > 0) {
      const present = FIELDS.filter((abbrev) => (this.values.get(abbrev) ?? []).length > 0);
      if (present.length > 0) return this.pick(present);
    }
    return this.pick(FIELDS);
  }

  private value(abbrev: string): string {
    const texts = this.values.get(abbrev) ?? [];
    if (texts.length > 0 && this.next() % 8 > 0) return this.pick(texts);
    return this.pick([
      '0',
      '1',
      '2',
      '53',
      '443',
      '1500',
      '4294967295',
      '192.0.2.1',
      '192.0.2.0/24',
      '2001:db8::/32',
      '02:00:00:00:00:01',
      '"x"',
    ]);
  }

  filter(depth: number): string {
    switch (depth > 0 ? this.next() % 9 : 4 + (this.next() % 5)) {
      case 0:
        return `not (${this.filter(depth - 1)})`;
      case 1:
        return `(${this.filter(depth - 1)}) and (${this.filter(depth - 1)})`;
      case 2:
        return `(${this.filter(depth - 1)}) or (${this.filter(depth - 1)})`;
      case 3:
        return `(${this.filter(depth - 1)}) xor (${this.filter(depth - 1)})`;
      default:
        return this.leaf();
    }
  }

  private leaf(): string {
    const field = this.field();
    const layer = this.next() % 6 === 0 ? this.pick(['#1', '#2', '#[-1]', '#[1-2]']) : '';
    const quantifier = this.pick(['', '', '', 'any ', 'all ']);
    switch (this.next() % 8) {
      case 0:
        return this.pick(PROTOCOLS);
      case 1:
        return `${field}${layer}`;
      case 2:
        return `${quantifier}${field}${layer} in {${this.value(field)}, ${this.value(field)}..${this.value(field)}}`;
      case 3:
        return `${quantifier}${field}${layer} in {${this.value(field)}}`;
      case 4:
        return `${field} & ${this.value(field)}`;
      default:
        return `${quantifier}${field}${layer} ${this.pick(['==', '!=', '===', '!==', '<', '<=', '>', '>='])} ${this.value(field)}`;
    }
  }
}

async function planned(made: Material, text: string, from: number): Promise<number[] | null> {
  const checked = checkFilter(text, catalog);
  if (!checked.ok) return null;
  const { capture, dissector } = made;
  const data = filterData(capture, dissector, plainContext);
  const { count } = capture.table;
  const set: BitSet = await runFilter(checked.value.tree, data, from, count, () => null);
  return [...set.toRows()];
}

function direct(made: Material, text: string, from: number): number[] {
  const checked = checkFilter(text, catalog);
  if (!checked.ok) throw new Error(checked.error.message);
  const { tree } = checked.value;
  const rows: number[] = [];
  made.packets.forEach((packet, row) => {
    if (row >= from && (tree === null || evaluate(tree, packet))) rows.push(row);
  });
  return rows;
}

const golden = goldenCaptures();

describe('a filter', () => {
  it('finds by its plan what it is true of', async () => {
    let compared = 0;
    let found = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.constantFrom(...golden.map(({ bytes }) => bytes)), busyCapture),
        fc.infiniteStream(fc.nat()),
        fc.nat(),
        async (bytes, numbers, place) => {
          const made = material(bytes);
          if (made === null) return;
          const writer = new Writer(numbers, made.values);
          for (let i = 0; i < 12; i++) {
            const text = writer.filter(3);
            const from = i % 4 === 0 ? place % made.capture.table.count : 0;
            const rows = await planned(made, text, from);
            if (rows === null) continue;
            compared++;
            if (rows.length > 0) found++;
            const right = direct(made, text, from);
            const tooMany = rows.filter((row) => !right.includes(row));
            const missing = right.filter((row) => !rows.includes(row));
            expect({ text, tooMany, missing }).toEqual({ text, tooMany: [], missing: [] });
          }
        },
      ),
    );
    expect(compared).toBeGreaterThan(100);
    expect(found).toBeGreaterThan(compared / 10);
  });

  it('finds every protocol and every field that decides by columns or paths, alone', async () => {
    const wrong: string[] = [];
    for (const { name, bytes } of golden) {
      const made = material(bytes);
      if (made === null) continue;
      for (const text of [...PROTOCOLS, ...FIELDS]) {
        const rows = (await planned(made, text, 0))?.join();
        const right = direct(made, text, 0).join();
        if (rows !== right) wrong.push(`${name}: ${text} found ${rows}, is true of ${right}`);
      }
    }
    expect(wrong).toEqual([]);
  }, 600_000);
});
