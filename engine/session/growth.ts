/** A capture that still grows: what its session waits for, and which of its rows are gone. */

export interface Growth {
  /** Nothing more will come. */
  readonly isOver: boolean;
  /** The first row that is still there; rows before it are retired. */
  readonly firstRow: number;
  /** Resolves after a while, or at once when something has changed: there may be more to read. */
  wait(): Promise<void>;
}
