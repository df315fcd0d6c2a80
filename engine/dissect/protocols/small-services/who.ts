/** rwhod's broadcasts (4.3BSD's rwhod.h): who is on which host, and how busy it is. */

import { defineProtocol } from '../../protocol.ts';

const AT = { version: 0, type: 1, sent: 4, received: 8, host: 12, loads: 44, booted: 56, entries: 60 } as const;
const ENTRY = { tty: 0, user: 8, on: 16, idle: 20, length: 24 } as const;
const HOST_LENGTH = 32;
const TYPES: Readonly<Record<number, string>> = { 1: 'Status' };
const LOADS = ['loadav_5', 'loadav_10', 'loadav_15'] as const;
const MAX_ENTRIES = 42;
const SECOND = 1_000_000_000n;

export const who = defineProtocol({
  name: 'who',
  title: 'Who',
  on: { 'udp.port': [513] },
  fields: {
    vers: { type: 'u8', label: 'Version' },
    type: { type: 'u8', label: 'Type', names: TYPES },
    sendtime: { type: 'time', label: 'Send Time' },
    recvtime: { type: 'time', label: 'Receive Time' },
    hostname: { type: 'string', label: 'Hostname' },
    loadav_5: { type: 'double', label: 'Load Average Over Past  5 Minutes' },
    loadav_10: { type: 'double', label: 'Load Average Over Past 10 Minutes' },
    loadav_15: { type: 'double', label: 'Load Average Over Past 15 Minutes' },
    boottime: { type: 'time', label: 'Boot Time' },
    entry: { type: 'none', label: 'Who utmp Entry', many: true },
    tty: { type: 'string', label: 'TTY Name', many: true },
    uid: { type: 'string', label: 'User ID', many: true },
    timeon: { type: 'time', label: 'Time On', many: true },
    idle: { type: 'u32', label: 'Time Idle', many: true },
  },
  tree(t) {
    const { at } = t;
    const seconds = (key: string, place: number): void => {
      t.put(key, BigInt(t.u32(place)) * SECOND, place, 4);
    };
    t.info('');
    t.add('vers', at + AT.version);
    t.add('type', at + AT.type);
    seconds('sendtime', at + AT.sent);
    seconds('recvtime', at + AT.received);
    const host = t.string(at + AT.host, HOST_LENGTH, 'ascii', true);
    t.put('hostname', host, at + AT.host, HOST_LENGTH);
    const loads = LOADS.map((key, i) => {
      const load = t.u32(at + AT.loads + 4 * i) / 100;
      t.put(key, load, at + AT.loads + 4 * i, 4);
      return load.toFixed(2);
    });
    t.info(`${host}: ${loads.join(' ')}`);
    seconds('boottime', at + AT.booted);
    for (
      let i = 0, place = at + AT.entries;
      i < MAX_ENTRIES && t.has(place, ENTRY.length);
      i++, place += ENTRY.length
    ) {
      t.nest(t.put('entry', new Uint8Array(0), place, ENTRY.length));
      t.put('tty', t.string(place, 8, 'ascii', true), place, 8);
      t.put('uid', t.string(place + ENTRY.user, 8, 'ascii', true), place + ENTRY.user, 8);
      seconds('timeon', place + ENTRY.on);
      t.add('idle', place + ENTRY.idle);
      t.close();
    }
  },
});
