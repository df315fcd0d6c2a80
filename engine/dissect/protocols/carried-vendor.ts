/** Small protocols of their makers, right on Ethernet or UDP: ATA over Ethernet, Realtek's loop detection, Dropbox's LAN search. */

import { defineProtocol } from '../protocol.ts';

const AOE = { version: 0, error: 1, major: 2, minor: 4, command: 5, tag: 6, end: 10 } as const;
const COMMANDS: Readonly<Record<number, string>> = {
  0: 'Issue ATA Command',
  1: 'Query Config Information',
  2: 'MAC Mask List',
  3: 'Reserve/Release',
};
const ATA = 0;

/** AoE (coraid.com, AoEr11). */
export const aoe = defineProtocol({
  name: 'aoe',
  title: 'ATAoverEthernet',
  short: 'AoE',
  on: { ethertype: [0x88a2] },
  header: AOE.end,
  fields: {
    version: { at: AOE.version, type: 'u8', bits: [7, 4], label: 'Version' },
    response: { at: AOE.version, type: 'bool', bits: [3, 3], label: 'Response flag', flag: ['Response', 'Request'] },
    flags_error: { at: AOE.version, type: 'bool', bits: [2, 2], label: 'Error flag', flag: ['Error', 'No error'] },
    error: { type: 'u8', label: 'Error' },
    major: { at: AOE.major, type: 'u16', show: 'hex', label: 'Major' },
    minor: { at: AOE.minor, type: 'u8', show: 'hex', label: 'Minor' },
    cmd: { at: AOE.command, type: 'u8', label: 'Command', names: COMMANDS },
    tag: { at: AOE.tag, type: 'u32', show: 'hex', label: 'Tag' },
    'aflags.e': { type: 'bool', bits: [6, 6], label: 'E' },
    'aflags.w': { type: 'bool', bits: [0, 0], label: 'W' },
    err_feature: { type: 'u8', show: 'hex', label: 'Err/Feature' },
    sector_count: { type: 'u8', label: 'Sector Count' },
    'ata.cmd': { type: 'u8', show: 'hex', label: 'ATA Cmd' },
  },
  tree(t) {
    const { at } = t;
    const command = t.u8(at + AOE.command);
    const isResponse = (t.u8(at) & 8) !== 0;
    t.info(`${COMMANDS[command] ?? 'Unknown command'} ${isResponse ? 'Response' : 'Request'}`);
    t.header();
    if ((t.u8(at) & 4) !== 0) t.add('error', at + AOE.error);
    if (command !== ATA || t.end - at < AOE.end + 4) return;
    t.add('aflags.e', at + AOE.end);
    t.add('aflags.w', at + AOE.end);
    t.add('err_feature', at + AOE.end + 1);
    t.add('sector_count', at + AOE.end + 2);
    t.add('ata.cmd', at + AOE.end + 3);
  },
});

export const realtek = defineProtocol({
  name: 'realtek',
  title: 'Realtek Layer 2 Protocols',
  short: 'Realtek',
  on: { ethertype: [0x8899] },
  header: 1,
  fields: {
    protocol: {
      at: 0,
      type: 'u8',
      show: 'hex',
      label: 'Protocol',
      names: { 1: 'RRCP', 2: 'REP', 3: 'RLDP', 0x23: 'RLDP' },
      abbrev: 'realtek.protocol',
    },
    packet: { type: 'bytes', label: 'Unknown packet' },
  },
  tree(t) {
    t.info('');
    t.header();
    t.add('packet', t.at, t.end - t.at);
  },
});

const DROPBOX_PORT = 17_500;

export const dropbox = defineProtocol({
  name: 'db-lsp-disc',
  title: 'Dropbox LAN sync Discovery Protocol',
  short: 'DB-LSP-DISC',
  on: { 'udp.port': [DROPBOX_PORT] },
  opens: ['json'],
  fields: { text: { type: 'string', label: 'Text' } },
  tree(t) {
    t.info('Dropbox LAN sync Discovery Protocol');
    if (t.end <= t.at) return;
    t.put('text', t.string(t.at, t.end - t.at), t.at, t.end - t.at);
    t.dissect('json', t.at);
    t.column('DB-LSP-DISC/JSON');
  },
});
