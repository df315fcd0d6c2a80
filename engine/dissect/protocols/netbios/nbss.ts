/** NetBIOS session service (RFC 1002 4.3) on port 139, and its four-byte header alone on port 445 ([MS-SMB2] 2.1). */

import { u32 } from '../../../base/bytes.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../../protocol.ts';
import { longName, readName } from './name.ts';

const HEADER = 4;
const TYPES: Readonly<Record<number, string>> = {
  0x0: 'Session message',
  0x81: 'Session request',
  0x82: 'Positive session response',
  0x83: 'Negative session response',
  0x84: 'Retarget session response',
  0x85: 'Session keep-alive',
};
const ERRORS: Readonly<Record<number, string>> = {
  0x80: 'Not listening on called name',
  0x81: 'Not listening for calling name',
  0x82: 'Called name not present',
  0x83: 'Called name present, but insufficient resources',
  0x8f: 'Unspecified error',
};
const TYPE = { message: 0, request: 0x81, positive: 0x82, negative: 0x83, retarget: 0x84, keepAlive: 0x85 } as const;
const DIRECT_PORT = 445;
/** First bytes of what a session message carries. */
const MAGIC = { smb: 0xff534d42, smb2: 0xfe534d42, encrypted: 0xfd534d42, compressed: 0xfc534d42 } as const;

function isSmb2(magic: number): boolean {
  return magic === MAGIC.smb2 || magic === MAGIC.encrypted || magic === MAGIC.compressed;
}

/** A known type, and a length that fits it. */
function startsMessage(bytes: Uint8Array, at: number, end: number): boolean {
  const type = bytes[at];
  if (type === TYPE.message) {
    if (end - at < HEADER + 4) return end - at < 2 || bytes[at + 1] < 0x40;
    return true;
  }
  if (type < TYPE.request || type > TYPE.keepAlive) return false;
  return end - at < 2 || bytes[at + 1] <= 1;
}

export const nbss = defineProtocol({
  name: 'nbss',
  title: 'NetBIOS Session Service',
  on: { 'tcp.port': [139, DIRECT_PORT] },
  header: HEADER,
  opens: ['smb', 'smb2', 'data'],
  fields: {
    type: { type: 'u8', show: 'hex', label: 'Message Type', at: 0, names: TYPES },
    flags: { type: 'u8', show: 'hex', label: 'Flags' },
    'flags.e': {
      type: 'bool',
      of: 'u8',
      bits: [0, 0],
      label: 'Extend',
      flag: ['Add 65536 to length', 'Add 0 to length'],
    },
    length: { type: 'u24', label: 'Length' },
    error_code: { type: 'u8', show: 'hex', label: 'Error code', names: ERRORS },
    retarget_ip_address: { type: 'ipv4', label: 'Retarget IP address' },
    retarget_port: { type: 'u16', label: 'Retarget port' },
    called_name: { type: 'string', label: 'Called name' },
    calling_name: { type: 'string', label: 'Calling name' },
    continuation_data: { type: 'bytes', label: 'Continuation data' },
  },
  recognise(bytes, at, end) {
    if (end - at < HEADER + 8 || bytes[at] !== TYPE.message) return false;
    const magic = u32(bytes, at + HEADER);
    return magic === MAGIC.smb || isSmb2(magic);
  },
  recogniseOn: ['tcp'],
  frame(f: Framing): number {
    const { bytes, at, end } = f;
    if (!startsMessage(bytes, at, end)) return NOT_MINE;
    if (end - at < HEADER) return MORE;
    return HEADER + (u32(bytes, at) & 0xffffff);
  },
  tree(t) {
    const type = t.u8(t.at);
    if (!startsMessage(t.bytes, t.at, t.end)) {
      t.info('NBSS Continuation Message');
      t.add('continuation_data', t.at, t.end - t.at);
      return;
    }
    t.add('type', t.at);
    if (!t.ports.includes(DIRECT_PORT)) {
      // RFC 1002 4.3.1; without NetBIOS the length takes all three bytes.
      t.add('flags', t.at + 1);
      t.nest(t.last());
      t.add('flags.e', t.at + 1);
      t.close();
    }
    t.add('length', t.at + 1);
    const body = t.at + HEADER;
    if (type === TYPE.message) {
      t.headerEnd(body);
      t.info('NBSS Session message');
      if (body >= t.end) return;
      const magic = t.has(body, 4) ? t.u32(body) : 0;
      if (magic === MAGIC.smb) t.dissect('smb', body);
      else if (isSmb2(magic)) t.dissect('smb2', body);
      else t.payload(body);
      return;
    }
    switch (type) {
      case TYPE.request: {
        const called = readName(t, body, body);
        const calling = readName(t, body, called.end);
        t.put('called_name', called.text, body, called.end - body, `Called name: ${longName(called)}`);
        t.put('calling_name', calling.text, called.end, calling.end - called.end, `Calling name: ${longName(calling)}`);
        t.info(`Session request, to ${called.text} from ${calling.text}`);
        return;
      }
      case TYPE.negative: {
        const code = t.u8(body);
        t.add('error_code', body);
        t.info(`Negative session response, ${ERRORS[code] ?? `Unknown (0x${code.toString(16)})`}`);
        return;
      }
      case TYPE.retarget:
        t.info(TYPES[type]);
        t.add('retarget_ip_address', body);
        t.add('retarget_port', body + 4);
        return;
      default:
        t.info(TYPES[type]);
    }
  },
});
