/** OPC UA's binary protocol over TCP (OPC 10000-6 7.1): connecting, secure channels, and the service that a message asks for. */

import { u32le } from '../../base/bytes.ts';
import { decodeLatin1 } from '../../base/text.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const HEADER = 8;
const PORT = 4840;
const MAX_LENGTH = 64 << 20;
const MESSAGES: Readonly<Record<string, string>> = {
  HEL: 'Hello message',
  ACK: 'Acknowledge message',
  ERR: 'Error message',
  RHE: 'Reverse Hello message',
  OPN: 'OpenSecureChannel message',
  CLO: 'CloseSecureChannel message',
  MSG: 'UA Secure Conversation Message',
};
/** Node ids of the binary encodings of requests and answers (part 6, annex A). */
const SERVICES: Readonly<Record<number, string>> = {
  397: 'ServiceFault',
  410: 'TestStackRequest',
  413: 'TestStackResponse',
  416: 'TestStackExRequest',
  419: 'TestStackExResponse',
  422: 'FindServersRequest',
  425: 'FindServersResponse',
  428: 'GetEndpointsRequest',
  431: 'GetEndpointsResponse',
  437: 'RegisterServerRequest',
  440: 'RegisterServerResponse',
  446: 'OpenSecureChannelRequest',
  449: 'OpenSecureChannelResponse',
  452: 'CloseSecureChannelRequest',
  455: 'CloseSecureChannelResponse',
  461: 'CreateSessionRequest',
  464: 'CreateSessionResponse',
  467: 'ActivateSessionRequest',
  470: 'ActivateSessionResponse',
  473: 'CloseSessionRequest',
  476: 'CloseSessionResponse',
  479: 'CancelRequest',
  482: 'CancelResponse',
  488: 'AddNodesRequest',
  491: 'AddNodesResponse',
  494: 'AddReferencesRequest',
  497: 'AddReferencesResponse',
  500: 'DeleteNodesRequest',
  503: 'DeleteNodesResponse',
  506: 'DeleteReferencesRequest',
  509: 'DeleteReferencesResponse',
  527: 'BrowseRequest',
  530: 'BrowseResponse',
  533: 'BrowseNextRequest',
  536: 'BrowseNextResponse',
  554: 'TranslateBrowsePathsToNodeIdsRequest',
  557: 'TranslateBrowsePathsToNodeIdsResponse',
  560: 'RegisterNodesRequest',
  563: 'RegisterNodesResponse',
  566: 'UnregisterNodesRequest',
  569: 'UnregisterNodesResponse',
  615: 'QueryFirstRequest',
  618: 'QueryFirstResponse',
  621: 'QueryNextRequest',
  624: 'QueryNextResponse',
  631: 'ReadRequest',
  634: 'ReadResponse',
  664: 'HistoryReadRequest',
  667: 'HistoryReadResponse',
  673: 'WriteRequest',
  676: 'WriteResponse',
  700: 'HistoryUpdateRequest',
  703: 'HistoryUpdateResponse',
  712: 'CallRequest',
  715: 'CallResponse',
  751: 'CreateMonitoredItemsRequest',
  754: 'CreateMonitoredItemsResponse',
  763: 'ModifyMonitoredItemsRequest',
  766: 'ModifyMonitoredItemsResponse',
  769: 'SetMonitoringModeRequest',
  772: 'SetMonitoringModeResponse',
  775: 'SetTriggeringRequest',
  778: 'SetTriggeringResponse',
  781: 'DeleteMonitoredItemsRequest',
  784: 'DeleteMonitoredItemsResponse',
  787: 'CreateSubscriptionRequest',
  790: 'CreateSubscriptionResponse',
  793: 'ModifySubscriptionRequest',
  796: 'ModifySubscriptionResponse',
  799: 'SetPublishingModeRequest',
  802: 'SetPublishingModeResponse',
  826: 'PublishRequest',
  829: 'PublishResponse',
  832: 'RepublishRequest',
  835: 'RepublishResponse',
  841: 'TransferSubscriptionsRequest',
  844: 'TransferSubscriptionsResponse',
  847: 'DeleteSubscriptionsRequest',
  850: 'DeleteSubscriptionsResponse',
  12208: 'FindServersOnNetworkRequest',
  12209: 'FindServersOnNetworkResponse',
  12211: 'RegisterServer2Request',
  12212: 'RegisterServer2Response',
};
const NULL_TEXT = 0xffffffff;
const WHOLE = 'F';

function kindAt(bytes: Uint8Array, at: number, end: number): string {
  return decodeLatin1(bytes, at, Math.min(end, at + 3));
}

function begins(bytes: Uint8Array, at: number, end: number): boolean {
  const kind = kindAt(bytes, at, end);
  return Object.keys(MESSAGES).some((name) => name.startsWith(kind));
}

export const opcua = defineProtocol({
  name: 'opcua',
  title: 'OpcUa Binary Protocol',
  short: 'OpcUa',
  on: { 'tcp.port': [PORT] },
  fields: {
    'transport.type': { type: 'string', label: 'Message Type' },
    'transport.chunk': { type: 'string', label: 'Chunk Type' },
    'transport.size': { type: 'u32', label: 'Message Size', little: true },
    'transport.ver': { type: 'u32', label: 'Version', little: true },
    'transport.scid': { type: 'u32', label: 'SecureChannelId', little: true },
    'transport.rbs': { type: 'u32', label: 'ReceiveBufferSize', little: true },
    'transport.sbs': { type: 'u32', label: 'SendBufferSize', little: true },
    'transport.mms': { type: 'u32', label: 'MaxMessageSize', little: true },
    'transport.mcc': { type: 'u32', label: 'MaxChunkCount', little: true },
    'transport.endpoint': { type: 'string', label: 'EndpointUrl' },
    'transport.suri': { type: 'string', label: 'ServerUri' },
    'transport.error': { type: 'u32', label: 'Error', show: 'hex', little: true },
    'transport.reason': { type: 'string', label: 'Reason' },
    'security.spu': { type: 'string', label: 'SecurityPolicyUri' },
    'security.scert': { type: 'bytes', label: 'SenderCertificate' },
    'security.rcthumb': { type: 'bytes', label: 'ReceiverCertificateThumbprint' },
    'security.seq': { type: 'u32', label: 'SequenceNumber', little: true },
    'security.rqid': { type: 'u32', label: 'RequestId', little: true },
    'security.tokenid': { type: 'u32', label: 'Security Token Id', little: true },
    'servicenodeid.encodingmask': { type: 'u8', label: 'NodeId EncodingMask', show: 'hex' },
    'servicenodeid.nsid': { type: 'u8', label: 'NodeId Namespace Index', little: true },
    'servicenodeid.numeric': { type: 'u32', label: 'NodeId Identifier Numeric', names: SERVICES },
    data: { type: 'bytes', label: 'Service parameters', abbrev: 'opcua.data' },
  },
  recogniseOn: ['tcp'],
  recognise(bytes, at, end) {
    if (end - at < HEADER + 4 || bytes[at + 3] !== WHOLE.charCodeAt(0)) return false;
    return kindAt(bytes, at, end) === 'HEL' && u32le(bytes, at + 4) === end - at;
  },
  frame(f: Framing): number {
    if (!begins(f.bytes, f.at, f.end)) return NOT_MINE;
    if (f.end - f.at < HEADER) return MORE;
    const length = u32le(f.bytes, f.at + 4);
    return length < HEADER || length > MAX_LENGTH ? NOT_MINE : length;
  },
  tree(t) {
    const { at } = t;
    const kind = kindAt(t.bytes, at, t.end);
    const name = MESSAGES[kind];
    const before = t.fencedInfo === '' ? '' : ', ';
    if (name === undefined) {
      t.info(`${before}Invalid message`);
      return;
    }
    t.info(before + name);
    t.add('transport.type', at, 3);
    t.add('transport.chunk', at + 3, 1);
    t.add('transport.size', at + 4);
    body(t, kind, at + HEADER);
  },
});

/** A text behind its length; all ones: there is none. Returns one past it. */
function text(t: TreeBuilder, key: string, at: number): number {
  const length = t.u32le(at);
  if (length === NULL_TEXT) {
    if (t.protocol.fields.get(key)?.field.type === 'string') t.put(key, '', at, 4);
    return at + 4;
  }
  t.add(key, at + 4, length);
  return at + 4 + length;
}

function numbers(t: TreeBuilder, keys: readonly string[], from: number): number {
  let at = from;
  for (const key of keys) at = t.add(key, at);
  return at;
}

function body(t: TreeBuilder, kind: string, at: number): void {
  const limits = ['transport.ver', 'transport.rbs', 'transport.sbs', 'transport.mms', 'transport.mcc'];
  switch (kind) {
    case 'HEL':
      text(t, 'transport.endpoint', numbers(t, limits, at));
      break;
    case 'ACK':
      numbers(t, limits, at);
      break;
    case 'ERR':
      text(t, 'transport.reason', t.add('transport.error', at));
      break;
    case 'RHE':
      text(t, 'transport.endpoint', text(t, 'transport.suri', at));
      break;
    case 'OPN': {
      let next = t.add('transport.scid', at);
      for (const key of ['security.spu', 'security.scert', 'security.rcthumb']) next = text(t, key, next);
      service(t, numbers(t, ['security.seq', 'security.rqid'], next));
      break;
    }
    default:
      conversation(t, at);
  }
}

/** A message of an open channel. Only its last chunk, or the only one, is told by the service. */
function conversation(t: TreeBuilder, at: number): void {
  const next = numbers(t, ['transport.scid', 'security.tokenid', 'security.seq', 'security.rqid'], at);
  if (t.string(t.at + 3, 1) === WHOLE) service(t, next);
  else if (next < t.end) t.add('data', next, t.end - next);
}

/** The node id that names the encoding of what follows (part 6, 5.2.2.9). */
function service(t: TreeBuilder, at: number): void {
  const encoding = t.u8(at);
  t.add('servicenodeid.encodingmask', at);
  let next = at + 1;
  let id = 0;
  if (encoding === 0) {
    id = t.u8(next);
    t.put('servicenodeid.numeric', id, next, 1);
    next += 1;
  } else if (encoding === 1) {
    t.add('servicenodeid.nsid', next);
    id = t.u16le(next + 1);
    t.put('servicenodeid.numeric', id, next + 1, 2);
    next += 3;
  } else if (next < t.end) {
    t.add('data', next, t.end - next);
    return;
  }
  t.addInfo(`: ${SERVICES[id] ?? 'ServiceId ' + id}`);
  if (next < t.end) t.add('data', next, t.end - next);
}
