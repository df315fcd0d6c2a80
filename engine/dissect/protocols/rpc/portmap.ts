/** Portmapper (RFC 1833): which port an RPC program listens on. */

import { ipProtocolNames } from '../../names/ip-protocols.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { list, opaque, procedureRows, sharedFields } from './call.ts';
import { PORTMAP_PROCEDURES, procedureName, programName } from './programs.ts';

const V2 = { set: 1, unset: 2, getPort: 3, dump: 4, callIt: 5 } as const;
const V3 = { set: 1, unset: 2, getAddress: 3, dump: 4, broadcast: 5, getTime: 6, getVersionAddress: 9 } as const;

export const portmap = defineProtocol({
  name: 'portmap',
  title: 'Portmap',
  short: 'Portmap',
  unlisted: true,
  fields: {
    ...sharedFields,
    procedure_v2: { type: 'u32', label: 'V2 Procedure', names: PORTMAP_PROCEDURES[2], many: true },
    procedure_v3: { type: 'u32', label: 'V3 Procedure', names: PORTMAP_PROCEDURES[3], many: true },
    procedure_v4: { type: 'u32', label: 'V4 Procedure', names: PORTMAP_PROCEDURES[4], many: true },
    prog: { type: 'u32', label: 'Program', many: true },
    port: { type: 'u32', label: 'Port', many: true },
    proc: { type: 'u32', label: 'Procedure', many: true },
    proto: { type: 'u32', label: 'Protocol', names: ipProtocolNames, many: true },
    version: { type: 'u32', label: 'Version', many: true },
    answer: { type: 'bool', label: 'Answer', of: 'u32', flag: ['True', 'False'], many: true },
    args: { type: 'bytes', label: 'Arguments', many: true },
    result: { type: 'bytes', label: 'Result', many: true },
    rpcb: { type: 'none', label: 'RPCB', many: true },
    'rpcb.prog': { type: 'u32', label: 'Program', many: true },
    'rpcb.version': { type: 'u32', label: 'Version', many: true },
    'rpcb.netid': { type: 'string', label: 'contents', many: true },
    'rpcb.addr': { type: 'string', label: 'contents', many: true },
    'rpcb.owner': { type: 'string', label: 'contents', many: true },
    uaddr: { type: 'string', label: 'contents', many: true },
  },
  tree(t) {
    const call = procedureRows(t);
    if (t.at >= t.end) return;
    if (call.version <= 2) version2(t, call.procedure, call.isReply);
    else version3(t, call.procedure, call.isReply);
  },
});

function version2(t: TreeBuilder, procedure: number, isReply: boolean): void {
  const { at } = t;
  switch (procedure) {
    case V2.set:
    case V2.unset:
    case V2.getPort:
      if (!isReply) mapping(t, at);
      else if (procedure === V2.getPort) port(t, at);
      else answer(t, at);
      break;
    case V2.dump:
      if (isReply) list(t, at, (entry) => dumpEntry(t, entry));
      break;
    case V2.callIt:
      if (isReply) {
        t.add('port', at);
        opaque(t, 'result', 'Result', at + 4);
      } else {
        indirect(t, at);
      }
      break;
    default:
      break;
  }
}

function mapping(t: TreeBuilder, at: number): void {
  const program = t.u32(at);
  const name = programName(program);
  const version = t.u32(at + 4);
  const protocol = t.u32(at + 8);
  const transport = ipProtocolNames[protocol] ?? `Unknown(${protocol})`;
  t.add('prog', at);
  t.last().text = `Program: ${name} (${program})`;
  t.add('version', at + 4);
  t.add('proto', at + 8);
  t.add('port', at + 12);
  t.addLabel(` ${name}(${program}) Version:${version} ${transport}`);
  t.addInfo(` ${name}(${program}) V:${version} ${transport}`);
}

function port(t: TreeBuilder, at: number): void {
  const number = t.u32(at);
  t.add('port', at);
  const text = number === 0 ? ' PROGRAM_NOT_AVAILABLE' : ` Port:${number}`;
  t.addLabel(` GETPORT Reply${text}`);
  t.addInfo(text);
}

function answer(t: TreeBuilder, at: number): void {
  t.add('answer', at);
}

function dumpEntry(t: TreeBuilder, at: number): number {
  const program = t.u32(at);
  t.nest(t.text(`Map Entry: ${programName(program)} (${program}) V${t.u32(at + 4)}`, at, 16));
  t.add('prog', at);
  t.last().text = `Program: ${programName(program)} (${program})`;
  t.add('version', at + 4);
  t.add('proto', at + 8);
  t.add('port', at + 12);
  t.close();
  return at + 16;
}

function indirect(t: TreeBuilder, at: number): void {
  const program = t.u32(at);
  const version = t.u32(at + 4);
  const procedure = t.u32(at + 8);
  t.add('prog', at);
  t.last().text = `Program: ${programName(program)} (${program})`;
  t.add('version', at + 4);
  t.add('proc', at + 8);
  t.last().text = `Procedure: ${procedureName(program, version, procedure)} (${procedure})`;
  opaque(t, 'args', 'Arguments', at + 12);
}

function version3(t: TreeBuilder, procedure: number, isReply: boolean): void {
  const { at } = t;
  switch (procedure) {
    case V3.set:
    case V3.unset:
      if (isReply) answer(t, at);
      else binding(t, at);
      break;
    case V3.getAddress:
    case V3.getVersionAddress:
      if (isReply) opaque(t, 'uaddr', 'Universal Address', at);
      else binding(t, at);
      break;
    case V3.dump:
      if (isReply) list(t, at, (entry) => binding(t, entry));
      break;
    case V3.broadcast:
      if (isReply) opaque(t, 'result', 'Result', opaque(t, 'uaddr', 'Universal Address', at));
      else indirect(t, at);
      break;
    default:
      break;
  }
}

/** RFC 1833 2.1: program, version, network, address, owner. */
function binding(t: TreeBuilder, from: number): number {
  t.add('rpcb', from, 0);
  t.nest(t.last());
  const program = t.u32(from);
  t.add('rpcb.prog', from);
  t.last().text = `Program: ${programName(program)} (${program})`;
  t.add('rpcb.version', from + 4);
  let at = opaque(t, 'rpcb.netid', 'Network Id', from + 8);
  at = opaque(t, 'rpcb.addr', 'Universal Address', at);
  at = opaque(t, 'rpcb.owner', 'Owner of this Service', at);
  t.close(at);
  return at;
}
