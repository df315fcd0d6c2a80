/** IEEE 802.2 logical link control, with SNAP (IEEE 802 9.5): service access points, control field, then what they name. */

import { u16, u24 } from '../../base/bytes.ts';
import { ethertypeNames } from '../names/ethertypes.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const AT = { dsap: 0, ssap: 1, control: 2, oui: 3, pid: 6, snapPayload: 8 } as const;
const SNAP = 0xaa;
const RESPONSE = 1;
const OUI = {
  ethernet: 0x000000,
  ciscoEthernet: 0x0000f8,
  cisco: 0x00000c,
  bridged: 0x0080c2,
  appletalk: 0x080007,
} as const;
/** Bridged Ethernet in SNAP (RFC 2684 5.2): with and without its checksum. */
const BRIDGED_ETHERNET: readonly number[] = [1, 7];
const BRIDGED_PAD = 2;
const LINK_ETHERNET = 1;
const TABLE = { dsap: 0, ethertype: 1, cisco: 2, link: 3, own: 4 } as const;

const SAPS: Readonly<Record<number, string>> = {
  0x00: 'NULL LSAP',
  0x02: 'LLC Sub-Layer Management',
  0x04: 'SNA Path Control',
  0x06: 'TCP/IP',
  0x08: 'SNA',
  0x0c: 'SNA',
  0x0e: 'PROWAY (IEC955) Network Management and Initialization',
  0x10: 'NetWare (unofficial?)',
  0x14: 'ISO Network Layer (OSLAN 1)',
  0x18: 'Texas Instruments',
  0x20: 'ISO Network Layer (unofficial?)',
  0x34: 'ISO Network Layer (unofficial?)',
  0x42: 'Spanning Tree BPDU',
  0x4e: 'EIA RS-511 Manufacturing Message Service',
  0x54: 'ISO Network Layer (OSLAN 2)',
  0x7e: 'ISO 8208 (X.25 over 802.2)',
  0x80: 'XNS',
  0x82: 'BACnet',
  0x86: 'Nestar',
  0x8e: 'PROWAY (IEC955) Active Station List Maintenance',
  0x98: 'ARP',
  0xaa: 'SNAP',
  0xb4: 'HP JetDirect Printer',
  0xba: 'Banyan Vines',
  0xbc: 'Banyan Vines',
  0xe0: 'NetWare',
  0xf0: 'NetBIOS',
  0xf4: 'IBM Net Management',
  0xf8: 'HP Extended LLC',
  0xfa: 'Ungermann-Bass',
  0xfc: 'Remote Program Load',
  0xfe: 'ISO Network Layer',
  0xff: 'Global LSAP',
};
const OUIS: Readonly<Record<number, string>> = {
  0x000000: 'Officially Xerox, but 0:0:0:0:0:0 is more common',
  0x00000c: 'Cisco Systems, Inc',
  0x0000f8: 'Digital Equipment Corporation',
  0x0080c2: 'Ieee 802 Committee',
  0x080007: 'Apple, Inc.',
  0x0001e3: 'Siemens AG',
  0x00000e: 'Fujitsu Limited',
  0x00e02b: 'Extreme Networks, Inc.',
  0x0000a2: 'Bay Networks',
  0x00805f: 'Hewlett Packard',
  0x00005e: 'ICANN, IANA Department',
};
const CISCO_PIDS: Readonly<Record<number, string>> = {
  0x0102: 'DRiP',
  0x0104: 'Port Aggregation Protocol',
  0x0105: 'MLS Hello',
  0x010b: 'PVSTP+',
  0x010c: 'VLAN Bridge',
  0x0111: 'Unidirectional Link Detection',
  0x2000: 'CDP',
  0x2001: 'CGMP',
  0x2003: 'VTP',
  0x2004: 'DTP',
  0x200a: 'STP Uplink Fast',
};
const SUPERVISORY: Readonly<Record<number, string>> = { 0: 'RR', 1: 'RNR', 2: 'REJ', 3: 'SREJ' };
const SUPERVISORY_NAMES: Readonly<Record<number, string>> = {
  0: 'Receiver ready',
  1: 'Receiver not ready',
  2: 'Reject',
  3: 'Selective reject',
};
/** Unnumbered frames by their modifier bits: command, response; then in words. */
const UNNUMBERED: ReadonlyMap<number, readonly [string, string]> = new Map([
  [0x00, ['UI', 'UI']],
  [0x08, ['UP', 'UP']],
  [0x10, ['DISC', 'RD']],
  [0x18, ['UA', 'UA']],
  [0x20, ['SNRM', 'SNRM']],
  [0x38, ['TEST', 'TEST']],
  [0x01, ['SIM', 'RIM']],
  [0x21, ['FRMR', 'FRMR']],
  [0x31, ['CFGR', 'CFGR']],
  [0x03, ['SARM', 'DM']],
  [0x0b, ['SABM', 'SABM']],
  [0x13, ['SARME', 'SARME']],
  [0x1b, ['SABME', 'SABME']],
  [0x23, ['RESET', 'RESET']],
  [0x2b, ['XID', 'XID']],
  [0x33, ['SNRME', 'SNRME']],
  [0x3b, ['BCN', 'BCN']],
]);
const COMMANDS: Readonly<Record<number, string>> = {
  0x00: 'Unnumbered Information',
  0x08: 'Unnumbered Poll',
  0x10: 'Disconnect',
  0x18: 'Unnumbered Acknowledge',
  0x20: 'Set Normal Response Mode',
  0x38: 'Test',
  0x01: 'Set Initialization Mode',
  0x21: 'Frame reject',
  0x31: 'Configure',
  0x03: 'Set Asynchronous Response Mode',
  0x0b: 'Set Asynchronous Balanced Mode',
  0x13: 'Set Asynchronous Response Mode Extended',
  0x1b: 'Set Asynchronous Balanced Mode Extended',
  0x23: 'Reset',
  0x2b: 'Exchange identification',
  0x33: 'Set Normal Response Mode Extended',
  0x3b: 'Beacon',
};
const RESPONSES: Readonly<Record<number, string>> = {
  ...COMMANDS,
  0x10: 'Request Disconnect',
  0x01: 'Request Initialization Mode',
  0x03: 'Disconnected mode',
};
const FRAME_TYPES: Readonly<Record<number, string>> = {
  0: 'Information frame',
  1: 'Supervisory frame',
  3: 'Unnumbered frame',
};
const MODIFIER = { ui: 0x00, test: 0x38 } as const;

export const llc = defineProtocol({
  name: 'llc',
  title: 'Logical-Link Control',
  on: { link: [11, 100], 'eth.length': [0], 'arcnet.protocol': [0xcd] },
  chooses: ['llc.dsap', 'ethertype', 'llc.cisco', 'link', 'llc.own'],
  header: AT.oui,
  fields: {
    dsap: { at: AT.dsap, type: 'u8', show: 'hex', label: 'DSAP', names: SAPS },
    'dsap.sap': { at: AT.dsap, type: 'u8', bits: [7, 1], label: 'SAP', names: (sap) => SAPS[sap << 1] },
    'dsap.ig': { at: AT.dsap, type: 'bool', of: 'u8', bits: [0, 0], label: 'IG Bit', flag: ['Group', 'Individual'] },
    ssap: { at: AT.ssap, type: 'u8', show: 'hex', label: 'SSAP', names: SAPS },
    'ssap.sap': { at: AT.ssap, type: 'u8', bits: [7, 1], label: 'SAP', names: (sap) => SAPS[sap << 1] },
    'ssap.cr': { at: AT.ssap, type: 'bool', of: 'u8', bits: [0, 0], label: 'CR Bit', flag: ['Response', 'Command'] },
    control: { type: 'u16', show: 'hex', label: 'Control' },
    'control.n_r': { type: 'u16', label: 'N(R)' },
    'control.n_s': { type: 'u16', label: 'N(S)' },
    'control.p': { type: 'bool', label: 'Poll' },
    'control.f': { type: 'bool', label: 'Final' },
    'control.s_ftype': { type: 'u16', show: 'hex', label: 'Supervisory frame type', names: SUPERVISORY_NAMES },
    'control.u_modifier_cmd': { type: 'u8', show: 'hex', label: 'Command', names: COMMANDS },
    'control.u_modifier_resp': { type: 'u8', show: 'hex', label: 'Response', names: RESPONSES },
    'control.ftype': { type: 'u8', show: 'hex', label: 'Frame type', names: FRAME_TYPES },
    oui: { type: 'u24', label: 'Organization Code', names: OUIS },
    type: { type: 'u16', show: 'hex', label: 'Type', names: ethertypeNames },
    pid: { type: 'u16', show: 'hex', label: 'Protocol ID' },
    apple_atalk_pid: { type: 'u16', show: 'hex', label: 'PID', names: ethertypeNames },
    cisco_pid: { type: 'u16', show: 'hex', label: 'PID', names: CISCO_PIDS },
  },
  scan(p) {
    const b = p.bytes;
    const control = b[p.at + AT.control];
    const isUnnumbered = (control & 3) === 3;
    const dsap = b[p.at + AT.dsap];
    if (isUnnumbered && dsap === SNAP && b[p.at + AT.ssap] === SNAP) {
      if (!p.has(AT.snapPayload)) return;
      const oui = u24(b, p.at + AT.oui);
      const pid = u16(b, p.at + AT.pid);
      const isBridged = oui === OUI.bridged && (pid === BRIDGED_ETHERNET[0] || pid === BRIDGED_ETHERNET[1]);
      p.enter(isBridged ? AT.snapPayload + BRIDGED_PAD : AT.snapPayload);
      if (oui === OUI.ethernet || oui === OUI.ciscoEthernet || oui === OUI.appletalk) p.nextBare(TABLE.ethertype, pid);
      else if (oui === OUI.cisco) p.nextIn(TABLE.cisco, pid);
      else if (isBridged) p.nextIn(TABLE.link, LINK_ETHERNET);
      else p.nextIn(TABLE.own, oui * 0x10000 + pid);
      return;
    }
    if (isUnnumbered) {
      const modifier = (control & 0xec) >>> 2;
      p.enter(AT.control + 1);
      if (modifier === MODIFIER.ui) p.nextIn(TABLE.dsap, dsap);
      else if (modifier === MODIFIER.test) p.rest();
      return;
    }
    if (!p.has(AT.control + 2)) return;
    p.enter(AT.control + 2);
    if ((control & 1) === 0) p.nextIn(TABLE.dsap, dsap);
  },
  tree(t) {
    const { at } = t;
    const control = t.u8(at + AT.control);
    const isUnnumbered = (control & 3) === 3;
    const dsap = t.u8(at + AT.dsap);
    const ssap = t.u8(at + AT.ssap);
    const isSnap = isUnnumbered && dsap === SNAP && ssap === SNAP;
    t.header();
    const summary = isUnnumbered ? unnumbered(t, control, ssap) : numbered(t, control, ssap);
    if (isSnap) {
      t.info(summary);
      snap(t, summary);
      return;
    }
    t.info(
      `${summary}; DSAP ${nameOf(dsap & 0xfe)} ${(dsap & 1) === 1 ? 'Group' : 'Individual'}, SSAP ${nameOf(ssap & 0xfe)} ${(ssap & RESPONSE) === 1 ? 'Response' : 'Command'}`,
    );
    const end = at + AT.control + (isUnnumbered ? 1 : 2);
    t.headerEnd(end);
    const carries = isUnnumbered
      ? (control & 0xec) >>> 2 === MODIFIER.ui || (control & 0xec) >>> 2 === MODIFIER.test
      : (control & 1) === 0;
    if (carries) t.upper(end);
  },
});

function nameOf(sap: number): string {
  return SAPS[sap] ?? `0x${sap.toString(16).padStart(2, '0')}`;
}

function unnumbered(t: TreeBuilder, control: number, ssap: number): string {
  const at = t.at + AT.control;
  const isResponse = (ssap & RESPONSE) === 1;
  const modifier = (control & 0xec) >>> 2;
  const poll = (control & 0x10) !== 0;
  const name = UNNUMBERED.get(modifier)?.[isResponse ? 1 : 0] ?? 'Unknown';
  const text = `U${poll ? (isResponse ? ' F' : ' P') : ''}, func=${name}`;
  t.nest(
    t.put(
      'control',
      control,
      at,
      1,
      `Control field: ${text} (0x${control.toString(16).padStart(2, '0').toUpperCase()})`,
    ),
  );
  if (poll) t.put(isResponse ? 'control.f' : 'control.p', 1, at, 1);
  t.put(isResponse ? 'control.u_modifier_resp' : 'control.u_modifier_cmd', modifier, at, 1);
  t.put('control.ftype', 3, at, 1);
  t.close();
  return text;
}

function numbered(t: TreeBuilder, first: number, ssap: number): string {
  const at = t.at + AT.control;
  const control = t.u16le(at);
  const poll = (control & 0x0100) !== 0;
  const isResponse = (ssap & RESPONSE) === 1;
  const isInformation = (first & 1) === 0;
  const flag = poll ? (isResponse ? ' F' : ' P') : '';
  const received = control >>> 9;
  const text = isInformation
    ? `I${flag}, N(R)=${received}, N(S)=${(control >>> 1) & 127}`
    : `S${flag}, func=${SUPERVISORY[(control >>> 2) & 3]}, N(R)=${received}`;
  t.nest(
    t.put(
      'control',
      control,
      at,
      2,
      `Control field: ${text} (0x${control.toString(16).padStart(4, '0').toUpperCase()})`,
    ),
  );
  t.put('control.n_r', received, at, 2);
  if (isInformation) t.put('control.n_s', (control >>> 1) & 127, at, 2);
  if (poll) t.put(isResponse ? 'control.f' : 'control.p', 1, at, 2);
  if (!isInformation) t.put('control.s_ftype', (control >>> 2) & 3, at, 2);
  t.put('control.ftype', isInformation ? 0 : 1, at, 2);
  t.close();
  return text;
}

function snap(t: TreeBuilder, summary: string): void {
  const { at } = t;
  const oui = t.u24(at + AT.oui);
  const pid = t.u16(at + AT.pid);
  const hex = (value: number, digits: number): string => `0x${value.toString(16).toUpperCase().padStart(digits, '0')}`;
  t.info(`${summary}; SNAP, OUI ${hex(oui, 6)} (${OUIS[oui] ?? 'Unknown'}), PID ${hex(pid, 4)}`);
  t.add('oui', at + AT.oui);
  t.add(pidField(oui), at + AT.pid);
  const end = at + AT.snapPayload + (oui === OUI.bridged && BRIDGED_ETHERNET.includes(pid) ? BRIDGED_PAD : 0);
  t.headerEnd(end);
  t.upper(end);
}

function pidField(oui: number): string {
  if (oui === OUI.ethernet || oui === OUI.ciscoEthernet) return 'type';
  if (oui === OUI.appletalk) return 'apple_atalk_pid';
  return oui === OUI.cisco ? 'cisco_pid' : 'pid';
}
