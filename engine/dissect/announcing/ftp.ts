/** FTP (RFC 959 4.1.2, RFC 2428) announces its data connections: PORT and EPRT by the client, 227 and 229 by the server. */

import { formatIpv4, formatIpv6, parseIpv4, parseIpv6 } from '../../base/address.ts';
import { decodeUtf8 } from '../../base/text.ts';
import type { Announcement, Announcing } from '../announcements.ts';
import { lineAt } from '../text-lines.ts';

const SIX_NUMBERS = /(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3})/;
const EXTENDED_PORT = /^(\D)([12])\1([0-9a-fA-F.:]+)\1(\d{1,5})\1/;
const EXTENDED_PASSIVE = /\((.)\1\1(\d{1,5})\1\)/;
/** Commands that send something over the data connection. */
const TRANSFERS = /^(?:RETR|STOR|STOU|APPE|LIST|NLST|MLSD)\b/i;
const MAX_LINES = 64;
const MAX_LINE = 1024;

interface Control {
  /** The data connection announced last. */
  data: Announcement | null;
  /** The transfer asked for last, by the row that asked. */
  command: { readonly text: string; readonly row: number } | null;
  /** Folder that a CWD asks for. */
  wanted: string;
  directory: string | null;
}

export function announceFtp(a: Announcing): void {
  const control = a.state((): Control => ({ data: null, command: null, wanted: '', directory: null }));
  let { at } = a;
  for (let i = 0; i < MAX_LINES && at < a.end; i++) {
    const { stop, next } = lineAt(a.bytes, at, a.end);
    const line = decodeUtf8(a.bytes, at, Math.min(stop, at + MAX_LINE));
    if (/^\d{3}/.test(line)) reply(a, control, line);
    else command(a, control, line);
    at = next;
  }
}

function command(a: Announcing, control: Control, line: string): void {
  const [word = '', argument = ''] = split(line);
  switch (word.toUpperCase()) {
    case 'PORT': {
      const found = SIX_NUMBERS.exec(argument);
      if (found !== null) announce(a, control, addressOf(found), portOf(found), 'PORT');
      return;
    }
    case 'EPRT': {
      const found = EXTENDED_PORT.exec(argument);
      const address = found === null ? '' : canonical(found[3]);
      if (found !== null && address !== '') announce(a, control, address, Number(found[4]), 'EPRT');
      return;
    }
    case 'CWD':
    case 'XCWD':
      control.wanted = argument;
      return;
    case 'CDUP':
    case 'XCUP':
      control.wanted = '..';
      return;
    default:
  }
  if (!TRANSFERS.test(line)) return;
  control.command = { text: line.trim(), row: a.row };
  describe(control);
}

function reply(a: Announcing, control: Control, line: string): void {
  const code = Number(line.slice(0, 3));
  if (code === 227) {
    const found = SIX_NUMBERS.exec(line.slice(3));
    if (found === null) return;
    // A server behind address translation names an address that nobody reaches: its own is meant as well.
    const data = announce(a, control, addressOf(found), portOf(found), 'PASV');
    a.tell('tcp', a.source.address, portOf(found), 'ftp-data', 'PASV', data.notes);
  } else if (code === 229) {
    const found = EXTENDED_PASSIVE.exec(line);
    if (found !== null) announce(a, control, a.source.address, Number(found[2]), 'EPASV');
  } else if (code === 257) {
    const found = /^257[ -]"((?:[^"]|"")*)"/.exec(line);
    if (found !== null && control.wanted === '') control.directory = found[1].replaceAll('""', '"');
  } else if (code === 250 && control.wanted !== '') {
    control.directory = joined(control.directory, control.wanted);
    control.wanted = '';
  } else if (code >= 400) control.wanted = '';
}

function announce(a: Announcing, control: Control, address: string, port: number, method: string): Announcement {
  control.command = null;
  return (control.data = a.tell('tcp', address, port, 'ftp-data', method));
}

/** Tells the data connection what it is for. */
function describe(control: Control): void {
  const { command: asked, data } = control;
  if (asked === null || data === null || data.notes.has('command')) return;
  data.notes.set('command', asked);
  if (control.directory !== null) data.notes.set('directory', { text: control.directory, row: asked.row });
}

function split(line: string): readonly string[] {
  const space = line.indexOf(' ');
  return space < 0 ? [line.trim()] : [line.slice(0, space), line.slice(space + 1).trim()];
}

function addressOf(found: RegExpExecArray): string {
  return canonical(found.slice(1, 5).map(Number).join('.'));
}

function portOf(found: RegExpExecArray): number {
  return ((Number(found[5]) << 8) | Number(found[6])) & 0xffff;
}

/** An address as flows write it; '' where it is none. */
function canonical(text: string): string {
  const v4 = parseIpv4(text);
  if (v4 !== null) return formatIpv4(v4);
  const v6 = parseIpv6(text);
  return v6 === null ? '' : formatIpv6(v6);
}

/** A folder after a change into another. */
function joined(from: string | null, to: string): string {
  if (to.startsWith('/') || from === null) return to;
  if (to === '..') return from.replace(/\/?[^/]*\/?$/, '') || '/';
  return from.endsWith('/') ? `${from}${to}` : `${from}/${to}`;
}
