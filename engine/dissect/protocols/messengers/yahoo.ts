/** Yahoo! Messenger (YMSG): a header, then keys and values as text, each ended by C0 80. */

import { u16 } from '../../../base/bytes.ts';
import { decodeLatin1 } from '../../../base/text.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const MAGIC = 'YMSG';
const AT = { version: 4, vendor: 6, length: 8, service: 10, status: 12, session: 16, content: 20 } as const;
const SERVICES: Readonly<Record<number, string>> = {
  1: 'Pager Logon',
  2: 'Pager Logoff',
  3: 'Is Away',
  4: 'Is Back',
  5: 'Idle',
  6: 'Message',
  7: 'Activate Identity',
  8: 'Deactivate Identity',
  9: 'Mail Status',
  10: 'User Status',
  11: 'New Mail',
  12: 'Chat Invitation',
  13: 'Calendar Reminder',
  14: 'New Personals Mail',
  15: 'New Friend',
  16: 'Add Identity',
  17: 'Add Ignore',
  18: 'Ping',
  19: 'Got Group Rename',
  20: 'System Message',
  21: 'Skinname',
  22: 'Passthrough 2',
  24: 'Conference Invitation',
  25: 'Conference Logon',
  26: 'Conference Decline',
  27: 'Conference Logoff',
  28: 'Conference Additional Invitation',
  29: 'Conference Message',
  30: 'Chat Logon',
  31: 'Chat Logoff',
  32: 'Chat Message',
  40: 'Game Logon',
  41: 'Game Logoff',
  42: 'Game Message',
  70: 'File Transfer',
  74: 'Voice Chat',
  75: 'Notify',
  76: 'Verify',
  77: 'P2P File Transfer',
  79: 'Peer To Peer',
  80: 'WebCam',
  84: 'Authentication Response',
  85: 'List',
  87: 'Authentication',
  109: 'Authorize Buddy',
  131: 'Add Buddy',
  132: 'Remove Buddy',
  133: 'Ignore Contact',
  134: 'Reject Contact',
  137: 'Group Rename',
  138: 'Keep Alive',
  150: 'Chat Online',
  151: 'Chat Goto',
  152: 'Chat Join',
  153: 'Chat Leave',
  155: 'Chat Exit',
  157: 'Chat Invite',
  160: 'Chat Logout',
  161: 'Chat Ping',
  168: 'Comment',
  183: 'Game Invite',
  185: 'Stealth Permanent',
  186: 'Stealth Session',
  188: 'Avatar',
  189: 'Picture Checksum',
  190: 'Picture',
  193: 'Picture Update',
  194: 'Picture Upload',
  196: 'Yahoo Address Book Update',
  197: 'Y6 Visibility Toggle',
  198: 'Y6 Status Update',
  199: 'Picture Sharing Status',
  200: 'Verify ID Exists',
  208: 'Audible',
  211: 'Y7 Contact Details',
  212: 'Y7 Chat Session',
  214: 'Y7 Buddy Authorization',
  220: 'Y7 File Transfer',
  221: 'Y7 File Transfer Information',
  222: 'Y7 File Transfer Accept',
  231: 'Y7 Change Group',
  240: 'Status V15',
  241: 'List V15',
  550: 'WebLogin',
  746: 'SMS Message',
};
const STATUSES: Readonly<Record<number, string>> = {
  4294967295: 'Disconnected',
  0: 'Default',
  1: 'Server Ack',
  2: 'Playing Game',
  4: 'Away',
  5: 'More Packets??',
  22: 'Notify',
  1515563605: 'Web Login',
  1515563606: 'Offline',
};

function begins(bytes: Uint8Array, at: number, end: number): boolean {
  return MAGIC.startsWith(decodeLatin1(bytes, at, Math.min(end, at + 4)));
}

export const ymsg = defineProtocol({
  name: 'ymsg',
  title: 'Yahoo YMSG Messenger Protocol',
  fields: {
    version: { type: 'u16', label: 'Version' },
    vendor: { type: 'u16', label: 'Vendor ID' },
    len: { type: 'u16', label: 'Packet Length' },
    service: { type: 'u16', label: 'Service', names: SERVICES },
    status: { type: 'u32', label: 'Status', names: STATUSES },
    session_id: { type: 'u32', little: true, label: 'Session ID', show: 'hex' },
    content: { type: 'bytes', label: 'Content' },
    'content-line': { type: 'string', label: 'Content-line', many: true },
    'content-line.key': { type: 'string', label: 'Key', many: true },
    'content-line.value': { type: 'string', label: 'Value', many: true },
  },
  recogniseOn: ['tcp'],
  recognise: (bytes, at, end) => end - at >= 4 && begins(bytes, at, end),
  frame(f: Framing): number {
    if (!begins(f.bytes, f.at, f.end)) return NOT_MINE;
    return f.end - f.at < AT.service ? MORE : AT.content + u16(f.bytes, f.at + AT.length);
  },
  tree(t) {
    const { at } = t;
    const length = t.u16(at + AT.length);
    const service = t.u16(at + AT.service);
    const status = t.u32(at + AT.status);
    const name = t.nameOf('service', service) ?? `Unknown Service: ${service}`;
    t.info(`${name} (status=${t.nameOf('status', status) ?? 'Unknown'})   `);
    t.addLabel(` (${name})`);
    t.add('version', at + AT.version);
    t.add('vendor', at + AT.vendor);
    t.add('len', at + AT.length);
    t.add('service', at + AT.service);
    t.add('status', at + AT.status);
    t.add('session_id', at + AT.session);
    if (length === 0) return;
    t.add('content', at + AT.content, length);
    t.nest(t.last());
    content(t, at + AT.content, at + AT.content + length);
    t.close();
  },
});

/** Ends of a key or value: one past it, before C0 80. */
function partEnd(bytes: Uint8Array, at: number, end: number): number {
  for (let i = at; i + 1 < end; i++) if (bytes[i] === 0xc0 && bytes[i + 1] === 0x80) return i;
  return end;
}

function content(t: TreeBuilder, from: number, end: number): void {
  for (let at = from; at < end; ) {
    const keyEnd = partEnd(t.bytes, at, end);
    const valueAt = Math.min(end, keyEnd + 2);
    const valueEnd = partEnd(t.bytes, valueAt, end);
    const key = t.string(at, keyEnd - at);
    const value = t.string(valueAt, valueEnd - valueAt);
    t.put('content-line', `${key}:${value}`, at, valueEnd - at);
    t.nest(t.last());
    t.put('content-line.key', key, at, keyEnd - at);
    t.put('content-line.value', value, valueAt, valueEnd - valueAt);
    t.close();
    at = Math.max(at + 1, valueEnd + 2);
  }
}
