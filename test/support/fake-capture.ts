/** The fake host's live capture: two interfaces, and a session that grows by a hundred packets every tenth of a second. */

import { NagareError } from '../../engine/base/errors.ts';
import type { HostMethods, SessionState } from '../../engine/contract/api.ts';
import type { CaptureSettings, captureMethods, LiveState, Traffic } from '../../engine/contract/capture.ts';

const STEP_MS = 100;
const PACKETS_A_STEP = 100;
const PACKET_BYTES = 550;
const NS_PER_MS = 1e6;

interface Sessions {
  readonly emitTraffic: (traffic: Traffic) => void;
  readonly add: (state: Omit<SessionState, 'session'>) => SessionState;
  readonly get: (session: number) => SessionState | undefined;
  readonly change: (session: number, patch: Partial<SessionState>) => void;
}

type Answers = Pick<HostMethods, keyof typeof captureMethods>;

/** `dst host` and other words that pcap-filter has: anything else is wrong where it stands. */
const FILTER_WORDS = /^(?:and|or|not|tcp|udp|icmp|arp|ip6?|host|net|port|src|dst|\d[\d./:a-f]*|[()!&|])$/;

function startOf(options: CaptureSettings): LiveState {
  return {
    isRunning: true,
    options,
    tool: 'helper',
    captured: 0,
    received: 0,
    droppedByKernel: 0,
    droppedByInterface: 0,
    packetRate: 0,
    byteRate: 0,
    fileBytes: 0,
    files: 1,
    freeBytes: 41_000_000_000,
    path: options.path ?? '/private/capture.pcapng',
    isPrivate: options.path === null,
    alerts: [],
    saved: [],
    problem: null,
  };
}

export function fakeCapture(sessions: Sessions): Answers {
  let watching: NodeJS.Timeout | undefined;

  function step(session: number): void {
    const state = sessions.get(session);
    if (state === undefined || state.live === null || !state.live.isRunning) return;
    const captured = state.live.captured + PACKETS_A_STEP;
    const isRunning = captured < (state.live.options.stop.packets ?? Number.POSITIVE_INFINITY);
    sessions.change(session, {
      packets: captured,
      lastTime: (captured / PACKETS_A_STEP) * STEP_MS * NS_PER_MS,
      live: {
        ...state.live,
        isRunning,
        captured,
        received: captured,
        packetRate: (PACKETS_A_STEP * 1000) / STEP_MS,
        byteRate: (PACKETS_A_STEP * PACKET_BYTES * 1000) / STEP_MS,
        fileBytes: captured * PACKET_BYTES,
      },
    });
    setTimeout(() => step(session), STEP_MS);
  }

  function start(options: CaptureSettings): SessionState {
    const path = options.path ?? '/private/capture.pcapng';
    const state = sessions.add({
      files: [{ path, name: path.split('/').at(-1) ?? path, size: 0, format: 'pcapng', compression: null }],
      interfaces: options.interfaces.map((name) => ({
        name,
        description: '',
        linkType: 1,
        linkName: 'Ethernet',
        file: 0,
      })),
      packets: 0,
      firstRow: 0,
      live: startOf(options),
      isLoading: false,
      progress: 1,
      loadMs: 0,
      epoch: '1795179600123456000',
      startTime: 0,
      firstTime: 0,
      lastTime: 0,
      copies: 0,
      timeDigits: 6,
      marked: 0,
      ignored: 0,
      commented: 0,
      unwanted: 0,
      problems: [],
      revision: 0,
      hasUnsavedComments: false,
    });
    setTimeout(() => step(state.session), STEP_MS);
    return state;
  }

  function stop(session: number): void {
    const live = sessions.get(session)?.live;
    if (live !== null && live !== undefined) sessions.change(session, { live: { ...live, isRunning: false } });
  }

  return {
    'capture.interfaces': () => ({
      tool: 'helper',
      version: 'libpcap version 1.10.3',
      isExact: true,
      needs: [],
      interfaces: [
        {
          name: 'eth0',
          title: '',
          description: 'Virtual network adapter',
          addresses: ['192.0.2.7/24', '2001:db8::7/64'],
          linkTypes: ['EN10MB', 'DOCSIS'],
          isUp: true,
          isLoopback: false,
          isWireless: false,
        },
        {
          name: 'lo',
          title: '',
          description: '',
          addresses: ['127.0.0.1/8', '::1/128'],
          linkTypes: ['EN10MB'],
          isUp: true,
          isLoopback: true,
          isWireless: false,
        },
      ],
      folder: '/private',
      freeBytes: 41_000_000_000,
    }),
    'capture.watch': ({ on }) => {
      clearInterval(watching);
      let packets = 0;
      const tell = (): void => {
        packets += 1000;
        sessions.emitTraffic({
          at: packets,
          interfaces: [
            { name: 'eth0', packets, bytes: packets * PACKET_BYTES },
            { name: 'lo', packets: 0, bytes: 0 },
          ],
        });
      };
      if (on) watching = setInterval(tell, 1000);
      return null;
    },
    'capture.checkFilter': ({ filter }) => {
      for (const { 0: word, index } of filter.matchAll(/[^\s()!&|]+|[()!&|]/g)) {
        if (!FILTER_WORDS.test(word)) return { ok: false, message: `syntax error near "${word}"`, at: index };
      }
      return { ok: true };
    },
    'capture.start': ({ options }) => start(options),
    'capture.stop': ({ session }) => {
      stop(session);
      return null;
    },
    'capture.restart': ({ session }) => {
      const options = sessions.get(session)?.live?.options;
      if (options === undefined) throw new NagareError('not-open', `There is no capture ${session}.`);
      stop(session);
      return start(options);
    },
    'capture.save': ({ session, path, suggestedName }) => ({
      packets: sessions.get(session)?.packets ?? 0,
      path,
      download: path === null ? `/download/1/${suggestedName}` : null,
    }),
    'capture.left': () => [],
    'capture.discard': () => null,
  };
}
