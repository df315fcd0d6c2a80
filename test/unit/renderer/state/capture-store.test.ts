import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HostMethods } from '../../../../engine/contract/api.ts';
import { connectClient } from '../../../../engine/contract/client.ts';
import { memoryTransports } from '../../../../engine/contract/memory-transport.ts';
import { type ServedClient, serveClient } from '../../../../engine/contract/server.ts';
import { captureToggle } from '../../../../renderer/commands/capture.ts';
import { runCommand } from '../../../../renderer/commands/command.ts';
import { type App, makeApp } from '../../../../renderer/state/app.ts';
import { type FakeHost, makeFakeHost } from '../../../support/fake-host.ts';

interface Lab {
  readonly app: App;
  readonly host: FakeHost;
  readonly server: ServedClient;
}

async function lab(changes: Partial<HostMethods> = {}, layout: Record<string, unknown> = {}): Promise<Lab> {
  const [left, right] = memoryTransports();
  const host = makeFakeHost({ packets: 100_000, settings: { layout } });
  const server = serveClient(right, { ...host.methods, ...changes });
  host.connect((event, value) => server.emit(event, value));
  const client = connectClient(left);
  const app = makeApp(client, await client.request('app.info', {}), await client.request('settings.get', {}));
  return { app, host, server };
}

async function running(changes: Partial<HostMethods> = {}): Promise<Lab> {
  const made = await lab(changes);
  await runCommand(made.app, captureToggle);
  return made;
}

function live(app: App) {
  return app.session.get().state?.live ?? null;
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('what is chosen', () => {
  it('is an interface that is up and has addresses, until somebody says otherwise', async () => {
    const { app } = await lab();
    await app.capture.refresh();
    expect(app.capture.get().chosen).toEqual(['eth0']);
    expect(app.capture.settings()?.interfaces).toEqual(['eth0']);
  });

  it('is kept, without interfaces that are gone', async () => {
    const { app } = await lab({}, { capture: { chosen: ['lo', 'tun9'], options: { filter: 'tcp' } } });
    await app.capture.refresh();
    expect(app.capture.get().chosen).toEqual(['lo']);
    // Options of another version are not half believed.
    expect(app.capture.get().options.filter).toBe('');
  });

  it('goes to the settings, and the filter to those used last', async () => {
    const { app } = await lab();
    await app.capture.refresh();
    app.capture.change({ filter: ' tcp port 80 ', path: '/captures/a.pcapng' });
    app.capture.wasStarted();
    app.capture.change({ filter: 'udp' });
    app.capture.wasStarted();
    app.capture.change({ filter: 'tcp port 80' });
    app.capture.wasStarted();
    expect(app.capture.get().recentFilters).toEqual(['tcp port 80', 'udp']);
    // The next capture must not replace this file.
    expect(app.capture.get().options.path).toBeNull();
    expect(app.settings.get().layout['capture']).toMatchObject({ recentFilters: ['tcp port 80', 'udp'] });
  });

  it('on another machine is the interface there', async () => {
    const { app } = await lab();
    await app.capture.refresh();
    app.capture.change({ remote: { destination: 'ops@vm.example.net', port: null, tool: 'tcpdump', sudo: true } });
    expect(app.capture.settings()?.interfaces).toEqual(['any']);
    app.capture.keep({ remoteInterface: ' ' });
    expect(app.capture.settings()).toBeNull();
  });

  it('says why it cannot be asked', async () => {
    const { app } = await lab({
      'capture.interfaces': () => {
        throw new Error('no helper');
      },
    });
    await app.capture.refresh();
    expect(app.capture.get().problem).toBeInstanceOf(Error);
  });
});

describe('traffic', () => {
  it('is rates between two counts, only while somebody looks', async () => {
    const { app, host, server } = await lab();
    const end = app.capture.watch((error) => app.report(error));
    const send = (at: number, packets: number, bytes: number) =>
      server.emit('traffic', { at, interfaces: [{ name: 'eth0', packets, bytes }] });
    send(1000, 10, 1000);
    send(3000, 30, 5000);
    send(4000, 30, 5000);
    // Counters that go back: the interface came up anew.
    send(5000, 1, 60);
    await vi.advanceTimersByTimeAsync(0);
    expect(app.capture.get().rates.get('eth0')).toEqual([
      { packets: 10, bytes: 2000 },
      { packets: 0, bytes: 0 },
      { packets: 0, bytes: 0 },
    ]);
    for (let at = 6; at < 200; at++) send(at * 1000, at, at * 100);
    await vi.advanceTimersByTimeAsync(0);
    expect(app.capture.get().rates.get('eth0')).toHaveLength(60);
    end();
    await vi.advanceTimersByTimeAsync(0);
    expect(app.capture.get().rates.size).toBe(0);
    expect(host.calls.get('capture.watch')).toBe(2);
  });
});

describe('a capture that runs', () => {
  it('takes the place of what was open, shows its packets and grows', async () => {
    const { app, host } = await lab();
    await app.openFiles(['/captures/a.pcapng']);
    await app.navigate({ panel: 'live-capture' });
    await runCommand(app, captureToggle);
    expect(live(app)?.isRunning).toBe(true);
    expect(app.layout.get().panel).toBe('packets');
    expect(host.calls.get('session.close')).toBe(1);
    await vi.advanceTimersByTimeAsync(250);
    expect(app.session.get().state?.packets).toBe(200);
    expect(app.filter.get().view?.rows).toBeGreaterThan(0);
    await runCommand(app, captureToggle);
    expect(live(app)?.isRunning).toBe(false);
  });

  it('is not let go of without being asked', async () => {
    const { app } = await running();
    await vi.advanceTimersByTimeAsync(250);
    const opening = app.openFiles(['/captures/a.pcapng']);
    expect(app.layout.get().dialog?.name).toBe('captureLeave');
    app.capture.answerLeave(false);
    await opening;
    expect(live(app)?.isRunning).toBe(true);

    const again = app.openFiles(['/captures/a.pcapng']);
    app.capture.answerLeave(true);
    await again;
    expect(app.session.get().state?.files[0]?.name).toBe('a.pcapng');
    expect(live(app)).toBeNull();
  });

  it('may go once it has ended and is saved, and not when more came since', async () => {
    const { app } = await running();
    await vi.advanceTimersByTimeAsync(250);
    const saved = app.session.get().state;
    if (saved === null) throw new Error('nothing is open');
    app.capture.wasSaved(saved);
    expect(app.capture.isUnsaved(saved)).toBe(false);
    await vi.advanceTimersByTimeAsync(200);
    await runCommand(app, captureToggle);
    expect(app.capture.isAtStake(app.session.get().state)).toBe(true);
    const now = app.session.get().state;
    if (now === null) throw new Error('nothing is open');
    app.capture.wasSaved(now);
    expect(app.capture.isAtStake(now)).toBe(false);
  });

  it('that has no interface to start on leads to the page', async () => {
    const { app, host } = await lab({
      'capture.interfaces': () => ({
        tool: 'none',
        version: '',
        isExact: false,
        needs: [{ key: 'not-offered', params: {} }],
        interfaces: [],
        folder: '',
        freeBytes: 0,
      }),
    });
    await runCommand(app, captureToggle);
    expect(app.layout.get().panel).toBe('live-capture');
    expect(host.calls.get('capture.start')).toBeUndefined();
  });

  it('that cannot start says so, and what was open stays', async () => {
    const { app } = await lab({
      'capture.start': () => {
        throw new Error('the device is gone');
      },
    });
    await app.openFiles(['/captures/a.pcapng']);
    await runCommand(app, captureToggle);
    expect(app.notices.get().notices.map(({ text }) => text)).toEqual([expect.stringContaining('the device is gone')]);
    expect(app.session.get().state?.files[0]?.name).toBe('a.pcapng');
    expect(app.capture.get().isStarting).toBe(false);
  });

  it('begins with the display filter that a pasted command brought', async () => {
    const { app } = await lab();
    app.capture.setDisplayFilter('dns');
    await runCommand(app, captureToggle);
    expect(app.filter.get().filter).toBe('dns');
  });
});
