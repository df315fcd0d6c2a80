/** Connectionless calls over UDP (C706 12.5). */

import type { TreeBuilder } from '../../tree.ts';
import { named } from './calls.ts';
import { datagramFlags, representation } from './header-rows.ts';
import { TYPE, TYPES } from './names.ts';
import { LITTLE, orderOf, uuidBytes, uuidText } from './order.ts';

/** Offsets in the header. */
export const DG = {
  type: 1,
  flags1: 2,
  flags2: 3,
  order: 4,
  object: 8,
  interface: 24,
  activity: 40,
  interfaceVersion: 60,
  sequence: 64,
  operation: 68,
  length: 74,
  fragment: 76,
  body: 80,
} as const;

export function datagram(t: TreeBuilder): void {
  const start = t.at;
  const type = t.u8(start + DG.type);
  const order = orderOf(t, (t.u8(start + DG.order) & LITTLE) !== 0);
  const uuid = uuidBytes(t, start + DG.interface, order.isLittle);
  const sequence = order.u32(start + DG.sequence);
  const operation = order.u16(start + DG.operation);
  const length = order.u16(start + DG.length);
  t.add('ver', start);
  t.put('pkt_type', type, start + DG.type, 1);
  datagramFlags(t, start + DG.flags1);
  representation(t, start + DG.order, 3);
  t.add('dg_serial_hi', start + 7);
  t.put('obj_id', uuidBytes(t, start + DG.object, order.isLittle), start + DG.object, 16);
  t.put('dg_if_id', uuid, start + DG.interface, 16);
  t.put('dg_act_id', uuidBytes(t, start + DG.activity, order.isLittle), start + DG.activity, 16);
  t.put('dg_server_boot', BigInt(order.u32(start + 56)) * 1_000_000_000n, start + 56, 4);
  t.put('dg_if_ver', order.u32(start + DG.interfaceVersion), start + DG.interfaceVersion, 4);
  t.put('dg_seqnum', sequence, start + DG.sequence, 4);
  t.put('opnum', operation, start + DG.operation, 2);
  t.put('dg_frag_len', length, start + DG.length, 2);
  t.put('dg_ihint', order.u16(start + 70), start + 70, 2);
  t.put('dg_ahint', order.u16(start + 72), start + 72, 2);
  t.put('dg_frag_num', order.u16(start + DG.fragment), start + DG.fragment, 2);
  t.add('dg_auth_proto', start + 78);
  t.add('dg_serial_lo', start + 79);
  const text = uuidText(uuid);
  t.info(`${TYPES[type] ?? 'Unknown'}: seq: ${sequence}, opnum: ${operation}, len: ${length}`);
  if (type === TYPE.request || type === TYPE.response) {
    named(t, start + DG.body, t.end, text, operation, type === TYPE.request, 'Single', '', order);
  }
}
