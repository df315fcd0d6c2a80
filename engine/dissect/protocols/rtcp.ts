/** RTCP (RFC 3550 6, feedback of RFC 4585): several packets in one datagram, named by type. */

import { u16 } from '../../base/bytes.ts';
import { setupFields, showSetup } from '../announcing/setup.ts';
import { srtpTags } from '../announcing/srtp.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const AT = { first: 0, type: 1, length: 2, source: 4 } as const;
const TYPES: Readonly<Record<number, string>> = {
  200: 'Sender Report',
  201: 'Receiver Report',
  202: 'Source description',
  203: 'Goodbye',
  204: 'Application specific',
  205: 'Generic RTP Feedback',
  206: 'Payload-specific Feedback',
  207: 'Extended report (RFC 3611)',
  208: 'AVB RTCP packet (IEEE1733)',
  209: 'Receiver Summary Information',
  210: 'Port Mapping',
  192: 'Full Intra-frame Request (H.261)',
  193: 'Negative Acknowledgement (H.261)',
  194: 'SMPTE time-code mapping',
  195: 'Extended inter-arrival jitter report',
};
const TYPE = { sender: 200, receiver: 201, last: 213 } as const;
const MAX_PACKETS = 64;

export const rtcp = defineProtocol({
  name: 'rtcp',
  title: 'Real-time Transport Control Protocol',
  header: AT.source,
  fields: {
    ...setupFields,
    version: { type: 'u8', bits: [7, 6], label: 'Version', many: true },
    padding: { type: 'bool', of: 'u8', bits: [5, 5], label: 'Padding', many: true },
    rc: { type: 'u8', bits: [4, 0], label: 'Reception report count', many: true },
    pt: { type: 'u8', label: 'Packet type', names: TYPES, many: true },
    length: { type: 'u16', label: 'Length', many: true },
    senderssrc: { type: 'u32', show: 'hex-dec', label: 'Sender SSRC', many: true },
    'timestamp.ntp.msw': { type: 'u32', show: 'dec-hex', label: 'Timestamp, MSW' },
    'timestamp.ntp.lsw': { type: 'u32', show: 'dec-hex', label: 'Timestamp, LSW' },
    'timestamp.rtp': { type: 'u32', label: 'RTP timestamp' },
    'sender.packetcount': { type: 'u32', label: "Sender's packet count" },
    'sender.octetcount': { type: 'u32', label: "Sender's octet count" },
    'ssrc.identifier': { type: 'u32', show: 'hex-dec', label: 'Identifier', many: true },
    'ssrc.fraction': { type: 'u8', label: 'Fraction lost', many: true },
    'ssrc.cum_nr': { type: 'i24', label: 'Cumulative number of packets lost', many: true },
    'ssrc.ext_high': { type: 'u32', label: 'Extended highest sequence number received', many: true },
    'ssrc.jitter': { type: 'u32', label: 'Interarrival jitter', many: true },
    'ssrc.lsr': { type: 'u32', show: 'dec-hex', label: 'Last SR timestamp', many: true },
    'ssrc.dlsr': { type: 'u32', label: 'Delay since last SR timestamp', many: true },
    encrypted_payload: {
      type: 'none',
      label: 'Encrypted RTCP Payload - not dissected',
      abbrev: 'srtcp.encrypted_payload',
    },
    e: { type: 'bool', of: 'u32', bits: [31, 31], label: 'SRTCP E flag', abbrev: 'srtcp.e' },
    index: { type: 'u32', show: 'dec-hex', bits: [30, 0], label: 'SRTCP Index', abbrev: 'srtcp.index' },
    auth_tag: { type: 'bytes', label: 'SRTCP Auth Tag', abbrev: 'srtcp.auth_tag' },
  },
  recognise(bytes, at, end) {
    const type = bytes[at + AT.type];
    if (end - at < 8 || bytes[at] >>> 6 !== 2 || (type !== TYPE.sender && type !== TYPE.receiver)) return false;
    const length = 4 * (1 + u16(bytes, at + AT.length));
    const blocks = bytes[at] & 0x1f;
    const least = (type === TYPE.sender ? 28 : 8) + 24 * blocks;
    if (length < least || length > end - at) return false;
    if (length === end - at) return true;
    return (
      end - at - length >= 4 &&
      bytes[at + length] >>> 6 === 2 &&
      bytes[at + length + 1] >= TYPE.sender &&
      bytes[at + length + 1] <= TYPE.last
    );
  },
  recogniseOn: ['udp'],
  accepts: (bytes, at, end) => end - at >= AT.source && bytes[at] >>> 6 === 2 && isControl(bytes[at + AT.type]),
  tree(t) {
    let at = t.at;
    t.info('');
    showSetup(t);
    const tags = srtpTags(t);
    if (tags !== null) {
      encrypted(t, tags.rtcp);
      return;
    }
    for (let i = 0; i < MAX_PACKETS && at + AT.source <= t.end; i++) {
      const first = t.u8(at);
      if (first >>> 6 !== 2) return;
      const type = t.u8(at + AT.type);
      const end = at + 4 * (1 + t.u16(at + AT.length));
      t.addInfo(`${i > 0 ? '  ' : ''}${TYPES[type] ?? `Unknown (${type})`} `);
      t.nest(t.text(TYPES[type] ?? `Type ${type}`, at, end - at));
      t.add('version', at);
      t.add('padding', at);
      t.add('rc', at);
      t.add('pt', at + AT.type);
      t.add('length', at + AT.length);
      if (end >= at + 8) t.add('senderssrc', at + AT.source);
      let block = at + 8;
      if (type === TYPE.sender) {
        ['timestamp.ntp.msw', 'timestamp.ntp.lsw', 'timestamp.rtp', 'sender.packetcount', 'sender.octetcount'].forEach(
          (key, n) => t.add(key, at + 8 + 4 * n),
        );
        block = at + 28;
      }
      if (type === TYPE.sender || type === TYPE.receiver) {
        for (let n = 0; n < (first & 0x1f) && block + 24 <= end; n++, block += 24) {
          t.add('ssrc.identifier', block);
          t.add('ssrc.fraction', block + 4);
          t.add('ssrc.cum_nr', block + 5);
          t.add('ssrc.ext_high', block + 8);
          t.add('ssrc.jitter', block + 12);
          t.add('ssrc.lsr', block + 16);
          t.add('ssrc.dlsr', block + 20);
        }
      }
      t.close();
      at = end;
    }
  },
});

/** Types that no RTP packet on the same port has as its second byte (RFC 5761 4). */
function isControl(type: number): boolean {
  return type >= 192 && type <= 223;
}

/** SRTCP (RFC 3711 3.4): the first header is readable; its end has a flag, a number and a tag. */
function encrypted(t: TreeBuilder, tagLength: number): void {
  const { at } = t;
  const type = t.u8(at + AT.type);
  const name = TYPES[type] ?? `Unknown (${type})`;
  t.column('SRTCP');
  t.label(`Secure Real-time Transport Control Protocol (${name})`);
  t.info(`${name} `);
  t.add('version', at);
  t.add('padding', at);
  t.add('rc', at);
  t.add('pt', at + AT.type);
  t.add('length', at + AT.length);
  t.add('senderssrc', at + AT.source);
  const tag = t.end - tagLength;
  const index = tag - 4;
  if (index < at + 8) t.fail();
  if (index > at + 8) t.put('encrypted_payload', new Uint8Array(0), at + 8, index - at - 8);
  t.add('e', index);
  t.add('index', index);
  if (tagLength > 0) t.add('auth_tag', tag, tagLength);
}
