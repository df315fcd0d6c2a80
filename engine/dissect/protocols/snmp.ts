/** SNMP version 1 (RFC 1157), 2c (RFC 1901, 3416) and 3 (RFC 3412, user security RFC 3414): BER messages, one per datagram. */

import { decodeUtf8 } from '../../base/text.ts';
import { BER_TAG, type BerElement, berChildren, berInteger, berLength, berNumber, readBer } from '../ber.ts';
import { formatOid } from '../node.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const VERSIONS: Readonly<Record<number, string>> = { 0: 'version-1', 1: 'v2c', 2: 'v2u', 3: 'snmpv3' };
const PDU_NAMES: Readonly<Record<number, string>> = {
  0: 'get-request',
  1: 'get-next-request',
  2: 'get-response',
  3: 'set-request',
  4: 'trap',
  5: 'getBulkRequest',
  6: 'informRequest',
  7: 'snmpV2-trap',
  8: 'report',
};
const PDU_FIELDS: Readonly<Record<number, string>> = {
  0: 'get_request_element',
  1: 'get_next_request_element',
  2: 'get_response_element',
  3: 'set_request_element',
  4: 'trap_element',
  5: 'getBulkRequest_element',
  6: 'informRequest_element',
  7: 'snmpV2_trap_element',
  8: 'report_element',
};
const PDU = { response: 2, trap: 4, bulk: 5, report: 8 } as const;
const ERRORS: Readonly<Record<number, string>> = {
  0: 'noError',
  1: 'tooBig',
  2: 'noSuchName',
  3: 'badValue',
  4: 'readOnly',
  5: 'genErr',
  6: 'noAccess',
  7: 'wrongType',
  8: 'wrongLength',
  9: 'wrongEncoding',
  10: 'wrongValue',
  11: 'noCreation',
  12: 'inconsistentValue',
  13: 'resourceUnavailable',
  14: 'commitFailed',
  15: 'undoFailed',
  16: 'authorizationError',
  17: 'notWritable',
  18: 'inconsistentName',
};
const TRAPS: Readonly<Record<number, string>> = {
  0: 'coldStart',
  1: 'warmStart',
  2: 'linkDown',
  3: 'linkUp',
  4: 'authenticationFailure',
  5: 'egpNeighborLoss',
  6: 'enterpriseSpecific',
};
const SECURITY_MODELS: Readonly<Record<number, string>> = { 0: 'Any', 1: 'V1', 2: 'V2c', 3: 'USM' };
const ENGINE_FORMATS: Readonly<Record<number, string>> = {
  1: 'IPv4 address',
  2: 'IPv6 address',
  3: 'MAC address',
  4: 'Text, administratively assigned',
  5: 'Octets, administratively assigned',
};
const NET_SNMP = 8072;
const NET_SNMP_RANDOM = 128;
/** Names of the values in the SMI (RFC 2578 7.1) and what stands for a missing one (RFC 3416 2.3), by identifier byte. */
const VALUE = {
  ipAddress: 0x40,
  counter32: 0x41,
  unsigned32: 0x42,
  timeTicks: 0x43,
  opaque: 0x44,
  nsap: 0x45,
  counter64: 0x46,
  uinteger32: 0x47,
  noSuchObject: 0x80,
  noSuchInstance: 0x81,
  endOfMibView: 0x82,
} as const;
/** Objects of the system group whose text Wireshark shows in a layer of its own. */
const TEXT_OBJECTS: readonly string[] = ['1.3.6.1.2.1.1.1.0', '1.3.6.1.2.1.1.5.0'];

interface Request {
  readonly frame: number;
  readonly time: bigint | null;
  reply: number;
}

export const snmp = defineProtocol({
  name: 'snmp',
  title: 'Simple Network Management Protocol',
  on: { 'udp.port': [161, 162, 260], 'tcp.port': [161, 162] },
  remembers: true,
  opens: ['snmp'],
  fields: {
    response_to: { type: 'frame', label: 'Response To' },
    time: { type: 'duration', label: 'Time' },
    version: { type: 'i32', label: 'version', names: VERSIONS },
    community: { type: 'string', label: 'community' },
    data: { type: 'u32', label: 'data', names: PDU_NAMES },
    msgVersion: { type: 'i32', label: 'msgVersion', names: VERSIONS },
    msgGlobalData_element: { type: 'none', label: 'msgGlobalData' },
    msgID: { type: 'u32', label: 'msgID' },
    msgMaxSize: { type: 'u32', label: 'msgMaxSize' },
    msgFlags: { type: 'bytes', label: 'msgFlags' },
    'v3.flags.report': { type: 'bool', of: 'u8', bits: [2, 2], label: 'Reportable' },
    'v3.flags.crypt': { type: 'bool', of: 'u8', bits: [1, 1], label: 'Encrypted' },
    'v3.flags.auth': { type: 'bool', of: 'u8', bits: [0, 0], label: 'Authenticated' },
    msgSecurityModel: { type: 'u32', label: 'msgSecurityModel', names: SECURITY_MODELS },
    msgSecurityParameters: { type: 'bytes', label: 'msgSecurityParameters' },
    msgAuthoritativeEngineID: { type: 'bytes', label: 'msgAuthoritativeEngineID' },
    msgAuthoritativeEngineBoots: { type: 'u32', label: 'msgAuthoritativeEngineBoots' },
    msgAuthoritativeEngineTime: { type: 'u32', label: 'msgAuthoritativeEngineTime' },
    msgUserName: { type: 'string', label: 'msgUserName' },
    msgAuthenticationParameters: { type: 'bytes', label: 'msgAuthenticationParameters' },
    msgPrivacyParameters: { type: 'bytes', label: 'msgPrivacyParameters' },
    'engineid.conform': {
      type: 'bool',
      of: 'u8',
      bits: [7, 7],
      label: 'Engine ID Conformance',
      flag: ['RFC3411 (SNMPv3)', 'RFC1910 (Non-SNMPv3)'],
      many: true,
    },
    'engineid.enterprise': { type: 'u32', label: 'Engine Enterprise ID', many: true },
    'engineid.format': { type: 'u8', label: 'Engine ID Format', names: ENGINE_FORMATS, many: true },
    'engineid.ipv4': { type: 'ipv4', label: 'Engine ID Data: IPv4 address', many: true },
    'engineid.ipv6': { type: 'ipv6', label: 'Engine ID Data: IPv6 address', many: true },
    'engineid.cisco.type': {
      type: 'u8',
      show: 'hex',
      label: 'Engine ID Data: Cisco type',
      names: { 0: 'Agent', 1: 'Manager' },
      many: true,
    },
    'engineid.mac': { type: 'ether', label: 'Engine ID Data: MAC address', many: true },
    'engineid.text': { type: 'string', label: 'Engine ID Data: Text', many: true },
    'engineid.time': { type: 'time', show: 'utc', label: 'Engine ID Data: Creation Time', many: true },
    'engineid.data': { type: 'bytes', label: 'Engine ID Data', many: true },
    msgData: { type: 'u32', label: 'msgData', names: { 0: 'plaintext', 1: 'encryptedPDU' } },
    plaintext_element: { type: 'none', label: 'plaintext' },
    encryptedPDU: { type: 'bytes', label: 'encryptedPDU' },
    contextEngineID: { type: 'bytes', label: 'contextEngineID' },
    contextName: { type: 'string', label: 'contextName' },
    get_request_element: { type: 'none', label: 'get-request' },
    get_next_request_element: { type: 'none', label: 'get-next-request' },
    get_response_element: { type: 'none', label: 'get-response' },
    set_request_element: { type: 'none', label: 'set-request' },
    trap_element: { type: 'none', label: 'trap' },
    getBulkRequest_element: { type: 'none', label: 'getBulkRequest' },
    informRequest_element: { type: 'none', label: 'informRequest' },
    snmpV2_trap_element: { type: 'none', label: 'snmpV2-trap' },
    report_element: { type: 'none', label: 'report' },
    request_id: { type: 'i32', label: 'request-id' },
    error_status: { type: 'i32', label: 'error-status', names: ERRORS },
    error_index: { type: 'i32', label: 'error-index' },
    non_repeaters: { type: 'u32', label: 'non-repeaters' },
    max_repetitions: { type: 'u32', label: 'max-repetitions' },
    enterprise: { type: 'oid', label: 'enterprise' },
    agent_addr: { type: 'ipv4', label: 'agent-addr' },
    generic_trap: { type: 'i32', label: 'generic-trap', names: TRAPS },
    specific_trap: { type: 'i32', label: 'specific-trap' },
    time_stamp: { type: 'u32', label: 'time-stamp' },
    variable_bindings: { type: 'u32', label: 'variable-bindings' },
    name: { type: 'oid', label: 'Object Name', many: true },
    noSuchObject: { type: 'none', label: 'noSuchObject', many: true },
    noSuchInstance: { type: 'none', label: 'noSuchInstance', many: true },
    endOfMibView: { type: 'none', label: 'endOfMibView', many: true },
    unSpecified: { type: 'none', label: 'unSpecified', many: true },
    'value.int': { type: 'i64', label: 'Value (Integer32)', many: true },
    'value.octets': { type: 'bytes', label: 'Value (OctetString)', many: true },
    'value.oid': { type: 'oid', label: 'Value (OID)', many: true },
    'value.null': { type: 'none', label: 'Value (Null)', many: true },
    'value.ipv4': { type: 'ipv4', label: 'Value (IpAddress)', many: true },
    'value.ipv6': { type: 'ipv6', label: 'Value (IpAddress)', many: true },
    'value.addr': { type: 'bytes', label: 'Value (IpAddress)', many: true },
    'value.u32': { type: 'i64', label: 'Value (Unsigned32)', many: true },
    'value.g32': { type: 'i64', label: 'Value (Gauge32)', many: true },
    'value.unk': { type: 'bytes', label: 'Value (Unknown)', many: true },
    'value.counter': { type: 'u64', label: 'Value (Counter32)', many: true },
    'value.nsap': { type: 'u64', label: 'Value (NSAP)', many: true },
    'value.timeticks': { type: 'u64', label: 'Value (Timeticks)', many: true },
    'value.opaque': { type: 'bytes', label: 'Value (Opaque)', many: true },
    'var-bind_str': { type: 'string', label: 'Variable-binding-string', many: true },
    error: { type: 'none', label: 'BER error', abbrev: 'nagare.snmp.error' },
  },
  recognise(bytes, at, end) {
    const message = readBer(bytes, at, end);
    if (message === null || message.id !== BER_TAG.sequence || message.wireEnd !== end) return false;
    const version = readBer(bytes, message.value, message.end);
    if (version === null || version.id !== BER_TAG.integer || version.end - version.value !== 1) return false;
    const number = bytes[version.value];
    const next = readBer(bytes, version.end, message.end);
    if (next === null || next.wireEnd > message.end) return false;
    if (number === 3)
      return next.id === BER_TAG.sequence && readBer(bytes, next.end, message.end)?.id === BER_TAG.octetString;
    if (number > 1 || next.id !== BER_TAG.octetString) return false;
    const pdu = readBer(bytes, next.end, message.end);
    return pdu !== null && pdu.id >= 0xa0 && pdu.id <= 0xa8 && pdu.wireEnd === message.end;
  },
  recogniseOn: ['udp'],
  frame(f: Framing): number {
    const length = berLength(f.bytes, f.at, f.end, BER_TAG.sequence);
    return length < 0 ? NOT_MINE : length === 0 ? MORE : length;
  },
  tree(t) {
    // The layer that holds the text of one value.
    if (t.hint === TEXT_HINT) {
      t.hint = '';
      t.add('var-bind_str', t.at, t.end - t.at);
      return;
    }
    message(t);
  },
});

const TEXT_HINT = 'snmp.text';

/** The next element of a list, if it has this identifier. */
class Reader {
  private readonly t: TreeBuilder;
  private at: number;
  private readonly end: number;

  constructor(t: TreeBuilder, at: number, end: number) {
    this.t = t;
    this.at = at;
    this.end = end;
  }

  /** The element, or null after saying what is wrong. */
  take(id: number): BerElement | null {
    const found = readBer(this.t.bytes, this.at, this.end);
    if (found === null || found.id !== id) {
      this.t.expert('warning', 'BER Error: Wrong field or no element', this.at, 0, 'error');
      return null;
    }
    this.at = found.end;
    return found;
  }

  peek(): BerElement | null {
    return readBer(this.t.bytes, this.at, this.end);
  }
}

function message(t: TreeBuilder): void {
  const whole = new Reader(t, t.at, t.end).take(BER_TAG.sequence);
  if (whole === null) return;
  const list = new Reader(t, whole.value, whole.end);
  const version = list.take(BER_TAG.integer);
  if (version === null) return;
  const number = berNumber(t.bytes, version);
  if (number === 3) {
    putNumber(t, 'msgVersion', version);
    version3(t, list);
    return;
  }
  putNumber(t, 'version', version);
  if (number !== 0 && number !== 1) {
    t.expert('warning', 'Unknown version', version.at, version.end - version.at, 'error');
    return;
  }
  const community = list.take(BER_TAG.octetString);
  if (community === null) return;
  t.add('community', community.value, community.end - community.value);
  const data = list.peek();
  if (data !== null) pdu(t, data);
}

function version3(t: TreeBuilder, list: Reader): void {
  const global = list.take(BER_TAG.sequence);
  if (global === null) return;
  t.nest(t.put('msgGlobalData_element', new Uint8Array(0), global.at, global.end - global.at));
  const header = new Reader(t, global.value, global.end);
  const id = header.take(BER_TAG.integer);
  if (id !== null) putNumber(t, 'msgID', id);
  const size = id && header.take(BER_TAG.integer);
  if (size) putNumber(t, 'msgMaxSize', size);
  const flags = size && header.take(BER_TAG.octetString);
  let isEncrypted = false;
  if (flags) {
    t.add('msgFlags', flags.value, flags.end - flags.value);
    if (flags.end > flags.value) {
      t.nest(t.last());
      for (const key of ['report', 'crypt', 'auth']) t.add(`v3.flags.${key}`, flags.value);
      isEncrypted = (t.u8(flags.value) & 2) !== 0;
      t.close();
    }
  }
  const model = flags && header.take(BER_TAG.integer);
  if (model) putNumber(t, 'msgSecurityModel', model);
  t.close();
  if (!model) return;
  const security = list.take(BER_TAG.octetString);
  if (security === null) return;
  if (berNumber(t.bytes, model) === 3) userSecurity(t, security);
  else t.add('msgSecurityParameters', security.value, security.end - security.value);
  if (isEncrypted) {
    const scoped = list.take(BER_TAG.octetString);
    if (scoped === null) return;
    t.nest(t.put('msgData', 1, scoped.at, scoped.end - scoped.at));
    t.add('encryptedPDU', scoped.value, scoped.end - scoped.value);
    t.close();
    t.info('encryptedPDU: privKey Unknown');
    return;
  }
  const scoped = list.take(BER_TAG.sequence);
  if (scoped === null) return;
  t.nest(t.put('msgData', 0, scoped.at, scoped.end - scoped.at));
  t.nest(t.put('plaintext_element', new Uint8Array(0), scoped.at, scoped.end - scoped.at));
  scopedPdu(t, scoped);
  t.close();
  t.close();
}

function scopedPdu(t: TreeBuilder, scoped: BerElement): void {
  const list = new Reader(t, scoped.value, scoped.end);
  const engine = list.take(BER_TAG.octetString);
  if (engine === null) return;
  t.add('contextEngineID', engine.value, engine.end - engine.value);
  engineId(t, engine);
  const name = list.take(BER_TAG.octetString);
  if (name === null) return;
  t.add('contextName', name.value, name.end - name.value);
  const data = list.peek();
  if (data !== null) pdu(t, data);
}

function userSecurity(t: TreeBuilder, security: BerElement): void {
  const parameters = new Reader(t, security.value, security.end).take(BER_TAG.sequence);
  if (parameters === null) return;
  const list = new Reader(t, parameters.value, parameters.end);
  const engine = list.take(BER_TAG.octetString);
  if (engine === null) return;
  t.add('msgAuthoritativeEngineID', engine.value, engine.end - engine.value);
  engineId(t, engine);
  for (const [key, id] of USER_SECURITY) {
    const element = list.take(id);
    if (element === null) return;
    if (id === BER_TAG.integer) putNumber(t, key, element);
    else t.add(key, element.value, element.end - element.value);
  }
}

const USER_SECURITY: readonly (readonly [string, number])[] = [
  ['msgAuthoritativeEngineBoots', BER_TAG.integer],
  ['msgAuthoritativeEngineTime', BER_TAG.integer],
  ['msgUserName', BER_TAG.octetString],
  ['msgAuthenticationParameters', BER_TAG.octetString],
  ['msgPrivacyParameters', BER_TAG.octetString],
];

/** SnmpEngineID (RFC 3411 5). */
function engineId(t: TreeBuilder, element: BerElement): void {
  const { value: at, end } = element;
  if (end - at < 5) return;
  t.nest(t.last());
  const conforms = (t.u8(at) & 0x80) !== 0;
  t.put('engineid.conform', conforms ? 1 : 0, at, 1);
  const enterprise = t.u32(at) & 0x7fffffff;
  t.put('engineid.enterprise', enterprise, at, 4);
  if (conforms) {
    const format = t.u8(at + 4);
    t.add('engineid.format', at + 4);
    engineData(t, format, enterprise, at + 5, end);
  } else t.add('engineid.data', at + 4, end - at - 4);
  t.close();
}

function engineData(t: TreeBuilder, format: number, enterprise: number, at: number, end: number): void {
  const length = end - at;
  if (format === 1 && length === 4) t.add('engineid.ipv4', at);
  else if (format === 2 && length === 16) t.add('engineid.ipv6', at);
  else if (format === 3 && (length === 6 || length === 7)) {
    if (length === 7) t.add('engineid.cisco.type', at);
    t.add('engineid.mac', end - 6);
  } else if (format === 4) t.add('engineid.text', at, length);
  else if (format === NET_SNMP_RANDOM && enterprise === NET_SNMP && length === 8) {
    t.add('engineid.data', at, 4);
    const seconds = BigInt(t.u32le(at + 4));
    t.put('engineid.time', seconds * 1_000_000_000n, at + 4, 4);
  } else if (length > 0) t.add('engineid.data', at, length);
}

function pdu(t: TreeBuilder, data: BerElement): void {
  const type = data.id & 0x1f;
  const key = PDU_FIELDS[type];
  if ((data.id & 0xe0) !== 0xa0 || key === undefined) {
    t.expert('warning', 'BER Error: Wrong field', data.at, 0, 'error');
    return;
  }
  t.nest(t.put('data', type, data.at, data.end - data.at));
  t.nest(t.put(key, new Uint8Array(0), data.at, data.end - data.at));
  t.info(PDU_NAMES[type]);
  const list = new Reader(t, data.value, data.end);
  if (type === PDU.trap) trap(t, list);
  else request(t, type, list);
  t.close();
  t.close();
}

function request(t: TreeBuilder, type: number, list: Reader): void {
  const keys =
    type === PDU.bulk
      ? ['request_id', 'non_repeaters', 'max_repetitions']
      : ['request_id', 'error_status', 'error_index'];
  for (const key of keys) {
    const element = list.take(BER_TAG.integer);
    if (element === null) return;
    putNumber(t, key, element);
    if (key === 'request_id') match(t, type, berNumber(t.bytes, element));
  }
  bindings(t, list);
}

/** Ties responses to requests by their id. */
function match(t: TreeBuilder, type: number, id: number): void {
  if (t.isQuoted || type === PDU.report) return;
  const requests = t.conversation(() => new Map<number, Request>());
  const { number, time } = t.packet;
  const known = requests.get(id);
  if (type !== PDU.response) {
    if (known?.frame !== number && (known === undefined || known.frame < number))
      requests.set(id, { frame: number, time, reply: 0 });
    return;
  }
  if (known === undefined || known.frame >= number || (known.reply > 0 && known.reply !== number)) return;
  known.reply = number;
  t.generated('response_to', known.frame);
  if (time !== null && known.time !== null) t.generated('time', time - known.time);
}

function trap(t: TreeBuilder, list: Reader): void {
  const enterprise = list.take(BER_TAG.oid);
  if (enterprise === null) return;
  t.add('enterprise', enterprise.value, enterprise.end - enterprise.value);
  const oid = formatOid(t.slice(enterprise.value, enterprise.end - enterprise.value));
  t.addInfo(` ${oid.startsWith('1.') ? `iso${oid.slice(1)}` : oid}`);
  const agent = list.take(VALUE.ipAddress);
  if (agent === null) return;
  if (agent.end - agent.value === 4) t.add('agent_addr', agent.value);
  for (const key of ['generic_trap', 'specific_trap']) {
    const element = list.take(BER_TAG.integer);
    if (element === null) return;
    putNumber(t, key, element);
  }
  const ticks = list.take(VALUE.timeTicks);
  if (ticks === null) return;
  t.put('time_stamp', Number(BigInt.asUintN(32, berInteger(t.bytes, ticks))), ticks.value, ticks.end - ticks.value);
  bindings(t, list);
}

function bindings(t: TreeBuilder, list: Reader): void {
  const all = list.take(BER_TAG.sequence);
  if (all === null) return;
  const items = berChildren(t.bytes, all);
  const node = t.put('variable_bindings', items.length, all.at, all.end - all.at);
  node.text = `variable-bindings: ${items.length} item${items.length === 1 ? '' : 's'}`;
  t.nest(node);
  for (const item of items) {
    const [name, value] = berChildren(t.bytes, item);
    if (item.id !== BER_TAG.sequence || name === undefined || name.id !== BER_TAG.oid || value === undefined) {
      t.expert('warning', 'VarBind is not a sequence of a name and a value', item.at, 0, 'error');
      break;
    }
    const oid = formatOid(t.slice(name.value, name.end - name.value));
    const row = t.nest(t.text(oid, item.at, item.end - item.at));
    t.addInfo(` ${oid}`);
    t.add('name', name.value, name.end - name.value);
    const shown = addValue(t, value, oid);
    row.text = `${oid}: ${shown}`;
    t.close();
  }
  t.close();
}

/** Adds a bound value; returns what its row says. */
function addValue(t: TreeBuilder, value: BerElement, oid: string): string {
  const { value: at, end } = value;
  const length = end - at;
  const raw = t.slice(at, length);
  switch (value.id) {
    case BER_TAG.integer:
    case VALUE.unsigned32:
    case VALUE.uinteger32: {
      const number = berInteger(t.bytes, value);
      t.put(
        value.id === BER_TAG.integer ? 'value.int' : value.id === VALUE.unsigned32 ? 'value.g32' : 'value.u32',
        number,
        at,
        length,
      );
      return String(number);
    }
    case VALUE.counter32:
    case VALUE.counter64:
    case VALUE.nsap:
    case VALUE.timeTicks: {
      const number = BigInt.asUintN(64, unsigned(raw));
      t.put(
        value.id === VALUE.timeTicks ? 'value.timeticks' : value.id === VALUE.nsap ? 'value.nsap' : 'value.counter',
        number,
        at,
        length,
      );
      return String(number);
    }
    case BER_TAG.octetString: {
      const node = t.put('value.octets', raw, at, length);
      const text = printableText(raw);
      if (text !== null) node.text = `Value (OctetString): "${text}"`;
      if (length > 0 && TEXT_OBJECTS.includes(oid)) {
        t.hint = TEXT_HINT;
        t.dissect('snmp', at, end, end);
      }
      return text === null ? hexText(raw) : `"${text}"`;
    }
    case BER_TAG.oid:
      t.put('value.oid', raw, at, length);
      return formatOid(raw);
    case BER_TAG.null:
      t.put('value.null', new Uint8Array(0), at, length);
      return 'Value (Null)';
    case VALUE.ipAddress:
      if (length === 4) t.add('value.ipv4', at);
      else if (length === 16) t.add('value.ipv6', at);
      else t.add('value.addr', at, length);
      return hexText(raw);
    case VALUE.opaque:
      t.put('value.opaque', raw, at, length);
      return hexText(raw);
    case VALUE.noSuchObject:
    case VALUE.noSuchInstance:
    case VALUE.endOfMibView: {
      const key =
        value.id === VALUE.noSuchObject
          ? 'noSuchObject'
          : value.id === VALUE.noSuchInstance
            ? 'noSuchInstance'
            : 'endOfMibView';
      t.put(key, new Uint8Array(0), at, length);
      return key;
    }
    default:
      t.put('value.unk', raw, at, length);
      return hexText(raw);
  }
}

function unsigned(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes.subarray(Math.max(0, bytes.length - 9))) value = (value << 8n) | BigInt(byte);
  return value;
}

function printableText(bytes: Uint8Array): string | null {
  for (const byte of bytes) if (byte < 0x20 || byte > 0x7e) return null;
  return decodeUtf8(bytes);
}

function hexText(bytes: Uint8Array): string {
  return Array.from(bytes.subarray(0, 64), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function putNumber(t: TreeBuilder, key: string, element: BerElement): void {
  const length = element.end - element.value;
  if (length > 0 && length <= 8)
    t.put(key, Number(BigInt.asIntN(32, berInteger(t.bytes, element))), element.value, length);
}
