/** NFS versions 2 and 3 (RFC 1094, RFC 1813); version 4 is in nfs4.ts. */

import type { FieldSpec } from '../../field-spec.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { opaque, opaqueText, procedureRows, sharedFields } from './call.ts';
import { fileHandle, fileHandle3, handleFields } from './file-handle.ts';
import { NFS_STATUS, NFS2_PROCEDURES, NFS2_STATUS, NFS3_PROCEDURES, NFS3_STATUS } from './nfs-names.ts';
import { addAbilities, addDevice, addPathFlags, addRights, nfs3BitFields } from './nfs3-bits.ts';
import { compound, fields4 } from './nfs4.ts';

const TYPES2: Readonly<Record<number, string>> = {
  0: 'Non-File',
  1: 'Regular File',
  2: 'Directory',
  3: 'Block Special Device',
  4: 'Character Special Device',
  5: 'Symbolic Link',
};
const TYPES3: Readonly<Record<number, string>> = { ...TYPES2, 6: 'Socket', 7: 'Named Pipe' };
const STABLE: Readonly<Record<number, string>> = { 0: 'UNSTABLE', 1: 'DATA_SYNC', 2: 'FILE_SYNC' };
const FOLLOWS: Readonly<Record<number, string>> = { 0: 'no value', 1: 'value follows' };
const MODES: Readonly<Record<number, string>> = { 0: 'UNCHECKED', 1: 'GUARDED', 2: 'EXCLUSIVE' };
const RIGHTS = [
  [1, 'RD'],
  [2, 'LU'],
  [4, 'MD'],
  [8, 'XT'],
  [16, 'DL'],
  [32, 'XE'],
] as const;
/** Types of which a node is made with attributes: devices, socket, pipe. */
const NODES: Readonly<Record<number, true>> = { 3: true, 4: true, 6: true, 7: true };
const HANDLE2 = 32;
const UNSET = 0xffffffff;
/** Bits of an answer to ACCESS. */
const ALL_RIGHTS = 0x3f;
/** Names of a directory's entries that Info shows. */
const MAX_NAMES = 10;

function bit(label: string, at: number): FieldSpec {
  return { type: 'bool', label, of: 'u32', bits: [at, at], flag: ['Yes', 'No'], many: true };
}

const PERMISSIONS = [
  'suid',
  'sgid',
  'sticky',
  'rusr',
  'wusr',
  'xusr',
  'rgrp',
  'wgrp',
  'xgrp',
  'roth',
  'woth',
  'xoth',
] as const;
const PERMISSION_LABELS = [
  'S_ISUID',
  'S_ISGID',
  'S_ISVTX',
  'S_IRUSR',
  'S_IWUSR',
  'S_IXUSR',
  'S_IRGRP',
  'S_IWGRP',
  'S_IXGRP',
  'S_IROTH',
  'S_IWOTH',
  'S_IXOTH',
];
/** The kind of a file in the upper bits of its mode, as Unix has them. */
const FILE_KINDS: Readonly<Record<number, string>> = {
  1: 'Character special device',
  2: 'Directory',
  3: 'Block special device',
  4: 'Regular file',
  5: 'Symbolic link',
  6: 'Named socket',
};
const PERMISSIONS2 = [
  'set_user_id',
  'set_group_id',
  'save_swap_text',
  'read_owner',
  'write_owner',
  'exec_owner',
  'read_group',
  'write_group',
  'exec_group',
  'read_other',
  'write_other',
  'exec_other',
] as const;
const PERMISSION2_LABELS = [
  'Set user id on exec',
  'Set group id on exec',
  'Save swapped text even after use',
  'Read permission for owner',
  'Write permission for owner',
  'Execute permission for owner',
  'Read permission for group',
  'Write permission for group',
  'Execute permission for group',
  'Read permission for others',
  'Write permission for others',
  'Execute permission for others',
];

export const nfs = defineProtocol({
  name: 'nfs',
  title: 'Network File System',
  unlisted: true,
  fields: {
    ...sharedFields,
    ...handleFields,
    ...fields4,
    procedure_v2: { type: 'u32', label: 'V2 Procedure', names: NFS2_PROCEDURES, many: true },
    procedure_v3: { type: 'u32', label: 'V3 Procedure', names: NFS3_PROCEDURES, many: true },
    procedure_v4: { type: 'u32', label: 'V4 Procedure', names: { 0: 'NULL', 1: 'COMPOUND' }, many: true },
    status2: { type: 'u32', label: 'Status', names: NFS2_STATUS, many: true },
    status3: { type: 'u32', label: 'Status', names: NFS3_STATUS, many: true },
    status: { type: 'u32', label: 'Status', names: NFS_STATUS, many: true },
    name: { type: 'string', label: 'contents', many: true },
    'symlink.to': { type: 'string', label: 'contents', many: true },
    'readlink.data': { type: 'string', label: 'contents', many: true },
    data: { type: 'bytes', label: 'contents', many: true },
    'read.offset': { type: 'u32', label: 'Offset', many: true },
    'read.count': { type: 'u32', label: 'Count', many: true },
    'read.totalcount': { type: 'u32', label: 'Total Count', many: true },
    'read.eof': { type: 'bool', label: 'EOF', of: 'u32', flag: ['Yes', 'No'], many: true },
    'write.beginoffset': { type: 'u32', label: 'Begin Offset', many: true },
    'write.offset': { type: 'u32', label: 'Offset', many: true },
    'write.totalcount': { type: 'u32', label: 'Total Count', many: true },
    'write.stable': { type: 'u32', label: 'Stable', names: STABLE, many: true },
    'write.committed': { type: 'u32', label: 'Committed', names: STABLE, many: true },
    'readdir.cookie': { type: 'u32', label: 'Cookie', many: true },
    'readdir.count': { type: 'u32', label: 'Count', many: true },
    'readdir.entry': { type: 'none', label: 'Entry', many: true },
    'readdir.entry.fileid': { type: 'u32', label: 'File ID', many: true },
    'readdir.entry.name': { type: 'string', label: 'contents', many: true },
    'readdir.entry.cookie': { type: 'u32', label: 'Cookie', many: true },
    'readdir.entry3.fileid': { type: 'u64', label: 'File ID', many: true },
    'readdir.entry3.name': { type: 'string', label: 'contents', many: true },
    'readdir.entry3.cookie': { type: 'u64', label: 'Cookie', many: true },
    'readdirplus.entry.fileid': { type: 'u64', label: 'File ID', many: true },
    'readdirplus.entry.name': { type: 'string', label: 'contents', many: true },
    'readdirplus.entry.cookie': { type: 'u64', label: 'Cookie', many: true },
    'readdir.eof': { type: 'u32', label: 'EOF', many: true },
    'statfs.tsize': { type: 'u32', label: 'Transfer Size', many: true },
    'statfs.bsize': { type: 'u32', label: 'Block Size', many: true },
    'statfs.blocks': { type: 'u32', label: 'Total Blocks', many: true },
    'statfs.bfree': { type: 'u32', label: 'Free Blocks', many: true },
    'statfs.bavail': { type: 'u32', label: 'Available Blocks', many: true },
    ftype: { type: 'u32', label: 'type', names: TYPES2, many: true },
    type: { type: 'u32', label: 'Type', names: TYPES3, many: true },
    mode: { type: 'u32', label: 'mode', show: 'oct', many: true },
    'mode.name': { type: 'u32', bits: [15, 13], label: 'Name', names: FILE_KINDS, many: true },
    ...Object.fromEntries(PERMISSIONS2.map((key, i) => [`mode.${key}`, bit(PERMISSION2_LABELS[i], 11 - i)])),
    mode3: { type: 'u32', label: 'Mode', show: 'oct', many: true },
    ...Object.fromEntries(PERMISSIONS.map((key, i) => [`mode3.${key}`, bit(PERMISSION_LABELS[i], 11 - i)])),
    'fattr.nlink': { type: 'u32', label: 'nlink', many: true },
    'fattr.uid': { type: 'u32', label: 'uid', many: true },
    'fattr.gid': { type: 'u32', label: 'gid', many: true },
    'fattr.size': { type: 'u32', label: 'size', many: true },
    'fattr.blocksize': { type: 'u32', label: 'blocksize', many: true },
    'fattr.rdev': { type: 'u32', label: 'rdev', many: true },
    'fattr.blocks': { type: 'u32', label: 'blocks', many: true },
    'fattr.fsid': { type: 'u32', label: 'fsid', show: 'hex', many: true },
    'fattr.fileid': { type: 'u32', label: 'fileid', many: true },
    'fattr3.type': { type: 'u32', label: 'Type', names: TYPES3, many: true },
    'fattr3.nlink': { type: 'u32', label: 'nlink', many: true },
    'fattr3.uid': { type: 'u32', label: 'uid', many: true },
    'fattr3.gid': { type: 'u32', label: 'gid', many: true },
    'fattr3.size': { type: 'u64', label: 'size', many: true },
    'fattr3.used': { type: 'u64', label: 'used', many: true },
    'fattr3.fsid': { type: 'u64', label: 'fsid', show: 'hex-dec', many: true },
    'fattr3.fileid': { type: 'u64', label: 'fileid', many: true },
    atime: { type: 'time', label: 'atime', many: true },
    'atime.sec': { type: 'u32', label: 'seconds', many: true },
    'atime.nsec': { type: 'u32', label: 'nano seconds', many: true },
    'atime.usec': { type: 'u32', label: 'micro seconds', many: true },
    mtime: { type: 'time', label: 'mtime', many: true },
    'mtime.sec': { type: 'u32', label: 'seconds', many: true },
    'mtime.nsec': { type: 'u32', label: 'nano seconds', many: true },
    'mtime.usec': { type: 'u32', label: 'micro seconds', many: true },
    ctime: { type: 'time', label: 'ctime', many: true },
    'ctime.sec': { type: 'u32', label: 'seconds', many: true },
    'ctime.nsec': { type: 'u32', label: 'nano seconds', many: true },
    'ctime.usec': { type: 'u32', label: 'micro seconds', many: true },
    'wcc_attr.size': { type: 'u64', label: 'size', many: true },
    attributes_follow: { type: 'u32', label: 'attributes_follow', names: FOLLOWS, many: true },
    handle_follow: { type: 'u32', label: 'handle_follow', names: FOLLOWS, many: true },
    uid3: { type: 'u32', label: 'uid', many: true },
    gid3: { type: 'u32', label: 'gid', many: true },
    set_size: { type: 'u64', label: 'size', many: true },
    set_it: {
      type: 'u32',
      label: 'set_it',
      names: { 0: 'no value', 1: 'value follows', 2: 'set to client time' },
      many: true,
    },
    sattrguard3: { type: 'u32', label: 'check', names: FOLLOWS, many: true },
    createmode: { type: 'u32', label: 'Create Mode', names: MODES, many: true },
    access_check: { type: 'u8', label: 'Check access', show: 'hex', many: true },
    access_rights: { type: 'u8', label: 'Access rights (of requested)', show: 'hex', many: true },
    verifier: { type: 'bytes', label: 'Verifier', length: 8, many: true },
    cookie3: { type: 'u64', label: 'cookie', many: true },
    offset3: { type: 'u64', label: 'offset', many: true },
    count3: { type: 'u32', label: 'count', many: true },
    count3_maxcount: { type: 'u32', label: 'maxcount', many: true },
    count3_dircount: { type: 'u32', label: 'dircount', many: true },
    ...nfs3BitFields,
    'fsinfo.rtmax': { type: 'u32', label: 'rtmax', many: true },
    'fsinfo.rtpref': { type: 'u32', label: 'rtpref', many: true },
    'fsinfo.rtmult': { type: 'u32', label: 'rtmult', many: true },
    'fsinfo.wtmax': { type: 'u32', label: 'wtmax', many: true },
    'fsinfo.wtpref': { type: 'u32', label: 'wtpref', many: true },
    'fsinfo.wtmult': { type: 'u32', label: 'wtmult', many: true },
    'fsinfo.dtpref': { type: 'u32', label: 'dtpref', many: true },
    'fsinfo.maxfilesize': { type: 'u64', label: 'maxfilesize', many: true },
    'fsinfo.properties': { type: 'u32', label: 'Properties', show: 'hex', many: true },
    'fsstat3_resok.tbytes': { type: 'u64', label: 'Total bytes', many: true },
    'fsstat3_resok.fbytes': { type: 'u64', label: 'Free bytes', many: true },
    'fsstat3_resok.abytes': { type: 'u64', label: 'Available free bytes', many: true },
    'fsstat3_resok.tfiles': { type: 'u64', label: 'Total file slots', many: true },
    'fsstat3_resok.ffiles': { type: 'u64', label: 'Free file slots', many: true },
    'fsstat3_resok.afiles': { type: 'u64', label: 'Available free file slots', many: true },
    'fsstat.invarsec': { type: 'u32', label: 'invarsec', many: true },
    'pathconf.linkmax': { type: 'u32', label: 'linkmax', many: true },
    'pathconf.name_max': { type: 'u32', label: 'name_max', many: true },
  },
  tree(t) {
    const { version, procedure, isReply } = procedureRows(t);
    const names = version === 2 ? NFS2_PROCEDURES : version === 3 ? NFS3_PROCEDURES : { 0: 'NULL', 1: 'COMPOUND' };
    t.addLabel(`, ${names[procedure] ?? ''} ${isReply ? 'Reply' : 'Call'}`);
    if (t.at >= t.end) return;
    if (version === 4) compound(t, isReply);
    else if (version === 3) (isReply ? reply3 : call3)(t, procedure);
    else if (version === 2) (isReply ? reply2 : call2)(t, procedure);
  },
});

/** Adds to Info and to the layer's row. */
function say(t: TreeBuilder, text: string): void {
  t.addInfo(text);
  t.addLabel(text);
}

// ---- version 2

const V2 = {
  getAttributes: 1,
  setAttributes: 2,
  lookup: 4,
  readLink: 5,
  read: 6,
  write: 8,
  create: 9,
  remove: 10,
  rename: 11,
  link: 12,
  symlink: 13,
  makeDirectory: 14,
  removeDirectory: 15,
  readDirectory: 16,
  statistics: 17,
} as const;

function directoryAndName2(t: TreeBuilder, at: number, before: string): number {
  const hash = fileHandle(t, 'dir', at, HANDLE2);
  const end = opaque(t, 'name', 'Name', at + HANDLE2);
  say(t, `${before}DH: ${hash}/${opaqueText(t, at + HANDLE2)}`);
  return end;
}

function call2(t: TreeBuilder, procedure: number): void {
  const { at } = t;
  switch (procedure) {
    case V2.getAttributes:
    case V2.readLink:
    case V2.statistics:
      say(t, `, FH: ${fileHandle(t, 'object', at, HANDLE2)}`);
      break;
    case V2.setAttributes:
      say(t, `, FH: ${fileHandle(t, 'file', at, HANDLE2)}`);
      settable2(t, at + HANDLE2);
      break;
    case V2.lookup:
    case V2.remove:
    case V2.removeDirectory:
      directoryAndName2(t, at, ', ');
      break;
    case V2.create:
    case V2.makeDirectory:
      settable2(t, directoryAndName2(t, at, ', '));
      break;
    case V2.read: {
      const hash = fileHandle(t, 'file', at, HANDLE2);
      t.add('read.offset', at + 32);
      t.add('read.count', at + 36);
      t.add('read.totalcount', at + 40);
      say(t, `, FH: ${hash} Offset: ${t.u32(at + 32)} Count: ${t.u32(at + 36)} TotalCount: ${t.u32(at + 40)}`);
      break;
    }
    case V2.write: {
      const hash = fileHandle(t, 'file', at, HANDLE2);
      t.add('write.beginoffset', at + 32);
      t.add('write.offset', at + 36);
      t.add('write.totalcount', at + 40);
      say(t, `, FH: ${hash} BeginOffset: ${t.u32(at + 32)} Offset: ${t.u32(at + 36)} TotalCount: ${t.u32(at + 40)}`);
      opaque(t, 'data', 'Data', at + 44);
      break;
    }
    case V2.rename:
      directoryAndName2(t, directoryAndName2(t, at, ', From '), ' To ');
      break;
    case V2.link:
      say(t, `, From DH: ${fileHandle(t, 'from', at, HANDLE2)}`);
      directoryAndName2(t, at + HANDLE2, ' To ');
      break;
    case V2.symlink: {
      const next = directoryAndName2(t, at, ', From ');
      say(t, ` To ${opaqueText(t, next)}`);
      settable2(t, opaque(t, 'symlink.to', 'To', next));
      break;
    }
    case V2.readDirectory:
      say(t, `, FH: ${fileHandle(t, 'dir', at, HANDLE2)}`);
      t.add('readdir.cookie', at + 32);
      t.add('readdir.count', at + 36);
      break;
    default:
      break;
  }
}

function reply2(t: TreeBuilder, procedure: number): void {
  const { at } = t;
  const status = t.u32(at);
  t.add('status2', at);
  t.hide('status', status, at, 4);
  if (status !== 0) {
    say(t, ` Error: ${NFS2_STATUS[status] ?? `Unknown error: ${status}`}`);
    return;
  }
  switch (procedure) {
    case V2.getAttributes:
    case V2.setAttributes:
    case V2.write:
      attributes2(t, at + 4);
      break;
    case V2.lookup:
    case V2.create:
    case V2.makeDirectory:
      say(t, `, FH: ${fileHandle(t, 'file', at + 4, HANDLE2)}`);
      attributes2(t, at + 4 + HANDLE2);
      break;
    case V2.readLink:
      say(t, ` Path: ${opaqueText(t, at + 4)}`);
      opaque(t, 'readlink.data', 'data', at + 4);
      break;
    case V2.read:
      opaque(t, 'data', 'Data', attributes2(t, at + 4));
      break;
    case V2.readDirectory:
      t.add(
        'readdir.eof',
        valueList(t, at + 4, (entry) => entry2(t, entry)),
      );
      break;
    case V2.statistics:
      for (const [i, key] of ['tsize', 'bsize', 'blocks', 'bfree', 'bavail'].entries())
        t.add(`statfs.${key}`, at + 4 + 4 * i);
      break;
    default:
      break;
  }
}

function valueList(t: TreeBuilder, from: number, item: (at: number) => number): number {
  let at = from;
  while (t.u32(at) !== 0) {
    t.add('rpc.value_follows', at);
    at = item(at + 4);
  }
  t.add('rpc.value_follows', at);
  return at + 4;
}

function entry2(t: TreeBuilder, at: number): number {
  t.add('readdir.entry', at, 0);
  t.last().text = `Entry: file ID ${t.u32(at)}, name ${opaqueText(t, at + 4)}`;
  t.nest(t.last());
  t.add('readdir.entry.fileid', at);
  const next = opaque(t, 'readdir.entry.name', 'Name', at + 4);
  t.add('readdir.entry.cookie', next);
  t.close(next + 4);
  return next + 4;
}

/** RFC 1094 2.3.5. Returns one past them. */
function attributes2(t: TreeBuilder, at: number): number {
  t.nest(t.text('attributes', at, 68));
  t.add('ftype', at);
  mode2(t, at + 4);
  for (const [i, key] of ['nlink', 'uid', 'gid', 'size', 'blocksize', 'rdev', 'blocks', 'fsid', 'fileid'].entries())
    t.add(`fattr.${key}`, at + 8 + 4 * i);
  time(t, 'atime', at + 44, 'usec');
  time(t, 'mtime', at + 52, 'usec');
  time(t, 'ctime', at + 60, 'usec');
  t.close();
  return at + 68;
}

/** RFC 1094 2.3.6: all ones leave a piece as it is. */
function settable2(t: TreeBuilder, at: number): void {
  t.nest(t.text('attributes', at, 32));
  if (t.u32(at) === UNSET) t.add('mode', at);
  else mode2(t, at);
  for (const [i, key] of ['uid', 'gid', 'size'].entries()) t.add(`fattr.${key}`, at + 4 + 4 * i);
  for (const [i, key] of ['atime', 'mtime'].entries()) {
    const seconds = t.u32(at + 16 + 8 * i);
    if (seconds === UNSET) t.put(key, BigInt(seconds) * 1_000_000_000n, at + 16 + 8 * i, 8);
    else time(t, key, at + 16 + 8 * i, 'usec');
  }
  t.close();
}

function mode2(t: TreeBuilder, at: number): void {
  t.add('mode', at);
  t.nest(t.last());
  t.add('mode.name', at);
  for (const key of PERMISSIONS2) t.add(`mode.${key}`, at);
  t.close();
}

function time(t: TreeBuilder, key: string, at: number, unit: 'usec' | 'nsec'): void {
  const value = BigInt(t.u32(at)) * 1_000_000_000n + BigInt(t.u32(at + 4)) * (unit === 'usec' ? 1000n : 1n);
  t.nest(t.put(key, value, at, 8));
  t.add(`${key}.sec`, at);
  t.add(`${key}.${unit}`, at + 4);
  t.close();
}

// ---- version 3

const V3 = {
  getAttributes: 1,
  setAttributes: 2,
  lookup: 3,
  access: 4,
  readLink: 5,
  read: 6,
  write: 7,
  create: 8,
  makeDirectory: 9,
  symlink: 10,
  makeNode: 11,
  remove: 12,
  removeDirectory: 13,
  rename: 14,
  link: 15,
  readDirectory: 16,
  readDirectoryPlus: 17,
  statistics: 18,
  info: 19,
  pathConfiguration: 20,
  commit: 21,
} as const;

function handle3(t: TreeBuilder, label: string, at: number, before: string): number {
  const { hash, end } = fileHandle3(t, label, at);
  say(t, `${before}${hash}`);
  return end;
}

function directoryAndName3(t: TreeBuilder, at: number, before: string): number {
  const next = handle3(t, 'dir', at, before);
  const end = opaque(t, 'name', 'Name', next);
  say(t, `/${opaqueText(t, next)}`);
  return end;
}

function call3(t: TreeBuilder, procedure: number): void {
  const { at } = t;
  switch (procedure) {
    case V3.getAttributes:
    case V3.readLink:
    case V3.statistics:
    case V3.info:
    case V3.pathConfiguration:
      handle3(t, 'object', at, ', FH: ');
      break;
    case V3.setAttributes:
      guard(t, settable(t, handle3(t, 'object', at, ', FH: ')));
      break;
    case V3.lookup:
    case V3.remove:
    case V3.removeDirectory:
      directoryAndName3(t, at, ', DH: ');
      break;
    case V3.makeDirectory:
      settable(t, directoryAndName3(t, at, ', DH: '));
      break;
    case V3.access: {
      const next = handle3(t, 'object', at, ', FH: ');
      const asked = t.u32(next);
      t.put('access_check', asked & 0xff, next, 4);
      addRights(t, next, asked);
      say(t, `, [Check:${rights(asked)}]`);
      break;
    }
    case V3.read: {
      const next = handle3(t, 'file', at, ', FH: ');
      t.add('offset3', next);
      t.add('count3', next + 8);
      say(t, ` Offset: ${t.u64(next)} Len: ${t.u32(next + 8)}`);
      break;
    }
    case V3.write: {
      const next = handle3(t, 'file', at, ', FH: ');
      t.add('offset3', next);
      t.add('count3', next + 8);
      t.add('write.stable', next + 12);
      say(t, ` Offset: ${t.u64(next)} Len: ${t.u32(next + 8)} ${STABLE[t.u32(next + 12)] ?? 'Unknown'}`);
      opaque(t, 'data', 'Data', next + 16);
      break;
    }
    case V3.create: {
      const next = directoryAndName3(t, at, ', DH: ');
      const mode = t.u32(next);
      t.add('createmode', next);
      if (mode === 2) t.add('verifier', next + 4);
      else settable(t, next + 4);
      say(t, ` Mode: ${MODES[mode] ?? 'Unknown'}`);
      break;
    }
    case V3.symlink: {
      let next = directoryAndName3(t, at, ', From DH: ');
      next = settable(t, next);
      say(t, ` To ${opaqueText(t, next)}`);
      opaque(t, 'symlink.to', 'To', next);
      break;
    }
    case V3.makeNode: {
      const next = directoryAndName3(t, at, ', FH: ');
      t.add('type', next);
      say(t, ` Type: ${TYPES3[t.u32(next)] ?? 'Unknown'}`);
      if (t.u32(next) in NODES) settable(t, next + 4);
      break;
    }
    case V3.rename:
      directoryAndName3(t, directoryAndName3(t, at, ', From DH: '), ' To DH: ');
      break;
    case V3.link:
      directoryAndName3(t, handle3(t, 'file', at, ', FH: '), ', To DH: ');
      break;
    case V3.readDirectory:
    case V3.readDirectoryPlus: {
      const next = handle3(t, 'dir', at, ', FH: ');
      t.add('cookie3', next);
      t.add('verifier', next + 8);
      if (procedure === V3.readDirectory) t.add('count3', next + 16);
      else {
        t.add('count3_dircount', next + 16);
        t.add('count3_maxcount', next + 20);
      }
      break;
    }
    case V3.commit: {
      const next = handle3(t, 'file', at, ', FH: ');
      t.add('offset3', next);
      t.add('count3', next + 8);
      break;
    }
    default:
      break;
  }
}

function rights(mask: number): string {
  return RIGHTS.filter(([right]) => (mask & right) !== 0)
    .map(([, name]) => ` ${name}`)
    .join('');
}

function reply3(t: TreeBuilder, procedure: number): void {
  const { at } = t;
  const status = t.u32(at);
  t.add('status3', at);
  t.hide('status', status, at, 4);
  if (status !== 0) say(t, ` Error: ${NFS3_STATUS[status] ?? `Unknown error: ${status}`}`);
  if (status === 0) success3(t, procedure, at + 4);
  else failure3(t, procedure, at + 4);
}

/** What a failed call's reply still says: attributes of the object, or of the directory before and after. */
function failure3(t: TreeBuilder, procedure: number, at: number): void {
  switch (procedure) {
    case V3.getAttributes:
      break;
    case V3.setAttributes:
    case V3.write:
    case V3.create:
    case V3.makeDirectory:
    case V3.symlink:
    case V3.makeNode:
    case V3.remove:
    case V3.removeDirectory:
    case V3.commit:
      cacheData(t, at);
      break;
    case V3.rename:
      cacheData(t, cacheData(t, at));
      break;
    case V3.link:
      cacheData(t, maybeAttributes(t, at));
      break;
    default:
      maybeAttributes(t, at);
  }
}

function success3(t: TreeBuilder, procedure: number, at: number): void {
  switch (procedure) {
    case V3.getAttributes: {
      say(
        t,
        `  ${TYPES3[t.u32(at)] ?? 'Unknown'} mode: ${(t.u32(at + 4) & 0xfff).toString(8).padStart(4, '0')} uid: ${t.u32(at + 12)} gid: ${t.u32(at + 16)}`,
      );
      attributes3(t, 'obj_attributes', at);
      break;
    }
    case V3.lookup: {
      const next = handle3(t, 'object', at, ', FH: ');
      maybeAttributes(t, maybeAttributes(t, next));
      break;
    }
    case V3.access: {
      const next = maybeAttributes(t, at);
      const allowed = t.u32(next);
      t.put('access_rights', allowed & 0xff, next, 4);
      addRights(t, next, ALL_RIGHTS);
      say(t, `, [Allowed:${rights(allowed)}]`);
      break;
    }
    case V3.readLink: {
      const next = maybeAttributes(t, at);
      say(t, ` Path: ${opaqueText(t, next)}`);
      opaque(t, 'readlink.data', 'data', next);
      break;
    }
    case V3.read: {
      const next = maybeAttributes(t, at);
      t.add('count3', next);
      t.add('read.eof', next + 4);
      say(t, ` Len: ${t.u32(next)}`);
      opaque(t, 'data', 'Data', next + 8);
      break;
    }
    case V3.write: {
      const next = cacheData(t, at);
      t.add('count3', next);
      t.add('write.committed', next + 4);
      say(t, ` Len: ${t.u32(next)} ${STABLE[t.u32(next + 4)] ?? 'Unknown'}`);
      t.add('verifier', next + 8);
      break;
    }
    case V3.create:
    case V3.makeDirectory:
    case V3.symlink:
    case V3.makeNode: {
      let next = at + 4;
      t.add('handle_follow', at);
      if (t.u32(at) !== 0) {
        const { hash, end } = fileHandle3(t, 'object', next);
        if (procedure !== V3.symlink && procedure !== V3.makeNode) say(t, `, FH: ${hash}`);
        next = end;
      }
      cacheData(t, maybeAttributes(t, next));
      break;
    }
    case V3.commit:
      t.add('verifier', cacheData(t, at));
      break;
    case V3.readDirectory: {
      const next = maybeAttributes(t, at);
      t.add('verifier', next);
      t.add('readdir.eof', entries3(t, next + 8, false));
      break;
    }
    case V3.readDirectoryPlus: {
      const next = maybeAttributes(t, at);
      t.add('verifier', next);
      t.add('readdir.eof', entries3(t, next + 8, true));
      break;
    }
    case V3.statistics: {
      const next = maybeAttributes(t, at);
      for (const [i, key] of ['tbytes', 'fbytes', 'abytes', 'tfiles', 'ffiles', 'afiles'].entries())
        t.add(`fsstat3_resok.${key}`, next + 8 * i);
      t.add('fsstat.invarsec', next + 48);
      break;
    }
    case V3.info: {
      const next = maybeAttributes(t, at);
      for (const [i, key] of ['rtmax', 'rtpref', 'rtmult', 'wtmax', 'wtpref', 'wtmult', 'dtpref'].entries())
        t.add(`fsinfo.${key}`, next + 4 * i);
      t.add('fsinfo.maxfilesize', next + 28);
      addAbilities(t, next + 36);
      break;
    }
    case V3.pathConfiguration: {
      const next = maybeAttributes(t, at);
      t.add('pathconf.linkmax', next);
      t.add('pathconf.name_max', next + 4);
      addPathFlags(t, next + 8);
      break;
    }
    default:
      failure3(t, procedure, at);
  }
}

function entries3(t: TreeBuilder, from: number, isPlus: boolean): number {
  const names: string[] = [];
  const prefix = isPlus ? 'readdirplus.entry' : 'readdir.entry3';
  const end = valueList(t, from, (at) => {
    t.add('readdir.entry', at, 0);
    const name = opaqueText(t, at + 8);
    t.last().text = `Entry: name ${name}`;
    t.nest(t.last());
    t.add(`${prefix}.fileid`, at);
    let next = opaque(t, `${prefix}.name`, 'Name', at + 8);
    t.add(`${prefix}.cookie`, next);
    next += 8;
    if (isPlus) {
      next = maybeAttributes(t, next);
      t.add('handle_follow', next);
      next = t.u32(next) === 0 ? next + 4 : fileHandle3(t, 'name_handle', next + 4).end;
    }
    t.close(next);
    names.push(name);
    return next;
  });
  if (names.length > 0)
    t.addInfo(
      names
        .slice(0, MAX_NAMES)
        .map((name) => ` ${name}`)
        .join(''),
    );
  return end;
}

/** RFC 1813 2.5 fattr3. */
function attributes3(t: TreeBuilder, label: string, at: number): number {
  t.nest(t.text(label, at, 84));
  t.add('fattr3.type', at);
  mode3(t, at + 4);
  t.add('fattr3.nlink', at + 8);
  t.add('fattr3.uid', at + 12);
  t.add('fattr3.gid', at + 16);
  t.add('fattr3.size', at + 20);
  t.add('fattr3.used', at + 28);
  addDevice(t, at + 36);
  t.add('fattr3.fsid', at + 44);
  t.add('fattr3.fileid', at + 52);
  time(t, 'atime', at + 60, 'nsec');
  time(t, 'mtime', at + 68, 'nsec');
  time(t, 'ctime', at + 76, 'nsec');
  t.close();
  return at + 84;
}

function mode3(t: TreeBuilder, at: number): void {
  t.add('mode3', at);
  t.nest(t.last());
  for (const key of PERMISSIONS) t.add(`mode3.${key}`, at);
  t.close();
}

/** post_op_attr: there or not. */
function maybeAttributes(t: TreeBuilder, at: number): number {
  t.add('attributes_follow', at);
  return t.u32(at) === 0 ? at + 4 : attributes3(t, 'attributes', at + 4);
}

/** wcc_data: what the object was before and is after. */
function cacheData(t: TreeBuilder, at: number): number {
  t.nest(t.text('before', at, 4));
  t.add('attributes_follow', at);
  let next = at + 4;
  if (t.u32(at) !== 0) {
    t.add('wcc_attr.size', next);
    time(t, 'mtime', next + 8, 'nsec');
    time(t, 'ctime', next + 16, 'nsec');
    next += 24;
  }
  t.close(next);
  return maybeAttributes(t, next);
}

/** RFC 1813 2.6 sattr3: what a call sets, each piece there or not. */
function settable(t: TreeBuilder, from: number): number {
  t.nest(t.text('new_attributes', from, 0));
  let at = from;
  for (const key of ['mode3', 'uid3', 'gid3', 'set_size']) {
    const isSet = t.u32(at) !== 0;
    t.add('set_it', at);
    at += 4;
    if (!isSet) continue;
    if (key === 'mode3') mode3(t, at);
    else t.add(key, at);
    at += key === 'set_size' ? 8 : 4;
  }
  for (const key of ['atime', 'mtime']) {
    const how = t.u32(at);
    t.add('set_it', at);
    at += 4;
    if (how !== 2) continue;
    time(t, key, at, 'nsec');
    at += 8;
  }
  t.close(at);
  return at;
}

/** sattrguard3: attributes are set only where the object's ctime is still this one. */
function guard(t: TreeBuilder, at: number): void {
  t.add('sattrguard3', at);
  if (t.u32(at) === 1) time(t, 'ctime', at + 4, 'nsec');
}
