/** DICOM's upper layer (PS3.8): associations of two applications, and the commands and data they exchange. */

import { u16, u32 } from '../../../base/bytes.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const PDU = { request: 1, accept: 2, reject: 3, data: 4, release: 5, released: 6, abort: 7 } as const;
const HEADER = 6;
const TITLE = 16;
const ITEMS_AT = 74;
const MAX_LENGTH = 64 << 20;
const ITEM = {
  application: 0x10,
  presentation: 0x20,
  presentationAnswer: 0x21,
  abstract: 0x30,
  transfer: 0x40,
  user: 0x50,
  maxLength: 0x51,
  uid: 0x52,
  version: 0x55,
} as const;
const IS_COMMAND = 1;
const COMMAND_FIELD = 0x0100;
/** Command field values (PS3.7 E.1). */
const COMMANDS: Readonly<Record<number, string>> = {
  0x0001: 'C-STORE-RQ',
  0x8001: 'C-STORE-RSP',
  0x0010: 'C-GET-RQ',
  0x8010: 'C-GET-RSP',
  0x0020: 'C-FIND-RQ',
  0x8020: 'C-FIND-RSP',
  0x0021: 'C-MOVE-RQ',
  0x8021: 'C-MOVE-RSP',
  0x0030: 'C-ECHO-RQ',
  0x8030: 'C-ECHO-RSP',
  0x0100: 'N-EVENT-REPORT-RQ',
  0x8100: 'N-EVENT-REPORT-RSP',
  0x0110: 'N-GET-RQ',
  0x8110: 'N-GET-RSP',
  0x0120: 'N-SET-RQ',
  0x8120: 'N-SET-RSP',
  0x0130: 'N-ACTION-RQ',
  0x8130: 'N-ACTION-RSP',
  0x0140: 'N-CREATE-RQ',
  0x8140: 'N-CREATE-RSP',
  0x0150: 'N-DELETE-RQ',
  0x8150: 'N-DELETE-RSP',
  0x0fff: 'C-CANCEL-RQ',
};
/** Reasons of a refusal by the service user (9.3.4). */
const REFUSALS: Readonly<Record<number, string>> = {
  1: 'No reason given',
  2: 'Application context name not supported',
  3: 'Calling AE title not recognized',
  7: 'Called AE title not recognized',
};
const ABORTS: Readonly<Record<number, string>> = {
  0: 'Not specified',
  1: 'Unrecognized PDU',
  2: 'Unexpected PDU',
  4: 'Unrecognized PDU parameter',
  5: 'Unexpected PDU parameter',
  6: 'Invalid PDU parameter value',
};
const PDU_TYPES: Readonly<Record<number, string>> = {
  0x1: 'ASSOC Request',
  0x2: 'ASSOC Accept',
  0x3: 'ASSOC Reject',
  0x4: 'Data',
  0x5: 'RELEASE Request',
  0x6: 'RELEASE Response',
  0x7: 'ABORT',
};
const ASSOC_ITEM_TYPES: Readonly<Record<number, string>> = {
  0x10: 'Application Context',
  0x20: 'Presentation Context',
  0x21: 'Presentation Context Reply',
  0x30: 'Abstract Syntax',
  0x40: 'Transfer Syntax',
  0x50: 'User Info',
  0x51: 'Max Length',
  0x52: 'Implementation Class UID',
  0x53: 'Asynchronous Operations Window Negotiation',
  0x54: 'SCP/SCU Role Selection',
  0x55: 'Implementation Version',
  0x56: 'SOP Class Extended Negotiation',
  0x58: 'User Identity',
};

interface Memory {
  calling: string;
  called: string;
}

function isPdu(bytes: Uint8Array, at: number, end: number): boolean {
  const kind = bytes[at];
  if (kind < PDU.request || kind > PDU.abort) return false;
  return end - at < HEADER || (bytes[at + 1] === 0 && u32(bytes, at + 2) <= MAX_LENGTH);
}

export const dicom = defineProtocol({
  name: 'dicom',
  title: 'DICOM',
  on: { 'tcp.port': [104] },
  remembers: true,
  fields: {
    'pdu.type': { type: 'u8', label: 'PDU Type', show: 'hex', names: PDU_TYPES },
    'pdu.len': { type: 'u32', label: 'PDU Length' },
    'assoc.version': { type: 'u16', label: 'Protocol Version' },
    'assoc.ae.called': { type: 'string', label: 'Called  AE Title' },
    'assoc.ae.calling': { type: 'string', label: 'Calling AE Title' },
    'assoc.reject.result': { type: 'u8', label: 'Result' },
    'assoc.reject.source': { type: 'u8', label: 'Source' },
    'assoc.reject.reason': { type: 'u8', label: 'Reason' },
    'assoc.abort.source': { type: 'u8', label: 'Source' },
    'assoc.abort.reason': { type: 'u8', label: 'Reason' },
    'assoc.item.type': { type: 'u8', label: 'Item Type', show: 'hex', names: ASSOC_ITEM_TYPES, many: true },
    'assoc.item.len': { type: 'u16', label: 'Item Length', many: true },
    actx: { type: 'string', label: 'Application Context' },
    'pctx.id': { type: 'u8', label: 'Presentation Context ID', show: 'hex', many: true },
    'pctx.result': { type: 'u8', label: 'Presentation Context Result', show: 'hex', many: true },
    'pctx.abss.syntax': { type: 'string', label: 'Abstract Syntax', many: true },
    'pctx.xfer.syntax': { type: 'string', label: 'Transfer Syntax', many: true },
    'userinfo.uid': { type: 'string', label: 'Implementation Class UID' },
    'userinfo.version': { type: 'string', label: 'Implementation Version' },
    max_pdu_len: { type: 'u32', label: 'Max PDU Length' },
    'pdv.len': { type: 'u32', label: 'PDV Length', many: true },
    'pdv.ctx': { type: 'u8', label: 'PDV Context', many: true },
    'pdv.flags': { type: 'u8', label: 'PDV Flags', show: 'hex', many: true },
  },
  recogniseOn: ['tcp'],
  recognise: (b, at, end) =>
    end - at >= ITEMS_AT &&
    b[at] === PDU.request &&
    b[at + 1] === 0 &&
    u16(b, at + 6) === 1 &&
    u32(b, at + 2) <= MAX_LENGTH &&
    b[at + ITEMS_AT] === ITEM.application,
  accepts: isPdu,
  frame(f: Framing): number {
    if (!isPdu(f.bytes, f.at, f.end)) return NOT_MINE;
    return f.end - f.at < HEADER ? MORE : HEADER + u32(f.bytes, f.at + 2);
  },
  tree(t) {
    const memory = t.conversation((): Memory => ({ calling: '', called: '' }));
    const { at } = t;
    const kind = t.u8(at);
    t.add('pdu.type', at);
    t.add('pdu.len', at + 2);
    const said = describe(t, memory, kind, at + HEADER);
    t.addLabel(`, ${said}`);
    t.info(t.fencedInfo === '' ? said : `, ${said}`);
  },
});

function describe(t: TreeBuilder, memory: Memory, kind: number, at: number): string {
  switch (kind) {
    case PDU.request:
    case PDU.accept: {
      t.add('assoc.version', at);
      memory.called = t.string(at + 4, TITLE, 'latin1').trim();
      memory.calling = t.string(at + 4 + TITLE, TITLE, 'latin1').trim();
      t.add('assoc.ae.called', at + 4, TITLE);
      t.add('assoc.ae.calling', at + 4 + TITLE, TITLE);
      items(t, at + ITEMS_AT - HEADER, t.end);
      return kind === PDU.request
        ? `A-ASSOCIATE request ${memory.calling} --> ${memory.called}`
        : `A-ASSOCIATE accept  ${memory.calling} <-- ${memory.called}`;
    }
    case PDU.reject: {
      for (const [i, key] of ['result', 'source', 'reason'].entries()) t.add(`assoc.reject.${key}`, at + 1 + i);
      const why = t.u8(at + 2) === 1 ? REFUSALS[t.u8(at + 3)] : undefined;
      return `A-ASSOCIATE reject  ${memory.calling} <-- ${memory.called} (${why ?? 'Unknown'})`;
    }
    case PDU.abort:
      t.add('assoc.abort.source', at + 2);
      t.add('assoc.abort.reason', at + 3);
      return `ABORT ${memory.calling} ${t.packet.direction === 0 ? '-->' : '<--'} ${memory.called} (${ABORTS[t.u8(at + 3)] ?? 'Unknown'})`;
    case PDU.data:
      return values(t, at);
    default:
      return kind === PDU.release ? 'A-RELEASE request' : 'A-RELEASE response';
  }
}

/** Parts of an association (9.3.2), some with parts of their own. */
function items(t: TreeBuilder, from: number, end: number): void {
  for (let at = from; at + 4 <= end; ) {
    const type = t.u8(at);
    const length = t.u16(at + 2);
    const value = at + 4;
    t.need(value, length);
    t.add('assoc.item.type', at);
    t.nest(t.last());
    t.add('assoc.item.len', at + 2);
    item(t, type, value, length);
    t.close();
    at = value + length;
  }
}

function item(t: TreeBuilder, type: number, at: number, length: number): void {
  switch (type) {
    case ITEM.application:
      t.add('actx', at, length);
      break;
    case ITEM.presentation:
    case ITEM.presentationAnswer:
      t.add('pctx.id', at);
      if (type === ITEM.presentationAnswer) t.add('pctx.result', at + 2);
      items(t, at + 4, at + length);
      break;
    case ITEM.abstract:
      t.add('pctx.abss.syntax', at, length);
      break;
    case ITEM.transfer:
      t.add('pctx.xfer.syntax', at, length);
      break;
    case ITEM.user:
      items(t, at, at + length);
      break;
    case ITEM.maxLength:
      t.add('max_pdu_len', at);
      break;
    case ITEM.uid:
      t.add('userinfo.uid', at, length);
      break;
    case ITEM.version:
      t.add('userinfo.version', at, length);
      break;
    default:
  }
}

/** Presentation data values: a length, a context, whether it is a command. Commands are told by their name. */
function values(t: TreeBuilder, from: number): string {
  const said: string[] = [];
  for (let at = from; at < t.end; ) {
    const length = t.u32(at);
    t.add('pdv.len', at);
    t.add('pdv.ctx', at + 4);
    t.add('pdv.flags', at + 5);
    t.need(at + 4, length);
    if ((t.u8(at + 5) & IS_COMMAND) !== 0) {
      const command = commandOf(t, at + 6, at + 4 + length);
      if (command !== undefined) said.push(command);
    }
    at += 4 + Math.max(2, length);
  }
  return ['P-DATA', ...said].join(', ');
}

/** Elements of a command set are implicit little endian: group, element, length, value. */
function commandOf(t: TreeBuilder, from: number, end: number): string | undefined {
  for (let at = from; at + 8 <= end; ) {
    const length = t.u32le(at + 4);
    if (t.u16le(at) === 0 && t.u16le(at + 2) === COMMAND_FIELD && at + 10 <= end) return COMMANDS[t.u16le(at + 8)];
    at += 8 + length;
  }
  return undefined;
}
