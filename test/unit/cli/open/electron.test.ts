/** Electron's program looked up and fetched, with a stand-in of its package's installer. */

import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { electronProgram, type FetchOptions, fetchElectron, RETRY_MS } from '../../../../cli/open/electron.ts';

let folder: string;
let notes: string;
let starts: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nagare-test-'));
  notes = join(folder, 'notes');
  starts = 0;
  // install.js of the package is CommonJS.
  writeFileSync(join(folder, 'package.json'), '{"name":"electron","version":"45.4.1"}');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function installer(script: string): void {
  const helpers = "const fs = require('fs'), os = require('os'), path = require('path');";
  writeFileSync(join(folder, 'install.js'), `${helpers}\n${script}`);
}

function options(more: Partial<FetchOptions> = {}): FetchOptions {
  return { notes, isAsked: false, onStart: () => starts++, silenceMs: 1500, ...more };
}

describe('electronProgram', () => {
  test('is the file that path.txt names, where it is there', () => {
    expect(electronProgram(folder, {})).toBeNull();
    writeFileSync(join(folder, 'path.txt'), 'electron.exe\n');
    expect(electronProgram(folder, {})).toBeNull();
    mkdirSync(join(folder, 'dist'));
    writeFileSync(join(folder, 'dist', 'electron.exe'), '');
    expect(electronProgram(folder, {})).toBe(join(folder, 'dist', 'electron.exe'));
  });

  test('may lie elsewhere', () => {
    const elsewhere = join(folder, 'elsewhere');
    mkdirSync(elsewhere);
    expect(electronProgram(folder, { ELECTRON_OVERRIDE_DIST_PATH: elsewhere })).toBeNull();
    writeFileSync(join(elsewhere, 'electron'), '');
    expect(electronProgram(folder, { ELECTRON_OVERRIDE_DIST_PATH: elsewhere })).toBe(join(elsewhere, 'electron'));
  });
});

describe('fetchElectron', () => {
  test('runs the installer, and leaves nothing of its temporary folder', async () => {
    installer("fs.writeFileSync(path.join(__dirname, 'done'), os.tmpdir());");
    expect(await fetchElectron(folder, options())).toEqual({ ok: true });
    expect(existsSync(join(folder, 'done'))).toBe(true);
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('nagare-electron-'))).toEqual([]);
  });

  test('gives up after silence', async () => {
    installer('setTimeout(() => {}, 60000);');
    const started = performance.now();
    expect(await fetchElectron(folder, options())).toEqual({ ok: false, why: 'silent' });
    expect(performance.now() - started).toBeLessThan(8000);
  });

  test('waits as long as bytes come', async () => {
    installer(`
      const file = path.join(os.tmpdir(), 'part');
      let left = 8;
      const timer = setInterval(() => {
        fs.appendFileSync(file, 'bytes');
        if (--left === 0) clearInterval(timer);
      }, 400);
    `);
    expect(await fetchElectron(folder, options())).toEqual({ ok: true });
  });

  test('a failure says why, and is not tried again for a day unless asked', async () => {
    installer("console.error('Error: no way\\n  at somewhere'); process.exit(1);");
    const at = 1_000_000;
    const failed = { ok: false, why: 'failed', reason: 'Error: no way' };
    expect(await fetchElectron(folder, options({ now: () => at }))).toEqual(failed);
    const soon = await fetchElectron(folder, options({ now: () => at + RETRY_MS - 1 }));
    expect(soon).toEqual({ ok: false, why: 'today' });
    expect(starts).toBe(1);
    expect(await fetchElectron(folder, options({ now: () => at + 1, isAsked: true }))).toEqual(failed);
    expect(await fetchElectron(folder, options({ now: () => at + 1 + RETRY_MS }))).toEqual(failed);
    expect(starts).toBe(3);
  });

  test('another version is tried at once, and a success forgets the failure', async () => {
    installer('process.exit(1);');
    await fetchElectron(folder, options());
    writeFileSync(join(folder, 'package.json'), '{"name":"electron","version":"46.0.0"}');
    installer('');
    expect(await fetchElectron(folder, options())).toEqual({ ok: true });
    expect(readdirSync(notes)).toEqual([]);
  });
});
