/** FTP (RFC 959, 2428): commands, three-digit replies and their arguments; each segment is shown on its own. */

import { parseIpv4, parseIpv6 } from '../../base/address.ts';
import { announceFtp } from '../announcing/ftp.ts';
import { defineProtocol } from '../protocol.ts';
import { isDigit, isFromServer, lineAt, skipSpaces, wordEnd } from '../text-lines.ts';
import type { TreeBuilder } from '../tree.ts';

const PORT = 21;
const CODE = { enteringPassive: 227, enteringExtended: 229, path: 257 } as const;
const CODES: Readonly<Record<number, string>> = {
  110: 'Restart marker reply',
  120: 'Service ready in nnn minutes',
  125: 'Data connection already open; transfer starting',
  150: 'File status okay; about to open data connection',
  200: 'Command okay',
  202: 'Command not implemented, superfluous at this site',
  211: 'System status, or system help reply',
  212: 'Directory status',
  213: 'File status',
  214: 'Help message',
  215: 'NAME system type',
  220: 'Service ready for new user',
  221: 'Service closing control connection',
  225: 'Data connection open; no transfer in progress',
  226: 'Closing data connection',
  227: 'Entering Passive Mode',
  228: 'Entering Long Passive Mode',
  229: 'Entering Extended Passive Mode',
  230: 'User logged in, proceed',
  232: 'User logged in, authorized by security data exchange',
  234: 'Security data exchange complete',
  235: 'Security data exchange completed successfully',
  250: 'Requested file action okay, completed',
  257: 'PATHNAME created',
  331: 'User name okay, need password',
  332: 'Need account for login',
  334: 'Requested security mechanism is ok',
  335: 'Security data is acceptable, more is required',
  336: 'Username okay, need password. Challenge is ...',
  350: 'Requested file action pending further information',
  421: 'Service not available, closing control connection',
  425: "Can't open data connection",
  426: 'Connection closed; transfer aborted',
  430: 'Invalid username or password',
  431: 'Need some unavailable resource to process security',
  434: 'Requested host unavailable',
  450: 'Requested file action not taken',
  451: 'Requested action aborted: local error in processing',
  452: 'Requested action not taken. Insufficient storage space in system',
  500: 'Syntax error, command unrecognized',
  501: 'Syntax error in parameters or arguments',
  502: 'Command not implemented',
  503: 'Bad sequence of commands',
  504: 'Command not implemented for that parameter',
  522: 'Network protocol not supported',
  530: 'Not logged in',
  532: 'Need account for storing files',
  533: 'Command protection level denied for policy reasons',
  534: 'Request denied for policy reasons',
  535: 'Failed security check (hash, sequence, etc)',
  536: 'Requested PROT level not supported by mechanism',
  537: 'Command protection level not supported by security mechanism',
  550: 'Requested action not taken: File unavailable',
  551: 'Requested action aborted: page type unknown',
  552: 'Requested file action aborted: Exceeded storage allocation',
  553: 'Requested action not taken: File name not allowed',
  631: 'Integrity protected reply',
  632: 'Confidentiality and integrity protected reply',
  633: 'Confidentiality protected reply',
};
const SIX_NUMBERS = /(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3})/;
const DASH = 0x2d;

export const ftp = defineProtocol({
  name: 'ftp',
  title: 'File Transfer Protocol (FTP)',
  on: { 'tcp.port': [PORT] },
  startsTls: true,
  fields: {
    request: { type: 'bool', label: 'Request', flag: ['True', 'False'] },
    response: { type: 'bool', label: 'Response', flag: ['True', 'False'] },
    'request.command': { type: 'string', label: 'Request command' },
    'request.arg': { type: 'string', label: 'Request arg' },
    'response.code': { type: 'u32', label: 'Response code', names: CODES },
    'response.arg': { type: 'string', label: 'Response arg' },
    'passive.ip': { type: 'ipv4', label: 'Passive IP address' },
    'passive.port': { type: 'u16', label: 'Passive port' },
    'active.cip': { type: 'ipv4', label: 'Active IP address' },
    'active.port': { type: 'u16', label: 'Active port' },
    'eprt.af': { type: 'u8', label: 'Extended active address family', names: { 1: 'IPv4', 2: 'IPv6' } },
    'eprt.ip': { type: 'ipv4', label: 'Extended active IP address' },
    'eprt.ipv6': { type: 'ipv6', label: 'Extended active IPv6 address' },
    'eprt.port': { type: 'u16', label: 'Extended active port' },
    'epsv.port': { type: 'u16', label: 'Extended passive port' },
    'eprt.args_invalid': { type: 'none', label: 'EPRT arguments' },
    'epsv.args_invalid': { type: 'none', label: 'EPSV arguments' },
  },
  announces: announceFtp,
  tree(t) {
    const isResponse = isFromServer(t, [PORT]);
    const { stop, next } = lineAt(t.bytes, t.at, t.end);
    t.info(`${isResponse ? 'Response' : 'Request'}: ${t.string(t.at, stop - t.at)}`);
    t.hide('request', isResponse ? 0 : 1, t.at, 0);
    t.hide('response', isResponse ? 1 : 0, t.at, 0);
    t.nest(t.text(t.string(t.at, next - t.at), t.at, next - t.at));
    if (isResponse) response(t, stop);
    else request(t, stop);
    t.close();
    for (let at = next; at < t.end; ) {
      const line = lineAt(t.bytes, at, t.end);
      t.text(t.string(at, line.next - at), at, line.next - at);
      at = line.next;
    }
  },
});

/** What a data connection carries, where its port says so. */
export const ftpData = defineProtocol({
  name: 'ftp-data',
  title: 'FTP Data',
  short: 'FTP-DATA',
  on: { 'tcp.port': [20] },
  opens: ['data-text-lines'],
  fields: {
    'setup-frame': { type: 'frame', label: 'Setup frame' },
    'setup-method': { type: 'string', label: 'Setup method' },
    command: { type: 'string', label: 'Command' },
    'command-frame': { type: 'frame', label: 'Command frame' },
    'current-working-directory': { type: 'string', label: 'Current working directory' },
  },
  tree(t) {
    const length = t.wireEnd - t.at;
    t.info(`FTP Data: ${length} byte${length === 1 ? '' : 's'}`);
    t.label(`FTP Data (${length} bytes data)`);
    setup(t);
    if (isText(t.bytes, t.at, t.end)) {
      t.hint = '';
      t.dissect('data-text-lines', t.at);
    } else {
      t.text(`FTP Data (${length} bytes data)`, t.at, t.end - t.at);
    }
    t.column('FTP-DATA');
  },
});

/** What the control connection said about this one. */
function setup(t: TreeBuilder): void {
  const { announced } = t.packet;
  if (announced === undefined) return;
  t.generated('setup-frame', announced.row + 1);
  t.generated('setup-method', announced.method);
  t.addInfo(` (${announced.method})`);
  const command = announced.notes.get('command');
  if (command === undefined) return;
  t.generated('command', command.text);
  t.addInfo(` (${command.text})`);
  t.generated('command-frame', command.row + 1);
  const directory = announced.notes.get('directory');
  if (directory !== undefined) t.generated('current-working-directory', directory.text);
}

const TEXT_SAMPLE = 20;

function isText(bytes: Uint8Array, at: number, end: number): boolean {
  for (let i = at; i < Math.min(end, at + TEXT_SAMPLE); i++) {
    const byte = bytes[i];
    if (byte > 126 || (byte < 32 && byte !== 10 && byte !== 13)) return false;
  }
  return true;
}

function request(t: TreeBuilder, stop: number): void {
  const end = wordEnd(t.bytes, t.at, stop);
  const command = t.string(t.at, end - t.at).toUpperCase();
  if (end > t.at) t.add('request.command', t.at, end - t.at);
  const at = skipSpaces(t.bytes, end, stop);
  if (stop > at) {
    t.add('request.arg', at, stop - at);
    const argument = t.string(at, stop - at);
    if (command === 'PORT') address(t, argument, at, 'active.cip', 'active.port');
    else if (command === 'EPRT') extendedPort(t, argument, at, stop);
  }
}

function response(t: TreeBuilder, stop: number): void {
  const { at } = t;
  if (stop - at >= 3 && isDigit(t.bytes[at]) && isDigit(t.bytes[at + 1]) && isDigit(t.bytes[at + 2])) {
    const code = Number(t.string(at, 3));
    t.put('response.code', code, at, 3);
    const from = at + 3 < stop && t.bytes[at + 3] === DASH ? at + 4 : skipSpaces(t.bytes, at + 3, stop);
    if (stop > from) {
      t.add('response.arg', from, stop - from);
      const argument = t.string(from, stop - from);
      if (code === CODE.enteringPassive) address(t, argument, from, 'passive.ip', 'passive.port');
      else if (code === CODE.enteringExtended) extendedPassive(t, argument, from, stop);
    }
    return;
  }
  if (stop > at) t.add('response.arg', at, stop - at);
}

/** `h1,h2,h3,h4,p1,p2`. */
function address(t: TreeBuilder, argument: string, at: number, ipKey: string, portKey: string): void {
  const found = SIX_NUMBERS.exec(argument);
  if (found === null) return;
  const [a, b, c, d, high, low] = found.slice(1).map(Number);
  const ipText = found.slice(1, 5).join(',');
  const start = at + found.index;
  t.put(ipKey, parseIpv4(`${a}.${b}.${c}.${d}`) ?? 0, start, ipText.length);
  t.put(portKey, ((high << 8) | low) & 0xffff, start + ipText.length + 1, found[0].length - ipText.length - 1);
}

/** RFC 2428 2: `|family|address|port|`, any delimiter. */
function extendedPort(t: TreeBuilder, argument: string, at: number, stop: number): void {
  const parts = argument.split(argument[0] ?? '|');
  const family = Number(parts[1]);
  const port = Number(parts[3]);
  if (parts.length < 5 || !(family === 1 || family === 2) || !(port > 0 && port < 65536)) {
    t.expert(
      'warning',
      'EPRT arguments must have the form: |<family>|<addr>|<port>|',
      at,
      stop - at,
      'eprt.args_invalid',
    );
    return;
  }
  const text = parts[2] ?? '';
  t.put('eprt.af', family, at + 1, 1);
  const ip = family === 1 ? parseIpv4(text) : parseIpv6(text);
  if (ip !== null) t.put(family === 1 ? 'eprt.ip' : 'eprt.ipv6', ip, at + 3, text.length);
  t.put('eprt.port', port, at + 4 + text.length, (parts[3] ?? '').length);
}

/** RFC 2428 3: `(|||port|)`. */
function extendedPassive(t: TreeBuilder, argument: string, at: number, stop: number): void {
  const found = /\((.)\1\1(\d{1,5})\1\)/.exec(argument);
  const port = Number(found?.[2] ?? 0);
  if (found === null || port === 0 || port > 65535) {
    t.expert('warning', 'EPSV arguments must have the form (|||<port>|)', at, stop - at, 'epsv.args_invalid');
    return;
  }
  t.put('epsv.port', port, at + found.index + 4, String(found[2]).length);
}
