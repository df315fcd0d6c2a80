/** What SMB 1 says about files ([MS-CIFS] 2.2.3.1, 2.2.4.42, 2.2.4.43, 2.2.4.55, 2.2.4.64). */

import { u16le, u32le } from '../../base/bytes.ts';
import { decodeLatin1, decodeUtf16le } from '../../base/text.ts';
import { ChunkedFile } from './chunks.ts';
import type { FoundLayer } from './rows.ts';
import { remember, type SmbMemory } from './smb-memory.ts';

const HEADER = 32;
const AT = { command: 4, status: 5, flags: 9, flags2: 10, tree: 24, process: 26, message: 30 } as const;
const COMMAND = { read: 0x2e, write: 0x2f, connect: 0x75, create: 0xa2 } as const;
const RESPONSE = 0x80;
const UNICODE = 0x8000;
/** An AndX command block: word count, next command, reserved, offset. */
const WORDS = 5;

export function lookAtSmb1({ row, dissection, node }: FoundLayer, memory: SmbMemory): void {
  const bytes = dissection.sources[node.source]?.bytes ?? new Uint8Array(0);
  const at = node.at;
  // The layer's own bytes end where the file's begin; lengths inside say how far those go.
  const end = bytes.length;
  if (at + HEADER + 1 > end) return;
  const command = bytes[at + AT.command];
  const key = [AT.tree, AT.process, AT.message].map((one) => u16le(bytes, at + one)).join(':');
  const words = bytes[at + HEADER];
  const body = at + HEADER + WORDS;
  const isThere = at + HEADER + 3 + 2 * words <= end;
  if (!isThere) return;
  const m: Message = { bytes, at, end, body, words, row, source: node.source };
  if ((bytes[at + AT.flags] & RESPONSE) === 0) request(m, memory, command, key);
  else if (u32le(bytes, at + AT.status) === 0) response(m, memory, command, key);
}

interface Message {
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly end: number;
  /** The first word behind the AndX block. */
  readonly body: number;
  readonly words: number;
  readonly row: number;
  readonly source: number;
}

function request(m: Message, memory: SmbMemory, command: number, key: string): void {
  const { bytes, at, body, words } = m;
  const data = at + HEADER + 3 + 2 * words;
  if (command === COMMAND.create && words >= 24) remember(memory, key, { command, name: text(m, data) });
  else if (command === COMMAND.connect && words >= 4)
    // The answer's tree number is new: the request is found without it.
    remember(memory, withoutTree(key), { command, name: text(m, data + u16le(bytes, body + 2)) });
  else if (command === COMMAND.read && words >= 10) {
    const offset = offsetAt(m, words >= 12 ? 16 : -1);
    remember(memory, key, { command, fid: String(u16le(bytes, body)), offset });
  } else if (command === COMMAND.write && words >= 12) {
    const offset = offsetAt(m, words >= 14 ? 20 : -1);
    const length = u16le(bytes, body + 16) + 65536 * u16le(bytes, body + 14);
    add(m, memory, String(u16le(bytes, body)), offset, u16le(bytes, body + 18), length);
  }
}

/** The offset's low half stands behind the file's number, the high one at `high`, where it is there. */
function offsetAt({ bytes, body }: Message, high: number): number {
  return u32le(bytes, body + 2) + (high < 0 ? 0 : 0x100000000 * u32le(bytes, body + high));
}

function response(m: Message, memory: SmbMemory, command: number, key: string): void {
  const { bytes, at, body, words } = m;
  const own = command === COMMAND.connect ? withoutTree(key) : key;
  const asked = memory.requests.get(own);
  if (asked === undefined || asked.command !== command) return;
  memory.requests.delete(own);
  const tree = u16le(bytes, at + AT.tree);
  if (command === COMMAND.connect) memory.shares.set(tree, asked.name ?? '');
  else if (command === COMMAND.create && words >= 34) {
    const file = {
      name: asked.name ?? '',
      share: memory.shares.get(tree) ?? '',
      whole: u32le(bytes, body + 51) + 0x100000000 * u32le(bytes, body + 55) || -1,
      chunks: new ChunkedFile(),
      lastRow: m.row,
    };
    memory.files.set(String(u16le(bytes, body + 1)), file);
    memory.opened(file);
  } else if (command === COMMAND.read && words >= 12) {
    const length = u16le(bytes, body + 6) + 65536 * u16le(bytes, body + 10);
    add(m, memory, asked.fid ?? '', asked.offset ?? 0, u16le(bytes, body + 8), length);
  }
}

function withoutTree(key: string): string {
  return key.slice(key.indexOf(':'));
}

function add(m: Message, memory: SmbMemory, fid: string, offset: number, from: number, length: number): void {
  const file = memory.files.get(fid);
  if (file === undefined || from < HEADER) return;
  file.chunks.add(offset, m.row, m.source, m.at + from, Math.min(length, m.end - m.at - from));
  file.lastRow = m.row;
}

/** A NUL-terminated text; Unicode starts at an even distance from the header. */
function text({ bytes, at, end }: Message, from: number): string {
  if ((u16le(bytes, at + AT.flags2) & UNICODE) === 0) {
    const nul = bytes.subarray(from, end).indexOf(0);
    return decodeLatin1(bytes, from, nul < 0 ? end : from + nul);
  }
  const start = from + ((from - at) & 1);
  let stop = start;
  while (stop + 1 < end && (bytes[stop] | bytes[stop + 1]) !== 0) stop += 2;
  return decodeUtf16le(bytes, start, stop);
}
