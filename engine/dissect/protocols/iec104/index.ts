/** IEC 60870-5-104: control frames and application data units (IEC 60870-5-101 clause 7) of telecontrol over TCP. */

import { defineProtocol, type Framing, MORE, NOT_MINE } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const START = 0x68;
const HEADER = 2;
const CONTROL = { shortest: 4, longest: 253 } as const;
const FRAME = { information: 0, supervisory: 1, unnumbered: 3 } as const;
const PORT = 2404;
const UTYPES: Readonly<Record<number, string>> = {
  0x01: 'STARTDT act',
  0x02: 'STARTDT con',
  0x04: 'STOPDT act',
  0x08: 'STOPDT con',
  0x10: 'TESTFR act',
  0x20: 'TESTFR con',
};

/** A message behind another one of the same frame adds to Info. */
function say(t: TreeBuilder, text: string): void {
  t.info(t.fencedInfo === '' ? text : `${t.fencedInfo.endsWith(' ') ? '' : ' '}| ${text}`);
}

export const iec104 = defineProtocol({
  name: 'iec60870_104',
  title: 'IEC 60870-5-104',
  short: 'IEC 60870-5-104',
  on: { 'tcp.port': [PORT] },
  opens: ['iec60870_asdu'],
  fields: {
    apdulen: { type: 'u8', label: 'ApduLen', many: true },
    type: {
      type: 'u32',
      label: 'Type',
      show: 'hex',
      names: { 0: 'I', 1: 'S', 3: 'U' },
      many: true,
      doc: 'Information (I), supervisory (S) or unnumbered (U).',
    },
    utype: { type: 'u32', label: 'UType', show: 'hex', names: UTYPES, many: true },
    tx: { type: 'u32', label: 'Tx', many: true, doc: 'Number of this information frame.' },
    rx: { type: 'u32', label: 'Rx', many: true, doc: 'Number of the frame expected next from the other side.' },
    data: { type: 'bytes', label: 'Data', many: true },
  },
  accepts: (bytes, at) => bytes[at] === START,
  frame(f: Framing): number {
    if (f.bytes[f.at] !== START) return NOT_MINE;
    if (f.end - f.at < HEADER) return MORE;
    const length = f.bytes[f.at + 1];
    return length < CONTROL.shortest || length > CONTROL.longest ? NOT_MINE : HEADER + length;
  },
  tree(t) {
    const { at } = t;
    if (t.u8(at) !== START) {
      t.add('data', at, t.end - at);
      return;
    }
    const way = t.ports[0] === PORT ? '->' : '<-';
    const word = t.u32le(at + HEADER);
    const kind = (word & 1) === 0 ? FRAME.information : word & 3;
    const next = at + HEADER + CONTROL.shortest;
    t.add('apdulen', at + 1);
    t.put('type', kind, at + HEADER, 1);
    const sent = (word >>> 1) & 0x7fff;
    const received = word >>> 17;
    if (kind === FRAME.unnumbered) {
      const what = (word >>> 2) & 0x3f;
      t.put('utype', what, at + HEADER, 1);
      say(t, `${way} U (${UTYPES[what] ?? 'Unknown'}) `);
    } else if (kind === FRAME.supervisory) {
      t.put('rx', received, at + HEADER + 2, 2);
      say(t, `${way} S (${received}) `);
    } else {
      t.put('tx', sent, at + HEADER, 2);
      t.put('rx', received, at + HEADER + 2, 2);
      say(t, `${way} I (${sent},${received}) `);
    }
    t.headerEnd(next);
    if (kind === FRAME.information && next < t.end) t.dissect('iec60870_asdu', next);
  },
});
