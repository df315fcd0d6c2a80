/** HL7 version 2 in its lower layer protocol: a message of segments between two control bytes. */

import { decodeLatin1 } from '../../../base/text.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../../protocol.ts';

const START = 0x0b;
const STOP = 0x1c;
const RETURN = 13;
const HEADER = 'MSH';
const TYPE_FIELD = 8;

function begins(bytes: Uint8Array, at: number, end: number): boolean {
  return bytes[at] === START && HEADER.startsWith(decodeLatin1(bytes, at + 1, Math.min(end, at + 4)));
}

export const hl7 = defineProtocol({
  name: 'hl7',
  title: 'Health Level Seven',
  on: { 'tcp.port': [2575] },
  fields: {
    'llp.sob': { type: 'u8', label: 'LLP Start Of Block', show: 'hex' },
    'llp.eob': { type: 'u16', label: 'LLP End Of Block', show: 'hex' },
    segment: { type: 'string', label: 'xyz', many: true },
    'message.type': { type: 'string', label: 'xyz' },
    'event.type': { type: 'string', label: 'xyz' },
    field: { type: 'string', label: 'xyz', many: true },
  },
  recogniseOn: ['tcp'],
  recognise: (bytes, at, end) => end - at >= 8 && begins(bytes, at, end),
  accepts: begins,
  frame(f: Framing): number {
    if (!begins(f.bytes, f.at, f.end)) return NOT_MINE;
    for (let at = f.at + 1; at + 1 < f.end; at++)
      if (f.bytes[at] === STOP && f.bytes[at + 1] === RETURN) return at + 2 - f.at;
    return MORE;
  },
  tree(t) {
    const { at } = t;
    t.add('llp.sob', at);
    const end = t.u8(t.end - 2) === STOP ? t.end - 2 : t.end;
    const separator = t.string(at + 4, 1, 'latin1');
    for (let segment = at + 1; segment < end; ) {
      const stop = segmentEnd(t.bytes, segment, end);
      const text = t.string(segment, stop - segment);
      const next = Math.min(end, stop + 1);
      t.put('segment', t.string(segment, next - segment), segment, next - segment);
      t.nest(t.last());
      if (text.startsWith(HEADER)) {
        const [type = '', event = ''] = (text.split(separator)[TYPE_FIELD] ?? '').split('^');
        t.generated('message.type', type, segment, stop - segment);
        if (event !== '') t.generated('event.type', event, segment, stop - segment);
        t.info(`${type} (${event})`);
        t.addLabel(`, ${type} ${event}`);
      }
      let from = segment;
      for (const value of text.split(separator)) {
        if (value !== '') t.put('field', value, from, value.length);
        from += value.length + 1;
      }
      t.close();
      segment = stop + 1;
    }
    if (end < t.end) t.add('llp.eob', end);
  },
});

function segmentEnd(bytes: Uint8Array, at: number, end: number): number {
  const found = bytes.subarray(at, end).indexOf(RETURN);
  return found < 0 ? end : at + found;
}
