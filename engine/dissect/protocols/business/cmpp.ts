/** CMPP (China Mobile): requests and answers to a gateway of short messages: length, command, number. */

import { u32 } from '../../../base/bytes.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../../protocol.ts';

const HEADER = 12;
const MAX_LENGTH = 4096;
const COMMAND_IDS: Readonly<Record<number, string>> = {
  0x1: 'CMPP_CONNECT',
  0x80000001: 'CMPP_CONNECT_RESP',
  0x2: 'CMPP_TERMINATE',
  0x80000002: 'CMPP_TERMINATE_RESP',
  0x4: 'CMPP_SUBMIT',
  0x80000004: 'CMPP_SUBMIT_RESP',
  0x5: 'CMPP_DELIVER',
  0x80000005: 'CMPP_DELIVER_RESP',
  0x6: 'CMPP_QUERY',
  0x80000006: 'CMPP_QUERY',
  0x7: 'CMPP_CANCEL',
  0x80000007: 'CMPP_CANCEL_RESP',
  0x8: 'CMPP_ACTIVE_TEST',
  0x80000008: 'CMPP_ACTIVE_TEST_RESP',
  0x9: 'CMPP_FWD',
  0x80000009: 'CMPP_FWD_RESP',
  0x10: 'CMPP_MT_ROUTE',
  0x11: 'CMPP_MO_ROUTE',
  0x12: 'CMPP_GET_MT_ROUTE',
  0x13: 'CMPP_MT_ROUTE_UPDATE',
  0x14: 'CMPP_MO_ROUTE_UPDATE',
  0x15: 'CMPP_PUSH_MT_ROUTE_UPDATE',
  0x16: 'CMPP_PUSH_MO_ROUTE_UPDATE',
  0x17: 'CMPP_GET_MO_ROUTE',
  0x80000010: 'CMPP_MT_ROUTE_RESP',
  0x80000011: 'CMPP_MO_ROUTE_RESP',
  0x80000012: 'CMPP_GET_MT_ROUTE_RESP',
  0x80000013: 'CMPP_MT_ROUTE_UPDATE_RESP',
  0x80000014: 'CMPP_MO_ROUTE_UPDATE_RESP',
  0x80000015: 'CMPP_PUSH_MT_ROUTE_UPDATE_RESP',
  0x80000016: 'CMPP_PUSH_MO_ROUTE_UPDATE_RESP',
  0x80000017: 'CMPP_GET_MO_ROUTE_RESP',
};
const COMMANDS: ReadonlySet<number> = new Set(Object.keys(COMMAND_IDS).map(Number));

function isMessage(bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < 8) return true;
  const length = u32(bytes, at);
  return length >= HEADER && length <= MAX_LENGTH && COMMANDS.has(u32(bytes, at + 4));
}

export const cmpp = defineProtocol({
  name: 'cmpp',
  title: 'China Mobile Point to Point Protocol',
  on: { 'tcp.port': [7890, 7900, 7930, 9168] },
  fields: {
    Total_Length: { at: 0, type: 'u32', label: 'Total Length' },
    Command_Id: { at: 4, type: 'u32', label: 'Command Id', show: 'hex', names: COMMAND_IDS },
    Sequence_Id: { at: 8, type: 'u32', label: 'Sequence Id' },
    'connect.Source_Addr': { type: 'string', label: 'Source Addr' },
    'connect_resp.Status': { type: 'u32', label: 'Connect Response Status' },
    data: { type: 'bytes', label: 'Data', abbrev: 'cmpp.data' },
  },
  header: HEADER,
  accepts: isMessage,
  frame(f: Framing): number {
    if (f.end - f.at < 8) return MORE;
    return isMessage(f.bytes, f.at, f.end) ? u32(f.bytes, f.at) : NOT_MINE;
  },
  tree(t) {
    const next = t.header();
    const id = t.u32(t.at + 4);
    t.info(`${COMMAND_IDS[id] ?? 'Unknown'}. `);
    if (id === 1) t.add('connect.Source_Addr', next, 6);
    else if (id === 0x80000001) t.add('connect_resp.Status', next);
    else if (next < t.end) t.add('data', next, t.end - next);
  },
});
