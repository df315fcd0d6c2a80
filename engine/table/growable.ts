/** A list of 32-bit numbers that grows. */

import { grow } from './word-dictionary.ts';

export class NumberList {
  items = new Uint32Array(16);
  length = 0;

  push(value: number): void {
    if (this.length === this.items.length) this.items = grow(this.items, this.length + 1);
    this.items[this.length++] = value;
  }
}
