/** Words about volumes, devices and DFS referrals ([MS-FSCC] 2.5, [MS-DFSC] 2.2), and the security mode as one byte. */

import type { FlagWord } from './flag-words.ts';

export const VOLUME_WORDS: Readonly<Record<string, FlagWord>> = {
  device: {
    type: 'u32',
    label: 'Device Characteristics',
    prefix: 'device',
    parts: [
      ['removable', 'Removable', 0],
      ['read_only', 'Read Only', 1],
      ['floppy', 'Floppy', 2],
      ['write_once', 'Write Once', 3],
      ['remote', 'Remote', 4],
      ['mounted', 'Mounted', 5],
      ['virtual', 'Virtual', 6],
      ['secure_open', 'Secure Open', 8],
      ['ts', 'Terminal Services', 12],
      ['webdav', 'Webdav', 13],
      ['portable', 'Portable', 14],
      ['aat', 'Allow Appcontainer Traversal', 17],
    ],
  },
  fs_attr: {
    type: 'u32',
    label: 'FS Attributes',
    prefix: 'fs_attr',
    parts: [
      ['css', 'Case Sensitive Search', 0],
      ['cpn', 'Case Preserving', 1],
      ['uod', 'Unicode On Disk', 2],
      ['pacls', 'Persistent ACLs', 3],
      ['fc', 'Compression', 4],
      ['vq', 'Volume Quotas', 5],
      ['ssf', 'Sparse Files', 6],
      ['srp', 'Reparse Points', 7],
      ['srs', 'Remote Storage', 8],
      ['sla', 'LFN APIs', 14],
      ['vis', 'Volume Is Compressed', 15],
      ['soids', 'Supports OIDs', 16],
      ['se', 'Supports Encryption', 17],
      ['ns', 'Named Streams', 18],
      ['rov', 'Read Only Volume', 19],
      ['swo', 'Sequential Write Once', 20],
      ['st', 'Transactions', 21],
      ['shl', 'Hard Links', 22],
      ['sis', 'Integrity Streams', 26],
      ['sbr', 'Block Refcounting', 27],
      ['ssv', 'Sparse VDL', 28],
    ],
  },
  'quota.flags': {
    type: 'u8',
    label: 'Quota Flags',
    prefix: 'quota.flags',
    parts: [
      ['log_limit', 'Log Limit', 5],
      ['log_warning', 'Log Warning', 4],
      ['deny_disk', 'Deny Disk', 1],
      ['enabled', 'Enabled', 0],
    ],
  },
  'dfs.flags': {
    type: 'u16',
    label: 'Flags',
    prefix: 'dfs.flags',
    parts: [
      ['server_hold_storage', 'Hold Storage', 1],
      ['fielding', 'Fielding', 0],
    ],
  },
  'dfs.referral.flags': {
    type: 'u16',
    label: 'Flags',
    prefix: 'dfs.referral.flags',
    parts: [
      ['target_set_boundary', 'TargetSetBoundary', 2],
      ['name_list_referral', 'NameListReferral', 1],
    ],
  },
};
