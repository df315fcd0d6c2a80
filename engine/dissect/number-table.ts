/** A dispatch table keyed by numbers. */

import type { DispatchTable } from './field-spec.ts';

/** Keys from here on are looked up in a map. */
const LARGE = 65536;

/** Protocol index by number, 0 where nobody claims it. */
export class NumberTable {
  readonly name: DispatchTable;
  /** Pseudo protocol pushed on the stack on the way, or 0. */
  readonly layer: number;
  /** As long as the largest key needs: dozens of tables of 65,536 would take longer than the rest of the start. */
  private enters: Uint16Array = new Uint16Array(16);
  private claims: Uint16Array = new Uint16Array(16);
  private readonly large = new Map<number, number>();

  constructor(name: DispatchTable, layer: number) {
    this.name = name;
    this.layer = layer;
  }

  /** What the column pass enters for a key. Hot: once per layer. */
  entered(key: number): number {
    return key < this.enters.length ? this.enters[key] : this.large.size === 0 ? 0 : (this.large.get(key) ?? 0);
  }

  /** Who claims a key. */
  claimed(key: number): number {
    return key < LARGE ? (this.claims[key] ?? 0) : (this.large.get(key) ?? 0);
  }

  /** A copy in which `key` is another protocol's; `isEntered` as in claim(). */
  with(key: number, protocol: number, isEntered: boolean): NumberTable {
    const copy = new NumberTable(this.name, this.layer);
    copy.enters = this.enters.slice();
    copy.claims = this.claims.slice();
    for (const [large, claimed] of this.large) copy.large.set(large, claimed);
    copy.claim(key, protocol, isEntered);
    if (!isEntered && key < LARGE) copy.enters[key] = 0;
    return copy;
  }

  /** `isEntered`: by the column pass too, not only by flows and trees. */
  claim(key: number, protocol: number, isEntered: boolean): void {
    if (key >= LARGE) {
      this.large.set(key, protocol);
      return;
    }
    if (key >= this.enters.length) {
      this.enters = grown(this.enters, key);
      this.claims = grown(this.claims, key);
    }
    this.claims[key] = protocol;
    if (isEntered) this.enters[key] = protocol;
  }
}

/** A copy with room for a key. */
function grown(array: Uint16Array, key: number): Uint16Array {
  const larger = new Uint16Array(1 << (32 - Math.clz32(key)));
  larger.set(array);
  return larger;
}
