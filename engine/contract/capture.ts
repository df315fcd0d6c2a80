/** Live capture: the schemas of what is asked of a host, and what is answered. What is captured is a session whose file grows. */

import * as v from 'valibot';

const id = v.pipe(v.number(), v.integer(), v.minValue(0));
const text = v.pipe(v.string(), v.maxLength(65536));
const name = v.pipe(v.string(), v.minLength(1), v.maxLength(1000));
const whole = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
const some = v.pipe(whole, v.minValue(1));

/** When a capture ends by itself, or goes on in its next file; null: never for this reason. */
const limits = v.object({
  packets: v.nullable(some),
  bytes: v.nullable(some),
  seconds: v.nullable(v.pipe(v.number(), v.minValue(0.001))),
});

/** What `nagare capture`, the dialog and the pasted command line of another tool all say. */
export const captureOptionsSchema = v.object({
  /** Names as `capture.interfaces` gives them; `any` where the system has it. */
  interfaces: v.pipe(v.array(name), v.minLength(1), v.maxLength(64)),
  /** In pcap-filter's language; '': everything. */
  filter: text,
  /** Bytes kept of each packet; 0: the system's maximum. */
  snapLength: v.pipe(whole, v.maxValue(0x7fffffff)),
  promiscuous: v.boolean(),
  monitor: v.boolean(),
  /** Kernel buffer in bytes; 0: the system's default. */
  bufferBytes: v.pipe(whole, v.maxValue(0x7fffffff)),
  direction: v.picklist(['in', 'out', 'both']),
  /** libpcap's name (`EN10MB`); '': the interface's own. */
  linkType: text,
  /** libpcap's name (`adapter_unsynced`); '': the interface's own. */
  timestampType: text,
  precision: v.picklist(['micro', 'nano']),
  immediate: v.boolean(),
  stop: v.object({ ...limits.entries, files: v.nullable(some) }),
  /**
   * Next file when one of these is reached; `files`: so many are kept, the oldest goes first; `interval`: whenever the clock is at a
   * multiple of so many seconds. null: one file.
   */
  ring: v.nullable(v.object({ ...limits.entries, files: v.nullable(some), interval: v.optional(v.nullable(some)) })),
  /** The view keeps so many minutes, older rows are retired; null: all. */
  keepMinutes: v.nullable(v.pipe(v.number(), v.minValue(0.1))),
  /** File to write; null: a private one that is offered for saving. */
  path: v.nullable(name),
  /**
   * Flight recorder: the last minutes are saved into a file of their own when a packet passes the display filter, more packets
   * a second come than `packetRate`, or a flow monitor's condition holds; one file per `minutes` at most. null: only when asked for (`capture.save`).
   */
  saveWhen: v.nullable(
    v.object({
      /** Display filter; '': none. */
      filter: text,
      packetRate: v.nullable(v.pipe(v.number(), v.minValue(1))),
      /** Flow monitors (monitors.ts): a condition of one of them holds; '' and none: not looked at. */
      monitors: v.optional(text),
      minutes: v.pipe(v.number(), v.minValue(0.1)),
    }),
  ),
  /** Capture on another machine through the system's ssh client; null: on this one. */
  remote: v.nullable(
    v.object({
      /** `user@host` or a name of the ssh configuration. */
      destination: v.pipe(v.string(), v.regex(/^[^-\s][^\s]{0,254}$/)),
      port: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65535))),
      tool: v.picklist(['tcpdump', 'dumpcap']),
      /** Run there through `sudo -n`. */
      sudo: v.boolean(),
    }),
  ),
});
export type CaptureSettings = v.InferOutput<typeof captureOptionsSchema>;

/** The first setting that cannot be, and why, for who makes them by hand; null: all are right. */
export function wrongSetting(settings: CaptureSettings): { readonly name: string; readonly message: string } | null {
  const { issues } = v.safeParse(captureOptionsSchema, settings);
  const first = issues?.[0];
  return first === undefined ? null : { name: v.getDotPath(first) ?? '', message: first.message };
}

/** Nothing chosen yet: whole packets of one interface until stopped. */
export const DEFAULT_CAPTURE: Omit<CaptureSettings, 'interfaces'> = {
  filter: '',
  snapLength: 0,
  promiscuous: true,
  monitor: false,
  bufferBytes: 0,
  direction: 'both',
  linkType: '',
  timestampType: '',
  precision: 'micro',
  immediate: false,
  stop: { packets: null, bytes: null, seconds: null, files: null },
  ring: null,
  keepMinutes: null,
  path: null,
  saveWhen: null,
  remote: null,
};

export const captureMethods = {
  /** What this machine can capture with, on which interfaces, and what is missing. */
  'capture.interfaces': v.object({}),
  /** Sends `traffic` events once a second while on. */
  'capture.watch': v.object({ on: v.boolean() }),
  /** Compiles a capture filter; `interface`: whose link type it is for. */
  'capture.checkFilter': v.object({ interface: name, linkType: text, filter: text }),
  'capture.start': v.object({ options: captureOptionsSchema }),
  /** Ends a capture; the session stays, a complete file. */
  'capture.stop': v.object({ session: id }),
  /** Captures with the same options into a new file; the session is another one. */
  'capture.restart': v.object({ session: id }),
  /**
   * Keeps what was captured: the file as it is, or the packets of the last `minutes`. `path` null: a download of that name,
   * where the host has no dialogs.
   */
  'capture.save': v.object({
    session: id,
    minutes: v.nullable(v.pipe(v.number(), v.minValue(0.1))),
    path: v.nullable(name),
    suggestedName: text,
  }),
  /** Files of captures that a crash left behind. */
  'capture.left': v.object({}),
  'capture.discard': v.object({ path: name }),
} as const;

/** Why a capture tool cannot be used, as keys of the dictionaries (`captureNeed.KEY`) say it in words. */
export interface CaptureNeed {
  readonly key: string;
  readonly params: Readonly<Record<string, string | number>>;
}

export interface LiveInterface {
  /** For the tool: `eth0`, `\Device\NPF_{...}`. */
  readonly name: string;
  /** For people: `Ethernet 2`; '' where it has no other name. */
  readonly title: string;
  readonly description: string;
  /** `192.0.2.7/24`, `2001:db8::7/64`. */
  readonly addresses: readonly string[];
  /** libpcap's names, the default first; empty: not known without opening it. */
  readonly linkTypes: readonly string[];
  readonly isUp: boolean;
  readonly isLoopback: boolean;
  readonly isWireless: boolean;
}

export interface CaptureAbility {
  /** What captures here, in the order of choice; `none`: nothing does. */
  readonly tool: 'helper' | 'dumpcap' | 'tcpdump' | 'cap' | 'pktmon' | 'netsh' | 'none';
  /** `libpcap version 1.10.3 ...`; ''. */
  readonly version: string;
  /** Times are the kernel's, and drops are counted. */
  readonly isExact: boolean;
  /** What is missing for capturing (or for capturing well), and how to get it. */
  readonly needs: readonly CaptureNeed[];
  readonly interfaces: readonly LiveInterface[];
  /** Where captures go unless a path is given, and what is free there, in bytes. */
  readonly folder: string;
  readonly freeBytes: number;
}

/** Counters of the interfaces since they came up: two of these make a rate. */
export interface Traffic {
  /** Milliseconds, of the host's own clock. */
  readonly at: number;
  readonly interfaces: readonly { readonly name: string; readonly packets: number; readonly bytes: number }[];
}

/** A capture that runs or has run. Part of SessionState. */
export interface LiveState {
  readonly isRunning: boolean;
  readonly options: CaptureSettings;
  readonly tool: CaptureAbility['tool'];
  /** Packets written. */
  readonly captured: number;
  /** By the kernel's filter; null: the tool does not count them. */
  readonly received: number | null;
  readonly droppedByKernel: number | null;
  readonly droppedByInterface: number | null;
  /** Packets and bytes in the last second. */
  readonly packetRate: number;
  readonly byteRate: number;
  readonly fileBytes: number;
  readonly files: number;
  readonly freeBytes: number;
  /** The file that is written (the newest of a ring). */
  readonly path: string;
  /** The file is a private one: it goes with the session unless it is saved. */
  readonly isPrivate: boolean;
  /** Flow monitors whose condition holds in the last minutes, by name. */
  readonly alerts: readonly string[];
  /** What the flight recorder has saved so far. */
  readonly saved: readonly { readonly path: string; readonly packets: number }[];
  /** Why it ended by itself, or cannot go on; also why something could not be saved. */
  readonly problem: CaptureNeed | null;
}

/** Besides `capture.start` and `capture.restart`, which answer with the session as `session.open` does. */
export interface CaptureOutputs {
  'capture.interfaces': CaptureAbility;
  'capture.watch': null;
  /** `at`: the character of the error, where it can be told. */
  'capture.checkFilter':
    | { readonly ok: true }
    | { readonly ok: false; readonly message: string; readonly at: number | null };
  'capture.stop': null;
  'capture.save': { readonly packets: number; readonly path: string | null; readonly download: string | null };
  'capture.left': readonly {
    readonly path: string;
    readonly size: number;
    /** Milliseconds since 1970. */
    readonly modified: number;
  }[];
  'capture.discard': null;
}
