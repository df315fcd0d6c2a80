/**
 * netsh trace: Windows 7 and Server 2008 R2 and later. Its filters know addresses and one protocol, each a list of which any
 * is enough, and no ports.
 */

import { quoteLine } from '../quote.ts';
import { type MachineCommands, type MachineInput, MIB, type NoteId, sizeLimit, waitLine } from './machine.ts';
import { type Conjunction, type SimpleProtocol, simpleFilter } from './simple-filter.ts';

const FILE = 'C:\\capture.etl';
const DEFAULT_MIB = 512;

const NUMBERS: Readonly<Partial<Record<SimpleProtocol, number>>> = { icmp: 1, tcp: 6, udp: 17, icmp6: 58 };

export function netsh({ settings, windowsShell }: MachineInput): MachineCommands {
  const line = (...words: string[]): string => quoteLine(windowsShell, ['netsh', 'trace', ...words]);
  const notes: NoteId[] = ['elevated', 'stopLate'];
  const size = sizeLimit(settings);
  const isRing = settings.ring !== null || size === null;
  const words = [
    'start',
    'capture=yes',
    'report=no',
    'correlation=no',
    'overwrite=yes',
    `maxsize=${size === null ? DEFAULT_MIB : Math.max(1, Math.ceil(size / MIB))}`,
    `filemode=${isRing ? 'circular' : 'single'}`,
    `tracefile=${FILE}`,
    ...(settings.snapLength > 0 ? [`packettruncatebytes=${settings.snapLength}`] : []),
    ...netshConditions(settings.filter, notes),
  ];
  const { seconds, packets } = settings.stop;
  if (packets !== null) notes.push('noStopPackets');
  return {
    machine: 'netsh',
    shell: windowsShell,
    steps: [
      { id: 'start', lines: [line(...words)] },
      ...(seconds === null ? [] : [{ id: 'wait', lines: [waitLine(windowsShell, seconds)] } as const]),
      { id: 'stop', lines: [line('stop')] },
    ],
    notes,
    file: FILE,
  };
}

export function netshConditions(filter: string, notes: NoteId[]): readonly string[] {
  const all = simpleFilter(filter);
  if (all === null) {
    notes.push('filterLost');
    return [];
  }
  const words = [
    ...list('ipv4.address', all, ({ addresses }) => hosts(addresses, false)),
    ...list('ipv6.address', all, ({ addresses }) => hosts(addresses, true)),
    ...list('protocol', all, ({ protocols }) => protocols.flatMap((one) => NUMBERS[one]?.toString() ?? [])),
  ];
  const isEmpty = filter.trim() === '';
  if (!isEmpty && words.length === 0) notes.push('filterLost');
  else if (!isEmpty && !all.every(isSaid)) notes.push('filterWider');
  return words;
}

/** One condition is said exactly; two of a kind become "any of them", networks, ports and directions are left out. */
function isSaid(
  { protocols, addresses, ports, isDirected }: Conjunction,
  _: number,
  all: readonly Conjunction[],
): boolean {
  const conditions = protocols.length + addresses.length;
  const isAlone = all.length === 1 || conditions === 1;
  const isNamed = protocols.every((one) => NUMBERS[one] !== undefined) && addresses.every((one) => !one.includes('/'));
  return isAlone && isNamed && ports.length === 0 && !isDirected && protocols.length <= 1 && addresses.length <= 1;
}

/** A condition narrows all alternatives: it can be said only where each of them has it. */
function list(name: string, all: readonly Conjunction[], valuesOf: (one: Conjunction) => readonly string[]): string[] {
  const values = all.map(valuesOf);
  if (values.some((one) => one.length === 0)) return [];
  const different = [...new Set(values.flat())];
  return [different.length === 1 ? `${name}=${different[0]}` : `${name}=(${different.join(',')})`];
}

function hosts(addresses: readonly string[], isIpv6: boolean): readonly string[] {
  return addresses.filter((one) => !one.includes('/') && one.includes(':') === isIpv6);
}
