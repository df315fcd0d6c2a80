/**
 * The host contract: every method and event between a user interface and a host, with the schema of what comes in.
 * The same contract runs over a MessagePort (Electron) and a WebSocket (serve mode). Inputs are checked against these
 * schemas at the boundary; a host does not compile until it answers every method.
 *
 * Rows are packets counted from 0 in file order; the number that people see is row + 1. Times are nanoseconds since the
 * session's epoch as integers in a number (NaN: no time); the epoch itself is a decimal string of nanoseconds since 1970.
 */

import * as v from 'valibot';
import { type CaptureOutputs, captureMethods, type LiveState, type Traffic } from './capture.ts';
import { type CloudOutputs, cloudMethods } from './cloud.ts';
import { type FollowOutputs, followMethods } from './follow.ts';
import { type NamesOutputs, namesMethods } from './names.ts';
import { preferenceEntries, sideMethods, type UnwantedKind } from './preferences.ts';

const id = v.pipe(v.number(), v.integer(), v.minValue(0));
const row = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffffffff));
const text = v.pipe(v.string(), v.maxLength(65536));
const path = v.pipe(v.string(), v.minLength(1), v.maxLength(4096));

/** A part of the capture: [from, to] in nanoseconds since the epoch; null: all of it. */
const timeRange = v.nullable(v.object({ from: v.number(), to: v.number() }));

/** `number`, `time`, `source`, `destination`, `protocol`, `length`, `info`, or a field's name. */
const columnId = v.pipe(v.string(), v.minLength(1), v.maxLength(200));

const sort = v.nullable(v.object({ column: columnId, descending: v.boolean() }));

/** Of a packet that was seen at several places: every record of it, or the one at the adapter. */
const appearances = v.optional(v.picklist(['all', 'adapter']));

const colourRule = v.object({
  name: text,
  filter: text,
  /** What it means: the theme chooses the colours. */
  tone: v.picklist(['none', 'amber', 'red', 'blue', 'violet', 'green', 'teal', 'grey']),
  on: v.boolean(),
});

/** Decode as: what a table says otherwise for a key, by protocol name: `tcp.port`, 8080, `http`. */
const decodeRule = v.object({
  table: v.pipe(v.string(), v.minLength(1), v.maxLength(40)),
  key: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffffffff)),
  protocol: v.pipe(v.string(), v.minLength(1), v.maxLength(100)),
});
const decodeRules = v.pipe(v.array(decodeRule), v.maxLength(10_000));

const column = v.object({
  id: columnId,
  title: v.optional(text),
  width: v.optional(v.number()),
  hidden: v.optional(v.boolean()),
});

/** What the user may set; kept by the host. Unknown keys of older or newer versions are dropped, wrong values replaced. */
export const settingsSchema = v.object({
  language: v.picklist(['system', 'en', 'ja']),
  theme: v.picklist(['system', 'light', 'dark', 'contrast']),
  density: v.picklist(['compact', 'normal']),
  timeFormat: v.picklist(['relative', 'local', 'utc', 'delta', 'reference', 'epoch']),
  columns: v.array(column),
  colours: v.array(colourRule),
  coloursOn: v.boolean(),
  /** Sizes and places of panes, by name: the renderer's own. */
  layout: v.record(v.string(), v.unknown()),
  recentFiles: v.array(path),
  filterHistory: v.array(text),
  favouriteFilters: v.array(v.object({ name: text, filter: text })),
  /** Macros of the display filter: `${name}` stands for the text. */
  macros: v.array(v.object({ name: text, text })),
  relativeSequence: v.boolean(),
  ...preferenceEntries,
  /** Path of the TLS key log file, or empty. Only `keys.set` changes it. */
  tlsKeyLog: v.string(),
  /** Decode as, per file: known again by its path and size. */
  decodeAs: v.array(v.object({ path, size: v.number(), rules: decodeRules })),
});
export type Settings = v.InferOutput<typeof settingsSchema>;
export type ColourRule = v.InferOutput<typeof colourRule>;
export type ColumnSetting = v.InferOutput<typeof column>;
export type DecodeRule = v.InferOutput<typeof decodeRule>;
export type TimeRange = v.InferOutput<typeof timeRange>;
export type Sort = v.InferOutput<typeof sort>;

const which = v.picklist(['all', 'displayed', 'selected', 'marked', 'range']);
/** Selected rows by their place in the view: first and end of each range, one after the other. Ten million are one range. */
const positions = v.object({ positions: v.instance(Uint32Array) });
const rowSet = v.union([v.instance(Uint32Array), positions, v.literal('displayed'), v.literal('all')]);

/** Methods: name to the schema of their input. Outputs are in `Outputs`. */
export const methods = {
  /** What this host is and can do. */
  'app.info': v.object({}),
  'settings.get': v.object({}),
  'settings.set': v.partial(settingsSchema),
  /** Every field: for completion and checks in the page. */
  /** The file with secrets of TLS connections (SSLKEYLOGFILE) that captures are opened with; null: none. Kept in the settings. */
  'keys.set': v.object({ path: v.nullable(path) }),
  'fields.catalog': v.object({}),
  /** Files and folders to open, in hosts without a dialog of their own; null: the folders named at start. */
  'files.browse': v.object({ path: v.nullable(path) }),
  /** Shows the system's own dialog, where the host has one; resolves to the chosen paths ([] when cancelled). */
  'files.dialog': v.object({ kind: v.picklist(['open', 'save', 'keys']), suggestedName: v.optional(text) }),
  'session.open': v.object({ paths: v.pipe(v.array(path), v.minLength(1), v.maxLength(1000)) }),
  'session.close': v.object({ session: id }),
  /** Ends the loading of a capture; what was read stays. */
  'session.stop': v.object({ session: id }),
  /** The rules of "decode as" in force, what they may be about, and what a packet offers (the rules that would change nothing). */
  'session.decodeAs': v.object({ session: id, row: v.nullable(row) }),
  /** Replaces the rules; the packets are read again under them, and the host keeps them for the next time the file is opened. */
  'session.setDecodeAs': v.object({ session: id, rules: decodeRules }),
  /** Values that a field has in the packets that a filter leaves, the most frequent first: what completion offers. */
  'session.values': v.object({
    session: id,
    field: columnId,
    filter: text,
    limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000)),
  }),
  /** Filtered and sorted order of a session. The host keeps it, extends it while the capture loads, and drops it on view.close. */
  'view.open': v.object({
    session: id,
    filter: text,
    range: timeRange,
    sort,
    appearances,
    /** The selected packet, from which references (`${ip.src}`) take their values. */
    reference: v.optional(v.nullable(row)),
  }),
  'view.close': v.object({ view: id }),
  /** Rows [first, first + count) of a view with the texts of these columns. */
  'view.rows': v.object({
    view: id,
    first: row,
    count: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2000)),
    columns: v.pipe(v.array(columnId), v.maxLength(100)),
  }),
  /** Where a packet is in a view; the nearest one before it where it is not shown. */
  'view.position': v.object({ view: id, row }),
  /** Packets per time bucket over the whole capture: all, shown in the view, and with problems. */
  'view.strip': v.object({ view: id, buckets: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4000)) }),
  /** The next match from `from` (exclusive), going round once. */
  'view.find': v.object({
    view: id,
    from: v.pipe(v.number(), v.integer(), v.minValue(-1)),
    forward: v.boolean(),
    kind: v.picklist(['text', 'hex', 'regex', 'filter']),
    where: v.picklist(['list', 'details', 'bytes']),
    text,
    matchCase: v.boolean(),
  }),
  'packet.detail': v.object({ session: id, row }),
  /** Every record of a packet that was seen at several places, in order of time; empty where there is one only. */
  'packet.appearances': v.object({ session: id, row }),
  /** Filter text for a cell of the list, e.g. `ip.src == 192.0.2.1`; null where the cell has none. */
  'packet.cellFilter': v.object({ session: id, row, column: columnId }),
  /** Filter text for the packet's conversation at a layer; null where it has none. */
  'packet.conversationFilter': v.object({ session: id, row, layer: v.picklist(['eth', 'ip', 'ipv6', 'tcp', 'udp']) }),
  'packets.flag': v.object({
    session: id,
    view: v.nullable(id),
    rows: rowSet,
    what: v.picklist(['marked', 'ignored', 'reference']),
    on: v.boolean(),
  }),
  /** Replaces a packet's comments. */
  'packet.comment': v.object({ session: id, row, comments: v.array(text) }),
  /** A Report (report.ts), or what a panel with a view of its own makes; `options`: by the ids of its choices. */
  /** Writes named filters and macros to a file that others can read in; `path` and `suggestedName` as for export.run. */
  'filters.export': v.object({
    path: v.nullable(path),
    suggestedName: text,
    text: v.pipe(v.string(), v.maxLength(4_000_000)),
  }),
  'panel.get': v.object({
    session: id,
    panel: v.pipe(v.string(), v.maxLength(40)),
    filter: text,
    range: timeRange,
    appearances,
    options: v.optional(v.record(v.string(), text)),
  }),
  /** Writes packets to a file; progress comes as `job` events with the number of the request. */
  'export.run': v.object({
    session: id,
    view: id,
    which,
    /** For `selected`: packets, or places in the view. */
    rows: v.optional(v.union([v.instance(Uint32Array), positions])),
    range: v.optional(timeRange),
    format: v.picklist(['pcapng', 'pcap', 'csv', 'json']),
    columns: v.optional(v.array(columnId)),
    /** Mirrored packets from their inner frame on; for pcapng and pcap. */
    decapsulate: v.optional(v.boolean()),
    /** A path (after a dialog), or null: the host keeps it for a download and answers with its address. */
    path: v.nullable(path),
    /** What a download is to be called. */
    suggestedName: v.optional(text),
  }),
  ...followMethods,
  ...cloudMethods,
  ...namesMethods,
  ...sideMethods,
  ...captureMethods,
} as const;

export type Methods = typeof methods;
export type Method = keyof Methods;
export type Input<M extends Method> = v.InferOutput<Methods[M]>;

export interface AppInfo {
  readonly version: string;
  readonly host: 'electron' | 'serve';
  readonly systemLanguage: 'en' | 'ja';
  readonly systemOs: 'windows' | 'linux' | 'macos';
  /** The host shows open and save dialogs itself. */
  readonly hasDialogs: boolean;
  /** Largest file that may be dropped, in bytes. */
  readonly dropLimit: number;
  /** Files named at start, to be opened at once; the sample capture at the first start. */
  readonly openAtStart: readonly string[];
  /** True when openAtStart is the sample. */
  readonly isSample: boolean;
}

export interface CatalogField {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  /** Some named values, for completion: [number, name]. */
  readonly values?: readonly (readonly [number, string])[];
  /** Number format and unit of named values, as the engine's Field has them. */
  readonly show?: string;
  /** What true and false of a `bool` are called. */
  readonly flag?: readonly [string, string];
}

export interface FolderEntry {
  readonly name: string;
  readonly path: string;
  readonly isFolder: boolean;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

export interface OpenFile {
  readonly path: string;
  readonly name: string;
  readonly size: number;
  readonly format: string;
  readonly compression: string | null;
}

/** A warning or error about a file, for a banner. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  /** The same as a key of the dictionaries with its values. */
  readonly key: string;
  readonly params: Readonly<Record<string, string | number>>;
  readonly file: string;
  readonly at: number;
}

/** The state of a session; sent whenever it changes (at most ten times a second while loading). */
export interface SessionState {
  readonly session: number;
  readonly files: readonly OpenFile[];
  readonly interfaces: readonly {
    readonly name: string;
    readonly description: string;
    readonly linkType: number;
    readonly linkName: string;
    readonly file: number;
  }[];
  /** Rows so far, those retired included: the next packet is number `packets + 1`. */
  readonly packets: number;
  /** Rows before it are retired: a live capture keeps the last minutes only. 0: none is. */
  readonly firstRow: number;
  /** The capture that writes the file, or has written it; null: a file that was opened. */
  readonly live: LiveState | null;
  /** A capture that runs is not loading: what there is has been read. */
  readonly isLoading: boolean;
  /** 0 to 1. */
  readonly progress: number;
  readonly loadMs: number;
  /** Nanoseconds since 1970, decimal; null: no packet has a time. */
  readonly epoch: string | null;
  /** Time of packet 1, which "since the start" counts from; it need not be the earliest. NaN: it has none. */
  readonly startTime: number;
  /** Earliest and latest time in the session, since the epoch. */
  readonly firstTime: number;
  readonly lastTime: number;
  /** Packets that are another appearance of one that is at the adapter: the adapter view leaves them out. */
  readonly copies: number;
  /** Digits after the point that the file's clock has: 6, 9 ... */
  readonly timeDigits: number;
  readonly marked: number;
  readonly ignored: number;
  readonly commented: number;
  /** Entries of the list of unwanted protocols that are there, as far as is known. */
  readonly unwanted: number;
  readonly problems: readonly Problem[];
  /** Grows when marks, ignored packets, references, comments or colour rules change: what is shown must be asked again. */
  readonly revision: number;
  /** Something was changed that only an export would keep. */
  readonly hasUnsavedComments: boolean;
}

export interface ViewState {
  readonly view: number;
  readonly session: number;
  /** Rows in it. */
  readonly rows: number;
  /** Rows that the adapter view leaves out of what the filter and the range find. */
  readonly leftOut: number;
  /** How long the filter and the order took. */
  readonly ms: number;
  /** False while it is being made or the capture still loads. */
  readonly isComplete: boolean;
  /** 0 to 1 while a sort or a deep filter runs. */
  readonly progress: number;
}

/** What is wrong with a filter: [start, end) in its text; `code` and `params` name the sentence in the dictionaries. */
export interface FilterProblem {
  readonly message: string;
  readonly start: number;
  readonly end: number;
  readonly hint?: string;
  readonly code?: string;
  readonly params?: Readonly<Record<string, string | number>>;
  readonly hintCode?: string;
  readonly hintParams?: Readonly<Record<string, string | number>>;
}

/** Bits of a row's flags that user interfaces show; a test compares them with the table's. */
export const ROW_FLAG = { truncated: 1, malformed: 2, marked: 16, ignored: 32, comment: 128 } as const;

export interface RowsPage {
  readonly first: number;
  /** Packet of each row. */
  readonly rows: Uint32Array;
  /** Bits of ROW_FLAG, and others of the table that a user interface does not look at. */
  readonly flags: Uint16Array;
  /** 1: the row is a time reference itself. */
  readonly isReference: Uint8Array;
  /** Colour rule of each row: index + 1; 0: none. */
  readonly colours: Uint8Array;
  /** Time of each row since the epoch. */
  readonly times: Float64Array;
  /** Time of the row before the first in this view; NaN: there is none. */
  readonly timeBefore: number;
  /** Time of the last reference at or before each row. */
  readonly references: Float64Array;
  /** The columns' texts row by row, joined with U+001F; texts hold no control characters. */
  readonly cells: string;
}

/** A row of the detail tree, in the order they are shown. */
export interface DetailNode {
  readonly depth: number;
  readonly label: string;
  /** Field name, '' for plain text. */
  readonly field: string;
  /** Filter that this value matches; '' where it cannot be filtered. */
  readonly filter: string;
  /** The value alone, for copying. */
  readonly value: string;
  /** Index into sources, offset and length of its bytes; length 0: none. */
  readonly source: number;
  readonly at: number;
  readonly length: number;
  readonly isGenerated: boolean;
  readonly hasChildren: boolean;
  /** '' or 'comment', 'chat', 'note', 'warning', 'error'. */
  readonly severity: string;
  /** Row of a frame that the value names (0-based); -1: none. Leads there on a double click. */
  readonly frameRow: number;
}

export interface PacketDetail {
  readonly row: number;
  readonly nodes: readonly DetailNode[];
  readonly sources: readonly { readonly name: string; readonly bytes: Uint8Array }[];
  readonly comments: readonly string[];
}

/** One record of a packet that was seen at several places of the system. */
export interface PacketAppearance {
  readonly row: number;
  /** Part of the network stack that saw it, and its side: in the words of the trace. */
  readonly component: string;
  readonly description: string;
  readonly edge: string;
  /** `Rx`, `Tx` ...; '': none. */
  readonly direction: string;
  /** Nanoseconds since the first. */
  readonly since: number;
  /** The one that stands for the packet. */
  readonly isAdapter: boolean;
  readonly isDropped: boolean;
  /** Why and where, as far as the trace says. */
  readonly reason: string;
  readonly location: string;
}

export interface Strip {
  /** Time of the first bucket's start and of the last one's end. */
  readonly from: number;
  readonly to: number;
  readonly all: Uint32Array;
  readonly shown: Uint32Array;
  /** Packets with problems (retransmission, malformed ...). */
  readonly problems: Uint32Array;
}

export interface HierarchyNode {
  readonly protocol: string;
  readonly title: string;
  readonly filter: string;
  readonly packets: number;
  readonly bytes: number;
  /** Packets and bytes of which it is the last layer. */
  readonly endPackets: number;
  readonly endBytes: number;
  /** Rules of what should not be there that this protocol is found by. */
  readonly unwanted: readonly UnwantedMark[];
  readonly children: readonly HierarchyNode[];
}

/** What a rule of the list of unwanted protocols finds, in a part of the packets. */
export interface UnwantedMark {
  readonly kind: UnwantedKind;
  readonly title: string;
  readonly filter: string;
  readonly packets: number;
}

export interface UnwantedFound extends UnwantedMark {
  readonly bytes: number;
  /** Those involved, the most frequent first; at most as many as are worth reading. */
  readonly addresses: readonly { readonly address: string; readonly name: string; readonly packets: number }[];
  /** How many there are. */
  readonly addressCount: number;
}

export interface HierarchyPanel {
  readonly packets: number;
  readonly bytes: number;
  /** Nanoseconds between the first and the last packet counted. */
  readonly duration: number;
  readonly roots: readonly HierarchyNode[];
  /** What should not be there, over all packets counted. */
  readonly unwanted: readonly UnwantedFound[];
  /** Titles of the unwanted ones that were not looked for: too many messages would have to be read for marks alone. */
  readonly notRead: readonly string[];
  /** Messages are still being read: more may be found. */
  readonly isGathering: boolean;
}

export interface DecodeAsState {
  readonly rules: readonly DecodeRule[];
  /** Every table, with the protocols it may lead to. */
  readonly tables: readonly { readonly table: string; readonly protocols: readonly string[] }[];
  /** The packet's own keys, innermost layer first, with the protocols that they lead to now. */
  readonly choices: readonly DecodeRule[];
}

export interface Outputs extends CloudOutputs, NamesOutputs, FollowOutputs, CaptureOutputs {
  'capture.start': SessionState;
  'capture.restart': SessionState;
  'app.info': AppInfo;
  'settings.get': Settings;
  'settings.set': Settings;
  /** Secrets in the file. */
  'keys.set': { readonly secrets: number };
  'fields.catalog': { readonly fields: readonly CatalogField[]; readonly protocols: readonly string[] };
  'files.browse': {
    readonly path: string | null;
    readonly parent: string | null;
    readonly entries: readonly FolderEntry[];
  };
  'files.dialog': readonly string[];
  'session.open': SessionState;
  'session.close': null;
  'session.stop': null;
  'session.decodeAs': DecodeAsState;
  'session.setDecodeAs': null;
  'session.setSide': null;
  'view.open': { readonly ok: true; readonly view: ViewState } | { readonly ok: false; readonly error: FilterProblem };
  'view.close': null;
  /** `looked` of the `candidates` packets that may have the field were counted: fewer make the counts a least number. */
  'session.values': {
    readonly values: readonly { readonly text: string; readonly name: string; readonly count: number }[];
    readonly looked: number;
    readonly candidates: number;
  };
  'filters.export': { readonly path: string | null; readonly download: string | null };
  'view.rows': RowsPage;
  'view.position': { readonly position: number; readonly isShown: boolean };
  'view.strip': Strip;
  /** `at`, `length`: the bytes that matched, or those of the field that did; length 0: the packet as such. */
  'view.find': {
    readonly position: number;
    readonly row: number;
    readonly source: number;
    readonly at: number;
    readonly length: number;
  } | null;
  'packet.detail': PacketDetail;
  'packet.appearances': readonly PacketAppearance[];
  'packet.cellFilter': string | null;
  'packet.conversationFilter': string | null;
  'packets.flag': null;
  'packet.comment': null;
  'panel.get': unknown;
  'export.run': {
    readonly packets: number;
    readonly path: string | null;
    readonly download: string | null;
    readonly warnings: readonly string[];
  };
}
export type Output<M extends Method> = Outputs[M];

/** What a host says by itself. */
export interface Events {
  session: SessionState;
  view: ViewState;
  /** Progress of a long request: `request` is the client's own number for it. */
  job: { readonly request: number; readonly done: number; readonly total: number };
  settings: Settings;
  /** Counters of the interfaces, once a second while they are watched. */
  traffic: Traffic;
  /** A command chosen in the system's menu bar, by its id. */
  command: { readonly id: string };
  /** Files that the system asked to open (file association, second start). */
  openFiles: { readonly paths: readonly string[] };
}
export type EventName = keyof Events;

/** What a user interface holds: engine/contract/client.ts makes it over a transport, tests make it by hand. */
export interface HostClient {
  request<M extends Method>(
    method: M,
    input: Input<M>,
    options?: { readonly signal?: AbortSignal; onProgress?(done: number, total: number): void },
  ): Promise<Output<M>>;
  on<E extends EventName>(event: E, listener: (value: Events[E]) => void): () => void;
}

/** What a host implements: engine/contract/server.ts dispatches to it. */
export type HostMethods = {
  [M in Method]: (input: Input<M>, call: CallContext) => Promise<Output<M>> | Output<M>;
};

export interface CallContext {
  readonly signal: AbortSignal;
  /** Reports progress of this request. */
  readonly progress: (done: number, total: number) => void;
}
