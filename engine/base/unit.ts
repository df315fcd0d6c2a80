/** What a number of a panel counts, so that window and command line write it alike. */

export type Unit =
  | 'count'
  | 'bytes'
  /** A length of time. */
  | 'ns'
  /** Nanoseconds since the session's epoch. */
  | 'time'
  | 'bit/s'
  | 'packet/s'
  /** 0 to 1. */
  | 'share'
  /** A packet's number, counted from 1. */
  | 'frame'
  /** A plain number without a unit. */
  | 'number';
