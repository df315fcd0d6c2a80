/**
 * What an access point offers for security and quality: the RSN element (IEEE 802.11 9.4.2.24), and Microsoft's elements for
 * WPA and WMM, which came before it.
 */

import { toHex } from '../../../base/hex.ts';
import type { FieldSpec } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const CIPHERS: Readonly<Record<number, string>> = {
  0: 'NONE',
  1: 'WEP (40-bit)',
  2: 'TKIP',
  3: 'AES (OCB)',
  4: 'AES (CCM)',
  5: 'WEP (104-bit)',
  6: 'BIP (128)',
  7: 'Group addressed traffic not allowed',
  8: 'GCMP (128)',
  9: 'GCMP (256)',
  10: 'CCMP (256)',
};
const KEY_MANAGEMENT: Readonly<Record<number, string>> = {
  0: 'NONE',
  1: 'WPA',
  2: 'PSK',
  3: 'FT over IEEE 802.1X',
  4: 'FT using PSK',
  5: 'WPA (SHA256)',
  6: 'PSK (SHA256)',
  7: 'TDLS',
  8: 'SAE (SHA256)',
  9: 'FT using SAE (SHA256)',
  18: 'OWE',
};
const WFA_TYPES: Readonly<Record<number, string>> = { 1: 'WPA Information Element', 2: 'WMM/WME', 4: 'WPS' };
const WME_SUBTYPES: Readonly<Record<number, string>> = {
  0: 'Information Element',
  1: 'Parameter Element',
  2: 'TSPEC Element',
};
const ACCESS: Readonly<Record<number, string>> = { 0: 'Best Effort', 1: 'Background', 2: 'Video', 3: 'Voice' };

/** The fields of a suite selector: three bytes of a vendor, one of a type (IEEE 802.11 9.4.2.24.2). */
function suite(key: string, label: string, names: Readonly<Record<number, string>>, type = `${key}.type`) {
  const many = true;
  return {
    [key]: { type: 'u32', show: 'hex', label, many },
    [`${key}.oui`]: { type: 'u24', show: 'hex', label: `${label} OUI`, many },
    [type]: { type: 'u8', label: `${label} type`, names, many },
  } satisfies Record<string, FieldSpec>;
}

function capability(bit: number, label: string): FieldSpec {
  return { type: 'bool', of: 'u16', little: true, bits: [bit, bit], label, many: true };
}

function station(bit: number, label: string): FieldSpec {
  return { type: 'bool', of: 'u8', bits: [bit, bit], label, flag: ['U-APSD', 'Legacy'], many: true };
}

const list = (label: string): FieldSpec => ({ type: 'none', label, many: true });
const count = (label: string): FieldSpec => ({ type: 'u16', little: true, label, many: true });

export const cipherFields: Record<string, FieldSpec> = {
  'rsn.version': { type: 'u16', little: true, label: 'RSN Version', many: true },
  ...suite('rsn.gcs', 'Group Cipher Suite', CIPHERS),
  'rsn.pcs.count': count('Pairwise Cipher Suite Count'),
  'rsn.pcs.list': list('Pairwise Cipher Suite List'),
  ...suite('rsn.pcs', 'Pairwise Cipher Suite', CIPHERS),
  'rsn.akms.count': count('Auth Key Management (AKM) Suite Count'),
  'rsn.akms.list': list('Auth Key Management (AKM) List'),
  ...suite('rsn.akms', 'Auth Key Management (AKM) Suite', KEY_MANAGEMENT),
  'rsn.capabilities': { type: 'u16', little: true, show: 'hex', label: 'RSN Capabilities', many: true },
  'rsn.capabilities.preauth': capability(0, 'RSN Pre-Auth capabilities'),
  'rsn.capabilities.no_pairwise': capability(1, 'RSN No Pairwise capabilities'),
  'rsn.capabilities.ptksa_replay_counter': {
    type: 'u16',
    little: true,
    bits: [3, 2],
    show: 'hex',
    label: 'RSN PTKSA Replay Counter capabilities',
    many: true,
  },
  'rsn.capabilities.gtksa_replay_counter': {
    type: 'u16',
    little: true,
    bits: [5, 4],
    show: 'hex',
    label: 'RSN GTKSA Replay Counter capabilities',
    many: true,
  },
  'rsn.capabilities.mfpr': capability(6, 'Management Frame Protection Required'),
  'rsn.capabilities.mfpc': capability(7, 'Management Frame Protection Capable'),
  'rsn.capabilities.jmr': capability(8, 'Joint Multi-band RSNA'),
  'rsn.capabilities.peerkey': capability(9, 'PeerKey Enabled'),
  'rsn.capabilities.extended_key_id_iaf': capability(13, 'Extended Key ID for Individually Addressed Frames'),
  'rsn.pmkid.count': count('PMKID Count'),
  'rsn.pmkid.list': list('PMKID List'),
  ...suite('rsn.gmcs', 'Group Management Cipher Suite', CIPHERS),
  'wfa.ie.type': { type: 'u8', show: 'hex', label: 'Type', names: WFA_TYPES, many: true },
  'wfa.ie.wpa.version': count('WPA Version'),
  ...suite('wfa.ie.wpa.mcs', 'Multicast Cipher Suite', CIPHERS),
  'wfa.ie.wpa.ucs.count': count('Unicast Cipher Suite Count'),
  'wfa.ie.wpa.ucs.list': list('Unicast Cipher Suite List'),
  ...suite('wfa.ie.wpa.ucs', 'Unicast Cipher Suite', CIPHERS),
  'wfa.ie.wpa.akms.count': count('Auth Key Management (AKM) Suite Count'),
  'wfa.ie.wpa.akms.list': list('Auth Key Management (AKM) List'),
  ...suite('wfa.ie.wpa.akms', 'Auth Key Management (AKM) Suite', KEY_MANAGEMENT, 'wfa.ie.wpa.type'),
  'wfa.ie.wme.subtype': { type: 'u8', label: 'WME Subtype', names: WME_SUBTYPES, many: true },
  'wfa.ie.wme.version': { type: 'u8', label: 'WME Version', many: true },
  'wfa.ie.wme.qos_info': { type: 'u8', show: 'hex', label: 'WME QoS Info', many: true },
  'wfa.ie.wme.qos_info.ap.u_apsd': {
    type: 'bool',
    of: 'u8',
    bits: [7, 7],
    label: 'U-APSD',
    flag: ['Enabled', 'Disabled'],
    many: true,
  },
  'wfa.ie.wme.qos_info.ap.parameter_set_count': {
    type: 'u8',
    bits: [3, 0],
    show: 'hex',
    label: 'Parameter Set Count',
    many: true,
  },
  'wfa.ie.wme.qos_info.ap.reserved': { type: 'u8', bits: [6, 4], show: 'hex', label: 'Reserved', many: true },
  'wfa.ie.wme.qos_info.sta.max_sp_length': {
    type: 'u8',
    bits: [6, 5],
    show: 'hex',
    label: 'Max SP Length',
    names: { 0: 'All buffered frames', 1: 'Two frames', 2: 'Four frames', 3: 'Six frames' },
    many: true,
  },
  'wfa.ie.wme.qos_info.sta.ac_be': station(3, 'AC_BE'),
  'wfa.ie.wme.qos_info.sta.ac_bk': station(2, 'AC_BK'),
  'wfa.ie.wme.qos_info.sta.ac_vi': station(1, 'AC_VI'),
  'wfa.ie.wme.qos_info.sta.ac_vo': station(0, 'AC_VO'),
  'wfa.ie.wme.qos_info.sta.reserved': { type: 'u8', show: 'hex', label: 'Reserved', many: true },
  'wfa.ie.wme.reserved': { type: 'bytes', label: 'Reserved', many: true },
  'wfa.ie.wme.acp': list('Ac Parameters'),
  'wfa.ie.wme.acp.aci_aifsn': { type: 'u8', show: 'hex', label: 'ACI / AIFSN Field', many: true },
  'wfa.ie.wme.acp.aifsn': { type: 'u8', bits: [3, 0], label: 'AIFSN', many: true },
  'wfa.ie.wme.acp.acm': {
    type: 'bool',
    of: 'u8',
    bits: [4, 4],
    label: 'Admission Control Mandatory',
    flag: ['Yes', 'No'],
    many: true,
  },
  'wfa.ie.wme.acp.aci': { type: 'u8', bits: [6, 5], label: 'ACI', names: ACCESS, many: true },
  'wfa.ie.wme.acp.reserved': { type: 'u8', bits: [7, 7], label: 'Reserved', many: true },
  'wfa.ie.wme.acp.ecw': { type: 'u8', show: 'hex', label: 'ECW', many: true },
  'wfa.ie.wme.acp.ecw.max': { type: 'u8', bits: [7, 4], label: 'ECW Max', many: true },
  'wfa.ie.wme.acp.ecw.min': { type: 'u8', bits: [3, 0], label: 'ECW Min', many: true },
  'wfa.ie.wme.acp.cw.max': { type: 'u16', label: 'CW Max', many: true },
  'wfa.ie.wme.acp.cw.min': { type: 'u16', label: 'CW Min', many: true },
  'wfa.ie.wme.acp.txop_limit': { type: 'u16', little: true, label: 'TXOP Limit', many: true },
};

const CAPABILITIES = Object.keys(cipherFields).filter((key) => key.startsWith('rsn.capabilities.'));
const ACCESS_POINT = ['ap.u_apsd', 'ap.parameter_set_count', 'ap.reserved'];
const STATION = ['sta.max_sp_length', 'sta.ac_be', 'sta.ac_bk', 'sta.ac_vi', 'sta.ac_vo'];
const STATION_RESERVED = 0x90;
const SUITE = 4;
const PMKID = 16;

/** Adds a suite selector; returns its name. */
function addSuite(
  t: TreeBuilder,
  key: string,
  at: number,
  names: Readonly<Record<number, string>>,
  type: string,
): string {
  const name = `${toHex(t.slice(at, 3), ':')} ${names[t.u8(at + 3)] ?? 'Unknown'}`;
  t.nest(t.put(key, t.u32(at), at, SUITE));
  t.add(`${key}.oui`, at);
  t.add(type, at + 3);
  t.close();
  return name;
}

/** A count of suites and so many of them, as far as the element reaches. Returns where they end. */
function addSuites(
  t: TreeBuilder,
  key: string,
  at: number,
  end: number,
  names: Readonly<Record<number, string>>,
  type = `${key}.type`,
): number {
  if (at + 2 > end) return end;
  t.add(`${key}.count`, at);
  const stop = Math.min(end, at + 2 + SUITE * t.u16le(at));
  const node = t.nest(t.put(`${key}.list`, t.slice(at + 2, stop - at - 2), at + 2, stop - at - 2));
  const found: string[] = [];
  let next = at + 2;
  for (; next + SUITE <= stop; next += SUITE) found.push(addSuite(t, key, next, names, type));
  node.text = `${key.endsWith('akms') ? 'Auth Key Management (AKM)' : 'Cipher Suite'} List: ${found.join(', ')}`;
  t.close();
  return next;
}

/** The RSN element; each part may be left out from the end on. */
export function addRsn(t: TreeBuilder, at: number, end: number): void {
  if (at + 2 > end) return;
  t.add('rsn.version', at);
  if (at + 6 > end) return;
  addSuite(t, 'rsn.gcs', at + 2, CIPHERS, 'rsn.gcs.type');
  const keys = addSuites(t, 'rsn.pcs', at + 6, end, CIPHERS);
  const next = addSuites(t, 'rsn.akms', keys, end, KEY_MANAGEMENT);
  if (next + 2 > end) return;
  t.add('rsn.capabilities', next);
  t.nest(t.last());
  for (const key of CAPABILITIES) t.add(key, next);
  t.close();
  if (next + 4 > end) return;
  t.add('rsn.pmkid.count', next + 2);
  const stop = Math.min(end, next + 4 + PMKID * t.u16le(next + 2));
  t.add('rsn.pmkid.list', next + 4, stop - next - 4);
  if (stop + SUITE <= end) addSuite(t, 'rsn.gmcs', stop, CIPHERS, 'rsn.gmcs.type');
}

/** What follows Microsoft's number in its element. Returns what the element is. */
export function addMicrosoft(t: TreeBuilder, at: number, end: number, fromAccessPoint: boolean): string {
  const type = t.u8(at);
  t.add('wfa.ie.type', at);
  if (type === 1 && at + 7 <= end) {
    t.add('wfa.ie.wpa.version', at + 1);
    addSuite(t, 'wfa.ie.wpa.mcs', at + 3, CIPHERS, 'wfa.ie.wpa.mcs.type');
    const keys = addSuites(t, 'wfa.ie.wpa.ucs', at + 7, end, CIPHERS);
    addSuites(t, 'wfa.ie.wpa.akms', keys, end, KEY_MANAGEMENT, 'wfa.ie.wpa.type');
  } else if (type === 2 && at + 4 <= end) {
    const subtype = t.u8(at + 1);
    t.add('wfa.ie.wme.subtype', at + 1);
    t.add('wfa.ie.wme.version', at + 2);
    if (subtype <= 1) {
      t.add('wfa.ie.wme.qos_info', at + 3);
      t.nest(t.last());
      for (const key of fromAccessPoint ? ACCESS_POINT : STATION) t.add(`wfa.ie.wme.qos_info.${key}`, at + 3);
      if (!fromAccessPoint)
        t.put('wfa.ie.wme.qos_info.sta.reserved', (t.u8(at + 3) & STATION_RESERVED) >>> 4, at + 3, 1);
      t.close();
    }
    if (subtype === 1 && at + 5 <= end) {
      t.add('wfa.ie.wme.reserved', at + 4, 1);
      for (let next = at + 5; next + 4 <= end; next += 4) accessParameters(t, next);
    }
    return `WMM/WME: ${WME_SUBTYPES[subtype] ?? 'Unknown'}`;
  }
  return WFA_TYPES[type] ?? 'Unknown';
}

/** Contention windows travel as exponents (IEEE 802.11 9.4.2.28). */
function accessParameters(t: TreeBuilder, at: number): void {
  const windows = t.u8(at + 1);
  const low = 2 ** (windows & 15) - 1;
  const high = 2 ** (windows >>> 4) - 1;
  const node = t.nest(t.put('wfa.ie.wme.acp', t.slice(at, 4), at, 4));
  node.text = `Ac Parameters: ${ACCESS[(t.u8(at) >>> 5) & 3] ?? ''}, CWmin/max ${low}/${high}, TXOP ${t.u16le(at + 2)}`;
  t.add('wfa.ie.wme.acp.aci_aifsn', at);
  t.nest(t.last());
  for (const key of ['aifsn', 'acm', 'aci', 'reserved']) t.add(`wfa.ie.wme.acp.${key}`, at);
  t.close();
  t.add('wfa.ie.wme.acp.ecw', at + 1);
  t.nest(t.last());
  t.add('wfa.ie.wme.acp.ecw.max', at + 1);
  t.add('wfa.ie.wme.acp.ecw.min', at + 1);
  t.put('wfa.ie.wme.acp.cw.max', high, at + 1, 1);
  t.put('wfa.ie.wme.acp.cw.min', low, at + 1, 1);
  t.close();
  t.add('wfa.ie.wme.acp.txop_limit', at + 2);
}
