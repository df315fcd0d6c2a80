/** Wake on LAN: six bytes of ones, then sixteen times the address of the card to wake, and perhaps a password. */

import { defineProtocol } from '../protocol.ts';

const AT = { sync: 0, mac: 6, password: 102 } as const;
const ADDRESS = 6;
/** Passwords look like an IPv4 or a MAC address. */
const PASSWORDS: readonly number[] = [4, 6];

export const wol = defineProtocol({
  name: 'wol',
  title: 'Wake On LAN',
  on: { ethertype: [0x0842] },
  header: AT.password,
  recogniseOn: ['udp'],
  fields: {
    sync: { at: AT.sync, length: ADDRESS, type: 'bytes', label: 'Sync stream' },
    mac: { type: 'ether', label: 'MAC', many: true },
    passwd: { type: 'bytes', label: 'Password' },
  },
  recognise: (b, at, end) => isMagic(b, at, end),
  tree(t) {
    if (!isMagic(t.bytes, t.at, t.end)) t.fail();
    t.header();
    for (let at = t.at + AT.mac; at < t.at + AT.password; at += ADDRESS) t.add('mac', at);
    const mac = t.slice(t.at + AT.mac, ADDRESS);
    const name = Array.from(mac, (byte) => byte.toString(16).padStart(2, '0')).join(':');
    t.info(`MagicPacket for ${name}`);
    t.addLabel(`, MAC: ${name}`);
    const left = t.end - t.at - AT.password;
    if (!PASSWORDS.includes(left)) return;
    t.add('passwd', t.at + AT.password, left);
    const password = Array.from(t.slice(t.at + AT.password, left), (byte) =>
      left === ADDRESS ? byte.toString(16).padStart(2, '0') : String(byte),
    ).join(left === ADDRESS ? ':' : '.');
    t.addInfo(`, password ${password}`);
  },
});

function isMagic(b: Uint8Array, at: number, end: number): boolean {
  if (end - at < AT.password) return false;
  for (let i = 0; i < ADDRESS; i++) if (b[at + i] !== 0xff) return false;
  for (let i = AT.mac + ADDRESS; i < AT.password; i++) if (b[at + i] !== b[at + i - ADDRESS]) return false;
  return true;
}
