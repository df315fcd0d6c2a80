/** The capture helper for Windows, built by mingw; and run by Wine, whose wpcap.dll captures on this machine's interfaces. */
import { spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compileNative, findCompiler, hardeningFlags } from '../../scripts/build/native.ts';
import { HelperProcess } from '../support/helper-process.ts';
import { loadCapture } from '../support/load-capture.ts';
import { folder } from './build-helper.ts';

const LIMIT_MS = 150_000;

const compiler = findCompiler('windows');

const AT = { header: 0x3c, characteristics: 24 + 70 } as const;
const HIGH_ENTROPY = 0x20;
const DYNAMIC_BASE = 0x40;
const NX_COMPATIBLE = 0x100;

const output = join(folder, 'nagare-capture.exe');

beforeAll(() => {
  if (compiler === null) return;
  mkdirSync(folder, { recursive: true });
  const flags = hardeningFlags('windows');
  compileNative(process.cwd(), compiler, { target: 'windows', output, mains: ['native/main.c'], flags });
}, LIMIT_MS);

test.skipIf(compiler === null)('it compiles without a warning, hardened, and needs no DLL of a compiler', () => {
  const file = readFileSync(output);
  const header = file.readUInt32LE(AT.header);
  expect(file.subarray(header, header + 4).toString('latin1')).toBe('PE\0\0');
  const characteristics = file.readUInt16LE(header + AT.characteristics);
  const wanted = HIGH_ENTROPY | DYNAMIC_BASE | NX_COMPATIBLE;
  expect(characteristics & wanted).toBe(wanted);
  const names = [...file.toString('latin1').matchAll(/[\w.-]+\.dll/gi)].map(([name]) => name.toLowerCase());
  expect(names).toContain('wpcap.dll'); // loaded at run time
  expect(names.filter((name) => /^(libgcc|libssp|libwinpthread|libstdc)/.test(name))).toEqual([]);
});

/** Debian's Wine keeps its programs, and a wpcap.dll that goes to libpcap, off the path. */
const WINE = '/usr/lib/wine';
const hasWine =
  existsSync(join(WINE, 'wine64')) && existsSync('/usr/lib/x86_64-linux-gnu/wine/x86_64-windows/wpcap.dll');
const canRun = compiler !== null && hasWine && process.getuid?.() === 0;

describe.skipIf(!canRun)('under Wine (root)', () => {
  let prefix = '';
  let env: Readonly<Record<string, string>> = {};
  const start = (...args: string[]) => new HelperProcess(join(WINE, 'wine64'), [output, ...args], env);

  beforeAll(() => {
    prefix = mkdtempSync(join(tmpdir(), 'nagare-wine-'));
    // Without its browser and .NET, which it would look for.
    env = { WINEPREFIX: prefix, WINEDEBUG: '-all', WINEDLLOVERRIDES: 'mscoree,mshtml=' };
    const { status } = spawnSync(join(WINE, 'wine64'), ['wineboot', '-i'], { env: { ...process.env, ...env } });
    expect(status).toBe(0);
  }, LIMIT_MS);

  afterAll(() => {
    spawnSync(join(WINE, 'wineserver'), ['-k', '-w'], { env: { ...process.env, ...env } });
    rmSync(prefix, { recursive: true, force: true });
  }, LIMIT_MS);

  test(
    'it lists the interfaces, counts their traffic and captures on the loopback',
    async () => {
      const listing = start('interfaces');
      const { interfaces } = (await listing.next('interfaces')) as unknown as {
        interfaces: { name: string; friendlyName: string; loopback: boolean; addresses: unknown[] }[];
      };
      expect(await listing.exit).toBe(0);
      const loopback = interfaces.find((entry) => entry.loopback);
      expect(loopback?.friendlyName).toBe('lo');
      expect(loopback?.addresses).toContainEqual({ address: '127.0.0.1', prefix: 8 });

      const counting = start('counts', '--interval', '50');
      await counting.next('interface-counts');
      counting.closeInput();
      expect(await counting.exit).toBe(0);

      const socket = createSocket('udp4');
      socket.bind(0, '127.0.0.1');
      await once(socket, 'listening');
      const { port } = socket.address();
      const file = join(prefix, '流れ.pcapng');
      const capture = start('capture', '-i', loopback?.name ?? '', '-f', `udp port ${port}`, '-w', file);
      await capture.next('file');
      for (let i = 0; i < 20; i++) socket.send(`datagram ${i}`, port, '127.0.0.1');
      await capture.next('counts', (event) => event['captured'] === 20);
      expect(await capture.stop()).toMatchObject({ reason: 'asked', captured: 20, droppedByInterface: null });
      socket.close();
      const read = loadCapture(readFileSync(file));
      expect(read.problem).toBeNull();
      expect(read.table.count).toBe(20);
      expect(read.reader.facts.os).toMatch(/Windows/);
    },
    LIMIT_MS,
  );
});
