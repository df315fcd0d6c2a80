/** SocketCAN frames (LINKTYPE_CAN_SOCKETCAN): identifier with flags, length, up to 8 (CAN FD: 64) bytes. */

import { u32 } from '../../base/bytes.ts';
import type { FieldSpec } from '../protocol.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const AT = { id: 0, length: 4, reserved: 5, payload: 8 } as const;
const FLAG = { extended: 0x80000000, remote: 0x40000000, error: 0x20000000 } as const;
const MASK = { extended: 0x1fffffff, standard: 0x7ff } as const;

/** What an error frame says of the controller, in the place of an identifier, and in detail in its eight bytes. */
const CLASSES = {
  'err.tx_timeout': 'Transmit timeout',
  'err.lostarb': 'Lost arbitration',
  'err.ctrl': 'Controller problems',
  'err.prot': 'Protocol violation',
  'err.trx': 'Transceiver status',
  'err.ack': 'No acknowledgement',
  'err.busoff': 'Bus off',
  'err.buserror': 'Bus error',
  'err.restarted': 'Controller restarted',
} as const;
const CLASS = { lostArbitration: 0x2, controller: 0x4, protocol: 0x8, transceiver: 0x10 } as const;
const CONTROLLER = {
  'err.ctrl.rx_overflow': 'RX buffer overflow',
  'err.ctrl.tx_overflow': 'TX buffer overflow',
  'err.ctrl.rx_warning': 'Reached warning level for RX errors',
  'err.ctrl.tx_warning': 'Reached warning level for TX errors',
  'err.ctrl.rx_passive': 'Reached error passive status RX',
  'err.ctrl.tx_passive': 'Reached error passive status TX',
  'err.ctrl.active': 'Recovered to error active state',
} as const;
const VIOLATIONS = {
  'err.prot.type.bit': 'Single bit error',
  'err.prot.type.form': 'Frame format error',
  'err.prot.type.stuff': 'Bit stuffing error',
  'err.prot.type.bit0': 'Unable to send dominant bit',
  'err.prot.type.bit1': 'Unable to send recessive bit',
  'err.prot.type.overload': 'Bus overload',
  'err.prot.type.active': 'Active error announcement',
  'err.prot.type.tx': 'Error occurred on transmission',
} as const;

/** One bit each, from the lowest. */
function bitFields(of: 'u8' | 'u32', labels: Readonly<Record<string, string>>): Record<string, FieldSpec> {
  return Object.fromEntries(
    Object.entries(labels).map(([key, label], bit) => [
      key,
      { type: 'bool', of, bits: [bit, bit], label, flag: ['True', 'False'] },
    ]),
  );
}

const ERROR_FIELDS: Record<string, FieldSpec> = {
  ...bitFields('u32', CLASSES),
  'err.reserved': { type: 'u32', bits: [28, 9], show: 'hex', label: 'Reserved' },
  'err.lostarb.bitnum': { type: 'u8', label: 'Lost arbitration in bit number' },
  ...bitFields('u8', CONTROLLER),
  ...bitFields('u8', VIOLATIONS),
  'err.prot.location': { type: 'u8', label: 'Protocol error location' },
  'err.trx.canh': { type: 'u8', bits: [3, 0], label: 'Transceiver CANH status' },
  'err.trx.canl': { type: 'u8', bits: [7, 4], label: 'Transceiver CANL status' },
  'err.ctrl_specific': { type: 'bytes', length: 3, label: 'Controller specific data' },
};
const ERROR_MASK = 0x1fffffff;

export const can = defineProtocol({
  name: 'can',
  title: 'Controller Area Network',
  on: { link: [227] },
  header: AT.payload,
  fields: {
    id: { type: 'u32', bits: [28, 0], label: 'ID' },
    'flags.xtd': {
      type: 'bool',
      of: 'u32',
      bits: [31, 31],
      label: 'Extended Flag',
      flag: ['True', 'False'],
    },
    'flags.rtr': {
      type: 'bool',
      of: 'u32',
      bits: [30, 30],
      label: 'Remote Transmission Request Flag',
      flag: ['True', 'False'],
    },
    'flags.err': {
      at: AT.id,
      type: 'bool',
      of: 'u32',
      bits: [29, 29],
      label: 'Error Message Flag',
      flag: ['True', 'False'],
    },
    len: { type: 'u8', label: 'Frame-Length' },
    reserved: { type: 'bytes', length: 3, label: 'Reserved' },
    ...ERROR_FIELDS,
    padding: { type: 'bytes', label: 'Padding' },
  },
  scan(p) {
    const isError = (u32(p.bytes, p.at) & FLAG.error) !== 0;
    p.enter(AT.payload, AT.payload + p.bytes[p.at + AT.length]);
    if (isError) return; // it carries nothing for anybody above
    p.rest();
  },
  tree(t) {
    const word = t.u32(t.at);
    const isError = (word & FLAG.error) !== 0;
    const length = t.u8(t.at + AT.length);
    const end = t.at + AT.payload;
    if (isError) {
      errorClasses(t, word);
      t.addLabel(`, ID: ${word & ERROR_MASK} (0x${(word & ERROR_MASK).toString(16)}), Length: ${length}`);
    } else {
      const isExtended = (word & FLAG.extended) !== 0;
      const id = (word & (isExtended ? MASK.extended : MASK.standard)) >>> 0;
      const said = `${isExtended ? 'Ext. ' : ''}ID: ${id} (0x${id.toString(16)}), Length: ${length}`;
      t.info((word & FLAG.remote) === 0 ? said : `${said}(Remote Transmission Request)`);
      t.addLabel(`, ${said}`);
      t.put('id', id, t.at, 4);
      for (const key of ['flags.xtd', 'flags.rtr', 'flags.err']) t.add(key, t.at);
    }
    t.add('len', t.at + AT.length);
    t.add('reserved', t.at + AT.reserved);
    t.headerEnd(end);
    if (isError) {
      errorDetails(t, word, end);
      return;
    }
    const used = t.upper(end);
    if (used < t.end) t.add('padding', used, t.end - used);
  },
});

function errorClasses(t: TreeBuilder, word: number): void {
  const said = Object.values(CLASSES).filter((_, bit) => ((word >>> bit) & 1) !== 0);
  t.info(said.length === 0 ? 'ERR' : `ERR: ${said.join(', ')}`);
  t.add('flags.err', t.at);
  for (const key of Object.keys(CLASSES)) t.add(key, t.at);
  t.add('err.reserved', t.at);
}

function errorDetails(t: TreeBuilder, classes: number, at: number): void {
  if ((classes & CLASS.lostArbitration) !== 0) t.add('err.lostarb.bitnum', at);
  if ((classes & CLASS.controller) !== 0) for (const key of Object.keys(CONTROLLER)) t.add(key, at + 1);
  if ((classes & CLASS.protocol) !== 0) {
    for (const key of Object.keys(VIOLATIONS)) t.add(key, at + 2);
    t.add('err.prot.location', at + 3);
  }
  if ((classes & CLASS.transceiver) !== 0) {
    t.add('err.trx.canh', at + 4);
    t.add('err.trx.canl', at + 4);
  }
  t.add('err.ctrl_specific', at + 5);
}
