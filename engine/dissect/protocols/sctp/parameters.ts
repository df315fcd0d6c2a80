/** Parameters of chunks (RFC 9260 3.3, RFC 4895, RFC 5061, RFC 6525) and causes of errors (RFC 9260 3.3.10). */

import { formatIpv4 } from '../../../base/address.ts';
import type { TreeBuilder } from '../../tree.ts';
import { CAUSES, PARAMETERS } from './names.ts';

const HEADER = 4;
/** Parameters hold parameters (an address to add), causes hold parameters, parameters hold causes: not without end. */
const MAX_NESTING = 4;
const PARAMETER = {
  heartbeat: 1,
  ipv4: 5,
  ipv6: 6,
  cookie: 7,
  unrecognized: 8,
  preservative: 9,
  hostname: 11,
  addressTypes: 12,
  outgoingReset: 13,
  incomingReset: 14,
  tsnReset: 15,
  response: 16,
  addOutgoing: 17,
  addIncoming: 18,
  random: 0x8002,
  chunks: 0x8003,
  hmacs: 0x8004,
  extensions: 0x8008,
  addAddress: 0xc001,
  deleteAddress: 0xc002,
  errorCauses: 0xc003,
  primary: 0xc004,
  success: 0xc005,
  adaptation: 0xc006,
} as const;
const CAUSE = {
  stream: 1,
  missing: 2,
  stale: 3,
  unresolvable: 5,
  unrecognized: 8,
  noData: 9,
  newAddresses: 11,
} as const;

export function parameters(t: TreeBuilder, from: number, end: number, nesting = 0): void {
  for (let at = from; at + HEADER <= end; ) {
    const type = t.u16(at);
    const length = t.u16(at + 2);
    const isBad = length < HEADER || at + length > end;
    const stop = isBad ? end : at + length;
    const node = t.nest(t.text(`${PARAMETERS[type] ?? 'Unknown'} parameter`, at, stop - at));
    t.add('parameter_type', at);
    t.nest(t.last());
    t.add('parameter_bit_1', at);
    t.add('parameter_bit_2', at);
    t.close();
    t.add('parameter_length', at + 2);
    if (isBad) {
      t.expert('error', `Parameter length ${length} does not fit`, at + 2, 2, 'parameter_length.bad');
      t.fail();
    }
    const said = parameter(t, type, at + HEADER, stop, nesting);
    if (said !== '') node.text = `${PARAMETERS[type] ?? 'Unknown'} parameter (${said})`;
    const padded = Math.min(end, at + ((length + 3) & ~3));
    if (padded > stop) t.add('parameter_padding', stop, padded - stop);
    t.close();
    at = at + ((length + 3) & ~3);
  }
}

/** The value; what the row says of it. */
function parameter(t: TreeBuilder, type: number, at: number, end: number, nesting: number): string {
  const length = end - at;
  switch (type) {
    case PARAMETER.ipv4:
      if (length !== 4) break;
      t.add('parameter_ipv4_address', at);
      return `Address: ${formatIpv4(t.u32(at))}`;
    case PARAMETER.ipv6:
      if (length !== 16) break;
      t.add('parameter_ipv6_address', at);
      return '';
    case PARAMETER.heartbeat:
      return whole(t, 'parameter_heartbeat_information', at, length, 'Information');
    case PARAMETER.cookie:
      return whole(t, 'parameter_state_cookie', at, length, 'Cookie');
    case PARAMETER.random:
      return whole(t, 'random_number', at, length, 'Random');
    case PARAMETER.unrecognized:
      if (nesting < MAX_NESTING) parameters(t, at, end, nesting + 1);
      return '';
    case PARAMETER.hostname:
      t.put('parameter_hostname', t.string(at, length, 'ascii', true), at, length);
      return '';
    case PARAMETER.preservative:
      return one(t, ['parameter_cookie_preservative_incr'], at, end);
    case PARAMETER.addressTypes:
      return list(t, 'parameter_supported_address_type', 2, at, end);
    case PARAMETER.chunks:
      return list(t, 'chunk_type_to_auth', 1, at, end);
    case PARAMETER.hmacs:
      return list(t, 'hmac_id', 2, at, end);
    case PARAMETER.extensions:
      return list(t, 'supported_chunk_type', 1, at, end);
    case PARAMETER.success:
      return one(t, ['correlation_id'], at, end);
    case PARAMETER.adaptation:
      return one(t, ['adaptation_layer_indication'], at, end);
    case PARAMETER.addAddress:
    case PARAMETER.deleteAddress:
    case PARAMETER.primary:
    case PARAMETER.errorCauses:
      t.add('correlation_id', at);
      if (nesting >= MAX_NESTING) return '';
      if (type === PARAMETER.errorCauses) causes(t, at + 4, end, nesting + 1);
      else parameters(t, at + 4, end, nesting + 1);
      return '';
    default:
      return reconfiguration(t, type, at, end);
  }
  if (length > 0) t.add('parameter_value', at, length);
  return '';
}

/** RFC 6525 4. */
function reconfiguration(t: TreeBuilder, type: number, at: number, end: number): string {
  const request = 'parameter_reconfig_request_sequence_number';
  const answer = 'parameter_reconfig_response_sequence_number';
  if (type === PARAMETER.outgoingReset) {
    one(t, [request, answer, 'parameter_senders_last_assigned_tsn'], at, end);
    return list(t, 'parameter_reconfig_sid', 2, at + 12, end);
  }
  if (type === PARAMETER.incomingReset) {
    one(t, [request], at, end);
    return list(t, 'parameter_reconfig_sid', 2, at + 4, end);
  }
  if (type === PARAMETER.tsnReset) return one(t, [request], at, end);
  if (type === PARAMETER.response)
    return one(
      t,
      [answer, 'parameter_reconfig_response_result', 'parameter_senders_next_tsn', 'parameter_receivers_next_tsn'],
      at,
      end,
    );
  if (type === PARAMETER.addOutgoing) return one(t, [request, 'parameter_add_outgoing_streams_number'], at, end);
  if (type === PARAMETER.addIncoming) return one(t, [request, 'parameter_add_incoming_streams_number'], at, end);
  if (end > at) t.add('parameter_value', at, end - at);
  return '';
}

/** Fields one behind the other, as far as the parameter goes. */
function one(t: TreeBuilder, keys: readonly string[], from: number, end: number): string {
  let at = from;
  for (const key of keys) {
    if (at >= end) break;
    at = t.add(key, at);
  }
  return '';
}

function list(t: TreeBuilder, key: string, width: number, from: number, end: number): string {
  for (let at = from; at + width <= end; at += width) t.add(key, at);
  return '';
}

function whole(t: TreeBuilder, key: string, at: number, length: number, what: string): string {
  if (length > 0) t.add(key, at, length);
  return `${what === 'Random' ? 'Random number' : `${what}: ${length} byte${length === 1 ? '' : 's'}`}`;
}

export function causes(t: TreeBuilder, from: number, end: number, nesting = 0): void {
  for (let at = from; at + HEADER <= end; ) {
    const code = t.u16(at);
    const length = t.u16(at + 2);
    if (length < HEADER || at + length > end) return;
    t.nest(t.text(`${CAUSES[code] ?? 'Unknown'} cause`, at, length));
    t.add('cause_code', at);
    t.add('cause_length', at + 2);
    cause(t, code, at + HEADER, at + length, nesting);
    const padded = Math.min(end, at + ((length + 3) & ~3));
    if (padded > at + length) t.add('cause_padding', at + length, padded - at - length);
    t.close();
    at += (length + 3) & ~3;
  }
}

function cause(t: TreeBuilder, code: number, at: number, end: number, nesting: number): void {
  if (code === CAUSE.stream && end - at >= 4) {
    t.add('cause_stream_identifier', at);
    t.add('cause_reserved', at + 2);
  } else if (code === CAUSE.missing && end - at >= 4) {
    t.add('cause_nr_of_missing_parameters', at);
    list(t, 'cause_missing_parameter_type', 2, at + 4, end);
  } else if (code === CAUSE.stale && end - at >= 4) t.add('cause_measure_of_staleness', at);
  else if (code === CAUSE.noData && end - at >= 4) t.add('cause_tsn', at);
  else if (code === CAUSE.unresolvable || code === CAUSE.unrecognized || code === CAUSE.newAddresses) {
    if (nesting < MAX_NESTING) parameters(t, at, end, nesting + 1);
  } else if (end > at) t.add('cause_information', at, end - at);
}
