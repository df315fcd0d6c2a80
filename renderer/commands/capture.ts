/** Live capture: start and stop, again from the start, its options, saving it, and whether the list follows its end. */

import { ArrowDownToLine, CircleDot, RotateCcw, Save, SlidersHorizontal, Terminal } from 'lucide-react';
import type { CaptureSettings } from '../../engine/contract/capture.ts';
import type { App } from '../state/app.ts';
import { keptMonitors } from '../state/kept-monitors.ts';
import { type Command, defineCommand } from './command.ts';

function isRunning(app: App): boolean {
  return app.session.get().state?.live?.isRunning === true;
}

/** The flight recorder watches the flow monitors as they are now. */
function withMonitors(app: App, options: CaptureSettings | null): CaptureSettings | null {
  const { saveWhen } = options ?? {};
  if (options === null || saveWhen?.monitors === undefined) return options;
  return { ...options, saveWhen: { ...saveWhen, monitors: keptMonitors(app) } };
}

export async function startCapture(app: App): Promise<void> {
  const { capture } = app;
  if (capture.get().ability === null) await capture.refresh();
  const options = withMonitors(app, capture.settings());
  if (options === null || capture.get().ability?.tool === 'none') {
    await app.navigate({ panel: 'live-capture' });
    return;
  }
  capture.setStarting(true);
  try {
    const { displayFilter } = capture.get();
    const isStarted = await app.openCapture((signal) => app.client.request('capture.start', { options }, { signal }));
    if (!isStarted) return;
    capture.wasStarted();
    capture.follow(true);
    if (displayFilter !== '') await app.navigate({ filter: displayFilter });
  } finally {
    capture.setStarting(false);
  }
}

export async function stopCapture(app: App): Promise<void> {
  const { state } = app.session.get();
  if (state?.live?.isRunning === true) await app.client.request('capture.stop', { session: state.session });
}

async function restartCapture(app: App): Promise<void> {
  const { state } = app.session.get();
  if (state === null || state.live === null) return;
  const { session } = state;
  const isStarted = await app.openCapture((signal) => app.client.request('capture.restart', { session }, { signal }));
  if (isStarted) app.capture.follow(true);
}

export const captureToggle = defineCommand({
  id: 'capture.toggle',
  title: 'command.captureToggle',
  group: 'capture',
  shortcuts: ['Mod+E'],
  icon: CircleDot,
  isOn: isRunning,
  when: (app) => !app.capture.get().isStarting,
  run: (app) => (isRunning(app) ? stopCapture(app) : startCapture(app)),
});

export const captureRestart = defineCommand({
  id: 'capture.restart',
  title: 'command.captureRestart',
  group: 'capture',
  icon: RotateCcw,
  when: (app) => (app.session.get().state?.live ?? null) !== null,
  run: restartCapture,
});

export const captureOptions = defineCommand({
  id: 'capture.options',
  title: 'command.captureOptions',
  group: 'capture',
  shortcuts: ['Mod+Shift+E'],
  icon: SlidersHorizontal,
  async run(app) {
    if (app.capture.get().ability === null) await app.capture.refresh();
    app.layout.openDialog('captureOptions');
  },
});

export const captureSave = defineCommand({
  id: 'capture.save',
  title: 'command.captureSave',
  group: 'capture',
  icon: Save,
  when: (app) => (app.session.get().state?.live?.captured ?? 0) > 0,
  run: (app) => app.layout.openDialog('captureSave'),
});

export const captureFollow = defineCommand({
  id: 'capture.follow',
  title: 'command.captureFollow',
  group: 'capture',
  icon: ArrowDownToLine,
  isOn: (app) => app.capture.get().follows,
  when: isRunning,
  run: (app) => app.capture.follow(!app.capture.get().follows),
});

const captureCommands = defineCommand({
  id: 'capture.commands',
  title: 'command.captureCommands',
  group: 'capture',
  icon: Terminal,
  run: (app) => app.layout.openDialog('captureCommands'),
});

export const captureCommandList: readonly Command[] = [
  captureToggle,
  captureRestart,
  captureOptions,
  captureFollow,
  captureSave,
  captureCommands,
];
