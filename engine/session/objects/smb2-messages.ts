/** What SMB 2 and 3 say about files ([MS-SMB2] 2.2.1, 2.2.9, 2.2.13, 2.2.14, 2.2.19 to 2.2.21). */

import { u16le, u32, u32le, u64le } from '../../base/bytes.ts';
import { toHex } from '../../base/hex.ts';
import { decodeUtf16le } from '../../base/text.ts';
import { ChunkedFile } from './chunks.ts';
import type { FoundLayer } from './rows.ts';
import { remember, type SmbMemory } from './smb-memory.ts';

const MAGIC = 0xfe534d42;
const HEADER = 64;
const AT = { status: 8, command: 12, flags: 16, next: 20, message: 24, tree: 36 } as const;
const COMMAND = { connect: 3, create: 5, read: 8, write: 9 } as const;
const RESPONSE = 1;
const MAX_COMPOUND = 256;
const SAME_FILE = 'f'.repeat(32);

export function lookAtSmb2({ row, dissection, node }: FoundLayer, memory: SmbMemory): void {
  const bytes = dissection.sources[node.source]?.bytes ?? new Uint8Array(0);
  // The layer's own bytes end where the file's begin; lengths inside say how far those go.
  const end = bytes.length;
  let at = node.at;
  let lastFid = '';
  for (let i = 0; i < MAX_COMPOUND && at + HEADER <= end && u32(bytes, at) === MAGIC; i++) {
    const next = u32le(bytes, at + AT.next);
    const message = { bytes, at, end: next === 0 ? end : Math.min(end, at + next), row, source: node.source };
    lastFid = look(message, memory, lastFid);
    if (next < HEADER) return;
    at += next;
  }
}

interface Message {
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly end: number;
  readonly row: number;
  readonly source: number;
}

/** Returns the file that later messages of a compound mean. */
function look(m: Message, memory: SmbMemory, lastFid: string): string {
  const { bytes, at } = m;
  const command = u16le(bytes, at + AT.command);
  const id = `${u64le(bytes, at + AT.message)}`;
  const isResponse = (u32le(bytes, at + AT.flags) & RESPONSE) !== 0;
  if (!isResponse) return request(m, memory, command, id, lastFid);
  if (u32le(bytes, at + AT.status) === 0) response(m, memory, command, id);
  return lastFid;
}

function request(m: Message, memory: SmbMemory, command: number, id: string, lastFid: string): string {
  const { bytes, at, end } = m;
  const body = at + HEADER;
  const fidAt = (offset: number): string => {
    const fid = toHex(bytes, '', body + offset, body + offset + 16);
    return fid === SAME_FILE ? lastFid : fid;
  };
  if (command === COMMAND.connect && body + 8 <= end) {
    remember(memory, id, { command, name: text(m, u16le(bytes, body + 4), u16le(bytes, body + 6)) });
  } else if (command === COMMAND.create && body + 48 <= end) {
    remember(memory, id, { command, name: text(m, u16le(bytes, body + 44), u16le(bytes, body + 46)) });
  } else if (command === COMMAND.read && body + 32 <= end) {
    const fid = fidAt(16);
    remember(memory, id, { command, fid, offset: Number(u64le(bytes, body + 8)) });
    return fid;
  } else if (command === COMMAND.write && body + 32 <= end) {
    const fid = fidAt(16);
    add(m, memory, fid, Number(u64le(bytes, body + 8)), u16le(bytes, body + 2), u32le(bytes, body + 4));
    return fid;
  }
  return lastFid;
}

function response(m: Message, memory: SmbMemory, command: number, id: string): void {
  const { bytes, at, end } = m;
  const asked = memory.requests.get(id);
  if (asked === undefined || asked.command !== command) return;
  memory.requests.delete(id);
  const body = at + HEADER;
  const tree = u32le(bytes, at + AT.tree);
  if (command === COMMAND.connect) memory.shares.set(tree, asked.name ?? '');
  else if (command === COMMAND.create && body + 80 <= end) {
    const file = {
      name: asked.name ?? '',
      share: memory.shares.get(tree) ?? '',
      whole: Number(u64le(bytes, body + 48)) || -1,
      chunks: new ChunkedFile(),
      lastRow: m.row,
    };
    memory.files.set(toHex(bytes, '', body + 64, body + 80), file);
    memory.opened(file);
  } else if (command === COMMAND.read && body + 16 <= end) {
    add(m, memory, asked.fid ?? '', asked.offset ?? 0, bytes[body + 2], u32le(bytes, body + 4));
  }
}

/** Bytes of a file at an offset in it; they lie `from` behind the message's start. */
function add(m: Message, memory: SmbMemory, fid: string, offset: number, from: number, length: number): void {
  const file = memory.files.get(fid);
  if (file === undefined || from < HEADER) return;
  file.chunks.add(offset, m.row, m.source, m.at + from, Math.min(length, m.end - m.at - from));
  file.lastRow = m.row;
}

function text({ bytes, at, end }: Message, from: number, length: number): string {
  if (from < HEADER) return '';
  return decodeUtf16le(bytes, at + from, Math.min(end, at + from + length));
}
