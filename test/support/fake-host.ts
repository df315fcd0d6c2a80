/**
 * A host without files: it answers the whole contract about a made-up capture of any length, ten million packets
 * included, by arithmetic. For the tests of the user interface, and for looking at it before there is a capture.
 */

import { NagareError } from '../../engine/base/errors.ts';
import {
  type AppInfo,
  type EventName,
  type Events,
  type HostMethods,
  ROW_FLAG,
  type RowsPage,
  type SessionState,
  type Settings,
  type Sort,
  type ViewState,
} from '../../engine/contract/api.ts';
import { fakeCapture } from './fake-capture.ts';
import { fakeStreams } from './fake-streams.ts';

/** A kind of packet; packet n is of kind n % KINDS.length. */
interface Kind {
  readonly source: string;
  readonly destination: string;
  readonly protocol: string;
  readonly length: number;
  readonly info: string;
  /** Words a filter may name it by. */
  readonly words: readonly string[];
}

const HERE = '10.0.0.4';

function kind(from: string, to: string, protocol: string, length: number, info: string, ...words: string[]): Kind {
  return { source: from, destination: to, protocol, length, info, words: [protocol.toLowerCase(), ...words] };
}

const KINDS: readonly Kind[] = [
  kind(HERE, '192.0.2.36', 'TCP', 66, '49822 → 443 [SYN] Seq=0 Win=64240 Len=0 MSS=1460 WS=256 SACK_PERM', 'syn'),
  kind(
    '192.0.2.36',
    HERE,
    'TCP',
    66,
    '443 → 49822 [SYN, ACK] Seq=0 Ack=1 Win=65535 Len=0 MSS=1440 WS=256 SACK_PERM',
    'syn',
  ),
  kind(HERE, '192.0.2.36', 'TCP', 54, '49822 → 443 [ACK] Seq=1 Ack=1 Win=262656 Len=0'),
  kind(HERE, '192.0.2.36', 'TLSv1.3', 583, 'Client Hello (SNI=logs.example.net)', 'tls', 'tcp'),
  kind('10.0.0.9', HERE, 'Portmap', 98, 'V2 GETPORT Call NFS(100003) V:3 TCP', 'rpc', 'udp'),
  kind(HERE, '10.0.0.9', 'Portmap', 70, 'V2 GETPORT Reply (Call In 5) Port:2049', 'rpc', 'udp'),
  kind(
    HERE,
    '203.0.113.74',
    'TCP',
    1514,
    '[TCP Fast Retransmission] 49710 → 443 [PSH, ACK] Seq=81761 Ack=1 Win=1026 Len=1460',
    'tcp.analysis.retransmission',
  ),
  kind(
    HERE,
    '203.0.113.74',
    'TCP',
    1514,
    '[TCP Retransmission] 49710 → 443 [PSH, ACK] Seq=83221 Ack=1 Win=1026 Len=1460',
    'tcp.analysis.retransmission',
  ),
  kind('198.51.100.7', HERE, 'RDP', 92, 'Cookie: mstshash=ops, Negotiate Request', 'tcp'),
  kind(HERE, '198.51.100.20', 'BitTorrent', 122, 'Handshake', 'tcp'),
  kind(HERE, '10.0.0.2', 'DNS', 85, 'Standard query 0x8c1e A login.example.net', 'udp'),
  kind('10.0.0.2', HERE, 'DNS', 117, 'Standard query response 0x8c1e A login.example.net A 192.0.2.44', 'udp'),
  kind(HERE, '192.0.2.44', 'TCP', 66, '49824 → 80 [SYN] Seq=0 Win=64240 Len=0 MSS=1460', 'syn'),
  kind('192.0.2.44', HERE, 'TCP', 66, '80 → 49824 [SYN, ACK] Seq=0 Ack=1 Win=29200 Len=0', 'syn'),
  kind(HERE, '192.0.2.44', 'HTTP', 214, 'GET /health HTTP/1.1', 'tcp'),
  kind('192.0.2.44', HERE, 'HTTP', 1312, 'HTTP/1.1 200 OK  (application/json)', 'tcp'),
  kind(HERE, '192.0.2.36', 'TLSv1.3', 1514, 'Application Data', 'tls', 'tcp'),
  kind('2001:db8::2', '2001:db8::4', 'ICMPv6', 86, 'Neighbor Solicitation for 2001:db8::4 from 00:0d:3a:4f:10:22'),
];

const NS_PER_PACKET = 61_037;

export interface FakeHostOptions {
  readonly packets?: number;
  readonly info?: Partial<AppInfo>;
  readonly settings?: Partial<Settings>;
  /** Each row window is answered this late. */
  readonly delayMs?: number;
  /** How many answers a capture takes to load; 0: it is there at once. */
  readonly loadSteps?: number;
  readonly problems?: SessionState['problems'];
}

export interface FakeHost {
  readonly methods: HostMethods;
  /** Where events go. */
  connect(emit: <E extends EventName>(event: E, value: Events[E]) => void): void;
  /** Calls so far, by method. */
  readonly calls: Map<string, number>;
}

export const FAKE_SETTINGS: Settings = {
  language: 'en',
  theme: 'light',
  density: 'normal',
  timeFormat: 'relative',
  columns: ['number', 'time', 'source', 'destination', 'protocol', 'length', 'info'].map((id) => ({ id })),
  colours: [
    { name: 'Unwanted', filter: 'bittorrent', tone: 'red', on: true },
    { name: 'TCP problem', filter: 'tcp.analysis.retransmission', tone: 'amber', on: true },
  ],
  coloursOn: true,
  layout: {},
  recentFiles: ['/captures/vm-web-01_2026-11-20.pcapng'],
  filterHistory: ['dns', 'tcp.analysis.retransmission'],
  favouriteFilters: [{ name: 'Handshakes', filter: 'syn' }],
  macros: [],
  relativeSequence: true,
  unwanted: [],
  labels: [],
  showNames: false,
  captureSides: [],
  decodeAs: [],
  tlsKeyLog: '',
};

interface View {
  readonly session: number;
  readonly kinds: readonly number[];
  readonly sort: Sort;
  readonly from: number;
  readonly end: number;
}

/** A filter names words of kinds, joined by `or`; anything else is wrong at its first unknown word. */
function kindsOf(
  filter: string,
): { readonly kinds: readonly number[] } | { readonly unknown: string; readonly at: number } {
  const all = KINDS.map((_, index) => index);
  if (filter.trim() === '') return { kinds: all };
  const chosen = new Set<number>();
  for (const match of filter.matchAll(/[a-z0-9_.]+/gi)) {
    const word = match[0].toLowerCase();
    if (word === 'or') continue;
    const found = all.filter((index) => KINDS[index]?.words.includes(word) === true);
    if (found.length === 0) return { unknown: match[0], at: match.index };
    for (const index of found) chosen.add(index);
  }
  return { kinds: [...chosen].sort((a, b) => a - b) };
}

/** Packets of these kinds among the first `end`. */
function countBefore(kinds: readonly number[], end: number): number {
  const rest = end % KINDS.length;
  return Math.floor(end / KINDS.length) * kinds.length + kinds.filter((one) => one < rest).length;
}

/** The nth packet (from 0) of these kinds. */
function nth(kinds: readonly number[], n: number): number {
  return Math.floor(n / kinds.length) * KINDS.length + (kinds[n % kinds.length] ?? 0);
}

export function makeFakeHost(options: FakeHostOptions = {}): FakeHost {
  const packets = options.packets ?? 2_007_828;
  const calls = new Map<string, number>();
  const sessions = new Map<number, SessionState>();
  const views = new Map<number, View>();
  const flags = { marked: new Set<number>(), ignored: new Set<number>(), reference: new Set<number>() };
  const comments = new Map<number, readonly string[]>();
  let settings: Settings = { ...FAKE_SETTINGS, ...options.settings };
  let nextId = 1;
  let emit: <E extends EventName>(event: E, value: Events[E]) => void = () => {};

  const info: AppInfo = {
    version: '0.1.0',
    host: 'serve',
    systemLanguage: 'en',
    systemOs: 'linux',
    hasDialogs: false,
    dropLimit: 2_000_000_000,
    openAtStart: ['/captures/vm-web-01_2026-11-20.pcapng'],
    isSample: false,
    ...options.info,
  };

  function sessionOf(id: number): SessionState {
    const found = sessions.get(id);
    if (found === undefined) throw new NagareError('not-open', `There is no session ${id}.`);
    return found;
  }

  function viewOf(id: number): View {
    const found = views.get(id);
    if (found === undefined) throw new NagareError('not-open', `There is no view ${id}.`);
    return found;
  }

  function change(id: number, patch: Partial<SessionState>): void {
    const next = { ...sessionOf(id), ...patch };
    sessions.set(id, next);
    emit('session', next);
    for (const [view, { session }] of views) if (session === id) emit('view', stateOf(view, 11));
  }

  function rowsOf({ kinds, from, end }: View, loaded: number): number {
    return Math.max(0, countBefore(kinds, Math.min(end, loaded)) - countBefore(kinds, from));
  }

  function stateOf(id: number, ms: number): ViewState {
    const view = viewOf(id);
    const session = sessionOf(view.session);
    return {
      view: id,
      session: view.session,
      rows: rowsOf(view, session.packets),
      leftOut: 0,
      ms,
      isComplete: !session.isLoading,
      progress: session.progress,
    };
  }

  /** Packet at a position of a view: captured order, or any column up or down. */
  function packetAt(view: View, position: number): number {
    const rows = rowsOf(view, sessionOf(view.session).packets);
    const place = view.sort?.descending === true ? rows - 1 - position : position;
    return nth(view.kinds, place + countBefore(view.kinds, view.from));
  }

  function positionOf(view: View, packet: number): { readonly position: number; readonly isShown: boolean } {
    const rows = rowsOf(view, sessionOf(view.session).packets);
    const before = countBefore(view.kinds, packet) - countBefore(view.kinds, view.from);
    const isShown = view.kinds.includes(packet % KINDS.length) && packet >= view.from && packet < view.end;
    const place = Math.max(0, Math.min(isShown ? before : before - 1, rows - 1));
    return { position: view.sort?.descending === true ? rows - 1 - place : place, isShown };
  }

  function cell(packet: number, column: string): string {
    const of = KINDS[packet % KINDS.length];
    switch (column) {
      case 'number':
        return String(packet + 1);
      case 'source':
        return of?.source ?? '';
      case 'destination':
        return of?.destination ?? '';
      case 'protocol':
        return of?.protocol ?? '';
      case 'length':
        return String(of?.length ?? 0);
      case 'info':
        return of?.info ?? '';
      default:
        return column.startsWith('tcp.') && of?.words.includes('tcp') === true ? String(packet % 1000) : '';
    }
  }

  function page(view: View, first: number, count: number, columns: readonly string[]): RowsPage {
    const total = rowsOf(view, sessionOf(view.session).packets);
    const size = Math.max(0, Math.min(count, total - first));
    const rows = Uint32Array.from({ length: size }, (_, index) => packetAt(view, first + index));
    const firstReference = Math.min(...flags.reference);
    return {
      first,
      rows,
      flags: Uint16Array.from(
        rows,
        (row) =>
          (flags.marked.has(row) ? ROW_FLAG.marked : 0) |
          (flags.ignored.has(row) ? ROW_FLAG.ignored : 0) |
          (comments.has(row) ? ROW_FLAG.comment : 0),
      ),
      isReference: Uint8Array.from(rows, (row) => (flags.reference.has(row) ? 1 : 0)),
      colours: Uint8Array.from(rows, colourOf),
      times: Float64Array.from(rows, (row) => row * NS_PER_PACKET),
      timeBefore: first === 0 ? Number.NaN : packetAt(view, first - 1) * NS_PER_PACKET,
      references: Float64Array.from(rows, (row) =>
        row >= firstReference ? firstReference * NS_PER_PACKET : Number.NaN,
      ),
      cells: Array.from(rows, (row) => columns.map((column) => cell(row, column)).join('\u001f')).join('\u001f'),
    };
  }

  function colourOf(row: number): number {
    const rule = settings.colours.findIndex((one) => {
      const found = kindsOf(one.filter);
      return one.on && 'kinds' in found && found.kinds.includes(row % KINDS.length);
    });
    return rule + 1;
  }

  function selectedRows(
    view: View | null,
    rows: Uint32Array | 'displayed' | 'all' | { readonly positions: Uint32Array },
  ): number[] {
    if (rows instanceof Uint32Array) return [...rows];
    if (view === null) return [];
    const ranges = typeof rows === 'string' ? [0, Math.min(rowsOf(view, packets), 10_000)] : [...rows.positions];
    const chosen: number[] = [];
    for (let i = 0; i + 1 < ranges.length; i += 2) {
      for (let at = ranges[i] ?? 0; at < (ranges[i + 1] ?? 0); at++) chosen.push(packetAt(view, at));
    }
    return chosen;
  }

  async function load(id: number): Promise<void> {
    const steps = options.loadSteps ?? 0;
    for (let step = 1; step <= steps; step++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      if (!sessions.has(id) || !sessionOf(id).isLoading) return;
      const isLoading = step < steps;
      change(id, {
        packets: Math.floor((packets * step) / steps),
        progress: step / steps,
        isLoading,
        loadMs: step * 100,
      });
    }
  }

  const methods: HostMethods = {
    ...fakeStreams,
    ...fakeCapture({
      emitTraffic: (traffic) => emit('traffic', traffic),
      add: (state) => {
        const session = nextId++;
        sessions.set(session, { ...state, session });
        return sessionOf(session);
      },
      get: (session) => sessions.get(session),
      change,
    }),
    'app.info': () => info,
    'settings.get': () => settings,
    'settings.set': (patch) => {
      const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
      settings = { ...settings, ...given };
      emit('settings', settings);
      if ('colours' in given) for (const id of sessions.keys()) change(id, { revision: sessionOf(id).revision + 1 });
      return settings;
    },
    'session.setSide': () => null,
    'names.list': () => ({ files: [], refused: null }),
    'names.add': ({ name }) => ({ files: [{ name, entries: 1, wrong: 0 }], refused: null }),
    'names.remove': () => ({ files: [], refused: null }),
    'cloud.list': () => ({ files: [], prices: '', problem: null }),
    'cloud.add': () => ({ files: [], prices: '', problem: null }),
    'cloud.remove': () => ({ files: [], prices: '', problem: null }),
    'keys.set': ({ path }) => {
      settings = { ...settings, tlsKeyLog: path ?? '' };
      emit('settings', settings);
      return { secrets: path === null ? 0 : 5 };
    },
    'fields.catalog': () => ({
      fields: [
        { name: 'ip.src', label: 'Source Address', type: 'ipv4' },
        { name: 'ip.dst', label: 'Destination Address', type: 'ipv4' },
        { name: 'tcp.port', label: 'Source or Destination Port', type: 'u16' },
        { name: 'tcp.srcport', label: 'Source Port', type: 'u16' },
        { name: 'tcp.flags.syn', label: 'Syn', type: 'bool' },
        { name: 'tcp.analysis.retransmission', label: 'Retransmission', type: 'none' },
        { name: 'dns.qry.name', label: 'Name', type: 'string' },
        {
          name: 'dns.flags.rcode',
          label: 'Reply code',
          type: 'u16',
          values: [
            [0, 'No error'],
            [3, 'No such name'],
          ],
        },
        { name: 'frame.number', label: 'Frame Number', type: 'u32' },
        { name: 'frame.time_relative', label: 'Time since first frame', type: 'duration' },
      ],
      protocols: ['eth', 'ip', 'ipv6', 'tcp', 'udp', 'dns', 'tls', 'http', 'rdp', 'portmap', 'bittorrent', 'icmpv6'],
    }),
    'files.browse': ({ path }) => ({
      path: path ?? '/captures',
      parent: null,
      entries: [
        { name: 'archive', path: '/captures/archive', isFolder: true, size: 0, modified: 1_763_600_000_000 },
        {
          name: 'vm-web-01_2026-11-20.pcapng',
          path: '/captures/vm-web-01_2026-11-20.pcapng',
          isFolder: false,
          size: 1_110_000_000,
          modified: 1_763_640_000_000,
        },
      ],
    }),
    'files.dialog': () => [],
    'session.open': ({ paths }) => {
      const missing = paths.find((path) => path.includes('missing'));
      if (missing !== undefined) throw new NagareError('file-not-found', `${missing} was not found.`);
      const session = nextId++;
      const isLoading = (options.loadSteps ?? 0) > 0;
      const state: SessionState = {
        session,
        files: paths.map((path) => ({
          path,
          name: path.split('/').at(-1) ?? path,
          size: 1_110_000_000,
          format: 'pcapng',
          compression: null,
        })),
        interfaces: [{ name: 'eth0', description: '', linkType: 1, linkName: 'Ethernet', file: 0 }],
        packets: isLoading ? 0 : packets,
        firstRow: 0,
        live: null,
        isLoading,
        progress: isLoading ? 0 : 1,
        loadMs: isLoading ? 0 : 812,
        epoch: '1795179600123456000',
        startTime: 0,
        firstTime: 0,
        lastTime: Math.max(0, packets - 1) * NS_PER_PACKET,
        copies: 0,
        timeDigits: 6,
        marked: 0,
        ignored: 0,
        commented: 0,
        unwanted: 0,
        problems: options.problems ?? [],
        revision: 0,
        hasUnsavedComments: false,
      };
      sessions.set(session, state);
      void load(session);
      return state;
    },
    'session.close': ({ session }) => {
      sessionOf(session);
      sessions.delete(session);
      for (const [id, view] of views) if (view.session === session) views.delete(id);
      return null;
    },
    'session.values': () => ({ values: [{ text: '443', name: 'https', count: 12 }], looked: 12, candidates: 12 }),
    'filters.export': ({ path }) => ({ path, download: path === null ? '/download/1/filters.json' : null }),
    'session.decodeAs': () => ({ rules: [], tables: [], choices: [] }),
    'session.setDecodeAs': () => null,
    'session.stop': ({ session }) => {
      change(session, { isLoading: false, progress: 1 });
      return null;
    },
    'view.open': ({ session, filter, range, sort }) => {
      const { packets: loaded } = sessionOf(session);
      const found = kindsOf(filter);
      if ('unknown' in found) {
        const { unknown, at } = found;
        return {
          ok: false,
          error: {
            message: `There is no field or protocol "${unknown}".`,
            code: 'unknown-field',
            params: { name: unknown },
            start: at,
            end: at + unknown.length,
          },
        };
      }
      const id = nextId++;
      const from = range === null ? 0 : Math.max(0, Math.ceil(range.from / NS_PER_PACKET));
      const end = range === null ? Math.max(packets, loaded) : Math.floor(range.to / NS_PER_PACKET) + 1;
      views.set(id, { session, kinds: found.kinds, sort, from, end: Math.min(end, packets) });
      return { ok: true, view: stateOf(id, 11) };
    },
    'view.close': ({ view }) => {
      viewOf(view);
      views.delete(view);
      return null;
    },
    'view.rows': async ({ view, first, count, columns }) => {
      const found = viewOf(view);
      if (options.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, options.delayMs));
      return page(found, first, count, columns);
    },
    'view.position': ({ view, row }) => positionOf(viewOf(view), row),
    'view.strip': ({ view, buckets }) => {
      const { lastTime } = sessionOf(viewOf(view).session);
      const busy = (at: number): boolean => at > buckets * 0.58 && at < buckets * 0.7;
      const height = (at: number): number =>
        Math.round(900 + 500 * Math.sin(at / 9) + 260 * Math.sin(at / 2.3) + (busy(at) ? 2200 : 0));
      const { kinds } = viewOf(view);
      return {
        from: 0,
        to: lastTime,
        all: Uint32Array.from({ length: buckets }, (_, at) => height(at)),
        shown: Uint32Array.from({ length: buckets }, (_, at) => Math.round((height(at) * kinds.length) / KINDS.length)),
        problems: Uint32Array.from({ length: buckets }, (_, at) =>
          busy(at) ? 300 + ((at * 37) % 400) : at % 23 === 0 ? 40 : 0,
        ),
      };
    },
    'view.find': ({ view, from, forward, text }) => {
      const found = viewOf(view);
      const rows = rowsOf(found, packets);
      for (let step = 1; step <= Math.min(rows, KINDS.length * 2); step++) {
        const position = (((from + (forward ? step : -step)) % rows) + rows) % rows;
        const row = packetAt(found, position);
        if (cell(row, 'info').includes(text)) return { position, row, source: 0, at: 0, length: 0 };
      }
      return null;
    },
    'packet.detail': ({ row }) => detail(row),
    'packet.appearances': () => [],
    'packet.cellFilter': ({ row, column }) => {
      const of = KINDS[row % KINDS.length];
      if (of === undefined) return null;
      if (column === 'source') return `ip.src == ${of.source}`;
      if (column === 'destination') return `ip.dst == ${of.destination}`;
      if (column === 'protocol') return of.protocol.toLowerCase();
      if (column === 'length') return `frame.len == ${of.length}`;
      return null;
    },
    'packet.conversationFilter': ({ row, layer }) => {
      const of = KINDS[row % KINDS.length];
      if (of === undefined || layer === 'ipv6') return null;
      if (layer === 'ip') return `ip.addr == ${of.source} and ip.addr == ${of.destination}`;
      return layer === 'tcp' && of.words.includes('tcp') ? `tcp.stream == ${row % 7}` : null;
    },
    'packets.flag': ({ session, view, rows, what, on }) => {
      const chosen = selectedRows(view === null ? null : viewOf(view), rows);
      for (const row of chosen) {
        if (on) flags[what].add(row);
        else flags[what].delete(row);
      }
      const { revision } = sessionOf(session);
      change(session, { marked: flags.marked.size, ignored: flags.ignored.size, revision: revision + 1 });
      return null;
    },
    'packet.comment': ({ session, row, comments: texts }) => {
      if (texts.length === 0) comments.delete(row);
      else comments.set(row, texts);
      change(session, {
        commented: comments.size,
        revision: sessionOf(session).revision + 1,
        hasUnsavedComments: true,
      });
      return null;
    },
    'panel.get': ({ panel }) => {
      if (panel !== 'hierarchy') throw new NagareError('bad-input', `There is no panel "${panel}".`);
      const node = (protocol: string, title: string, share: number, children: readonly unknown[] = []): unknown => ({
        protocol,
        title,
        filter: protocol,
        packets: Math.round(packets * share),
        bytes: Math.round(packets * share * 550),
        endPackets: children.length === 0 ? Math.round(packets * share) : 0,
        endBytes: children.length === 0 ? Math.round(packets * share * 550) : 0,
        unwanted:
          protocol === 'bittorrent'
            ? [{ kind: 'peerToPeer', title: 'BitTorrent', filter: 'bittorrent', packets: Math.round(packets * share) }]
            : [],
        children,
      });
      return {
        packets,
        bytes: packets * 550,
        duration: packets * NS_PER_PACKET,
        notRead: [],
        isGathering: false,
        unwanted: [
          {
            kind: 'peerToPeer',
            title: 'BitTorrent',
            filter: 'bittorrent',
            packets: Math.round(packets * 0.02),
            bytes: Math.round(packets * 0.02 * 550),
            addresses: [{ address: HERE, name: '', packets: Math.round(packets * 0.02) }],
            addressCount: 1,
          },
        ],
        roots: [
          node('eth', 'Ethernet', 1, [
            node('ip', 'Internet Protocol Version 4', 0.94, [
              node('tcp', 'Transmission Control Protocol', 0.72, [
                node('tls', 'Transport Layer Security', 0.31),
                node('http', 'Hypertext Transfer Protocol', 0.2),
                node('bittorrent', 'BitTorrent', 0.02),
              ]),
              node('udp', 'User Datagram Protocol', 0.22, [node('dns', 'Domain Name System', 0.12)]),
            ]),
            node('ipv6', 'Internet Protocol Version 6', 0.06, [node('icmpv6', 'ICMPv6', 0.06)]),
          ]),
        ],
      };
    },
    'export.run': async ({ which, view }, call) => {
      const total = which === 'displayed' ? rowsOf(viewOf(view), packets) : packets;
      for (let step = 1; step <= 10; step++) {
        await new Promise((resolve) => setTimeout(resolve, 30));
        if (call.signal.aborted) throw new NagareError('cancelled', 'The export was cancelled.');
        call.progress(Math.round((total * step) / 10), total);
      }
      return { packets: total, path: null, download: './download/1', warnings: [] };
    },
  };

  function detail(row: number) {
    const of = KINDS[row % KINDS.length] ?? KINDS[0];
    const bytes = Uint8Array.from({ length: of?.length ?? 60 }, (_, at) => (at * 31 + row * 7 + (at >> 3)) & 0xff);
    const node = (depth: number, label: string, field: string, at: number, length: number, hasChildren = false) => ({
      depth,
      label,
      field,
      filter: field === '' ? '' : label.includes(': ') ? `${field} == ${label.split(': ')[1] ?? ''}` : field,
      value: label.split(': ')[1] ?? '',
      source: 0,
      at,
      length,
      isGenerated: false,
      hasChildren,
      severity: '',
      frameRow: -1,
    });
    return {
      row,
      nodes: [
        node(
          0,
          `Frame ${row + 1}: ${bytes.length} bytes on wire, ${bytes.length} bytes captured`,
          'frame',
          0,
          bytes.length,
          true,
        ),
        node(1, `Frame Number: ${row + 1}`, 'frame.number', 0, 0),
        node(0, 'Ethernet II, Src: 12:34:56:78:9a:bc, Dst: 00:0d:3a:4f:10:22', 'eth', 0, 14, true),
        node(1, 'Destination: 00:0d:3a:4f:10:22', 'eth.dst', 0, 6),
        node(1, 'Source: 12:34:56:78:9a:bc', 'eth.src', 6, 6),
        node(1, 'Type: IPv4 (0x0800)', 'eth.type', 12, 2),
        node(
          0,
          `Internet Protocol Version 4, Src: ${of?.source ?? ''}, Dst: ${of?.destination ?? ''}`,
          'ip',
          14,
          20,
          true,
        ),
        node(1, `Source Address: ${of?.source ?? ''}`, 'ip.src', 26, 4),
        node(1, `Destination Address: ${of?.destination ?? ''}`, 'ip.dst', 30, 4),
        node(0, 'Transmission Control Protocol, Src Port: 443, Dst Port: 49822', 'tcp', 34, 20, true),
        node(1, 'Flags: 0x012 (SYN, ACK)', 'tcp.flags', 46, 2, true),
        node(2, '.... .... ..1. = Syn: Set', 'tcp.flags.syn', 47, 1),
        node(1, 'Window: 65535', 'tcp.window_size_value', 48, 2),
        { ...node(1, '[SEQ/ACK analysis]', 'tcp.analysis', 0, 0, true), isGenerated: true },
        {
          ...node(2, '[This is an ACK to the segment in frame: 1]', 'tcp.analysis.acks_frame', 0, 0),
          isGenerated: true,
          frameRow: 0,
        },
      ],
      sources: [{ name: 'Frame', bytes }],
      comments: comments.get(row) ?? [],
    };
  }

  for (const [name, method] of Object.entries(methods)) {
    const counted = (...given: never[]): unknown => {
      calls.set(name, (calls.get(name) ?? 0) + 1);
      return (method as (...all: never[]) => unknown)(...given);
    };
    Object.assign(methods, { [name]: counted });
  }

  return {
    methods,
    calls,
    connect: (to) => {
      emit = to;
    },
  };
}
