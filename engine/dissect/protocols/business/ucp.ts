/** UCP (EMI 4.0): operations of short message centres as text between STX and ETX, parts divided by slashes. */

import { decodeLatin1 } from '../../../base/text.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../../protocol.ts';

const STX = 2;
const ETX = 3;
/** Number, length, O or R, operation. */
const HEAD = /^(\d{2})\/(\d{5})\/([OR])\/(\d{2})\//;
const HEAD_LENGTH = 14; // with its last slash
const CHECKSUM = 2;
const HDR_OTS: Readonly<Record<number, string>> = {
  0: 'Enquiry',
  1: 'Call input',
  2: 'Call input (multiple address)',
  3: 'Call input (supplementary services included)',
  4: 'Address list information',
  5: 'Change address list',
  6: 'Advice of accumulated charges',
  7: 'Password management',
  8: 'Legitimisation code management',
  9: 'Standard text information',
  10: 'Change standard text',
  11: 'Request roaming information',
  12: 'Change roaming information',
  13: 'Roaming reset',
  14: 'Message retrieval',
  15: 'Request call barring',
  16: 'Cancel call barring',
  17: 'Request call diversion',
  18: 'Cancel call diversion',
  19: 'Request deferred delivery',
  20: 'Cancel deferred delivery',
  21: 'All features reset',
  22: 'Call input (with specific character set)',
  23: 'UCP version status request',
  24: 'Mobile subscriber feature status request',
  30: 'SMS message transfer',
  31: 'SMT alert',
  32: '(proprietary)',
  34: '(proprietary)',
  36: '(proprietary)',
  38: '(proprietary)',
  40: '(proprietary)',
  41: '(proprietary)',
  42: '(proprietary)',
  43: '(proprietary)',
  44: '(proprietary)',
  45: '(proprietary)',
  51: 'Submit short message',
  52: 'Deliver short message',
  53: 'Deliver notification',
  54: 'Modify message',
  55: 'Inquiry message',
  56: 'Delete message',
  57: 'Inquiry response message',
  58: 'Delete response message',
  60: 'Session management',
  61: 'List management',
  95: '(proprietary)',
  96: '(proprietary)',
  97: '(proprietary)',
  98: '(proprietary)',
  99: '(proprietary)',
};

export const ucp = defineProtocol({
  name: 'ucp',
  title: 'Universal Computer Protocol',
  fields: {
    'hdr.TRN': { type: 'u8', label: 'Transaction Reference Number' },
    'hdr.LEN': { type: 'u16', label: 'Length' },
    'hdr.O_R': { type: 'string', label: 'Type', abbrev: 'ucp.hdr.kind', doc: 'O: an operation; R: its result.' },
    'hdr.OT': { type: 'u8', label: 'Operation', names: HDR_OTS },
    parameter: { type: 'string', label: 'Parameter', many: true, abbrev: 'ucp.parameter' },
    checksum: { type: 'string', label: 'Checksum', abbrev: 'ucp.checksum' },
  },
  recogniseOn: ['tcp'],
  recognise: (bytes, at, end) =>
    bytes[at] === STX && HEAD.test(decodeLatin1(bytes, at + 1, Math.min(end, at + 1 + HEAD_LENGTH))),
  frame(f: Framing): number {
    if (f.bytes[f.at] !== STX) return NOT_MINE;
    if (f.end - f.at < 1 + HEAD_LENGTH) return MORE;
    const head = HEAD.exec(decodeLatin1(f.bytes, f.at + 1, f.at + 1 + HEAD_LENGTH));
    return head === null ? NOT_MINE : Number(head[2]) + 2;
  },
  tree(t) {
    const { at } = t;
    const head = HEAD.exec(t.string(at + 1, HEAD_LENGTH, 'latin1'));
    if (head === null) return t.fail();
    const [, number = '', length = '', kind = '', operation = ''] = head;
    const isResult = kind === 'R';
    t.info(`${t.nameOf('hdr.OT', Number(operation)) ?? 'Unknown operation'} (${isResult ? 'Result' : 'Operation'})`);
    t.put('hdr.TRN', Number(number), at + 1, 2);
    t.put('hdr.LEN', Number(length), at + 4, 5);
    t.put('hdr.O_R', kind, at + 10, 1);
    t.put('hdr.OT', Number(operation), at + 12, 2);
    const end = t.u8(t.end - 1) === ETX ? t.end - 1 : t.end;
    let from = at + 1 + HEAD_LENGTH;
    for (const value of t.string(from, Math.max(0, end - from - CHECKSUM - 1), 'latin1').split('/')) {
      if (value !== '') t.put('parameter', value, from, value.length);
      from += value.length + 1;
    }
    t.add('checksum', end - CHECKSUM, CHECKSUM);
  },
});
