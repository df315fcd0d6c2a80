/**
 * Packet Monitor of Windows 10 2004, Windows Server 2022 and later, and its first form in Windows 10 1809 and Server 2019.
 * Filters are lists of conditions: all of one filter hold together, any of up to 32 filters is enough. They have no direction.
 */

import { quoteLine } from '../quote.ts';
import { type MachineCommands, type MachineInput, MIB, type NoteId, sizeLimit, waitLine } from './machine.ts';
import { type Conjunction, type SimpleProtocol, simpleFilter } from './simple-filter.ts';

const FILE = 'C:\\capture.etl';
/** As pktmon itself has it where nothing is said. */
const DEFAULT_MIB = 512;

const LINK_TYPES: Readonly<Partial<Record<SimpleProtocol, string>>> = { ip: 'IPv4', ip6: 'IPv6', arp: 'ARP' };
const TRANSPORTS: Readonly<Partial<Record<SimpleProtocol, string>>> = {
  tcp: 'TCP',
  udp: 'UDP',
  icmp: 'ICMP',
  icmp6: 'ICMPv6',
};

export function pktmon({ settings, windowsShell }: MachineInput): MachineCommands {
  const line = (...words: string[]): string => quoteLine(windowsShell, ['pktmon', ...words]);
  const notes: NoteId[] = ['elevated', 'circular'];
  const filters = pktmonFilters(settings.filter, notes);
  const size = sizeLimit(settings);
  const megabytes = String(size === null ? DEFAULT_MIB : Math.max(1, Math.ceil(size / MIB)));
  const bytes = String(settings.snapLength);
  const { seconds, packets } = settings.stop;
  if (packets !== null) notes.push('noStopPackets');
  return {
    machine: 'pktmon',
    shell: windowsShell,
    steps: [
      { id: 'filter', lines: [line('filter', 'remove'), ...filters.map((words) => line('filter', 'add', ...words))] },
      {
        id: 'start',
        lines: [
          line(
            'start',
            '--capture',
            '--comp',
            'nics',
            '--pkt-size',
            bytes,
            '--file-name',
            FILE,
            '--file-size',
            megabytes,
          ),
        ],
      },
      { id: 'startOld', lines: [line('start', '--etw', '-c', 'nics', '-p', bytes, '-f', FILE, '-s', megabytes)] },
      ...(seconds === null ? [] : [{ id: 'wait', lines: [waitLine(windowsShell, seconds)] } as const]),
      { id: 'stop', lines: [line('stop')] },
      { id: 'reset', lines: [line('filter', 'remove')] },
    ],
    notes,
    file: FILE,
  };
}

export function pktmonFilters(filter: string, notes: NoteId[]): readonly (readonly string[])[] {
  const all = simpleFilter(filter);
  if (all === null) {
    notes.push('filterLost');
    return [];
  }
  const made = all.map(conditions);
  if (made.some((words) => words === null)) {
    notes.push('filterLost');
    return [];
  }
  if (all.some(({ isDirected }) => isDirected)) notes.push('filterWider');
  return made
    .filter((words) => words !== null && words.length > 0)
    .map((words, at) => [`nagare${at + 1}`, ...(words ?? [])]);
}

/** null: one filter takes one protocol of each layer, two addresses and two ports. */
function conditions({ protocols, addresses, ports }: Conjunction): readonly string[] | null {
  const links = protocols.flatMap((one) => LINK_TYPES[one] ?? []);
  const transports = protocols.flatMap((one) => TRANSPORTS[one] ?? []);
  if (links.length > 1 || transports.length > 1 || addresses.length > 2 || ports.length > 2) return null;
  const words: string[] = [];
  if (links.length > 0) words.push('-d', ...links);
  if (addresses.length > 0) words.push('-i', ...addresses);
  if (transports.length > 0) words.push('-t', ...transports);
  if (ports.length > 0) words.push('-p', ...ports.map(String));
  return words;
}
