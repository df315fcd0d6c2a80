/** Bits and small structures of NFS version 3 (RFC 1813): rights, what a file system can do, devices. */

import type { FieldSpec } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const RIGHTS = ['read', 'lookup', 'modify', 'extend', 'delete', 'execute'] as const;
const PROPERTIES: readonly (readonly [name: string, bit: number, label: string])[] = [
  ['setattr', 4, 'SETATTR can set the time on the server'],
  ['pathconf', 3, 'PATHCONF is the same for all files'],
  ['symlinks', 1, 'Symbolic links'],
  ['hardlinks', 0, 'Hard links'],
];
const FLAGS: readonly (readonly [name: string, label: string])[] = [
  ['no_trunc', 'Long names are refused'],
  ['chown_restricted', 'Only root changes owners'],
  ['case_insensitive', 'Names do not depend on case'],
  ['case_preserving', 'Names keep their case'],
];
const YES_NO = ['Yes', 'No'] as const;

function bits(prefix: string, list: readonly (readonly [string, number, string])[]): Record<string, FieldSpec> {
  return Object.fromEntries(
    list.map(([name, bit, label]) => [
      `${prefix}${name}`,
      { type: 'bool', of: 'u32', bits: [bit, bit], label, flag: YES_NO, many: true } satisfies FieldSpec,
    ]),
  );
}

export const nfs3BitFields: Readonly<Record<string, FieldSpec>> = {
  specdata1: { type: 'u32', label: 'specdata1', many: true },
  specdata2: { type: 'u32', label: 'specdata2', many: true },
  dtime: { type: 'duration', label: 'time delta', many: true },
  'dtime.sec': { type: 'u32', label: 'seconds', many: true },
  'dtime.nsec': { type: 'u32', label: 'nano seconds', many: true },
  ...bits(
    'access_',
    RIGHTS.map((name, i) => [name, i, name.toUpperCase()]),
  ),
  ...bits('fsinfo.properties.', PROPERTIES),
  ...Object.fromEntries(
    FLAGS.map(([name, label]) => [
      `pathconf.${name}`,
      { type: 'bool', of: 'u32', bits: [0, 0], label, flag: YES_NO, many: true } satisfies FieldSpec,
    ]),
  ),
};

/** Below the row added last: those of `asked` that the bits at `at` have or lack. */
export function addRights(t: TreeBuilder, at: number, asked: number): void {
  t.nest(t.last());
  for (const [i, name] of RIGHTS.entries()) if ((asked & (1 << i)) !== 0) t.add(`access_${name}`, at);
  t.close();
}

/** 3.3.19: how exact times are, and what the file system can do. */
export function addAbilities(t: TreeBuilder, at: number): void {
  const [seconds, fraction] = [t.u32(at), t.u32(at + 4)];
  t.nest(t.put('dtime', BigInt(seconds) * 1_000_000_000n + BigInt(fraction), at, 8));
  t.add('dtime.sec', at);
  t.add('dtime.nsec', at + 4);
  t.close();
  t.add('fsinfo.properties', at + 8);
  t.nest(t.last());
  for (const [name] of PROPERTIES) t.add(`fsinfo.properties.${name}`, at + 8);
  t.close();
}

/** 3.3.20: truths about names and owners. */
export function addPathFlags(t: TreeBuilder, at: number): void {
  for (const [i, [name]] of FLAGS.entries()) t.put(`pathconf.${name}`, t.u32(at + 4 * i) === 0 ? 0 : 1, at + 4 * i, 4);
}

/** Major and minor number of a device. */
export function addDevice(t: TreeBuilder, at: number): void {
  t.nest(t.text(`rdev: ${t.u32(at)},${t.u32(at + 4)}`, at, 8));
  t.add('specdata1', at);
  t.add('specdata2', at + 4);
  t.close();
}
