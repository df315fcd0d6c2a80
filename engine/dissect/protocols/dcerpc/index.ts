/**
 * DCE/RPC (The Open Group C706; [MS-RPCE]): connection-oriented version 5 over TCP and pipes, connectionless version 4 over UDP.
 * Binds say which interface a context id stands for; requests and responses are named by it.
 */

import { u16, u16le } from '../../../base/bytes.ts';
import { announceEpm } from '../../announcing/epm.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { bind, bindAck } from './bind.ts';
import { request, response } from './calls.ts';
import { DG, datagram } from './datagram.ts';
import { fields } from './fields.ts';
import { representation } from './header-rows.ts';
import { INTERFACE_NAMES } from './interfaces.ts';
import { emptyMemory } from './memory.ts';
import { REJECTS, TYPE, TYPES } from './names.ts';
import { LITTLE, orderOf } from './order.ts';
import { AUTH_HEADER, PRIVACY, verifier } from './verifier.ts';

const AT = {
  version: 0,
  minor: 1,
  type: 2,
  flags: 3,
  order: 4,
  length: 8,
  authLength: 10,
  callId: 12,
  body: 16,
} as const;
const FLAG = { first: 1, last: 2 } as const;
const MAX_TYPE = 20;

export const dcerpc = defineProtocol({
  name: 'dcerpc',
  title: 'Distributed Computing Environment / Remote Procedure Call (DCE/RPC)',
  on: { 'tcp.port': [135] },
  header: AT.body,
  remembers: true,
  announces: announceEpm,
  opens: ['spnego', 'spnego-krb5', 'gss-api', 'ntlmssp', ...INTERFACE_NAMES],
  fields,
  recognise(bytes, at, end) {
    if (end - at < AT.body) return false;
    if (bytes[at] === 5) return startsCall(bytes, at, end);
    if (bytes[at] !== 4 || end - at < DG.body || bytes[at + DG.type] > MAX_TYPE) return false;
    const order = bytes[at + DG.order];
    if (
      (order & 0xee) !== 0 ||
      bytes[at + DG.order + 1] > 3 ||
      (bytes[at + DG.flags1] & 0x81) !== 0 ||
      (bytes[at + DG.flags2] & 0xfd) !== 0
    )
      return false;
    const length = (order & LITTLE) !== 0 ? u16le(bytes, at + DG.length) : u16(bytes, at + DG.length);
    return DG.body + length === end - at;
  },
  frame(f: Framing): number {
    const { bytes, at, end } = f;
    if (bytes[at] !== 5 || (end - at > 2 && bytes[at + AT.type] > MAX_TYPE)) return NOT_MINE;
    if (end - at < AT.body) return MORE;
    if (!startsCall(bytes, at, end)) return NOT_MINE;
    return (bytes[at + AT.order] & LITTLE) !== 0 ? u16le(bytes, at + AT.length) : u16(bytes, at + AT.length);
  },
  tree(t) {
    const pipe = t.hint.startsWith('pipe:') ? t.hint : '';
    t.hint = '';
    if (t.u8(t.at) === 4) datagram(t);
    else if (t.u8(t.at) === 5) call(t, pipe);
    else t.payload(t.at);
  },
});

function startsCall(bytes: Uint8Array, at: number, end: number): boolean {
  if (bytes[at] !== 5 || bytes[at + AT.minor] > 1 || bytes[at + AT.type] > MAX_TYPE) return false;
  const order = bytes[at + AT.order];
  if ((order & 0xee) !== 0 || bytes[at + AT.order + 1] > 3) return false;
  const length = (order & LITTLE) !== 0 ? u16le(bytes, at + AT.length) : u16(bytes, at + AT.length);
  return length >= AT.body && end - at >= AT.body;
}

function call(t: TreeBuilder, pipe: string): void {
  const start = t.at;
  const type = t.u8(start + AT.type);
  const flags = t.u8(start + AT.flags);
  const order = orderOf(t, (t.u8(start + AT.order) & LITTLE) !== 0);
  const length = order.u16(start + AT.length);
  const authLength = order.u16(start + AT.authLength);
  const callId = order.u32(start + AT.callId);
  const typeName = TYPES[type] ?? `Unknown (${type})`;
  const fragment =
    (flags & 3) === 3 ? 'Single' : (flags & FLAG.first) !== 0 ? '1st' : (flags & FLAG.last) !== 0 ? 'Last' : 'Mid';
  t.addLabel(` ${typeName}, Fragment: ${fragment}, FragLen: ${length}, Call: ${callId}`);
  t.info(`${typeName}: call_id: ${callId}, Fragment: ${fragment}`);
  t.add('ver', start);
  t.add('ver_minor', start + AT.minor);
  t.add('pkt_type', start + AT.type);
  t.add('cn_flags', start + AT.flags);
  t.nest(t.last());
  for (const key of ['object', 'maybe', 'dne', 'mpx', 'reserved', 'cancel_pending', 'last_frag', 'first_frag'])
    t.add(`cn_flags.${key}`, start + AT.flags);
  t.close();
  representation(t, start + AT.order, 4);
  t.put('cn_frag_len', length, start + AT.length, 2);
  t.put('cn_auth_len', authLength, start + AT.authLength, 2);
  t.put('cn_call_id', callId, start + AT.callId, 4);
  const end = Math.min(t.end, start + length);
  const authAt = authLength > 0 ? start + length - authLength - AUTH_HEADER : end;
  const hasVerifier = authLength > 0 && t.has(authAt, AUTH_HEADER);
  const padding = hasVerifier ? t.u8(authAt + 2) : 0;
  const sealedOrder = hasVerifier && t.u8(authAt + 1) === PRIVACY ? orderOf(t, order.isLittle, true) : order;
  const stubEnd = sealedOrder.isSealed ? authAt : authAt - padding;
  const body = start + AT.body;
  const memory = t.isQuoted ? emptyMemory() : t.conversation(emptyMemory);
  let column = 'DCERPC';
  switch (type) {
    case TYPE.bind:
    case TYPE.alter:
      bind(t, order, body, memory, pipe);
      break;
    case TYPE.bindAck:
    case TYPE.alterResponse:
      bindAck(t, order, body);
      break;
    case TYPE.bindNak:
      t.put('cn_reject_reason', order.u16(body), body, 2);
      t.addInfo(` reason: ${REJECTS[order.u16(body)] ?? 'Unknown'}`);
      break;
    case TYPE.request:
      column = request(t, sealedOrder, body, stubEnd, flags, callId, fragment, memory, pipe);
      break;
    case TYPE.response:
    case TYPE.fault:
      column = response(t, sealedOrder, body, stubEnd, type, callId, fragment, memory, pipe);
      break;
    default:
  }
  if (authLength > 0 && authAt >= body && t.has(authAt, AUTH_HEADER)) {
    verifier(t, order, authAt, Math.min(end, authAt + AUTH_HEADER + authLength));
    t.column(column);
  }
}
