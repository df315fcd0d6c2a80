/** Text that is a document of XML: where the first bytes tell while loading, no packet is dissected to know; where not, it is. */

import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { catalog } from '../../../../engine/dissect/registry.ts';
import { checkFilter } from '../../../../engine/filter/language/check.ts';
import { runFilter } from '../../../../engine/filter/plan.ts';
import { useNodePlatform } from '../../../../engine/host/platform-node.ts';
import type { Capture } from '../../../../engine/session/capture.ts';
import { Dissector } from '../../../../engine/session/dissector.ts';
import { hidesLayers } from '../../../../engine/session/hidden-layers.ts';
import { filterData } from '../../../../engine/session/packet-source.ts';
import { everyMs, pcap, timeOf } from '../../../support/build-capture.ts';
import { type HttpResponseFields, httpResponse } from '../../../support/build-http.ts';
import { ethernet } from '../../../support/build-link.ts';
import { ipv4, tcp } from '../../../support/build-packet.ts';
import { plainContext } from '../../../support/capture-text.ts';
import { loadCapture } from '../../../support/load-capture.ts';

useNodePlatform();

const XML = '<?xml version="1.0"?>\n<html><body>flow</body></html>\n';
const PLAIN = '<!DOCTYPE html>\n<html><body>flow</body></html>\n';
const TYPE = { 'Content-Type': 'text/html; charset=utf-8' };

/** One response, in segments cut at `cuts`. */
function captureOf(response: Uint8Array, cuts: readonly number[] = []): Capture {
  const ends = [...cuts, response.length];
  const frames = ends.map((end, i) => {
    const from = ends[i - 1] ?? 0;
    const fields = { srcPort: 80, dstPort: 40_000, seq: 1000 + from, ack: 1, flags: ['ack'] } as const;
    const packet = ipv4({ src: '198.51.100.20', dst: '192.0.2.10' }, tcp(fields, response.slice(from, end)));
    return ethernet({ src: '02:00:00:00:00:01', dst: '02:00:00:00:00:02' }, packet).bytes();
  });
  return loadCapture(pcap({ packets: everyMs(timeOf('2026-01-15T09:00:00Z'), frames) }));
}

async function count(capture: Capture, filter: string): Promise<number> {
  const checked = checkFilter(filter, catalog);
  if (!checked.ok) throw new Error(checked.error.message);
  const data = filterData(capture, new Dissector(capture), plainContext);
  return (await runFilter(checked.value.tree, data, 0, capture.table.count, () => null)).count();
}

/** Of the last row: must it be dissected, has it text, has it XML. */
async function found(capture: Capture): Promise<readonly [boolean, number, number, number]> {
  const { stacks, table } = capture.pass;
  return [
    hidesLayers(stacks, table.get('stack', table.count - 1)),
    await count(capture, 'data-text-lines'),
    await count(capture, 'xml'),
    await count(capture, 'frame.protocols matches "http:data-text-lines(:xml)?$"'),
  ];
}

const respond = (fields: HttpResponseFields): Uint8Array =>
  httpResponse({ ...fields, headers: { ...TYPE, ...fields.headers } });

describe('text in a response', () => {
  const header = respond({ body: XML }).length - XML.length;

  it.each<[string, HttpResponseFields, readonly number[], boolean]>([
    ['whole', {}, [], false],
    ['said to be as it is', { headers: { 'Content-Encoding': 'identity' } }, [], false],
    ['in chunks', { chunks: [20, 30] }, [], false],
    ['in a segment that its header is not in', {}, [header], true],
    ['cut inside its body', {}, [header + 10], false],
  ])('%s: is known by its first bytes', async (_, fields, cuts, isOpen) => {
    expect(await found(captureOf(respond({ ...fields, body: PLAIN }), cuts))).toEqual([isOpen, 1, 0, 1]);
    expect(await found(captureOf(respond({ ...fields, body: XML }), cuts))).toEqual([true, 1, 1, 1]);
  });

  it('packed: is read to know', async () => {
    const headers = { 'Content-Encoding': 'gzip' };
    const packed = (text: string): Capture => captureOf(respond({ headers, body: gzipSync(text) }));
    expect(await found(packed(PLAIN))).toEqual([true, 1, 0, 1]);
    expect(await found(packed(XML))).toEqual([true, 1, 1, 1]);
  });

  it('until the connection closes: is known by its first bytes', async () => {
    const endless = (text: string): Uint8Array =>
      new TextEncoder().encode(`HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n${text}`);
    const { stacks, table } = captureOf(endless(PLAIN)).pass;
    expect(hidesLayers(stacks, table.get('stack', 0))).toBe(false);
  });
});
