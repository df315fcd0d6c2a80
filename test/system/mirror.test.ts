/**
 * A mirror made of the kernel's own parts: what passes a card is copied (tc mirred) into a VXLAN device, and captured where it
 * comes out. Without its tunnels it is what passed the card, and the panel finds nothing missing.
 */
import { type ChildProcess, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CallContext } from '../../engine/contract/api.ts';
import type { Report } from '../../engine/contract/report.ts';
import { useNodePlatform } from '../../engine/host/platform-node.ts';
import { openSession } from '../support/load-capture.ts';
import { exportBytes, loadBytes } from '../unit/engine/exporters/export-bytes.ts';
import { buildPrograms, HERE, missing, Network, program, said, THERE } from './network.ts';

const UNDER = {
  here: { address: '203.0.113.1', card: 'under0' },
  there: { address: '203.0.113.2', card: 'under1' },
} as const;
const TUNNEL = 'mirror0';
const VNI = 77;
/** Mirrored frames must fit the way to the target. */
const MTU = 1400;
const VISITS = 200;
const call: CallContext = { signal: new AbortController().signal, progress: () => undefined };

let network: Network;

beforeAll(() => {
  useNodePlatform();
  if (missing === null) buildPrograms();
}, 120_000);

beforeEach(() => {
  network = new Network();
});

afterEach(() => network.close());

/** Can this kernel copy packets? Some have no classifier. */
async function mirror(): Promise<boolean> {
  network.addCable(UNDER.here, UNDER.there);
  const remote = ['remote', UNDER.there.address, 'local', UNDER.here.address, 'dstport', '4789'];
  await network.finish('here', 'ip', 'link', 'add', TUNNEL, 'type', 'vxlan', 'id', String(VNI), ...remote);
  await network.finish('here', 'ip', 'link', 'set', TUNNEL, 'up');
  // Large segments would be cut into others on their way: each packet is sent as it is.
  for (const [side, card] of [['here', HERE.card] as const, ['there', THERE.card] as const])
    await network.finish(side, 'ip', 'link', 'set', card, 'mtu', String(MTU), 'gso_max_segs', '1');
  try {
    await network.finish('here', 'tc', 'qdisc', 'add', 'dev', HERE.card, 'clsact');
    for (const way of ['ingress', 'egress']) {
      const all = ['protocol', 'all', 'u32', 'match', 'u32', '0', '0'];
      const copy = ['action', 'mirred', 'egress', 'mirror', 'dev', TUNNEL];
      await network.finish('here', 'tc', 'filter', 'add', 'dev', HERE.card, way, ...all, ...copy);
    }
    return true;
  } catch {
    return false;
  }
}

async function tcpdump(side: 'here' | 'there', card: string, file: string, filter: string): Promise<ChildProcess> {
  const options = ['-i', card, '-n', '-s', '0', '-w', file, '--time-stamp-precision=nano', filter];
  const child = network.start(side, 'tcpdump', ...options);
  await said(child, 'stderr', 'listening on');
  return child;
}

async function stop(...children: ChildProcess[]): Promise<void> {
  // What the kernel's buffer still holds is handed over up to a second later.
  await new Promise((resolve) => setTimeout(resolve, 1500));
  for (const child of children) {
    child.kill('SIGINT');
    await once(child, 'close');
  }
}

function digests(file: Uint8Array): string[] {
  const capture = loadBytes(file);
  return Array.from({ length: capture.table.count }, (_, row) =>
    Buffer.from(capture.bytes(row)).toString('base64'),
  ).sort();
}

describe.skipIf(missing !== null)('a mirror by tc and VXLAN', () => {
  test('holds, without its tunnels, what passed the card; nothing is missing', async ({ skip }) => {
    if (!(await mirror())) skip('tc mirred (a classifier of the kernel)');
    const server = network.start('there', process.execPath, program('serve.mjs'), THERE.address);
    await said(server, 'stdout', 'listening');
    const source = join(network.folder, 'source.pcap');
    const target = join(network.folder, 'mirror.pcap');
    const captures = [
      await tcpdump('here', HERE.card, source, 'ip'),
      await tcpdump('there', UNDER.there.card, target, 'udp port 4789'),
    ];
    await network.finish('here', process.execPath, program('visit.mjs'), THERE.address, String(VISITS));
    await stop(...captures);

    const mirrored = new Uint8Array(readFileSync(target));
    const { session } = openSession(mirrored);
    await session.loaded;
    const report = (await session.panel({ session: 1, panel: 'mirror', filter: '', range: null }, call)) as Report;
    expect(report.findings.map(({ id }) => id)).toContain('mirror.complete');
    expect(report.tables[0]?.columns.find(({ id }) => id === 'mirrorKey')?.values[0]).toBe(VNI);

    const inner = await exportBytes(loadBytes(mirrored), 'pcap', { decapsulate: true });
    const ip = execFileSync('tcpdump', ['-r', '-', '-n', '-w', '-', 'ip'], {
      input: inner.bytes,
      stdio: ['pipe', 'pipe', 'ignore'],
      maxBuffer: 2 ** 30,
    });
    const seen = digests(new Uint8Array(ip));
    expect(seen.length).toBeGreaterThan(4 * VISITS);
    expect(seen).toEqual(digests(new Uint8Array(readFileSync(source))));
  });
});
