/** Precision Time Protocol, version 2 (IEEE 1588), on Ethernet and in UDP. */

import { defineProtocol, type FieldSpec } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const AT = {
  type: 0,
  version: 1,
  length: 2,
  domain: 4,
  minorDomain: 5,
  flags: 6,
  correction: 8,
  specific: 16,
  clock: 20,
  port: 28,
  sequence: 30,
  control: 32,
  period: 33,
  body: 34,
} as const;
const NAMES: Readonly<Record<number, string>> = {
  0: 'Sync Message',
  1: 'Delay_Req Message',
  2: 'Peer_Delay_Req Message',
  3: 'Peer_Delay_Resp Message',
  8: 'Follow_Up Message',
  9: 'Delay_Resp Message',
  10: 'Peer_Delay_Resp_Follow_Up Message',
  11: 'Announce Message',
  12: 'Signalling Message',
  13: 'Management Message',
};
const FLAGS = [
  ['alternatemaster', 8, 'PTP_ALTERNATE_MASTER'],
  ['twostep', 9, 'PTP_TWO_STEP'],
  ['unicast', 10, 'PTP_UNICAST'],
  ['specific1', 13, 'PTP profile Specific 1'],
  ['specific2', 14, 'PTP profile Specific 2'],
  ['security', 15, 'PTP_SECURITY'],
  ['li61', 0, 'PTP_LI_61'],
  ['li59', 1, 'PTP_LI_59'],
  ['utcreasonable', 2, 'PTP_UTC_REASONABLE'],
  ['timescale', 3, 'PTP_TIMESCALE'],
  ['timetraceable', 4, 'TIME_TRACEABLE'],
  ['frequencytraceable', 5, 'FREQUENCY_TRACEABLE'],
] as const;
/** What each message's time is called: fields of seconds (six bytes) and nanoseconds, then whether a port follows. */
const TIMES: Readonly<Record<number, readonly [string, boolean]>> = {
  0: ['sdr.origintimestamp', false],
  1: ['sdr.origintimestamp', false],
  2: ['pdrq.origintimestamp', false],
  3: ['pdrs.requestreceipttimestamp', true],
  8: ['fu.preciseorigintimestamp', false],
  9: ['dr.receivetimestamp', true],
  10: ['pdfu.responseorigintimestamp', true],
  11: ['an.origintimestamp', false],
};
const REQUESTERS: Readonly<Record<number, string>> = {
  3: 'pdrs.requestingport',
  9: 'dr.requestingsourceport',
  10: 'pdfu.requestingport',
};
const ANNOUNCE = 11;

const timeFields: Readonly<Record<string, FieldSpec>> = Object.fromEntries<FieldSpec>(
  [...new Set(Object.values(TIMES).map(([key]) => key))].flatMap((key): [string, FieldSpec][] => [
    [`v2.${key}.seconds`, { type: 'u64', label: `${key.split('.')[1]} (seconds)` } as const],
    [`v2.${key}.nanoseconds`, { type: 'i32', label: `${key.split('.')[1]} (nanoseconds)` } as const],
  ]),
);

export const ptp = defineProtocol({
  name: 'ptp',
  title: 'Precision Time Protocol (IEEE1588)',
  short: 'PTPv2',
  on: { ethertype: [0x88f7], 'udp.port': [319, 320] },
  header: AT.length,
  fields: {
    'v2.majorsdoid': { type: 'u8', bits: [7, 4], show: 'hex', label: 'majorSdoId' },
    'v2.messagetype': { type: 'u8', bits: [3, 0], show: 'hex', label: 'messageType', names: NAMES },
    'v2.minorversionptp': { type: 'u8', bits: [7, 4], label: 'minorVersionPTP' },
    'v2.versionptp': { type: 'u8', bits: [3, 0], label: 'versionPTP' },
    'v2.messagelength': { type: 'u16', label: 'messageLength' },
    'v2.domainnumber': { type: 'u8', label: 'domainNumber' },
    'v2.minorsdoid': { type: 'u8', label: 'minorSdoId' },
    'v2.flags': { type: 'u16', show: 'hex', label: 'flags' },
    ...Object.fromEntries(
      FLAGS.map(([key, bit, label]) => [
        `v2.flags.${key}`,
        { type: 'bool', of: 'u16', bits: [bit, bit], label, flag: ['True', 'False'] } as const,
      ]),
    ),
    'v2.correction.ns': { type: 'u64', label: 'correctionNs' },
    'v2.messagetypespecific': { type: 'u32', label: 'messageTypeSpecific' },
    'v2.clockidentity': { type: 'u64', show: 'hex', label: 'ClockIdentity' },
    'v2.sourceportid': { type: 'u16', label: 'SourcePortID' },
    'v2.sequenceid': { type: 'u16', label: 'sequenceId' },
    'v2.controlfield': { type: 'u8', label: 'controlField' },
    'v2.logmessageperiod': { type: 'i8', label: 'logMessagePeriod' },
    ...timeFields,
    'v2.dr.requestingsourceportidentity': { type: 'u64', show: 'hex', label: 'requestingSourcePortIdentity' },
    'v2.dr.requestingsourceportid': { type: 'u16', label: 'requestingSourcePortId' },
    'v2.pdrs.requestingportidentity': { type: 'u64', show: 'hex', label: 'requestingSourcePortIdentity' },
    'v2.pdrs.requestingsourceportid': { type: 'u16', label: 'requestingSourcePortId' },
    'v2.pdfu.requestingportidentity': { type: 'u64', show: 'hex', label: 'requestingSourcePortIdentity' },
    'v2.pdfu.requestingsourceportid': { type: 'u16', label: 'requestingSourcePortId' },
    'v2.an.origincurrentutcoffset': { type: 'i16', label: 'originCurrentUTCOffset' },
    'v2.an.priority1': { type: 'u8', label: 'priority1' },
    'v2.an.grandmasterclockclass': { type: 'u8', label: 'grandmasterClockClass' },
    'v2.an.grandmasterclockaccuracy': { type: 'u8', show: 'hex', label: 'grandmasterClockAccuracy' },
    'v2.an.grandmasterclockvariance': { type: 'u16', label: 'grandmasterClockVariance' },
    'v2.an.priority2': { type: 'u8', label: 'priority2' },
    'v2.an.grandmasterclockidentity': { type: 'u64', show: 'hex', label: 'grandmasterClockIdentity' },
    'v2.an.localstepsremoved': { type: 'u16', label: 'localStepsRemoved' },
    'v2.timesource': { type: 'u8', show: 'hex', label: 'TimeSource' },
  },
  tree(t) {
    const type = t.u8(t.at) & 15;
    const version = t.u8(t.at + AT.version) & 15;
    if (version < 2 && t.transport !== '') {
      t.column(`PTPv${version}`);
      t.info(`Version ${version}`);
      return;
    }
    t.info(NAMES[type] ?? `Unknown PTP Message (${type})`);
    const length = t.u16(t.at + AT.length);
    if (length >= AT.body) t.limit(t.at + length);
    t.add('v2.majorsdoid', t.at);
    t.add('v2.messagetype', t.at);
    t.add('v2.minorversionptp', t.at + AT.version);
    t.add('v2.versionptp', t.at + AT.version);
    t.add('v2.messagelength', t.at + AT.length);
    t.add('v2.domainnumber', t.at + AT.domain);
    t.add('v2.minorsdoid', t.at + AT.minorDomain);
    t.add('v2.flags', t.at + AT.flags);
    t.nest(t.last());
    for (const [key] of FLAGS) t.add(`v2.flags.${key}`, t.at + AT.flags);
    t.close();
    t.put('v2.correction.ns', t.u64(t.at + AT.correction) >> 16n, t.at + AT.correction, 6);
    t.add('v2.messagetypespecific', t.at + AT.specific);
    t.add('v2.clockidentity', t.at + AT.clock);
    t.add('v2.sourceportid', t.at + AT.port);
    t.add('v2.sequenceid', t.at + AT.sequence);
    t.add('v2.controlfield', t.at + AT.control);
    t.add('v2.logmessageperiod', t.at + AT.period);
    body(t, type, t.at + AT.body);
  },
});

function body(t: TreeBuilder, type: number, at: number): void {
  const time = TIMES[type];
  if (time === undefined) return;
  const [key, hasPort] = time;
  t.put(`v2.${key}.seconds`, t.u64(at) >> 16n, at, 6);
  t.add(`v2.${key}.nanoseconds`, at + 6);
  const requester = REQUESTERS[type];
  if (hasPort && requester !== undefined) {
    t.add(`v2.${requester}identity`, at + 10);
    t.add(`v2.${requester.split('.')[0]}.requestingsourceportid`, at + 18);
  }
  if (type !== ANNOUNCE) return;
  t.add('v2.an.origincurrentutcoffset', at + 10);
  t.add('v2.an.priority1', at + 13);
  t.add('v2.an.grandmasterclockclass', at + 14);
  t.add('v2.an.grandmasterclockaccuracy', at + 15);
  t.add('v2.an.grandmasterclockvariance', at + 16);
  t.add('v2.an.priority2', at + 18);
  t.add('v2.an.grandmasterclockidentity', at + 19);
  t.add('v2.an.localstepsremoved', at + 27);
  t.add('v2.timesource', at + 29);
}
