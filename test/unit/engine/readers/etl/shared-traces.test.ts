/** Traces of other people, where they are there, against what another reader finds in them. */

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openBytes, readAll } from '../read-all.ts';

const FOLDER = join('..', 'shared', 'captures', 'windows');
const ORACLE = join('..', 'shared', 'captures', 'oracle', 'windows');
const traces = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith('.etl')) : [];
const TAGS = ['None', 'In', 'Out', 'Rx', 'Tx', 'Ingress', 'Egress'];
/** What both say of a packet, in the words of the reference. */
const COLUMNS = [
  'time_epoch',
  'source',
  'cpu',
  'pid',
  'tid',
  'group',
  'pkt_number',
  'direction',
  'component',
  'edge',
  'filter',
  'len',
  'cap_len',
  'sha256',
] as const;
type Row = Readonly<Record<(typeof COLUMNS)[number], unknown>>;

function oracle(name: string): string[] {
  const text = gunzipSync(readFileSync(join(ORACLE, `${name}.packets.tsv.gz`))).toString();
  const [head = '', ...rows] = text.trimEnd().split('\n');
  const columns = head.split('\t');
  return rows.map((row) => {
    const cells = row.split('\t');
    return COLUMNS.map((column) => cells[columns.indexOf(column)] ?? '').join(' ');
  });
}

function ours(name: string): string[] {
  const reader = openBytes(new Uint8Array(readFileSync(join(FOLDER, name))));
  const rows = readAll(reader).map((packet) => {
    const trace = reader.options(packet.locator, packet.interface)?.trace;
    const isPktmon = trace?.provider === 'pktmon';
    const row: Row = {
      time_epoch: packet.time,
      source: isPktmon ? 'pktmon' : 'ndiscap',
      cpu: trace?.processor,
      pid: trace?.processId,
      tid: trace?.threadId,
      group: trace?.groupId ?? '',
      pkt_number: trace?.packetNumber ?? '',
      direction: isPktmon ? TAGS[trace.directionTag ?? 0] : ['', 'Rx', 'Tx'][packet.direction],
      component: trace?.component ?? trace?.layer,
      edge: trace?.edge ?? trace?.adapter,
      filter: trace?.filter ?? '',
      len: packet.length,
      cap_len: packet.bytes.length,
      sha256: createHash('sha256').update(packet.bytes).digest('hex'),
    };
    return COLUMNS.map((column) => String(row[column])).join(' ');
  });
  expect(reader.problem).toBeNull();
  return rows;
}

describe.skipIf(traces.length === 0)('traces of ../shared/captures', () => {
  it.each(traces)('%s has the packets that the reference has', (name) => {
    // The order among equal times is free.
    expect(ours(name).sort()).toEqual(oracle(name).sort());
  });
});
