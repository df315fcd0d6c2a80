/** The options of tcpdump 4.99, dumpcap 4.x and tshark 4.x: which of them say something about a capture, and which only about printing. */

import type { Draft } from './draft.ts';
import type { OptionTable } from './options.ts';

export const PASTED_TOOLS = ['tcpdump', 'dumpcap', 'tshark'] as const;
export type PastedTool = (typeof PASTED_TOOLS)[number];

/** Takes a value into the draft; false: it is not understood. */
type Setter = (draft: Draft, value: string, listed: readonly string[]) => boolean;

export interface ToolOptions extends OptionTable {
  readonly set: Readonly<Record<string, Setter>>;
  /** Names of options that change nothing of what is captured. */
  readonly printing: ReadonlySet<string>;
}

const KIB = 1024;
const MIB = 1024 * 1024;

const on =
  (change: (draft: Draft) => void): Setter =>
  (draft) => {
    change(draft);
    return true;
  };
const text =
  (change: (draft: Draft, value: string) => void): Setter =>
  (draft, value) => {
    change(draft, value);
    return value !== '';
  };

const COMMON: Readonly<Record<string, Setter>> = {
  i: (draft, value, listed) => draft.addInterface(value, listed),
  s: (draft, value) => draft.setSnapLength(value),
  p: on((draft) => (draft.promiscuous = false)),
  I: on((draft) => (draft.monitor = true)),
  y: text((draft, value) => (draft.linkType = value)),
  c: (draft, value) => draft.setCount((count) => (draft.stop.packets = count), value),
  w: (draft, value) => draft.setPath(value),
};

const tcpdump: ToolOptions = {
  letters: 'AbB:c:C:dDeE:fF:G:hHi:Ij:JKlLm:M:nNOpqQ:r:s:StT:uUvV:w:W:xXy:Yz:Z:#',
  long: {
    'buffer-size:': 'B',
    'list-interfaces': 'D',
    help: 'h',
    'interface:': 'i',
    'monitor-mode': 'I',
    'time-stamp-type:': 'j',
    'list-time-stamp-types': 'J',
    micro: '',
    nano: '',
    'dont-verify-checksums': 'K',
    'list-data-link-types': 'L',
    'no-optimize': 'O',
    'no-promiscuous-mode': 'p',
    'direction:': 'Q',
    'snapshot-length:': 's',
    'absolute-tcp-sequence-numbers': 'S',
    'packet-buffered': 'U',
    'linktype:': 'y',
    'immediate-mode': '',
    'relinquish-privileges:': 'Z',
    number: '#',
    print: '',
    'time-stamp-precision:': '',
    version: '',
    count: '',
  },
  set: {
    ...COMMON,
    B: (draft, value) => draft.setBuffer(value, KIB),
    Q: (draft, value) => draft.setDirection(value),
    j: text((draft, value) => (draft.timestampType = value)),
    C: (draft, value) => draft.setFileSize(value),
    G: (draft, value) => draft.setCount((count) => (draft.fileSeconds = count), value),
    W: (draft, value) => draft.setCount((count) => (draft.fileCount = count), value),
    nano: on((draft) => (draft.precision = 'nano')),
    micro: on((draft) => (draft.precision = 'micro')),
    'time-stamp-precision': (draft, value) => draft.setPrecision(value),
    'immediate-mode': on((draft) => (draft.immediate = true)),
  },
  printing: new Set([...'AbeEfHKlmMnNOqStTuUvxXZ#', 'print', 'count']),
};

const dumpcapLong: Readonly<Record<string, string>> = {
  'autostop:': 'a',
  'ring-buffer:': 'b',
  'buffer-size:': 'B',
  'list-interfaces': 'D',
  'interface:': 'i',
  'monitor-mode': 'I',
  'list-data-link-types': 'L',
  'no-promiscuous-mode': 'p',
  'snapshot-length:': 's',
  'linktype:': 'y',
  'time-stamp-type:': '',
  'list-time-stamp-types': '',
  'capture-comment:': '',
  'ifname:': '',
  'ifdescr:': '',
  'temp-dir:': '',
  help: 'h',
  version: 'v',
};

const dumpcapSet: Readonly<Record<string, Setter>> = {
  ...COMMON,
  B: (draft, value) => draft.setBuffer(value, MIB),
  f: (draft, value) => draft.setFilter(value),
  a: (draft, value) => draft.setLimit(draft.stop, value),
  b: (draft, value) => draft.setRing(value),
  'time-stamp-type': text((draft, value) => (draft.timestampType = value)),
};

const dumpcap: ToolOptions = {
  letters: 'a:b:B:c:C:dDf:ghi:Ik:LMnN:pPqs:StvV:w:y:',
  long: dumpcapLong,
  set: dumpcapSet,
  printing: new Set([...'gnMPqSt', 'temp-dir']),
};

const tshark: ToolOptions = {
  letters: '2a:A:b:B:c:C:d:De:E:f:F:gG:hH:i:Ij:J:K:lLnN:o:O:pPqQr:R:s:ST:t:u:U:vVw:W:xX:y:Y:z:',
  long: {
    ...dumpcapLong,
    'display-filter:': 'Y',
    'read-filter:': 'R',
    'read-file:': 'r',
    'export-objects:': '',
    'export-tls-session-keys:': '',
    color: '',
    'no-duplicate-keys': '',
    'elastic-mapping-filter:': '',
    'enable-protocol:': '',
    'disable-protocol:': '',
    'enable-heuristic:': '',
    'disable-heuristic:': '',
    print: 'P',
  },
  set: { ...dumpcapSet, Y: text((draft, value) => (draft.displayFilter = value)) },
  printing: new Set([...'2deEghjJlnNoOPqQStTuVxz', 'color', 'no-duplicate-keys', 'temp-dir']),
};

export const TOOLS: Readonly<Record<PastedTool, ToolOptions>> = { tcpdump, dumpcap, tshark };

/** Program names, without their folder and `.exe`. */
export function toolOf(program: string): PastedTool | null {
  const name = (program.split(/[\\/]/).at(-1) ?? '').toLowerCase().replace(/\.exe$/, '');
  if (name === 'tcpdump' || name === 'windump') return 'tcpdump';
  if (name === 'dumpcap') return 'dumpcap';
  return name === 'tshark' ? 'tshark' : null;
}
