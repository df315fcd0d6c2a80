/** Distributed Interactive Simulation (IEEE 1278.1): what simulators tell each other of their entities, over UDP. */

import { u16 } from '../../../base/bytes.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const HEADER = 12;
const AT = { type: 2, length: 8 } as const;
const VERSIONS = { first: 1, last: 7 } as const;
const ENTITY_STATE = 1;
const KINDS = [
  'Other',
  'Platform',
  'Munition',
  'Life form',
  'Environmental',
  'Cultural feature',
  'Supply',
  'Radio',
  'Expendable',
  'Sensor/Emitter',
];
const DOMAINS = ['Other', 'Land', 'Air', 'Surface', 'Subsurface', 'Space'];
const PDU_TYPES: Readonly<Record<number, string>> = {
  0: 'Other',
  1: 'Entity State',
  2: 'Fire',
  3: 'Detonation',
  4: 'Collision',
  5: 'Service Request',
  6: 'Resupply Offer',
  7: 'Resupply Received',
  8: 'Resupply Cancel',
  9: 'Repair Complete',
  10: 'Repair Response',
  11: 'Create Entity',
  12: 'Remove Entity',
  13: 'Start / Resume',
  14: 'Stop / Freeze',
  15: 'Acknowledge',
  16: 'Action Request',
  17: 'Action Response',
  18: 'Data Query',
  19: 'Set Data',
  20: 'Data',
  21: 'Event Report',
  22: 'Comment',
  23: 'Electromagnetic Emission',
  24: 'Designator',
  25: 'Transmitter',
  26: 'Signal',
  27: 'Receiver',
  28: 'IFF',
  29: 'Underwater Acoustic',
  30: 'Supplemental Emission Entity State',
  31: 'Intercom Signal',
  32: 'Intercom Control',
  33: 'Aggregate State',
  34: 'IsGroupOf',
  35: 'Transfer Ownership',
  36: 'IsPartOf',
  37: 'Minefield State',
  38: 'Minefield Query',
  39: 'Minefield Data',
  40: 'Minefield Response NACK',
  41: 'Environmental Process',
  42: 'Gridded Data',
  43: 'Point Object State',
  44: 'Linear Object State',
  45: 'Areal Object State',
  46: 'TSPI',
  47: 'Appearance',
  48: 'Articulated Parts',
  49: 'LE Fire',
  50: 'LE Detonation',
  51: 'Create Entity-R',
  52: 'Remove Entity-R',
  53: 'Start / Resume-R',
  54: 'Stop / Freeze-R',
  55: 'Acknowledge-R',
  56: 'Action Request-R',
  57: 'Action Response-R',
  58: 'Data Query-R',
  59: 'Set Data-R',
  60: 'Data-R',
  61: 'Event Report-R',
  62: 'Comment-R',
  63: 'Record-R',
  64: 'Set Record-R',
  65: 'Record Query-R',
  66: 'Collision Elastic',
  67: 'Entity State Update',
  68: 'Directed Energy Fire',
  69: 'Entity Damage Status',
  70: 'Info Operations Action',
  71: 'Info Operations Report',
  72: 'Attribute',
  129: 'Announce Object',
  130: 'Delete Object',
  131: 'Describe Application',
  132: 'Describe Event',
  133: 'Describe Object',
  134: 'Request Event',
  135: 'Request Object',
  200: 'Application Control',
  201: 'Stealth State',
};

export const dis = defineProtocol({
  name: 'dis',
  title: 'Distributed Interactive Simulation',
  on: { 'udp.port': [3000] },
  header: HEADER,
  opens: ['data'],
  fields: {
    proto_ver: { type: 'u8', label: 'Proto version' },
    exer_id: { type: 'u8', label: 'Exercise ID' },
    pdu_type: { type: 'u8', label: 'PDU type', names: PDU_TYPES },
    proto_fam: { type: 'u8', label: 'Proto Family' },
    pdu_length: { type: 'u16', label: 'PDU Length' },
    entity_id_site: { type: 'u16', label: 'Entity ID Site', many: true },
    entity_id_application: { type: 'u16', label: 'Entity ID Application', many: true },
    entity_id_entity: { type: 'u16', label: 'Entity ID Entity', many: true },
    entityKind: { type: 'u8', label: 'Kind' },
    entityDomain: { type: 'u8', label: 'Domain' },
    data: { type: 'bytes', label: 'Data', abbrev: 'dis.data' },
  },
  accepts: (b, at, end) =>
    end - at >= HEADER &&
    b[at] >= VERSIONS.first &&
    b[at] <= VERSIONS.last &&
    PDU_TYPES[b[at + AT.type]] !== undefined &&
    u16(b, at + AT.length) >= HEADER &&
    u16(b, at + AT.length) <= end - at,
  tree(t) {
    const { at } = t;
    const type = t.u8(at + AT.type);
    t.info(`PDUType: ${type} \t ${PDU_TYPES[type] ?? 'Unknown'}`);
    t.add('proto_ver', at);
    t.add('exer_id', at + 1);
    t.add('pdu_type', at + AT.type);
    t.add('proto_fam', at + 3);
    t.add('pdu_length', at + AT.length);
    let next = at + HEADER;
    if (type === ENTITY_STATE) next = entity(t, next);
    if (next < t.end) t.add('data', next, t.end - next);
  },
});

function entity(t: TreeBuilder, at: number): number {
  t.add('entity_id_site', at);
  t.add('entity_id_application', at + 2);
  t.add('entity_id_entity', at + 4);
  t.add('entityKind', at + 8);
  t.add('entityDomain', at + 9);
  const kind = KINDS[t.u8(at + 8)] ?? 'Unknown';
  const domain = DOMAINS[t.u8(at + 9)] ?? 'Unknown';
  t.addInfo(`, ${kind}, ${domain}, (${t.u16(at)}:${t.u16(at + 2)}:${t.u16(at + 4)})`);
  return at + 10;
}
