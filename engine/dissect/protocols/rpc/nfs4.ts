/** NFS version 4 (RFC 7530, 5661, 7862): one procedure, COMPOUND, whose operations are read as far as their layout is known. */

import type { FieldSpec } from '../../field-spec.ts';
import type { TreeBuilder } from '../../tree.ts';
import { opaque, opaqueText } from './call.ts';
import { fileHandle3 } from './file-handle.ts';
import { NFS4_OPERATIONS, NFS4_STATUS } from './nfs-names.ts';

const OP = {
  access: 3,
  close: 4,
  commit: 5,
  getAttributes: 9,
  getHandle: 10,
  link: 11,
  lookup: 15,
  lookupParent: 16,
  openConfirm: 20,
  putHandle: 22,
  putPublic: 23,
  putRoot: 24,
  read: 25,
  readLink: 27,
  remove: 28,
  rename: 29,
  renew: 30,
  restoreHandle: 31,
  saveHandle: 32,
  setClientIdConfirm: 36,
  write: 38,
  destroySession: 44,
  secInfoNoName: 52,
  sequence: 53,
  destroyClientId: 57,
  reclaimComplete: 58,
} as const;
/** Operations that only prepare others: Info names them when there is nothing else. */
const PREPARING: ReadonlySet<number> = new Set([
  OP.getHandle,
  OP.putHandle,
  OP.putPublic,
  OP.putRoot,
  OP.restoreHandle,
  OP.saveHandle,
  OP.sequence,
  OP.getAttributes,
]);
const MAX_OPERATIONS = 512;
const STATE_ID = 16;

export const fields4 = {
  nfsstat4: { type: 'u32', label: 'Status', names: NFS4_STATUS, many: true },
  tag: { type: 'string', label: 'contents', many: true },
  minorversion: { type: 'u32', label: 'minorversion', many: true },
  'ops.count': { type: 'u32', label: 'Operations', many: true },
  opcode: { type: 'u32', label: 'Opcode', names: NFS4_OPERATIONS, many: true },
  main_opcode: { type: 'u32', label: 'Main Opcode', names: NFS4_OPERATIONS, many: true },
  'stateid.seqid': { type: 'u32', label: 'StateID seqid', many: true },
  'stateid.other': { type: 'bytes', label: 'StateID Other', length: 12, many: true },
  offset4: { type: 'u64', label: 'offset', many: true },
  count4: { type: 'u32', label: 'count', many: true },
  'pathname.component': { type: 'string', label: 'contents', many: true },
  seqid: { type: 'u32', label: 'seqid', show: 'hex', many: true },
  stable_how4: {
    type: 'u32',
    label: 'stable',
    names: { 0: 'UNSTABLE4', 1: 'DATA_SYNC4', 2: 'FILE_SYNC4' },
    many: true,
  },
  verifier4: { type: 'u64', label: 'verifier', show: 'hex', many: true },
  'change_info.atomic': { type: 'bool', of: 'u32', label: 'Atomic', flag: ['Yes', 'No'], many: true },
  'changeid4.before': { type: 'u64', label: 'changeid (before)', many: true },
  'changeid4.after': { type: 'u64', label: 'changeid (after)', many: true },
  eof: { type: 'u32', label: 'eof', many: true },
  'session.id4': { type: 'bytes', label: 'sessionid', abbrev: 'nfs.session_id4', length: 16, many: true },
} as const satisfies Readonly<Record<string, FieldSpec>>;

interface Said {
  readonly operation: number;
  readonly text: string;
}

export function compound(t: TreeBuilder, isReply: boolean): void {
  let at = t.at;
  let status = 0;
  if (isReply) {
    status = t.u32(at);
    t.add('nfsstat4', at);
    t.hide('status', status, at, 4);
    at += 4;
  }
  at = opaque(t, 'tag', 'Tag', at);
  if (!isReply) at = t.add('minorversion', at);
  const count = t.u32(at);
  t.nest(t.put('ops.count', count, at, 4, `Operations (count: ${count})`));
  at += 4;
  const said: Said[] = [];
  let handle = '';
  for (let i = 0; i < count && i < MAX_OPERATIONS && at < t.end; i++) {
    const operation = t.u32(at);
    const name = NFS4_OPERATIONS[operation];
    if (name === undefined) {
      t.text(`Unknown operation ${operation}`, at, 4);
      break;
    }
    t.add('opcode', at);
    t.nest(t.last());
    const done = isReply ? result(t, operation, at + 4) : argument(t, operation, at + 4, handle);
    t.close();
    said.push({ operation, text: `${name}${done.text}` });
    if (done.handle !== '') handle = done.handle;
    if (done.end < 0) {
      if (i + 1 < count) t.text(`${count - i - 1} more operations`, at + 4, t.end - at - 4);
      break;
    }
    at = done.end;
  }
  t.close();
  summary(t, said, isReply, status);
}

/** The operations that matter; those that prepare them only when there is nothing else. */
function summary(t: TreeBuilder, said: readonly Said[], isReply: boolean, status: number): void {
  const only = (wanted: number): readonly Said[] => said.filter(({ operation }) => operation === wanted);
  const main = said.filter(({ operation }) => !PREPARING.has(operation) && operation !== OP.access);
  const tiers = [main, only(OP.access), only(OP.getAttributes)];
  const shown = tiers.find((tier) => tier.length > 0) ?? said;
  for (const { operation } of shown) t.generated('main_opcode', operation);
  t.addInfo(shown.map(({ text }) => ` ${text}`).join(' |'));
  if (isReply && status !== 0) t.addInfo(` Status: ${NFS4_STATUS[status] ?? `Unknown (${status})`}`);
}

interface Done {
  /** One past the operation; -1: its layout is not known. */
  readonly end: number;
  readonly text: string;
  /** The current file handle from here on. */
  readonly handle: string;
}

function argument(t: TreeBuilder, operation: number, at: number, handle: string): Done {
  const done = (end: number, text = '', newHandle = ''): Done => ({ end, text, handle: newHandle });
  const current = handle === '' ? '' : ` FH: ${handle}`;
  const inDirectory = (name: string): string => (handle === '' ? ` ${name}` : ` DH: ${handle}/${name}`);
  switch (operation) {
    case OP.putHandle: {
      const { hash, end } = fileHandle3(t, 'FileHandle', at);
      return done(end, ` FH: ${hash}`, hash);
    }
    case OP.putPublic:
    case OP.putRoot:
    case OP.getHandle:
    case OP.restoreHandle:
    case OP.saveHandle:
    case OP.lookupParent:
    case OP.readLink:
      return done(at, operation === OP.readLink ? current : '');
    case OP.getAttributes:
      return done(bitmap(t, at), current);
    case OP.access:
      t.put('access_check', t.u32(at) & 0xff, at, 4);
      return done(at + 4, current);
    case OP.lookup:
    case OP.remove:
      return done(opaque(t, 'pathname.component', 'Name', at), inDirectory(opaqueText(t, at)));
    case OP.rename: {
      const next = opaque(t, 'pathname.component', 'Name', at);
      return done(
        opaque(t, 'pathname.component', 'Name', next),
        ` From: ${opaqueText(t, at)} To: ${opaqueText(t, next)}`,
      );
    }
    case OP.link:
      return done(opaque(t, 'pathname.component', 'Name', at), inDirectory(opaqueText(t, at)));
    case OP.close:
      t.add('seqid', at);
      stateId(t, at + 4);
      return done(at + 4 + STATE_ID);
    case OP.commit:
      t.add('offset4', at);
      t.add('count4', at + 8);
      return done(at + 12, current);
    case OP.read:
      stateId(t, at);
      t.add('offset4', at + STATE_ID);
      t.add('count4', at + STATE_ID + 8);
      return done(at + STATE_ID + 12, ` Offset: ${t.u64(at + STATE_ID)} Len: ${t.u32(at + STATE_ID + 8)}`);
    case OP.write: {
      stateId(t, at);
      t.add('offset4', at + STATE_ID);
      t.add('stable_how4', at + STATE_ID + 8);
      const next = at + STATE_ID + 12;
      const end = opaque(t, 'data', 'Data', next);
      return done(end, ` Offset: ${t.u64(at + STATE_ID)} Len: ${t.u32(next)}`);
    }
    case OP.renew:
    case OP.destroyClientId:
      t.need(at, 8);
      return done(at + 8);
    case OP.setClientIdConfirm:
    case OP.destroySession:
      t.need(at, 16);
      return done(at + 16);
    case OP.openConfirm:
      stateId(t, at);
      return done(at + STATE_ID + 4);
    case OP.secInfoNoName:
    case OP.reclaimComplete:
      t.need(at, 4);
      return done(at + 4);
    case OP.sequence:
      t.add('session.id4', at);
      t.add('seqid', at + 16);
      t.need(at + 16, 16);
      return done(at + 32);
    default:
      return done(-1);
  }
}

function result(t: TreeBuilder, operation: number, at: number): Done {
  const status = t.u32(at);
  t.add('nfsstat4', at);
  t.hide('status', status, at, 4);
  const done = (end: number, text = '', handle = ''): Done => ({ end, text, handle });
  if (status !== 0) return done(at + 4);
  const next = at + 4;
  switch (operation) {
    case OP.getHandle: {
      const { hash, end } = fileHandle3(t, 'Filehandle', next);
      return done(end, ` FH: ${hash}`, hash);
    }
    case OP.putHandle:
    case OP.putPublic:
    case OP.putRoot:
    case OP.restoreHandle:
    case OP.saveHandle:
    case OP.lookup:
    case OP.lookupParent:
    case OP.renew:
    case OP.setClientIdConfirm:
    case OP.destroySession:
    case OP.destroyClientId:
    case OP.reclaimComplete:
      return done(next);
    case OP.getAttributes: {
      const values = bitmap(t, next);
      const length = t.u32(values);
      t.need(values + 4, length);
      return done(values + 4 + length + ((4 - (length % 4)) % 4));
    }
    case OP.access:
      t.put('access_rights', t.u32(next + 4) & 0xff, next + 4, 4);
      return done(next + 8);
    case OP.close: // its state id says nothing any more (RFC 7530 16.2.5)
      t.need(next, STATE_ID);
      return done(next + STATE_ID);
    case OP.openConfirm:
      stateId(t, next);
      return done(next + STATE_ID);
    case OP.commit:
      t.add('verifier4', next);
      return done(next + 8);
    case OP.read:
      t.add('eof', next);
      return done(opaque(t, 'data', 'Data', next + 4));
    case OP.write:
      t.add('count4', next);
      t.add('stable_how4', next + 4);
      t.add('verifier4', next + 8);
      return done(next + 16);
    case OP.readLink:
      return done(opaque(t, 'readlink.data', 'data', next));
    case OP.remove:
    case OP.link:
      return done(changeInfo(t, next));
    case OP.rename:
      return done(changeInfo(t, changeInfo(t, next)));
    case OP.sequence:
      t.add('session.id4', next);
      t.add('seqid', next + 16);
      t.need(next + 16, 20);
      return done(next + 36);
    default:
      return done(-1);
  }
}

/** RFC 7530 2.2.5: what a directory was before and is after. */
function changeInfo(t: TreeBuilder, at: number): number {
  t.add('change_info.atomic', at);
  t.add('changeid4.before', at + 4);
  return t.add('changeid4.after', at + 12);
}

function stateId(t: TreeBuilder, at: number): void {
  t.add('stateid.seqid', at);
  t.add('stateid.other', at + 4);
}

/** A list of words whose bits name attributes. Returns one past it. */
function bitmap(t: TreeBuilder, at: number): number {
  const count = t.u32(at);
  t.need(at + 4, 4 * count);
  t.text(`Attr mask (${count} words)`, at, 4 + 4 * count);
  return at + 4 + 4 * count;
}
