/** `nagare capture` and `nagare interfaces`, with a helper that makes its packets up (test/support/fake-helper.mjs). */

import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closingLines } from '../../../cli/commands/capture.ts';
import { DEFAULT_CAPTURE, type LiveState } from '../../../engine/contract/capture.ts';
import { translator } from '../../../engine/text/index.ts';
import { type CliRun, runCli } from '../../support/run-cli.ts';

const NAMES = ['NAGARE_CONFIG_DIR', 'NAGARE_CAPTURE_HELPER'] as const;

describe.skipIf(process.platform === 'win32')('capturing on the command line', () => {
  let folder = '';
  let out = '';
  const before = NAMES.map((name) => process.env[name]);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'nagare-test-'));
    out = join(folder, 'out.pcapng');
    process.env.NAGARE_CONFIG_DIR = folder;
    process.env.NAGARE_CAPTURE_HELPER = resolve('test/support/fake-helper.mjs');
  });

  afterEach(() => {
    for (const [i, name] of NAMES.entries()) {
      if (before[i] === undefined) delete process.env[name];
      else process.env[name] = before[i];
    }
    rmSync(folder, { recursive: true, force: true });
  });

  const capture = (...args: string[]): Promise<CliRun> => runCli(['capture', '-q', ...args]);

  it('writes a file and closes with three lines', async () => {
    const { code, err } = await capture('-i', 'fake', '-c', '50', '-w', out);
    expect(code).toBe(0);
    expect(err.trimEnd().split('\n')).toEqual([
      '50 packets captured',
      '53 packets received by the filter',
      '3 packets dropped by the kernel',
    ]);
    expect((await runCli(['count', out])).out).toBe('50\n');
    const { out: properties } = await runCli(['stats', out, 'properties', '--json']);
    expect(JSON.parse(properties)).toMatchObject({
      interfaces: [{ packets: 50, accepted: '53', droppedByKernel: '3' }],
    });
  });

  it('copies and prints only what passes a display filter, and keeps nothing else', async () => {
    const {
      code,
      out: printed,
      err,
    } = await capture(...['-i', 'fake', '-c', '50', '-Y', 'udp.srcport == 1025', '--print', '-w', out]);
    expect(code).toBe(0);
    expect(printed.trimEnd().split('\n')).toHaveLength(10);
    expect(printed).toMatch(/^\d\d:\d\d:\d\d\.\d{6} 192\.0\.2\.1 → 198\.51\.100\.1 DNS 50 /);
    expect(err).toContain('10 packets passed the display filter');
    const { out: ports } = await runCli(['fields', out, '-e', 'udp.srcport']);
    expect(new Set(ports.trimEnd().split('\n'))).toEqual(new Set(['1025']));
    expect(readdirSync(join(folder, 'captures'))).toEqual([]);
  });

  it('keeps a head where nothing passes', async () => {
    await capture('-i', 'fake', '-c', '20', '-Y', 'tcp', '-w', out);
    expect((await runCli(['count', out])).out).toBe('0\n');
  });

  it('writes to standard output, all of it or what passes a display filter', async () => {
    const all = await capture('-i', 'fake', '-c', '50', '-w', '-');
    expect(all.err).toContain('50 packets captured\n');
    expect(all.err).not.toContain('display filter');
    writeFileSync(out, all.bytes);
    expect((await runCli(['count', out, '--strict'])).out).toBe('50\n');
    const some = await capture('-i', 'fake', '-c', '50', '-Y', 'udp.srcport == 1025', '-w', '-');
    writeFileSync(out, some.bytes);
    expect((await runCli(['count', out, '--strict'])).out).toBe('10\n');
    expect(readdirSync(join(folder, 'captures'))).toEqual([]);
  });

  it('goes on in the next file when the clock says so', async () => {
    await capture('-i', 'fake', '-c', '20', '-b', 'interval:3600', '-w', out);
    expect(readdirSync(folder).filter((name) => name.endsWith('.pcapng'))).toEqual(['out_00001.pcapng']);
  });

  it('ends when it is interrupted, in order', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort('interrupted'), 800);
    const { code, err } = await runCli(['capture', '-i', 'fake', '-w', out], { signal: stop.signal });
    expect(code).toBe(0);
    expect(err).toMatch(/Capturing on fake with helper.*\n\d+ packets captured\n/);
    expect(Number((await runCli(['count', out, '--strict'])).out)).toBeGreaterThan(0);
  });

  it('says why it ended by itself', async () => {
    const { code, err } = await capture('-i', 'gone', '-w', out);
    expect(code).toBe(1);
    expect(err).toContain('nagare: gone has gone or was shut down.');
    expect((await runCli(['count', out])).out).toBe('50\n');
  });

  it.each([
    [['-w', 'x'], 2, 'an interface is missing'],
    [['-i', 'fake'], 2, 'the file to write is missing'],
    [['-i', 'fake', '-w', '-', '--print'], 2, '--print does not go with -w -'],
    [['-i', 'fake', '-w', '-', '-b', 'packets:5'], 2, '-b does not go with -w -'],
    [['-i', 'fake', '-w', 'x', '-a', 'interval:5'], 2, '-a interval:5 is no condition'],
    [['-i', 'fake', '-w', 'x', '-b', 'interval:0.5'], 2, '-b interval:0.5 is no condition'],
    [['-i', 'fake', '-w', 'x', '-a', 'size:5'], 2, '-a size:5 is no condition'],
    [['-i', 'fake', '-w', 'x', '-b', 'files:5'], 2, '-b needs'],
    [['-i', 'fake', '-w', 'x', '-b', 'packets:5', '-Y', 'tcp'], 2, '-b does not go with -Y'],
    [['-i', 'fake', '-w', 'x', '-s', 'many'], 2, '-s: many cannot be used'],
    [['-i', 'fake', '-w', 'x', '-Q', 'up'], 2, '-Q: up cannot be used'],
    [['-i', 'fake', '-w', 'x', '--remote', '-oProxyCommand=x'], 2, 'remote.destination'],
    [['-i', 'fake', '-w', 'x', '-Y', 'tcp.'], 2, 'the filter is wrong'],
    [['-i', 'fake', '-w', 'x', 'tcp', 'bad'], 1, 'The capture filter is wrong'],
    [['-i', 'locked', '-w', 'x'], 1, 'The right'],
  ])('refuses %j', async (args, code, text) => {
    const run = await capture(...args);
    expect(run.err).toContain(text);
    expect(run.code).toBe(code);
    expect(existsSync('x')).toBe(false);
  });

  it('lists interfaces, for people and for programs', async () => {
    const list = await runCli(['interfaces']);
    expect(list.code).toBe(0);
    expect(list.out.split('\n')[0]).toBe('fake    made up, 192.0.2.1/24');
    const json = JSON.parse((await runCli(['interfaces', '--json'])).out) as { readonly tool: string };
    expect(json.tool).toBe('helper');
  });

  it('says what is not known', () => {
    const state = {
      ...DEFAULT_CAPTURE,
      captured: 1,
      received: null,
      droppedByKernel: null,
      droppedByInterface: 2,
      tool: 'cap',
    };
    expect(closingLines(state as unknown as LiveState, null, translator('en'))).toEqual([
      '1 packet captured',
      'packets received by the filter: not known with cap',
      'packets dropped by the kernel: not known with cap',
      '2 packets dropped by the interface',
    ]);
  });
});
