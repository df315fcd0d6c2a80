/** FIX (Financial Information eXchange): fields `tag=value`, each ended by a control byte; the first three frame the message. */

import { decodeLatin1 } from '../../../base/text.ts';
import type { FieldSpec } from '../../field-spec.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../../protocol.ts';

const END = 1;
const BEGINS = '8=FIX';
/** `8=FIX.4.2|9=12345|`: longer heads there are none. */
const MAX_HEAD = 32;
const TRAILER = 7; // 10=123|
const MAX_LENGTH = 16 << 20;
const MESSAGE_TYPE = 35;
const MESSAGES: Readonly<Record<string, string>> = {
  0: 'Heartbeat',
  1: 'TestRequest',
  2: 'ResendRequest',
  3: 'Reject',
  4: 'SequenceReset',
  5: 'Logout',
  6: 'IOI',
  7: 'Advertisement',
  8: 'ExecutionReport',
  9: 'OrderCancelReject',
  A: 'Logon',
  B: 'News',
  C: 'Email',
  D: 'NewOrderSingle',
  E: 'NewOrderList',
  F: 'OrderCancelRequest',
  G: 'OrderCancelReplaceRequest',
  H: 'OrderStatusRequest',
  J: 'AllocationInstruction',
  K: 'ListCancelRequest',
  L: 'ListExecute',
  M: 'ListStatusRequest',
  N: 'ListStatus',
  P: 'AllocationInstructionAck',
  Q: 'DontKnowTrade',
  R: 'QuoteRequest',
  S: 'Quote',
  T: 'SettlementInstructions',
  V: 'MarketDataRequest',
  W: 'MarketDataSnapshotFullRefresh',
  X: 'MarketDataIncrementalRefresh',
  Y: 'MarketDataRequestReject',
  Z: 'QuoteCancel',
  a: 'QuoteStatusRequest',
  b: 'MassQuoteAcknowledgement',
  c: 'SecurityDefinitionRequest',
  d: 'SecurityDefinition',
  e: 'SecurityStatusRequest',
  f: 'SecurityStatus',
  g: 'TradingSessionStatusRequest',
  h: 'TradingSessionStatus',
  i: 'MassQuote',
  j: 'BusinessMessageReject',
  q: 'OrderMassCancelRequest',
  r: 'OrderMassCancelReport',
  s: 'NewOrderCross',
  AD: 'TradeCaptureReportRequest',
  AE: 'TradeCaptureReport',
  BE: 'UserRequest',
  BF: 'UserResponse',
};
/** Tags that have a field of their own. */
const TAGS: Readonly<Record<number, string>> = {
  1: 'Account',
  6: 'AvgPx',
  8: 'BeginString',
  9: 'BodyLength',
  10: 'CheckSum',
  11: 'ClOrdID',
  14: 'CumQty',
  15: 'Currency',
  17: 'ExecID',
  21: 'HandlInst',
  31: 'LastPx',
  32: 'LastQty',
  34: 'MsgSeqNum',
  35: 'MsgType',
  37: 'OrderID',
  38: 'OrderQty',
  39: 'OrdStatus',
  40: 'OrdType',
  41: 'OrigClOrdID',
  43: 'PossDupFlag',
  44: 'Price',
  45: 'RefSeqNum',
  48: 'SecurityID',
  49: 'SenderCompID',
  50: 'SenderSubID',
  52: 'SendingTime',
  54: 'Side',
  55: 'Symbol',
  56: 'TargetCompID',
  57: 'TargetSubID',
  58: 'Text',
  59: 'TimeInForce',
  60: 'TransactTime',
  98: 'EncryptMethod',
  108: 'HeartBtInt',
  150: 'ExecType',
  151: 'LeavesQty',
  553: 'Username',
};
const OTHER: Readonly<Record<string, FieldSpec>> = {
  'field.tag': { type: 'u16', label: 'Field Tag', many: true },
  'field.value': { type: 'string', label: 'Field Value', many: true },
};

function begins(bytes: Uint8Array, at: number, end: number): boolean {
  return BEGINS.startsWith(decodeLatin1(bytes, at, Math.min(end, at + BEGINS.length)));
}

export const fix = defineProtocol({
  name: 'fix',
  title: 'Financial Information eXchange Protocol',
  fields: {
    ...Object.fromEntries(
      Object.entries(TAGS).map(([tag, name]): [string, FieldSpec] => [
        name,
        { type: 'string', label: `${name} (${tag})`, many: true },
      ]),
    ),
    ...OTHER,
  },
  recogniseOn: ['tcp'],
  recognise: (bytes, at, end) => end - at > BEGINS.length && begins(bytes, at, end),
  frame(f: Framing): number {
    if (!begins(f.bytes, f.at, f.end)) return NOT_MINE;
    const head = /^8=FIX[^\x01]*\x019=(\d+)\x01/.exec(decodeLatin1(f.bytes, f.at, Math.min(f.end, f.at + MAX_HEAD)));
    if (head === null) return f.end - f.at < MAX_HEAD ? MORE : NOT_MINE;
    const length = Number(head[1]);
    return length > MAX_LENGTH ? NOT_MINE : head[0].length + length + TRAILER;
  },
  tree(t) {
    let said = 'FIX Message';
    for (let at = t.at; at < t.end; ) {
      const found = t.bytes.subarray(at, t.end).indexOf(END);
      const stop = found < 0 ? t.end : at + found;
      const equals = t.bytes.subarray(at, stop).indexOf(0x3d);
      if (equals > 0) {
        const tag = Number(t.string(at, equals, 'latin1'));
        const valueAt = at + equals + 1;
        const value = t.string(valueAt, stop - valueAt);
        const name = TAGS[tag];
        if (name !== undefined) t.put(name, value, at, stop - at, `${name} (${tag}): ${value}`);
        else if (Number.isInteger(tag) && tag <= 0xffff) {
          t.put('field.tag', tag, at, equals);
          t.put('field.value', value, valueAt, stop - valueAt);
        }
        if (tag === MESSAGE_TYPE) said = MESSAGES[value] ?? `FIX Message (${value})`;
      }
      at = stop + 1;
    }
    t.addLabel(`, ${said}`);
    t.info(t.fencedInfo === '' ? said : `, ${said}`);
  },
});
