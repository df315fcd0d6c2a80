/** The Berkeley remote commands: rexec and rsh, which begin with words that end in NUL, and rlogin (RFC 1282). */

import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const PORT = { exec: 512, rlogin: 513, rsh: 514 } as const;

/** What a session began with: so many of its words are known, and what Info shows of them. */
interface Opening {
  words: number;
  ended: boolean;
  said: string;
}

/**
 * Words of the client's opening, as far as this message has them; what follows is data. Returns whether the message belongs
 * to the opening.
 */
function opening(t: TreeBuilder, port: number, keys: readonly string[], named: Readonly<Record<string, string>>): void {
  const opened = t.conversation((): Opening => ({ words: 0, ended: false, said: '' }));
  const fromClient = t.ports[1] === port;
  if (!fromClient || opened.ended) {
    t.info(`${opened.said}${fromClient ? 'Client -> Server data' : 'Server -> Client Data'}`);
    t.add(fromClient ? 'client_server_data' : 'server_client_data', t.at, t.end - t.at);
    opened.ended ||= !fromClient;
    return;
  }
  t.info('Session Establishment');
  let { at } = t;
  for (; at < t.end && opened.words < keys.length; opened.words++) {
    const nul = t.bytes.indexOf(0, at);
    const stop = nul < 0 || nul >= t.end ? t.end : nul;
    const key = keys[opened.words] ?? '';
    const text = t.string(at, stop - at, 'ascii');
    t.put(key, text, at, stop - at);
    const label = named[key];
    if (label !== undefined) opened.said = `${label}:${text} `;
    at = stop + 1;
  }
  opened.ended = opened.words === keys.length;
}

export const exec = defineProtocol({
  name: 'exec',
  title: 'Remote Process Execution',
  on: { 'tcp.port': [PORT.exec] },
  remembers: true,
  fields: {
    stderr_port: { type: 'string', label: 'Stderr port (optional)' },
    username: { type: 'string', label: 'Client username' },
    password: { type: 'string', label: 'Client password' },
    command: { type: 'string', label: 'Command to execute' },
    client_server_data: { type: 'bytes', label: 'Client -> Server Data' },
    server_client_data: { type: 'bytes', label: 'Server -> Client Data' },
  },
  tree: (t) => opening(t, PORT.exec, ['stderr_port', 'username', 'password', 'command'], { username: 'Username' }),
});

export const rsh = defineProtocol({
  name: 'rsh',
  title: 'Remote Shell',
  on: { 'tcp.port': [PORT.rsh] },
  remembers: true,
  fields: {
    stderr_port: { type: 'string', label: 'Stderr port (optional)' },
    client_username: { type: 'string', label: 'Client username' },
    server_username: { type: 'string', label: 'Server username' },
    command: { type: 'string', label: 'Command to execute' },
    client_server_data: { type: 'bytes', label: 'Client -> Server Data' },
    server_client_data: { type: 'bytes', label: 'Server -> Client Data' },
  },
  tree: (t) =>
    opening(t, PORT.rsh, ['stderr_port', 'client_username', 'server_username', 'command'], {
      server_username: 'Server username',
    }),
});

/** RFC 1282: two bytes of ones, `ss`, and four numbers. */
const WINDOW = { magic: 0xffff, mark: 0x7373, length: 12 } as const;
const USER_WORDS = ['client_user_name', 'server_user_name', 'terminal_type'] as const;

interface Login {
  asked: boolean;
  answered: boolean;
  named: boolean;
  user: string;
}

export const rlogin = defineProtocol({
  name: 'rlogin',
  title: 'Rlogin Protocol',
  short: 'Rlogin',
  on: { 'tcp.port': [PORT.rlogin] },
  remembers: true,
  fields: {
    client_startup_flag: { type: 'u8', show: 'hex', label: 'Client startup flag' },
    startup_info_received_flag: { type: 'u8', show: 'hex', label: 'Startup info received flag' },
    user_info: { type: 'string', label: 'User Info' },
    client_user_name: { type: 'string', label: 'Client-user-name' },
    server_user_name: { type: 'string', label: 'Server-user-name' },
    terminal_type: { type: 'string', label: 'Terminal-type' },
    terminal_speed: { type: 'u32', label: 'Terminal-speed' },
    window_size: { type: 'none', label: 'Window Info' },
    magic_cookie: { type: 'u16', show: 'hex', label: 'Magic Cookie' },
    'window_size.ss': { type: 'string', label: 'Window size marker', length: 2 },
    'window_size.rows': { type: 'u16', label: 'Rows' },
    'window_size.cols': { type: 'u16', label: 'Columns' },
    'window_size.x_pixels': { type: 'u16', label: 'X Pixels' },
    'window_size.y_pixels': { type: 'u16', label: 'Y Pixels' },
    data: { type: 'string', label: 'Data' },
  },
  tree(t) {
    const login = t.conversation((): Login => ({ asked: false, answered: false, named: false, user: '' }));
    let { at } = t;
    const said: string[] = login.user === '' ? [] : [`User name: ${login.user}`];
    if (t.ports[1] === PORT.rlogin) {
      if (!login.asked && t.u8(at) === 0) {
        login.asked = true;
        said.push('Start Handshake');
        t.add('client_startup_flag', at++);
      }
      if (login.asked && !login.named && at < t.end && t.u8(at) !== 0xff) {
        said.push(`Data: ${t.string(at, t.end - at, 'ascii')}, (User information)`);
        at = userInfo(t, login, at);
      }
    } else if (!login.answered && t.u8(at) === 0) {
      login.answered = true;
      said.push('Startup info received');
      t.add('startup_info_received_flag', at++);
    }
    if (t.has(at, WINDOW.length) && t.u16(at) === WINDOW.magic && t.u16(at + 2) === WINDOW.mark) {
      said.push(`Terminal Info (rows=${t.u16(at + 4)}, cols=${t.u16(at + 6)})`);
      at = windowSize(t, at);
    } else if (at < t.end && at === t.at) said.push(`Data: ${t.string(at, t.end - at, 'ascii')}`);
    if (at < t.end) t.add('data', at, t.end - at);
    t.info(said.slice(0, login.asked && said[0] === 'Start Handshake' ? 1 : 2).join(', '));
  },
});

function userInfo(t: TreeBuilder, login: Login, from: number): number {
  let at = from;
  t.nest(t.put('user_info', t.string(at, t.end - at, 'ascii'), at, t.end - at));
  for (const key of USER_WORDS) {
    const nul = t.bytes.indexOf(0, at);
    if (nul < 0 || nul >= t.end) break;
    const [text = '', speed] =
      key === 'terminal_type' ? t.string(at, nul - at, 'ascii').split('/') : [t.string(at, nul - at, 'ascii')];
    t.put(key, text, at, text.length);
    if (key === 'client_user_name') login.user = text;
    if (speed !== undefined && /^\d{1,9}$/.test(speed))
      t.put('terminal_speed', Number(speed), at + text.length + 1, speed.length);
    at = nul + 1;
    login.named = key === 'terminal_type';
  }
  t.close();
  return at;
}

function windowSize(t: TreeBuilder, at: number): number {
  t.nest(t.put('window_size', new Uint8Array(0), at, WINDOW.length));
  t.add('magic_cookie', at);
  t.add('window_size.ss', at + 2);
  t.add('window_size.rows', at + 4);
  t.add('window_size.cols', at + 6);
  t.add('window_size.x_pixels', at + 8);
  t.add('window_size.y_pixels', at + 10);
  t.close();
  return at + WINDOW.length;
}
