/** Apache Kafka (Kafka protocol guide): requests with an API key and version, responses that answer by correlation id. */

import { u16, u32 } from '../../base/bytes.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../protocol.ts';
import { isFromServer } from '../text-lines.ts';

const PORT = 9092;
const MAX_MESSAGE = 256 << 20;
const MAX_VERSION = 20;
const APIS: Readonly<Record<number, string>> = Object.fromEntries(
  [
    'Produce',
    'Fetch',
    'Offsets',
    'Metadata',
    'LeaderAndIsr',
    'StopReplica',
    'UpdateMetadata',
    'ControlledShutdown',
    'OffsetCommit',
    'OffsetFetch',
    'FindCoordinator',
    'JoinGroup',
    'Heartbeat',
    'LeaveGroup',
    'SyncGroup',
    'DescribeGroups',
    'ListGroups',
    'SaslHandshake',
    'ApiVersions',
    'CreateTopics',
    'DeleteTopics',
    'DeleteRecords',
    'InitProducerId',
    'OffsetForLeaderEpoch',
    'AddPartitionsToTxn',
    'AddOffsetsToTxn',
    'EndTxn',
    'WriteTxnMarkers',
    'TxnOffsetCommit',
    'DescribeAcls',
    'CreateAcls',
    'DeleteAcls',
    'DescribeConfigs',
    'AlterConfigs',
    'AlterReplicaLogDirs',
    'DescribeLogDirs',
    'SaslAuthenticate',
    'CreatePartitions',
    'CreateDelegationToken',
    'RenewDelegationToken',
    'ExpireDelegationToken',
    'DescribeDelegationToken',
    'DeleteGroups',
    'ElectLeaders',
    'IncrementalAlterConfigs',
    'AlterPartitionReassignments',
    'ListPartitionReassignments',
    'OffsetDelete',
    'DescribeClientQuotas',
    'AlterClientQuotas',
    'DescribeUserScramCredentials',
    'AlterUserScramCredentials',
  ].map((name, key) => [key, name]),
);
/** Requests that wait for their response, per conversation. */
const MAX_WAITING = 100_000;

interface Asked {
  readonly frame: number;
  readonly api: number;
  readonly version: number;
}

function frame(f: Framing): number {
  if (f.end - f.at < 4) return MORE;
  const length = u32(f.bytes, f.at);
  return length < 4 || length > MAX_MESSAGE ? NOT_MINE : 4 + length;
}

export const kafka = defineProtocol({
  name: 'kafka',
  title: 'Kafka',
  short: 'Kafka',
  on: { 'tcp.port': [PORT] },
  remembers: true,
  header: 8,
  fields: {
    len: { type: 'i32', label: 'Length', many: true },
    api_key: { type: 'i16', label: 'API Key', names: APIS, many: true },
    api_version: { type: 'i16', label: 'API Version', many: true },
    correlation_id: { type: 'i32', label: 'Correlation ID', many: true },
    client_id: { type: 'string', label: 'Client ID', many: true },
    request_frame: { type: 'frame', label: 'Request Frame', many: true },
  },
  recogniseOn: ['tcp'],
  /** ApiVersions or Metadata is what a client says first; its client id fits the message. */
  recognise(bytes, at, end) {
    if (end - at < 14 || u32(bytes, at) !== end - at - 4) return false;
    const api = u16(bytes, at + 4);
    const client = u16(bytes, at + 12);
    if ((api !== 18 && api !== 3 && api !== 17) || u16(bytes, at + 6) > MAX_VERSION || u32(bytes, at + 8) > 1000)
      return false;
    if (client === 0 || at + 14 + client > end) return false;
    for (let i = at + 14; i < at + 14 + client; i++) if (bytes[i] < 0x21 || bytes[i] > 0x7e) return false;
    return true;
  },
  frame,
  tree(t) {
    const asked = t.conversation((): Map<number, Asked> => new Map());
    const { at } = t;
    t.add('len', at);
    if (!isFromServer(t, [PORT])) {
      const api = t.u16(at + 4);
      const version = t.u16(at + 6);
      const id = t.u32(at + 8);
      t.add('api_key', at + 4);
      t.add('api_version', at + 6);
      t.add('correlation_id', at + 8);
      t.info(`Kafka ${APIS[api] ?? `Unknown (${api})`} v${version} Request`);
      if (asked.size < MAX_WAITING && !asked.has(id)) asked.set(id, { frame: t.packet.number, api, version });
      const length = t.u16(at + 12);
      if (length > 0 && length < 0x8000) t.add('client_id', at + 14, length);
      return;
    }
    t.add('correlation_id', at + 4);
    const request = asked.get(t.u32(at + 4));
    if (request === undefined) {
      t.info('Kafka Response (Undecoded, Request Missing)');
      return;
    }
    t.generated('request_frame', request.frame);
    t.generated('api_key', request.api);
    t.generated('api_version', request.version);
    t.info(`Kafka ${APIS[request.api] ?? `Unknown (${request.api})`} v${request.version} Response`);
  },
});
