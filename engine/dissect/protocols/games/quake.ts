/**
 * The Quake games' protocols over UDP. QuakeWorld, II and III have a header of two sequence numbers, and texts outside of a game
 * behind four bytes of ones; the first Quake has a header of flags and length.
 */

import { u16, u32 } from '../../../base/bytes.ts';
import type { FieldSpec } from '../../field-spec.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const MARKER = 0xffffffff;
const PORT = {
  quake: 26_000,
  world: 27_500,
  two: 27_910,
  three: [27_950, 27_951, 27_952, 27_953, 27_960, 27_961, 27_962, 27_963],
} as const;
const MAX_LENGTH = 0xffff;
const CONTROL_COMMANDS: Readonly<Record<number, string>> = {
  0x1: 'connect',
  0x2: 'server_info',
  0x3: 'player_info',
  0x4: 'rule_info',
  0x81: 'accept',
  0x82: 'reject',
  0x83: 'server_info',
  0x84: 'player_info',
  0x85: 'rule_info',
};

const FIRST = { control: 0x8000 } as const;

export const quake = defineProtocol({
  name: 'quake',
  title: 'Quake Network Protocol',
  on: { 'udp.port': [PORT.quake] },
  opens: ['data'],
  header: 4,
  fields: {
    'header.flags': { type: 'u16', label: 'Flags', show: 'hex' },
    'header.flags.data': { type: 'bool', label: 'Data', bits: [0, 0], of: 'u16' },
    'header.flags.ack': { type: 'bool', label: 'Acknowledgment', bits: [1, 1], of: 'u16' },
    'header.flags.no_ack': { type: 'bool', label: 'No Acknowledgment', bits: [2, 2], of: 'u16' },
    'header.flags.endmsg': { type: 'bool', label: 'End Of Message', bits: [3, 3], of: 'u16' },
    'header.flags.unreliable': { type: 'bool', label: 'Unreliable', bits: [4, 4], of: 'u16' },
    'header.flags.control': { type: 'bool', label: 'Control', bits: [15, 15], of: 'u16' },
    'header.length': { type: 'u16', label: 'Length' },
    'header.sequence': { type: 'u32', label: 'Sequence', show: 'hex' },
    'control.command': { type: 'u8', label: 'Command', show: 'hex', names: CONTROL_COMMANDS },
    'control.connect.game': { type: 'string', label: 'Game' },
    'control.connect.version': { type: 'u8', label: 'Version' },
    'control.accept.port': { type: 'u32', label: 'Port' },
  },
  accepts: (bytes, at, end) => end - at < 4 || u16(bytes, at + 2) === end - at,
  tree(t) {
    const { at } = t;
    t.info('');
    const flags = t.u16(at);
    t.add('header.flags', at);
    t.nest(t.last());
    for (const key of ['data', 'ack', 'no_ack', 'endmsg', 'unreliable', 'control']) t.add(`header.flags.${key}`, at);
    t.close();
    t.add('header.length', at + 2);
    if ((flags & FIRST.control) !== 0) {
      control(t, at + 4);
      return;
    }
    t.add('header.sequence', at + 4);
    t.info(`seq 0x${t.u32(at + 4).toString(16)}`);
    t.headerEnd(at + 8);
    t.payload(at + 8);
  },
});

function control(t: TreeBuilder, at: number): void {
  const command = t.u8(at);
  t.add('control.command', at);
  t.info(`Control ${t.nameOf('control.command', command) ?? 'Unknown'}`);
  if (command === 1) {
    const next = terminated(t, 'control.connect.game', at + 1);
    t.add('control.connect.version', next);
  } else if (command === 0x81) t.put('control.accept.port', t.u32le(at + 1), at + 1, 4);
}

/** A text up to a NUL; returns one past that. */
function terminated(t: TreeBuilder, key: string, at: number): number {
  const nul = t.bytes.subarray(at, t.end).indexOf(0);
  const length = nul < 0 ? t.end - at : nul;
  t.put(key, t.string(at, length, 'latin1'), at, length);
  return at + length + 1;
}

/** What the three later games share. */
const LATER = (name: string): Readonly<Record<string, FieldSpec>> => ({
  'connectionless.marker': { type: 'u32', label: 'Marker', show: 'hex' },
  'connectionless.text': { type: 'string', label: 'Text' },
  'game.seq1': { type: 'u32', label: 'Sequence Number', bits: [30, 0], little: true, doc: `Of this packet (${name}).` },
  'game.rel1': { type: 'bool', label: 'Reliable', bits: [31, 31], of: 'u32', little: true },
  'game.seq2': { type: 'u32', label: 'Sequence Number', bits: [30, 0], little: true, doc: 'Of the last one received.' },
  'game.rel2': { type: 'bool', label: 'Reliable', bits: [31, 31], of: 'u32', little: true },
  'game.qport': { type: 'u32', label: 'QPort', doc: 'Tells clients behind one address apart.' },
});

/** Both sequence numbers, or ones and something to read. */
function isLater(bytes: Uint8Array, at: number, end: number): boolean {
  return end - at >= 8 || (end - at > 4 && u32(bytes, at) === MARKER);
}

/** The text of a message outside of a game: up to a NUL or the end. */
function connectionless(t: TreeBuilder): string {
  t.add('connectionless.marker', t.at);
  const at = t.at + 4;
  const nul = t.bytes.subarray(at, t.end).indexOf(0);
  const length = nul < 0 ? t.end - at : nul;
  const text = t.string(at, length, 'latin1');
  t.put('connectionless.text', text, at, length);
  return text;
}

function inGame(t: TreeBuilder, hasPort: boolean): number {
  for (const [key, place] of [
    ['game.seq1', 0],
    ['game.rel1', 0],
    ['game.seq2', 4],
    ['game.rel2', 4],
  ] as const)
    t.add(key, t.at + place);
  if (!hasPort) return t.at + 8;
  t.put('game.qport', t.u16le(t.at + 8), t.at + 8, 2);
  return t.at + 10;
}

export const quakeworld = defineProtocol({
  name: 'quakeworld',
  title: 'QuakeWorld Network Protocol',
  on: { 'udp.port': [PORT.world] },
  opens: ['data'],
  fields: LATER('QuakeWorld'),
  accepts: isLater,
  tree(t) {
    const toServer = t.ports[1] === PORT.world;
    const way = toServer ? 'Client to Server' : 'Server to Client';
    if (t.u32(t.at) === MARKER) {
      const text = connectionless(t);
      t.info(`${way} Connectionless ${(toServer ? undefined : WORLD_ANSWERS[text.charAt(0)]) ?? 'Unknown'}`);
      return;
    }
    t.info(`${way} Game`);
    const next = inGame(t, toServer);
    t.headerEnd(next);
    t.payload(next);
  },
});

/** First letters of what a server says. */
const WORLD_ANSWERS: Readonly<Record<string, string>> = {
  n: 'Print',
  k: 'Ping',
  l: 'Ack',
  j: 'Connected',
  c: 'Challenge',
  B: 'Client Command',
};

export const quake2 = defineProtocol({
  name: 'quake2',
  title: 'Quake II Network Protocol',
  on: { 'udp.port': [PORT.two] },
  opens: ['data'],
  fields: LATER('Quake II'),
  accepts: isLater,
  tree(t) {
    const toServer = t.ports[1] === PORT.two;
    const way = toServer ? 'Client to Server' : 'Server to Client';
    if (t.u32(t.at) === MARKER) {
      connectionless(t);
      t.info(`${way} Connectionless`);
      return;
    }
    t.info(`${way} Game`);
    const next = inGame(t, toServer);
    t.headerEnd(next);
    if (!toServer) t.payload(next);
  },
});

function isThird(port: number): boolean {
  return (PORT.three as readonly number[]).includes(port);
}

/** One sequence number; a client's port behind it. */
export const quake3 = defineProtocol({
  name: 'quake3',
  title: 'Quake III Arena Network Protocol',
  on: { 'udp.port': PORT.three },
  opens: ['data'],
  fields: Object.fromEntries(Object.entries(LATER('Quake III')).filter(([key]) => !/seq2|rel2/.test(key))),
  accepts: (bytes, at, end) => end - at > 4 && (u32(bytes, at) === MARKER || end - at <= MAX_LENGTH),
  tree(t) {
    const toServer = isThird(t.ports[1]);
    const way = toServer === isThird(t.ports[0]) ? 'Unknown' : toServer ? 'Client to Server' : 'Server to Client';
    if (t.u32(t.at) === MARKER) {
      connectionless(t);
      t.info(`Connectionless ${way}`);
      return;
    }
    t.info(`Game ${way}`);
    t.add('game.seq1', t.at);
    t.add('game.rel1', t.at);
    if (toServer) t.put('game.qport', t.u16le(t.at + 4), t.at + 4, 2);
    const next = t.at + (toServer ? 6 : 4);
    t.headerEnd(next);
    t.payload(next);
  },
});
