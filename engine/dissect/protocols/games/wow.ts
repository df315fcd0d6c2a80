/** World of Warcraft's realm server: signing in (SRP 6), and the list of realms. No header: a command, then its parts. */

import { defineProtocol } from '../../protocol.ts';
import { isFromServer } from '../../text-lines.ts';
import type { TreeBuilder } from '../../tree.ts';

const PORT = 3724;
const COMMAND = { challenge: 0x00, proof: 0x01, realms: 0x10 } as const;
const KEY = 32;
const HASH = 20;
const CMDS: Readonly<Record<number, string>> = {
  0x0: 'Authentication Logon Challenge',
  0x1: 'Authentication Logon Proof',
  0x2: 'Authentication Reconnect Challenge',
  0x3: 'Authentication Reconnect Proof',
  0x10: 'Realm List',
  0x30: 'Transfer Initiate',
  0x31: 'Transfer Data',
  0x32: 'Transfer Accept',
  0x33: 'Transfer Resume',
  0x34: 'Transfer Cancel',
};

export const wow = defineProtocol({
  name: 'wow',
  title: 'World of Warcraft',
  on: { 'tcp.port': [PORT] },
  header: 1,
  fields: {
    cmd: { type: 'u8', label: 'Command', show: 'hex', names: CMDS },
    protocol_version: { type: 'u8', label: 'Protocol version' },
    pkt_size: { type: 'u16', label: 'Packet size', little: true },
    gamename: { type: 'string', label: 'Game name' },
    version1: { type: 'u8', label: 'Version 1' },
    version2: { type: 'u8', label: 'Version 2' },
    version3: { type: 'u8', label: 'Version 3' },
    build: { type: 'u16', label: 'Build', little: true },
    platform: { type: 'string', label: 'Platform' },
    os: { type: 'string', label: 'Operating system' },
    country: { type: 'string', label: 'Country' },
    timezone_bias: { type: 'u32', label: 'Timezone bias', little: true },
    ip: { type: 'ipv4', label: 'IP address' },
    'srp.i_len': { type: 'u8', label: 'SRP I length' },
    'srp.i': { type: 'string', label: 'SRP I' },
    error: { type: 'u8', label: 'Error', show: 'hex' },
    'srp.b': { type: 'bytes', label: 'SRP B' },
    'srp.g_len': { type: 'u8', label: 'SRP g length' },
    'srp.g': { type: 'bytes', label: 'SRP g' },
    'srp.n_len': { type: 'u8', label: 'SRP N length' },
    'srp.n': { type: 'bytes', label: 'SRP N' },
    'srp.s': { type: 'bytes', label: 'SRP s' },
    crc_salt: { type: 'bytes', label: 'CRC salt' },
    two_factor_enabled: { type: 'bool', label: 'Two factor enabled' },
    'srp.a': { type: 'bytes', label: 'SRP A' },
    'srp.m1': { type: 'bytes', label: 'SRP M1' },
    'srp.m2': { type: 'bytes', label: 'SRP M2' },
    crc_hash: { type: 'bytes', label: 'CRC hash' },
    num_keys: { type: 'u8', label: 'Number of keys' },
  },
  accepts: (bytes, at) => COMMANDS.has(bytes[at]),
  tree(t) {
    const { at } = t;
    const command = t.u8(at);
    const isServer = isFromServer(t, [PORT]);
    t.info(t.nameOf('cmd', command) ?? `Unknown (0x${command.toString(16).padStart(2, '0')})`);
    t.add('cmd', at);
    if (command === COMMAND.challenge) {
      if (isServer) challenge(t, at + 1);
      else signIn(t, at + 1);
    } else if (command === COMMAND.proof) {
      if (isServer) answer(t, at + 1);
      else proof(t, at + 1);
    }
  },
});

const COMMANDS: ReadonlySet<number> = new Set([0, 1, 2, 3, 0x10, 0x30, 0x31, 0x32, 0x33, 0x34]);

/** Four letters, last one first; the platform's and the system's end with a NUL. */
function reversed(t: TreeBuilder, key: string, at: number): void {
  const text = [...t.string(at, 4, 'latin1')].reverse().join('').replaceAll('\0', '');
  t.put(key, text, at, 4);
}

function signIn(t: TreeBuilder, at: number): void {
  t.add('protocol_version', at);
  t.add('pkt_size', at + 1);
  t.put('gamename', t.string(at + 3, 4, 'latin1', true), at + 3, 4);
  for (let i = 1; i <= 3; i++) t.add(`version${i}`, at + 6 + i);
  t.add('build', at + 10);
  reversed(t, 'platform', at + 12);
  reversed(t, 'os', at + 16);
  reversed(t, 'country', at + 20);
  t.add('timezone_bias', at + 24);
  t.add('ip', at + 28);
  t.add('srp.i_len', at + 32);
  t.add('srp.i', at + 33, t.u8(at + 32));
}

function challenge(t: TreeBuilder, at: number): void {
  t.add('protocol_version', at);
  t.add('error', at + 1);
  if (t.u8(at + 1) !== 0) return;
  let next = t.add('srp.b', at + 2, KEY);
  for (const key of ['g', 'n']) {
    const length = t.u8(next);
    next = t.add(`srp.${key}`, t.add(`srp.${key}_len`, next), length);
  }
  next = t.add('crc_salt', t.add('srp.s', next, KEY), 16);
  if (next < t.end) t.add('two_factor_enabled', next);
}

function proof(t: TreeBuilder, at: number): void {
  let next = t.add('srp.a', at, KEY);
  next = t.add('crc_hash', t.add('srp.m1', next, HASH), HASH);
  next = t.add('num_keys', next);
  if (next < t.end) t.add('two_factor_enabled', next);
}

function answer(t: TreeBuilder, at: number): void {
  t.add('error', at);
  if (t.u8(at) === 0) t.add('srp.m2', at + 1, HASH);
}
