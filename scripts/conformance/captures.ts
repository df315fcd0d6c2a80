/** The captures to compare: found by theme, opened in this process one after another, closed before the next one. */

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { FileSource } from '../../engine/host/file-source.ts';
import { unpackIfPacked } from '../../engine/host/unpack-file.ts';
import { WindowSource } from '../../engine/host/window-source.ts';
import { openCapture } from '../../engine/readers/index.ts';
import { Capture } from '../../engine/session/capture.ts';
import { Dissector } from '../../engine/session/dissector.ts';

export const THEMES = ['formats', 'tcp', 'app', 'cloud', 'windows', 'linktypes', 'corrupt'] as const;
export type Theme = (typeof THEMES)[number];

export interface CaptureName {
  readonly theme: Theme;
  /** `tcp/wiki-iperf.pcap`: as in the reference answers. */
  readonly name: string;
}

export interface Opened {
  readonly capture: Capture;
  readonly dissector: Dissector;
  close(): void;
}

/** Captures whose name has `part` in it, theme by theme. */
export function capturesIn(folder: string, part: string): CaptureName[] {
  return THEMES.filter((theme) => existsSync(join(folder, theme))).flatMap((theme) =>
    readdirSync(join(folder, theme))
      .sort()
      .map((file) => ({ theme, name: `${theme}/${file}` }))
      .filter(({ name }) => name.includes(part)),
  );
}

/** Null: no reader takes the file. */
export async function open(folder: string, name: string): Promise<Opened | null> {
  const file = await unpackIfPacked(join(folder, name));
  const source = new FileSource(file.path, name);
  const dispose = (): void => {
    source.close();
    file.dispose();
  };
  const { compression, problem } = file;
  const reader = openCapture(new WindowSource(source), compression === null ? undefined : { compression, problem });
  if (!reader.ok) {
    dispose();
    return null;
  }
  const capture = new Capture(reader.value);
  capture.load();
  return {
    capture,
    dissector: new Dissector(capture),
    close: () => {
      capture.close();
      dispose();
    },
  };
}
