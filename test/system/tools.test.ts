/** The tools that capture where the helper is missing: dumpcap, tcpdump, and the npm package cap in its own process. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type CaptureNeed, type CaptureSettings, DEFAULT_CAPTURE } from '../../engine/contract/capture.ts';
import { Dumpcap } from '../../engine/host/capture/dumpcap.ts';
import { NpmCap } from '../../engine/host/capture/npm-cap.ts';
import { findProgram } from '../../engine/host/capture/program.ts';
import { Tcpdump } from '../../engine/host/capture/tcpdump.ts';
import type { CaptureTool, RunCounts } from '../../engine/host/capture/tool.ts';
import { runCli } from '../support/run-cli.ts';
import { ABSENT, buildPrograms, HERE, missing, Network, trafficProgram } from './network.ts';

const PACKETS = 200;
const FOLDERS = ['/usr/sbin', '/usr/bin'];
const CHILD = 'build/host/cap-child.js';

const tools: readonly (readonly [string, string | null, (program: string) => CaptureTool])[] = [
  ['dumpcap', findProgram('dumpcap', FOLDERS), (program) => new Dumpcap(program)],
  ['tcpdump', findProgram('tcpdump', FOLDERS), (program) => new Tcpdump(program)],
  [
    'cap',
    existsSync(CHILD) && existsSync('node_modules/cap/build/Release/cap.node') ? process.execPath : null,
    (program) => new NpmCap(program, CHILD),
  ],
];

let network: Network;

beforeAll(() => {
  if (missing === null) buildPrograms();
}, 120_000);

beforeEach(() => {
  if (missing === null) network = new Network();
});

afterEach(() => {
  if (missing === null) network.close();
});

const settings = (more: Partial<CaptureSettings> = {}): CaptureSettings => ({
  ...DEFAULT_CAPTURE,
  interfaces: [HERE.card],
  filter: 'udp port 9',
  ...more,
});

/** Captures what is sent meanwhile; what the tool said. */
async function captured(tool: CaptureTool, options: CaptureSettings, path: string) {
  const files: string[] = [];
  const removed: string[] = [];
  const problems: CaptureNeed[] = [];
  const counts: RunCounts[] = [];
  const run = tool.start(options, path, {
    opened: (file) => files.push(file),
    removed: (file) => removed.push(file),
    counts: (one) => counts.push(one),
    problem: (need) => problems.push(need),
  });
  await run.started;
  await network.finish('there', trafficProgram(), 'flood', ABSENT.address, String(PACKETS), '1', '100');
  await new Promise((resolve) => setTimeout(resolve, 1000)); // tools write what they have now and then
  run.stop();
  await run.ended;
  return { files, removed, problems, last: counts.at(-1) };
}

for (const [name, program, make] of tools) {
  const lacks = missing ?? (program === null ? name : null);
  describe.skipIf(lacks !== null)(`${name} (needs ${lacks ?? 'nothing more'})`, () => {
    const tool = (): CaptureTool => make(network.wrap(program ?? ''));

    test('lists interfaces', async () => {
      const { interfaces } = await tool().survey();
      expect(interfaces.map((one) => one.name)).toContain(HERE.card);
    });

    test('captures every packet', async () => {
      const path = join(network.folder, `${name}.out`);
      const { files, problems, last } = await captured(tool(), settings(), path);
      expect(problems).toEqual([]);
      expect(files).toEqual([path]);
      const { out } = await runCli(['count', path, '--strict']);
      expect(Number(out)).toBeGreaterThanOrEqual(PACKETS - 2); // the generator's clock may end one step early
      expect(last?.captured).toBe(Number(out));
    });

    test('says what is wrong', async () => {
      const start = (options: CaptureSettings): Promise<void> =>
        tool().start(options, join(network.folder, 'none'), {
          opened: () => undefined,
          removed: () => undefined,
          counts: () => undefined,
          problem: () => undefined,
        }).started;
      await expect(start(settings({ interfaces: ['absent0'] }))).rejects.toMatchObject({
        detail: { key: expect.stringMatching(/no-device|failed/) as string },
      });
      await expect(start(settings({ filter: 'udp por 9' }))).rejects.toMatchObject({
        detail: { key: 'captureNeed.filter' },
      });
    });
  });
}

describe.skipIf(missing !== null || tools[0]?.[1] === null)('rings of dumpcap', () => {
  test('are followed: the oldest file goes without a word', async () => {
    const ring = { packets: 50, bytes: null, seconds: null, files: 2 };
    const program = network.wrap(findProgram('dumpcap', FOLDERS) ?? '');
    const path = join(network.folder, 'ring.pcapng');
    const { files, removed } = await captured(new Dumpcap(program), settings({ ring }), path);
    expect(files.length).toBeGreaterThanOrEqual(4);
    expect(removed).toEqual(files.slice(0, -2));
    for (const file of removed) expect(existsSync(file)).toBe(false);
    for (const file of files.slice(-2)) expect(existsSync(file)).toBe(true);
  });
});
