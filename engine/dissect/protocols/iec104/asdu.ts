/** Application data units of telecontrol (IEC 60870-5-101 clause 7, companion standard -104): what each object carries. */

import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { CP24, CP56, time24, time56 } from './times.ts';

/** Qualifiers of a command (IEC 60870-5-101 7.2.6.26). */
const PULSES: Readonly<Record<number, string>> = {
  0: 'No pulse defined',
  1: 'Short Pulse',
  2: 'Long Pulse',
  3: 'Persistent Output',
};
const AT = { type: 0, count: 1, cause: 2, originator: 3, address: 4, objects: 6 } as const;
const SEQUENCE = 0x80;
const CAUSE = { negative: 0x40, test: 0x80 } as const;
const TYPEIDS: Readonly<Record<number, string>> = {
  1: 'M_SP_NA_1',
  2: 'M_SP_TA_1',
  3: 'M_DP_NA_1',
  4: 'M_DP_TA_1',
  5: 'M_ST_NA_1',
  6: 'M_ST_TA_1',
  7: 'M_BO_NA_1',
  8: 'M_BO_TA_1',
  9: 'M_ME_NA_1',
  10: 'M_ME_TA_1',
  11: 'M_ME_NB_1',
  12: 'M_ME_TB_1',
  13: 'M_ME_NC_1',
  14: 'M_ME_TC_1',
  15: 'M_IT_NA_1',
  16: 'M_IT_TA_1',
  20: 'M_PS_NA_1',
  21: 'M_ME_ND_1',
  30: 'M_SP_TB_1',
  31: 'M_DP_TB_1',
  32: 'M_ST_TB_1',
  33: 'M_BO_TB_1',
  34: 'M_ME_TD_1',
  35: 'M_ME_TE_1',
  36: 'M_ME_TF_1',
  37: 'M_IT_TB_1',
  38: 'M_EP_TD_1',
  39: 'M_EP_TE_1',
  40: 'M_EP_TF_1',
  41: 'S_IT_TC_1',
  45: 'C_SC_NA_1',
  46: 'C_DC_NA_1',
  47: 'C_RC_NA_1',
  48: 'C_SE_NA_1',
  49: 'C_SE_NB_1',
  50: 'C_SE_NC_1',
  51: 'C_BO_NA_1',
  58: 'C_SC_TA_1',
  59: 'C_DC_TA_1',
  60: 'C_RC_TA_1',
  61: 'C_SE_TA_1',
  62: 'C_SE_TB_1',
  63: 'C_SE_TC_1',
  64: 'C_BO_TA_1',
  70: 'M_EI_NA_1',
  81: 'S_CH_NA_1',
  82: 'S_RP_NA_1',
  83: 'S_AR_NA_1',
  84: 'S_KR_NA_1',
  85: 'S_KS_NA_1',
  86: 'S_KC_NA_1',
  87: 'S_ER_NA_1',
  90: 'S_US_NA_1',
  91: 'S_UQ_NA_1',
  92: 'S_UR_NA_1',
  93: 'S_UK_NA_1',
  94: 'S_UA_NA_1',
  95: 'S_UC_NA_1',
  100: 'C_IC_NA_1',
  101: 'C_CI_NA_1',
  102: 'C_RD_NA_1',
  103: 'C_CS_NA_1',
  105: 'C_RP_NA_1',
  107: 'C_TS_TA_1',
  110: 'P_ME_NA_1',
  111: 'P_ME_NB_1',
  112: 'P_ME_NC_1',
  113: 'P_AC_NA_1',
  120: 'F_FR_NA_1',
  121: 'F_SR_NA_1',
  122: 'F_SC_NA_1',
  123: 'F_LS_NA_1',
  124: 'F_AF_NA_1',
  125: 'F_SG_NA_1',
  126: 'F_DR_TA_1',
  127: 'F_SC_NB_1',
};
const CAUSETXS: Readonly<Record<number, string>> = {
  1: 'Per/Cyc',
  2: 'Back',
  3: 'Spont',
  4: 'Init',
  5: 'Req',
  6: 'Act',
  7: 'ActCon',
  8: 'Deact',
  9: 'DeactCon',
  10: 'ActTerm',
  11: 'Retrem',
  12: 'Retloc',
  13: 'File',
  14: 'Auth',
  15: 'Seskey',
  16: 'Usrkey',
  20: 'Inrogen',
  21: 'Inro1',
  22: 'Inro2',
  23: 'Inro3',
  24: 'Inro4',
  25: 'Inro5',
  26: 'Inro6',
  27: 'Inro7',
  28: 'Inro8',
  29: 'Inro9',
  30: 'Inro10',
  31: 'Inro11',
  32: 'Inro12',
  33: 'Inro13',
  34: 'Inro14',
  35: 'Inro15',
  36: 'Inro16',
  37: 'Reqcogen',
  38: 'Reqco1',
  39: 'Reqco2',
  40: 'Reqco3',
  41: 'Reqco4',
  44: 'UkTypeId',
  45: 'UkCauseTx',
  46: 'UkComAdrASDU',
  47: 'UkIOA',
};
const QOIS: Readonly<Record<number, string>> = {
  0: 'Not specified',
  20: 'Station interrogation (global)',
  21: 'Group 1 interrogation',
  22: 'Group 2 interrogation',
  23: 'Group 3 interrogation',
  24: 'Group 4 interrogation',
  25: 'Group 5 interrogation',
  26: 'Group 6 interrogation',
  27: 'Group 7 interrogation',
  28: 'Group 8 interrogation',
  29: 'Group 9 interrogation',
  30: 'Group 10 interrogation',
  31: 'Group 11 interrogation',
  32: 'Group 12 interrogation',
  33: 'Group 13 interrogation',
  34: 'Group 14 interrogation',
  35: 'Group 15 interrogation',
  36: 'Group 16 interrogation',
};
const RQTS: Readonly<Record<number, string>> = {
  0: 'Not specified',
  1: 'Group 1 counter interrogation',
  2: 'Group 2 counter interrogation',
  3: 'Group 3 counter interrogation',
  4: 'Group 4 counter interrogation',
  5: 'General counter interrogation',
};

/** The parts of an object behind its address, by type of the unit (7.3). */
type Part =
  | 'siq'
  | 'diq'
  | 'vti'
  | 'bits'
  | 'normal'
  | 'scaled'
  | 'float'
  | 'counter'
  | 'qds'
  | 'sco'
  | 'dco'
  | 'rco'
  | 'qos'
  | 'qpm'
  | 'coi'
  | 'qoi'
  | 'qcc'
  | 'qrp'
  | 'cp24'
  | 'cp56';
const LAYOUTS: Readonly<Record<number, readonly Part[]>> = {
  1: ['siq'],
  2: ['siq', 'cp24'],
  3: ['diq'],
  4: ['diq', 'cp24'],
  5: ['vti', 'qds'],
  6: ['vti', 'qds', 'cp24'],
  7: ['bits', 'qds'],
  8: ['bits', 'qds', 'cp24'],
  9: ['normal', 'qds'],
  10: ['normal', 'qds', 'cp24'],
  11: ['scaled', 'qds'],
  12: ['scaled', 'qds', 'cp24'],
  13: ['float', 'qds'],
  14: ['float', 'qds', 'cp24'],
  15: ['counter'],
  16: ['counter', 'cp24'],
  21: ['normal'],
  30: ['siq', 'cp56'],
  31: ['diq', 'cp56'],
  32: ['vti', 'qds', 'cp56'],
  33: ['bits', 'qds', 'cp56'],
  34: ['normal', 'qds', 'cp56'],
  35: ['scaled', 'qds', 'cp56'],
  36: ['float', 'qds', 'cp56'],
  37: ['counter', 'cp56'],
  45: ['sco'],
  46: ['dco'],
  47: ['rco'],
  48: ['normal', 'qos'],
  49: ['scaled', 'qos'],
  50: ['float', 'qos'],
  51: ['bits'],
  58: ['sco', 'cp56'],
  59: ['dco', 'cp56'],
  60: ['rco', 'cp56'],
  61: ['normal', 'qos', 'cp56'],
  62: ['scaled', 'qos', 'cp56'],
  63: ['float', 'qos', 'cp56'],
  64: ['bits', 'cp56'],
  70: ['coi'],
  100: ['qoi'],
  101: ['qcc'],
  102: [],
  103: ['cp56'],
  105: ['qrp'],
  110: ['normal', 'qpm'],
  111: ['scaled', 'qpm'],
  112: ['float', 'qpm'],
};

export const iec101Asdu = defineProtocol({
  name: 'iec60870_asdu',
  title: 'IEC 60870-5-101/104 ASDU',
  short: 'IEC 60870-5 ASDU',
  fields: {
    typeid: { type: 'u8', label: 'TypeId', names: TYPEIDS, many: true },
    sq: { type: 'bool', label: 'SQ', bits: [7, 7], many: true },
    numix: { type: 'u8', label: 'NumIx', bits: [6, 0], many: true },
    causetx: { type: 'u8', label: 'CauseTx', bits: [5, 0], names: CAUSETXS, many: true },
    nega: { type: 'bool', label: 'Negative', bits: [6, 6], many: true },
    test: { type: 'bool', label: 'Test', bits: [7, 7], many: true },
    oa: { type: 'u8', label: 'OA', many: true },
    addr: { type: 'u16', label: 'Addr', little: true, many: true },
    ioa: { type: 'u24', label: 'IOA', little: true, many: true },
    cp24time: { type: 'duration', label: 'CP24Time', many: true },
    'cp24time.ms': { type: 'u16', label: 'MS', little: true, many: true },
    'cp24time.min': { type: 'u8', label: 'Min', bits: [5, 0], many: true },
    'cp24time.iv': { type: 'bool', label: 'IV', bits: [7, 7], flag: ['Invalid', 'Valid'], many: true },
    cp56time: { type: 'time', label: 'CP56Time', many: true },
    'cp56time.ms': { type: 'u16', label: 'MS', little: true, many: true },
    'cp56time.min': { type: 'u8', label: 'Min', bits: [5, 0], many: true },
    'cp56time.gen': { type: 'bool', label: 'GEN', bits: [6, 6], flag: ['Substituted', 'Not Substituted'], many: true },
    'cp56time.iv': { type: 'bool', label: 'IV', bits: [7, 7], flag: ['Invalid', 'Valid'], many: true },
    'cp56time.hour': { type: 'u8', label: 'Hour', bits: [4, 0], many: true },
    'cp56time.su': { type: 'bool', label: 'SU', bits: [7, 7], flag: ['DST', 'Local'], many: true },
    'cp56time.day': { type: 'u8', label: 'Day', bits: [4, 0], many: true },
    'cp56time.dow': { type: 'u8', label: 'DOW', bits: [7, 5], many: true },
    'cp56time.month': { type: 'u8', label: 'Month', bits: [3, 0], many: true },
    'cp56time.year': { type: 'u8', label: 'Year', bits: [6, 0], many: true },
    siq: { type: 'u8', label: 'SIQ', show: 'hex', many: true },
    'siq.spi': { type: 'bool', label: 'SPI', bits: [0, 0], flag: ['On', 'Off'], many: true },
    'siq.bl': { type: 'bool', label: 'BL', bits: [4, 4], flag: ['Blocked', 'Not blocked'], many: true },
    'siq.sb': { type: 'bool', label: 'SB', bits: [5, 5], flag: ['Substituted', 'Not Substituted'], many: true },
    'siq.nt': { type: 'bool', label: 'NT', bits: [6, 6], flag: ['Not Topical', 'Topical'], many: true },
    'siq.iv': { type: 'bool', label: 'IV', bits: [7, 7], flag: ['Invalid', 'Valid'], many: true },
    diq: { type: 'u8', label: 'DIQ', show: 'hex', many: true },
    'diq.dpi': {
      type: 'u8',
      label: 'DPI',
      bits: [1, 0],
      names: { 0: 'Indeterminate or Intermediate', 1: 'OFF', 2: 'ON', 3: 'Indeterminate' },
      many: true,
    },
    'diq.bl': { type: 'bool', label: 'BL', bits: [4, 4], flag: ['Blocked', 'Not blocked'], many: true },
    'diq.sb': { type: 'bool', label: 'SB', bits: [5, 5], flag: ['Substituted', 'Not Substituted'], many: true },
    'diq.nt': { type: 'bool', label: 'NT', bits: [6, 6], flag: ['Not Topical', 'Topical'], many: true },
    'diq.iv': { type: 'bool', label: 'IV', bits: [7, 7], flag: ['Invalid', 'Valid'], many: true },
    qds: { type: 'u8', label: 'QDS', show: 'hex', many: true },
    'qds.ov': { type: 'bool', label: 'OV', bits: [0, 0], flag: ['Overflow', 'No overflow'], many: true },
    'qds.bl': { type: 'bool', label: 'BL', bits: [4, 4], flag: ['Blocked', 'Not blocked'], many: true },
    'qds.sb': { type: 'bool', label: 'SB', bits: [5, 5], flag: ['Substituted', 'Not Substituted'], many: true },
    'qds.nt': { type: 'bool', label: 'NT', bits: [6, 6], flag: ['Not Topical', 'Topical'], many: true },
    'qds.iv': { type: 'bool', label: 'IV', bits: [7, 7], flag: ['Invalid', 'Valid'], many: true },
    vti: { type: 'u8', label: 'VTI', show: 'hex', many: true },
    'vti.v': { type: 'i8', label: 'Value', bits: [6, 0], many: true },
    'vti.t': { type: 'bool', label: 'T', bits: [7, 7], flag: ['Transient', 'Not Transient'], many: true },
    qos: { type: 'u8', label: 'QOS', show: 'hex', many: true },
    'qos.ql': { type: 'u8', label: 'QL', bits: [6, 0], many: true },
    'qos.se': { type: 'bool', label: 'S/E', bits: [7, 7], flag: ['Select', 'Execute'], many: true },
    sco: { type: 'u8', label: 'SCO', show: 'hex', many: true },
    'sco.on': { type: 'bool', label: 'ON/OFF', bits: [0, 0], flag: ['On', 'Off'], many: true },
    'sco.qu': {
      type: 'u8',
      label: 'QU',
      bits: [6, 2],
      names: PULSES,
      many: true,
    },
    'sco.se': { type: 'bool', label: 'S/E', bits: [7, 7], flag: ['Select', 'Execute'], many: true },
    dco: { type: 'u8', label: 'DCO', show: 'hex', many: true },
    'dco.on': {
      type: 'u8',
      label: 'ON/OFF',
      bits: [1, 0],
      names: { 0: '(None)', 1: 'OFF', 2: 'ON', 3: 'Error: On/Off not defined' },
      many: true,
    },
    'dco.qu': {
      type: 'u8',
      label: 'QU',
      bits: [6, 2],
      names: PULSES,
      many: true,
    },
    'dco.se': { type: 'bool', label: 'S/E', bits: [7, 7], flag: ['Select', 'Execute'], many: true },
    rco: { type: 'u8', label: 'RCO', show: 'hex', many: true },
    'rco.up': {
      type: 'u8',
      label: 'UP/DOWN',
      bits: [1, 0],
      names: { 0: '(None)', 1: 'DOWN', 2: 'UP', 3: 'Error: Up/Down not defined' },
      many: true,
    },
    'rco.qu': {
      type: 'u8',
      label: 'QU',
      bits: [6, 2],
      names: PULSES,
      many: true,
    },
    'rco.se': { type: 'bool', label: 'S/E', bits: [7, 7], flag: ['Select', 'Execute'], many: true },
    qpm: { type: 'u8', label: 'QPM', show: 'hex', many: true },
    'qpm.kpa': {
      type: 'u8',
      label: 'KPA',
      bits: [5, 0],
      names: { 0: 'Not used', 1: 'Threshold value', 2: 'Smoothing factor (filter time constant)' },
      many: true,
    },
    'qpm.lpc': { type: 'u8', label: 'LPC', bits: [6, 6], names: { 0: 'No change', 1: 'Change' }, many: true },
    'qpm.pop': { type: 'u8', label: 'POP', bits: [7, 7], names: { 0: 'Operation', 1: 'Not in operation' }, many: true },
    coi: { type: 'u8', label: 'COI', show: 'hex', many: true },
    coi_r: {
      type: 'u8',
      label: 'R',
      bits: [6, 0],
      names: { 0: 'Local power switch on', 1: 'Local manual reset', 2: 'Remote reset' },
      many: true,
    },
    coi_i: {
      type: 'bool',
      label: 'I',
      bits: [7, 7],
      flag: ['Initialisation after change of local parameters', 'Initialisation with unchanged local parameters'],
      many: true,
    },
    qoi: { type: 'u8', label: 'QOI', names: QOIS, many: true },
    qcc: { type: 'u8', label: 'QCC', show: 'hex', many: true },
    rqt: { type: 'u8', label: 'RQT', bits: [5, 0], names: RQTS, many: true },
    frz: {
      type: 'u8',
      label: 'FRZ',
      bits: [7, 6],
      names: {
        0: 'Read only (no freeze or reset)',
        1: 'Counter freeze without reset (value frozen represents integrated total)',
        2: 'Counter freeze with reset (value frozen represents incremental information)',
        3: 'Counter reset',
      },
      many: true,
    },
    qrp: {
      type: 'u8',
      label: 'QRP',
      names: {
        0: 'Not used',
        1: 'General reset of process',
        2: 'Reset of pending information with time tag of the event buffer',
      },
      many: true,
    },
    'bcr.count': { type: 'i32', label: 'Binary Counter', little: true, many: true },
    'bcr.sq': { type: 'u8', label: 'SQ', bits: [4, 0], many: true },
    'bcr.cy': { type: 'bool', label: 'CY', bits: [5, 5], flag: ['Overflow', 'No overflow'], many: true },
    'bcr.ca': { type: 'bool', label: 'CA', bits: [6, 6], flag: ['Adjusted', 'Not Adjusted'], many: true },
    'bcr.iv': { type: 'bool', label: 'IV', bits: [7, 7], flag: ['Invalid', 'Valid'], many: true },
    bitstring: { type: 'u32', label: 'Value', show: 'hex', little: true, many: true },
    float: { type: 'float', label: 'Value', little: true, many: true },
    normval: { type: 'float', label: 'Value', many: true },
    scalval: { type: 'i16', label: 'Value', little: true, many: true },
    rawdata: { type: 'bytes', label: 'Raw Data', many: true },
  },
  tree(t) {
    const { at } = t;
    const type = t.u8(at + AT.type);
    const count = t.u8(at + AT.count) & 0x7f;
    const isSequence = (t.u8(at + AT.count) & SEQUENCE) !== 0;
    const cause = t.u8(at + AT.cause);
    t.add('typeid', at);
    t.add('sq', at + AT.count);
    t.add('numix', at + AT.count);
    for (const key of ['causetx', 'nega', 'test']) t.add(key, at + AT.cause);
    t.add('oa', at + AT.originator);
    t.add('addr', at + AT.address);
    const address = t.u16le(at + AT.address);
    const why =
      (t.nameOf('causetx', cause & 0x3f) ?? ' <CauseTx=' + (cause & 0x3f) + '>') +
      ((cause & CAUSE.negative) !== 0 ? '_NEGA' : '') +
      ((cause & CAUSE.test) !== 0 ? '_TEST' : '');
    const first = t.u24le(at + AT.objects);
    const said = `ASDU=${address} ${t.nameOf('typeid', type) ?? `<TypeId=${type}>`} ${why.padEnd(7)} ${objectsText(first, count, isSequence)}`;
    t.addLabel(`: ${said}`);
    t.addInfo(said);
    objects(t, LAYOUTS[type], count, isSequence, at + AT.objects);
  },
});

function objectsText(first: number, count: number, isSequence: boolean): string {
  if (count <= 1) return `IOA=${first}`;
  return isSequence ? `IOA[${count}]=${first}-${first + count - 1}` : `IOA[${count}]=${first},...`;
}

/** In a sequence only the first object has an address. */
function objects(
  t: TreeBuilder,
  layout: readonly Part[] | undefined,
  count: number,
  isSequence: boolean,
  from: number,
): void {
  let at = from;
  const first = t.u24le(from);
  for (let i = 0; i < count && at < t.end; i++) {
    if (i === 0 || !isSequence) at = t.add('ioa', at);
    else t.generated('ioa', first + i, at);
    if (layout === undefined) {
      if (at < t.end) t.add('rawdata', at, t.end - at);
      return;
    }
    t.nest(t.last());
    for (const part of layout) at = element(t, part, at);
    t.close();
  }
}

const BITS: Readonly<Partial<Record<Part, readonly string[]>>> = {
  siq: ['siq.spi', 'siq.bl', 'siq.sb', 'siq.nt', 'siq.iv'],
  diq: ['diq.dpi', 'diq.bl', 'diq.sb', 'diq.nt', 'diq.iv'],
  vti: ['vti.v', 'vti.t'],
  qds: ['qds.ov', 'qds.bl', 'qds.sb', 'qds.nt', 'qds.iv'],
  sco: ['sco.on', 'sco.qu', 'sco.se'],
  dco: ['dco.on', 'dco.qu', 'dco.se'],
  rco: ['rco.up', 'rco.qu', 'rco.se'],
  qos: ['qos.ql', 'qos.se'],
  qpm: ['qpm.kpa', 'qpm.lpc', 'qpm.pop'],
  coi: ['coi_r', 'coi_i'],
  qcc: ['rqt', 'frz'],
};

/** One part of an object; returns one past it. */
function element(t: TreeBuilder, part: Part, at: number): number {
  switch (part) {
    case 'bits':
      return t.add('bitstring', at);
    case 'normal': {
      const raw = t.u16le(at);
      t.put('normval', (raw >= 0x8000 ? raw - 0x10000 : raw) / 0x8000, at, 2);
      return at + 2;
    }
    case 'scaled':
      return t.add('scalval', at);
    case 'float':
      return t.add('float', at);
    case 'counter':
      t.add('bcr.count', at);
      for (const key of ['sq', 'cy', 'ca', 'iv']) t.add(`bcr.${key}`, at + 4);
      return at + 5;
    case 'cp24':
      time24(t, at);
      return at + CP24;
    case 'cp56':
      time56(t, at);
      return at + CP56;
    case 'qoi':
    case 'qrp':
      return t.add(part, at);
    default: {
      t.add(part, at);
      t.nest(t.last());
      for (const key of BITS[part] ?? []) t.add(key, at);
      t.close();
      return at + 1;
    }
  }
}
