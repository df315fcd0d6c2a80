/**
 * What a protocol worked out about each message of a conversation when it first saw it, so that dissecting the message
 * again (scrolling back, a deep filter) gives the same answer although later messages have changed the conversation since.
 */

import type { TreeBuilder } from './tree.ts';

export class Visits<Fact> {
  private readonly facts = new Map<string, Fact>();
  private readonly seen = new WeakMap<TreeBuilder, number>();

  /** Call once per message. `first` runs when the message is seen for the first time; `index`: messages before it in its frame. */
  visit(t: TreeBuilder, first: () => Fact): { readonly index: number; readonly fact: Fact } {
    const index = this.seen.get(t) ?? 0;
    this.seen.set(t, index + 1);
    if (t.packet.memory.isOnce === true) return { index, fact: first() };
    const key = `${t.packet.number}:${index}`;
    let fact = this.facts.get(key);
    if (fact === undefined) {
      fact = first();
      this.facts.set(key, fact);
    }
    return { index, fact };
  }
}
