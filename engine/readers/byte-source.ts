/** Random access to the bytes of a capture file: what readers read from. */

export interface ByteSource {
  /** Bytes there are now; may grow between calls when a file is followed. */
  readonly size: number;
  /** What people call it: a path, or a name. */
  readonly name: string;
  /**
   * Reads up to `into.length` bytes at `at` into `into` and returns how many there were; fewer only at the end.
   * Throws `NagareError('file-not-readable')` when the device fails.
   */
  read(at: number, into: Uint8Array): number;
}

/** A byte source over bytes in memory, for tests and small inputs. */
export class MemorySource implements ByteSource {
  readonly name: string;
  private bytes: Uint8Array;

  constructor(bytes: Uint8Array, name = 'memory') {
    this.bytes = bytes;
    this.name = name;
  }

  get size(): number {
    return this.bytes.length;
  }

  read(at: number, into: Uint8Array): number {
    const part = this.bytes.subarray(at, at + into.length);
    into.set(part);
    return part.length;
  }

  /** Makes the source longer, as a file that is being written grows. */
  append(more: Uint8Array): void {
    const bytes = new Uint8Array(this.bytes.length + more.length);
    bytes.set(this.bytes);
    bytes.set(more, this.bytes.length);
    this.bytes = bytes;
  }
}
