/** uTP (BEP 29): BitTorrent's transport over UDP, found by its SYN. */

import { u16, u32 } from '../../../base/bytes.ts';
import { defineProtocol } from '../../protocol.ts';

const HEADER = 20;
const TYPES: Readonly<Record<number, string>> = { 0: 'Data', 1: 'Fin', 2: 'State', 3: 'Reset', 4: 'Syn' };
const EXTENSIONS: Readonly<Record<number, string>> = { 0: 'No Extension', 1: 'Selective ACKs', 2: 'Extension bits' };
const SYN = 0x41;
const MAX_EXTENSIONS = 8;

export const btUtp = defineProtocol({
  name: 'bt-utp',
  title: 'uTorrent Transport Protocol',
  short: 'BT-uTP',
  header: HEADER,
  fields: {
    type: { type: 'u8', label: 'Type', bits: [7, 4], names: TYPES },
    ver: { type: 'u8', label: 'Version', bits: [3, 0] },
    next_extension_type: { type: 'u8', label: 'Next Extension Type', names: EXTENSIONS, many: true },
    extension: { type: 'none', label: 'Extension', many: true },
    extension_len: { type: 'u8', label: 'Extension Length', many: true },
    extension_bitmask: { type: 'bytes', label: 'Extension Bitmask', many: true },
    extension_unknown: { type: 'bytes', label: 'Extension Unknown', many: true },
    connection_id: { type: 'u32', label: 'Connection ID', of: 'u16' },
    timestamp_us: { type: 'u32', label: 'Timestamp Microseconds' },
    timestamp_diff_us: { type: 'u32', label: 'Timestamp Difference Microseconds' },
    wnd_size: { type: 'u32', label: 'Window Size' },
    seq_nr: { type: 'u16', label: 'Sequence number' },
    ack_nr: { type: 'u16', label: 'ACK number' },
    len: { type: 'u32', label: 'uTP Segment Len' },
    data: { type: 'bytes', label: 'Data' },
  },
  recogniseOn: ['udp'],
  /** DHT shares the port. */
  accepts: (bytes, at, end) => end - at >= HEADER && (bytes[at] & 0xf) === 1 && bytes[at] <= 0x41,
  /** A SYN has no data, acknowledges nothing, starts with sequence number 1 and offers a window. */
  recognise(bytes, at, end) {
    if (
      bytes[at] !== SYN ||
      bytes[at + 1] > 2 ||
      u16(bytes, at + 16) !== 1 ||
      u16(bytes, at + 18) !== 0 ||
      u32(bytes, at + 12) === 0
    )
      return false;
    return bytes[at + 1] === 0
      ? end - at === HEADER
      : end - at > HEADER + 2 && end - at === HEADER + 2 + bytes[at + 21];
  },
  tree(t) {
    const { at } = t;
    const type = t.u8(at) >>> 4;
    t.add('ver', at);
    t.add('type', at);
    t.add('next_extension_type', at + 1);
    t.put('connection_id', t.u16(at + 2), at + 2, 2);
    t.add('timestamp_us', at + 4);
    t.add('timestamp_diff_us', at + 8);
    t.add('wnd_size', at + 12);
    t.add('seq_nr', at + 16);
    t.add('ack_nr', at + 18);
    let next = at + HEADER;
    let kind = t.u8(at + 1);
    for (let i = 0; kind !== 0 && i < MAX_EXTENSIONS; i++) {
      const length = t.u8(next + 1);
      t.add('extension', next, Math.min(2 + length, t.end - next));
      t.nest(t.last());
      t.add('next_extension_type', next);
      t.add('extension_len', next + 1);
      if (length > 0) t.add(kind === 1 || kind === 2 ? 'extension_bitmask' : 'extension_unknown', next + 2, length);
      t.close();
      kind = t.u8(next);
      next += 2 + length;
    }
    const length = t.wireEnd - next;
    t.generated('len', length);
    t.info(
      `Connection ID:${t.u16(at + 2)} [${TYPES[type] ?? 'Unknown'}] Seq=${t.u16(at + 16)} Ack=${t.u16(at + 18)} Win=${t.u32(at + 12)} Len=${length}`,
    );
    if (t.end > next) t.add('data', next, t.end - next);
  },
});
