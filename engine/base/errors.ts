/** The error codes of the product and the values that carry them. Bad input is data: these are returned, not thrown. */

export type ErrorCode =
  | 'file-not-found'
  | 'file-not-readable'
  | 'file-not-writable'
  | 'unknown-format'
  | 'unsupported-version'
  | 'damaged'
  | 'cut-short'
  | 'too-large'
  | 'no-space'
  | 'bad-filter'
  | 'bad-input'
  | 'not-allowed'
  | 'not-open'
  | 'cancelled'
  | 'failed';

/** What is wrong with a capture file, and where. What was readable before `at` has been delivered. */
export interface CaptureError {
  readonly code: ErrorCode;
  /** Reader's name, e.g. `pcapng`. */
  readonly reader: string;
  /** One sentence in English: what was found, without the place. */
  readonly message: string;
  /** The same as a key of base/capture-problems.ts with its values, for texts in other languages. */
  readonly key: string;
  readonly params: Readonly<Record<string, string | number>>;
  /** Byte offset in the (unpacked) file; -1: it is about the file as a whole. */
  readonly at: number;
  /** The file it is about, as it was opened. */
  readonly file?: string;
}

/**
 * What is wrong with a display filter: [start, end) are character offsets in its text. `message` and `hint` are English,
 * for the command line; a window fills the text of `code` (and `hintCode`) in its own language with `params`.
 */
export interface FilterError {
  readonly message: string;
  readonly start: number;
  readonly end: number;
  /** Key of engine/text/en/filter-problems.ts. */
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;
  /** What would be right, e.g. the nearest field name. */
  readonly hint?: string;
  readonly hintCode?: string;
  readonly hintParams?: Readonly<Record<string, string | number>>;
}

/** A failure that ends an operation. Thrown inside the host and the CLI; crosses the contract as `{ code, message, detail }`. */
export class NagareError extends Error {
  readonly code: ErrorCode;
  readonly detail: unknown;

  constructor(code: ErrorCode, message: string, detail?: unknown) {
    super(message);
    this.name = 'NagareError';
    this.code = code;
    this.detail = detail;
  }
}
