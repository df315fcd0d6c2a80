/** Unified diagnostic services of vehicles (ISO 14229-1): a service, and what it is asked for or answers. */

import { toHex } from '../../base/hex.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const REPLY = 0x40;
const SERVICE = {
  session: 0x10,
  reset: 0x11,
  readTrouble: 0x19,
  read: 0x22,
  access: 0x27,
  write: 0x2e,
  routine: 0x31,
  transfer: 0x36,
  present: 0x3e,
  error: 0x3f,
} as const;
const COLUMN = 40;
const SIDS: Readonly<Record<number, string>> = {
  0x10: 'Diagnostic Session Control',
  0x11: 'ECU Reset',
  0x14: 'Clear Diagnostic Information',
  0x19: 'Read DTC Information',
  0x22: 'Read Data By Identifier',
  0x23: 'Read Memory By Address',
  0x24: 'Read Scaling Data By Identifier',
  0x27: 'Security Access',
  0x28: 'Communication Control',
  0x29: 'Authentication',
  0x2a: 'Read Data By Periodic Identifier',
  0x2c: 'Dynamically Define Data Identifier',
  0x2e: 'Write Data By Identifier',
  0x2f: 'Input Output Control By Identifier',
  0x31: 'Routine Control',
  0x34: 'Request Download',
  0x35: 'Request Upload',
  0x36: 'Transfer Data',
  0x37: 'Request Transfer Exit',
  0x38: 'Request File Transfer',
  0x3d: 'Write Memory By Address',
  0x3e: 'Tester Present',
  0x3f: 'Error',
  0x84: 'Secure Data Transmission',
  0x85: 'Control DTC Setting',
  0x86: 'Response On Event',
  0x87: 'Link Control',
};
const DSC_TYPES: Readonly<Record<number, string>> = {
  0x0: 'Reserved',
  0x1: 'Default Session',
  0x2: 'Programming Session',
  0x3: 'Extended Diagnostic Session',
  0x4: 'Safety System Diagnostic Session',
};
const ER_TYPES: Readonly<Record<number, string>> = {
  0x0: 'Reserved',
  0x1: 'Hard Reset',
  0x2: 'Key On Off Reset',
  0x3: 'Soft Reset',
  0x4: 'Enable Rapid Power Shutdown',
  0x5: 'Disable Rapid Power Shutdown',
};
const RDTCI_TYPES: Readonly<Record<number, string>> = {
  0x1: 'Report Number of DTC by Status Mask',
  0x2: 'Report DTC by Status Mask',
  0x3: 'Report DTC Snapshot Identification',
  0x4: 'Report DTC Snapshot Record by DTC Number',
  0x5: 'Report DTC Snapshot Record by Record Number',
  0x6: 'Report DTC Extended Data Record by DTC Number',
  0x7: 'Report Number of DTC By Severity Mask',
  0x8: 'Report DTC by Severity Mask',
  0x9: 'Report Severity Information of DTC',
  0xa: 'Report Supported DTC',
  0xb: 'Report First Test Failed DTC',
  0xc: 'Report First Confirmed DTC',
  0xd: 'Report Most Recent Test Failed DTC',
  0xe: 'Report Most Recent Confirmed DTC',
  0x14: 'Report DTC Fault Detection Counter',
  0x15: 'Report DTC with Permanent Status',
  0x16: 'Report DTC Extended Data Record by Record Number',
  0x17: 'Report User Defined Memory DTC By Status Mask',
  0x18: 'Report User Defined Memory DTC Snapshot Record By DTC Number',
  0x19: 'Report User Defined Memory DTC Extended Data Record by DTC Number',
  0x1a: 'Report List of DTCs Supporting Specific Extended Data Record',
  0x42: 'Report WWH-OBD DTC By Mask Record',
  0x55: 'Report WWH-OBD DTC With Permanent Status',
  0x56: 'Report WWH-OBD DTC By Readiness Group Identifier',
};
const ERR_CODES: Readonly<Record<number, string>> = {
  0x10: 'General reject',
  0x11: 'Service not supported',
  0x12: 'Sub-Function Not Supported',
  0x13: 'Incorrect Message Length or Invalid Format',
  0x14: 'Response too long',
  0x21: 'Busy repeat request',
  0x22: 'Conditions Not Correct',
  0x24: 'Request Sequence Error',
  0x25: 'No response from sub-net component',
  0x26: 'Failure prevents execution of requested action',
  0x31: 'Request Out of Range',
  0x33: 'Security Access Denied',
  0x34: 'Authentication Required',
  0x35: 'Invalid Key',
  0x36: 'Exceeded Number Of Attempts',
  0x37: 'Required Time Delay Not Expired',
  0x38: 'Secure Data Transmission Required',
  0x39: 'Secure Data Transmission Not Allowed',
  0x3a: 'Secure Data Verification Failed',
  0x50: 'Certificate Verification Failed: Invalid Time Period',
  0x51: 'Certificate Verification Failed: Invalid Signature',
  0x52: 'Certificate Verification Failed: Invalid Chain of Trust',
  0x53: 'Certificate Verification Failed: Invalid Type',
  0x54: 'Certificate Verification Failed: Invalid Format',
  0x55: 'Certificate Verification Failed: Invalid Content',
  0x56: 'Certificate Verification Failed: Invalid Scope',
  0x57: 'Certificate Verification Failed: Invalid Certificate (revoked)',
  0x58: 'Ownership Verification Failed',
  0x59: 'Challenge Calculation Failed',
  0x5a: 'Setting Access Rights Failed',
  0x5b: 'Session Key Creation/Derivation Failed',
  0x5c: 'Configuration Data Usage Failed',
  0x5d: 'DeAuthentication Failed',
  0x70: 'Upload/Download not accepted',
  0x71: 'Transfer data suspended',
  0x72: 'General Programming Failure',
  0x73: 'Wrong Block Sequence Counter',
  0x78: 'Request correctly received, but response is pending',
  0x7e: 'Sub-Function not supported in active session',
  0x7f: 'Service not supported in active session',
  0x81: 'RPM Too High',
  0x82: 'RPM Too Low',
  0x83: 'Engine Is Running',
  0x84: 'Engine Is Not Running',
  0x85: 'Run Time Too Low',
  0x86: 'Temperature Too High',
  0x87: 'Temperature Too Low',
  0x88: 'Vehicle Speed Too High',
  0x89: 'Vehicle Speed Too Low',
  0x8a: 'Throttle/Pedal Too High',
  0x8b: 'Throttle/Pedal Too Low',
  0x8c: 'Transmission Range Not In Neutral',
  0x8d: 'Transmission Range Not In Gear',
  0x8f: 'Brake Switch(es) Not Closed',
  0x90: 'Shifter/Lever Not in Park',
  0x91: 'Torque Converter Clutch Locked',
  0x92: 'Voltage Too High',
  0x93: 'Voltage Too Low',
  0x94: 'Resource Temporarily Not Available',
};

export const uds = defineProtocol({
  name: 'uds',
  title: 'Unified Diagnostic Services',
  header: 1,
  fields: {
    diag_addr_source: { type: 'u16', label: 'Diagnostic Source Address', show: 'hex' },
    diag_addr_target: { type: 'u16', label: 'Diagnostic Target Address', show: 'hex' },
    sid: { type: 'u8', label: 'Service Identifier', show: 'hex', names: SIDS },
    reply: { type: 'u8', label: 'Reply Flag', show: 'hex', bits: [6, 6] },
    'dsc.type': { type: 'u8', label: 'Type', show: 'hex', names: DSC_TYPES },
    'er.type': { type: 'u8', label: 'Type', show: 'hex', names: ER_TYPES },
    'rdtci.type': { type: 'u8', label: 'Type', show: 'hex', names: RDTCI_TYPES },
    'rdtci.record': { type: 'bytes', label: 'Record' },
    'rdbi.data_identifier': { type: 'u16', label: 'Data Identifier', show: 'hex' },
    'rdbi.data_record': { type: 'bytes', label: 'Data Record' },
    'sa.type': { type: 'u8', label: 'Type', show: 'hex' },
    'sa.key': { type: 'bytes', label: 'Key' },
    'sa.seed': { type: 'bytes', label: 'Seed' },
    'wdbi.data_identifier': { type: 'u16', label: 'Data Identifier', show: 'hex' },
    'wdbi.data_record': { type: 'bytes', label: 'Data Record' },
    'rc.type': {
      type: 'u8',
      label: 'Type',
      show: 'hex',
      names: { 0x0: 'Reserved', 0x1: 'Start routine', 0x2: 'Stop routine', 0x3: 'Request routine result' },
    },
    'rc.identifier': { type: 'u16', label: 'Identifier', show: 'hex' },
    'rc.option_record': { type: 'bytes', label: 'Option record' },
    'td.block_sequence_counter': { type: 'u8', label: 'Block Sequence Counter' },
    'err.sid': { type: 'u8', label: 'Service Identifier', show: 'hex', names: SIDS },
    'err.code': { type: 'u8', label: 'Code', show: 'hex', names: ERR_CODES },
    data: { type: 'bytes', label: 'Parameters', abbrev: 'uds.data' },
  },
  tree(t) {
    const { at } = t;
    const first = t.u8(at);
    const service = first & ~REPLY;
    const isReply = (first & REPLY) !== 0;
    const [source, target] = t.hint.split(' ').map(Number);
    if (source !== undefined && target !== undefined && t.hint !== '') {
      t.generated('diag_addr_source', source);
      t.generated('diag_addr_target', target);
    }
    t.put('sid', service, at, 1);
    t.put('reply', isReply ? 1 : 0, at, 1);
    const name = t.nameOf('sid', service) ?? `Unknown (0x${service.toString(16)})`;
    t.info(`${isReply ? 'Reply    ' : 'Request  '} ${name.padEnd(COLUMN - 4)}`);
    if (service === SERVICE.error) refused(t, at + 1);
    else parameters(t, service, isReply, at + 1);
  },
});

function refused(t: TreeBuilder, at: number): void {
  t.add('err.sid', at);
  t.add('err.code', at + 1);
  const service = t.u8(at);
  const code = t.u8(at + 1);
  t.info(
    `Error     ${(t.nameOf('sid', service) ?? 'Unknown').padEnd(COLUMN - 4)}   ${t.nameOf('err.code', code) ?? 'Unknown'} (SID: 0x${service.toString(16)}, Code: 0x${code.toString(16)})`,
  );
}

/** Services that begin with a kind: the field for it. */
const KINDS: Readonly<Record<number, string>> = {
  [SERVICE.session]: 'dsc.type',
  [SERVICE.reset]: 'er.type',
  [SERVICE.readTrouble]: 'rdtci.type',
  [SERVICE.access]: 'sa.type',
  [SERVICE.routine]: 'rc.type',
};

function parameters(t: TreeBuilder, service: number, isReply: boolean, at: number): void {
  if (service === SERVICE.read || service === SERVICE.write) {
    const key = service === SERVICE.read ? 'rdbi' : 'wdbi';
    const next = t.add(`${key}.data_identifier`, at);
    t.addInfo(`   0x${t.u16(at).toString(16).padStart(4, '0')}`);
    if (next >= t.end) return;
    t.add(`${key}.data_record`, next, t.end - next);
    t.addInfo(`   ${toHex(t.slice(next, t.end - next), ' ')}`);
    return;
  }
  const kind = KINDS[service];
  let next = at;
  if (kind !== undefined) {
    const value = t.u8(at) & 0x7f;
    t.addInfo(`   ${t.nameOf(kind, value) ?? `0x${value.toString(16).padStart(2, '0')}`}`);
    next = t.add(kind, at);
  } else if (service === SERVICE.transfer && at < t.end) {
    t.addInfo(`   Block Sequence Counter ${t.u8(at)}`);
    next = t.add('td.block_sequence_counter', at);
  }
  if (service === SERVICE.routine) next = t.add('rc.identifier', next);
  if (next < t.end) t.add(rest(service, isReply), next, t.end - next);
}

function rest(service: number, isReply: boolean): string {
  if (service === SERVICE.readTrouble) return 'rdtci.record';
  if (service === SERVICE.access) return isReply ? 'sa.seed' : 'sa.key';
  return service === SERVICE.routine ? 'rc.option_record' : 'data';
}
