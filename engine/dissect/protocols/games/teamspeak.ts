/** TeamSpeak 2: a class and a type, the session's key, and what the type says; over UDP. */

import { u16le } from '../../../base/bytes.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const CLASS = { connection: 0xbef4, standard: 0xbef0, acknowledge: 0xbef1, client: 0xbef2, server: 0xbef3 } as const;
const TYPE = { pingReply: 2, login: 3 } as const;
const TEXT = 29;
const CLASSES: Readonly<Record<number, string>> = {
  0xbef4: 'Connection',
  0xbef1: 'ACK',
  0xbef0: 'Standard (reliable)',
  0xbef3: 'Voice',
  0xbef2: 'Voice',
};
const TYPES: Readonly<Record<number, string>> = {
  0x1: 'Ping',
  0x2: 'Ping Reply',
  0x3: 'Login Request',
  0x4: 'Login Reply',
  0x5: 'Login Part 2',
  0x6: 'Channel List',
  0x7: 'Player List',
  0x8: 'Login End',
  0x82: 'Text Message',
  0x6c: 'Channel Player List',
  0x67: 'Channel Change',
  0x6e: 'Channel List Update',
  0x66: 'Player Kicked',
  0x65: 'Player Left',
  0x64: 'New Player Joined',
  0x68: 'Known Player Update',
  0x73: 'Channel Deleted',
  0x6f: 'Channel Name Change',
  0x70: 'Channel Topic Change',
  0x71: 'Channel Password Change',
  0xc9: 'Create Channel',
  0x12c: 'Disconnect',
  0x12f: 'Switch Channel',
  0x130: 'Change Status',
  0xfc0f: 'Chat Message Bounce',
  0x0: 'TS2T_VOICE_DATA_CELP_5_1',
  0x100: 'TS2T_VOICE_DATA_CELP_6_3',
  0x200: 'TS2T_VOICE_DATA_GSM_14_8',
  0x300: 'TS2T_VOICE_DATA_GSM_16_4',
  0x400: 'TS2T_VOICE_DATA_CELP_WINDOWS_5_2',
  0x500: 'TS2T_VOICE_DATA_SPEEX_3_4',
  0x600: 'TS2T_VOICE_DATA_SPEEX_5_2',
  0x700: 'TS2T_VOICE_DATA_SPEEX_7_2',
  0x800: 'TS2T_VOICE_DATA_SPEEX_9_3',
  0x900: 'TS2T_VOICE_DATA_SPEEX_12_3',
  0xa00: 'TS2T_VOICE_DATA_SPEEX_16_3',
  0xb00: 'TS2T_VOICE_DATA_SPEEX_19_5',
  0xc00: 'TS2T_VOICE_DATA_SPEEX_25_9',
};

export const ts2 = defineProtocol({
  name: 'ts2',
  title: 'Teamspeak2 Protocol',
  short: 'TS2',
  on: { 'udp.port': [8767] },
  fields: {
    class: { type: 'u16', label: 'Class', show: 'hex', little: true, names: CLASSES },
    type: { type: 'u16', label: 'Type', show: 'hex', little: true, names: TYPES },
    sessionkey: { type: 'u32', label: 'Session Key', show: 'hex', little: true },
    clientid: { type: 'u32', label: 'Client id', little: true },
    sequencenum: { type: 'u32', label: 'Sequence Number', little: true },
    crc32: { type: 'u32', label: 'CRC32 Checksum', show: 'hex', little: true },
    resendcount: { type: 'u16', label: 'Resend Count', little: true },
    fragmentnumber: { type: 'u16', label: 'Fragment Number', little: true },
    ping_ackto: { type: 'u32', label: 'Ping Reply To', little: true },
    protocolstring: { type: 'string', label: 'Protocol String' },
    platformstring: { type: 'string', label: 'Platform String' },
    registeredlogin: { type: 'bool', label: 'Registered Login' },
    name: { type: 'string', label: 'Name' },
    password: { type: 'string', label: 'Password' },
    nick: { type: 'string', label: 'Nick' },
  },
  accepts: (bytes, at, end) =>
    end - at < 2 || (u16le(bytes, at) >= CLASS.standard && u16le(bytes, at) <= CLASS.connection + 2),
  tree(t) {
    const { at } = t;
    const kind = t.u16le(at);
    const type = t.u16le(at + 2);
    t.info(
      `Type: ${t.nameOf('type', type) ?? `Unknown (0x${type.toString(16).padStart(4, '0')})`}, Class: ${CLASS_NAMES[kind] ?? 'Unknown'}`,
    );
    t.add('class', at);
    t.add('type', at + 2);
    t.add('sessionkey', at + 4);
    t.add('clientid', at + 8);
    if (kind === CLASS.connection) connection(t, type, at + 12);
    else if (kind === CLASS.standard) {
      t.add('sequencenum', at + 12);
      t.add('resendcount', at + 16);
      t.add('fragmentnumber', at + 18);
      t.add('crc32', at + 20);
    } else if (kind === CLASS.acknowledge) t.add('sequencenum', at + 12);
  },
});

const CLASS_NAMES: Readonly<Record<number, string>> = {
  0xbef0: 'Standard',
  0xbef1: 'ACK',
  0xbef2: 'Voice',
  0xbef3: 'Voice',
  0xbef4: 'Connection',
};

function connection(t: TreeBuilder, type: number, at: number): void {
  t.add('sequencenum', at);
  t.add('crc32', at + 4);
  if (type === TYPE.pingReply) t.add('ping_ackto', at + 8);
  else if (type === TYPE.login) {
    let next = text(t, 'protocolstring', at + 8);
    next = text(t, 'platformstring', next) + 9;
    next = t.add('registeredlogin', next);
    for (const key of ['name', 'password', 'nick']) next = text(t, key, next);
  }
}

/** A length and as many letters, in a field of fixed size. */
function text(t: TreeBuilder, key: string, at: number): number {
  const length = Math.min(t.u8(at), TEXT);
  t.put(key, t.string(at + 1, length, 'latin1'), at + 1, length);
  return at + 1 + TEXT;
}
