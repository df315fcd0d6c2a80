/** Messages of SMB 1 ([MS-CIFS] 2.2): a header, parameter words, data bytes; NetBIOS in front. */

import { type BytesLike, join, latin1, u8, u16le, u24, u32le, utf16z, zeros } from './build-bytes.ts';

export const HEADER = 32;

export interface SmbFields {
  readonly command: number;
  readonly words?: BytesLike;
  readonly bytes?: BytesLike;
  readonly isReply?: boolean;
  readonly status?: number;
  readonly isUnicode?: boolean;
  /** Errors as DOS has them. */
  readonly isDos?: boolean;
  readonly mid?: number;
  readonly tid?: number;
  readonly uid?: number;
}

export function smb(fields: SmbFields): Uint8Array {
  const { words = [], bytes = [] } = fields;
  return join(
    [0xff],
    latin1('SMB'),
    u8(fields.command),
    u32le(fields.status ?? 0),
    u8(fields.isReply === true ? 0x98 : 0x18),
    u16le((fields.isUnicode === true ? 0x8000 : 0) | (fields.isDos === true ? 0 : 0x4000) | 0x0801),
    zeros(12),
    u16le(fields.tid ?? 2),
    u16le(0x1234),
    u16le(fields.uid ?? 100),
    u16le(fields.mid ?? 1),
    u8(words.length / 2),
    words,
    u16le(bytes.length),
    bytes,
  );
}

/** As it travels over TCP. */
export function session(message: Uint8Array): Uint8Array {
  return join(u8(0), u24(message.length), message);
}

export const text = (value: string): Uint8Array => join(latin1(value), [0]);
export const wide = (value: string): Uint8Array => utf16z(value);
/** Without the NUL. */
export const wideOnly = (value: string): Uint8Array => utf16z(value).subarray(0, 2 * value.length);
/** 2026-01-15 09:00:00 UTC in units of 100 ns since 1601. */
export const FILE_TIME = join(u32le(0xd7a6_4000), u32le(0x01dc_8600));
/** 2026-01-15, 09:30:20 in 16 bits each. */
export const DOS_DATE = u16le(((2026 - 1980) << 9) | (1 << 5) | 15);
export const DOS_TIME = u16le((9 << 11) | (30 << 5) | 10);
export const UNIX_TIME = u32le(1_768_467_600);
/** No further command in the chain. */
export const LAST = join([0xff, 0], u16le(0));

interface Parts {
  readonly setup?: BytesLike;
  readonly name?: BytesLike;
  readonly parameters?: BytesLike;
  readonly data?: BytesLike;
}

/** Words and bytes of a request of TRANSACTION or TRANSACTION2. */
export function transact({ setup = [], name = [0], parameters = [], data = [] }: Parts): {
  readonly words: Uint8Array;
  readonly bytes: Uint8Array;
} {
  const from = HEADER + 1 + 28 + setup.length + 2 + name.length;
  const at = from + (from & 1);
  const words = join(
    u16le(parameters.length),
    u16le(data.length),
    u16le(64),
    u16le(4096),
    [0, 0],
    u16le(2),
    u32le(1000),
    u16le(0),
    u16le(parameters.length),
    u16le(at),
    u16le(data.length),
    u16le(at + parameters.length),
    u8(setup.length / 2),
    [0],
    setup,
  );
  return { words, bytes: join(name, zeros(from & 1), parameters, data) };
}

/** The same of a response. */
export function transacted({ setup = [], parameters = [], data = [] }: Parts): {
  readonly words: Uint8Array;
  readonly bytes: Uint8Array;
} {
  const from = HEADER + 1 + 20 + setup.length + 2;
  const at = from + (from & 1);
  const words = join(
    u16le(parameters.length),
    u16le(data.length),
    u16le(0),
    u16le(parameters.length),
    u16le(at),
    u16le(0),
    u16le(data.length),
    u16le(at + parameters.length),
    u16le(0),
    u8(setup.length / 2),
    [0],
    setup,
  );
  return { words, bytes: join(zeros(from & 1), parameters, data) };
}

/** Words and bytes of NT_TRANSACT. */
export function ntTransact(
  code: number,
  { setup = [], parameters = [], data = [] }: Parts,
): {
  readonly words: Uint8Array;
  readonly bytes: Uint8Array;
} {
  const from = HEADER + 1 + 38 + setup.length + 2;
  const at = from + (from & 1);
  const words = join(
    [1, 0, 0],
    u32le(parameters.length),
    u32le(data.length),
    u32le(64),
    u32le(4096),
    u32le(parameters.length),
    u32le(at),
    u32le(data.length),
    u32le(at + parameters.length),
    u8(setup.length / 2),
    u16le(code),
    setup,
  );
  return { words, bytes: join(zeros(from & 1), parameters, data) };
}

export function ntTransacted({ setup = [], parameters = [], data = [] }: Parts): {
  readonly words: Uint8Array;
  readonly bytes: Uint8Array;
} {
  const from = HEADER + 1 + 36 + setup.length + 2;
  const at = from + (from & 1);
  const words = join(
    zeros(3),
    u32le(parameters.length),
    u32le(data.length),
    u32le(parameters.length),
    u32le(at),
    u32le(0),
    u32le(data.length),
    u32le(at + parameters.length),
    u32le(0),
    u8(setup.length / 2),
    setup,
  );
  return { words, bytes: join(zeros(from & 1), parameters, data) };
}
