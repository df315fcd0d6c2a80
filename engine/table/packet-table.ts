/**
 * The packet table (one row per packet, one column per property): fixed blocks of 65,536 rows, each one SharedArrayBuffer
 * with all columns in it, so that it grows without copying and every scan is a loop over typed arrays. 62 bytes a row.
 */

export const BLOCK_ROWS = 65536;
export const BLOCK_SHIFT = 16;
export const BLOCK_MASK = BLOCK_ROWS - 1;
/** `acksRow` and `rowsByFlow` of rows that have none. */
export const NO_ROW = 0xffffffff;
const ROW_BYTES = 62;

/** 65,536 rows; meaning of the columns: docs/architecture.md. */
export class Block {
  readonly buffer: SharedArrayBuffer;
  /** Where the packet's bytes are: the reader's own meaning. */
  readonly locator: Float64Array;
  /** Nanoseconds since the session's epoch, an integer; NaN: no time. */
  readonly time: Float64Array;
  readonly capturedLength: Uint32Array;
  readonly length: Uint32Array;
  /** The header chain: id in the paths dictionary. */
  readonly path: Uint32Array;
  readonly seq: Uint32Array;
  readonly ack: Uint32Array;
  /** Bytes above the transport header, on the wire. */
  readonly payloadLength: Uint32Array;
  /** Bits of ANALYSIS. */
  readonly analysis: Uint32Array;
  /** The row that this ACK acknowledges, or NO_ROW. */
  readonly acksRow: Uint32Array;
  /** Position i: the i-th row when rows are sorted by flow. */
  readonly rowsByFlow: Uint32Array;
  readonly interface: Uint16Array;
  readonly stack: Uint16Array;
  /** Bits of FLAG. */
  readonly flags: Uint16Array;
  readonly window: Uint16Array;
  readonly tcpFlags: Uint16Array;

  constructor(buffer = new SharedArrayBuffer(BLOCK_ROWS * ROW_BYTES)) {
    this.buffer = buffer;
    let at = 0;
    const f64 = (): Float64Array => new Float64Array(buffer, (at += 8 * BLOCK_ROWS) - 8 * BLOCK_ROWS, BLOCK_ROWS);
    const u32 = (): Uint32Array => new Uint32Array(buffer, (at += 4 * BLOCK_ROWS) - 4 * BLOCK_ROWS, BLOCK_ROWS);
    const u16 = (): Uint16Array => new Uint16Array(buffer, (at += 2 * BLOCK_ROWS) - 2 * BLOCK_ROWS, BLOCK_ROWS);
    this.locator = f64();
    this.time = f64();
    this.capturedLength = u32();
    this.length = u32();
    this.path = u32();
    this.seq = u32();
    this.ack = u32();
    this.payloadLength = u32();
    this.analysis = u32();
    this.acksRow = u32();
    this.rowsByFlow = u32();
    this.interface = u16();
    this.stack = u16();
    this.flags = u16();
    this.window = u16();
    this.tcpFlags = u16();
  }
}

/** Names of the columns that hold plain numbers. */
export type ColumnName = Exclude<keyof Block, 'buffer'>;

/** Stands for every block whose rows are gone: nobody trips over a row number that was kept too long. */
let retired: Block | undefined;

export class PacketTable {
  readonly blocks: Block[] = [];
  /** Rows so far, those retired included: row numbers only grow. */
  count = 0;
  /** Rows before it are retired. */
  first = 0;

  /** First row of the first block that is still there: where loops over all rows begin. */
  get firstBase(): number {
    return this.first - (this.first % BLOCK_ROWS);
  }

  /** Rows before `first` are gone, their blocks are given back. Of an empty table: its first row will be this one. */
  retire(first: number): void {
    if (first <= this.first) return;
    retired ??= new Block(); // all zero
    for (let index = this.firstBase >>> BLOCK_SHIFT; index < first >>> BLOCK_SHIFT; index++)
      this.blocks[index] = retired;
    this.first = first;
    this.count = Math.max(this.count, first);
  }

  /** Room for one more row: its block. The row is `count`; the caller writes all columns, then counts it. */
  blockForNext(): Block {
    const index = this.count >>> BLOCK_SHIFT;
    if (index === this.blocks.length) this.blocks.push(new Block());
    return this.blocks[index];
  }

  block(row: number): Block {
    return this.blocks[row >>> BLOCK_SHIFT];
  }

  /** One value; for loops over many rows go through the blocks. */
  get(column: ColumnName, row: number): number {
    return this.blocks[row >>> BLOCK_SHIFT][column][row & BLOCK_MASK];
  }
}
