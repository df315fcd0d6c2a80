/** Options of pcapng blocks (draft-ietf-opsawg-pcapng section 3.5): code, length, value, padded to 32 bits. */

export const SECTION_OPTION = { comment: 1, hardware: 2, os: 3, application: 4 } as const;
export const INTERFACE_OPTION = {
  comment: 1,
  name: 2,
  description: 3,
  ipv4: 4,
  ipv6: 5,
  mac: 6,
  eui: 7,
  speed: 8,
  resolution: 9,
  filter: 11,
  os: 12,
  fcsLength: 13,
  offset: 14,
  hardware: 15,
  transmitSpeed: 16,
  receiveSpeed: 17,
} as const;
export const STATISTICS_OPTION = { received: 4, dropped: 5, filterAccepted: 6, osDropped: 7, delivered: 8 } as const;
export const PACKET_OPTION = {
  comment: 1,
  flags: 2,
  hash: 3,
  dropCount: 4,
  packetId: 5,
  queue: 6,
  verdict: 7,
  processAndThread: 8,
} as const;
const END_OPTION = 0;
const LONGEST = 0xffff;

export function padded(length: number): number {
  return length + (-length & 3);
}

const utf8 = new TextEncoder();

/** A list of options; one object is used again and again. */
export class OptionWriter {
  /** Texts that were too long for an option. */
  cut = 0;
  private room = new Uint8Array(4096);
  private view = new DataView(this.room.buffer);
  private used = 0;

  clear(): void {
    this.used = 0;
  }

  get length(): number {
    return this.used;
  }

  get written(): Uint8Array {
    return this.room.subarray(0, this.used);
  }

  /** `first`: bytes in front of the others, part of the same value. */
  bytes(code: number, first: Uint8Array, more: Uint8Array = NOTHING): void {
    const at = this.start(code, first.length + more.length);
    this.room.set(first, at);
    this.room.set(more, at + first.length);
  }

  u32(code: number, value: number): void {
    this.view.setUint32(this.start(code, 4), value, true);
  }

  u32s(code: number, first: number, second: number): void {
    const at = this.start(code, 8);
    this.view.setUint32(at, first, true);
    this.view.setUint32(at + 4, second, true);
  }

  /** Nothing is written for undefined. */
  u64(code: number, value: bigint | undefined): void {
    if (value !== undefined) this.view.setBigUint64(this.start(code, 8), value, true);
  }

  texts(code: number, texts: readonly string[]): void {
    for (const text of texts) this.text(code, text);
  }

  /** Nothing is written for undefined. `kind`: a byte in front of the text. */
  text(code: number, text: string | undefined, kind?: number): void {
    if (text === undefined) return;
    const prefix = kind === undefined ? NOTHING : Uint8Array.of(kind);
    const bytes = utf8.encode(text);
    const fitting = fitUtf8(bytes, LONGEST - prefix.length);
    if (fitting.length < bytes.length) this.cut++;
    this.bytes(code, prefix, fitting);
  }

  /** A record of name resolution: an address, then its names, each ended by a zero. */
  names(type: number, address: Uint8Array, names: readonly string[]): void {
    let list: number[] = [];
    for (const name of names) {
      const bytes = fitUtf8(utf8.encode(name), LONGEST - address.length - 1);
      if (address.length + list.length + bytes.length + 1 > LONGEST) {
        this.bytes(type, address, Uint8Array.from(list));
        list = [];
      }
      list.push(...bytes, 0);
    }
    this.bytes(type, address, Uint8Array.from(list));
  }

  end(): void {
    this.start(END_OPTION, 0);
  }

  private start(code: number, length: number): number {
    const at = this.used;
    const size = 4 + padded(length);
    if (at + size > this.room.length) {
      const larger = new Uint8Array(2 * (at + size));
      larger.set(this.written);
      this.room = larger;
      this.view = new DataView(larger.buffer);
    }
    this.view.setUint16(at, code, true);
    this.view.setUint16(at + 2, length, true);
    this.room.fill(0, at + 4 + length, at + size);
    this.used = at + size;
    return at + 4;
  }
}

const NOTHING = new Uint8Array(0);

/** The longest beginning of at most `limit` bytes that does not end within a character. */
function fitUtf8(bytes: Uint8Array, limit: number): Uint8Array {
  if (bytes.length <= limit) return bytes;
  let end = limit;
  while (end > 0 && (bytes[end] & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end);
}
