/**
 * DCE/RPC (The Open Group C706; [MS-RPCE]): connection-oriented version 5 over TCP and pipes, connectionless version 4 over UDP.
 * Binds say which interface a context id stands for; requests and responses are named by it.
 */

import { u16, u16le } from '../../../base/bytes.ts';
import { toHex } from '../../../base/hex.ts';
import { announceEpm } from '../../announcing/epm.ts';
import { RPC_INTERFACES } from '../../names/rpc-interfaces.ts';
import { isNtlm } from '../../ntlm.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { type Fragments, noFragments, showFragments, takeFragment } from './fragments.ts';
import { bindTimeFeatures, datagramFlags, headerRowFields, representation } from './header-rows.ts';
import { INTERFACE_NAMES, showCall } from './interfaces.ts';

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
/** Of the connectionless header. */
const DG = {
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
const TYPE = {
  request: 0,
  ping: 1,
  response: 2,
  fault: 3,
  working: 4,
  nocall: 5,
  reject: 6,
  ack: 7,
  bind: 11,
  bindAck: 12,
  bindNak: 13,
  alter: 14,
  alterResponse: 15,
  auth3: 16,
  shutdown: 17,
  cancel: 18,
  orphaned: 19,
} as const;
const TYPES: Readonly<Record<number, string>> = {
  0: 'Request',
  1: 'Ping',
  2: 'Response',
  3: 'Fault',
  4: 'Working',
  5: 'Nocall',
  6: 'Reject',
  7: 'Ack',
  8: 'Cl_cancel',
  9: 'Fack',
  10: 'Cancel_ack',
  11: 'Bind',
  12: 'Bind_ack',
  13: 'Bind_nak',
  14: 'Alter_context',
  15: 'Alter_context_resp',
  16: 'AUTH3',
  17: 'Shutdown',
  18: 'Co_cancel',
  19: 'Orphaned',
  20: 'RPC-over-HTTP RTS',
};
const FLAG = { first: 1, last: 2, object: 0x80 } as const;
const MAX_TYPE = 20;
const LITTLE = 0x10;
const TRANSFERS: Readonly<Record<string, string>> = {
  '8a885d04-1ceb-11c9-9fe8-08002b104860': '32bit NDR',
  '71710533-beba-4937-8319-b5dbef9ccc36': '64bit NDR',
  '6cb71c2c-9812-4540-0300-000000000000': 'Bind Time Feature Negotiation',
};
const RESULTS: Readonly<Record<number, string>> = {
  0: 'Acceptance',
  1: 'User rejection',
  2: 'Provider rejection',
  3: 'Negotiate ACK',
};
const STATUS: Readonly<Record<number, string>> = {
  0x0: 'Stub-defined exception',
  0x1: 'nca_s_fault_other',
  0x5: 'nca_s_fault_access_denied',
  0x6f7: 'nca_s_fault_ndr',
  0x6d8: 'nca_s_fault_cant_perform',
  0x721: 'nca_s_fault_sec_pkg_error',
  0x1c000001: 'nca_s_fault_int_div_by_zero',
  0x1c000002: 'nca_s_fault_addr_error',
  0x1c000003: 'nca_s_fault_fp_div_zero',
  0x1c000004: 'nca_s_fault_fp_underflow',
  0x1c000005: 'nca_s_fault_fp_overflow',
  0x1c000006: 'nca_s_fault_invalid_tag',
  0x1c000007: 'nca_s_fault_invalid_bound',
  0x1c000008: 'nca_rpc_version_mismatch',
  0x1c000009: 'nca_unspec_reject',
  0x1c00000a: 'nca_s_bad_actid',
  0x1c00000b: 'nca_who_are_you_failed',
  0x1c00000c: 'nca_manager_not_entered',
  0x1c00000d: 'nca_s_fault_cancel',
  0x1c00000e: 'nca_s_fault_ill_inst',
  0x1c00000f: 'nca_s_fault_fp_error',
  0x1c000010: 'nca_s_fault_int_overflow',
  0x1c000014: 'nca_s_fault_pipe_empty',
  0x1c000015: 'nca_s_fault_pipe_closed',
  0x1c000016: 'nca_s_fault_pipe_order',
  0x1c000017: 'nca_s_fault_pipe_discipline',
  0x1c000018: 'nca_s_fault_pipe_comm_error',
  0x1c000019: 'nca_s_fault_pipe_memory',
  0x1c00001a: 'nca_s_fault_context_mismatch',
  0x1c00001b: 'nca_s_fault_remote_no_memory',
  0x1c00001c: 'nca_invalid_pres_context_id',
  0x1c00001d: 'nca_unsupported_authn_level',
  0x1c00001f: 'nca_invalid_checksum',
  0x1c000020: 'nca_invalid_crc',
  0x1c000021: 'ncs_s_fault_user_defined',
  0x1c000022: 'nca_s_fault_tx_open_failed',
  0x1c000023: 'nca_s_fault_codeset_conv_error',
  0x1c000024: 'nca_s_fault_object_not_found',
  0x1c000025: 'nca_s_fault_no_client_stub',
  0x1c010002: 'nca_op_rng_error',
  0x1c010003: 'nca_unk_if',
  0x1c010006: 'nca_wrong_boot_time',
  0x1c010009: 'nca_s_you_crashed',
  0x1c01000b: 'nca_proto_error',
  0x1c010013: 'nca_out_args_too_big',
  0x1c010014: 'nca_server_too_busy',
  0x1c010017: 'nca_unsupported_type',
  0x80004001: 'E_NOTIMPL',
  0x80004003: 'E_POINTER',
  0x80004004: 'E_ABORT',
  0x8000ffff: 'E_UNEXPECTED',
  0x80010105: 'RPC_E_SERVERFAULT',
  0x80010108: 'RPC_E_DISCONNECTED',
  0x80010113: 'RPC_E_INVALID_IPID',
  0x8001011f: 'RPC_E_TIMEOUT',
  0x80020003: 'DISP_E_MEMBERNOTFOUND',
  0x80020006: 'DISP_E_UNKNOWNNAME',
  0x8002000e: 'DISP_E_BADPARAMCOUNT',
  0x8004cb00: 'CBA_E_MALFORMED',
  0x8004cb01: 'CBA_E_UNKNOWNOBJECT',
  0x8004cb05: 'CBA_E_INVALIDID',
  0x8004cb09: 'CBA_E_INVALIDCOOKIE',
  0x8004cb0b: 'CBA_E_QOSTYPEUNSUPPORTED',
  0x8004cb0c: 'CBA_E_QOSVALUEUNSUPPORTED',
  0x8004cb0f: 'CBA_E_NOTAPPLICABLE',
  0x8004cb12: 'CBA_E_LIMITVIOLATION',
  0x8004cb13: 'CBA_E_QOSTYPENOTAPPLICABLE',
  0x8004cb18: 'CBA_E_OUTOFPARTNERACCOS',
  0x8004cb1c: 'CBA_E_FLAGUNSUPPORTED',
  0x8004cb23: 'CBA_E_FRAMECOUNTUNSUPPORTED',
  0x8004cb25: 'CBA_E_MODECHANGE',
  0x8007000e: 'E_OUTOFMEMORY',
  0x80070057: 'E_INVALIDARG',
  0x800706d1: 'RPC_S_PROCNUM_OUT_OF_RANGE',
  0x80070776: 'OR_INVALID_OXID',
};
const REJECTS: Readonly<Record<number, string>> = {
  0: 'Reason not specified',
  1: 'Temporary congestion',
  2: 'Local limit exceeded',
  3: 'Called paddr unknown',
  4: 'Protocol version not supported',
  5: 'Default context not supported',
  6: 'User data not readable',
  7: 'No PSAP available',
  8: 'Authentication type not recognized',
  9: 'Invalid checksum',
};
const AUTH = { spnego: 9, ntlm: 10, kerberos: 16 } as const;
const AUTH_TYPES: Readonly<Record<number, string>> = {
  0: 'None',
  1: 'Kerberos 5',
  9: 'SPNEGO',
  10: 'NTLMSSP',
  14: 'SCHANNEL SSP',
  16: 'Kerberos SSP',
  17: 'Distributed Password Authentication SSP',
  18: 'MSN SSP',
  21: 'Digest SSP',
  68: 'NETLOGON Secure Channel',
  100: 'MSMQ SSP',
};
const AUTH_LEVELS: Readonly<Record<number, string>> = {
  1: 'None',
  2: 'Connect',
  3: 'Call',
  4: 'Packet',
  5: 'Packet integrity',
  6: 'Packet privacy',
};
const AUTH_HEADER = 8;
/** The level of authentication at which stubs are encrypted. */
const PRIVACY = 6;
/** Bytes of the signature behind a call that NTLM protects. */
const NTLM_VERIFIER = 16;
const MAX_ITEMS = 64;

interface Memory {
  /** `pipe context` to the interface's UUID. */
  readonly contexts: Map<string, string>;
  /** `pipe call` to the request. */
  readonly calls: Map<
    string,
    { readonly frame: number; readonly operation: number; readonly uuid: string; readonly time: bigint | null }
  >;
  /** What frames were when they were seen first: response to request. */
  readonly answers: Map<
    string,
    { readonly frame: number; readonly operation: number; readonly uuid: string; readonly time: bigint | null }
  >;
  readonly asked: Map<string, string>;
  readonly fragments: Fragments;
}

export const dcerpc = defineProtocol({
  name: 'dcerpc',
  title: 'Distributed Computing Environment / Remote Procedure Call (DCE/RPC)',
  on: { 'tcp.port': [135] },
  header: AT.body,
  remembers: true,
  announces: announceEpm,
  opens: ['spnego', 'spnego-krb5', 'gss-api', 'ntlmssp', ...INTERFACE_NAMES],
  fields: {
    ver: { type: 'u8', label: 'Version' },
    ver_minor: { type: 'u8', label: 'Version (minor)' },
    pkt_type: { type: 'u8', label: 'Packet type', names: TYPES },
    cn_flags: { type: 'u8', show: 'hex', label: 'Packet Flags' },
    'cn_flags.first_frag': { type: 'bool', of: 'u8', bits: [0, 0], label: 'First Frag' },
    'cn_flags.last_frag': { type: 'bool', of: 'u8', bits: [1, 1], label: 'Last Frag' },
    'cn_flags.cancel_pending': { type: 'bool', of: 'u8', bits: [2, 2], label: 'Cancel Pending' },
    'cn_flags.reserved': { type: 'bool', of: 'u8', bits: [3, 3], label: 'Reserved' },
    'cn_flags.mpx': { type: 'bool', of: 'u8', bits: [4, 4], label: 'Multiplex' },
    'cn_flags.dne': { type: 'bool', of: 'u8', bits: [5, 5], label: 'Did Not Execute' },
    'cn_flags.maybe': { type: 'bool', of: 'u8', bits: [6, 6], label: 'Maybe' },
    'cn_flags.object': { type: 'bool', of: 'u8', bits: [7, 7], label: 'Object' },
    drep: { type: 'bytes', label: 'Data Representation' },
    cn_frag_len: { type: 'u16', label: 'Frag Length' },
    cn_auth_len: { type: 'u16', label: 'Auth Length' },
    cn_call_id: { type: 'u32', label: 'Call ID' },
    cn_max_xmit: { type: 'u16', label: 'Max Xmit Frag' },
    cn_max_recv: { type: 'u16', label: 'Max Recv Frag' },
    cn_assoc_group: { type: 'u32', show: 'hex', label: 'Assoc Group' },
    cn_num_ctx_items: { type: 'u8', label: 'Num Ctx Items' },
    cn_ctx_id: { type: 'u16', label: 'Context ID', many: true },
    cn_num_trans_items: { type: 'u8', label: 'Num Trans Items', many: true },
    cn_bind_to_uuid: { type: 'guid', label: 'Interface UUID', many: true },
    cn_bind_if_ver: { type: 'u16', label: 'Interface Ver', many: true },
    cn_bind_if_ver_minor: { type: 'u16', label: 'Interface Ver Minor', many: true },
    cn_bind_trans_id: { type: 'guid', label: 'ID', many: true },
    cn_bind_trans_ver: { type: 'u32', label: 'ver', many: true },
    cn_alloc_hint: { type: 'u32', label: 'Alloc hint' },
    opnum: { type: 'u16', label: 'Opnum' },
    obj_id: { type: 'guid', label: 'Object' },
    cn_cancel_count: { type: 'u8', label: 'Cancel count' },
    cn_status: { type: 'u32', show: 'hex', label: 'Status', names: STATUS },
    cn_reject_reason: { type: 'u16', label: 'Reject reason', names: REJECTS },
    cn_sec_addr_len: { type: 'u16', label: 'Scndry Addr len' },
    cn_sec_addr: { type: 'string', label: 'Scndry Addr' },
    cn_num_results: { type: 'u8', label: 'Num results' },
    cn_ack_result: { type: 'u16', label: 'Ack result', names: RESULTS, many: true },
    cn_ack_reason: { type: 'u16', label: 'Ack reason', many: true },
    cn_ack_trans_id: { type: 'guid', label: 'Transfer Syntax', many: true },
    cn_ack_trans_ver: { type: 'u32', label: 'Syntax ver', many: true },
    auth_type: { type: 'u8', label: 'Auth type', names: AUTH_TYPES },
    auth_level: { type: 'u8', label: 'Auth level', names: AUTH_LEVELS },
    auth_pad_len: { type: 'u8', label: 'Auth pad len' },
    auth_rsrvd: { type: 'u8', label: 'Auth Rsrvd' },
    auth_ctx_id: { type: 'u32', label: 'Auth Context ID' },
    stub_data: { type: 'bytes', label: 'Stub data' },
    payload_stub_data: { type: 'none', label: 'Payload stub data' },
    encrypted_stub_data: { type: 'bytes', label: 'Encrypted stub data' },
    request_in: { type: 'frame', label: 'Request in frame' },
    response_in: { type: 'frame', label: 'Response in frame' },
    time: { type: 'duration', label: 'Time from request' },
    dg_flags1: { type: 'u8', show: 'hex', label: 'Flags1' },
    dg_flags2: { type: 'u8', show: 'hex', label: 'Flags2' },
    dg_if_id: { type: 'guid', label: 'Interface' },
    dg_act_id: { type: 'guid', label: 'Activity' },
    dg_if_ver: { type: 'u32', label: 'Interface Ver' },
    dg_seqnum: { type: 'u32', label: 'Sequence num' },
    dg_frag_len: { type: 'u16', label: 'Fragment len' },
    dg_frag_num: { type: 'u16', label: 'Fragment num' },
    ...headerRowFields,
  },
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

/** Reads numbers in the byte order that the header states. */
interface Order {
  u16(at: number): number;
  u32(at: number): number;
  readonly isLittle: boolean;
  /** Stubs are encrypted: the level of authentication is privacy. */
  readonly isSealed: boolean;
}

function orderOf(t: TreeBuilder, isLittle: boolean, isSealed = false): Order {
  return isLittle
    ? { isLittle, isSealed, u16: (at) => t.u16le(at), u32: (at) => t.u32le(at) }
    : { isLittle, isSealed, u16: (at) => t.u16(at), u32: (at) => t.u32(at) };
}

/** A UUID's 16 bytes in the order it is written. */
function uuidBytes(t: TreeBuilder, at: number, isLittle: boolean): Uint8Array {
  const bytes = t.slice(at, 16);
  if (!isLittle) return bytes;
  return Uint8Array.of(
    bytes[3],
    bytes[2],
    bytes[1],
    bytes[0],
    bytes[5],
    bytes[4],
    bytes[7],
    bytes[6],
    ...bytes.subarray(8),
  );
}

function uuidText(bytes: Uint8Array): string {
  const hex = toHex(bytes);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
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

function emptyMemory(): Memory {
  return { contexts: new Map(), calls: new Map(), answers: new Map(), asked: new Map(), fragments: noFragments() };
}

/** Results of a context: refused by the provider; not a syntax but features agreed on. */
const REFUSED = 2;
const NEGOTIATED = 3;
const FEATURES = 'Bind Time Feature Negotiation';

function isFeatures(transfer: string): boolean {
  return transfer.startsWith('6cb71c2c-9812-4540');
}

function interfaceName(uuid: string): string {
  return RPC_INTERFACES.get(uuid)?.name ?? uuid;
}

function bind(t: TreeBuilder, order: Order, body: number, memory: Memory, pipe: string): void {
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

function bindAck(t: TreeBuilder, order: Order, body: number): void {
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

/** What an endpoint mapper said about this port, where the bind is not in the capture. */
function announcedInterface(t: TreeBuilder, memory: Memory): string {
  return memory.contexts.size > 0 ? '' : (t.packet.announced?.notes.get('interface')?.text ?? '');
}

function request(
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
  if ((flags & FLAG.object) !== 0) {
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

function response(
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

/** The stub, and the columns by the interface where it is known. Returns the Protocol column. */
function named(
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
  if (end > at && t.has(at, end - at)) {
    const isKnown = found !== undefined && operation >= 0 && (fragment === 'Single' || fragment === 'Last');
    t.add(order.isSealed ? 'encrypted_stub_data' : isKnown ? 'payload_stub_data' : 'stub_data', at, end - at);
  }
  if (found === undefined || operation < 0) {
    t.addInfo(more);
    if (isRequest && uuid !== '') t.addInfo(` ${uuid}`);
    return 'DCERPC';
  }
  if (fragment !== 'Single') {
    t.addInfo(more);
    if (fragment !== 'Last') return 'DCERPC';
  }
  const to = Math.max(at, Math.min(end, t.end));
  showCall(t, { found, operation, isRequest, isLittle: order.isLittle }, at, order.isSealed ? at : to);
  return found.column;
}

function verifier(t: TreeBuilder, order: Order, at: number, end: number): void {
  const type = t.u8(at);
  const padding = t.u8(at + 2);
  if (padding > 0 && t.u8(at + 1) !== PRIVACY && t.has(at - padding, padding))
    t.add('auth_padding', at - padding, padding);
  const level = AUTH_LEVELS[t.u8(at + 1)] ?? `Unknown (${t.u8(at + 1)})`;
  t.nest(
    t.put(
      'auth_info',
      new Uint8Array(0),
      at,
      end - at,
      `Auth Info: ${AUTH_TYPES[type] ?? type}, ${level}, AuthContextId(${order.u32(at + 4)})`,
    ),
  );
  t.add('auth_type', at);
  t.add('auth_level', at + 1);
  t.add('auth_pad_len', at + 2);
  t.add('auth_rsrvd', at + 3);
  t.put('auth_ctx_id', order.u32(at + 4), at + 4, 4);
  const token = at + AUTH_HEADER;
  if (type === AUTH.ntlm && end > token) {
    // A row that frame.protocols does not list.
    if (isNtlm(t.bytes, token, end) || end - token === NTLM_VERIFIER) t.dissectUnlisted('ntlmssp', token, end, end);
  } else if (type === AUTH.spnego && end > token) {
    const first = t.u8(token);
    const isToken = first === 0x60 || (first & 0xe0) === 0xa0;
    if (isNtlm(t.bytes, token, end) || (!isToken && first !== 5 && first !== 4)) {
      t.close();
      return;
    }
    t.dissect(isToken && !isWrap(t, token) ? 'spnego' : 'spnego-krb5', token, end, end);
  } else if (type === AUTH.kerberos && end > token) t.dissect('spnego-krb5', token, end, end);
  t.close();
}

/** A Kerberos token in a GSS-API frame: its mechanism follows at once. */
function isWrap(t: TreeBuilder, at: number): boolean {
  if (t.u8(at) !== 0x60 || !t.has(at, 16)) return false;
  const oid = t.u8(at + 1) < 0x80 ? at + 2 : at + 2 + (t.u8(at + 1) & 0x7f);
  return t.has(oid, 11) && t.u8(oid) === 6 && t.u8(oid + 1) === 9 && t.u32(oid + 2) === 0x2a864886;
}

function datagram(t: TreeBuilder): void {
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
