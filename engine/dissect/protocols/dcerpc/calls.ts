/** Requests, responses and faults: the stub, put together from its fragments and shown by its interface (C706 12.6.4.9). */

import { RPC_INTERFACES } from '../../names/rpc-interfaces.ts';
import type { TreeBuilder } from '../../tree.ts';
import { showFragments, takeFragment } from './fragments.ts';
import { showCall } from './interfaces.ts';
import type { Memory } from './memory.ts';
import { STATUS, TYPE } from './names.ts';
import { type Order, uuidBytes } from './order.ts';
import { addTrailer, findTrailer } from './trailer.ts';

/** Bit of the flags: an object's UUID comes before the stub. */
const HAS_OBJECT = 0x80;

/** What an endpoint mapper said about this port, where the bind is not in the capture. */
function announcedInterface(t: TreeBuilder, memory: Memory): string {
  return memory.contexts.size > 0 ? '' : (t.packet.announced?.notes.get('interface')?.text ?? '');
}

export function request(
  t: TreeBuilder,
  order: Order,
  body: number,
  end: number,
  flags: number,
  callId: number,
  fragment: string,
  memory: Memory,
  pipe: string,
): string {
  const hint = order.u32(body);
  const context = order.u16(body + 4);
  const operation = order.u16(body + 6);
  t.put('cn_alloc_hint', hint, body, 4);
  t.put('cn_ctx_id', context, body + 4, 2);
  t.put('opnum', operation, body + 6, 2);
  t.addLabel(`, Ctx: ${context}`);
  let at = body + 8;
  if ((flags & HAS_OBJECT) !== 0) {
    t.put('obj_id', uuidBytes(t, at, order.isLittle), at, 16);
    at += 16;
  }
  const key = `${t.packet.number} ${pipe} ${callId}`;
  const uuid = memory.asked.get(key) ?? memory.contexts.get(`${pipe} ${context}`) ?? announcedInterface(t, memory);
  memory.asked.set(key, uuid);
  memory.calls.set(`${pipe} ${callId}`, { frame: t.packet.number, operation, uuid, time: t.packet.time });
  const more = `, opnum: ${operation}, Ctx: ${context}`;
  return stub(t, memory, `${pipe} > ${callId}`, fragment, at, end, (from, to) =>
    named(t, from, to, uuid, operation, true, fragment, more, order),
  );
}

export function response(
  t: TreeBuilder,
  order: Order,
  body: number,
  end: number,
  type: number,
  callId: number,
  fragment: string,
  memory: Memory,
  pipe: string,
): string {
  const context = order.u16(body + 4);
  t.put('cn_alloc_hint', order.u32(body), body, 4);
  t.put('cn_ctx_id', context, body + 4, 2);
  t.put('cn_cancel_count', t.u8(body + 6), body + 6, 1);
  t.addLabel(`, Ctx: ${context}`);
  const key = `${t.packet.number} ${pipe} ${callId}`;
  const asked = memory.answers.get(key) ?? memory.calls.get(`${pipe} ${callId}`);
  if (asked !== undefined && asked.frame < t.packet.number) {
    memory.answers.set(key, asked);
    t.generated('opnum', asked.operation);
    t.generated('request_in', asked.frame);
    if (RPC_INTERFACES.has(asked.uuid)) t.hide('request_in', asked.frame, body, 0);
    t.addLabel(`, [Req: #${asked.frame}]`);
    if (asked.time !== null && t.packet.time !== null) t.generated('time', t.packet.time - asked.time);
  }
  if (type === TYPE.fault) {
    const status = order.u32(body + 8);
    t.put('cn_status', status, body + 8, 4);
    t.addInfo(`, Ctx: ${context}, status: ${STATUS[status] ?? `Unknown (0x${status.toString(16).padStart(8, '0')})`}`);
    return 'DCERPC';
  }
  const more = `, Ctx: ${context}`;
  return stub(t, memory, `${pipe} < ${callId}`, fragment, body + 8, end, (from, to) =>
    named(t, from, to, asked?.uuid ?? '', asked?.operation ?? -1, false, fragment, more, order),
  );
}

/** A call's stub: shown where it lies, and put together where this is the last of its fragments. Returns the Protocol column. */
function stub(
  t: TreeBuilder,
  { fragments }: Memory,
  call: string,
  fragment: string,
  at: number,
  end: number,
  show: (at: number, end: number) => string,
): string {
  if (fragment === 'Single') return show(at, end);
  const to = Math.min(end, t.end);
  const joined = takeFragment(t, fragments, call, fragment === '1st', fragment === 'Last', at, to);
  if (joined === null) return show(at, end);
  if (to > at) t.add('stub_data', at, to - at);
  showFragments(t, joined);
  let column = '';
  t.within('Reassembled DCE/RPC', joined.bytes, () => {
    column = show(0, joined.bytes.length);
  });
  return column;
}

/** Where the stub ends that has the trailer of a request behind it ([MS-RPCE] 2.2.2.13). */
function withoutTrailer(t: TreeBuilder, order: Order, at: number, end: number, isRequest: boolean): number {
  if (!isRequest || order.isSealed) return end;
  const trailer = findTrailer(t.bytes, at, Math.min(end, t.end));
  return trailer < 0 ? end : trailer;
}

/** The stub, and the columns by the interface where it is known. Returns the Protocol column. */
export function named(
  t: TreeBuilder,
  at: number,
  end: number,
  uuid: string,
  operation: number,
  isRequest: boolean,
  fragment: string,
  more: string,
  order: Order,
): string {
  const found = RPC_INTERFACES.get(uuid);
  const stubEnd = withoutTrailer(t, order, at, end, isRequest);
  if (stubEnd > at && t.has(at, stubEnd - at)) {
    const isKnown = found !== undefined && operation >= 0 && (fragment === 'Single' || fragment === 'Last');
    t.add(order.isSealed ? 'encrypted_stub_data' : isKnown ? 'payload_stub_data' : 'stub_data', at, stubEnd - at);
  }
  if (stubEnd < end) addTrailer(t, order, stubEnd, Math.min(end, t.end));
  if (uuid === '' && isRequest) t.expert('note', 'No bind says what this context is', t.at, 0, 'cn_ctx_id.no_bind');
  if (found === undefined || operation < 0) {
    t.addInfo(more);
    if (isRequest && uuid !== '') t.addInfo(` ${uuid}`);
    return 'DCERPC';
  }
  if (fragment !== 'Single') {
    t.addInfo(more);
    if (fragment !== 'Last') return 'DCERPC';
  }
  const to = Math.max(at, Math.min(stubEnd, t.end));
  showCall(t, { found, operation, isRequest, isLittle: order.isLittle }, at, order.isSealed ? at : to);
  return found.column;
}
