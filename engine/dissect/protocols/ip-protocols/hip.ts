/** Host Identity Protocol (RFC 7401): hosts named by keys; this is how they agree on an association. */

import { defineProtocol } from '../../protocol.ts';

const AT = {
  proto: 0,
  length: 1,
  type: 2,
  version: 3,
  checksum: 4,
  controls: 6,
  sender: 8,
  receiver: 24,
  values: 40,
} as const;
const TAG = 16;
const TYPES: Readonly<Record<number, string>> = {
  1: 'HIP I1 (HIP Initiator Packet)',
  2: 'HIP R1 (HIP Responder Packet)',
  3: 'HIP I2 (Second HIP Initiator Packet)',
  4: 'HIP R2 (Second HIP Responder Packet)',
  16: 'HIP UPDATE (HIP Update Packet)',
  17: 'HIP NOTIFY (HIP Notify Packet)',
  18: 'HIP CLOSE (HIP Close Packet)',
  19: 'HIP CLOSE_ACK (HIP Close Acknowledgment Packet)',
};
const PARAMETERS: Readonly<Record<number, string>> = {
  65: 'ESP_INFO',
  128: 'R1_COUNTER',
  129: 'R1_COUNTER',
  193: 'LOCATOR_SET',
  257: 'PUZZLE',
  321: 'SOLUTION',
  385: 'SEQ',
  449: 'ACK',
  511: 'DH_GROUP_LIST',
  513: 'DIFFIE_HELLMAN',
  577: 'HIP_TRANSFORM',
  579: 'HIP_CIPHER',
  641: 'ENCRYPTED',
  705: 'HOST_ID',
  715: 'HIT_SUITE_LIST',
  768: 'CERT',
  832: 'NOTIFICATION',
  897: 'ECHO_REQUEST_SIGNED',
  961: 'ECHO_RESPONSE_SIGNED',
  2049: 'TRANSPORT_FORMAT_LIST',
  4095: 'ESP_TRANSFORM',
  61505: 'HIP_MAC',
  61569: 'HIP_MAC_2',
  61633: 'HIP_SIGNATURE_2',
  61697: 'HIP_SIGNATURE',
  63661: 'ECHO_REQUEST_UNSIGNED',
  63425: 'ECHO_RESPONSE_UNSIGNED',
  65498: 'RVS_HMAC',
};

export const hip = defineProtocol({
  name: 'hip',
  title: 'Host Identity Protocol',
  on: { 'ip.proto': [139] },
  header: AT.values,
  fields: {
    proto: { at: AT.proto, type: 'u8', label: 'Payload Protocol' },
    hdr_len: { at: AT.length, type: 'u8', label: 'Header Length' },
    packet_type: { at: AT.type, type: 'u8', bits: [6, 0], label: 'Packet Type', names: TYPES },
    shim6_fixed_p: { at: AT.type, type: 'u8', bits: [7, 7], label: 'Fixed P-bit' },
    version: { at: AT.version, type: 'u8', bits: [7, 4], label: 'Version' },
    shim6_fixed_s: { at: AT.version, type: 'u8', bits: [0, 0], label: 'Fixed S-bit' },
    checksum: { at: AT.checksum, type: 'u16', show: 'hex', label: 'Checksum' },
    controls: { at: AT.controls, type: 'u16', show: 'hex', label: 'HIP Controls' },
    'controls.a': {
      at: AT.controls,
      type: 'bool',
      of: 'u16',
      bits: [0, 0],
      label: "Anonymous (Sender's HI is anonymous)",
    },
    hit_sndr: { at: AT.sender, type: 'bytes', length: TAG, label: "Sender's HIT" },
    hit_rcvr: { at: AT.receiver, type: 'bytes', length: TAG, label: "Receiver's HIT" },
    type: { type: 'u16', label: 'Type', names: PARAMETERS, many: true },
  },
  tree(t) {
    const type = t.u8(t.at + AT.type) & 0x7f;
    t.info(TYPES[type] ?? 'Unknown');
    const length = 8 * (t.u8(t.at + AT.length) + 1);
    t.header();
    const end = Math.min(t.at + length, t.end);
    for (let at = t.at + AT.values; at + 4 <= end; ) {
      const kind = t.u16(at);
      const value = t.u16(at + 2);
      t.need(at + 4, value);
      t.nest(t.text(`${PARAMETERS[kind] ?? 'Unknown'} (type=${kind}, length=${value})`, at, 4 + value));
      t.add('type', at);
      t.close();
      at += (4 + value + 7) & ~7; // a parameter fills words of eight bytes (RFC 7401 5.2.1)
    }
  },
});
