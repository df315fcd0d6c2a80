/** Hosts files that the user has given: names of addresses, kept by the host for every capture. */

import * as v from 'valibot';

const name = v.pipe(v.string(), v.minLength(1), v.maxLength(200));

/** Longest hosts file that is taken, in characters. */
export const MAX_HOSTS_FILE = 32 << 20;

export const namesMethods = {
  'names.list': v.object({}),
  /** Keeps a copy of a hosts file; one of the same name is replaced. One without a single entry is refused. */
  'names.add': v.object({ name, text: v.pipe(v.string(), v.maxLength(MAX_HOSTS_FILE)) }),
  'names.remove': v.object({ name }),
} as const;

export interface HostsList {
  /** `wrong`: lines that are no entry. */
  readonly files: readonly { readonly name: string; readonly entries: number; readonly wrong: number }[];
  /** The file that was to be added has no entry: its name. */
  readonly refused: string | null;
}

export interface NamesOutputs {
  'names.list': HostsList;
  'names.add': HostsList;
  'names.remove': HostsList;
}
