/**
 * The process table (from version 2.2): a version (u16), then entries. Each is one connection of a process: path, icon, process
 * id, local and remote port and address. Frames name their entry by its place.
 */

import { u32le } from '../../base/bytes.ts';
import { decodeUtf16le } from '../../base/text.ts';
import type { FileWindow } from '../file-window.ts';

export interface Process {
  readonly id: number;
  /** The program's file name, without its folders, which may name a user. */
  readonly name: string;
}

const VERSION_SIZE = 2;
/** Behind the icon: process id, two ports in four bytes each, a flag, two addresses. */
const CONNECTION_SIZE = 48;
const LARGEST_PATH = 64 * 1024;
const LARGEST_ICON = 16 * 1024 * 1024;
const MOST = 524_288;

/** As many as can be read; an icon is passed over unread. */
export function readProcesses(window: FileWindow, at: number, count: number, size: number): Process[] {
  const processes: Process[] = [];
  const number = (place: number): number => {
    const bytes = window.bytes(place, 4);
    return bytes.length < 4 ? Number.NaN : u32le(bytes, 0);
  };
  let next = at + VERSION_SIZE;
  while (processes.length < Math.min(count, MOST)) {
    const pathLength = number(next);
    if (!(pathLength <= LARGEST_PATH)) break;
    const name = fileName(window.bytes(next + 4, pathLength));
    const iconAt = next + 4 + pathLength;
    const iconLength = number(iconAt);
    if (!(iconLength <= LARGEST_ICON)) break;
    const id = number(iconAt + 4 + iconLength);
    next = iconAt + 4 + iconLength + CONNECTION_SIZE;
    if (Number.isNaN(id) || next > size) break;
    processes.push({ id, name });
  }
  return processes;
}

function fileName(path: Uint8Array): string {
  const text = decodeUtf16le(path).replace(/\0.*$/s, '');
  return text.slice(Math.max(text.lastIndexOf('\\'), text.lastIndexOf('/')) + 1);
}
