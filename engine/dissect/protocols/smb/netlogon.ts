/** Microsoft Windows logon messages in mailslots ([MS-ADTS] 6.3.1, 6.3.3, [MS-NRPC] of LAN Manager): who asks for a controller, who answers. */

import { defineProtocol } from '../../protocol.ts';
import { isSid, showSid, sidFields } from '../../security-id.ts';
import type { TreeBuilder } from '../../tree.ts';

const COMMAND = {
  logon: 0x00,
  reply: 0x06,
  queryPdc: 0x07,
  startPdc: 0x08,
  changes: 0x0a,
  fromPdc: 0x0c,
  samLogon: 0x12,
  samReply: 0x13,
  samPause: 0x14,
  samUnknown: 0x15,
} as const;
const COMMANDS: Readonly<Record<number, string>> = {
  0x0: 'LM1.0/LM2.0 LOGON Request',
  0x1: 'LM1.0 LOGON Response',
  0x2: 'LM1.0 Query - Centralized Initialization',
  0x3: 'LM1.0 Query - Distributed Initialization',
  0x4: 'LM1.0 Response - Centralized Query',
  0x5: 'LM1.0 Response - Distributed Initialization',
  0x6: 'LM2.0 Response to LOGON Request',
  0x7: 'Query for PDC',
  0x8: 'Announce Startup of PDC',
  0x9: 'Announce Failed PDC',
  0xa: 'Announce Change to UAS or SAM',
  0xb: 'Announce no user on machine',
  0xc: 'Response from PDC',
  0xd: 'LM1.0/LM2.0 Response to re-LOGON Request',
  0xe: 'LM1.0/LM2.0 Response to Interrogate Request',
  0xf: 'LM2.0 Response during LOGON pause',
  0x10: 'LM2.0 Response - user unknown',
  0x11: 'LM2.0 Announce account updates',
  0x12: 'SAM LOGON request from client',
  0x13: 'Response to SAM LOGON request',
  0x14: 'SAM Response during LOGON pause',
  0x15: 'SAM Response - user unknown',
  0x16: 'SAM Response to Interrogate Request',
  0x17: 'SAM Active Directory Response - user unknown',
  0x18: 'SAM unknown command 0x18',
  0x19: 'Active Directory Response to SAM LOGON request',
};
/** Nanoseconds from 1601 to 1970. */
const EPOCH_1601 = 11_644_473_600_000_000_000n;
/** Kinds of account, from the lowest bit ([MS-SAMR] 2.2.1.12). */
const ACCOUNTS: readonly (readonly [string, string])[] = [
  ['enabled', 'Disabled'],
  ['homedir', 'Homedir'],
  ['password', 'Password'],
  ['temp_dup', 'Temp Duplicate User'],
  ['normal', 'Normal User'],
  ['mns', 'MNS User'],
  ['interdomain', 'Interdomain Trust'],
  ['workstation', 'Workstation Trust'],
  ['server', 'Server Trust'],
  ['expire', 'Expire'],
  ['autolock', 'Autolock'],
];

export const smbNetlogon = defineProtocol({
  name: 'smb_netlogon',
  title: 'Microsoft Windows Logon Protocol (Old)',
  header: 2,
  fields: {
    command: { type: 'u8', show: 'hex', label: 'Command', names: COMMANDS },
    request_count: { type: 'u16', label: 'Request Count' },
    computer_name: { type: 'string', label: 'Computer Name' },
    unicode_computer_name: { type: 'string', label: 'Unicode Computer Name' },
    server_name: { type: 'string', label: 'Server Name' },
    pdc_name: { type: 'string', label: 'PDC Name' },
    unicode_pdc_name: { type: 'string', label: 'Unicode PDC Name' },
    user_name: { type: 'string', label: 'User Name' },
    domain_name: { type: 'string', label: 'Domain Name' },
    mailslot_name: { type: 'string', label: 'Mailslot Name' },
    flags: { type: 'u32', show: 'hex', label: 'Account control' },
    ...Object.fromEntries(
      ACCOUNTS.map(
        ([key, label], bit) => [`flags.${key}`, { type: 'bool', of: 'u32', bits: [bit, bit], label }] as const,
      ),
    ),
    low_serial: { type: 'u32', label: 'Low Serial Number' },
    date_time: { type: 'u32', label: 'Date/Time' },
    pulse: { type: 'u32', label: 'Pulse' },
    random: { type: 'u32', label: 'Random' },
    db_count: { type: 'u32', label: 'DB Count' },
    db_index: { type: 'u32', label: 'Database Index', many: true },
    large_serial: { type: 'u64', label: 'Large Serial Number', many: true },
    nt_date_time: { type: 'time', label: 'NT Date/Time', many: true },
    domain_sid_size: { type: 'u32', label: 'Domain SID Size' },
    nt_version: { type: 'u32', label: 'NT Version' },
    lmnt_token: { type: 'u16', show: 'hex', label: 'LMNT Token' },
    lm_token: { type: 'u16', show: 'hex', label: 'LM Token' },
    data: { type: 'bytes', label: 'Data' },
    ...sidFields,
  },
  tree(t) {
    const command = t.u8(t.at);
    t.add('command', t.at);
    t.info(COMMANDS[command] ?? 'Unknown Command');
    const at = body(t, command, t.at + 2);
    if (at < t.end) t.add('data', at, t.end - at);
  },
});

function body(t: TreeBuilder, command: number, from: number): number {
  let at = from;
  switch (command) {
    case COMMAND.logon:
      for (const key of ['computer_name', 'user_name', 'mailslot_name']) at = ascii(t, key, at);
      if (at < t.end) t.put('request_count', t.u8(at), at, 1);
      return tokens(t, at + 1);
    case COMMAND.reply:
      return tokens(t, ascii(t, 'server_name', at));
    case COMMAND.queryPdc:
      t.addInfo(` from ${t.string(at, t.end - at, 'latin1', true)}`);
      at = ascii(t, 'mailslot_name', ascii(t, 'computer_name', at));
      if (at + 6 > t.end) return at;
      return versions(t, wide(t, 'unicode_computer_name', at));
    case COMMAND.startPdc:
    case COMMAND.fromPdc:
      t.addInfo(`: host ${t.string(at, t.end - at, 'latin1', true)}`);
      at = ascii(t, 'pdc_name', at);
      if (at + 8 > t.end) return at;
      at = wide(t, 'unicode_pdc_name', at);
      t.addInfo(`, domain ${wideText(t, at)}`);
      return versions(t, wide(t, 'domain_name', at));
    case COMMAND.changes:
      return changes(t, at);
    case COMMAND.samLogon:
      return samLogon(t, at);
    case COMMAND.samReply:
    case COMMAND.samPause:
    case COMMAND.samUnknown:
      for (const key of ['server_name', 'user_name', 'domain_name']) at = wide(t, key, at);
      return versions(t, at);
    default:
      return at;
  }
}

function samLogon(t: TreeBuilder, from: number): number {
  t.put('request_count', t.u16le(from), from, 2);
  let at = wide(t, 'unicode_computer_name', from + 2);
  at = wide(t, 'user_name', at);
  at = ascii(t, 'mailslot_name', at);
  if (at + 8 > t.end) return at;
  const bits = t.u32le(at);
  t.nest(t.put('flags', bits, at, 4));
  ACCOUNTS.forEach(([key], bit) => t.put(`flags.${key}`, (bits >>> bit) & 1, at, 4));
  t.close();
  const size = t.u32le(at + 4);
  t.put('domain_sid_size', size, at + 4, 4);
  at = domainSid(t, at + 8, size);
  return versions(t, at);
}

/** Text up to its NUL. */
function ascii(t: TreeBuilder, key: string, at: number): number {
  if (at >= t.end) return at;
  const nul = t.bytes.subarray(at, t.end).indexOf(0);
  const end = nul < 0 ? t.end : at + nul + 1;
  t.put(key, t.string(at, end - at, 'latin1', true), at, end - at);
  return end;
}

/** The same in UTF-16, aligned to two bytes. */
function wide(t: TreeBuilder, key: string, at: number): number {
  const from = at + ((at - t.at) & 1);
  if (from >= t.end) return Math.min(from, t.end);
  let end = from;
  while (end + 1 < t.end && t.u16(end) !== 0) end += 2;
  t.put(key, t.string(from, end - from, 'utf16le'), from, Math.min(t.end, end + 2) - from);
  return Math.min(t.end, end + 2);
}

/** The text that wide() shows. */
function wideText(t: TreeBuilder, at: number): string {
  const from = at + ((at - t.at) & 1);
  let end = from;
  while (end + 1 < t.end && t.u16(end) !== 0) end += 2;
  return from >= t.end ? '' : t.string(from, end - from, 'utf16le');
}

const MAX_DATABASES = 16;

/** A controller says that its databases have changed ([MS-NRPC] of LAN Manager's time, as Windows NT sends it). */
function changes(t: TreeBuilder, from: number): number {
  let at = from;
  for (const key of ['low_serial', 'date_time', 'pulse', 'random']) {
    t.put(key, t.u32le(at), at, 4);
    at += 4;
  }
  at = wide(t, 'unicode_pdc_name', ascii(t, 'domain_name', ascii(t, 'pdc_name', at)));
  at = wide(t, 'domain_name', at);
  if (at + 4 > t.end) return at;
  const count = t.u32le(at);
  t.put('db_count', count, at, 4);
  at += 4;
  for (let i = 0; i < count && i < MAX_DATABASES && at + 20 <= t.end; i++, at += 20) {
    t.nest(t.text(`Database ${i + 1}`, at, 20));
    t.put('db_index', t.u32le(at), at, 4);
    t.put('large_serial', t.u64le(at + 4), at + 4, 8);
    t.put('nt_date_time', t.u64le(at + 12) * 100n - EPOCH_1601, at + 12, 8);
    t.close();
  }
  if (at + 4 > t.end) return at;
  const size = t.u32le(at);
  t.put('domain_sid_size', size, at, 4);
  at = domainSid(t, at + 4, size);
  return versions(t, at);
}

/** A SID, aligned to four bytes from the start of the message where it is not at once one. */
function domainSid(t: TreeBuilder, from: number, size: number): number {
  let at = from;
  if (size === 0) return at;
  if (!isSid(t, at, size)) at += (4 - ((at - t.at) & 3)) & 3;
  if (isSid(t, at, size)) showSid(t, at, 'Domain');
  return Math.min(t.end, at + size);
}

function versions(t: TreeBuilder, at: number): number {
  if (at + 8 > t.end) return at;
  t.put('nt_version', t.u32le(at), at, 4);
  return tokens(t, at + 4);
}

/** LMNT and LM20: who speaks NT, who LAN Manager 2. */
function tokens(t: TreeBuilder, at: number): number {
  let next = at;
  for (const key of ['lmnt_token', 'lm_token']) {
    if (next + 2 > t.end) return Math.min(next, t.end);
    t.put(key, t.u16le(next), next, 2);
    next += 2;
  }
  return next;
}
