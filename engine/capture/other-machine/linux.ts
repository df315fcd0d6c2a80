/** tcpdump on a Linux machine, with the file fetched by scp. */

import { commandLines } from '../command-line.ts';
import { quoteLine } from '../quote.ts';
import type { MachineCommands, MachineInput, NoteId } from './machine.ts';

const FOLDER = '/tmp';

export function linux({ settings, names }: MachineInput): MachineCommands {
  const path = `${FOLDER}/capture.pcap`;
  const own = { ...settings, path, interfaces: [names.interface] };
  const { lines, missing } = commandLines('tcpdump', own);
  const notes: NoteId[] = ['rights'];
  if (missing.some((one) => one.startsWith('ring'))) notes.push('noRing');
  // tcpdump gives up root's rights before it opens its second file, which that user may not create.
  const rotates = settings.ring !== null || settings.stop.seconds !== null;
  const started = lines.map((words) => [
    'sudo',
    ...words.slice(0, 1),
    ...(rotates ? ['-Z', 'root'] : []),
    ...words.slice(1),
  ]);
  const fetched = settings.ring === null ? path : `${FOLDER}/capture*`;
  return {
    machine: 'linux',
    shell: 'sh',
    steps: [
      { id: 'start', lines: started.map((words) => quoteLine('sh', words)) },
      { id: 'fetch', lines: [quoteLine('sh', ['scp', `${names.host}:${fetched}`, '.'])] },
    ],
    notes,
    file: fetched,
  };
}
