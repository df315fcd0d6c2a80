/** Binds and their answers: which interface a context id stands for, and how its values are written (C706 12.6.4.3). */

import { RPC_INTERFACES } from '../../names/rpc-interfaces.ts';
import type { TreeBuilder } from '../../tree.ts';
import { bindTimeFeatures } from './header-rows.ts';
import type { Memory } from './memory.ts';
import { RESULTS, TRANSFERS } from './names.ts';
import { type Order, uuidBytes, uuidText } from './order.ts';

const MAX_ITEMS = 64;
/** Results of a context: refused by the provider; not a syntax but features agreed on. */
const REFUSED = 2;
const NEGOTIATED = 3;
const FEATURES = 'Bind Time Feature Negotiation';

function isFeatures(transfer: string): boolean {
  return transfer.startsWith('6cb71c2c-9812-4540');
}

export function interfaceName(uuid: string): string {
  return RPC_INTERFACES.get(uuid)?.name ?? uuid;
}

export function bind(t: TreeBuilder, order: Order, body: number, memory: Memory, pipe: string): void {
  t.put('cn_max_xmit', order.u16(body), body, 2);
  t.put('cn_max_recv', order.u16(body + 2), body + 2, 2);
  t.put('cn_assoc_group', order.u32(body + 4), body + 4, 4);
  const count = t.u8(body + 8);
  t.add('cn_num_ctx_items', body + 8);
  const shown: string[] = [];
  let at = body + 12;
  for (let i = 0; i < count && i < MAX_ITEMS; i++) {
    const id = order.u16(at);
    const transfers = t.u8(at + 2);
    const uuid = uuidBytes(t, at + 4, order.isLittle);
    const text = uuidText(uuid);
    const major = order.u16(at + 20);
    const minor = order.u16(at + 22);
    memory.contexts.set(`${pipe} ${id}`, text);
    const item = `Ctx Item[${i + 1}]: Context ID:${id}, ${interfaceName(text)}`;
    t.nest(t.put('cn_ctx_item', new Uint8Array(0), at, 24 + 20 * transfers, item));
    t.put('cn_ctx_id', id, at, 2);
    t.add('cn_num_trans_items', at + 2);
    const syntax = `Abstract Syntax: ${interfaceName(text)} V${major}.${minor}`;
    t.nest(t.put('cn_bind_abstract_syntax', new Uint8Array(0), at + 4, 20, syntax));
    t.put('cn_bind_to_uuid', uuid, at + 4, 16, `Interface: ${interfaceName(text)} UUID: ${text}`);
    t.put('cn_bind_if_ver', major, at + 20, 2);
    t.put('cn_bind_if_ver_minor', minor, at + 22, 2);
    t.close();
    at += 24;
    const names: string[] = [];
    for (let j = 0; j < transfers && j < MAX_ITEMS; j++) {
      const transfer = uuidBytes(t, at, order.isLittle);
      const transferText = uuidText(transfer);
      const name = TRANSFERS[transferText] ?? (isFeatures(transferText) ? FEATURES : transferText);
      t.nest(t.put('cn_bind_trans', new Uint8Array(0), at, 20, `Transfer Syntax[${j + 1}]: ${name}`));
      t.put('cn_bind_trans_id', transfer, at, 16, `Transfer Syntax: ${name}`);
      if (isFeatures(transferText)) bindTimeFeatures(t, at);
      t.put('cn_bind_trans_ver', order.u32(at + 16), at + 16, 4);
      t.close();
      names.push(transferText.startsWith('6cb71c2c') ? transferText : (TRANSFERS[transferText] ?? transferText));
      at += 20;
    }
    t.close();
    shown.push(` ${interfaceName(text)} V${major}.${minor} (${names.join(',')})`);
  }
  t.addInfo(`, ${count} context items:${shown.join(',')}`);
}

export function bindAck(t: TreeBuilder, order: Order, body: number): void {
  const xmit = order.u16(body);
  const receive = order.u16(body + 2);
  t.put('cn_max_xmit', xmit, body, 2);
  t.put('cn_max_recv', receive, body + 2, 2);
  t.put('cn_assoc_group', order.u32(body + 4), body + 4, 4);
  const length = order.u16(body + 8);
  t.put('cn_sec_addr_len', length, body + 8, 2);
  if (length > 0) t.put('cn_sec_addr', t.string(body + 10, length, 'latin1', true), body + 10, length);
  let at = body + 10 + length;
  at += (4 - ((at - t.at) & 3)) & 3;
  const count = t.u8(at);
  t.add('cn_num_results', at);
  at += 4;
  const shown: string[] = [];
  for (let i = 0; i < count && i < MAX_ITEMS; i++, at += 24) {
    const result = order.u16(at);
    const item = `Ctx Item[${i + 1}]: ${RESULTS[result] ?? `Unknown result (${result})`}`;
    t.nest(t.text(item, at, 24));
    t.put('cn_ack_result', result, at, 2);
    if (result === REFUSED) t.put('cn_ack_reason', order.u16(at + 2), at + 2, 2);
    else if (result === NEGOTIATED) bindTimeFeatures(t, at - 6);
    t.put('cn_ack_trans_id', uuidBytes(t, at + 4, order.isLittle), at + 4, 16);
    t.put('cn_ack_trans_ver', order.u32(at + 20), at + 20, 4);
    t.close();
    shown.push(` ${RESULTS[result] ?? `Unknown result (${result})`}`);
  }
  t.addInfo(`, max_xmit: ${xmit} max_recv: ${receive}, ${count} results:${shown.join(',')}`);
}
