/** The Common Industrial Protocol (ODVA, CIP volume 1): a service on the object that a path names, and its answer. */

import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { Visits } from '../../visits.ts';

const ANSWER = 0x80;
const SERVICES: Readonly<Record<number, string>> = {
  0x1: 'Get Attributes All',
  0x2: 'Set Attributes All',
  0x3: 'Get Attribute List',
  0x4: 'Set Attribute List',
  0x5: 'Reset',
  0x6: 'Start',
  0x7: 'Stop',
  0x8: 'Create',
  0x9: 'Delete',
  0xa: 'Multiple Service Packet',
  0xd: 'Apply Attributes',
  0xe: 'Get Attribute Single',
  0x10: 'Set Attribute Single',
  0x11: 'Find Next Object Instance',
  0x15: 'Restore',
  0x16: 'Save',
  0x17: 'Nop',
  0x18: 'Get Member',
  0x19: 'Set Member',
  0x1a: 'Insert Member',
  0x1b: 'Remove Member',
  0x1c: 'Group Sync',
};
const PATH_SEGMENT_TYPES: Readonly<Record<number, string>> = {
  0: 'Port Segment',
  1: 'Logical Segment',
  2: 'Network Segment',
  3: 'Symbolic Segment',
  4: 'Data Segment',
  5: 'Constructed Data Type',
  6: 'Elementary Data Type',
  7: 'Reserved',
};
const CLASSES: Readonly<Record<number, string>> = {
  1: 'Identity',
  2: 'Message Router',
  3: 'DeviceNet',
  4: 'Assembly',
  5: 'Connection',
  6: 'Connection Manager',
  7: 'Register',
  8: 'Discrete Input Point',
  9: 'Discrete Output Point',
  10: 'Analog Input Point',
  11: 'Analog Output Point',
  14: 'Presence Sensing',
  15: 'Parameter',
  16: 'Parameter Group',
  18: 'Group',
  29: 'Discrete Input Group',
  30: 'Discrete Output Group',
  31: 'Discrete Group',
  32: 'Analog Input Group',
  33: 'Analog Output Group',
  34: 'Analog Group',
  35: 'Position Sensor',
  36: 'Position Controller Supervisor',
  37: 'Position Controller',
  38: 'Block Sequencer',
  39: 'Command Block',
  40: 'Motor Data',
  41: 'Control Supervisor',
  42: 'AC/DC Drive',
  43: 'Acknowledge Handler',
  44: 'Overload',
  45: 'Softstart',
  46: 'Selection',
  48: 'S-Device Supervisor',
  49: 'S-Analog Sensor',
  50: 'S-Analog Actuator',
  51: 'S-Single Stage Controller',
  52: 'S-Gas Calibration',
  53: 'Trip Point',
  55: 'File',
  56: 'S-Partial Pressure',
  57: 'Safety Supervisor',
  58: 'Safety Validator',
  59: 'Safety Discrete Output Point',
  60: 'Safety Discrete Output Group',
  61: 'Safety Discrete Input Point',
  62: 'Safety Discrete Input Group',
  63: 'Safety Dual Channel Output',
  64: 'S-Sensor Calibration',
  65: 'Event Log',
  66: 'Motion Device Axis',
  67: 'Time Sync',
  68: 'Modbus',
  69: 'Originator Connection List',
  70: 'Modbus Serial Link',
  71: 'Device Level Ring (DLR)',
  72: 'QoS',
  73: 'Safety Analog Input Point',
  74: 'Safety Analog Input Group',
  75: 'Safety Dual Channel Analog Input',
  76: 'SERCOS III Link',
  77: 'Target Connection List',
  78: 'Base Energy',
  79: 'Electrical Energy',
  80: 'Non-Electrical Energy',
  81: 'Base Switch',
  82: 'SNMP',
  83: 'Power Management',
  84: 'RSTP Bridge',
  85: 'RSTP Port',
  86: 'PRP/HSR Protocol',
  87: 'PRP/HSR Nodes Table',
  88: 'Safety Feedback',
  89: 'Safety Dual Channel Feedback',
  90: 'Safety Stop Functions',
  91: 'Safety Limit Functions',
  92: 'Power Curtailment',
  93: 'CIP Security',
  94: 'EtherNet/IP Security',
  95: 'Certificate Management',
  96: 'Authority',
  97: 'Password Authenticator',
  98: 'Certificate Authenticator',
  103: 'PCCC Class',
  240: 'ControlNet',
  241: 'ControlNet Keeper',
  242: 'ControlNet Scheduling',
  243: 'Connection Configuration',
  244: 'Port',
  245: 'TCP/IP Interface',
  246: 'Ethernet Link',
  247: 'CompoNet',
  248: 'CompoNet Repeater',
  249: 'HART Master Port',
  250: 'I/O Aggregation',
  256: 'Protection Trip',
  257: 'Protection Alarm',
  258: 'Circuit Breaker Supervisor',
  259: 'Circuit Breaker Statistics',
  260: 'Electrical Demand',
  261: 'Electrical Statistics',
  262: 'Machine Base Data',
  263: 'HART Process Device',
  264: 'Process Device Diagnostics',
  265: 'LLDP Management',
  266: 'LLDP Data Table',
  267: 'IO-Link Service Parameter',
  268: 'IO-Link Master PHY',
  269: 'IO-Link Device PHY',
  270: 'Pilot Light Supervisor',
  271: 'Select Line Link',
  272: 'In-Cabinet Actual Topology',
  273: 'In-Cabinet Commissioning',
};
const STATUSES: Readonly<Record<number, string>> = {
  0: 'Success',
  1: 'Connection failure',
  2: 'Resource unavailable',
  3: 'Invalid parameter value',
  4: 'Path segment error',
  5: 'Path destination unknown',
  6: 'Partial transfer',
  7: 'Connection lost',
  8: 'Service not supported',
  9: 'Invalid attribute value',
  10: 'Attribute list error',
  11: 'Already in requested mode/state',
  12: 'Object state conflict',
  13: 'Object already exists',
  14: 'Attribute not settable',
  15: 'Privilege violation',
  16: 'Device state conflict',
  17: 'Reply data too large',
  18: 'Fragmentation of a primitive value',
  19: 'Not enough data',
  20: 'Attribute not supported',
  21: 'Too much data',
  22: 'Object does not exist',
  23: 'Service fragmentation sequence not in progress',
  24: 'No stored attribute data',
  25: 'Store operation failure',
  26: 'Routing failure, request packet too large',
  27: 'Routing failure, response packet too large',
  28: 'Missing attribute list entry data',
  29: 'Invalid attribute value list',
  30: 'Embedded service error',
  31: 'Vendor specific error',
  32: 'Invalid parameter',
  33: 'Write-once value or medium already written',
  34: 'Invalid reply received',
  35: 'Buffer overflow',
  36: 'Invalid message format',
  37: 'Key failure in path',
  38: 'Path size invalid',
  39: 'Unexpected attribute in list',
  40: 'Invalid Member ID',
  41: 'Member not settable',
  42: 'Group 2 only server general failure',
  43: 'Unknown Modbus error',
  44: 'Attribute not gettable',
};
/** Services of one class only: `class << 8 | service`. */
const OWN_SERVICES: Readonly<Record<number, string>> = {
  0x064e: 'Forward Close',
  0x0652: 'Unconnected Send',
  0x0654: 'Forward Open',
  0x0656: 'Get Connection Data',
  0x0657: 'Search Connection Data',
  0x065a: 'Get Connection Owner',
  0x065b: 'Large Forward Open',
};
const SEGMENT = { logical: 1, symbol: 0x91 } as const;
const LOGICAL = { class: 0, instance: 1, member: 2, attribute: 4 } as const;
const ALIGNED_32 = 2;

interface Request {
  readonly service: number;
  readonly classId: number;
  /** What it is on, for Info. */
  readonly object: string;
  /** What its path says, for the answer: key of a field and value. */
  readonly said: readonly (readonly [string, number | string])[];
}

interface Memory {
  readonly visits: Visits<Request | undefined>;
  readonly requests: Map<string, Request>;
}
/** Requests without an answer that are kept, per conversation. */
const MAX_REQUESTS = 4096;

export const cip = defineProtocol({
  name: 'cip',
  title: 'Common Industrial Protocol',
  header: 2,
  remembers: true,
  fields: {
    rr: {
      type: 'u8',
      label: 'Request/Response',
      show: 'hex',
      bits: [7, 7],
      names: { 0x0: 'Request', 0x1: 'Response' },
    },
    sc: { type: 'u8', label: 'Service', show: 'hex', bits: [6, 0], names: SERVICES },
    request_path_size: { type: 'u8', label: 'Request Path Size' },
    path_segment: { type: 'u8', label: 'Path Segment', show: 'hex', many: true },
    'path_segment.type': {
      type: 'u8',
      label: 'Path Segment Type',
      bits: [7, 5],
      names: PATH_SEGMENT_TYPES,
      many: true,
    },
    class: { type: 'u8', label: 'Class', show: 'hex', little: true, names: CLASSES, many: true },
    instance: { type: 'u8', label: 'Instance', show: 'hex', little: true, many: true },
    attribute: { type: 'u8', label: 'Attribute', little: true, many: true },
    symbol: { type: 'string', label: 'ANSI Symbol', many: true },
    data: { type: 'bytes', label: 'Data' },
    genstat: { type: 'u8', label: 'General Status', show: 'hex', names: STATUSES },
    addstat_size: { type: 'u8', label: 'Additional Status Size' },
    addstat: { type: 'u16', label: 'Additional Status', show: 'hex', little: true },
  },
  tree(t) {
    const { at } = t;
    const [, ...parts] = t.hint.split(' ');
    const key = parts.join(' ');
    const memory = t.conversation((): Memory => ({ visits: new Visits(), requests: new Map() }));
    const first = t.u8(at);
    t.put('rr', first >>> 7, at, 1);
    t.put('sc', first & ~ANSWER, at, 1);
    if ((first & ANSWER) === 0) {
      const request = asked(t, at, first);
      if (memory.requests.size >= MAX_REQUESTS) memory.requests.clear();
      memory.requests.set(key, request);
      return;
    }
    const { fact } = memory.visits.visit(t, () => memory.requests.get(key));
    answered(t, at, first & ~ANSWER, fact);
  },
});

function nameOfService(classId: number, service: number): string {
  return (
    SERVICES[service] ??
    OWN_SERVICES[(classId << 8) | service] ??
    `Service (0x${service.toString(16).padStart(2, '0')})`
  );
}

function asked(t: TreeBuilder, at: number, service: number): Request {
  const size = t.u8(at + 1) * 2;
  t.add('request_path_size', at + 1);
  t.need(at + 2, size);
  const said: [string, number | string][] = [['request_path_size', t.u8(at + 1)]];
  const { classId, object } = path(t, at + 2, at + 2 + size, said);
  const what = `${object === '' ? '' : `${object} - `}${nameOfService(classId, service)}`;
  t.info(what);
  t.addLabel(`: ${what}`);
  const next = at + 2 + size;
  if (next < t.end) t.add('data', next, t.end - next);
  return { service, classId, object, said };
}

function answered(t: TreeBuilder, at: number, service: number, request: Request | undefined): void {
  const status = t.u8(at + 2);
  t.add('genstat', at + 2);
  t.add('addstat_size', at + 3);
  let next = at + 4;
  for (let i = t.u8(at + 3); i > 0; i--) next = t.add('addstat', next);
  for (const [name, value] of request?.said ?? []) t.generated(name, value);
  const object = request === undefined || request.object === '' ? '' : `${request.object} - `;
  t.info(
    `${STATUSES[status] ?? `Unknown Response (0x${status.toString(16)})`}: ${object}${nameOfService(request?.classId ?? 0, service)}`,
  );
  if (next < t.end) t.add('data', next, t.end - next);
}

/** The segments of a padded path (appendix C-1.4). What it names is put in words. */
function path(
  t: TreeBuilder,
  from: number,
  end: number,
  said: [string, number | string][],
): { readonly classId: number; readonly object: string } {
  let classId = 0;
  let object = '';
  for (let at = from; at < end; ) {
    const segment = t.u8(at);
    said.push(['path_segment', segment], ['path_segment.type', segment >>> 5]);
    t.add('path_segment', at);
    t.nest(t.last());
    t.add('path_segment.type', at);
    if (segment === SEGMENT.symbol) {
      const length = t.u8(at + 1);
      const symbol = t.string(at + 2, length, 'latin1');
      said.push(['symbol', symbol]);
      t.put('symbol', symbol, at + 2, length);
      object += object === '' ? `'${symbol}'` : '';
      at += 2 + length + (length & 1);
    } else if (segment >>> 5 === SEGMENT.logical) {
      const kind = (segment >>> 2) & 7;
      const [value, next] = logical(t, segment & 3, at + 1);
      const key =
        kind === LOGICAL.class
          ? 'class'
          : kind === LOGICAL.instance
            ? 'instance'
            : kind === LOGICAL.attribute
              ? 'attribute'
              : '';
      if (key !== '') {
        said.push([key, value]);
        t.put(key, value, at + 1, next - at - 1);
      }
      if (kind === LOGICAL.class) {
        classId = value;
        object = CLASSES[value] ?? `Class: 0x${value.toString(16).padStart(2, '0')}`;
      }
      at = next;
    } else at = end;
    t.close();
  }
  return { classId, object };
}

/** A logical value of one, two (behind a pad byte) or four bytes, and one past it. */
function logical(t: TreeBuilder, format: number, at: number): readonly [number, number] {
  if (format === 0) return [t.u8(at), at + 1];
  return format === ALIGNED_32 ? [t.u32le(at + 1), at + 5] : [t.u16le(at + 1), at + 3];
}
