/** Apple's PKTAP (LINKTYPE_PKTAP, or 149 as macOS writes it): interface, process and direction, then a frame of any link type. */

import { u32le } from '../../base/bytes.ts';
import { defineProtocol } from '../protocol.ts';

const AT = {
  headerLength: 0,
  recordType: 4,
  link: 8,
  interfaceName: 12,
  flags: 36,
  family: 40,
  linkHeader: 44,
  linkTrailer: 48,
  pid: 52,
  command: 56,
  serviceClass: 76,
  interfaceType: 80,
  interfaceUnit: 82,
  effectivePid: 84,
  effectiveCommand: 88,
  payload: 108,
} as const;

/** Record type of packets, and the key of the layer that is listed for them: no link type has it. */
const PACKET = 1;
const PACKET_DATA = 0x10000;

export const pktap = defineProtocol({
  name: 'pktap',
  title: 'PKTAP packet header',
  on: { link: [258, 149] },
  chooses: ['pktap.link', 'name'],
  header: AT.payload,
  fields: {
    hdrlen: { at: AT.headerLength, type: 'u32', little: true, label: 'Header length' },
    rectype: {
      at: AT.recordType,
      type: 'u32',
      little: true,
      label: 'Record type',
      names: { 0: 'Nothing follows the header', 1: 'Packet data' },
    },
    dlt: { at: AT.link, type: 'u32', little: true, label: 'DLT' },
    ifname: { type: 'string', label: 'Interface name' },
    flags: { at: AT.flags, type: 'u32', little: true, show: 'hex', label: 'Flags' },
    pfamily: { at: AT.family, type: 'u32', little: true, label: 'Protocol family' },
    llhdrlen: { at: AT.linkHeader, type: 'u32', little: true, label: 'Link-layer header length' },
    lltrlrlen: { at: AT.linkTrailer, type: 'u32', little: true, label: 'Link-layer trailer length' },
    pid: { at: AT.pid, type: 'u32', little: true, label: 'Process ID' },
    cmdname: { type: 'string', label: 'Command name' },
    svc_class: { at: AT.serviceClass, type: 'u32', little: true, label: 'Service class' },
    iftype: { at: AT.interfaceType, type: 'u16', little: true, label: 'Interface type' },
    ifunit: { at: AT.interfaceUnit, type: 'u16', little: true, label: 'Interface unit' },
    epid: { at: AT.effectivePid, type: 'u32', little: true, label: 'Effective process ID' },
    ecmdname: { type: 'string', label: 'Effective command name' },
    hdrlen_too_short: { type: 'none', label: 'Header length is too short' },
  },
  scan(p) {
    const length = u32le(p.bytes, p.at);
    const record = u32le(p.bytes, p.at + AT.recordType);
    const link = u32le(p.bytes, p.at + AT.link);
    if (length < AT.payload) return p.malformed('header length');
    if (!p.has(length)) return;
    p.enter(length);
    if (record === PACKET) {
      p.list(0, PACKET_DATA);
      p.next(link);
    } else p.rest();
  },
  tree(t) {
    t.info('PKTAP');
    const length = t.u32le(t.at);
    t.header();
    t.put('ifname', t.string(t.at + AT.interfaceName, 24, 'utf8', true), t.at + AT.interfaceName, 24);
    t.put('cmdname', t.string(t.at + AT.command, 20, 'utf8', true), t.at + AT.command, 20);
    t.put('ecmdname', t.string(t.at + AT.effectiveCommand, 20, 'utf8', true), t.at + AT.effectiveCommand, 20);
    if (length < AT.payload) {
      t.expert('error', 'Header length is too short', t.at, 4, 'hdrlen_too_short');
      return;
    }
    t.headerEnd(t.at + length);
    if (t.u32le(t.at + AT.recordType) === PACKET) t.pushLayer(t.find('pktap.link', PACKET_DATA));
    t.upper(t.at + length);
  },
});

/** Wireshark lists the packet that a record holds as a layer of its own; it has no bytes besides those of the layers in it. */
export const packetData = defineProtocol({
  name: 'pcap_pktdata',
  title: 'PCAP Packet Data',
  on: { 'pktap.link': [PACKET_DATA] },
  fields: {},
});
