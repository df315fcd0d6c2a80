/** RPC programs (IANA "RPC Program Numbers" and common practice): names, layers, procedures. */

import { NFS2_PROCEDURES, NFS3_PROCEDURES } from './nfs-names.ts';

export interface Program {
  readonly name: string;
  /** The protocol above RPC; empty: none knows what is inside. */
  readonly layer?: string;
  procedures?(version: number): Readonly<Record<number, string>>;
}

const PORTMAP_V2 = ['NULL', 'SET', 'UNSET', 'GETPORT', 'DUMP', 'CALLIT'];
const PORTMAP_V3 = ['NULL', 'SET', 'UNSET', 'GETADDR', 'DUMP', 'CALLIT', 'GETTIME', 'UADDR2TADDR', 'TADDR2UADDR'];
const PORTMAP_V4 = [
  'NULL',
  'SET',
  'UNSET',
  'GETADDR',
  'DUMP',
  'BCAST',
  'GETTIME',
  'UADDR2TADDR',
  'TADDR2UADDR',
  'GETVERSADDR',
  'INDIRECT',
  'GETADDRLIST',
];
const MOUNT = ['NULL', 'MNT', 'DUMP', 'UMNT', 'UMNTALL', 'EXPORT', 'EXPORTALL', 'PATHCONF'];
const NLM = [
  'NULL',
  'TEST',
  'LOCK',
  'CANCEL',
  'UNLOCK',
  'GRANTED',
  'TEST_MSG',
  'LOCK_MSG',
  'CANCEL_MSG',
  'UNLOCK_MSG',
  'GRANTED_MSG',
  'TEST_RES',
  'LOCK_RES',
  'CANCEL_RES',
  'UNLOCK_RES',
  'GRANTED_RES',
  '',
  '',
  '',
  '',
  'SHARE',
  'UNSHARE',
  'NM_LOCK',
  'FREE_ALL',
];
const STAT = ['NULL', 'STAT', 'MON', 'UNMON', 'UNMON_ALL', 'SIMU_CRASH', 'NOTIFY'];
const YPSERV = [
  'NULL',
  'DOMAIN',
  'DOMAIN_NONACK',
  'MATCH',
  'FIRST',
  'NEXT',
  'XFR',
  'CLEAR',
  'ALL',
  'MASTER',
  'ORDER',
  'MAPLIST',
];
const RQUOTA = ['NULL', 'GETQUOTA', 'GETACTIVEQUOTA', 'SETQUOTA', 'SETACTIVEQUOTA'];
const BOOTPARAMS = ['NULL', 'WHOAMI', 'GETFILE'];

export function table(names: readonly string[]): Readonly<Record<number, string>> {
  return Object.fromEntries([...names.entries()].filter(([, name]) => name !== ''));
}

function same(names: readonly string[]): () => Readonly<Record<number, string>> {
  const made = table(names);
  return () => made;
}

export const PORTMAP_PROCEDURES = { 2: table(PORTMAP_V2), 3: table(PORTMAP_V3), 4: table(PORTMAP_V4) } as const;
export const MOUNT_PROCEDURES = { 1: table(MOUNT.slice(0, 7)), 2: table(MOUNT), 3: table(MOUNT.slice(0, 6)) } as const;
export const BOOTPARAMS_PROCEDURES = table(BOOTPARAMS);
export const NLM_PROCEDURES = table(NLM);
export const STAT_PROCEDURES = table(STAT);
const NFS4_PROCEDURES: Readonly<Record<number, string>> = { 0: 'NULL', 1: 'COMPOUND' };

export const PROGRAMS: Readonly<Record<number, Program>> = {
  100000: {
    name: 'Portmap',
    layer: 'portmap',
    procedures: (version) =>
      version <= 2 ? PORTMAP_PROCEDURES[2] : version === 3 ? PORTMAP_PROCEDURES[3] : PORTMAP_PROCEDURES[4],
  },
  100001: { name: 'RSTAT' },
  100002: { name: 'RUSERS' },
  100003: {
    name: 'NFS',
    layer: 'nfs',
    procedures: (version) => (version === 2 ? NFS2_PROCEDURES : version === 3 ? NFS3_PROCEDURES : NFS4_PROCEDURES),
  },
  100004: { name: 'YPSERV', procedures: same(YPSERV) },
  100005: {
    name: 'MOUNT',
    layer: 'mount',
    procedures: (version) =>
      version === 1 ? MOUNT_PROCEDURES[1] : version === 2 ? MOUNT_PROCEDURES[2] : MOUNT_PROCEDURES[3],
  },
  100007: { name: 'YPBIND' },
  100008: { name: 'WALL' },
  100009: { name: 'YPPASSWD' },
  100011: { name: 'RQUOTA', procedures: same(RQUOTA) },
  100012: { name: 'SPRAY' },
  100017: { name: 'REXEC' },
  100020: { name: 'KLM' },
  100021: { name: 'NLM', layer: 'nlm', procedures: () => NLM_PROCEDURES },
  100024: { name: 'STAT', layer: 'stat', procedures: () => STAT_PROCEDURES },
  100026: { name: 'BOOTPARAMS', layer: 'bootparams', procedures: () => BOOTPARAMS_PROCEDURES },
  100028: { name: 'YPXFR' },
  100029: { name: 'KEYSERV' },
  100068: { name: 'CMSD' },
  100083: { name: 'TTDB' },
  100227: { name: 'NFSACL' },
  100300: { name: 'NIS+' },
  150001: { name: 'PCNFSD' },
};

export function programName(program: number): string {
  return PROGRAMS[program]?.name ?? 'Unknown';
}

export function procedureName(program: number, version: number, procedure: number): string {
  return PROGRAMS[program]?.procedures?.(version)[procedure] ?? (procedure === 0 ? 'NULL' : `proc-${procedure}`);
}
