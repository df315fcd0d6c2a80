/** Bidirectional Forwarding Detection (RFC 5880): control packets; over UDP by RFC 5881, 5883 and 7130. */

import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const AT = {
  version: 0,
  state: 1,
  multiplier: 2,
  length: 3,
  mine: 4,
  yours: 8,
  tx: 12,
  rx: 16,
  echo: 20,
  end: 24,
} as const;
const STATES: Readonly<Record<number, string>> = { 0: 'AdminDown', 1: 'Down', 2: 'Init', 3: 'Up' };
const DIAGNOSTICS: Readonly<Record<number, string>> = {
  0: 'No Diagnostic',
  1: 'Control Detection Time Expired',
  2: 'Echo Function Failed',
  3: 'Neighbor Signaled Session Down',
  4: 'Forwarding Plane Reset',
  5: 'Path Down',
  6: 'Concatenated Path Down',
  7: 'Administratively Down',
  8: 'Reverse Concatenated Path Down',
};
const AUTHENTICATIONS: Readonly<Record<number, string>> = {
  1: 'Simple Password',
  2: 'Keyed MD5',
  3: 'Meticulous Keyed MD5',
  4: 'Keyed SHA1',
  5: 'Meticulous Keyed SHA1',
};
const AUTHENTICATED = 4;
const PASSWORD = 1;

export const bfd = defineProtocol({
  name: 'bfd',
  title: 'BFD Control message',
  short: 'BFD Control',
  on: { 'udp.port': [3784, 4784, 6784, 7784] },
  header: AT.end,
  fields: {
    version: { at: AT.version, type: 'u8', bits: [7, 5], label: 'Protocol Version' },
    diag: { at: AT.version, type: 'u8', bits: [4, 0], show: 'hex', label: 'Diagnostic Code', names: DIAGNOSTICS },
    sta: { at: AT.state, type: 'u8', bits: [7, 6], show: 'hex', label: 'Session State', names: STATES },
    flags: { at: AT.state, type: 'u8', show: 'hex', label: 'Message Flags' },
    'flags.p': { at: AT.state, type: 'bool', bits: [5, 5], label: 'Poll' },
    'flags.f': { at: AT.state, type: 'bool', bits: [4, 4], label: 'Final' },
    'flags.c': { at: AT.state, type: 'bool', bits: [3, 3], label: 'Control Plane Independent' },
    'flags.a': { at: AT.state, type: 'bool', bits: [2, 2], label: 'Authentication Present' },
    'flags.d': { at: AT.state, type: 'bool', bits: [1, 1], label: 'Demand' },
    'flags.m': { at: AT.state, type: 'bool', bits: [0, 0], label: 'Multipoint' },
    detect_time_multiplier: { at: AT.multiplier, type: 'u8', label: 'Detect Time Multiplier' },
    message_length: { at: AT.length, type: 'u8', label: 'Message Length' },
    my_discriminator: { at: AT.mine, type: 'u32', show: 'hex', label: 'My Discriminator' },
    your_discriminator: { at: AT.yours, type: 'u32', show: 'hex', label: 'Your Discriminator' },
    desired_min_tx_interval: { at: AT.tx, type: 'u32', label: 'Desired Min TX Interval' },
    required_min_rx_interval: { at: AT.rx, type: 'u32', label: 'Required Min RX Interval' },
    required_min_echo_interval: { at: AT.echo, type: 'u32', label: 'Required Min Echo Interval' },
    'auth.type': { type: 'u8', label: 'Authentication Type', names: AUTHENTICATIONS },
    'auth.len': { type: 'u8', label: 'Authentication Length' },
    'auth.key': { type: 'u8', label: 'Authentication Key ID' },
    'auth.password': { type: 'string', label: 'Password' },
    'auth.seq_num': { type: 'u32', show: 'hex', label: 'Sequence Number' },
    checksum: { type: 'bytes', label: 'Checksum' },
  },
  recogniseOn: ['udp'],
  tree(t) {
    const { at } = t;
    const flags = t.u8(at + AT.state);
    t.info(
      `Diag: ${DIAGNOSTICS[t.u8(at) & 31] ?? 'Unknown'}, State: ${STATES[flags >>> 6] ?? ''}, Flags: 0x${(flags & 63).toString(16).padStart(2, '0')}`,
    );
    const end = t.header();
    if ((flags & AUTHENTICATED) !== 0) authentication(t, end);
  },
});

/** RFC 5880 4.2 to 4.4. */
function authentication(t: TreeBuilder, at: number): void {
  const type = t.u8(at);
  const length = t.u8(at + 1);
  t.nest(t.text(`Authentication: ${AUTHENTICATIONS[type] ?? 'Unknown'}`, at, length));
  t.add('auth.type', at);
  t.add('auth.len', at + 1);
  t.add('auth.key', at + 2);
  t.need(at, length);
  if (type === PASSWORD && length > 3)
    t.put('auth.password', t.string(at + 3, length - 3, 'ascii'), at + 3, length - 3);
  else if (length > 8) {
    t.add('auth.seq_num', at + 4);
    t.add('checksum', at + 8, length - 8);
  }
  t.close();
}
