/** RTP (RFC 3550 5.1, payload types of RFC 3551, header extensions of RFC 8285) and SRTP (RFC 3711), which looks alike. */

import { u16 } from '../../base/bytes.ts';
import { setupFields, showSetup } from '../announcing/setup.ts';
import { srtpTags } from '../announcing/srtp.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const AT = { first: 0, type: 1, sequence: 2, time: 4, source: 8, list: 12 } as const;
const TYPES: Readonly<Record<number, string>> = {
  0: 'ITU-T G.711 PCMU',
  1: 'USA Federal Standard FS-1016',
  2: 'ITU-T G.721',
  3: 'GSM 06.10',
  4: 'ITU-T G.723',
  5: 'DVI4 8000 samples/s',
  6: 'DVI4 16000 samples/s',
  7: 'Experimental linear predictive encoding from Xerox PARC',
  8: 'ITU-T G.711 PCMA',
  9: 'ITU-T G.722',
  10: '16-bit uncompressed audio, stereo',
  11: '16-bit uncompressed audio, monaural',
  12: 'Qualcomm Code Excited Linear Predictive coding',
  13: 'Comfort noise',
  14: 'MPEG-I/II Audio',
  15: 'ITU-T G.728',
  16: 'DVI4 11025 samples/s',
  17: 'DVI4 22050 samples/s',
  18: 'ITU-T G.729',
  19: 'Comfort noise (old)',
  25: 'Sun CellB video encoding',
  26: 'JPEG-compressed video',
  28: "'nv' program",
  31: 'ITU-T H.261',
  32: 'MPEG-I/II Video',
  33: 'MPEG-II transport streams',
  34: 'ITU-T H.263',
};
/** Payload types whose packets have sizes nothing else has: bytes of one frame of sound. */
const FRAMES: Readonly<Record<number, number>> = { 0: 80, 3: 33, 4: 4, 8: 80, 9: 80, 18: 10 };
const MAX_SOUND = 480;
/** Profiles of header extensions (RFC 8285 4.2, 4.3): elements with headers of one byte, or of two. */
const ONE_BYTE = 0xbede;
const TWO_BYTES = 0x1000;

export const rtp = defineProtocol({
  name: 'rtp',
  title: 'Real-Time Transport Protocol',
  header: AT.list,
  fields: {
    ...setupFields,
    version: { type: 'u8', bits: [7, 6], label: 'Version', at: AT.first },
    padding: { type: 'bool', of: 'u8', bits: [5, 5], label: 'Padding', at: AT.first },
    ext: { type: 'bool', of: 'u8', bits: [4, 4], label: 'Extension', at: AT.first },
    cc: { type: 'u8', bits: [3, 0], label: 'Contributing source identifiers count', at: AT.first },
    marker: { type: 'bool', of: 'u8', bits: [7, 7], label: 'Marker', at: AT.type },
    p_type: { type: 'u8', bits: [6, 0], label: 'Payload type', at: AT.type, names: TYPES },
    seq: { type: 'u16', label: 'Sequence number', at: AT.sequence },
    timestamp: { type: 'u32', label: 'Timestamp', at: AT.time },
    ssrc: { type: 'u32', show: 'hex-dec', label: 'Synchronization Source identifier', at: AT.source },
    'csrc.item': { type: 'u32', show: 'hex-dec', label: 'CSRC item', many: true },
    'ext.profile': { type: 'u16', show: 'hex-dec', label: 'Defined by profile' },
    'ext.len': { type: 'u16', label: 'Extension length' },
    hdr_exts: { type: 'none', label: 'Header extensions' },
    'ext.rfc5285.id': { type: 'u8', label: 'Identifier', many: true },
    'ext.rfc5285.len': { type: 'u8', label: 'Length', many: true },
    'ext.rfc5285.data': { type: 'bytes', label: 'Extension Data', many: true },
    payload: { type: 'bytes', label: 'Payload' },
    enc_payload: { type: 'bytes', label: 'SRTP Encrypted Payload', abbrev: 'srtp.enc_payload' },
    auth_tag: { type: 'bytes', label: 'SRTP Auth Tag', abbrev: 'srtp.auth_tag' },
    'padding.data': { type: 'bytes', label: 'Padding data' },
    'padding.count': { type: 'u8', label: 'Padding count' },
  },
  recognise(bytes, at, end, port) {
    if (port < 1024 || end - at <= AT.list || bytes[at] !== 0x80) return false;
    const frame = FRAMES[bytes[at + AT.type] & 0x7f];
    const sound = end - at - AT.list;
    return (
      frame !== undefined &&
      frame >= 10 &&
      sound % frame === 0 &&
      sound >= 20 &&
      sound <= MAX_SOUND &&
      u16(bytes, at + AT.sequence) !== 0
    );
  },
  recogniseOn: ['udp'],
  companion: 'rtcp',
  /** Next to STUN and DTLS (RFC 7983), and to RTCP on the same port (RFC 5761 4). */
  accepts: (bytes, at, end) =>
    end - at >= AT.list && bytes[at] >>> 6 === 2 && !(bytes[at + AT.type] >= 192 && bytes[at + AT.type] <= 223),
  tree(t) {
    const first = t.u8(t.at);
    if (first >>> 6 !== 2) {
      t.info(`Unknown RTP version ${first >>> 6}`);
      return;
    }
    showSetup(t);
    t.header();
    const type = t.u8(t.at + AT.type) & 0x7f;
    const marker = (t.u8(t.at + AT.type) & 0x80) !== 0;
    const ssrc = t.u32(t.at + AT.source);
    const told = t.packet.announced?.notes.get(`format ${type}`)?.text;
    const name = TYPES[type] ?? told ?? (type >= 96 ? `DynamicRTP-Type-${type}` : `Unknown (${type})`);
    t.info(
      `PT=${name}, SSRC=0x${ssrc.toString(16).toUpperCase()}, Seq=${t.u16(t.at + AT.sequence)}, Time=${t.u32(t.at + AT.time)}${marker ? ', Mark' : ''}`,
    );
    let at = t.at + AT.list;
    for (let i = 0; i < (first & 0xf); i++) at = t.add('csrc.item', at);
    if ((first & 0x10) !== 0) {
      const words = t.u16(at + 2);
      t.add('ext.profile', at);
      t.add('ext.len', at + 2);
      t.need(at + 4, 4 * words);
      if (words > 0) extensions(t, t.u16(at), at + 4, at + 4 + 4 * words);
      at += 4 + 4 * words;
    }
    const tags = srtpTags(t);
    if (tags !== null) {
      t.column('SRTP');
      const tag = Math.max(at, t.end - tags.rtp);
      if (tag > at) t.add('enc_payload', at, tag - at);
      if (t.end > tag) t.add('auth_tag', tag, t.end - tag);
      return;
    }
    let end = t.end;
    if ((first & 0x20) !== 0 && end > at && t.end === t.wireEnd) {
      const count = t.u8(end - 1);
      if (count > 0 && count <= end - at) end -= count;
    }
    if (end > at) t.add('payload', at, end - at);
    if (end < t.end - 1) t.add('padding.data', end, t.end - 1 - end);
    if (end < t.end) t.put('padding.count', t.u8(t.end - 1), t.end - 1, 1);
  },
});

/** Elements of an identifier, a length and data; what another profile holds is not shown. */
function extensions(t: TreeBuilder, profile: number, from: number, end: number): void {
  t.nest(t.put('hdr_exts', new Uint8Array(0), from, end - from));
  const isLong = (profile & 0xfff0) === TWO_BYTES;
  if (profile === ONE_BYTE || isLong) {
    for (let at = from; at < end; ) {
      const first = t.u8(at);
      if (first === 0) {
        at++; // padding
        continue;
      }
      const header = isLong ? 2 : 1;
      const id = isLong ? first : first >>> 4;
      const length = isLong ? t.u8(at + 1) : (first & 0xf) + 1;
      const value = at + header;
      if (value + length > end) break;
      t.nest(t.text(`Header extension ${id}`, at, header + length));
      t.put('ext.rfc5285.id', id, at, 1);
      t.put('ext.rfc5285.len', length, at + header - 1, 1);
      if (length > 0) t.add('ext.rfc5285.data', value, length);
      t.close();
      at = value + length;
    }
  }
  t.close();
}
