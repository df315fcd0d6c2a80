/** A capture's rows as the flow pass left them, and as the detail pass shows them. */

import { allProtocols } from '../../engine/dissect/registry.ts';
import type { Dissection } from '../../engine/dissect/tree.ts';
import type { CaptureOptions } from '../../engine/session/capture.ts';
import { Dissector } from '../../engine/session/dissector.ts';
import { loadCapture } from './load-capture.ts';

export interface LoadedFrames {
  /** Layers of each row above its transport, as known when loading ended. */
  readonly stacks: readonly string[];
  readonly dissect: (row: number) => Dissection;
}

export function loadedFrames(file: Uint8Array, options: CaptureOptions = {}): LoadedFrames {
  const capture = loadCapture(file, options);
  const dissector = new Dissector(capture);
  const { stacks, table } = capture.pass;
  return {
    stacks: Array.from({ length: table.count }, (_, row) =>
      stacks
        .layers(table.get('stack', row))
        .map((index) => allProtocols[index]?.name ?? '')
        .join(':')
        .replace(/^eth:ethertype:ip:(?:tcp|udp):?/, ''),
    ),
    dissect: (row) => dissector.dissect(row),
  };
}
