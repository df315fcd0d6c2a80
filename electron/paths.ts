/** Where the parts of the built program lie. They are found from here: build/electron, or build/chunks beside it. */

import { fileURLToPath } from 'node:url';

function built(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}

export const PAGE_FOLDER = built('renderer/');
export const PRELOAD = built('electron/preload.cjs');
export const HOST_PROCESS = built('electron/host-process.js');
export const SAMPLE = built('../assets/sample.pcapng');
