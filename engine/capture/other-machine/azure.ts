/**
 * Azure Network Watcher's packet capture of a VM, by the Azure CLI. Its filters are lists of conditions seen from the VM
 * (local, remote); any of them is enough. The file goes to a storage account.
 */

import { quoteLine } from '../quote.ts';
import { type MachineCommands, type MachineInput, type NoteId, sizeLimit } from './machine.ts';
import { type Conjunction, simpleFilter } from './simple-filter.ts';

const NAME = 'nagare-capture';
/** Azure's own limits: five hours, and a gibibyte where nothing else is said. */
const MOST_SECONDS = 18_000;

interface Condition {
  readonly protocol?: 'TCP' | 'UDP';
  readonly remoteIPAddress?: string;
  readonly localPort?: string;
  readonly remotePort?: string;
}

export function azure({ settings, names }: MachineInput): MachineCommands {
  const notes: NoteId[] = ['cloudShell', 'agent', 'limitFive'];
  const line = (...words: string[]): string => quoteLine('sh', ['az', ...words]);
  const capture = (...words: string[]): string => line('network', 'watcher', 'packet-capture', ...words);
  const filters = azureFilters(settings.filter, notes);
  const size = sizeLimit(settings);
  const seconds = Math.min(MOST_SECONDS, Math.ceil(settings.stop.seconds ?? MOST_SECONDS));
  if (settings.ring !== null) notes.push('noRing');
  if (settings.stop.packets !== null) notes.push('noStopPackets');
  const place = ['--location', names.location, '--name', NAME];
  return {
    machine: 'azure',
    shell: 'sh',
    steps: [
      {
        id: 'prepare',
        lines: [
          line(
            ...['vm', 'extension', 'set', '--resource-group', names.resourceGroup, '--vm-name', names.vm],
            ...['--publisher', 'Microsoft.Azure.NetworkWatcher', '--name', 'NetworkWatcherAgentLinux'],
          ),
        ],
      },
      {
        id: 'start',
        lines: [
          capture(
            ...['create', '--resource-group', names.resourceGroup, '--vm', names.vm, '--name', NAME],
            ...['--storage-account', names.storageAccount, '--time-limit', String(seconds)],
            ...(settings.snapLength > 0 ? ['--capture-size', String(settings.snapLength)] : []),
            ...(size === null ? [] : ['--capture-limit', String(size)]),
            ...(filters.length === 0 ? [] : ['--filters', JSON.stringify(filters)]),
          ),
        ],
      },
      { id: 'status', lines: [capture('show-status', ...place)] },
      { id: 'stop', lines: [capture('stop', ...place)] },
      {
        id: 'fetch',
        lines: [
          line(
            ...['storage', 'blob', 'download-batch', '--account-name', names.storageAccount],
            ...['--source', 'network-watcher-logs', '--pattern', '*.cap', '--destination', '.', '--auth-mode', 'login'],
          ),
        ],
      },
      { id: 'reset', lines: [capture('delete', ...place)] },
    ],
    notes,
    file: '*.cap',
  };
}

function azureFilters(filter: string, notes: NoteId[]): readonly Condition[] {
  if (filter.trim() === '') return [];
  const all = simpleFilter(filter);
  const made = all?.map(conditions) ?? [null];
  if (made.some((one) => one === null)) {
    notes.push('filterLost');
    return [];
  }
  if (all?.some(({ isDirected }) => isDirected) === true) notes.push('filterWider');
  return made.flatMap((one) => one ?? []);
}

/** A port may be on either side: two conditions. null: one condition takes TCP or UDP, one address and one port. */
function conditions({ protocols, addresses, ports }: Conjunction): readonly Condition[] | null {
  const [protocol, ...more] = protocols;
  if (more.length > 0 || addresses.length > 1 || ports.length > 1) return null;
  if (protocol !== undefined && protocol !== 'tcp' && protocol !== 'udp') return null;
  const [address] = addresses;
  const base: Condition = {
    ...(protocol === undefined ? {} : { protocol: protocol === 'tcp' ? 'TCP' : 'UDP' }),
    ...(address === undefined ? {} : { remoteIPAddress: address }),
  };
  const [port] = ports;
  if (port === undefined) return [base];
  return [
    { ...base, localPort: String(port) },
    { ...base, remotePort: String(port) },
  ];
}
