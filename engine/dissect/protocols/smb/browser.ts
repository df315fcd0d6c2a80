/** Windows browser announcements in mailslots ([MS-BRWS] 2.2). */

import type { FieldSpec } from '../../field-spec.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const COMMAND = {
  host: 1,
  request: 2,
  election: 8,
  backupRequest: 9,
  backupResponse: 10,
  become: 11,
  domain: 12,
  master: 13,
  reset: 14,
  local: 15,
} as const;
const COMMANDS: Readonly<Record<number, string>> = {
  0x1: 'Host Announcement',
  0x2: 'Request Announcement',
  0x8: 'Browser Election Request',
  0x9: 'Get Backup List Request',
  0xa: 'Get Backup List Response',
  0xb: 'Become Backup Browser',
  0xc: 'Domain/Workgroup Announcement',
  0xd: 'Master Announcement',
  0xe: 'Reset Browser State Announcement',
  0xf: 'Local Master Announcement',
};
/** What the bits of a server's type say, from the lowest. */
const SERVER_TYPES: readonly (readonly [string, string])[] = [
  ['workstation', 'Workstation'],
  ['server', 'Server'],
  ['sql', 'SQL Server'],
  ['domain_controller', 'Domain Controller'],
  ['backup_controller', 'Backup Controller'],
  ['time', 'Time Source'],
  ['apple', 'Apple Server'],
  ['novell', 'Novell Server'],
  ['member', 'Domain Member Server'],
  ['print', 'Print Queue Server'],
  ['dialin', 'Dialin Server'],
  ['xenix', 'Xenix Server'],
  ['ntw', 'NT Workstation'],
  ['wfw', 'Windows for Workgroups'],
  ['', 'Unknown server type:14'],
  ['nts', 'NT Server'],
  ['browser.potential', 'Potential Browser'],
  ['browser.backup', 'Backup Browser'],
  ['browser.master', 'Master Browser'],
  ['browser.domain_master', 'Domain Master Browser'],
  ['osf', 'OSF'],
  ['vms', 'VMS'],
  ['w95', 'Windows 95 or above'],
  ['dfs', 'DFS server'],
  ['', 'Unknown server type:24'],
  ['', 'Unknown server type:25'],
  ['', 'Unknown server type:26'],
  ['', 'Unknown server type:27'],
  ['', 'Unknown server type:28'],
  ['', 'Unknown server type:29'],
  ['local', 'Local List Only'],
  ['domainenum', 'Domain Enum'],
];
const NAME_LENGTH = 16;
/** The mailslot of LAN Manager's own announcements, as TreeBuilder.hint. */
export const LANMAN_SLOT = '\\MAILSLOT\\LANMAN';
const LAN_ANNOUNCE = 1;
/** What Windows of a version is called. */
const WINDOWS: Readonly<Record<string, string>> = {
  '5.0': 'Windows 2000',
  '5.1': 'Windows XP',
  '5.2': 'Windows Server 2003 R2 or Windows Server 2003',
  '6.0': 'Windows Vista or Windows Server 2008',
  '6.1': 'Windows 7 or Windows Server 2008 R2',
  '6.2': 'Windows 8 or Windows Server 2012',
  '6.3': 'Windows 8.1 or Windows Server 2012 R2',
  '10.0': 'Windows 10 or Windows Server 2016',
};

/** What a server is: also what the remote API asks for. */
export const browserTypeFields: Readonly<Record<string, FieldSpec>> = {
  server_type: { type: 'u32', show: 'hex', label: 'Server Type', abbrev: 'browser.server_type' },
  'server_type.workstation': {
    type: 'bool',
    of: 'u32',
    bits: [0, 0],
    label: 'Workstation',
    abbrev: 'browser.server_type.workstation',
  },
  'server_type.server': {
    type: 'bool',
    of: 'u32',
    bits: [1, 1],
    label: 'Server',
    abbrev: 'browser.server_type.server',
  },
  'server_type.sql': { type: 'bool', of: 'u32', bits: [2, 2], label: 'SQL', abbrev: 'browser.server_type.sql' },
  'server_type.domain_controller': {
    type: 'bool',
    of: 'u32',
    bits: [3, 3],
    label: 'Domain Controller',
    abbrev: 'browser.server_type.domain_controller',
  },
  'server_type.backup_controller': {
    type: 'bool',
    of: 'u32',
    bits: [4, 4],
    label: 'Backup Controller',
    abbrev: 'browser.server_type.backup_controller',
  },
  'server_type.time': {
    type: 'bool',
    of: 'u32',
    bits: [5, 5],
    label: 'Time Source',
    abbrev: 'browser.server_type.time',
  },
  'server_type.apple': { type: 'bool', of: 'u32', bits: [6, 6], label: 'Apple', abbrev: 'browser.server_type.apple' },
  'server_type.novell': {
    type: 'bool',
    of: 'u32',
    bits: [7, 7],
    label: 'Novell',
    abbrev: 'browser.server_type.novell',
  },
  'server_type.member': {
    type: 'bool',
    of: 'u32',
    bits: [8, 8],
    label: 'Member',
    abbrev: 'browser.server_type.member',
  },
  'server_type.print': { type: 'bool', of: 'u32', bits: [9, 9], label: 'Print', abbrev: 'browser.server_type.print' },
  'server_type.dialin': {
    type: 'bool',
    of: 'u32',
    bits: [10, 10],
    label: 'Dialin',
    abbrev: 'browser.server_type.dialin',
  },
  'server_type.xenix': { type: 'bool', of: 'u32', bits: [11, 11], label: 'Xenix', abbrev: 'browser.server_type.xenix' },
  'server_type.ntw': {
    type: 'bool',
    of: 'u32',
    bits: [12, 12],
    label: 'NT Workstation',
    abbrev: 'browser.server_type.ntw',
  },
  'server_type.wfw': { type: 'bool', of: 'u32', bits: [13, 13], label: 'WfW', abbrev: 'browser.server_type.wfw' },
  'server_type.nts': { type: 'bool', of: 'u32', bits: [15, 15], label: 'NT Server', abbrev: 'browser.server_type.nts' },
  'server_type.browser.potential': {
    type: 'bool',
    of: 'u32',
    bits: [16, 16],
    label: 'Potential Browser',
    abbrev: 'browser.server_type.browser.potential',
  },
  'server_type.browser.backup': {
    type: 'bool',
    of: 'u32',
    bits: [17, 17],
    label: 'Backup Browser',
    abbrev: 'browser.server_type.browser.backup',
  },
  'server_type.browser.master': {
    type: 'bool',
    of: 'u32',
    bits: [18, 18],
    label: 'Master Browser',
    abbrev: 'browser.server_type.browser.master',
  },
  'server_type.browser.domain_master': {
    type: 'bool',
    of: 'u32',
    bits: [19, 19],
    label: 'Domain Master Browser',
    abbrev: 'browser.server_type.browser.domain_master',
  },
  'server_type.osf': { type: 'bool', of: 'u32', bits: [20, 20], label: 'OSF', abbrev: 'browser.server_type.osf' },
  'server_type.vms': { type: 'bool', of: 'u32', bits: [21, 21], label: 'VMS', abbrev: 'browser.server_type.vms' },
  'server_type.w95': {
    type: 'bool',
    of: 'u32',
    bits: [22, 22],
    label: 'Windows 95+',
    abbrev: 'browser.server_type.w95',
  },
  'server_type.dfs': { type: 'bool', of: 'u32', bits: [23, 23], label: 'DFS', abbrev: 'browser.server_type.dfs' },
  'server_type.local': { type: 'bool', of: 'u32', bits: [30, 30], label: 'Local', abbrev: 'browser.server_type.local' },
  'server_type.domainenum': {
    type: 'bool',
    of: 'u32',
    bits: [31, 31],
    label: 'Domain Enum',
    abbrev: 'browser.server_type.domainenum',
  },
};

export const browser = defineProtocol({
  name: 'browser',
  title: 'Microsoft Windows Browser Protocol',
  fields: {
    command: { type: 'u8', show: 'hex', label: 'Command', names: COMMANDS },
    update_count: { type: 'u8', label: 'Update Count' },
    period: { type: 'u32', label: 'Update Periodicity' },
    server: { type: 'string', label: 'Server Name' },
    mb_server: { type: 'string', label: 'Master Browser Server Name' },
    reset_cmd: { type: 'u8', show: 'hex', label: 'ResetBrowserState Command' },
    'reset_cmd.demote': { type: 'bool', of: 'u8', bits: [0, 0], label: 'Demote LMB' },
    'reset_cmd.flush': { type: 'bool', of: 'u8', bits: [1, 1], label: 'Flush Browse List' },
    'reset_cmd.stop_lmb': { type: 'bool', of: 'u8', bits: [2, 2], label: 'Stop Being LMB' },
    os_major: { type: 'u8', label: 'OS Major Version' },
    os_minor: { type: 'u8', label: 'OS Minor Version' },
    ...browserTypeFields,
    proto_major: { type: 'u8', label: 'Browser Protocol Major Version' },
    proto_minor: { type: 'u8', label: 'Browser Protocol Minor Version' },
    sig: { type: 'u16', show: 'hex', label: 'Signature' },
    comment: { type: 'string', label: 'Host Comment' },
    unused: { type: 'u8', show: 'hex', label: 'Unused flags' },
    response_computer_name: { type: 'string', label: 'Response Computer Name' },
    uptime: { type: 'u32', label: 'Uptime' },
    browser_to_promote: { type: 'string', label: 'Browser to Promote' },
    windows_version: { type: 'string', label: 'Windows version' },
    mysterious_field: { type: 'u32', show: 'hex', label: 'Mysterious Field' },
    'election.version': { type: 'u8', label: 'Election Version' },
    'election.criteria': { type: 'u32', show: 'hex', label: 'Election Criteria' },
    'election.desire': { type: 'u8', show: 'hex', label: 'Election Desire' },
    'election.desire.backup': { type: 'bool', of: 'u8', bits: [0, 0], label: 'Backup' },
    'election.desire.standby': { type: 'bool', of: 'u8', bits: [1, 1], label: 'Standby' },
    'election.desire.master': { type: 'bool', of: 'u8', bits: [2, 2], label: 'Master' },
    'election.desire.domain_master': { type: 'bool', of: 'u8', bits: [3, 3], label: 'Domain Master' },
    'election.desire.wins': { type: 'bool', of: 'u8', bits: [5, 5], label: 'WINS' },
    'election.desire.nt': { type: 'bool', of: 'u8', bits: [7, 7], label: 'NT' },
    'election.os': { type: 'u8', show: 'hex', label: 'Election OS' },
    'election.os.wfw': { type: 'bool', of: 'u8', bits: [0, 0], label: 'WfW' },
    'election.os.ntw': { type: 'bool', of: 'u8', bits: [4, 4], label: 'NT Workstation' },
    'election.os.nts': { type: 'bool', of: 'u8', bits: [5, 5], label: 'NT Server' },
    'backup.count': { type: 'u8', label: 'Backup List Requested Count' },
    'backup.token': { type: 'u32', label: 'Backup Request Token' },
    'backup.server': { type: 'string', label: 'Backup Server', many: true },
  },
  tree(t) {
    if (t.hint === LANMAN_SLOT) {
      lanManager(t);
      return;
    }
    const command = t.u8(t.at);
    t.add('command', t.at);
    t.info(COMMANDS[command] ?? 'Unknown command');
    const at = t.at + 1;
    switch (command) {
      case COMMAND.host:
      case COMMAND.domain:
      case COMMAND.local:
        announcement(t, at, command);
        return;
      case COMMAND.request: {
        t.add('unused', at);
        const name = text(t, at + 1);
        t.put('response_computer_name', name.text, at + 1, name.end - at - 1);
        t.addInfo(` ${name.text}`);
        return;
      }
      case COMMAND.election:
        election(t, at);
        return;
      case COMMAND.backupRequest:
        t.add('backup.count', at);
        t.put('backup.token', t.u32le(at + 1), at + 1, 4);
        return;
      case COMMAND.backupResponse: {
        const count = t.u8(at);
        t.add('backup.count', at);
        t.put('backup.token', t.u32le(at + 1), at + 1, 4);
        for (let i = 0, next = at + 5; i < count; i++) {
          const name = text(t, next);
          t.put('backup.server', name.text, next, name.end - next);
          next = name.end;
        }
        return;
      }
      case COMMAND.become: {
        const name = text(t, at);
        t.put('browser_to_promote', name.text, at, name.end - at);
        return;
      }
      case COMMAND.master: {
        const name = text(t, at);
        t.put('mb_server', name.text, at, name.end - at);
        return;
      }
      case COMMAND.reset:
        t.add('reset_cmd', at);
        t.nest(t.last());
        for (const key of ['demote', 'flush', 'stop_lmb']) t.add(`reset_cmd.${key}`, at);
        t.close();
        return;
      default:
    }
  },
});

/** Text up to its NUL, or what there is. */
function text(t: TreeBuilder, at: number): { readonly text: string; readonly end: number } {
  const nul = t.bytes.subarray(at, t.end).indexOf(0);
  const end = nul < 0 ? t.end : at + nul;
  return { text: t.string(at, Math.max(0, end - at), 'ascii'), end: Math.min(t.end, end + 1) };
}

function announcement(t: TreeBuilder, at: number, command: number): void {
  t.add('update_count', at);
  const period = t.u32le(at + 1);
  t.put('period', period, at + 1, 4);
  const name = t.string(at + 5, NAME_LENGTH, 'ascii', true);
  t.put(
    'server',
    name,
    at + 5,
    NAME_LENGTH,
    `${command === COMMAND.domain ? 'Domain/Workgroup' : 'Host Name'}: ${name}`,
  );
  t.addInfo(` ${name}`);
  const versionAt = at + 5 + NAME_LENGTH;
  const windows = WINDOWS[`${t.u8(versionAt)}.${t.u8(versionAt + 1)}`] ?? '';
  t.put('windows_version', windows, versionAt, 2);
  t.add('os_major', versionAt);
  t.add('os_minor', versionAt + 1);
  serverType(t, versionAt + 2);
  const rest = versionAt + 6;
  if (command === COMMAND.domain) {
    t.put('mysterious_field', t.u32le(rest), rest, 4);
    const master = text(t, rest + 4);
    t.put('mb_server', master.text, rest + 4, master.end - rest - 4);
    return;
  }
  t.add('proto_major', rest);
  t.add('proto_minor', rest + 1);
  t.put('sig', t.u16le(rest + 2), rest + 2, 2);
  const comment = text(t, rest + 4);
  t.put('comment', comment.text, rest + 4, comment.end - rest - 4);
}

export function serverType(t: TreeBuilder, at: number, shows = true): void {
  const bits = t.u32le(at);
  const names = SERVER_TYPES.filter((_, bit) => ((bits >>> bit) & 1) !== 0).map(([, name]) => name);
  const all = names.map((name) => `, ${name}`).join('');
  if (shows) t.addInfo(all);
  t.nest(t.put('server_type', bits, at, 4, `Server Type: 0x${bits.toString(16).padStart(8, '0')}${all}`));
  SERVER_TYPES.forEach(([key], bit) => {
    if (key !== '') t.put(`server_type.${key}`, (bits >>> bit) & 1, at, 4);
  });
  t.close();
}

function election(t: TreeBuilder, at: number): void {
  t.add('election.version', at);
  t.nest(t.put('election.criteria', t.u32le(at + 1), at + 1, 4));
  t.add('election.desire', at + 1);
  t.nest(t.last());
  for (const key of ['backup', 'standby', 'master', 'domain_master', 'wins', 'nt'])
    t.add(`election.desire.${key}`, at + 1);
  t.close();
  t.add('proto_major', at + 2);
  t.add('proto_minor', at + 3);
  t.add('election.os', at + 4);
  t.nest(t.last());
  for (const key of ['wfw', 'ntw', 'nts']) t.add(`election.os.${key}`, at + 4);
  t.close();
  t.close();
  t.put('uptime', t.u32le(at + 5), at + 5, 4);
  const name = text(t, at + 13);
  t.put('server', name.text, at + 13, name.end - at - 13);
}

/** LAN Manager's announcement: type, version, seconds between two of them, name and comment. */
function lanManager(t: TreeBuilder): void {
  const { at } = t;
  const command = t.u16le(at);
  t.put('command', command, at, 2);
  t.info(COMMANDS[command] ?? 'Unknown command');
  if (command !== LAN_ANNOUNCE) return;
  serverType(t, at + 2);
  t.add('os_major', at + 6);
  t.add('os_minor', at + 7);
  t.put('period', 1000 * t.u16le(at + 8), at + 8, 2);
  const name = text(t, at + 10);
  t.put('server', name.text, at + 10, name.end - at - 10, `Host Name: ${name.text}`);
  t.addInfo(` ${name.text}`);
  if (name.end >= t.end) return;
  const comment = text(t, name.end);
  t.put('comment', comment.text, name.end, comment.end - name.end);
}
