/** NFS's mount protocol (RFC 1094 appendix A, RFC 1813 appendix I): a path becomes a file handle. */

import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { list, opaque, opaqueText, procedureRows, sharedFields } from './call.ts';
import { fileHandle, fileHandle3, handleFields } from './file-handle.ts';
import { MOUNT_PROCEDURES } from './programs.ts';

const PROCEDURE = { mount: 1, dump: 2, unmount: 3, export: 5 } as const;
const ERRORS: Readonly<Record<number, string>> = {
  0: 'OK',
  1: 'ERR_PERM',
  2: 'ERR_NOENT',
  5: 'ERR_IO',
  13: 'ERR_ACCESS',
  20: 'ERR_NOTDIR',
  22: 'ERR_INVAL',
  63: 'ERR_NAMETOOLONG',
  10004: 'ERR_NOTSUPP',
  10006: 'ERR_SERVERFAULT',
};
const FLAVORS: Readonly<Record<number, string>> = {
  0: 'AUTH_NULL',
  1: 'AUTH_UNIX',
  2: 'AUTH_SHORT',
  3: 'AUTH_DES',
  6: 'RPCSEC_GSS',
  390003: 'RPCSEC_GSS_KRB5',
  390004: 'RPCSEC_GSS_KRB5I',
  390005: 'RPCSEC_GSS_KRB5P',
};

export const mount = defineProtocol({
  name: 'mount',
  title: 'Mount Service',
  unlisted: true,
  short: 'MOUNT',
  fields: {
    ...sharedFields,
    ...handleFields,
    procedure_v1: { type: 'u32', label: 'V1 Procedure', names: MOUNT_PROCEDURES[1], many: true },
    procedure_v2: { type: 'u32', label: 'V2 Procedure', names: MOUNT_PROCEDURES[2], many: true },
    procedure_v3: { type: 'u32', label: 'V3 Procedure', names: MOUNT_PROCEDURES[3], many: true },
    path: { type: 'string', label: 'contents', many: true },
    status: { type: 'u32', label: 'Status', names: ERRORS, many: true },
    'dump.entry': { type: 'none', label: 'Mount List Entry', many: true },
    'dump.hostname': { type: 'string', label: 'contents', many: true },
    'dump.directory': { type: 'string', label: 'contents', many: true },
    'export.entry': { type: 'none', label: 'Export List Entry', many: true },
    'export.directory': { type: 'string', label: 'contents', many: true },
    'export.groups': { type: 'none', label: 'Groups', many: true },
    'export.group': { type: 'string', label: 'contents', many: true },
    flavors: { type: 'u32', label: 'Flavors', many: true },
    flavor: { type: 'u32', label: 'Flavor', names: FLAVORS, many: true },
  },
  tree(t) {
    const { version, procedure, isReply } = procedureRows(t);
    if (t.at >= t.end) return;
    const { at } = t;
    switch (procedure) {
      case PROCEDURE.mount:
        if (isReply) mounted(t, version, at);
        else path(t, at);
        break;
      case PROCEDURE.unmount:
        if (!isReply) path(t, at);
        break;
      case PROCEDURE.dump:
        if (isReply) list(t, at, (entry) => dumpEntry(t, entry));
        break;
      case PROCEDURE.export:
        if (isReply) list(t, at, (entry) => exportEntry(t, entry));
        break;
      default:
        break;
    }
  },
});

function path(t: TreeBuilder, at: number): void {
  opaque(t, 'path', 'Path', at);
  t.addInfo(` ${opaqueText(t, at)}`);
  t.addLabel(` ${opaqueText(t, at)}`);
}

function mounted(t: TreeBuilder, version: number, at: number): void {
  const status = t.u32(at);
  t.add('status', at);
  if (status !== 0) {
    t.addInfo(` Error:${ERRORS[status] ?? `Unknown (0x${status.toString(16).padStart(8, '0')})`}`);
    return;
  }
  if (version < 3) {
    fileHandle(t, 'fhandle', at + 4, 32);
    return;
  }
  let next = fileHandle3(t, 'fhandle', at + 4).end;
  const count = t.u32(next);
  t.add('flavors', next);
  next += 4;
  t.need(next, 4 * count);
  for (let i = 0; i < count; i++) next = t.add('flavor', next);
}

function dumpEntry(t: TreeBuilder, from: number): number {
  t.add('dump.entry', from, 0);
  t.nest(t.last());
  const at = opaque(t, 'dump.directory', 'Directory', opaque(t, 'dump.hostname', 'Hostname', from));
  t.close(at);
  return at;
}

function exportEntry(t: TreeBuilder, from: number): number {
  t.add('export.entry', from, 0);
  t.last().text = `Export List Entry: ${opaqueText(t, from)}`;
  t.nest(t.last());
  let at = opaque(t, 'export.directory', 'Directory', from);
  t.add('export.groups', at, 0);
  t.nest(t.last());
  at = list(t, at, (group) => opaque(t, 'export.group', 'Group', group));
  t.close(at);
  t.close(at);
  return at;
}
