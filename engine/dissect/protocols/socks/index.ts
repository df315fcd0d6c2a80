/** SOCKS 4, 4a and 5 (RFC 1928, RFC 1929): a request for a connection, then what it carries. */

import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { Visits } from '../../visits.ts';
import { PHASE, socksFrame } from './framing.ts';

const COMMANDS: Readonly<Record<number, string>> = {
  1: 'Connect',
  2: 'Bind',
  3: 'UdpAssociate',
  128: 'Ping',
  129: 'Traceroute',
};
const METHODS: Readonly<Record<number, string>> = {
  0: 'No authentication',
  1: 'GSSAPI',
  2: 'Username/Password',
  255: 'No acceptable methods',
};
const RESULTS4: Readonly<Record<number, string>> = {
  90: 'Granted',
  91: 'Rejected or Failed',
  92: 'Rejected because SOCKS server cannot connect to identd on the client',
  93: 'Rejected because the client program and identd report different user-ids',
};
const RESULTS5: Readonly<Record<number, string>> = {
  0: 'Succeeded',
  1: 'General SOCKS server failure',
  2: 'Connection not allowed by ruleset',
  3: 'Network unreachable',
  4: 'Host unreachable',
  5: 'Connection refused',
  6: 'TTL expired',
  7: 'Command not supported',
  8: 'Address type not supported',
};
const ADDRESS = { ipv4: 1, name: 3, ipv6: 4 } as const;
const PASSWORD = 2;

interface State {
  readonly phase: number;
  readonly version: number;
  readonly command: number;
}

interface Memory {
  readonly visits: Visits<State>;
  now: State;
}

export const socks = defineProtocol({
  name: 'socks',
  title: 'Socks Protocol',
  short: 'Socks',
  on: { 'tcp.port': [1080] },
  remembers: true,
  opens: 'applications',
  frame: socksFrame,
  fields: {
    version: { type: 'u8', label: 'Version' },
    command: { type: 'u8', label: 'Command', names: COMMANDS },
    dstport: { type: 'u16', label: 'Remote Port' },
    dst: { type: 'ipv4', label: 'Remote Address' },
    dstV6: { type: 'ipv6', label: 'Remote Address(ipv6)' },
    username: { type: 'string', label: 'User name' },
    password: { type: 'string', label: 'Password' },
    v4a_dns_name: { type: 'string', label: 'SOCKS v4a Remote Domain Name' },
    results: { type: 'u8', label: 'Results(V4)', names: RESULTS4 },
    results_v5: { type: 'u8', label: 'Results(V5)', names: RESULTS5 },
    auth_method_count: { type: 'u8', label: 'Authentication Method Count' },
    auth_method: { type: 'u8', label: 'Method', names: METHODS, many: true },
    auth_accepted_method: { type: 'u8', label: 'Accepted Auth Method', names: METHODS },
    auth_status: { type: 'u8', label: 'Status' },
    subnegotiation_version: { type: 'u8', label: 'Subnegotiation Version' },
    reserved: { type: 'u8', label: 'Reserved' },
    address_type: { type: 'u8', label: 'Address Type', names: { 1: 'IPv4', 3: 'Domain Name', 4: 'IPv6' } },
    remote_name: { type: 'string', label: 'Remote name' },
    port: { type: 'u16', label: 'Port' },
  },
  recogniseOn: ['tcp'],
  /** Version 5 offers methods of which each is known; version 4 asks for a connection with a name that ends in NUL. */
  recognise(bytes, at, end) {
    const length = end - at;
    if (bytes[at] === 5)
      return (
        length >= 3 &&
        bytes[at + 1] >= 1 &&
        bytes[at + 1] <= 4 &&
        length === 2 + bytes[at + 1] &&
        bytes.subarray(at + 2, end).every((method) => method <= 2)
      );
    return (
      bytes[at] === 4 &&
      length >= 9 &&
      length < 300 &&
      (bytes[at + 1] === 1 || bytes[at + 1] === 2) &&
      bytes[end - 1] === 0 &&
      bytes[at + 2] + bytes[at + 3] > 0
    );
  },
  tree(t) {
    const { inner } = t;
    if (inner !== 0) {
      t.inner = 0;
      t.info('');
      t.headerEnd(t.at);
      t.dissect(inner, t.at);
      return;
    }
    const memory = t.conversation(
      (): Memory => ({ visits: new Visits(), now: { phase: PHASE.start, version: 0, command: 0 } }),
    );
    let isFirst = false;
    const { fact } = memory.visits.visit(t, () => {
      isFirst = true;
      return memory.now;
    });
    const after = message(t, fact);
    if (isFirst) memory.now = after;
  },
});

function message(t: TreeBuilder, state: State): State {
  const { at } = t;
  switch (state.phase) {
    case PHASE.start:
      return t.u8(at) === 4 ? version4(t) : version5(t);
    case PHASE.reply4:
      t.info('Version: 4 Connect Response');
      t.add('version', at);
      t.add('results', at + 1);
      t.add('dstport', at + 2);
      t.add('dst', at + 4);
      return { ...state, phase: PHASE.open };
    case PHASE.methods: {
      t.info('Version: 5 Connect to server response');
      t.add('version', at);
      t.add('auth_accepted_method', at + 1);
      const method = t.u8(at + 1);
      return { ...state, phase: method === PASSWORD ? PHASE.login : method === 0 ? PHASE.command : PHASE.open };
    }
    case PHASE.login: {
      t.info('Version: 5 User authentication request');
      t.add('subnegotiation_version', at);
      const user = t.u8(at + 1);
      t.add('username', at + 2, user);
      t.add('password', at + 3 + user, t.u8(at + 2 + user));
      return { ...state, phase: PHASE.loginReply };
    }
    case PHASE.loginReply:
      t.info('Version: 5 User authentication reply');
      t.add('auth_status', at + 1);
      return { ...state, phase: PHASE.command };
    case PHASE.command: {
      const command = t.u8(at + 1);
      t.info(`Version: 5 Command Request - ${COMMANDS[command] ?? 'Unknown'}`);
      t.add('version', at);
      t.add('command', at + 1);
      t.add('reserved', at + 2);
      address(t, at + 3);
      return { ...state, phase: PHASE.reply5, command };
    }
    case PHASE.reply5:
      t.info(`Version: 5 Command Response - ${COMMANDS[state.command] ?? 'Unknown'}`);
      t.add('version', at);
      t.add('results_v5', at + 1);
      t.add('reserved', at + 2);
      address(t, at + 3);
      return { ...state, phase: PHASE.open };
    default:
      t.info(`Version: ${state.version}`);
      t.headerEnd(at);
      t.payload(at);
      return state;
  }
}

function version4(t: TreeBuilder): State {
  const { at } = t;
  t.info('Version: 4 Connect to server request');
  t.add('version', at);
  t.add('command', at + 1);
  t.add('dstport', at + 2);
  t.add('dst', at + 4);
  const nul = t.bytes.subarray(at + 8, t.end).indexOf(0);
  if (nul < 0) t.fail();
  t.put('username', t.string(at + 8, nul), at + 8, nul + 1);
  const address4 = t.u32(at + 4);
  const name = at + 9 + nul;
  if (address4 > 0 && address4 < 256 && t.end > name)
    t.put('v4a_dns_name', t.string(name, t.end - name, 'utf8', true), name, t.end - name);
  return { phase: PHASE.reply4, version: 4, command: t.u8(at + 1) };
}

function version5(t: TreeBuilder): State {
  const { at } = t;
  t.info('Version: 5 Connect to server request');
  t.add('version', at);
  t.add('auth_method_count', at + 1);
  for (let i = 0; i < t.u8(at + 1); i++) t.add('auth_method', at + 2 + i);
  return { phase: PHASE.methods, version: 5, command: 0 };
}

function address(t: TreeBuilder, at: number): void {
  const type = t.u8(at);
  t.add('address_type', at);
  let next = at + 1;
  if (type === ADDRESS.ipv4) next = t.add('dst', next);
  else if (type === ADDRESS.ipv6) next = t.add('dstV6', next);
  else if (type === ADDRESS.name) next = t.add('remote_name', next + 1, t.u8(next));
  else t.fail();
  t.add('port', next);
}
