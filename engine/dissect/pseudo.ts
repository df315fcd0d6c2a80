/** Layers that are no protocols: what Wireshark's protocol lists name beside them. */

import { BODY_PROTOCOLS } from './media-type.ts';
import { defineProtocol } from './protocol.ts';
import { TOKEN_LAYERS } from './text-token.ts';

/** The record itself: number, times, lengths, interface. Its tree is built in frame.ts. */
const frame = defineProtocol({
  name: 'frame',
  title: 'Frame',
  fields: {
    interface_id: { type: 'u32', label: 'Interface id' },
    interface_name: { type: 'string', label: 'Interface name' },
    interface_description: { type: 'string', label: 'Interface description' },
    encap_type: { type: 'i16', label: 'Encapsulation type' },
    time: { type: 'time', label: 'Arrival Time', show: 'local' },
    time_epoch: { type: 'time', label: 'Epoch Time', show: 'epoch' },
    time_delta: { type: 'duration', label: 'Time delta from previous captured frame' },
    time_delta_displayed: { type: 'duration', label: 'Time delta from previous displayed frame' },
    time_relative: { type: 'duration', label: 'Time since reference or first frame' },
    number: { type: 'u32', label: 'Frame Number' },
    len: { type: 'u32', label: 'Frame Length' },
    cap_len: { type: 'u32', label: 'Capture Length' },
    marked: { type: 'bool', label: 'Frame is marked', flag: ['True', 'False'] },
    ignored: { type: 'bool', label: 'Frame is ignored', flag: ['True', 'False'] },
    copy: {
      type: 'none',
      label: 'Copy of a packet that was seen before',
      abbrev: 'nagare.copy',
      doc: 'The packet was captured more than once, at one place or at several of the system: TCP analysis leaves copies out.',
    },
    malformed: {
      type: 'none',
      label: 'A header does not fit',
      abbrev: 'nagare.malformed',
      doc: 'A header from link to transport has wrong lengths or versions. What it carries is not looked at: that is _ws.malformed.',
    },
    protocols: { type: 'string', label: 'Protocols in frame' },
    comment: { type: 'string', label: 'Comment', many: true },
    file: { type: 'string', label: 'File', doc: 'The file that holds the frame, when several are open together.' },
    p2p_dir: { type: 'i8', label: 'Point-to-Point Direction', names: { 0: 'Sent', 1: 'Received' } },
    drop_count: { type: 'u64', label: 'Drop Count' },
    packet_id: { type: 'u64', label: 'Packet id' },
    packet_flags_direction: {
      type: 'u32',
      show: 'hex',
      label: 'Direction',
      names: { 0: 'Unknown', 1: 'Inbound', 2: 'Outbound' },
    },
  },
});

/** Between a link layer and what its type field names. */
const ethertype = defineProtocol({ name: 'ethertype', title: 'Ethertype', fields: {} });

/** Payload that nobody dissects. */
const data = defineProtocol({
  name: 'data',
  title: 'Data',
  short: 'Data',
  on: { name: ['data'] },
  fields: {
    data: { type: 'bytes', label: 'Data', abbrev: 'data.data' },
    len: { type: 'i32', label: 'Length' },
  },
  tree(t) {
    const length = t.end - t.at;
    t.label(`Data (${t.wireEnd - t.at} byte${t.wireEnd - t.at === 1 ? '' : 's'})`);
    t.add('data', t.at, length);
    t.put('len', length, t.at, 0);
  },
});

/** What ended a dissection early, and what experts should look at. */
const malformed = defineProtocol({ name: '_ws.malformed', title: 'Malformed Packet', fields: {} });

const expert = defineProtocol({
  name: '_ws.expert',
  title: 'Expert Information',
  fields: {
    message: { type: 'string', label: 'Message' },
    severity: {
      type: 'u32',
      label: 'Severity level',
      names: { 0x100000: 'Comment', 0x200000: 'Chat', 0x400000: 'Note', 0x600000: 'Warning', 0x800000: 'Error' },
    },
    group: {
      type: 'u32',
      label: 'Group',
      names: {
        0x1000000: 'Checksum',
        0x2000000: 'Sequence',
        0x3000000: 'Response',
        0x4000000: 'Request',
        0x5000000: 'Undecoded',
        0x6000000: 'Reassemble',
        0x7000000: 'Malformed',
        0x8000000: 'Debug',
        0x9000000: 'Protocol',
        0xa000000: 'Security',
        0xb000000: 'Comment',
        0xc000000: 'Decryption',
        0xd000000: 'Assumption',
        0xe000000: 'Deprecated',
      },
    },
  },
});

/** The packet list's columns as fields. */
const columns = defineProtocol({
  name: '_ws.col',
  title: 'Columns',
  fields: {
    Source: { type: 'string', label: 'Source' },
    Destination: { type: 'string', label: 'Destination' },
    Protocol: { type: 'string', label: 'Protocol' },
    Info: { type: 'string', label: 'Info' },
  },
});

/** On top of a stack: there are secrets for the connection, so that only a tree tells what else is in the row. */
const decrypted = defineProtocol({
  name: '_ws.decrypted',
  title: 'Decrypted contents',
  opens: 'applications',
  fields: {},
});

/**
 * In place of a body in a stack: text whose first bytes are those of an XML document, or were not seen by the column pass; any body
 * behind a header that signs in.
 */
const undecided = defineProtocol({
  name: '_ws.undecided',
  title: 'Contents that only a tree can tell',
  opens: [...BODY_PROTOCOLS, ...TOKEN_LAYERS],
  fields: {},
});

/** What the clouds see in a packet: decided for its header chain, from the own addresses and the user's files. */
const clouds = defineProtocol({
  name: '_ws.nagare',
  title: 'Nagare',
  fields: {
    direction: {
      type: 'string',
      label: 'Direction',
      abbrev: 'nagare.direction',
      doc: 'Seen from the own addresses: out, in, or within where both ends are own ones.',
    },
    peer: { type: 'string', label: 'Other end', abbrev: 'nagare.peer', doc: 'The address that is not an own one.' },
    class: {
      type: 'string',
      label: 'Billing class',
      abbrev: 'nagare.class',
      doc: 'same-network, other-zone, peered, other-region, provider-service, internet, platform, free or unclassified.',
    },
  },
});

export const pseudoProtocols = [
  frame,
  ethertype,
  data,
  malformed,
  expert,
  columns,
  decrypted,
  undecided,
  clouds,
] as const;
