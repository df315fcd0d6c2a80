/** What the user has given about clouds, kept by the host: maps, published address ranges, prices. */

import * as v from 'valibot';

const name = v.pipe(v.string(), v.minLength(1), v.maxLength(200));

export const cloudMethods = {
  'cloud.list': v.object({}),
  /** Keeps a copy of a file; one of the same name is replaced. A file that cannot be used is refused, with what is wrong. */
  'cloud.add': v.object({ name, text: v.pipe(v.string(), v.maxLength(32 << 20)) }),
  'cloud.remove': v.object({ name }),
} as const;

export interface KeptCloudFile {
  readonly name: string;
  readonly kind: 'map' | 'ranges' | 'prices';
  /** Of the list or the prices; '' where nobody says, and for maps. */
  readonly date: string;
  /** Blocks of addresses, or classes that have a price. */
  readonly entries: number;
}

export interface CloudList {
  readonly files: readonly KeptCloudFile[];
  /** The price table as it is kept; '' for none. */
  readonly prices: string;
  /** What is wrong with the file that was to be added: `cloud.problem.KEY`. */
  readonly problem: { readonly key: string; readonly line: number; readonly what: string } | null;
}

export interface CloudOutputs {
  'cloud.list': CloudList;
  'cloud.add': CloudList;
  'cloud.remove': CloudList;
}
