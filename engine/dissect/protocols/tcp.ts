/**
 * TCP (RFC 9293; options RFC 7323, 2018, 2883, 7413, 8684). Hot: scan() runs once per packet. Sequence analysis is the flow pass's
 * (engine/table/tcp-analysis.ts); the tree shows what it found.
 */

import { u16, u32, uint } from '../../base/bytes.ts';
import { ANALYSIS } from '../../table/analysis-bits.ts';
import { LOST, LOST_MASK, LOST_SHIFT, RESENT, RESENT_MASK, RESENT_SHIFT } from '../../table/resent-kinds.ts';
import { type HeaderValue, SEVERAL } from '../field-spec.ts';
import { multipathFields, multipathOption } from '../multipath-option.ts';
import { isPseudoSum, isRightSum } from '../offload.ts';
import { defineProtocol } from '../protocol.ts';
import { TRANSPORT } from '../scratch.ts';
import type { TcpFacts, TreeBuilder } from '../tree.ts';
import type { Cursor } from '../walk.ts';

const AT = {
  src: 0,
  dst: 2,
  seq: 4,
  ack: 8,
  offset: 12,
  flags: 12,
  window: 14,
  checksum: 16,
  urgent: 18,
  options: 20,
} as const;
const FLAG_MASK = 0xfff;
/** Experiment identifier (IANA "TCP/UDP ExIDs"). */
const FAST_OPEN = 0xf989;

const OPTIONS: Readonly<Record<number, string>> = {
  0: 'End of Option List (EOL)',
  1: 'No-Operation (NOP)',
  2: 'Maximum Segment Size',
  3: 'Window Scale',
  4: 'SACK Permitted',
  5: 'SACK',
  6: 'Echo',
  7: 'Echo Reply',
  8: 'Time Stamp Option',
  9: 'Partial Order Connection Permitted',
  10: 'Partial Order Service Profile',
  11: 'CC',
  12: 'CC.NEW',
  13: 'CC.ECHO',
  14: 'Alternate Checksum Request',
  15: 'Alternate Checksum Data',
  19: 'MD5 Signature Option',
  20: 'SCPS Capabilities',
  27: 'Quick-Start Response',
  28: 'User Timeout Option',
  29: 'TCP Authentication Option',
  30: 'Multipath TCP',
  34: 'TCP Fast Open Cookie',
  69: 'Encryption Negotiation',
  76: 'Riverbed Probe',
  78: 'Riverbed Transparency',
  172: 'Accurate ECN Order 0',
  174: 'Accurate ECN Order 1',
  253: 'RFC3692-style Experiment 1',
  254: 'RFC3692-style Experiment 2',
};

/** Options that have one right length. */
const FIXED_LENGTHS: Readonly<Record<number, number>> = { 2: 4, 3: 3, 8: 10, 28: 4 };

/** Reads `width` bytes at an offset in the option of a kind that has one right length. */
function fromOption(kind: number, offset: number, width: number): HeaderValue {
  return (b, at, limit) => {
    let value = Number.NaN;
    const end = at + ((b[at + AT.offset] >>> 4) << 2);
    if (end > limit) return value;
    for (let option = at + AT.options; option < end && b[option] !== 0; ) {
      const length = b[option] === 1 ? 1 : option + 1 < end ? b[option + 1] : 0;
      if (b[option] !== 1 && (length < 2 || option + length > end)) break;
      if (b[option] === kind && length === FIXED_LENGTHS[kind]) {
        if (!Number.isNaN(value)) return SEVERAL;
        value = uint(b, option + offset, width);
      }
      option += length;
    }
    return value;
  };
}

const FLAG_NAMES: readonly (readonly [number, string, string])[] = [
  [0x001, 'FIN', 'F'],
  [0x002, 'SYN', 'S'],
  [0x004, 'RST', 'R'],
  [0x008, 'PSH', 'P'],
  [0x010, 'ACK', 'A'],
  [0x020, 'URG', 'U'],
  [0x040, 'ECE', 'E'],
  [0x080, 'CWR', 'C'],
  [0x100, 'AE', 'N'],
  [0x200, 'Reserved', 'R'],
  [0x400, 'Reserved', 'R'],
  [0x800, 'Reserved', 'R'],
];

/** Analysis: bit, field, words in Info, severity and sentence in the tree. */
const FINDINGS: readonly (readonly [number, string, string, 'chat' | 'note' | 'warning', string])[] = [
  [
    ANALYSIS.portReused,
    'analysis.reused_ports',
    '[TCP Port numbers reused] ',
    'note',
    'A new tcp session is started with the same ports as an earlier session in this trace',
  ],
  [
    ANALYSIS.ackedUnseen,
    'analysis.ack_lost_segment',
    '[TCP ACKed unseen segment] ',
    'warning',
    "ACKed segment that wasn't captured (common at capture start)",
  ],
  [
    ANALYSIS.lostSegment,
    'analysis.lost_segment',
    '[TCP Previous segment not captured] ',
    'warning',
    'Previous segment(s) not captured (common at capture start)',
  ],
  [
    ANALYSIS.spuriousRetransmission,
    'analysis.spurious_retransmission',
    '[TCP Spurious Retransmission] ',
    'note',
    'This frame is a (suspected) spurious retransmission',
  ],
  [
    ANALYSIS.fastRetransmission,
    'analysis.fast_retransmission',
    '[TCP Fast Retransmission] ',
    'note',
    'This frame is a (suspected) fast retransmission',
  ],
  [
    ANALYSIS.retransmission,
    'analysis.retransmission',
    '[TCP Retransmission] ',
    'note',
    'This frame is a (suspected) retransmission',
  ],
  [
    ANALYSIS.outOfOrder,
    'analysis.out_of_order',
    '[TCP Out-Of-Order] ',
    'warning',
    'This frame is a (suspected) out-of-order segment',
  ],
  [ANALYSIS.keepAlive, 'analysis.keep_alive', '[TCP Keep-Alive] ', 'note', 'TCP keep-alive segment'],
  [
    ANALYSIS.keepAliveAck,
    'analysis.keep_alive_ack',
    '[TCP Keep-Alive ACK] ',
    'note',
    'ACK to a TCP keep-alive segment',
  ],
  [ANALYSIS.duplicateAck, 'analysis.duplicate_ack', '', 'note', 'Duplicate ACK'],
  [ANALYSIS.zeroWindowProbe, 'analysis.zero_window_probe', '[TCP ZeroWindowProbe] ', 'note', 'TCP Zero Window Probe'],
  [ANALYSIS.zeroWindow, 'analysis.zero_window', '[TCP ZeroWindow] ', 'warning', 'TCP Zero Window segment'],
  [
    ANALYSIS.zeroWindowProbeAck,
    'analysis.zero_window_probe_ack',
    '[TCP ZeroWindowProbeAck] ',
    'note',
    'ACK to a TCP Zero Window Probe',
  ],
  [ANALYSIS.windowUpdate, 'analysis.window_update', '[TCP Window Update] ', 'chat', 'TCP window update'],
  [
    ANALYSIS.windowFull,
    'analysis.window_full',
    '[TCP Window Full] ',
    'warning',
    'TCP window specified by the receiver is now completely full',
  ],
];

const RESENT_NAMES = {
  [RESENT.fast]: 'fast',
  [RESENT.timeout]: 'rto',
  [RESENT.probe]: 'tlp',
  [RESENT.spurious]: 'spurious',
  [RESENT.syn]: 'syn',
};

const flagField = (bit: number, label: string) => ({ type: 'bool', of: 'u16', bits: [bit, bit], label }) as const;

export const tcp = defineProtocol({
  name: 'tcp',
  title: 'Transmission Control Protocol',
  on: { 'ip.proto': [6] },
  chooses: ['tcp.port', 'tcp.option'],
  header: AT.options,
  fields: {
    srcport: { type: 'u16', label: 'Source Port', also: ['port'] },
    dstport: { type: 'u16', label: 'Destination Port', also: ['port'] },
    port: { type: 'u16', label: 'Source or Destination Port', many: true },
    stream: { type: 'u32', label: 'Stream index' },
    completeness: { type: 'u8', label: 'Conversation completeness' },
    len: { type: 'u32', label: 'TCP Segment Len' },
    seq: { type: 'u32', label: 'Sequence Number' },
    seq_raw: { type: 'u32', label: 'Sequence Number (raw)' },
    nxtseq: { type: 'u32', label: 'Next Sequence Number' },
    ack: { type: 'u32', label: 'Acknowledgment Number' },
    ack_raw: { type: 'u32', label: 'Acknowledgment number (raw)' },
    hdr_len: { from: (b, at) => (b[at + AT.offset] >>> 4) << 2, type: 'u8', label: 'Header Length' },
    flags: { type: 'u16', bits: [11, 0], show: 'hex', label: 'Flags' },
    'flags.res': { from: AT.flags, type: 'bool', of: 'u16', bits: [11, 9], label: 'Reserved' },
    'flags.ae': flagField(8, 'Accurate ECN'),
    'flags.cwr': flagField(7, 'Congestion Window Reduced'),
    'flags.ece': flagField(6, 'ECN-Echo'),
    'flags.urg': flagField(5, 'Urgent'),
    'flags.ack': flagField(4, 'Acknowledgment'),
    'flags.push': flagField(3, 'Push'),
    'flags.reset': flagField(2, 'Reset'),
    'flags.syn': flagField(1, 'Syn'),
    'flags.fin': flagField(0, 'Fin'),
    'flags.str': { type: 'string', label: 'TCP Flags' },
    window_size_value: { type: 'u16', label: 'Window' },
    window_size: { type: 'u32', label: 'Calculated window size' },
    window_size_scalefactor: { type: 'i32', label: 'Window size scaling factor' },
    checksum: { from: AT.checksum, type: 'u16', show: 'hex', label: 'Checksum' },
    'checksum.status': {
      type: 'u8',
      label: 'Checksum Status',
      names: { 0: 'Bad', 1: 'Good', 2: 'Unverified', 3: 'Not present' },
    },
    urgent_pointer: { from: AT.urgent, type: 'u16', label: 'Urgent Pointer' },
    options: { type: 'bytes', label: 'TCP Options' },
    option_kind: { type: 'u8', label: 'Kind', names: OPTIONS, many: true },
    option_len: { type: 'u8', label: 'Length', many: true },
    'options.nop': { type: 'bytes', label: 'TCP Option - No-Operation (NOP)', many: true },
    'options.eol': { type: 'bytes', label: 'TCP Option - End of Option List (EOL)' },
    'options.mss': { type: 'bytes', label: 'TCP Option - Maximum segment size' },
    'options.mss_val': { from: fromOption(2, 2, 2), type: 'u16', label: 'MSS Value' },
    'options.wscale': { type: 'bytes', label: 'TCP Option - Window scale' },
    'options.wscale.shift': { from: fromOption(3, 2, 1), type: 'u8', label: 'Shift count' },
    'options.wscale.multiplier': { type: 'u16', label: 'Multiplier' },
    'options.sack_perm': { type: 'bytes', label: 'TCP Option - SACK permitted' },
    'options.sack': { type: 'bytes', label: 'TCP Option - SACK' },
    'options.sack_le': { type: 'u32', label: 'TCP SACK Left Edge', many: true },
    'options.sack_re': { type: 'u32', label: 'TCP SACK Right Edge', many: true },
    'options.sack.count': { type: 'u8', label: 'TCP SACK Count' },
    'options.sack.dsack': { type: 'none', label: 'D-SACK Sequence' },
    'options.sack.dsack_le': { type: 'u32', label: 'TCP D-SACK Left Edge' },
    'options.sack.dsack_re': { type: 'u32', label: 'TCP D-SACK Right Edge' },
    'options.timestamp': { type: 'bytes', label: 'TCP Option - Timestamps' },
    'options.timestamp.tsval': { from: fromOption(8, 2, 4), type: 'u32', label: 'Timestamp value' },
    'options.timestamp.tsecr': { from: fromOption(8, 6, 4), type: 'u32', label: 'Timestamp echo reply' },
    'options.md5': { type: 'bytes', label: 'TCP Option - TCP MD5 signature' },
    'options.md5.digest': { type: 'bytes', label: 'MD5 digest' },
    'options.user_to': { type: 'bytes', label: 'TCP Option - User Timeout' },
    'options.user_to_val': { type: 'u16', bits: [14, 0], label: 'User Timeout' },
    'options.tfo': { type: 'bytes', label: 'TCP Option - TCP Fast Open' },
    'options.tfo.request': { type: 'none', label: 'Fast Open Cookie Request' },
    'options.tfo.cookie': { type: 'bytes', label: 'Fast Open Cookie' },
    'options.mptcp': { type: 'bytes', label: 'TCP Option - Multipath TCP' },
    ...multipathFields,
    'options.unknown': { type: 'bytes', label: 'TCP Option - Unknown' },
    'options.unknown.payload': { type: 'bytes', label: 'Payload' },
    'options.experimental': { type: 'bytes', label: 'TCP Option - Experimental' },
    'options.experimental.exid': {
      type: 'u16',
      show: 'hex',
      label: 'Experiment Identifier',
      names: { [FAST_OPEN]: 'Fast Open' },
    },
    'options.experimental.data': { type: 'bytes', label: 'Data' },
    'option.len.invalid': { type: 'none', label: 'Invalid length for option' },
    time_relative: { type: 'duration', label: 'Time since first frame in this TCP stream' },
    time_delta: { type: 'duration', label: 'Time since previous frame in this TCP stream' },
    payload: { type: 'bytes', label: 'TCP payload' },
    'pdu.size': { type: 'u32', label: 'PDU Size', many: true, doc: 'Bytes of a message that ends in this segment.' },
    segment_data: { type: 'bytes', label: 'TCP segment data', many: true },
    segments: { type: 'none', label: 'Reassembled TCP Segments', many: true },
    segment: { type: 'frame', label: 'TCP Segment', many: true },
    'segment.overlap': { type: 'bool', label: 'Segment overlap', flag: ['True', 'False'], many: true },
    'segment.overlap.conflict': {
      type: 'bool',
      label: 'Conflicting data in segment overlap',
      flag: ['True', 'False'],
      many: true,
    },
    'segment.count': { type: 'u32', label: 'Segment count', many: true },
    'reassembled.length': { type: 'u32', label: 'Reassembled TCP length', many: true },
    'reassembled.data': { type: 'bytes', label: 'Reassembled TCP Data', many: true },
    reassembled_in: { type: 'frame', label: 'Reassembled PDU in frame' },
    analysis: { type: 'none', label: 'SEQ/ACK analysis' },
    'analysis.flags': { type: 'none', label: 'TCP Analysis Flags' },
    'analysis.acks_frame': { type: 'frame', label: 'This is an ACK to the segment in frame' },
    'analysis.ack_rtt': { type: 'duration', label: 'The RTT to ACK the segment was' },
    'analysis.initial_rtt': { type: 'duration', label: 'iRTT' },
    'analysis.bytes_in_flight': { type: 'u32', label: 'Bytes in flight' },
    'analysis.push_bytes_sent': { type: 'u32', label: 'Bytes sent since last PSH flag' },
    'analysis.rto': { type: 'duration', label: 'The RTO for this segment was' },
    'analysis.rto_frame': { type: 'frame', label: 'RTO based on delta from frame' },
    'analysis.duplicate_ack_num': { type: 'u32', label: 'Duplicate ACK #' },
    'analysis.duplicate_ack_frame': { type: 'frame', label: 'Duplicate to the ACK in frame' },
    'analysis.retransmission': { type: 'none', label: 'This frame is a (suspected) retransmission' },
    'analysis.fast_retransmission': { type: 'none', label: 'This frame is a (suspected) fast retransmission' },
    'analysis.spurious_retransmission': { type: 'none', label: 'This frame is a (suspected) spurious retransmission' },
    'analysis.out_of_order': { type: 'none', label: 'This frame is a (suspected) out-of-order segment' },
    'analysis.duplicate_ack': { type: 'none', label: 'Duplicate ACK' },
    'analysis.lost_segment': { type: 'none', label: 'Previous segment(s) not captured (common at capture start)' },
    'analysis.ack_lost_segment': {
      type: 'none',
      label: "ACKed segment that wasn't captured (common at capture start)",
    },
    'analysis.keep_alive': { type: 'none', label: 'TCP keep-alive segment' },
    'analysis.keep_alive_ack': { type: 'none', label: 'ACK to a TCP keep-alive segment' },
    'analysis.zero_window': { type: 'none', label: 'TCP Zero Window segment' },
    'analysis.zero_window_probe': { type: 'none', label: 'TCP Zero Window Probe' },
    'analysis.zero_window_probe_ack': { type: 'none', label: 'ACK to a TCP Zero Window Probe' },
    'analysis.window_update': { type: 'none', label: 'TCP window update' },
    'analysis.window_full': { type: 'none', label: 'TCP window specified by the receiver is now completely full' },
    resent: {
      type: 'u8',
      label: 'Sent again',
      abbrev: 'nagare.resent',
      names: RESENT_NAMES,
      doc: 'Why the segment was sent again: by duplicate ACKs, by the timer (RTO), as a tail loss probe, needlessly, or in a handshake.',
    },
    lost: {
      type: 'u8',
      label: 'Lost',
      abbrev: 'nagare.lost',
      names: { [LOST.before]: 'Before the capture point', [LOST.after]: 'Behind the capture point' },
      doc: 'Where a segment was lost that is sent again: behind the capture point when its first transmission was captured, else before it.',
    },
    'offload.large': {
      type: 'none',
      label: 'More data than a segment holds: the network card cuts or has joined it (large send or receive offload)',
      abbrev: 'nagare.offload.large',
    },
    'offload.checksum': {
      type: 'none',
      label: 'Checksum not filled in: the network card does that (offload)',
      abbrev: 'nagare.offload.checksum',
    },
    'analysis.reused_ports': {
      type: 'none',
      label: 'A new tcp session is started with the same ports as an earlier session in this trace',
    },
    'connection.syn': { type: 'none', label: 'Connection establish request (SYN)' },
    'connection.synack': { type: 'none', label: 'Connection establish acknowledge (SYN+ACK)' },
    'connection.fin': { type: 'none', label: 'Connection finish (FIN)' },
    'connection.rst': { type: 'none', label: 'Connection reset (RST)' },
    'connection.fin_active': { type: 'none', label: 'This frame initiates the connection closing' },
    'connection.fin_passive': { type: 'none', label: 'This frame undergoes the connection closing' },
    'ack.nonzero': { type: 'none', label: 'Acknowledgment number without the ACK flag' },
    'urgent_pointer.non_zero': { type: 'none', label: 'Urgent pointer without the URG flag' },
    'options.mss.absent': { type: 'none', label: 'SYN without a maximum segment size' },
    bogus_header_length: { type: 'none', label: 'Bogus TCP Header length' },
  },
  scan(p, c) {
    const b = p.bytes;
    const header = (b[p.at + AT.offset] >>> 4) << 2;
    const src = u16(b, p.at + AT.src);
    const dst = u16(b, p.at + AT.dst);
    p.ports(TRANSPORT.tcp, src, dst);
    if (header < AT.options) {
      p.enterTransport(TRANSPORT.none, AT.options);
      return p.malformed('header length');
    }
    const row = p.row;
    c.seq[row] = u32(b, p.at + AT.seq);
    c.ack[row] = u32(b, p.at + AT.ack);
    c.window[row] = u16(b, p.at + AT.window);
    c.tcpFlags[row] = u16(b, p.at + AT.flags) & FLAG_MASK;
    if (
      header > AT.options &&
      (header !== 32 || u32(b, p.at + AT.options) !== TIMESTAMPS_ALONE) &&
      p.at + header <= p.end
    )
      listOptions(p, header);
    p.enterTransport(TRANSPORT.tcp, header);
    p.next(dst, src);
  },
  tree(t) {
    const { tcp: facts } = t.packet;
    const src = t.u16(t.at + AT.src);
    const dst = t.u16(t.at + AT.dst);
    t.add('srcport', t.at + AT.src);
    t.add('dstport', t.at + AT.dst);
    t.ports = [src, dst];
    if (t.isQuoted && !t.has(t.at, AT.options)) {
      // RFC 792: eight bytes of what is above IP are quoted at least.
      t.addLabel(`, Src Port: ${src}, Dst Port: ${dst}`);
      if (t.has(t.at, AT.ack)) t.add('seq', t.at + AT.seq);
      return;
    }
    const header = (t.u8(t.at + AT.offset) >>> 4) << 2;
    const flags = t.u16(t.at + AT.flags) & FLAG_MASK;
    const stream = t.stream('tcp');
    if (stream >= 0) t.generated('stream', stream);
    t.info(`${src} → ${dst}`);
    if (header < AT.options) {
      t.addLabel(`, Src Port: ${src}, Dst Port: ${dst}`);
      sequence(t, 0, null, flags);
      t.put('hdr_len', header, t.at + AT.offset, 1);
      t.addInfo(`, bogus TCP header length (${header}, must be at least 20)`);
      t.expert(
        'error',
        `Bogus TCP header length (${header}, must be at least 20)`,
        t.at + AT.offset,
        1,
        'bogus_header_length',
      );
      return;
    }
    const length = Math.max(0, t.wireEnd - t.at - header);
    const end = t.at + header;
    if (facts !== null && facts.completeness >= 0) t.generated('completeness', facts.completeness);
    sequence(t, length, facts, flags);
    t.put(
      'hdr_len',
      header,
      t.at + AT.offset,
      1,
      `${(header >>> 2).toString(2).padStart(4, '0')} .... = Header Length: ${header} bytes (${header >>> 2})`,
    );
    flagTree(t, flags);
    connectionNotes(t, flags, src, dst, facts?.closesFirst);
    windowFields(t, facts, flags);
    t.add('checksum', t.at + AT.checksum);
    t.last().text = `Checksum: 0x${t
      .u16(t.at + AT.checksum)
      .toString(16)
      .padStart(4, '0')} [unverified]`;
    t.generated('checksum.status', 2, t.at + AT.checksum, 2);
    if (isLeftToCard(t, length + header)) t.generated('offload.checksum', new Uint8Array(0));
    t.add('urgent_pointer', t.at + AT.urgent);
    if ((flags & 0x20) === 0 && t.u16(t.at + AT.urgent) !== 0)
      t.expert('note', 'Urgent pointer without the URG flag', t.at + AT.urgent, 2, 'urgent_pointer.non_zero');
    summary(t, length, facts, flags);
    const found = (facts?.analysis ?? 0) & ~ANALYSIS.largeSegment;
    const notes = options(t, end, facts);
    if ((flags & 2) !== 0 && header > AT.options && !notes.some((note) => note.startsWith(' MSS=')))
      t.expert('note', 'SYN without a maximum segment size', t.at, 0, 'options.mss.absent');
    for (const note of notes) t.addInfo(note);
    if (facts !== null) {
      if ((facts.analysis & ANALYSIS.largeSegment) !== 0) t.generated('offload.large', new Uint8Array(0));
      times(t, facts);
      analysis(t, facts, found);
    }
    t.headerEnd(end);
    if (t.end > end) t.add('payload', end, t.end - end);
    if (facts !== null && facts.reassembledIn > 0) t.generated('reassembled_in', facts.reassembledIn, end);
    if (length > 0 || (flags & 5) !== 0) t.upper(end); // a message may last until FIN or RST
  },
});

/** NOP, NOP, timestamps: how the options of nearly every segment begin, and then end. */
const TIMESTAMPS_ALONE = 0x0101080a;
const MULTIPATH = 30;

/** Hot, but for segments with unusual options: lists a layer for each option that has one. */
function listOptions(p: Cursor, header: number): void {
  const b = p.bytes;
  const end = p.at + header;
  for (let at = p.at + AT.options; at < end; ) {
    const kind = b[at];
    if (kind === 0) return;
    if (kind === 1) {
      at++;
      continue;
    }
    const length = at + 1 < end ? b[at + 1] : 0;
    if (length < 2 || at + length > end) return;
    if (kind === MULTIPATH) p.list(1, MULTIPATH);
    at += length;
  }
}

const PROTOCOL = 6;

/** Was the checksum left to the network card? Told where all of the segment is there. */
function isLeftToCard(t: TreeBuilder, length: number): boolean {
  const { carrier } = t;
  if (carrier === null || !isPseudoSum(carrier, PROTOCOL, length, t.u16(t.at + AT.checksum))) return false;
  return !(t.has(t.at, length) && isRightSum(carrier, PROTOCOL, t.bytes, t.at, t.at + length));
}

/** Relative sequence numbers, where the flow pass knows the first one. */
function relative(value: number, base: number): number {
  return base < 0 ? value : (value - base) >>> 0;
}

function sequence(t: TreeBuilder, length: number, facts: TcpFacts | null, flags: number): void {
  const raw = t.u32(t.at + AT.seq);
  const rawAck = t.u32(t.at + AT.ack);
  const seq = relative(raw, facts?.baseSeq ?? -1);
  // What another packet quotes is no segment of its stream: how long it was is not known.
  const isSegment = !t.isQuoted;
  if (isSegment) t.generated('len', length, t.at + AT.offset, 1);
  const suffix = facts !== null && facts.baseSeq >= 0 ? '    (relative sequence number)' : '';
  t.put('seq', seq, t.at + AT.seq, 4, `Sequence Number: ${seq}${suffix}`);
  if (isSegment) {
    t.put('seq_raw', raw, t.at + AT.seq, 4);
    const next = (seq + length + ((flags & 3) !== 0 ? 1 : 0)) >>> 0;
    t.generated('nxtseq', next);
    t.last().text = `Next Sequence Number: ${next}${suffix}`;
  }
  const ack = (flags & 0x10) === 0 ? rawAck : relative(rawAck, facts?.baseAck ?? -1);
  const ackSuffix = facts !== null && facts.baseAck >= 0 && (flags & 0x10) !== 0 ? '    (relative ack number)' : '';
  t.put('ack', ack, t.at + AT.ack, 4, `Acknowledgment Number: ${ack}${ackSuffix}`);
  t.put('ack_raw', rawAck, t.at + AT.ack, 4);
  if (isSegment && (flags & 0x10) === 0 && rawAck !== 0)
    t.expert('note', 'Acknowledgment number without the ACK flag', t.at + AT.ack, 4, 'ack.nonzero');
  t.addLabel(
    `, Src Port: ${t.u16(t.at)}, Dst Port: ${t.u16(t.at + 2)}, Seq: ${seq}${(flags & 0x10) !== 0 ? `, Ack: ${ack}` : ''}, Len: ${length}`,
  );
}

function flagTree(t: TreeBuilder, flags: number): void {
  const at = t.at + AT.flags;
  t.put('flags', flags, at, 2, `Flags: 0x${flags.toString(16).padStart(3, '0')} (${flagWords(flags) || '<None>'})`);
  t.nest(t.last());
  for (const key of ['res', 'ae', 'cwr', 'ece', 'urg', 'ack', 'push', 'reset', 'syn', 'fin']) t.add(`flags.${key}`, at);
  let letters = '';
  for (let i = 11; i >= 0; i--) letters += (flags & (1 << i)) !== 0 ? (FLAG_NAMES[i]?.[2] ?? '') : '·';
  t.generated('flags.str', letters, at, 2);
  t.close();
}

/** `SYN, ACK`. */
function flagWords(flags: number): string {
  return FLAG_NAMES.filter(([bit]) => (flags & bit) !== 0)
    .map(([, name]) => name)
    .join(', ');
}

function scaledWindow(t: TreeBuilder, facts: TcpFacts | null, flags: number): number {
  const raw = t.u16(t.at + AT.window);
  const shift = facts === null || (flags & 2) !== 0 ? 0 : Math.max(0, facts.windowShift);
  return raw * 2 ** shift;
}

function windowFields(t: TreeBuilder, facts: TcpFacts | null, flags: number): void {
  const at = t.at + AT.window;
  t.add('window_size_value', at);
  t.generated('window_size', scaledWindow(t, facts, flags), at, 2);
  if ((flags & 2) !== 0 || facts === null) return;
  const factor = facts.windowShift === -1 ? -1 : facts.windowShift === -2 ? -2 : 2 ** facts.windowShift;
  t.generated('window_size_scalefactor', factor, at, 2);
  if (factor < 0)
    t.last().text = `Window size scaling factor: ${factor} (${factor === -1 ? 'unknown' : 'no window scaling used'})`;
}

function summary(t: TreeBuilder, length: number, facts: TcpFacts | null, flags: number): void {
  const found = facts?.analysis ?? 0;
  let before = facts?.isCopy === true ? '[TCP Copy] ' : '';
  for (const [bit, , words] of FINDINGS) {
    if ((found & bit) === 0) continue;
    if (bit === ANALYSIS.duplicateAck)
      before += `[TCP Dup ACK ${facts?.duplicateAckFrame ?? 0}#${facts?.duplicateAckNumber ?? 0}] `;
    else if (
      bit === ANALYSIS.retransmission &&
      (found & (ANALYSIS.spuriousRetransmission | ANALYSIS.fastRetransmission)) !== 0
    )
      continue;
    else before += words;
  }
  const seq = relative(t.u32(t.at + AT.seq), facts?.baseSeq ?? -1);
  const ack = relative(t.u32(t.at + AT.ack), facts?.baseAck ?? -1);
  t.info(before);
  t.fence(); // what the analysis says stays in front of what the application says
  t.addInfo(
    `${t.u16(t.at)} → ${t.u16(t.at + 2)} [${flagWords(flags) || '<None>'}] Seq=${seq}${(flags & 0x10) !== 0 ? ` Ack=${ack}` : ''} Win=${scaledWindow(t, facts, flags)}` +
      `${(flags & 0x20) !== 0 ? ` Urg=${t.u16(t.at + AT.urgent)}` : ''} Len=${length}`,
  );
}

/** The options; returns what each adds to Info. */
function options(t: TreeBuilder, end: number, facts: TcpFacts | null): string[] {
  let at = t.at + AT.options;
  const notes: string[] = [];
  if (at >= end) return notes;
  t.add('options', at, Math.max(0, Math.min(end, t.end) - at));
  const top = t.last();
  const names: string[] = [];
  t.nest(top);
  while (at < end) {
    if (!t.has(at, 1)) break; // cut by the snap length
    const kind = t.u8(at);
    const length = kind <= 1 ? 1 : at + 1 < end && t.has(at, 2) ? t.u8(at + 1) : 1;
    if (kind > 1 && (length < 2 || at + length > end)) {
      t.expert('warning', 'Invalid length for option', at, 1, 'option.len.invalid');
      break;
    }
    if (!t.has(at, length)) {
      t.text('Options: cut short', at, t.end - at);
      break;
    }
    names.push(option(t, at, kind, length, facts, notes));
    at += length;
    if (kind === 0 && t.has(at, 1) && t.u8(at) !== 0) break; // behind the end there is padding only
  }
  t.close();
  const total = end - t.at - AT.options;
  top.text = `Options: (${total} bytes)${names.map((name) => `, ${name}`).join('')}`;
  return notes;
}

function option(
  t: TreeBuilder,
  at: number,
  kind: number,
  length: number,
  facts: TcpFacts | null,
  notes: string[],
): string {
  const open = (key: string, text: string): void => {
    t.put(key, t.slice(at, length), at, length, `TCP Option - ${text}`);
    t.nest(t.last());
    t.add('option_kind', at);
    if (kind > 1) t.add('option_len', at + 1);
  };
  const name = OPTIONS[kind] ?? 'Unknown';
  const fixed = FIXED_LENGTHS[kind];
  if (fixed !== undefined && length !== fixed) {
    open('options.unknown', `${name} (length ${length}, should be ${fixed})`);
    t.expert('warning', `Invalid length for option (${length}, should be ${fixed})`, at + 1, 1, 'option.len.invalid');
    t.close();
    return name;
  }
  switch (kind) {
    case 0:
      open('options.eol', name);
      break;
    case 1:
      open('options.nop', name);
      break;
    case 2:
      open('options.mss', `Maximum segment size: ${t.u16(at + 2)} bytes`);
      t.add('options.mss_val', at + 2);
      notes.push(` MSS=${t.u16(at + 2)}`);
      t.close();
      return 'Maximum segment size';
    case 3: {
      const shift = Math.min(14, t.u8(at + 2));
      open('options.wscale', `Window scale: ${t.u8(at + 2)} (multiply by ${2 ** shift})`);
      t.add('options.wscale.shift', at + 2);
      t.generated('options.wscale.multiplier', 2 ** shift, at + 2, 1);
      notes.push(` WS=${2 ** shift}`);
      t.close();
      return 'Window scale';
    }
    case 4:
      open('options.sack_perm', 'SACK permitted');
      notes.push(' SACK_PERM');
      t.close();
      return 'SACK permitted';
    case 5:
      sack(t, at, length, facts, notes, open);
      return 'SACK';
    case 8:
      open('options.timestamp', `Timestamps: TSval ${t.u32(at + 2)}, TSecr ${t.u32(at + 6)}`);
      t.add('options.timestamp.tsval', at + 2);
      t.add('options.timestamp.tsecr', at + 6);
      notes.push(` TSval=${t.u32(at + 2)} TSecr=${t.u32(at + 6)}`);
      t.close();
      return 'Timestamps';
    case 19:
      open('options.md5', 'TCP MD5 signature');
      t.add('options.md5.digest', at + 2, length - 2);
      notes.push(' MD5');
      t.close();
      return 'TCP MD5 signature';
    case 28:
      open('options.user_to', 'User Timeout');
      t.add('options.user_to_val', at + 2);
      t.close();
      return 'User Timeout';
    case 30:
      open('options.mptcp', 'Multipath TCP');
      multipathOption(t, at, length);
      t.close();
      t.pushLayer(t.find('tcp.option', kind));
      t.column('MPTCP');
      return 'Multipath TCP';
    case 34:
      open('options.tfo', `TCP Fast Open${length === 2 ? ' Cookie Request' : ' Cookie'}`);
      cookie(t, at + 2, length - 2, notes);
      t.close();
      return 'TCP Fast Open';
    case 253:
    case 254:
      experimental(t, at, length, notes, open);
      return 'Experimental';
    default:
      open('options.unknown', `${name}${OPTIONS[kind] === undefined ? ` (${kind})` : ''}`);
      if (length > 2) t.add('options.unknown.payload', at + 2, length - 2);
      break;
  }
  t.close();
  return name;
}

/** RFC 6994; Fast Open was tried out so, before it got a number (RFC 7413 4.1.1). */
function experimental(
  t: TreeBuilder,
  at: number,
  length: number,
  notes: string[],
  open: (key: string, text: string) => void,
): void {
  const id = length >= 4 ? t.u16(at + 2) : -1;
  open('options.experimental', id === FAST_OPEN ? 'Experimental: Fast Open' : 'Experimental');
  if (id >= 0) t.add('options.experimental.exid', at + 2);
  if (id === FAST_OPEN) cookie(t, at + 4, length - 4, notes);
  else if (length > 4) t.add('options.experimental.data', at + 4, length - 4);
  t.close();
}

/** The cookie of Fast Open; without bytes it is asked for. */
function cookie(t: TreeBuilder, at: number, length: number, notes: string[]): void {
  if (length === 0) t.put('options.tfo.request', new Uint8Array(0), at, 0);
  else t.add('options.tfo.cookie', at, length);
  notes.push(length === 0 ? ' TFO=R' : ' TFO=C');
}

function sack(
  t: TreeBuilder,
  at: number,
  length: number,
  facts: TcpFacts | null,
  notes: string[],
  open: (key: string, text: string) => void,
): void {
  const base = facts?.baseAck ?? -1;
  const edges: [number, number, number][] = [];
  for (let i = at + 2; i + 8 <= at + length; i += 8)
    edges.push([relative(t.u32(i), base), relative(t.u32(i + 4), base), i]);
  open('options.sack', `SACK${edges.map(([left, right]) => ` ${left}-${right}`).join('')}`);
  for (const [left, right, i] of edges) {
    t.put('options.sack_le', left, i, 4, `left edge = ${left}${base >= 0 ? ' (relative)' : ''}`);
    t.put('options.sack_re', right, i + 4, 4, `right edge = ${right}${base >= 0 ? ' (relative)' : ''}`);
    notes.push(` SLE=${left} SRE=${right}`);
  }
  t.generated('options.sack.count', edges.length, at, 0);
  duplicate(t, edges, relative(t.u32(t.at + AT.ack), base));
  t.close();
}

/** RFC 2883 4: a first block that is acknowledged already, or lies in the second, tells of a segment that came twice. */
function duplicate(t: TreeBuilder, edges: readonly (readonly [number, number, number])[], ack: number): void {
  const [first, second] = edges;
  if (first === undefined) return;
  const [left, right, at] = first;
  const isInSecond = second !== undefined && ((left - second[0]) | 0) >= 0 && ((second[1] - right) | 0) >= 0;
  if (((ack - left) | 0) <= 0 && !isInSecond) return;
  t.generated('options.sack.dsack_le', left, at, 4);
  t.generated('options.sack.dsack_re', right, at + 4, 4);
  t.expert('warning', 'D-SACK Sequence', at, 8, 'options.sack.dsack');
}

/** Where a connection begins and ends: chats, and a warning where it was broken off. */
function connectionNotes(
  t: TreeBuilder,
  flags: number,
  src: number,
  dst: number,
  closesFirst: boolean | undefined,
): void {
  const at = t.at + AT.flags;
  const isAck = (flags & 0x10) !== 0;
  if ((flags & 2) !== 0) {
    if (isAck) t.expert('chat', `Connection accepted (SYN+ACK) by port ${src}`, at, 2, 'connection.synack');
    else t.expert('chat', `Connection asked for (SYN) with port ${dst}`, at, 2, 'connection.syn');
  }
  if ((flags & 1) !== 0) {
    t.expert('chat', 'One direction ends (FIN)', at, 2, 'connection.fin');
    if (closesFirst === true) t.expert('note', 'This side closes first', at, 2, 'connection.fin_active');
    else if (closesFirst === false) t.expert('note', 'The other side closed first', at, 2, 'connection.fin_passive');
  }
  if ((flags & 4) !== 0) t.expert('warning', 'Connection broken off (RST)', at, 2, 'connection.rst');
}

function times(t: TreeBuilder, facts: TcpFacts): void {
  if (facts.timeRelative < 0n) return;
  t.nest(t.text('Timestamps', t.at, 0)).generated = true;
  t.generated('time_relative', facts.timeRelative);
  t.generated('time_delta', facts.timeDelta);
  t.close();
}

function analysis(t: TreeBuilder, facts: TcpFacts, found: number): void {
  const { acksFrame, initialRtt, bytesInFlight, pushBytesSent } = facts;
  if (found === 0 && acksFrame === 0 && bytesInFlight === 0) return;
  t.generated('analysis', new Uint8Array(0));
  t.nest(t.last());
  if (acksFrame > 0) {
    t.generated('analysis.acks_frame', acksFrame);
    if (facts.ackRtt !== 0n) t.generated('analysis.ack_rtt', facts.ackRtt);
  }
  if (initialRtt >= 0n) t.generated('analysis.initial_rtt', initialRtt);
  if (bytesInFlight > 0) t.generated('analysis.bytes_in_flight', bytesInFlight);
  if (pushBytesSent > 0) t.generated('analysis.push_bytes_sent', pushBytesSent);
  if (found !== 0) {
    t.generated('analysis.flags', new Uint8Array(0));
    t.nest(t.last());
    for (const [bit, key, , severity, sentence] of FINDINGS) {
      if ((found & bit) !== 0 && bit !== ANALYSIS.duplicateAck) t.expert(severity, sentence, t.at, 0, key);
    }
    if ((found & ANALYSIS.duplicateAck) !== 0) {
      t.generated('analysis.duplicate_ack', new Uint8Array(0));
      t.last().text = 'This is a TCP duplicate ack';
    }
    t.close();
    if ((found & ANALYSIS.duplicateAck) !== 0) {
      t.generated('analysis.duplicate_ack_num', facts.duplicateAckNumber);
      t.generated('analysis.duplicate_ack_frame', facts.duplicateAckFrame);
      t.expert('note', `Duplicate ACK (#${facts.duplicateAckNumber})`, t.at, 0, 'analysis.duplicate_ack');
    }
    if (facts.rtoFrame > 0) {
      t.generated('analysis.rto', facts.rto);
      t.generated('analysis.rto_frame', facts.rtoFrame);
    }
    const resent = (found >>> RESENT_SHIFT) & RESENT_MASK;
    if (resent !== 0) t.generated('resent', resent);
    const lost = (found >>> LOST_SHIFT) & LOST_MASK;
    if (lost !== 0) t.generated('lost', lost);
  }
  t.close();
}
