/** All that loading a capture finds out, as lines of text to compare; and the golden captures as bytes. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { allProtocols } from '../../engine/dissect/registry.ts';
import { MemorySource } from '../../engine/readers/byte-source.ts';
import { openCapture } from '../../engine/readers/index.ts';
import { Capture, type CaptureOptions } from '../../engine/session/capture.ts';
import { type FrameContext, stackText } from '../../engine/session/frame-tree.ts';
import { FLOW } from '../../engine/table/flow-states.ts';
import type { ColumnName } from '../../engine/table/packet-table.ts';
import { PATH_WORDS } from '../../engine/table/path-words.ts';
import { DISSECT_ME } from '../../engine/table/stacks.ts';

/** A capture, read to its end; null where the bytes are no capture file. Throws where reading does not end. */
export function loadAnything(bytes: Uint8Array, options: CaptureOptions = {}): Capture | null {
  const opened = openCapture(new MemorySource(bytes, 'test.capture'));
  if (!opened.ok) return null;
  const capture = new Capture(opened.value, { seed: 1, ...options });
  let asked = 0;
  // Asked once per batch, and a batch holds a packet at least.
  if (!capture.load(() => ++asked > bytes.length + 10)) throw new Error('loading does not end');
  return capture;
}

const NUMBERS: readonly ColumnName[] = [
  'locator',
  'time',
  'capturedLength',
  'length',
  'interface',
  'flags',
  'seq',
  'ack',
  'window',
  'tcpFlags',
  'payloadLength',
  'analysis',
  'acksRow',
];

/** Every column of a row, with path and stack by what they mean, not by their numbers. */
export function rowText(capture: Capture, row: number): string {
  const { table, pass } = capture;
  const numbers = NUMBERS.map((name) => `${name}=${table.get(name, row)}`);
  const stack = table.get('stack', row);
  const layers = stack === DISSECT_ME ? '?' : stackText(pass.stacks.layers(stack));
  const words: string[] = [];
  pass.paths.visit(table.get('path', row), (kind, own, at) => {
    words.push(`${kind}/${own}/${[...pass.paths.words.subarray(at, at + (PATH_WORDS[kind] ?? 0))].join('.')}`);
  });
  return `${row}: ${layers} [${words.join(' ')}] ${numbers.join(' ')}`;
}

/** What the flow pass knows of a row beside its columns. Later rows may add to it. */
export function flowText(capture: Capture, row: number): string {
  const { table, pass } = capture;
  const flow = pass.flowOf(row);
  const application = flow < 0 ? 0 : pass.flows.get(flow, FLOW.application);
  const name = application < 2 ? application : allProtocols[application - 1]?.name;
  const far = pass.farTimes.get(row);
  const facts = [
    pass.datagrams.get(row),
    pass.completedBy.get(row),
    pass.outerFlows.get(table.get('path', row)),
    capture.comments.get(row),
    far?.seconds,
    far?.nanos,
  ];
  return `${flow}/${flow < 0 ? '' : pass.flows.get(flow, FLOW.stream)}/${name} ${JSON.stringify(facts)}`;
}

/** The whole table, the messages that span rows, and what the file said at its end. */
export function captureText(capture: Capture): string[] {
  const lines: string[] = [];
  for (let row = 0; row < capture.table.count; row++) {
    lines.push(`${rowText(capture, row)} ${flowText(capture, row)}`);
  }
  const { endRow, startRow, startOffset } = capture.pass.framing.messages;
  for (let i = 0; i < endRow.length; i++) {
    lines.push(`message ${startRow.items[i]}+${startOffset.items[i]} to ${endRow.items[i]}`);
  }
  lines.push(`${capture.epoch} ${capture.pass.firstTime} ${capture.pass.lastTime} ${capture.problem?.message ?? ''}`);
  return lines;
}

/** For dissections outside a view: every packet is displayed, none is a time reference. */
export function plainContext(row: number): FrameContext {
  return { displayedBefore: row - 1, reference: -1 };
}

export interface GoldenCapture {
  /** `tcp/exchange.pcap` */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The golden captures that readers take as they are (compressed ones are unpacked elsewhere). */
export function goldenCaptures(): GoldenCapture[] {
  const root = fileURLToPath(new URL('../golden/', import.meta.url));
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(pcap|pcapng|snoop)$/.test(path))
    .sort()
    .map((path) => ({ name: path.replaceAll('\\', '/'), bytes: new Uint8Array(readFileSync(join(root, path))) }));
}
