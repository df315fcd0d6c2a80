/** Erlang's port mapper (Erlang distribution protocol, "EPMD protocol"): which node listens on which port. */

import { u16 } from '../../../base/bytes.ts';
import { defineProtocol, type Framing, MORE } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const PORT = 4369;
const TYPE = {
  alive: 97,
  port: 112,
  names: 110,
  dump: 100,
  kill: 107,
  stop: 115,
  portAnswer: 119,
  alive2: 120,
  alive2Answer: 121,
  port2: 122,
  alive2ExtraAnswer: 118,
} as const;
const TYPES: Readonly<Record<number, string>> = {
  97: 'EPMD_ALIVE_REQ',
  89: 'EPMD_ALIVE_OK_RESP',
  112: 'EPMD_PORT_REQ',
  110: 'EPMD_NAMES_REQ',
  100: 'EPMD_DUMP_REQ',
  107: 'EPMD_KILL_REQ',
  115: 'EPMD_STOP_REQ',
  118: 'EPMD_ALIVE2_X_RESP',
  119: 'EPMD_PORT2_RESP',
  120: 'EPMD_ALIVE2_REQ',
  121: 'EPMD_ALIVE2_RESP',
  122: 'EPMD_PORT2_REQ',
};
const NODE_TYPES: Readonly<Record<number, string>> = {
  72: 'R3 hidden node',
  77: 'R3 erlang node',
  109: 'R4 erlang node',
  110: 'R3 non-erlang node',
};
const PROTOCOLS: Readonly<Record<number, string>> = { 0: 'tcp/ip-v4' };
const VERSIONS: Readonly<Record<number, string>> = { 0: 'R3', 1: 'R3', 2: 'R4', 3: 'R5', 4: 'R5C', 5: 'R6' };

function isAnswer(type: number): boolean {
  return type === TYPE.portAnswer || type === TYPE.alive2Answer || type === TYPE.alive2ExtraAnswer;
}

/** Requests have their length in front; answers begin with their type. */
function accepts(bytes: Uint8Array, at: number, end: number): boolean {
  if (isAnswer(bytes[at])) return true;
  return end - at >= 3 && TYPES[bytes[at + 2]] !== undefined && u16(bytes, at) <= end - at;
}

export const epmd = defineProtocol({
  name: 'epmd',
  title: 'Erlang Port Mapper Daemon',
  on: { 'tcp.port': [PORT] },
  fields: {
    len: { type: 'u16', label: 'Length' },
    type: { type: 'u8', label: 'Type', names: TYPES },
    result: { type: 'u8', label: 'Result' },
    port_no: { type: 'u16', label: 'Port No' },
    node_type: { type: 'u8', label: 'Node Type', names: NODE_TYPES },
    protocol: { type: 'u8', label: 'Protocol', names: PROTOCOLS },
    dist_high: { type: 'u16', label: 'Highest Version', names: VERSIONS },
    dist_low: { type: 'u16', label: 'Lowest Version', names: VERSIONS },
    name_len: { type: 'u16', label: 'Name Length' },
    name: { type: 'string', label: 'Node Name' },
    elen: { type: 'u16', label: 'Elen' },
    edata: { type: 'bytes', label: 'Edata' },
    creation: { type: 'u16', label: 'Creation' },
  },
  accepts,
  frame(f: Framing): number {
    if (f.direction === 1) return f.end - f.at;
    if (f.end - f.at < 3) return MORE;
    return isAnswer(f.bytes[f.at]) ? f.end - f.at : 2 + u16(f.bytes, f.at);
  },
  tree(t) {
    t.info('');
    if (isAnswer(t.u8(t.at))) answer(t);
    else if (accepts(t.bytes, t.at, t.end)) request(t);
    else {
      t.info('Data');
      t.payload(t.at);
    }
  },
  opens: ['data'],
});

function request(t: TreeBuilder): void {
  const { at } = t;
  t.add('len', at);
  t.add('type', at + 2);
  const type = t.u8(at + 2);
  t.info(TYPES[type] ?? '');
  const end = Math.min(t.end, at + 2 + t.u16(at));
  if (type === TYPE.alive2) t.addInfo(` ${node(t, at + 3)}`);
  else if (type === TYPE.port2 || type === TYPE.port) {
    t.add('name', at + 3, end - at - 3);
    t.addInfo(` ${t.string(at + 3, end - at - 3)}`);
  }
}

function answer(t: TreeBuilder): void {
  const { at } = t;
  const type = t.u8(at);
  const result = t.u8(at + 1);
  t.add('type', at);
  t.add('result', at + 1);
  t.info(`${TYPES[type]} ${result === 0 ? 'OK' : 'ERROR'}`);
  if (type === TYPE.portAnswer) {
    if (result === 0) t.addInfo(` ${node(t, at + 2)} port=${t.u16(at + 2)}`);
  } else if (type === TYPE.alive2Answer) t.add('creation', at + 2);
}

/** What a node says of itself; returns its name. */
function node(t: TreeBuilder, start: number): string {
  let at = t.add('port_no', start);
  at = t.add('node_type', at);
  at = t.add('protocol', at);
  at = t.add('dist_high', at);
  at = t.add('dist_low', at);
  const length = t.u16(at);
  at = t.add('name_len', at);
  const name = t.string(at, length);
  at = t.add('name', at, length);
  const extra = t.u16(at);
  at = t.add('elen', at);
  if (extra > 0) t.add('edata', at, extra);
  return name;
}
