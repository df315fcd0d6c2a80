/** M3UA (RFC 4666): SS7's level 3 over SCTP. Its messages of parameters; payload data goes to the user part that it names. */

import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const HEADER = 8;
const CLASSES: Readonly<Record<number, string>> = {
  0: 'Management messages',
  1: 'Transfer messages',
  2: 'SS7 signalling network management messages',
  3: 'ASP state maintenance messages',
  4: 'ASP traffic maintenance messages',
  9: 'Routing key management messages',
};
/** RFC 4666 3.1.2: class and type to name, and to its short form. */
const MESSAGES: Readonly<Record<string, string>> = {
  '0/0': 'ERR',
  '0/1': 'NTFY',
  '1/1': 'DATA',
  '2/1': 'DUNA',
  '2/2': 'DAVA',
  '2/3': 'DAUD',
  '2/4': 'SCON',
  '2/5': 'DUPU',
  '2/6': 'DRST',
  '3/1': 'ASPUP',
  '3/2': 'ASPDN',
  '3/3': 'BEAT',
  '3/4': 'ASPUP_ACK',
  '3/5': 'ASPDN_ACK',
  '3/6': 'BEAT_ACK',
  '4/1': 'ASPAC',
  '4/2': 'ASPIA',
  '4/3': 'ASPAC_ACK',
  '4/4': 'ASPIA_ACK',
  '9/1': 'REG_REQ',
  '9/2': 'REG_RSP',
  '9/3': 'DEREG_REQ',
  '9/4': 'DEREG_RSP',
};
const PARAMETERS: Readonly<Record<number, string>> = {
  4: 'Info string',
  6: 'Routing context',
  7: 'Diagnostic information',
  9: 'Heartbeat data',
  11: 'Traffic mode type',
  12: 'Error code',
  13: 'Status',
  17: 'ASP identifier',
  18: 'Affected point code',
  19: 'Correlation identifier',
  512: 'Network appearance',
  528: 'Protocol data',
};
const PARAMETER = { info: 4, routing: 6, correlation: 19, appearance: 512, data: 528 } as const;
const DATA_HEADER = 12;
const USERS: Readonly<Record<number, string>> = {
  0: 'SNM',
  3: 'SCCP',
  4: 'TUP',
  5: 'ISUP',
  9: 'B-ISUP',
  10: 'S-ISUP',
  12: 'AAL2',
  13: 'BICC',
  14: 'GCP',
};

export const m3ua = defineProtocol({
  name: 'm3ua',
  title: 'MTP 3 User Adaptation Layer',
  short: 'M3UA (RFC 4666)',
  on: { 'sctp.ppid': [3], 'sctp.port': [2905] },
  opens: ['sccp', 'mtp3mg', 'data'],
  fields: {
    version: { type: 'u8', label: 'Version' },
    reserved: { type: 'u8', show: 'hex', label: 'Reserved' },
    message_class: { type: 'u8', label: 'Message class', names: CLASSES },
    message_type: { type: 'u8', label: 'Message Type' },
    message_length: { type: 'u32', label: 'Message length' },
    parameter_tag: { type: 'u16', label: 'Parameter Tag', names: PARAMETERS, many: true },
    parameter_length: { type: 'u16', label: 'Parameter length', many: true },
    parameter_value: { type: 'bytes', label: 'Parameter value', many: true },
    info_string: { type: 'string', label: 'Info string', many: true },
    routing_context: { type: 'u32', label: 'Routing context', many: true },
    correlation_identifier: { type: 'u32', label: 'Correlation Identifier', many: true },
    network_appearance: { type: 'u32', label: 'Network appearance', many: true },
    protocol_data_opc: { type: 'u32', label: 'OPC', many: true },
    protocol_data_dpc: { type: 'u32', label: 'DPC', many: true },
    protocol_data_si: { type: 'u8', label: 'SI', names: USERS, many: true },
    protocol_data_ni: { type: 'u8', label: 'NI', many: true },
    protocol_data_mp: { type: 'u8', label: 'MP', many: true },
    protocol_data_sls: { type: 'u8', label: 'SLS', many: true },
  },
  tree(t) {
    const { at } = t;
    const name = MESSAGES[`${t.u8(at + 2)}/${t.u8(at + 3)}`] ?? 'reserved';
    t.info(`${name} `);
    t.add('version', at);
    t.add('reserved', at + 1);
    t.add('message_class', at + 2);
    t.put('message_type', t.u8(at + 3), at + 3, 1, `Message Type: ${name} (${t.u8(at + 3)})`);
    t.add('message_length', at + 4);
    const end = Math.min(t.end, at + t.u32(at + 4));
    for (let next = at + HEADER; next + 4 <= end; ) next = parameter(t, next, end);
  },
});

function parameter(t: TreeBuilder, at: number, end: number): number {
  const tag = t.u16(at);
  const length = t.u16(at + 2);
  const body = at + 4;
  t.nest(t.text(PARAMETERS[tag] ?? 'Unknown parameter', at, Math.max(4, length)));
  t.add('parameter_tag', at);
  t.add('parameter_length', at + 2);
  if (length < 4 || at + length > end) t.fail();
  const stop = at + length;
  if (tag === PARAMETER.data && length >= 4 + DATA_HEADER) payload(t, body, stop);
  else if (tag === PARAMETER.info) t.add('info_string', body, stop - body);
  else if (tag === PARAMETER.routing) for (let next = body; next + 4 <= stop; next += 4) t.add('routing_context', next);
  else if (tag === PARAMETER.correlation && stop - body === 4) t.add('correlation_identifier', body);
  else if (tag === PARAMETER.appearance && stop - body === 4) t.add('network_appearance', body);
  else if (stop > body) t.add('parameter_value', body, stop - body);
  t.close();
  return at + ((length + 3) & ~3);
}

/** RFC 4666 3.3.1. */
function payload(t: TreeBuilder, at: number, end: number): void {
  t.add('protocol_data_opc', at);
  t.add('protocol_data_dpc', at + 4);
  t.add('protocol_data_si', at + 8);
  t.add('protocol_data_ni', at + 9);
  t.add('protocol_data_mp', at + 10);
  t.add('protocol_data_sls', at + 11);
  t.dispatch('mtp3.user', t.u8(at + 8), at + DATA_HEADER, end, end);
}
