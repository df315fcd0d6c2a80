/** Nortel (SynOptics, Bay) discovery: which switch sends, from which segment. */

import { defineProtocol } from '../protocol.ts';

const AT = { ip: 0, segment: 4, chassis: 7, backplane: 8, state: 9, links: 10, end: 11 } as const;
const OUI = 0x000081;
const PID = { segment: 0x01a2, flat: 0x01a1 } as const;
const key = (pid: number): number => OUI * 0x10000 + pid;

export const nortelDiscovery = defineProtocol({
  name: 'ndp',
  title: 'Nortel Discovery Protocol',
  on: { 'llc.own': [key(PID.segment), key(PID.flat)] },
  header: AT.end,
  fields: {
    ipaddress: { at: AT.ip, type: 'ipv4', label: 'IP address' },
    segmentident: { at: AT.segment, type: 'u24', show: 'hex', label: 'Segment Identifier' },
    chassis: { at: AT.chassis, type: 'u8', label: 'Chassis type' },
    backplane: { at: AT.backplane, type: 'u8', label: 'Backplane type' },
    state: { at: AT.state, type: 'u8', label: 'State', names: { 1: 'Topology Change', 2: 'Heartbeat', 3: 'New' } },
    numberoflinks: { at: AT.links, type: 'u8', label: 'Number of links' },
  },
  tree(t) {
    const isSegment = t.at >= 2 && t.bytes[t.at - 1] === (PID.segment & 255);
    t.info(`${isSegment ? 'Segment' : 'FlatNet'} Hello`);
    t.header();
  },
});
