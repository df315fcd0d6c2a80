/** ISAKMP and IKE version 1 (RFC 2408, 2409) and 2 (RFC 7296): exchanges and payloads; in UDP 4500 behind a marker (RFC 3948). */

import { u32 } from '../../base/bytes.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const AT = {
  initiator: 0,
  responder: 8,
  next: 16,
  version: 17,
  exchange: 18,
  flags: 19,
  message: 20,
  length: 24,
  payloads: 28,
} as const;
const EXCHANGES_1: Readonly<Record<number, string>> = {
  0: 'NONE',
  1: 'Base',
  2: 'Identity Protection (Main Mode)',
  3: 'Authentication Only',
  4: 'Aggressive',
  5: 'Informational',
  6: 'Transaction (Config Mode)',
  32: 'Quick Mode',
  33: 'New Group Mode',
};
const EXCHANGES_2: Readonly<Record<number, string>> = {
  34: 'IKE_SA_INIT',
  35: 'IKE_AUTH',
  36: 'CREATE_CHILD_SA',
  37: 'INFORMATIONAL',
  38: 'IKE_SESSION_RESUME',
  43: 'IKE_INTERMEDIATE',
};
const PAYLOADS_1: Readonly<Record<number, string>> = {
  1: 'Security Association',
  2: 'Proposal',
  3: 'Transform',
  4: 'Key Exchange',
  5: 'Identification',
  6: 'Certificate',
  7: 'Certificate Request',
  8: 'Hash',
  9: 'Signature',
  10: 'Nonce',
  11: 'Notification',
  12: 'Delete',
  13: 'Vendor ID',
  20: 'NAT-D (RFC 3947)',
  21: 'NAT-OA (RFC 3947)',
};
const PAYLOADS_2: Readonly<Record<number, string>> = {
  33: 'Security Association',
  34: 'Key Exchange',
  35: 'Identification - Initiator',
  36: 'Identification - Responder',
  37: 'Certificate',
  38: 'Certificate Request',
  39: 'Authentication',
  40: 'Nonce',
  41: 'Notify',
  42: 'Delete',
  43: 'Vendor ID',
  44: 'Traffic Selector - Initiator',
  45: 'Traffic Selector - Responder',
  46: 'Encrypted and Authenticated',
  47: 'Configuration',
  48: 'Extensible Authentication',
  53: 'Encrypted and Authenticated Fragment',
};
const ENCRYPTED = { payload: 46, fragment: 53 } as const;
const FLAG = { encrypted: 1, initiator: 8, response: 0x20 } as const;
const MAX_PAYLOADS = 64;

export const isakmp = defineProtocol({
  name: 'isakmp',
  title: 'Internet Security Association and Key Management Protocol',
  on: { 'udp.port': [500] },
  header: AT.payloads,
  fields: {
    ispi: { type: 'bytes', label: 'Initiator SPI', at: AT.initiator, length: 8 },
    rspi: { type: 'bytes', label: 'Responder SPI', at: AT.responder, length: 8 },
    nextpayload: { type: 'u8', label: 'Next payload', at: AT.next, many: true },
    version: { type: 'u8', show: 'hex', label: 'Version', at: AT.version },
    exchangetype: { type: 'u8', label: 'Exchange type', at: AT.exchange },
    flags: { type: 'u8', show: 'hex', label: 'Flags', at: AT.flags },
    flag_i: { type: 'bool', of: 'u8', bits: [3, 3], label: 'Initiator' },
    flag_r: { type: 'bool', of: 'u8', bits: [5, 5], label: 'Response' },
    flag_e: { type: 'bool', of: 'u8', bits: [0, 0], label: 'Encryption' },
    messageid: { type: 'u32', show: 'hex', label: 'Message ID', at: AT.message },
    length: { type: 'u32', label: 'Length', at: AT.length },
    typepayload: { type: 'u8', label: 'Payload', many: true },
    criticalpayload: { type: 'bool', of: 'u8', bits: [7, 7], label: 'Critical Bit', many: true },
    payloadlength: { type: 'u16', label: 'Payload length', many: true },
    'key_exchange.dh_group': { type: 'u16', label: 'DH Group #' },
    'key_exchange.data': { type: 'bytes', label: 'Key Exchange Data' },
    nonce: { type: 'bytes', label: 'Nonce DATA' },
    vid_bytes: { type: 'bytes', label: 'Vendor ID', many: true },
    'notify.msgtype': { type: 'u16', label: 'Notify Message Type', many: true },
    'enc.data': { type: 'none', label: 'Encrypted Data' },
    hash: { type: 'bytes', label: 'Hash DATA', many: true },
  },
  recognise(bytes, at, end) {
    if (end - at < AT.payloads || u32(bytes, at + AT.length) !== end - at) return false;
    const version = bytes[at + AT.version];
    const exchange = bytes[at + AT.exchange];
    const isKnown =
      version === 0x20
        ? EXCHANGES_2[exchange] !== undefined
        : version === 0x10 && exchange > 0 && EXCHANGES_1[exchange] !== undefined;
    return isKnown && u32(bytes, at) !== 0;
  },
  recogniseOn: ['udp'],
  tree,
});

function tree(t: TreeBuilder): void {
  const version = t.u8(t.at + AT.version) >>> 4;
  const exchange = t.u8(t.at + AT.exchange);
  const flags = t.u8(t.at + AT.flags);
  const id = t.u32(t.at + AT.message);
  t.header();
  if (version === 2) {
    t.put('flag_i', (flags & FLAG.initiator) !== 0 ? 1 : 0, t.at + AT.flags, 1);
    t.put('flag_r', (flags & FLAG.response) !== 0 ? 1 : 0, t.at + AT.flags, 1);
    t.info(
      `${EXCHANGES_2[exchange] ?? `Unknown ${exchange}`} MID=${String(id).padStart(2, '0')} ${(flags & FLAG.initiator) !== 0 ? 'Initiator' : 'Responder'} ${(flags & FLAG.response) !== 0 ? 'Response' : 'Request'}`,
    );
  } else {
    t.put('flag_e', flags & FLAG.encrypted, t.at + AT.flags, 1);
    t.info(EXCHANGES_1[exchange] ?? `Unknown ${exchange}`);
  }
  const end = Math.min(t.end, t.at + Math.max(AT.payloads, t.u32(t.at + AT.length)));
  if (version === 1 && (flags & FLAG.encrypted) !== 0) {
    if (end > t.at + AT.payloads) t.add('enc.data', t.at + AT.payloads, end - t.at - AT.payloads);
    return;
  }
  payloads(t, version, t.u8(t.at + AT.next), t.at + AT.payloads, end);
}

function payloads(t: TreeBuilder, version: number, first: number, from: number, end: number): void {
  const names = version === 2 ? PAYLOADS_2 : PAYLOADS_1;
  let type = first;
  let at = from;
  for (let i = 0; i < MAX_PAYLOADS && type !== 0 && at + 4 <= end; i++) {
    const length = t.u16(at + 2);
    t.nest(
      t.put('typepayload', type, at, Math.min(length, end - at), `Payload: ${names[type] ?? 'Unknown'} (${type})`),
    );
    const next = t.u8(at);
    t.add('nextpayload', at);
    if (version === 2) t.put('criticalpayload', t.u8(at + 1) >>> 7, at + 1, 1);
    t.add('payloadlength', at + 2);
    const value = at + 4;
    const rest = length - 4;
    if (length < 4 || at + length > end) {
      t.close();
      t.fail();
    }
    if (version === 2) {
      if (type === 34 && rest >= 4) {
        t.add('key_exchange.dh_group', value);
        if (rest > 4) t.add('key_exchange.data', value + 4, rest - 4);
      } else if (type === 40 && rest > 0) t.add('nonce', value, rest);
      else if (type === 41 && rest >= 4) t.add('notify.msgtype', value + 2);
      else if (type === 43 && rest > 0) t.add('vid_bytes', value, rest);
      else if ((type === ENCRYPTED.payload || type === ENCRYPTED.fragment) && rest > 0) t.add('enc.data', value, rest);
    } else if (type === 4 && rest > 0) t.add('key_exchange.data', value, rest);
    else if (type === 10 && rest > 0) t.add('nonce', value, rest);
    else if (type === 8 && rest > 0) t.add('hash', value, rest);
    else if (type === 13 && rest > 0) t.add('vid_bytes', value, rest);
    t.close();
    if (type === ENCRYPTED.payload || type === ENCRYPTED.fragment) return;
    type = next;
    at += length;
  }
}

export const udpEncapsulation = defineProtocol({
  name: 'udpencap',
  title: 'UDP Encapsulation of IPsec Packets',
  short: 'UDPENCAP',
  on: { 'udp.port': [4500] },
  opens: ['esp', 'isakmp'],
  fields: {
    nat_keepalive: { type: 'none', label: 'NAT-keepalive packet' },
    non_esp_marker: { type: 'none', label: 'Non-ESP Marker' },
  },
  tree(t) {
    if (t.end - t.at === 1 && t.u8(t.at) === 0xff) {
      t.put('nat_keepalive', 0xff, t.at, 1);
      t.info('NAT-keepalive');
      return;
    }
    if (t.has(t.at, 4) && t.u32(t.at) === 0) {
      t.add('non_esp_marker', t.at, 4);
      t.headerEnd(t.at + 4);
      t.dissect('isakmp', t.at + 4);
    } else t.dissect('esp', t.at);
  },
});
