/** NetBIOS frames (NBF, also NetBEUI) on LLC: names, datagrams and sessions; what a datagram carries is SMB. */

import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const AT = { length: 0, delimiter: 2, command: 4, data1: 5, destination: 12, source: 28 } as const;
const COMMANDS: Readonly<Record<number, string>> = {
  0x00: 'Add Group Query',
  0x01: 'Add Name Query',
  0x02: 'Name In Conflict',
  0x03: 'Status Query',
  0x07: 'Terminate Trace',
  0x08: 'Datagram',
  0x09: 'Broadcast Datagram',
  0x0a: 'Name Query',
  0x0d: 'Add Name Response',
  0x0e: 'Name Recognized',
  0x0f: 'Status Response',
  0x13: 'Terminate Trace',
  0x14: 'Data Ack',
  0x15: 'Data First Middle',
  0x16: 'Data Only Last',
  0x17: 'Session Confirm',
  0x18: 'Session End',
  0x19: 'Session Initialize',
  0x1a: 'No Receive',
  0x1b: 'Receive Outstanding',
  0x1c: 'Receive Continue',
  0x1f: 'Session Alive',
};
const DATAGRAMS: readonly number[] = [0x08, 0x09];
const SMB = [0xff, 0x53, 0x4d, 0x42] as const;
const NAMED = 0x10;

export const netbiosFrames = defineProtocol({
  name: 'netbios',
  title: 'NetBIOS',
  short: 'NetBIOS',
  on: { 'llc.dsap': [0xf0] },
  header: AT.data1,
  opens: ['smb'],
  fields: {
    command: { type: 'u8', show: 'hex', label: 'Command', names: COMMANDS },
  },
  tree(t) {
    const length = t.u16le(t.at);
    const command = t.u8(t.at + AT.command);
    t.info(COMMANDS[command] ?? `Unknown (0x${command.toString(16)})`);
    t.add('command', t.at + AT.command);
    if (command < NAMED && length >= AT.source + 16) {
      t.text(`Receiver's Name: ${name(t, t.at + AT.destination)}`, t.at + AT.destination, 16);
      t.text(`Sender's Name: ${name(t, t.at + AT.source)}`, t.at + AT.source, 16);
    }
    const body = t.at + length;
    if (length < AT.data1 || body >= t.end) return;
    t.headerEnd(body);
    if (DATAGRAMS.includes(command) && isSmb(t, body)) t.dissect('smb', body);
    else t.payload(body);
  },
});

function isSmb(t: TreeBuilder, at: number): boolean {
  return t.has(at, SMB.length) && SMB.every((byte, i) => t.bytes[at + i] === byte);
}

/** 15 characters and a byte that says what service it is. */
function name(t: TreeBuilder, at: number): string {
  let text = '';
  for (let i = 0; i < 15; i++) {
    const byte = t.u8(at + i);
    text += byte < 0x20 ? `<${byte.toString(16).padStart(2, '0')}>` : String.fromCharCode(byte);
  }
  return `${text.trimEnd()}<${t
    .u8(at + 15)
    .toString(16)
    .padStart(2, '0')}>`;
}
