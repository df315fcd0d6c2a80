/** TFTP (RFC 1350 4): a request goes to port 69; the blocks come from a port of their own to the one that asked. */

import { u16 } from '../../base/bytes.ts';
import type { Announcing } from '../announcements.ts';

const READ = 1;
const WRITE = 2;

export function announceTftp(a: Announcing): void {
  if (a.end - a.at < 4) return;
  const opcode = u16(a.bytes, a.at);
  if (opcode !== READ && opcode !== WRITE) return;
  const nul = a.bytes.subarray(a.at + 2, a.end).indexOf(0);
  const { notes } = a.tell('udp', a.source.address, a.source.port, 'tftp', 'TFTP');
  if (nul < 0) return;
  const name = String.fromCharCode(...a.bytes.subarray(a.at + 2, a.at + 2 + Math.min(nul, 255)));
  notes.set('file', { text: name, row: a.row });
}
