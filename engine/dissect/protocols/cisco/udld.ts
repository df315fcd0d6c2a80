/** Cisco's Unidirectional Link Detection (RFC 5171). */

import { defineProtocol } from '../../protocol.ts';

const AT = { version: 0, flags: 1, checksum: 2, values: 4 } as const;
const OPCODES: Readonly<Record<number, string>> = { 0: 'Reserved', 1: 'Probe', 2: 'Echo', 3: 'Flush' };
const TYPES: Readonly<Record<number, string>> = {
  1: 'Device ID',
  2: 'Port ID',
  3: 'Echo',
  4: 'Message interval',
  5: 'Timeout interval',
  6: 'Device name',
  7: 'Sequence number',
};
const TYPE = { device: 1, port: 2 } as const;

export const udld = defineProtocol({
  name: 'udld',
  title: 'Unidirectional Link Detection',
  on: { 'llc.cisco': [0x0111] },
  header: AT.values,
  fields: {
    version: { at: AT.version, type: 'u8', bits: [7, 5], label: 'Version' },
    opcode: { at: AT.version, type: 'u8', bits: [4, 0], label: 'Opcode', names: OPCODES },
    flags: { at: AT.flags, type: 'u8', label: 'Flags' },
    'flags.rt': { at: AT.flags, type: 'u8', bits: [0, 0], show: 'hex', label: 'Recommended timeout' },
    'flags.rsy': { at: AT.flags, type: 'u8', bits: [1, 1], show: 'hex', label: 'ReSynch' },
    checksum: { at: AT.checksum, type: 'u16', show: 'hex', label: 'Checksum' },
    'tlv.type': { type: 'u16', show: 'hex', label: 'Type', names: TYPES, many: true },
    'tlv.len': { type: 'u16', label: 'Length', many: true },
    device_id: { type: 'string', label: 'Device ID' },
    sent_through_interface: { type: 'string', label: 'Sent through Interface' },
    data: { type: 'bytes', label: 'Data', many: true },
  },
  tree(t) {
    const opcode = t.u8(t.at) & 31;
    t.info(`${OPCODES[opcode] ?? 'Unknown'} [OpCode]`);
    t.header();
    let texts = '';
    for (let at = t.at + AT.values; at + 4 <= t.end; ) {
      const type = t.u16(at);
      const length = t.u16(at + 2);
      if (length < 4) t.fail();
      t.nest(t.text(TYPES[type] ?? `Unknown (${type})`, at, Math.min(length, t.end - at)));
      t.add('tlv.type', at);
      t.add('tlv.len', at + 2);
      const value = at + 4;
      if (type === TYPE.device || type === TYPE.port) {
        const text = t.string(value, length - 4, 'ascii', true);
        t.put(type === TYPE.device ? 'device_id' : 'sent_through_interface', text, value, length - 4);
        texts += type === TYPE.device ? `Device ID: ${text}  ` : `Port ID: ${text}  `;
      } else if (length > 4) t.add('data', value, length - 4);
      t.close();
      at += length;
    }
    if (texts !== '') t.info(texts);
  },
});
