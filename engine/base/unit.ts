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
  /** A number that names something: a port, a stream. */
  | 'id'
  /** An amount in the currency that is named beside it. */
  | 'money'
  /** A plain number without a unit. */
  | 'number';

/** A value in a sentence: a text as it is, `key`: a text of the dictionaries, or a number in a unit. */
export type SentenceValue = string | { readonly key: string } | { readonly value: number; readonly unit: Unit };
