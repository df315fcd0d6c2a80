/** HomePlug 1.0 and HomePlug AV: adapters that use the power lines of a house as a network, and how they are managed. */

import { defineProtocol } from '../../protocol.ts';

const ENTRY_TYPES: Readonly<Record<number, string>> = {
  0x00: 'Request Channel Estimation',
  0x01: 'Channel Estimation Response',
  0x02: 'Vendor Specific',
  0x03: 'Replace Bridge Address',
  0x04: 'Set Network Encryption Key',
  0x05: 'Multicast With Response',
  0x06: 'Confirm Network Encryption Key',
  0x07: 'Request Parameters and Statistics',
  0x08: 'Parameters and Statistics Response',
  0x19: 'Set Local Parameters',
  0x1a: 'Network Statistics',
  0x1c: 'Performance Statistics',
  0x1d: 'Set Local Overrides',
  0x1e: 'Bridging Characteristics',
  0x1f: 'Set Transmit Characteristics',
};

export const homeplug = defineProtocol({
  name: 'homeplug',
  title: 'HomePlug protocol',
  short: 'HomePlug',
  on: { ethertype: [0x887b] },
  header: 1,
  fields: {
    'mctrl.rsvd': { at: 0, type: 'u8', bits: [7, 7], label: 'Reserved' },
    'mctrl.ne': { at: 0, type: 'u8', bits: [6, 0], label: 'Number of MAC Data Entries' },
    'mehdr.mev': { type: 'u8', bits: [7, 5], label: 'MAC Entry Version', many: true },
    'mehdr.metype': { type: 'u8', bits: [4, 0], show: 'hex', label: 'MAC Entry Type', names: ENTRY_TYPES, many: true },
    melen: { type: 'u8', label: 'MAC Management Entry Length', many: true },
  },
  tree(t) {
    const count = t.u8(t.at) & 127;
    t.info('');
    const names: string[] = [];
    let at = t.header();
    for (let i = 0; i < count && at < t.end; i++) {
      const type = t.u8(at) & 31;
      const name = ENTRY_TYPES[type] ?? 'Unknown';
      const length = t.u8(at + 1);
      t.nest(t.text(name, at, 2 + length));
      t.add('mehdr.mev', at);
      t.add('mehdr.metype', at);
      t.add('melen', at + 1);
      t.need(at + 2, length);
      t.close();
      names.push(name);
      t.info(names.join(', '));
      at += 2 + length;
    }
  },
});

const AT = { version: 0, type: 1, fragment: 3, organisation: 3 } as const;
const KINDS = ['REQ', 'CNF', 'IND', 'RSP'] as const;
const VENDOR_FIRST = 0xa000;
const QUALCOMM = 0x00b052;
/** Messages of the standard by their number without the kind. */
const MESSAGES: Readonly<Record<number, readonly [string, string]>> = {
  0x0014: ['CC_DISCOVER_LIST', 'Central Coordination Discovery List'],
  0x6004: ['CM_ENCRYPTED_PAYLOAD', 'Encrypted Payload'],
  0x6008: ['CM_SET_KEY', 'Set Key'],
  0x600c: ['CM_GET_KEY', 'Get Key'],
  0x6020: ['CM_BRG_INFO', 'Get Bridge Informations'],
  0x6038: ['CM_NW_INFO', 'Get Network Informations'],
  0x6048: ['CM_NW_STATS', 'Get Network Statistics'],
};
/** Qualcomm Atheros and Intellon adapters' own. */
const VENDOR_MESSAGES: Readonly<Record<number, readonly [string, string]>> = {
  0xa000: ['GET_SW', 'Get Device/SW Version'],
  0xa004: ['WR_MEM', 'Write MAC Memory'],
  0xa008: ['RD_MEM', 'Read MAC Memory'],
  0xa00c: ['ST_MAC', 'Start MAC'],
  0xa010: ['GET_NVM', 'Get NVM Parameters'],
  0xa01c: ['RS_DEV', 'Reset Device'],
  0xa020: ['WR_MOD', 'Write Module Data'],
  0xa024: ['RD_MOD', 'Read Module Data'],
  0xa028: ['NVM_MOD', 'Write Module Data to NVM'],
  0xa030: ['LNK_STATS', 'Link Statistics'],
  0xa034: ['SNIFFER', 'Sniffer'],
  0xa038: ['NW_INFO', 'Network Info'],
  0xa048: ['FR_LBK', 'Loopback'],
  0xa04c: ['LBK_STAT', 'Loopback Status'],
  0xa050: ['SET_KEY', 'Set Encryption Key'],
  0xa054: ['MFG_STRING', 'Get Manufacturer String'],
  0xa068: ['OP_ATTR', 'Get Device Attributes'],
  0xa06c: ['GET_ENET_PHY', 'Get Ethernet PHY Settings'],
};
const KIND_WORDS = ['Request', 'Confirmation', 'Indicate', 'Response'] as const;

function messageName(type: number): string | undefined {
  const known = (type >= VENDOR_FIRST ? VENDOR_MESSAGES : MESSAGES)[type & ~3];
  const kind = type & 3;
  return known === undefined ? undefined : `${known[0]}.${KINDS[kind]} (${known[1]} ${KIND_WORDS[kind]})`;
}

export const homeplugAv = defineProtocol({
  name: 'homeplug-av',
  title: 'HomePlug AV protocol',
  short: 'HomePlug AV',
  on: { ethertype: [0x88e1] },
  header: AT.fragment,
  fields: {
    'mmhdr.mmver': { at: AT.version, type: 'u8', label: 'Version', abbrev: 'homeplug_av.mmhdr.mmver' },
    'mmhdr.mmtype': {
      type: 'u16',
      little: true,
      show: 'hex',
      label: 'Type',
      names: messageName,
      abbrev: 'homeplug_av.mmhdr.mmtype',
    },
    'mmhdr.mmtype.qualcomm': {
      type: 'u16',
      little: true,
      show: 'hex',
      label: 'Type',
      names: messageName,
      abbrev: 'homeplug_av.mmhdr.mmtype.qualcomm',
    },
    'mmhdr.fmi': {
      type: 'u16',
      little: true,
      show: 'hex',
      label: 'Fragmentation Info',
      abbrev: 'homeplug_av.mmhdr.fmi',
    },
    'vendor.oui': { type: 'u24', show: 'hex', label: 'OUI', abbrev: 'homeplug_av.vendor.oui' },
  },
  tree(t) {
    const type = t.u16le(t.at + AT.type);
    const version = t.u8(t.at);
    t.info(messageName(type) ?? `Unknown 0x${type.toString(16)}`);
    t.header();
    const isVendor = type >= VENDOR_FIRST;
    t.add(isVendor ? 'mmhdr.mmtype.qualcomm' : 'mmhdr.mmtype', t.at + AT.type);
    let at = t.at + AT.fragment;
    if (version > 0) at = t.add('mmhdr.fmi', at);
    if (!isVendor) return;
    if (t.u24(at) === QUALCOMM) t.info(`Qualcomm Atheros, ${t.infoSoFar.slice(t.fencedInfo.length)}`);
    t.add('vendor.oui', at);
  },
});
