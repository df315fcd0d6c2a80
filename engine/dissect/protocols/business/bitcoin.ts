/** Bitcoin's peer protocol: a magic number of the network, a command's name, a length, a check sum. */

import { u32, u32le } from '../../../base/bytes.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const AT = { command: 4, length: 16, checksum: 20, body: 24 } as const;
/** Main network, test networks, as bytes in order. */
const MAGICS: ReadonlySet<number> = new Set([0xf9beb4d9, 0xfabfb5da, 0x0b110907]);
const MAX_LENGTH = 32 << 20;
/** Commands whose contents are a layer of their own. */
const WITH_BODY: ReadonlySet<string> = new Set([
  'version',
  'addr',
  'inv',
  'getdata',
  'notfound',
  'getblocks',
  'getheaders',
  'tx',
  'block',
  'headers',
  'ping',
  'pong',
  'reject',
  'filterload',
  'filteradd',
  'merkleblock',
  'sendcmpct',
  'feefilter',
]);
const KNOWN: ReadonlySet<string> = new Set([
  ...WITH_BODY,
  'verack',
  'getaddr',
  'mempool',
  'filterclear',
  'sendheaders',
]);
const NANOSECONDS = 1_000_000_000n;

function isMessage(bytes: Uint8Array, at: number, end: number): boolean {
  return end - at < 4 || MAGICS.has(u32(bytes, at));
}

export const bitcoin = defineProtocol({
  name: 'bitcoin',
  title: 'Bitcoin protocol',
  short: 'Bitcoin',
  opens: ['bitcoin'],
  fields: {
    magic: { type: 'u32', label: 'Packet magic', show: 'hex' },
    command: { type: 'string', label: 'Command name' },
    length: { type: 'u32', label: 'Payload Length', little: true },
    checksum: { type: 'u32', label: 'Payload checksum', show: 'hex' },
    'version.version': { type: 'u32', label: 'Protocol version', little: true },
    'version.services': { type: 'u64', label: 'Node services', show: 'hex', little: true },
    'version.timestamp': { type: 'time', label: 'Node timestamp' },
    'version.nonce': { type: 'u64', label: 'Random nonce', show: 'hex', little: true },
    'version.start_height': { type: 'u32', label: 'Block start height', little: true },
    'version.relay': { type: 'u8', label: 'Relay flag' },
    'inv.count': { type: 'u8', label: 'Count' },
    'inv.type': {
      type: 'u32',
      label: 'Type',
      little: true,
      names: { 0: 'ERROR', 1: 'MSG_TX', 2: 'MSG_BLOCK' },
      many: true,
    },
    'inv.hash': { type: 'bytes', label: 'Data hash', many: true },
    'version.agent': { type: 'string', label: 'User agent', abbrev: 'bitcoin.version.agent' },
    data: { type: 'bytes', label: 'Data', abbrev: 'bitcoin.data' },
  },
  recogniseOn: ['tcp'],
  recognise: (bytes, at, end) =>
    end - at >= AT.body && isMessage(bytes, at, end) && u32le(bytes, at + AT.length) <= MAX_LENGTH,
  frame(f: Framing): number {
    if (!isMessage(f.bytes, f.at, f.end)) return NOT_MINE;
    if (f.end - f.at < AT.checksum) return MORE;
    const length = u32le(f.bytes, f.at + AT.length);
    return length > MAX_LENGTH ? NOT_MINE : AT.body + length;
  },
  tree(t) {
    const { at } = t;
    if (t.hint.startsWith('bitcoin ')) {
      body(t, t.hint.slice('bitcoin '.length), at);
      return;
    }
    const command = t.string(at + AT.command, 12, 'latin1', true);
    const said = KNOWN.has(command) ? command : '[unknown command]';
    t.info(t.fencedInfo === '' ? said : `, ${said}`);
    t.add('magic', at);
    t.put('command', command, at + AT.command, 12);
    t.add('length', at + AT.length);
    t.add('checksum', at + AT.checksum);
    const next = at + AT.body;
    if (next >= t.end) return;
    if (!WITH_BODY.has(command)) {
      t.add('data', next, t.end - next);
      return;
    }
    t.headerEnd(next);
    t.hint = `bitcoin ${command}`;
    t.dissect('bitcoin', next);
    t.hint = '';
  },
});

function body(t: TreeBuilder, command: string, at: number): void {
  t.label(`${command} message`);
  if (command === 'version') version(t, at);
  else if (command === 'inv' && t.u8(at) < 0xfd) {
    t.add('inv.count', at);
    let next = at + 1;
    for (let i = t.u8(at); i > 0; i--) next = t.add('inv.hash', t.add('inv.type', next), 32);
  } else t.add('data', at, t.end - at);
}

function version(t: TreeBuilder, at: number): void {
  t.add('version.version', at);
  t.add('version.services', at + 4);
  t.put('version.timestamp', t.u64le(at + 12) * NANOSECONDS, at + 12, 8);
  t.add('version.nonce', at + 72);
  const length = t.u8(at + 80);
  if (length >= 0xfd) return;
  if (length > 0) t.add('version.agent', at + 81, length);
  const next = t.add('version.start_height', at + 81 + length);
  if (next < t.end) t.add('version.relay', next);
}
