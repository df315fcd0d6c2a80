import { afterEach, describe, expect, it, vi } from 'vitest';
import { NagareError } from '../../../../engine/base/errors.ts';
import type { HostMethods, ViewState } from '../../../../engine/contract/api.ts';
import { connectClient } from '../../../../engine/contract/client.ts';
import { memoryTransports } from '../../../../engine/contract/memory-transport.ts';
import { type ServedClient, serveClient } from '../../../../engine/contract/server.ts';
import { type App, makeApp } from '../../../../renderer/state/app.ts';
import { FAKE_SETTINGS, type FakeHost, type FakeHostOptions, makeFakeHost } from '../../../support/fake-host.ts';

/** Eighteen kinds of packets follow each other; two of them are DNS. */
const PACKETS = 18_000;

interface Lab {
  readonly app: App;
  readonly host: FakeHost;
  readonly server: ServedClient;
}

async function lab(options: FakeHostOptions = {}, changes: Partial<HostMethods> = {}): Promise<Lab> {
  const [left, right] = memoryTransports();
  const host = makeFakeHost({ packets: PACKETS, ...options });
  const server = serveClient(right, { ...host.methods, ...changes });
  host.connect((event, value) => server.emit(event, value));
  const client = connectClient(left);
  const app = makeApp(client, await client.request('app.info', {}), await client.request('settings.get', {}));
  return { app, host, server };
}

async function opened(options: FakeHostOptions = {}, changes: Partial<HostMethods> = {}): Promise<Lab> {
  const made = await lab(options, changes);
  await made.app.openFiles(['/captures/a.pcapng']);
  return made;
}

function notices(app: App): string[] {
  return app.notices.get().notices.map(({ text }) => text);
}

afterEach(() => {
  vi.useRealTimers();
});

describe('opening a capture', () => {
  it('shows all of its packets', async () => {
    const { app } = await opened();
    expect(app.session.get().state?.packets).toBe(PACKETS);
    expect(app.filter.get()).toMatchObject({ filter: '', range: null, sort: null, view: { rows: PACKETS } });
  });

  it('closes the one before, and starts with nothing filtered', async () => {
    const { app, host } = await opened();
    await app.navigate({ filter: 'dns' });
    app.selection.select(5, 100);
    await app.openFiles(['/captures/b.pcapng']);
    expect(app.session.get().state?.files[0]?.name).toBe('b.pcapng');
    expect(app.filter.get()).toMatchObject({ filter: '', draft: '', view: { rows: PACKETS } });
    expect(app.selection.get().position).toBe(-1);
    expect(app.history.get().back).toEqual([]);
    expect(host.calls.get('session.close')).toBe(1);
  });

  it('keeps the open capture when another cannot be opened, and says why', async () => {
    const { app } = await opened();
    await app.openFiles(['/captures/missing.pcap']);
    expect(app.session.get()).toMatchObject({ opening: null, state: { files: [{ name: 'a.pcapng' }] } });
    expect(app.filter.get().view?.rows).toBe(PACKETS);
    expect(notices(app)).toEqual(['The capture could not be opened: /captures/missing.pcap was not found.']);
  });

  it('follows a capture while it loads', async () => {
    const { app } = await opened({ loadSteps: 3 });
    expect(app.session.get().state).toMatchObject({ isLoading: true, packets: 0 });
    await vi.waitFor(() => expect(app.filter.get().view?.rows).toBe(PACKETS), 2000);
    expect(app.session.get().state).toMatchObject({ isLoading: false, packets: PACKETS });
    expect(app.filter.get().view?.isComplete).toBe(true);
  });

  it('misses no state that comes before the answer', async () => {
    const made: { lab?: Lab } = {};
    made.lab = await lab(
      {},
      {
        'session.open': async (input, call) => {
          const state = await makeFakeHost().methods['session.open'](input, call);
          made.lab?.server.emit('session', { ...state, packets: 77, isLoading: false });
          return { ...state, packets: 0, isLoading: true };
        },
      },
    );
    await made.lab.app.session.open(['/captures/a.pcapng']);
    expect(made.lab.app.session.get().state).toMatchObject({ packets: 77, isLoading: false });
  });

  it('is forgotten when it is closed', async () => {
    const { app, host } = await opened();
    await app.closeFile();
    expect(app.session.get().state).toBeNull();
    expect(app.filter.get()).toMatchObject({ view: null, filter: '' });
    expect(host.calls.get('session.close')).toBe(1);
    expect(notices(app)).toEqual([]);
  });
});

describe('filtering', () => {
  it('shows what matches, and gives the view before back to the host', async () => {
    const { app, host } = await opened();
    expect(await app.navigate({ filter: ' dns ' })).toBe(true);
    expect(app.filter.get()).toMatchObject({ filter: 'dns', view: { rows: 2000 }, problem: null, pending: null });
    expect(host.calls.get('view.close')).toBe(1);
  });

  it('keeps what was shown when a filter is wrong, and says where it is wrong until the text changes', async () => {
    const { app } = await opened();
    await app.navigate({ filter: 'dns' });
    expect(await app.navigate({ filter: 'dns or nonsense' })).toBe(false);
    expect(app.filter.get()).toMatchObject({
      filter: 'dns',
      draft: 'dns or nonsense',
      view: { rows: 2000 },
      problem: { start: 7, end: 15 },
    });
    app.filter.setDraft('dns or nonsens');
    expect(app.filter.get().problem).toBeNull();
  });

  it('keeps the current packet where the filter shows it, and else goes to the one before', async () => {
    const { app } = await opened();
    app.selection.select(28, 28);
    await app.navigate({ filter: 'dns' });
    expect(app.selection.get()).toMatchObject({ position: 2, row: 28 });
    await app.navigate({ filter: 'rdp' });
    expect(app.selection.get().position).toBe(1);
  });

  it('lets the newest of several filters win', async () => {
    const { app } = await opened();
    const answers = await Promise.all([
      app.filter.applyFilter('dns'),
      app.filter.applyFilter('tls'),
      app.filter.applyFilter('rdp'),
    ]);
    expect(answers).toEqual([false, false, true]);
    expect(app.filter.get()).toMatchObject({ filter: 'rdp', view: { rows: 1000 } });
  });

  it('combines filter, range and order that are asked for one after the other', async () => {
    const { app } = await opened();
    await app.filter.applyFilter('dns');
    await app.filter.setRange({ from: 0, to: 18 * 61_037 - 1 });
    await app.filter.setSort({ column: 'time', descending: true });
    expect(app.filter.get()).toMatchObject({ filter: 'dns', sort: { descending: true }, view: { rows: 2 } });
  });

  it('reports a failure of the host and keeps what was shown', async () => {
    let isBroken = false;
    const host = makeFakeHost({ packets: PACKETS });
    const { app } = await opened(
      {},
      {
        'view.open': (input, call) => {
          if (isBroken) throw new NagareError('failed', 'disk on fire');
          return host.methods['view.open'](input, call);
        },
        'session.open': host.methods['session.open'],
      },
    );
    isBroken = true;
    expect(await app.navigate({ filter: 'dns' })).toBe(false);
    expect(app.filter.get()).toMatchObject({ filter: '', pending: null, view: { rows: PACKETS } });
    expect(notices(app)).toEqual(['That did not work: disk on fire']);
  });
});

describe('sorting', () => {
  /** A host whose order takes a while: the view is there at once and complete later. */
  async function slowSort(): Promise<
    Lab & {
      readonly finish: () => void;
      readonly progress: (value: number) => void;
      readonly closed: number[];
    }
  > {
    const closed: number[] = [];
    let sorted: ViewState | undefined;
    const host = makeFakeHost({ packets: PACKETS });
    const made = await opened(
      {},
      {
        'session.open': host.methods['session.open'],
        'view.open': async (input, call) => {
          const answer = await host.methods['view.open'](input, call);
          if (!answer.ok || input.sort === null) return answer;
          sorted = { ...answer.view, isComplete: false, progress: 0.1 };
          return { ok: true, view: sorted };
        },
        'view.close': ({ view }) => {
          closed.push(view);
          return null;
        },
      },
    );
    const say = (patch: Partial<ViewState>): void => {
      if (sorted === undefined) throw new Error('nothing is sorted');
      made.server.emit('view', { ...sorted, ...patch });
    };
    return {
      ...made,
      closed,
      finish: () => say({ isComplete: true, progress: 1 }),
      progress: (value) => say({ progress: value }),
    };
  }

  it('shows the old order with progress until the new one is complete', async () => {
    const { app, finish, progress, closed } = await slowSort();
    const before = app.filter.get().view?.view;
    const done = app.filter.setSort({ column: 'info', descending: false });
    await vi.waitFor(() => expect(app.filter.get().pending?.progress).toBe(0.1));
    progress(0.5);
    await vi.waitFor(() => expect(app.filter.get().pending?.progress).toBe(0.5));
    expect(app.filter.get()).toMatchObject({ sort: null, view: { view: before } });
    finish();
    expect(await done).toBe(true);
    expect(app.filter.get()).toMatchObject({ sort: { column: 'info' }, pending: null });
    expect(closed).toEqual([before]);
  });

  it('can be cancelled, which leaves the order as it was', async () => {
    const { app, closed } = await slowSort();
    const before = app.filter.get().view?.view;
    const done = app.filter.setSort({ column: 'info', descending: false });
    await vi.waitFor(() => expect(app.filter.get().pending?.progress).toBe(0.1));
    app.filter.cancel();
    expect(await done).toBe(false);
    expect(app.filter.get()).toMatchObject({ sort: null, pending: null, view: { view: before } });
    await vi.waitFor(() => expect(closed).toHaveLength(1));
    expect(closed).not.toContain(before);
  });
});

describe('the history of views', () => {
  it('goes back to filter, panel and packet, and forward again', async () => {
    const { app } = await opened();
    app.selection.select(28, 28);
    await app.navigate({ filter: 'dns' });
    await app.navigate({ panel: 'hierarchy' });
    await app.navigate({ filter: 'rdp', panel: 'packets' });
    await app.back();
    expect(app.layout.get().panel).toBe('hierarchy');
    expect(app.filter.get().filter).toBe('dns');
    await app.back();
    expect(app.layout.get().panel).toBe('packets');
    await app.back();
    expect(app.filter.get().filter).toBe('');
    expect(app.selection.get()).toMatchObject({ position: 28, row: 28 });
    expect(app.history.get().back).toEqual([]);
    await app.forward();
    await app.forward();
    await app.forward();
    expect(app.filter.get().filter).toBe('rdp');
    expect(app.history.get().forward).toEqual([]);
  });

  it('remembers no place for a filter that was wrong or the same', async () => {
    const { app } = await opened();
    await app.navigate({ filter: 'nonsense' });
    await app.navigate({ filter: '' });
    await app.navigate({ panel: 'packets' });
    expect(app.history.get().back).toEqual([]);
  });
});

describe('going to a packet', () => {
  it('selects it, or the nearest before it that is shown', async () => {
    const { app } = await opened();
    await app.goToPacket(17_999);
    expect(app.selection.get()).toMatchObject({ position: 17_999, row: 17_999 });
    await app.navigate({ filter: 'dns' });
    await app.goToPacket(40);
    expect(app.selection.get()).toMatchObject({ position: 3, row: -1 });
  });
});

describe('settings', () => {
  it('change at once and are sent together a little later', async () => {
    const { app, host } = await lab();
    vi.useFakeTimers();
    app.settings.update({ theme: 'dark' });
    app.settings.update({ density: 'normal' });
    expect(app.settings.get()).toMatchObject({ theme: 'dark', density: 'normal' });
    await vi.advanceTimersByTimeAsync(1000);
    expect(host.calls.get('settings.set')).toBe(1);
    expect(app.settings.get()).toMatchObject({ theme: 'dark', density: 'normal' });
  });

  it('switch the language without a restart', async () => {
    const { app } = await lab();
    expect(app.t('toolbar.open')).toBe('Open');
    app.settings.update({ language: 'ja' });
    expect(app.t('toolbar.open')).toBe('開く');
    app.settings.flush();
  });

  it('follow the system where they say so', async () => {
    const { app } = await lab({ info: { systemLanguage: 'ja' }, settings: { language: 'system' } });
    expect(app.language()).toBe('ja');
  });

  it('keep the arrangement of panes, and survive a broken one', async () => {
    const { app } = await lab({
      settings: { layout: { window: { panes: 'side', sizes: 'broken', isSideBarCollapsed: 7 } } },
    });
    expect(app.layout.get()).toMatchObject({ panes: 'side', sizes: {}, isSideBarCollapsed: false });
    app.layout.keepSizes('packets-side', { list: 70, lower: 30 });
    expect(app.settings.get().layout).toMatchObject({
      window: { panes: 'side', sizes: { 'packets-side': { list: 70, lower: 30 } } },
    });
    app.settings.flush();
    expect(FAKE_SETTINGS.layout).toEqual({});
  });
});
