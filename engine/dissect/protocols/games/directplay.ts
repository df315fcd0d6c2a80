/** DirectPlay 8 (MS-DPDX, MC-DPL8R): finding sessions, and the frames of a connection, over UDP. */

import { hexNumber } from '../../../base/hex.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const PORT = 6073;
const COMMAND = { query: 2, response: 3 } as const;
/** Command byte of a frame: its lowest bit is always set for data, 0x80 says that it is a control frame. */
const CONTROL_FRAME = 0x80;
const CONTROLS: Readonly<Record<number, string>> = {
  0x01: 'FRAME_EXOPCODE_CONNECT',
  0x02: 'FRAME_EXOPCODE_CONNECTED',
  0x03: 'FRAME_EXOPCODE_CONNECTED_SIGNED',
  0x04: 'FRAME_EXOPCODE_HARD_DISCONNECT',
  0x06: 'FRAME_EXOPCODE_SACK',
};
const WITH_APPLICATION = 1;
const CFRAME_CONTROLS: Readonly<Record<number, string>> = {
  0x1: 'FRAME_EXOPCODE_CONNECT',
  0x2: 'FRAME_EXOPCODE_CONNECTED',
  0x3: 'FRAME_EXOPCODE_CONNECTED_SIGNED',
  0x4: 'FRAME_EXOPCODE_HARD_DISCONNECT',
  0x6: 'FRAME_EXOPCODE_SACK',
};

export const dpnet = defineProtocol({
  name: 'dpnet',
  title: 'DirectPlay 8 protocol',
  on: { 'udp.port': [PORT] },
  header: 4,
  fields: {
    lead: { type: 'u8', label: 'Lead' },
    command: {
      type: 'u8',
      label: 'Command',
      show: 'hex',
      names: { 0x2: 'Enumeration Query', 0x3: 'Enumeration Response' },
    },
    payload: { type: 'u16', label: 'Payload', show: 'hex' },
    type: { type: 'u8', label: 'Type', names: { 1: 'Application GUID', 2: 'All Applications' } },
    application: { type: 'guid', label: 'Application GUID' },
    'cframe.control': { type: 'u8', label: 'Control', show: 'hex', names: CFRAME_CONTROLS },
    'cframe.msg_id': { type: 'u8', label: 'Message ID', show: 'hex' },
    'cframe.rsp_id': { type: 'u8', label: 'Response ID', show: 'hex' },
    data: { type: 'bytes', label: 'Data' },
  },
  accepts: (bytes, at) => bytes[at] !== 0 || bytes[at + 1] === COMMAND.query || bytes[at + 1] === COMMAND.response,
  tree(t) {
    const { at } = t;
    const first = t.u8(at);
    if (first === 0) enumeration(t, at);
    else if ((first & CONTROL_FRAME) !== 0) {
      const code = t.u8(at + 1);
      t.info(`DPNET CFrame - ${CONTROLS[code] ?? `Unknown (${hexNumber(code, 1)})`}`);
      t.put('command', first, at, 1);
      t.put('cframe.control', code, at + 1, 1);
      t.add('cframe.msg_id', at + 2);
      t.add('cframe.rsp_id', at + 3);
      rest(t, at + 4);
    } else {
      t.info('DPNET DFrame');
      t.put('command', first, at, 1);
      rest(t, at + 1);
    }
  },
});

function enumeration(t: TreeBuilder, at: number): void {
  const command = t.u8(at + 1);
  t.info(`DPNET Enum ${command === COMMAND.query ? 'Query' : 'Response'}`);
  t.add('lead', at);
  t.add('command', at + 1);
  t.put('payload', t.u16le(at + 2), at + 2, 2);
  let next = at + 4;
  if (command === COMMAND.query) {
    const type = t.u8(next);
    next = t.add('type', next);
    if (type === WITH_APPLICATION && t.has(next, 16)) next = t.add('application', next);
  }
  rest(t, next);
}

function rest(t: TreeBuilder, at: number): void {
  if (at < t.end) t.add('data', at, t.end - at);
}
