/** The window: its safe settings, and its size and place, kept from one run to the next. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { app, BrowserWindow, nativeTheme, type Rectangle, screen, type WebPreferences } from 'electron';
import { PRELOAD } from './paths.ts';
import { PAGE_URL } from './protocol.ts';

const SMALLEST = { width: 800, height: 500 } as const;
const FIRST = { width: 1440, height: 900 } as const;

/** theme/tokens.css: shown until the page is. */
const BACKGROUND = { light: '#f6f7f8', dark: '#101315' } as const;

/** Most are Electron's defaults: written down, so that a test can hold on to them. */
export function webPreferences(isPackaged: boolean): WebPreferences {
  return {
    preload: PRELOAD,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
    devTools: !isPackaged,
  };
}

export function createWindow(): BrowserWindow {
  const { bounds, isMaximized } = readPlace();
  const window = new BrowserWindow({
    ...bounds,
    minWidth: SMALLEST.width,
    minHeight: SMALLEST.height,
    show: false,
    title: 'Nagare',
    backgroundColor: nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light,
    webPreferences: webPreferences(app.isPackaged),
  });
  if (isMaximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => keepPlace(window));
  void window.loadURL(PAGE_URL);
  return window;
}

interface Place {
  readonly bounds: Partial<Rectangle> & { readonly width: number; readonly height: number };
  readonly isMaximized: boolean;
}

function placeFile(): string {
  return join(app.getPath('userData'), 'window.json');
}

/** Where the window was, if a part of that can still be seen. */
function readPlace(): Place {
  try {
    const stored = JSON.parse(readFileSync(placeFile(), 'utf8')) as Readonly<Record<string, unknown>>;
    const { x, y, width, height, isMaximized } = stored;
    if (!isNumber(x) || !isNumber(y) || !isNumber(width) || !isNumber(height))
      return { bounds: FIRST, isMaximized: false };
    const size = { width: Math.max(SMALLEST.width, width), height: Math.max(SMALLEST.height, height) };
    const bounds = isVisible({ x, y, ...size }) ? { x, y, ...size } : size;
    return { bounds, isMaximized: isMaximized === true };
  } catch {
    return { bounds: FIRST, isMaximized: false }; // the first start, or a file that nobody can read
  }
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** Whether enough of the title bar is on a display to be caught with the mouse. */
function isVisible({ x, y, width }: Rectangle): boolean {
  return screen.getAllDisplays().some(({ workArea }) => {
    const overlap = Math.min(x + width, workArea.x + workArea.width) - Math.max(x, workArea.x);
    return overlap >= 100 && y >= workArea.y && y < workArea.y + workArea.height - 30;
  });
}

function keepPlace(window: BrowserWindow): void {
  const place = { ...window.getNormalBounds(), isMaximized: window.isMaximized() };
  try {
    mkdirSync(dirname(placeFile()), { recursive: true });
    writeFileSync(placeFile(), `${JSON.stringify(place)}\n`);
  } catch {
    // The window then opens at its usual place: not worth a word while it closes.
  }
}
