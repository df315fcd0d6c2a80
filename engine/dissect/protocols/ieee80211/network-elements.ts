/** Elements that say what a station or its network can do, and where it stands (IEEE 802.11 9.4.2). */

import type { FieldSpec } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

/** Bits of the Extended Capabilities element, from the first byte's lowest on (table 9-153). */
const EXTENDED: readonly string[] = [
  '20/40 BSS Coexistence Management Support',
  'Reserved (was On-demand beacon)',
  'Extended Channel Switching',
  'Reserved (was WAVE indication)',
  'PSMP Capability',
  'Reserved',
  'S-PSMP Support',
  'Event',
  'Diagnostics',
  'Multicast Diagnostics',
  'Location Tracking',
  'FMS',
  'Proxy ARP Service',
  'Collocated Interference Reporting',
  'Civic Location',
  'Geospatial Location',
  'TFS',
  'WNM Sleep Mode',
  'TIM Broadcast',
  'BSS Transition',
  'QoS Traffic Capability',
  'AC Station Count',
  'Multiple BSSID',
  'Timing Measurement',
  'Channel Usage',
  'SSID List',
  'DMS',
  'UTC TSF Offset',
  'TPU Buffer STA Support',
  'TDLS Peer PSM Support',
  'TDLS channel switching',
  'Interworking',
];
const NETWORKS: Readonly<Record<number, string>> = {
  0: 'Private network',
  1: 'Private network with guest access',
  2: 'Chargeable public network',
  3: 'Free public network',
  4: 'Personal device network',
  5: 'Emergency services only network',
  14: 'Test or experimental',
  15: 'Wildcard',
};
const ENVIRONMENTS: Readonly<Record<number, string>> = { 0x20: 'All', 0x4f: 'Outdoor', 0x49: 'Indoor' };
const CHANNELS = 3;

const extended: Record<string, FieldSpec> = {};
for (const [index, label] of EXTENDED.entries()) {
  const bits = [index % 8, index % 8] as const;
  extended[`extcap.b${index}`] = label.startsWith('Reserved')
    ? { type: 'u8', bits, show: 'hex', label, many: true }
    : { type: 'bool', of: 'u8', bits, label, flag: ['Supported', 'Not supported'], many: true };
}

function bit(place: number, label: string): FieldSpec {
  return { type: 'bool', of: 'u8', bits: [place, place], label };
}

export const networkFields: Record<string, FieldSpec> = {
  'tim.bmapctl.multicast': bit(0, 'Multicast'),
  'tim.bmapctl.offset': { type: 'u8', bits: [7, 1], show: 'hex', label: 'Bitmap Offset' },
  'country_info.environment': { type: 'u8', label: 'Environment', names: ENVIRONMENTS },
  'country_info.fnm': { type: 'none', label: 'Country Info', many: true },
  'country_info.fnm.fcn': { type: 'u8', label: 'First Channel Number', many: true },
  'country_info.fnm.nc': { type: 'u8', label: 'Number of Channels', many: true },
  'country_info.fnm.mtpl': { type: 'i8', label: 'Maximum Transmit Power Level', many: true },
  'erp_info.erp_present': bit(0, 'Non ERP Present'),
  'erp_info.use_protection': bit(1, 'Use Protection'),
  'erp_info.barker_preamble_mode': bit(2, 'Barker Preamble Mode'),
  'erp_info.reserved': { type: 'u8', bits: [7, 3], show: 'hex', label: 'Reserved' },
  extcap: { type: 'u8', show: 'hex', label: 'Extended Capabilities', many: true },
  ...extended,
  'interworking.access_network_type': { type: 'u8', bits: [3, 0], label: 'Access Network Type', names: NETWORKS },
  'interworking.internet': { type: 'u8', bits: [4, 4], label: 'Internet' },
  'interworking.asra': { type: 'u8', bits: [5, 5], label: 'ASRA' },
  'interworking.esr': { type: 'u8', bits: [6, 6], label: 'ESR' },
  'interworking.uesa': { type: 'u8', bits: [7, 7], label: 'UESA' },
  'interworking.hessid': { type: 'ether', label: 'HESSID' },
  'powercap.min': { type: 'i8', label: 'Minimum Transmit Power' },
  'powercap.max': { type: 'i8', label: 'Maximum Transmit Power' },
  supchan: { type: 'none', label: 'Supported Channels Set', many: true },
  'supchan.first': { type: 'u8', label: 'First Supported Channel', many: true },
  'supchan.range': { type: 'u8', label: 'Supported Channel Range', many: true },
};

/** Partial map of the stations that have frames waiting (9.4.2.5). */
export function addTrafficMap(t: TreeBuilder, at: number, length: number): string {
  if (length < 4) return '';
  t.add('tim.dtim_count', at);
  t.add('tim.dtim_period', at + 1);
  t.add('tim.bmapctl', at + 2);
  t.nest(t.last());
  t.add('tim.bmapctl.multicast', at + 2);
  t.add('tim.bmapctl.offset', at + 2);
  t.close();
  t.add('tim.partial_virtual_bitmap', at + 3, length - 3);
  return `DTIM ${t.u8(at)} of ${t.u8(at + 1)} bitmap`;
}

export function addCountry(t: TreeBuilder, at: number, length: number): string {
  if (length < 3) return '';
  t.add('country_info.code', at, 2);
  t.add('country_info.environment', at + 2);
  for (let next = at + 3; next + CHANNELS <= at + length; next += CHANNELS) {
    const node = t.nest(t.put('country_info.fnm', t.slice(next, CHANNELS), next, CHANNELS));
    node.text = `Country Info: channels from ${t.u8(next)}: ${t.u8(next + 1)}, at most ${Number(t.value('country_info.fnm.mtpl', next + 2))} dBm`;
    t.add('country_info.fnm.fcn', next);
    t.add('country_info.fnm.nc', next + 1);
    t.add('country_info.fnm.mtpl', next + 2);
    t.close();
  }
  return `Country Code ${t.string(at, 2)}`;
}

export function addErp(t: TreeBuilder, at: number, length: number): void {
  if (length < 1) return;
  t.add('erp_info', at);
  t.nest(t.last());
  for (const key of ['erp_present', 'use_protection', 'barker_preamble_mode', 'reserved']) t.add(`erp_info.${key}`, at);
  t.close();
}

export function addExtendedCapabilities(t: TreeBuilder, at: number, length: number): void {
  for (let i = 0; i < length; i++) {
    t.add('extcap', at + i);
    t.nest(t.last());
    for (let index = i * 8; index < Math.min(i * 8 + 8, EXTENDED.length); index++) t.add(`extcap.b${index}`, at + i);
    t.close();
  }
}

/** Venue information of two bytes and the network's identifier may follow the options (9.4.2.92). */
export function addInterworking(t: TreeBuilder, at: number, length: number): void {
  if (length < 1) return;
  for (const key of ['access_network_type', 'internet', 'asra', 'esr', 'uesa']) t.add(`interworking.${key}`, at);
  if (length === 7 || length === 9) t.add('interworking.hessid', at + length - 6);
}

export function addPower(t: TreeBuilder, at: number, length: number): void {
  if (length < 2) return;
  t.add('powercap.min', at);
  t.add('powercap.max', at + 1);
}

export function addChannels(t: TreeBuilder, at: number, length: number): void {
  for (let next = at; next + 2 <= at + length; next += 2) {
    t.nest(t.put('supchan', t.slice(next, 2), next, 2, `Channels from ${t.u8(next)}: ${t.u8(next + 1)}`));
    t.add('supchan.first', next);
    t.add('supchan.range', next + 1);
    t.close();
  }
}
