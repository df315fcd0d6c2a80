/** What a stream consists of, in the order it is read: pieces of packets and holes. No bytes: those are read when asked. */

import { NumberList } from '../../table/growable.ts';

export type Direction = 0 | 1;

const MISSING = 2;

export class Pieces {
  /** A message ends with each piece: lines do not run on from one to the next. */
  readonly areMessages: boolean;
  /** Bytes and missing bytes of each direction. */
  readonly bytes: [number, number] = [0, 0];
  readonly missing: [number, number] = [0, 0];
  /** Changes of direction, plus one. */
  turns = 0;

  private readonly rows = new NumberList();
  private readonly skips = new NumberList();
  private readonly lengths = new NumberList();
  private readonly bits = new NumberList();
  /** Place of each piece's first byte in its direction, holes included. */
  private readonly places: number[] = [];
  private lastDirection = -1;

  constructor(areMessages: boolean) {
    this.areMessages = areMessages;
  }

  get count(): number {
    return this.rows.length;
  }

  /** Bytes [skip, skip + length) of what the row has: of its payload, or of the `skip`-th part where parts are messages. */
  add(direction: Direction, row: number, skip: number, length: number): void {
    this.push(direction, row, skip, length, 0);
    this.bytes[direction] += length;
  }

  addGap(direction: Direction, row: number, length: number): void {
    for (let left = length; left > 0; left -= MAX_GAP) this.push(direction, row, 0, Math.min(left, MAX_GAP), MISSING);
    this.missing[direction] += length;
  }

  private push(direction: Direction, row: number, skip: number, length: number, bits: number): void {
    if (direction !== this.lastDirection) this.turns++;
    this.lastDirection = direction;
    this.places.push(this.bytes[direction] + this.missing[direction]);
    this.rows.push(row);
    this.skips.push(skip);
    this.lengths.push(length);
    this.bits.push(direction | bits);
  }

  direction(i: number): Direction {
    return (this.bits.items[i] & 1) as Direction;
  }

  isMissing(i: number): boolean {
    return (this.bits.items[i] & MISSING) !== 0;
  }

  row(i: number): number {
    return this.rows.items[i];
  }

  skip(i: number): number {
    return this.skips.items[i];
  }

  length(i: number): number {
    return this.lengths.items[i];
  }

  place(i: number): number {
    return this.places[i];
  }
}

/** A list item holds 32 bits. */
const MAX_GAP = 0xffffffff;
