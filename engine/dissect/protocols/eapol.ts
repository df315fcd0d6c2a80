/** 802.1X authentication over LANs (IEEE 802.1X 11; key frames IEEE 802.11 12.7.2). */

import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const AT = { version: 0, type: 1, length: 2, body: 4 } as const;
const KEY = {
  type: 0,
  information: 1,
  length: 3,
  replay: 5,
  nonce: 13,
  iv: 45,
  rsc: 61,
  id: 69,
  mic: 77,
  dataLength: 93,
  data: 95,
} as const;
const TYPE = { eap: 0, key: 3 } as const;
const TYPES: Readonly<Record<number, string>> = {
  0: 'EAP Packet',
  1: 'Start',
  2: 'Logoff',
  3: 'Key',
  4: 'Encapsulated ASF Alert',
  5: 'MKA',
  6: 'Announcement (Generic)',
  7: 'Announcement (Specific)',
  8: 'Announcement Request',
};
const VERSIONS: Readonly<Record<number, string>> = { 1: '802.1X-2001', 2: '802.1X-2004', 3: '802.1X-2010' };
const DESCRIPTORS: Readonly<Record<number, string>> = { 1: 'RC4 Descriptor', 2: 'EAPOL RSN Key', 254: 'EAPOL WPA Key' };
const KEY_VERSIONS: Readonly<Record<number, string>> = {
  1: 'RC4 Cipher, HMAC-MD5 MIC',
  2: 'AES Cipher, HMAC-SHA1 MIC',
  3: 'AES Cipher, AES-128-CMAC MIC',
};
const INFORMATION = { pairwise: 0x0008, install: 0x0040, ack: 0x0080, mic: 0x0100, secure: 0x0200 } as const;

export const eapol = defineProtocol({
  name: 'eapol',
  title: '802.1X Authentication',
  on: { ethertype: [0x888e, 0x88c7] },
  header: AT.body,
  opens: ['eap', 'tls'],
  fields: {
    version: { at: AT.version, type: 'u8', label: 'Version', names: VERSIONS },
    type: { at: AT.type, type: 'u8', label: 'Type', names: TYPES },
    len: { at: AT.length, type: 'u16', label: 'Length' },
    'keydes.type': { type: 'u8', label: 'Key Descriptor Type', names: DESCRIPTORS },
    'keydes.body': { type: 'bytes', label: 'Key Descriptor Body' },
    'keydes.key_len': { type: 'u16', label: 'Key Length' },
    'keydes.replay_counter': { type: 'u64', label: 'Replay Counter' },
    'keydes.key_iv': { type: 'bytes', length: 16, label: 'Key IV' },
    msgnr: { type: 'u8', label: 'Message number', abbrev: 'wlan_rsna_eapol.keydes.msgnr' },
    key_info: { type: 'u16', show: 'hex', label: 'Key Information', abbrev: 'wlan_rsna_eapol.keydes.key_info' },
    'key_info.keydes_version': {
      type: 'u16',
      bits: [2, 0],
      label: 'Key Descriptor Version',
      names: KEY_VERSIONS,
      abbrev: 'wlan_rsna_eapol.keydes.key_info.keydes_version',
    },
    'key_info.key_type': {
      type: 'bool',
      of: 'u16',
      bits: [3, 3],
      label: 'Key Type',
      flag: ['Pairwise Key', 'Group Key'],
      abbrev: 'wlan_rsna_eapol.keydes.key_info.key_type',
    },
    'key_info.key_index': {
      type: 'u16',
      bits: [5, 4],
      label: 'Key Index',
      abbrev: 'wlan_rsna_eapol.keydes.key_info.key_index',
    },
    'key_info.install': {
      type: 'bool',
      of: 'u16',
      bits: [6, 6],
      label: 'Install',
      abbrev: 'wlan_rsna_eapol.keydes.key_info.install',
    },
    'key_info.key_ack': {
      type: 'bool',
      of: 'u16',
      bits: [7, 7],
      label: 'Key ACK',
      abbrev: 'wlan_rsna_eapol.keydes.key_info.key_ack',
    },
    'key_info.key_mic': {
      type: 'bool',
      of: 'u16',
      bits: [8, 8],
      label: 'Key MIC',
      abbrev: 'wlan_rsna_eapol.keydes.key_info.key_mic',
    },
    'key_info.secure': {
      type: 'bool',
      of: 'u16',
      bits: [9, 9],
      label: 'Secure',
      abbrev: 'wlan_rsna_eapol.keydes.key_info.secure',
    },
    'key_info.error': {
      type: 'bool',
      of: 'u16',
      bits: [10, 10],
      label: 'Error',
      abbrev: 'wlan_rsna_eapol.keydes.key_info.error',
    },
    'key_info.request': {
      type: 'bool',
      of: 'u16',
      bits: [11, 11],
      label: 'Request',
      abbrev: 'wlan_rsna_eapol.keydes.key_info.request',
    },
    'key_info.encrypted_key_data': {
      type: 'bool',
      of: 'u16',
      bits: [12, 12],
      label: 'Encrypted Key Data',
      abbrev: 'wlan_rsna_eapol.keydes.key_info.encrypted_key_data',
    },
    'key_info.smk_message': {
      type: 'bool',
      of: 'u16',
      bits: [13, 13],
      label: 'SMK Message',
      abbrev: 'wlan_rsna_eapol.keydes.key_info.smk_message',
    },
    nonce: { type: 'bytes', length: 32, label: 'WPA Key Nonce', abbrev: 'wlan_rsna_eapol.keydes.nonce' },
    rsc: { type: 'bytes', length: 8, label: 'WPA Key RSC', abbrev: 'wlan_rsna_eapol.keydes.rsc' },
    id: { type: 'bytes', length: 8, label: 'WPA Key ID', abbrev: 'wlan_rsna_eapol.keydes.id' },
    mic: { type: 'bytes', length: 16, label: 'WPA Key MIC', abbrev: 'wlan_rsna_eapol.keydes.mic' },
    data_len: { type: 'u16', label: 'WPA Key Data Length', abbrev: 'wlan_rsna_eapol.keydes.data_len' },
    data: { type: 'bytes', label: 'WPA Key Data', abbrev: 'wlan_rsna_eapol.keydes.data' },
  },
  tree(t) {
    const type = t.u8(t.at + AT.type);
    const length = t.u16(t.at + AT.length);
    t.info(TYPES[type] ?? `Unknown Type (0x${type.toString(16).padStart(2, '0')})`);
    const body = t.header();
    t.limit(body + length);
    if (length === 0) return;
    if (type === TYPE.key) key(t, body);
    else if (type === TYPE.eap) t.dissectUnlisted('eap', body);
    else if (body < t.end) t.payload(body);
  },
});

function key(t: TreeBuilder, at: number): void {
  const kind = t.u8(at + KEY.type);
  t.add('keydes.type', at + KEY.type);
  if (kind !== 2 && kind !== 254) {
    if (t.end > at + 1) t.add('keydes.body', at + 1, t.end - at - 1);
    return;
  }
  const information = t.u16(at + KEY.information);
  const message = messageNumber(information, t.u16(at + KEY.dataLength));
  if ((information & INFORMATION.pairwise) !== 0) {
    t.generated('msgnr', message, at + KEY.information, 2);
    t.addInfo(` (Message ${message} of 4)`);
  } else t.addInfo(` (Group Message ${(information & INFORMATION.ack) !== 0 ? 1 : 2} of 2)`);
  t.add('key_info', at + KEY.information);
  t.nest(t.last());
  for (const bit of [
    'keydes_version',
    'key_type',
    'key_index',
    'install',
    'key_ack',
    'key_mic',
    'secure',
    'error',
    'request',
    'encrypted_key_data',
    'smk_message',
  ]) {
    t.add(`key_info.${bit}`, at + KEY.information);
  }
  t.close();
  t.add('keydes.key_len', at + KEY.length);
  t.add('keydes.replay_counter', at + KEY.replay);
  t.add('nonce', at + KEY.nonce);
  t.add('keydes.key_iv', at + KEY.iv);
  t.add('rsc', at + KEY.rsc);
  t.add('id', at + KEY.id);
  t.add('mic', at + KEY.mic);
  const length = t.u16(at + KEY.dataLength);
  t.add('data_len', at + KEY.dataLength);
  if (length > 0) t.add('data', at + KEY.data, length);
}

/** Which of the four frames of a handshake it is (IEEE 802.11 12.7.6). */
function messageNumber(information: number, dataLength: number): number {
  const hasMic = (information & INFORMATION.mic) !== 0;
  if ((information & INFORMATION.ack) !== 0) return hasMic ? 3 : 1;
  return (information & INFORMATION.secure) !== 0 || dataLength === 0 ? 4 : 2;
}
