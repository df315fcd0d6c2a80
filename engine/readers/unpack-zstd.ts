/**
 * Zstandard frames (RFC 8878 section 3.1.1), one after the other, and skippable ones between them. Windows are bounded.
 * Content checksums (xxHash64) are not checked: they would cost more than the unpacking.
 */

import { u32le } from '../base/bytes.ts';
import { InputQueue, isSkippable, type Unpacker, type UnpackProblem, type UnpackSink, ZSTD_MAGIC } from './unpack.ts';
import { ZSTD_BLOCK_LIMIT, ZstdBlockError, ZstdFrameBlocks } from './zstd-blocks.ts';

/** What zstd itself takes without being told otherwise: a header that claims more would cost the memory. */
export const ZSTD_WINDOW_LIMIT = 128 * 1024 * 1024;

const BLOCK = { raw: 0, repeat: 1, compressed: 2 } as const;
const BLOCK_HEADER = 3;

type State = 'frame' | 'skip' | 'block' | 'checksum';

export class ZstdUnpacker implements Unpacker {
  private readonly sink: UnpackSink;
  private readonly input = new InputQueue();
  private state: State = 'frame';
  private blocks: ZstdFrameBlocks | null = null;
  private frames = 0;
  private skipLeft = 0;
  private hasChecksum = false;
  private problem: UnpackProblem | null = null;

  constructor(sink: UnpackSink) {
    this.sink = sink;
  }

  push(piece: Uint8Array): UnpackProblem | null {
    if (this.problem !== null) return this.problem;
    this.input.push(piece);
    while (this.problem === null && this.step());
    return this.problem;
  }

  end(): UnpackProblem | null {
    if (this.problem !== null) return this.problem;
    const isWhole = this.state === 'frame' && this.input.length === 0;
    if (!isWhole) this.fail('cut', 'the compressed file ends within a frame', this.input.at + this.input.length);
    return this.problem;
  }

  /** False: more input is needed. */
  private step(): boolean {
    const { input } = this;
    switch (this.state) {
      case 'frame': {
        if (input.length < 4) return false;
        const magic = u32le(input.peek(4), 0);
        if (magic === ZSTD_MAGIC) return this.header();
        if (!isSkippable(magic)) return this.notAFrame();
        if (input.length < 8) return false;
        this.skipLeft = u32le(input.peek(8), 4);
        input.skip(8);
        this.state = 'skip';
        return true;
      }
      case 'skip': {
        const skipped = Math.min(input.length, this.skipLeft);
        input.skip(skipped);
        this.skipLeft -= skipped;
        if (this.skipLeft > 0) return false;
        this.state = 'frame';
        return true;
      }
      case 'block':
        return this.block();
      case 'checksum': {
        const size = this.hasChecksum ? 4 : 0;
        if (input.length < size) return false;
        input.skip(size);
        this.frames++;
        this.state = 'frame';
        return true;
      }
    }
  }

  private notAFrame(): false {
    if (this.frames > 0) this.fail('trailing', 'bytes that are no zstd frame follow the last one');
    else this.fail('damaged', 'a frame does not begin as zstd frames do');
    return false;
  }

  /** Descriptor, then window, dictionary and content size, as far as the descriptor says so. */
  private header(): boolean {
    const { input } = this;
    if (input.length < 5) return false;
    const descriptor = input.peek(5)[4];
    const isSingle = (descriptor & 0x20) !== 0;
    const windowBytes = isSingle ? 0 : 1;
    const dictionaryBytes = [0, 1, 2, 4][descriptor & 3];
    const sizeCode = descriptor >> 6;
    const sizeBytes = sizeCode === 0 ? Number(isSingle) : 1 << sizeCode;
    const length = 5 + windowBytes + dictionaryBytes + sizeBytes;
    if (input.length < length) return false;
    const bytes = input.peek(length);
    const window = isSingle ? contentSize(bytes, length - sizeBytes, sizeBytes) : windowSize(bytes[5]);
    if (window > ZSTD_WINDOW_LIMIT) {
      this.fail('damaged', `a frame needs a window of ${window} bytes; the limit is ${ZSTD_WINDOW_LIMIT}`);
    } else if ((descriptor & 8) !== 0) {
      this.fail('damaged', 'a reserved bit of a frame header is set');
    } else if (bytes.subarray(5 + windowBytes, 5 + windowBytes + dictionaryBytes).some((byte) => byte !== 0)) {
      this.fail('damaged', 'the frame needs a dictionary, which is not there');
    }
    if (this.problem !== null) return false;
    this.hasChecksum = (descriptor & 4) !== 0;
    this.blocks = new ZstdFrameBlocks(window, this.sink);
    input.skip(length);
    this.state = 'block';
    return true;
  }

  private block(): boolean {
    const { input } = this;
    if (input.length < BLOCK_HEADER) return false;
    const bytes = input.peek(BLOCK_HEADER);
    const word = bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);
    const type = (word >> 1) & 3;
    const claimed = word >> 3;
    if (claimed > ZSTD_BLOCK_LIMIT) {
      this.fail('damaged', `a block claims ${claimed} bytes; the limit is ${ZSTD_BLOCK_LIMIT}`);
      return false;
    }
    const size = BLOCK_HEADER + (type === BLOCK.repeat ? 1 : claimed);
    if (input.length < size) return false;
    try {
      this.unpack(type, claimed, input.peek(size).subarray(BLOCK_HEADER));
    } catch (thrown) {
      if (!(thrown instanceof ZstdBlockError)) throw thrown;
      this.fail('damaged', thrown.message);
      return false;
    }
    input.skip(size);
    if ((word & 1) !== 0) this.state = 'checksum';
    return true;
  }

  private unpack(type: number, claimed: number, body: Uint8Array): void {
    if (type === BLOCK.raw) this.blocks?.raw(body);
    else if (type === BLOCK.repeat) this.blocks?.repeat(body[0], claimed);
    else if (type === BLOCK.compressed) this.blocks?.compressed(body);
    else throw new ZstdBlockError('a block is of a type that does not exist');
  }

  private fail(kind: UnpackProblem['kind'], message: string, at = this.input.at): void {
    this.problem = { kind, message, at };
  }
}

function windowSize(byte: number): number {
  const base = 2 ** (10 + (byte >> 3));
  return base + (base / 8) * (byte & 7);
}

/** Two bytes count from 256, because one byte says the sizes below. */
function contentSize(bytes: Uint8Array, at: number, length: number): number {
  let size = 0;
  for (let i = length - 1; i >= 0; i--) size = size * 256 + bytes[at + i];
  return length === 2 ? size + 256 : size;
}
