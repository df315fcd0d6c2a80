/** Differences that are meant: one rule for each line of docs/differences.md that shows in a compared value. Counted apart. */

import type { Verdict } from './score.ts';
import { type FramePair, withoutCertificates } from './tolerances.ts';

interface Rule {
  readonly name: string;
  /** Names; what ends in a dot stands for all that begin so. */
  readonly fields: readonly string[];
  holds(pair: FramePair, field: string): boolean;
}

const NAMES = ['frame.protocols', '_ws.col.Protocol'];
const ADDRESSES = ['_ws.col.Source', '_ws.col.Destination'];
const STREAMS = ['tcp.stream', 'udp.stream'];
const ANALYSIS = 'tcp.analysis.';

const lastOf = (layers: string): string => layers.slice(layers.lastIndexOf(':') + 1);
const has = (layers: string, layer: string): boolean => layers.split(':').includes(layer);

/** Packets that were captured twice. */
export const COPIES = 'copies are no retransmissions';

/** Protocols that tshark shows as data, or as the port says. */
const NAMED = ['bt-utp', 'bt-tracker', 'iperf3', 'zookeeper', 'stratum', 'mongo', 'slip', 'wsd', 'bt-mse'];
/** Protocols that tshark gives to ports alone, and nobody speaks there: their frames are malformed or make no sense. */
export const BY_PORT_ALONE = ['asap', 'h248', 'manolito'];
/** Protocols found by their content on ports that are not theirs. */
const BY_CONTENT = ['ssh', 'dns', 'tls', 'http', 'http2', 'bittorrent', 'gnutella'];

const RULES: readonly Rule[] = [
  {
    name: COPIES,
    fields: [...NAMES, ANALYSIS],
    holds: (pair, field) => pair.isCopy() || (field.startsWith(ANALYSIS) && pair.hasAppearances()),
  },
  {
    name: 'nothing is acknowledged without the ACK flag',
    fields: [`${ANALYSIS}ack_rtt`, `${ANALYSIS}retransmission`, `${ANALYSIS}spurious_retransmission`],
    holds: (pair) => pair.hasBareNumber(),
  },
  {
    name: 'port 8472 is VXLAN',
    fields: [...NAMES, ...ADDRESSES, ...STREAMS, ANALYSIS],
    holds: (pair) => has(pair.ours('frame.protocols'), 'vxlan') && pair.theirs('frame.protocols').endsWith(':udp:data'),
  },
  {
    name: 'TLS after an RDP negotiation',
    fields: NAMES,
    holds: (pair) =>
      has(pair.ours('frame.protocols'), 'tls') &&
      (lastOf(pair.theirs('frame.protocols')) === 'tpkt' ||
        pair.ours('frame.protocols').replace(':tpkt:', ':') === pair.theirs('frame.protocols')),
  },
  {
    name: 'a hole inside a TCP message',
    fields: NAMES,
    holds: (pair) =>
      pair.hasHole() &&
      lastOf(pair.theirs('frame.protocols')) === 'tcp' &&
      pair.ours('frame.protocols').startsWith(`${pair.theirs('frame.protocols')}:`),
  },
  {
    name: "port 7000 is nobody's",
    fields: NAMES,
    holds: (pair) =>
      pair.ours('tcp.port').split(',').includes('7000') &&
      pair.ours('frame.protocols') === `${pair.theirs('frame.protocols')}:data`,
  },
  {
    name: 'SSH over several paths of Multipath TCP',
    fields: NAMES,
    holds: (pair) =>
      pair.ours('frame.protocols').endsWith(':mptcp:ssh') &&
      pair.ours('frame.protocols').startsWith(pair.theirs('frame.protocols')),
  },
  {
    name: 'named, not data',
    fields: NAMES,
    holds: (pair) =>
      NAMED.some((name) => has(pair.ours('frame.protocols'), name)) &&
      ['data', 'tcp', 'udp', 'tls', 'ssl'].includes(lastOf(pair.theirs('frame.protocols'))),
  },
  {
    name: 'RDP from the middle of a connection',
    fields: NAMES,
    holds: (pair) =>
      pair.ours('tcp.port').split(',').includes('3389') &&
      has(pair.ours('frame.protocols'), 'tpkt') &&
      pair.theirs('frame.protocols').endsWith(':tcp:data'),
  },
  {
    name: 'DTLS 1.3',
    fields: NAMES,
    holds: (pair) =>
      pair.ours('_ws.col.Protocol') === 'DTLSv1.3' &&
      (pair.theirs('_ws.col.Protocol') === 'DTLSv1.2' || pair.theirs('frame.protocols').endsWith(':udp:data')),
  },
  {
    name: 'ports of protocols that nobody speaks there',
    fields: NAMES,
    holds: (pair) =>
      BY_PORT_ALONE.includes(lastOf(pair.theirs('frame.protocols'))) &&
      (lastOf(pair.ours('frame.protocols')) === 'data' || has(pair.ours('frame.protocols'), 'bittorrent')),
  },
  {
    name: 'by content on any port',
    fields: NAMES,
    holds: (pair) =>
      BY_CONTENT.some((name) => has(pair.ours('frame.protocols'), name)) &&
      /:(udp|tcp):data$/.test(pair.theirs('frame.protocols')),
  },
  {
    name: 'layers for the parts of certificates',
    fields: ['frame.protocols'],
    holds: (pair, field) => {
      const theirs = pair.theirs(field);
      const bare = withoutCertificates(theirs);
      return bare !== theirs && withoutRepeatedTls(bare) === withoutRepeatedTls(pair.ours(field));
    },
  },
  {
    name: 'quoted packets are no conversation',
    fields: STREAMS,
    holds: (pair, field) => {
      const layers = pair.ours('frame.protocols').split(':');
      const isError = layers.includes('icmp') || layers.includes('icmpv6');
      return (isError && pair.theirs(field).startsWith(pair.ours(field))) || pair.isRenumbered(field);
    },
  },
  {
    name: 'the protocol of an exported PDU',
    fields: ['frame.protocols'],
    holds: (pair, field) => {
      const [first, , ...rest] = pair.ours(field).split(':');
      return first === 'exported_pdu' && [first, ...rest].join(':') === pair.theirs(field);
    },
  },
  {
    name: 'one UDP stream per SNMP conversation',
    fields: ['udp.stream'],
    holds: (pair) => has(pair.ours('frame.protocols'), 'snmp'),
  },
];

function withoutRepeatedTls(layers: string): string {
  return layers.replace(/(:tls)+/g, ':tls');
}

function isNamed(name: string, field: string): boolean {
  return name.endsWith('.') ? field.startsWith(name) : field === name;
}

/** The rule that a differing value follows; null: it is a disagreement. */
export function deliberate(field: string, pair: FramePair): Verdict | null {
  const rule = RULES.find((one) => one.fields.some((name) => isNamed(name, field)) && one.holds(pair, field));
  return rule === undefined ? null : { kind: 'deliberate', rule: rule.name };
}
