/** TFTP (RFC 1350, 2347 to 2349, 7440): requests on port 69, then numbered blocks between two other ports. */

import { u16 } from '../../base/bytes.ts';
import { decodeLatin1 } from '../../base/text.ts';
import { announceTftp } from '../announcing/tftp.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const OPCODE = { read: 1, write: 2, data: 3, ack: 4, error: 5, options: 6 } as const;
const OPCODES: Readonly<Record<number, string>> = {
  1: 'Read Request',
  2: 'Write Request',
  3: 'Data Packet',
  4: 'Acknowledgement',
  5: 'Error Code',
  6: 'Option Acknowledgement',
  255: 'Information (MSDP)',
};
const ERRORS: Readonly<Record<number, string>> = {
  0: 'Not defined',
  1: 'File not found',
  2: 'Access violation',
  3: 'Disk full or allocation exceeded',
  4: 'Illegal TFTP Operation',
  5: 'Unknown transfer ID',
  6: 'File already exists',
  7: 'No such user',
  8: 'Option negotiation failed',
};
const MODES = /^(?:netascii|octet|mail)$/i;
const DEFAULT_BLOCK = 512;
const BODY = 4;

export const tftp = defineProtocol({
  name: 'tftp',
  title: 'Trivial File Transfer Protocol',
  on: { 'udp.port': [69] },
  opens: ['data'],
  header: 2,
  fields: {
    opcode: { type: 'u16', label: 'Opcode', names: OPCODES },
    source_file: { type: 'string', label: 'Source File' },
    destination_file: { type: 'string', label: 'Destination File' },
    type: { type: 'string', label: 'Type' },
    block: { type: 'u16', label: 'Block' },
    'error.code': { type: 'u16', label: 'Error code', names: ERRORS },
    'error.message': { type: 'string', label: 'Error message' },
    'option.name': { type: 'string', label: 'Option name', many: true },
    'option.value': { type: 'string', label: 'Option value', many: true },
  },
  recogniseOn: ['udp'],
  announces: announceTftp,
  recognise,
  tree(t) {
    const opcode = t.u16(t.at);
    t.info(OPCODES[opcode] ?? `Unknown TFTP Opcode: 0x${opcode.toString(16).padStart(4, '0')}`);
    t.add('opcode', t.at);
    const at = t.at + 2;
    switch (opcode) {
      case OPCODE.read:
      case OPCODE.write:
        request(t, opcode, at);
        break;
      case OPCODE.options:
        options(t, at);
        break;
      case OPCODE.data: {
        block(t, at);
        const isLast = t.wireEnd - at - 2 < DEFAULT_BLOCK;
        if (isLast) t.addInfo(' (last)');
        if (t.end > at + 2) {
          t.payload(at + 2);
        }
        t.headerEnd(t.at + BODY);
        break;
      }
      case OPCODE.ack:
        block(t, at);
        break;
      case OPCODE.error: {
        const code = t.u16(at);
        t.add('error.code', at);
        const length = textLength(t, at + 2);
        t.add('error.message', at + 2, length);
        t.addInfo(`, Code: ${ERRORS[code] ?? `Unknown (${code})`}, Message: ${t.string(at + 2, length, 'utf8', true)}`);
        break;
      }
      default:
        t.payload(at);
    }
  },
});

/** A request is told by its mode; blocks of a transfer that began on port 69 come between other ports: the first of them. */
function recognise(bytes: Uint8Array, at: number, end: number): boolean {
  const length = end - at;
  if (length < 4 || bytes[at] !== 0) return false;
  const opcode = u16(bytes, at);
  if (opcode === OPCODE.data) return u16(bytes, at + 2) === 1 && length === BODY + DEFAULT_BLOCK;
  if (opcode === OPCODE.ack) return length === BODY && u16(bytes, at + 2) <= 1;
  if ((opcode !== OPCODE.read && opcode !== OPCODE.write) || bytes[end - 1] !== 0) return false;
  const words = decodeLatin1(bytes, at + 2, Math.min(end, at + 600)).split('\0');
  return words.length >= 3 && words[0] !== '' && MODES.test(words[1] ?? '');
}

/** Length of the text at `at` with its NUL. */
function textLength(t: TreeBuilder, at: number): number {
  t.need(at, 1);
  const nul = t.bytes.subarray(at, t.end).indexOf(0);
  return nul < 0 ? t.end - at : nul + 1;
}

function request(t: TreeBuilder, opcode: number, from: number): void {
  const isRead = opcode === OPCODE.read;
  const nameLength = textLength(t, from);
  const name = t.string(from, nameLength, 'utf8', true);
  t.put(isRead ? 'source_file' : 'destination_file', name, from, nameLength);
  t.addInfo(`, File: ${name}`);
  const typeLength = textLength(t, from + nameLength);
  const type = t.string(from + nameLength, typeLength, 'utf8', true);
  t.put('type', type, from + nameLength, typeLength);
  t.addInfo(`, Transfer type: ${type}`);
  options(t, from + nameLength + typeLength);
}

function options(t: TreeBuilder, from: number): void {
  for (let at = from; at < t.end; ) {
    const nameLength = textLength(t, at);
    const valueLength = textLength(t, at + nameLength);
    const name = t.string(at, nameLength, 'utf8', true);
    const value = t.string(at + nameLength, valueLength, 'utf8', true);
    t.nest(t.text(`Option: ${name} = ${value}`, at, nameLength + valueLength));
    t.put('option.name', name, at, nameLength);
    t.put('option.value', value, at + nameLength, valueLength);
    t.close();
    t.addInfo(`, ${name}=${value}`);
    at += nameLength + valueLength;
  }
}

function block(t: TreeBuilder, at: number): void {
  t.add('block', at);
  t.addInfo(`, Block: ${t.u16(at)}`);
}
