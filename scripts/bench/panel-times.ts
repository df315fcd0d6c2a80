/**
 * One panel on a capture that was just opened, as the window asks for it: a session that gathers messages in the background, the
 * panel right after loading, again, and after changes of the filter. For a process of its own, in which nothing is warm.
 */

import process from 'node:process';
import { serialize } from 'node:v8';
import { FileSource } from '../../engine/host/file-source.ts';
import { useNodePlatform } from '../../engine/host/platform-node.ts';
import { secondThread } from '../../engine/host/shared-scanner.ts';
import { WindowSource } from '../../engine/host/window-source.ts';
import { openCapture } from '../../engine/readers/index.ts';
import { gatheredNow } from '../../engine/session/panels/gathered.ts';
import { Session } from '../../engine/session/session.ts';
import type { Measured, PanelTimes } from './panel-report.ts';

/** How long the background is waited for until a panel is complete. */
const GATHERING_MS = 600_000;

/** Throws where the file cannot be opened. */
export async function panelTimes(
  path: string,
  panel: string,
  repeats: number,
  filters: readonly string[],
): Promise<PanelTimes> {
  useNodePlatform();
  const source = new FileSource(path, path);
  const opened = openCapture(new WindowSource(source));
  if (!opened.ok) throw new Error(`${path}: ${opened.error.message}`);
  const session = new Session(
    1,
    opened.value,
    [{ path, name: path, size: source.size }],
    {
      now: () => performance.now(),
      next: () => new Promise((resolve) => setImmediate(resolve)),
      emit: () => undefined,
    },
    { gathers: true, makeScanner: (decodeAs) => secondThread(source.size, decodeAs, true) },
  );
  const began = performance.now();
  await session.loaded;
  const loadMs = performance.now() - began;
  const call = { signal: new AbortController().signal, progress: () => undefined };
  const ask = async (filter: string): Promise<Measured> => {
    const started = performance.now();
    const used = process.cpuUsage();
    const answer = await session.panel({ session: 1, panel, filter, range: null, appearances: 'all' }, call);
    const { user, system } = process.cpuUsage(used);
    return {
      ms: performance.now() - started,
      cpuMs: (user + system) / 1000,
      isPartial: isPartial(answer),
      bytes: serialize(answer).length,
    };
  };
  const opens = await ask('');
  let again = await ask('');
  for (let i = 2; i < repeats; i++) again = quicker(again, await ask(''));
  const filtered: Measured[] = [];
  for (const filter of filters) filtered.push(await ask(filter));
  const waited = performance.now();
  let completeMs: number | null = null;
  if (opens.isPartial) {
    while (gatheredNow(session.capture) === null && performance.now() - waited < GATHERING_MS)
      await new Promise((resolve) => setTimeout(resolve, 20));
    completeMs = performance.now() - began - loadMs;
    again = await ask('');
  }
  session.close();
  source.close();
  return { panel, packets: session.capture.table.count, loadMs, opens, again, filtered, completeMs };
}

function quicker(one: Measured, other: Measured): Measured {
  return one.ms <= other.ms ? one : other;
}

/** Does a report say that messages are still being read? */
function isPartial(answer: unknown): boolean {
  return (
    typeof answer === 'object' &&
    answer !== null &&
    'findings' in answer &&
    Array.isArray(answer.findings) &&
    answer.findings.some((finding: { id?: unknown }) => finding.id === 'gathering')
  );
}
