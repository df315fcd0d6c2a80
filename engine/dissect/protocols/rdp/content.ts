/** What the layers below RDP tell it of the bytes they carry. */

import type { TreeBuilder } from '../../tree.ts';

export interface Content {
  /** Connection: behind an X.224 request or confirm; client, server: settings in the conference's user data. */
  readonly kind: 'connection' | 'client' | 'server' | 'data' | 'fast';
  /** The MCS channel of data. */
  readonly channel: number;
}

const contents = new WeakMap<TreeBuilder, Content>();

export function setContent(t: TreeBuilder, content: Content): void {
  contents.set(t, content);
}

export function contentOf(t: TreeBuilder): Content {
  return contents.get(t) ?? { kind: 'connection', channel: 0 };
}
