/** OpenVPN (protocol 2): an opcode, a session, packet ids; over TCP behind two bytes of length. */

import { u16 } from '../../base/bytes.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../protocol.ts';

const OPCODES: Readonly<Record<number, string>> = {
  1: 'P_CONTROL_HARD_RESET_CLIENT_V1',
  2: 'P_CONTROL_HARD_RESET_SERVER_V1',
  3: 'P_CONTROL_SOFT_RESET_V1',
  4: 'P_CONTROL_V1',
  5: 'P_ACK_V1',
  6: 'P_DATA_V1',
  7: 'P_CONTROL_HARD_RESET_CLIENT_V2',
  8: 'P_CONTROL_HARD_RESET_SERVER_V2',
  9: 'P_DATA_V2',
  10: 'P_CONTROL_HARD_RESET_CLIENT_V3',
  11: 'P_CONTROL_WKC_V1',
};
const RESET = { client2: 7, server2: 8 } as const;
const DATA = { v1: 6, v2: 9 } as const;
const FRAMED = 2;
/** A reset without authentication: opcode, session, count of acknowledgements, packet id. */
const RESET_LENGTH = 14;
const MAX_LENGTH = 16384;

export const openvpn = defineProtocol({
  name: 'openvpn',
  title: 'OpenVPN Protocol',
  short: 'OpenVPN',
  on: { 'udp.port': [1194], 'tcp.port': [1194] },
  fields: {
    plen: { type: 'u16', label: 'Packet Length' },
    type: { type: 'u8', show: 'hex', label: 'Type' },
    keyid: { type: 'u8', bits: [2, 0], label: 'Key ID' },
    opcode: { type: 'u8', show: 'hex', bits: [7, 3], label: 'Opcode', names: OPCODES },
    sessionid: { type: 'u64', label: 'Session ID' },
    peerid: { type: 'u24', label: 'Peer ID' },
    data: { type: 'bytes', label: 'Data' },
  },
  recognise(bytes, at, end, port) {
    // Resets only, and where their fields fit: without keys nothing else tells them apart.
    const start = port > 0 && end - at > FRAMED && u16(bytes, at) === end - at - FRAMED ? at + FRAMED : at;
    const opcode = bytes[start] >>> 3;
    return (
      (opcode === RESET.client2 || opcode === RESET.server2) &&
      (bytes[start] & 7) === 0 &&
      end - start === RESET_LENGTH &&
      bytes[start + 9] === 0 &&
      u16(bytes, start + 10) === 0 &&
      u16(bytes, start + 12) === 0
    );
  },
  frame(f: Framing): number {
    if (f.end - f.at < FRAMED + 1) return MORE;
    const length = u16(f.bytes, f.at);
    return length === 0 || length > MAX_LENGTH || OPCODES[f.bytes[f.at + FRAMED] >>> 3] === undefined
      ? NOT_MINE
      : FRAMED + length;
  },
  tree(t) {
    let { at } = t;
    if (t.transport === 'tcp') at = t.add('plen', at);
    const first = t.u8(at);
    const opcode = first >>> 3;
    t.nest(t.put('type', first, at, 1));
    t.put('opcode', opcode, at, 1);
    t.put('keyid', first & 7, at, 1);
    t.close();
    t.info(`MessageType: ${OPCODES[opcode] ?? `Unknown (${opcode})`}`);
    at++;
    if (opcode === DATA.v2) {
      t.put('peerid', t.u24(at), at, 3);
      at += 3;
    } else if (opcode !== DATA.v1) {
      t.add('sessionid', at);
      at += 8;
    }
    if (t.end > at) t.add('data', at, t.end - at);
  },
});
