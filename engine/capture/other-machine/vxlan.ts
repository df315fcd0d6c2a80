/**
 * The machine that a cloud's traffic mirror sends to, packet by packet inside VXLAN (RFC 7348, UDP port 4789). Conditions on
 * the mirrored packet are written as offsets behind the outer UDP header, where the inner one has no VLAN tag and no IP options.
 */

import { parseIpv4 } from '../../base/address.ts';
import { commandLines } from '../command-line.ts';
import { quoteLine } from '../quote.ts';
import type { MachineCommands, MachineInput, NoteId } from './machine.ts';
import { type Conjunction, type SimpleProtocol, simpleFilter } from './simple-filter.ts';

const PORT = 4789;
/** Outer Ethernet, IPv4, UDP and VXLAN headers. */
const OUTER_BYTES = 50;
/** From the start of the outer UDP header: UDP and VXLAN take 16 bytes, the inner Ethernet header 14. */
const AT = {
  vni: 12,
  etherType: 28,
  protocol: 39,
  source: 42,
  destination: 46,
  sourcePort: 50,
  destinationPort: 52,
} as const;
const IPV4 = '0x0800';
const NUMBERS: Readonly<Partial<Record<SimpleProtocol, number>>> = { icmp: 1, tcp: 6, udp: 17 };

export function vxlan({ settings, names }: MachineInput): MachineCommands {
  const path = '/tmp/mirror.pcap';
  const notes: NoteId[] = ['rights', 'mirrorOuter'];
  const snapLength = settings.snapLength === 0 ? 0 : settings.snapLength + OUTER_BYTES;
  const filter = mirrorFilter(settings.filter, names.vni, notes);
  const own = { ...settings, path, filter, snapLength, interfaces: [names.interface] };
  const rotates = settings.ring !== null || settings.stop.seconds !== null;
  const { lines } = commandLines('tcpdump', own);
  const started = lines.map((words) => [
    'sudo',
    ...words.slice(0, 1),
    ...(rotates ? ['-Z', 'root'] : []),
    ...words.slice(1),
  ]);
  const fetched = settings.ring === null ? path : '/tmp/mirror*';
  return {
    machine: 'vxlan',
    shell: 'sh',
    steps: [
      { id: 'start', lines: started.map((words) => quoteLine('sh', words)) },
      { id: 'fetch', lines: [quoteLine('sh', ['scp', `${names.host}:${fetched}`, '.'])] },
    ],
    notes,
    file: fetched,
  };
}

function mirrorFilter(filter: string, vni: number | null, notes: NoteId[]): string {
  const parts = [`udp port ${PORT}`];
  if (vni !== null) parts.push(`udp[${AT.vni}:4] & 0xffffff00 = 0x${(vni * 256).toString(16).padStart(8, '0')}`);
  if (filter.trim() !== '') {
    const inner = simpleFilter(filter)?.map(conditions) ?? null;
    if (inner === null || inner.some((one) => one === null)) notes.push('mirrorWhole');
    else {
      notes.push('mirrorInner');
      parts.push(inner.length === 1 ? `${inner[0]}` : `(${inner.map((one) => `(${one})`).join(' or ')})`);
    }
  }
  return parts.join(' and ');
}

/** Both ways round, as `host` and `port` mean it; null: not said by offsets. */
function conditions({ protocols, addresses, ports, isDirected }: Conjunction): string | null {
  if (isDirected || addresses.length > 1 || ports.length > 1) return null;
  const words = [`udp[${AT.etherType}:2] = ${IPV4}`];
  for (const protocol of protocols) {
    if (protocol === 'ip') continue;
    const number = NUMBERS[protocol];
    if (number === undefined) return null;
    words.push(`udp[${AT.protocol}] = ${number}`);
  }
  for (const address of addresses) {
    const value = parseIpv4(address);
    if (value === null) return null;
    const hex = `0x${(value >>> 0).toString(16).padStart(8, '0')}`;
    words.push(`(udp[${AT.source}:4] = ${hex} or udp[${AT.destination}:4] = ${hex})`);
  }
  for (const port of ports) {
    words.push(`(udp[${AT.sourcePort}:2] = ${port} or udp[${AT.destinationPort}:2] = ${port})`);
  }
  return words.join(' and ');
}
