/** What TCP's tree says of the segments of a message, of its length, and of who closes the connection. */

import { describe, expect, it } from 'vitest';
import { catalog } from '../../../../engine/dissect/registry.ts';
import type { Capture } from '../../../../engine/session/capture.ts';
import { Dissector } from '../../../../engine/session/dissector.ts';
import { PacketSource } from '../../../../engine/session/packet-source.ts';
import { hex, join, u16, zeros } from '../../../support/build-bytes.ts';
import { everyMs, pcap, timeOf } from '../../../support/build-capture.ts';
import { ethernet } from '../../../support/build-link.ts';
import { ipv4, tcp } from '../../../support/build-packet.ts';
import { plainContext } from '../../../support/capture-text.ts';
import { loadCapture } from '../../../support/load-capture.ts';

const MACS = { src: '02:00:00:00:00:01', dst: '02:00:00:00:00:02' };
const ISN = 1000;

type Flag = 'ack' | 'fin' | 'syn' | 'urg';

function segment(data: Uint8Array, from: number, flags: readonly Flag[] = ['ack']): Uint8Array {
  const fields = { srcPort: 40_000, dstPort: 53, seq: ISN + from, ack: 1, flags } as const;
  return ethernet(MACS, ipv4({ src: '192.0.2.10', dst: '198.51.100.20' }, tcp(fields, data))).bytes();
}

function back(flags: readonly Flag[]): Uint8Array {
  const fields = { srcPort: 53, dstPort: 40_000, seq: 5000, ack: ISN, flags } as const;
  return ethernet(MACS, ipv4({ src: '198.51.100.20', dst: '192.0.2.10' }, tcp(fields, new Uint8Array(0)))).bytes();
}

const captureOf = (...frames: readonly Uint8Array[]): Capture =>
  loadCapture(pcap({ packets: everyMs(timeOf('2026-01-15T09:00:00Z'), frames) }));

/** A field's values in each row. */
function valuesByRow(capture: Capture, name: string): string[] {
  const field = catalog.get(name);
  if (field === undefined) throw new Error(`no field ${name}`);
  const dissector = new Dissector(capture);
  return Array.from({ length: capture.table.count }, (_, row) =>
    new PacketSource(capture, dissector, row, plainContext(row))
      .occurrences(field)
      .map(({ value }) => String(value))
      .join(' '),
  );
}

/** A query over TCP: 40 bytes with its length. */
const query = join(u16(38), hex('0001 0100 0001 0000 0000 0000'), [20], zeros(20).fill(0x61), hex('00 0001 0001'));

describe('segments of a message', () => {
  it('that overlap say so, and whether their bytes differ', () => {
    const changed = query.slice(10, 30);
    changed[0] = 0x7a;
    const same = captureOf(
      segment(query.slice(0, 20), 0),
      segment(query.slice(10, 30), 10),
      segment(query.slice(30), 30),
    );
    const other = captureOf(segment(query.slice(0, 20), 0), segment(changed, 10), segment(query.slice(30), 30));
    expect(valuesByRow(same, 'tcp.segment.overlap')).toEqual(['', '', '1 1']);
    expect(valuesByRow(same, 'tcp.segment.overlap.conflict')).toEqual(['', '', '']);
    expect(valuesByRow(other, 'tcp.segment.overlap.conflict')).toEqual(['', '', '1 1']);
    expect(valuesByRow(other, 'dns.qry.name')).toEqual(valuesByRow(same, 'dns.qry.name'));
  });

  it('that follow one another do not', () => {
    const capture = captureOf(segment(query.slice(0, 20), 0), segment(query.slice(20), 20));
    expect(valuesByRow(capture, 'tcp.segment')).toEqual(['', '1 2']);
    expect(valuesByRow(capture, 'tcp.segment.overlap')).toEqual(['', '']);
  });
});

it('messages with a length in front say how long they are', () => {
  const capture = captureOf(segment(join(query, query, query.slice(0, 7)), 0), segment(query.slice(7), 87));
  expect(valuesByRow(capture, 'tcp.pdu.size')).toEqual(['40 40', '40']);
});

it('the first FIN closes the connection, the other direction follows', () => {
  const capture = captureOf(
    segment(query, 0),
    back(['ack', 'fin']),
    segment(zeros(0), 40, ['ack', 'fin']),
    back(['fin', 'ack']),
  );
  const found = ['active', 'passive'].map((kind) => valuesByRow(capture, `tcp.connection.fin_${kind}`));
  expect(found[0]?.map((text) => text !== '')).toEqual([false, true, false, true]);
  expect(found[1]?.map((text) => text !== '')).toEqual([false, false, true, false]);
});
