/** BJNP (Canon): finding printers and scanners and talking with them, over UDP. */

import { decodeLatin1 } from '../../../base/text.ts';
import { defineProtocol } from '../../protocol.ts';

const MAGICS = ['BJNP', 'BJNB', 'MFNP'];
const AT = { type: 4, code: 5, sequence: 6, session: 10, length: 12, payload: 16 } as const;
const CODES: Readonly<Record<number, string>> = {
  1: 'Discover',
  16: 'Print Job Details',
  17: 'Request Closure',
  32: 'Get Printer Status',
  33: 'Print',
  48: 'Get Printer Identity',
  50: 'Scan Job Details',
};

export const bjnp = defineProtocol({
  name: 'bjnp',
  title: 'Canon BJNP',
  on: { 'udp.port': [8611, 8612, 8613, 8614] },
  fields: {
    id: { type: 'string', label: 'Id' },
    type: {
      type: 'u8',
      label: 'Type',
      names: { 1: 'Printer Command', 2: 'Scanner Command', 129: 'Printer Response', 130: 'Scanner Response' },
    },
    code: { type: 'u8', label: 'Code', names: CODES },
    seq_no: { type: 'u32', label: 'Sequence Number' },
    session_id: { type: 'u16', label: 'Session Id' },
    payload_len: { type: 'u32', label: 'Payload Length' },
    payload: { type: 'bytes', label: 'Payload' },
  },
  accepts: (bytes, at, end) => MAGICS.some((magic) => magic.startsWith(decodeLatin1(bytes, at, Math.min(end, at + 4)))),
  tree(t) {
    const { at } = t;
    t.info('');
    const type = t.u8(at + AT.type);
    const code = t.u8(at + AT.code);
    t.add('id', at, 4);
    t.add('type', at + AT.type);
    t.add('code', at + AT.code);
    t.info(
      `${t.nameOf('type', type) ?? `Unknown type (${type})`}: ${t.nameOf('code', code) ?? `Unknown code (${code})`}`,
    );
    t.add('seq_no', at + AT.sequence);
    t.add('session_id', at + AT.session);
    t.add('payload_len', at + AT.length);
    const length = t.u32(at + AT.length);
    if (length > 0) t.add('payload', at + AT.payload, length);
  },
});
