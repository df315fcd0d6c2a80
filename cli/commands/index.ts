/** The commands, in the order of the help: one line each. A command's code is loaded when it is called. */

import type { TextKey } from '../../engine/text/index.ts';
import type { Command } from '../command.ts';

export interface CommandEntry {
  readonly name: string;
  readonly summary: TextKey;
  readonly load: () => Promise<Command>;
}

export const commands: readonly CommandEntry[] = [
  { name: 'open', summary: 'cli.open.summary', load: async () => (await import('./open.ts')).open },
  { name: 'serve', summary: 'cli.serve.summary', load: async () => (await import('./serve.ts')).serve },
  { name: 'capture', summary: 'cli.capture.summary', load: async () => (await import('./capture.ts')).capture },
  {
    name: 'interfaces',
    summary: 'cli.interfaces.summary',
    load: async () => (await import('./interfaces.ts')).interfaces,
  },
  {
    name: 'setup-capture',
    summary: 'cli.setup.summary',
    load: async () => (await import('./setup-capture.ts')).setupCapture,
  },
  { name: 'fields', summary: 'cli.fields.summary', load: async () => (await import('./fields.ts')).fields },
  { name: 'count', summary: 'cli.count.summary', load: async () => (await import('./count.ts')).count },
  { name: 'show', summary: 'cli.show.summary', load: async () => (await import('./show.ts')).show },
  { name: 'stats', summary: 'cli.stats.summary', load: async () => (await import('./stats.ts')).stats },
  { name: 'follow', summary: 'cli.follow.summary', load: async () => (await import('./follow.ts')).follow },
  { name: 'objects', summary: 'cli.objects.summary', load: async () => (await import('./objects.ts')).objects },
  { name: 'export', summary: 'cli.export.summary', load: async () => (await import('./export.ts')).exportCommand },
];

/** What `nagare` and `nagare FILE` do. */
export const DEFAULT_COMMAND = 'open';
