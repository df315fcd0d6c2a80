/**
 * Layers that are not in a packet's bytes but in what a Windows trace says of it: where in the system it was seen, why it went no
 * further, which program was running. Their trees are built in session/origin-tree.ts.
 */

import { defineProtocol } from './protocol.ts';

/** Packet Monitor: one packet is several records, one for each place it passes. */
const pktmon = defineProtocol({
  name: 'pktmon',
  title: 'Packet Monitor',
  fields: {
    component: { type: 'string', label: 'Component', doc: 'The part of the network stack that saw the packet.' },
    'component.id': { type: 'u16', label: 'Component id' },
    'component.description': { type: 'string', label: 'Component description' },
    'component.type': {
      type: 'u16',
      label: 'Component type',
      names: {
        1: 'NDIS',
        2: 'Network card',
        3: 'Filter',
        4: 'Protocol',
        5: 'VM network card on a switch',
        6: 'Switch miniport',
        7: 'Switch extension',
        8: 'Switch protocol',
        9: 'Network card of a virtual machine',
        10: 'HTTP',
        11: 'TCP/IP stack',
        12: 'Load balancer',
        13: 'IPsec',
        14: 'NetCx',
      },
    },
    edge: {
      type: 'string',
      label: 'Edge',
      doc: 'The side of the component: towards the system (Upper) or the wire (Lower).',
    },
    'edge.id': { type: 'u16', label: 'Edge id' },
    direction: {
      type: 'u16',
      label: 'Direction',
      doc: 'As the component sees it.',
      names: { 0: 'None', 1: 'In', 2: 'Out', 3: 'Rx', 4: 'Tx', 5: 'Ingress', 6: 'Egress' },
    },
    packettype: {
      type: 'u16',
      label: 'Packet type',
      names: {
        0: 'Unknown',
        1: 'Ethernet',
        2: 'Wi-Fi',
        3: 'IP',
        4: 'HTTP',
        5: 'TCP',
        6: 'UDP',
        7: 'ARP',
        8: 'ICMP',
        9: 'ESP',
        10: 'AH',
        11: 'Transport payload',
      },
    },
    filter: {
      type: 'u16',
      label: 'Capture filter',
      doc: 'Number of the filter that took the packet; 0: there was none.',
    },
    appearance: {
      type: 'u16',
      label: 'Appearance',
      doc: 'Which record of the packet this is, from 1, in order of time.',
    },
    appearances: { type: 'u16', label: 'Appearances', doc: 'How many records the packet has.' },
    packet: { type: 'u32', label: 'Packet', doc: 'Equal for all records of one packet.' },
    groupid: { type: 'u64', label: 'Group id', show: 'hex', doc: 'The number that the trace itself gives.' },
    number: { type: 'u16', label: 'Number in the group' },
    drop: { type: 'none', label: 'Dropped' },
    'drop.reason': {
      type: 'string',
      label: 'Drop reason',
      doc: 'In the words of the trace; a number where it has none.',
    },
    'drop.reason.code': { type: 'u32', label: 'Drop reason code' },
    'drop.location': { type: 'string', label: 'Drop location' },
    'drop.location.code': { type: 'u32', label: 'Drop location code', show: 'hex' },
    adapter: { type: 'u32', label: 'Adapter', doc: 'Interface index of the network card.' },
    processor: { type: 'u32', label: 'Processor' },
  },
});

/** The capture driver behind `netsh trace`. */
const ndiscap = defineProtocol({
  name: 'ndiscap',
  title: 'NDIS capture',
  fields: {
    adapter: { type: 'u32', label: 'Adapter', doc: 'Interface index of the network card.' },
    layer: { type: 'u32', label: 'Layer', doc: 'Interface index of the layer below the capture filter.' },
    drop: { type: 'none', label: 'Dropped' },
    processor: { type: 'u32', label: 'Processor' },
  },
});

/** Programs: of the record, and of its connection. */
const processes = defineProtocol({
  name: '_ws.process',
  title: 'Process',
  fields: {
    id: {
      type: 'u32',
      label: 'Process id',
      abbrev: 'nagare.processid',
      doc: 'Who was running when the packet was recorded: a stranger for many incoming packets.',
    },
    name: {
      type: 'string',
      label: 'Process',
      abbrev: 'nagare.process',
      doc: 'The likely program of the connection: what most of its packets say, outgoing ones above all.',
    },
  },
});

export const originProtocols = [pktmon, ndiscap, processes] as const;
