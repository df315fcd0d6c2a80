/** ARP (RFC 826), with RARP (RFC 903), inverse ARP (RFC 2390), and announcements and probes (RFC 5227). */

import { formatIpv4, formatMac } from '../../base/address.ts';
import { toHex } from '../../base/hex.ts';
import { ethertypeNames } from '../names/ethertypes.ts';
import { hardwareTypeNames } from '../names/hardware-types.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const AT = { hardware: 0, protocol: 2, hardwareSize: 4, protocolSize: 5, opcode: 6, addresses: 8 } as const;
const OPCODES: Readonly<Record<number, string>> = {
  0: 'reserved',
  1: 'request',
  2: 'reply',
  3: 'reverse request',
  4: 'reverse reply',
  5: 'drarp request',
  6: 'drarp reply',
  7: 'drarp error',
  8: 'inverse request',
  9: 'inverse reply',
  10: 'arp nak',
  11: 'mars request',
  12: 'mars multi',
  13: 'mars mserv',
  14: 'mars join',
  15: 'mars leave',
  16: 'mars nak',
  17: 'mars unserv',
  18: 'mars sjoin',
  19: 'mars sleave',
  20: 'mars grouplist request',
  21: 'mars grouplist reply',
  22: 'mars redirect map',
  23: 'mapos unarp',
  24: 'experimental 1',
  25: 'experimental 2',
  65535: 'reserved',
};
const OP = {
  request: 1,
  reply: 2,
  reverseRequest: 3,
  reverseReply: 4,
  drarpRequest: 5,
  drarpReply: 6,
  drarpError: 7,
  inverseRequest: 8,
  inverseReply: 9,
  nak: 10,
} as const;
const HARDWARE = { ethernet: 1, ieee802: 6 } as const;
const IPV4 = 0x0800;

export const arp = defineProtocol({
  name: 'arp',
  title: 'Address Resolution Protocol',
  on: { ethertype: [0x0806, 0x8035], 'gre.proto': [0x0806], 'geneve.type': [0x0806] },
  header: AT.addresses,
  fields: {
    'hw.type': { at: AT.hardware, type: 'u16', label: 'Hardware type', names: hardwareTypeNames },
    'proto.type': { at: AT.protocol, type: 'u16', show: 'hex', label: 'Protocol type', names: ethertypeNames },
    'hw.size': { at: AT.hardwareSize, type: 'u8', label: 'Hardware size' },
    'proto.size': { at: AT.protocolSize, type: 'u8', label: 'Protocol size' },
    opcode: { at: AT.opcode, type: 'u16', label: 'Opcode', names: OPCODES },
    isgratuitous: { type: 'bool', label: 'Is gratuitous', flag: ['True', 'False'] },
    isprobe: { type: 'bool', label: 'Is probe', flag: ['True', 'False'] },
    isannouncement: { type: 'bool', label: 'Is announcement', flag: ['True', 'False'] },
    'src.hw': { type: 'bytes', label: 'Sender hardware address' },
    'src.hw_mac': { type: 'ether', label: 'Sender MAC address' },
    'src.proto': { type: 'bytes', label: 'Sender protocol address' },
    'src.proto_ipv4': { type: 'ipv4', label: 'Sender IP address' },
    'dst.hw': { type: 'bytes', label: 'Target hardware address' },
    'dst.hw_mac': { type: 'ether', label: 'Target MAC address' },
    'dst.proto': { type: 'bytes', label: 'Target protocol address' },
    'dst.proto_ipv4': { type: 'ipv4', label: 'Target IP address' },
    'dst.drarp_error_status': { type: 'u16', label: 'DRARP error status' },
  },
  scan(p) {
    const b = p.bytes;
    p.has(AT.addresses + 2 * (b[p.at + AT.hardwareSize] + b[p.at + AT.protocolSize]));
  },
  tree(t) {
    const first = t.header();
    const hardware = t.u8(t.at + AT.hardwareSize);
    const protocol = t.u8(t.at + AT.protocolSize);
    const opcode = t.u16(t.at + AT.opcode);
    const end = first + 2 * (hardware + protocol);
    t.limit(end);
    columnOf(t, opcode);
    t.addLabel(` (${OPCODES[opcode] ?? opcode})`);
    if (!t.has(first, 2 * (hardware + protocol))) t.fail();
    summary(t, opcode, first, hardware, protocol);
    const hardwareType = t.u16(t.at + AT.hardware);
    const isMac = hardware === 6 && (hardwareType === HARDWARE.ethernet || hardwareType === HARDWARE.ieee802);
    const isIpv4 = protocol === 4 && t.u16(t.at + AT.protocol) === IPV4;
    let at = first;
    for (const side of ['src', 'dst'] as const) {
      if (hardware > 0) t.add(`${side}.${isMac ? 'hw_mac' : 'hw'}`, at, hardware);
      at += hardware;
      if (side === 'dst' && opcode === OP.drarpError) t.put('dst.drarp_error_status', t.u8(at), at, 1);
      else if (protocol > 0) t.add(`${side}.${isIpv4 ? 'proto_ipv4' : 'proto'}`, at, protocol);
      at += protocol;
    }
  },
});

function columnOf(t: TreeBuilder, opcode: number): void {
  if (opcode === OP.reverseRequest || opcode === OP.reverseReply) t.column('RARP');
  else if (opcode >= OP.drarpRequest && opcode <= OP.drarpError) t.column('DRARP');
  else if (opcode === OP.inverseRequest || opcode === OP.inverseReply) t.column('Inverse ARP');
  else if (opcode >= 11 && opcode <= 22) t.column('MARS');
}

function summary(t: TreeBuilder, opcode: number, first: number, hardware: number, protocol: number): void {
  const source = protocolAddress(t, first + hardware, protocol);
  const target = protocolAddress(t, first + 2 * hardware + protocol, protocol);
  const sourceHardware = hardwareAddress(t, first, hardware);
  const targetHardware = hardwareAddress(t, first + hardware + protocol, hardware);
  switch (opcode) {
    case OP.request:
    case OP.reply:
      t.info(resolution(t, opcode === OP.request, source, target, sourceHardware, targetHardware));
      return;
    case OP.reverseRequest:
    case OP.drarpRequest:
    case OP.inverseRequest:
      t.info(`Who is ${targetHardware}? Tell ${sourceHardware}`);
      return;
    case OP.reverseReply:
    case OP.drarpReply:
      t.info(`${targetHardware} is at ${target}`);
      return;
    case OP.inverseReply:
      t.info(`${sourceHardware} is at ${source}`);
      return;
    case OP.drarpError:
      t.info('DRARP Error');
      return;
    case OP.nak:
      t.info('ARP NAK');
      return;
    case 11:
      t.info(`MARS request from ${sourceHardware} at ${source}`);
      return;
    case 24:
    case 25:
      t.info(`Experimental ${opcode - 23} ( opcode ${opcode} )`);
      return;
    default: {
      const name = OPCODES[opcode];
      t.info(
        name?.startsWith('mars') === true
          ? name.replace('mars', 'MARS')
          : `Unknown ARP opcode 0x${opcode.toString(16).padStart(4, '0')}`,
      );
    }
  }
}

/** Requests and replies: gratuitous where both protocol addresses are the same (RFC 5227 names the kinds). */
function resolution(
  t: TreeBuilder,
  isRequest: boolean,
  source: string,
  target: string,
  sourceHardware: string,
  targetHardware: string,
): string {
  const isProbe = isRequest && (source === '0.0.0.0' || source === NO_ADDRESS) && target !== source;
  if (source === target && source !== NO_ADDRESS) {
    t.addLabel(isRequest ? ' (gratuitous ARP)' : ' (reply) (gratuitous ARP)');
    const isAnnouncement = isRequest && /^(00:)*00$/.test(targetHardware);
    t.generated('isgratuitous', 1);
    if (isAnnouncement) t.generated('isannouncement', 1);
    if (isAnnouncement) return `ARP Announcement for ${source}`;
    return `Gratuitous ARP for ${source} (${isRequest ? 'Request' : 'Reply'})`;
  }
  if (isProbe || (isRequest && source === NO_ADDRESS)) {
    t.generated('isprobe', 1);
    return `Who has ${target}? (ARP Probe)`;
  }
  return isRequest ? `Who has ${target}? Tell ${source}` : `${source} is at ${sourceHardware}`;
}

const NO_ADDRESS = '<No address>';

function protocolAddress(t: TreeBuilder, at: number, length: number): string {
  if (length === 0) return NO_ADDRESS;
  return length === 4 && t.u16(t.at + AT.protocol) === IPV4 ? formatIpv4(t.u32(at)) : toHex(t.slice(at, length));
}

function hardwareAddress(t: TreeBuilder, at: number, length: number): string {
  if (length === 0) return NO_ADDRESS;
  return length === 6 ? formatMac(t.bytes, at) : toHex(t.slice(at, length));
}
