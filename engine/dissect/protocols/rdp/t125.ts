/** T.125 (MCS) as RDP uses it: connecting in BER, with T.124 conference data inside; joining channels and data in PER. */

import { decodeLatin1 } from '../../../base/text.ts';
import type { FieldSpec } from '../../field-spec.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { setContent } from './content.ts';

const CONNECT = { initial: 101, response: 102 } as const;
const CONNECTS: Readonly<Record<number, string>> = {
  101: 'connect-initial',
  102: 'connect-response',
  103: 'connect-additional',
  104: 'connect-result',
};
const DOMAIN = {
  erect: 1,
  disconnect: 8,
  attach: 10,
  attached: 11,
  join: 14,
  joined: 15,
  request: 25,
  indication: 26,
} as const;
const DOMAINS: Readonly<Record<number, string>> = Object.fromEntries(
  [
    'plumbDomainIndication',
    'erectDomainRequest',
    'mergeChannelsRequest',
    'mergeChannelsConfirm',
    'purgeChannelsIndication',
    'mergeTokensRequest',
    'mergeTokensConfirm',
    'purgeTokensIndication',
    'disconnectProviderUltimatum',
    'rejectMCSPDUUltimatum',
    'attachUserRequest',
    'attachUserConfirm',
    'detachUserRequest',
    'detachUserIndication',
    'channelJoinRequest',
    'channelJoinConfirm',
    'channelLeaveRequest',
    'channelConveneRequest',
    'channelConveneConfirm',
    'channelDisbandRequest',
    'channelDisbandIndication',
    'channelAdmitRequest',
    'channelAdmitIndication',
    'channelExpelRequest',
    'channelExpelIndication',
    'sendDataRequest',
    'sendDataIndication',
    'uniformSendDataRequest',
    'uniformSendDataIndication',
    'tokenGrabRequest',
    'tokenGrabConfirm',
    'tokenInhibitRequest',
    'tokenInhibitConfirm',
    'tokenGiveRequest',
    'tokenGiveIndication',
    'tokenGiveResponse',
    'tokenGiveConfirm',
    'tokenPleaseRequest',
    'tokenPleaseIndication',
    'tokenReleaseRequest',
    'tokenReleaseConfirm',
    'tokenTestRequest',
    'tokenTestConfirm',
  ].map((name, i) => [i, name]),
);
const RESULTS: Readonly<Record<number, string>> = {
  0: 'rt-successful',
  1: 'rt-domain-merging',
  2: 'rt-domain-not-hierarchical',
  3: 'rt-no-such-channel',
  4: 'rt-no-such-domain',
  5: 'rt-no-such-user',
  6: 'rt-not-admitted',
  7: 'rt-other-user-id',
  8: 'rt-parameters-unacceptable',
  9: 'rt-token-not-available',
  10: 'rt-token-not-possessed',
  11: 'rt-too-many-channels',
  12: 'rt-too-many-tokens',
  13: 'rt-too-many-users',
  14: 'rt-unspecified-failure',
  15: 'rt-user-rejected',
};
const REASONS: Readonly<Record<number, string>> = {
  0: 'rn-domain-disconnected',
  1: 'rn-provider-initiated',
  2: 'rn-token-purged',
  3: 'rn-user-requested',
  4: 'rn-channel-purged',
};
const PARAMETERS = [
  'maxChannelIds',
  'maxUserIds',
  'maxTokenIds',
  'numPriorities',
  'minThroughput',
  'maxHeight',
  'maxMCSPDUsize',
  'protocolVersion',
] as const;
/** User ids count from here (T.125 7, DynamicChannelId). */
const FIRST_USER = 1001;
const OCTETS = 4;
const SEQUENCE = 0x30;

function shared(name: string, spec: Omit<FieldSpec, 'abbrev'>): Readonly<Record<string, FieldSpec>> {
  return { [name]: { ...spec, abbrev: `t124.${name}`, many: true } };
}

export const t125 = defineProtocol({
  name: 't125',
  title: 'MULTIPOINT-COMMUNICATION-SERVICE T.125',
  short: 'T.125',
  opens: ['t124', 'rdp'],
  fields: {
    ConnectMCSPDU: { type: 'u32', label: 'ConnectMCSPDU', names: CONNECTS },
    connect_initial_element: { type: 'none', label: 'connect-initial' },
    connect_response_element: { type: 'none', label: 'connect-response' },
    callingDomainSelector: { type: 'bytes', label: 'callingDomainSelector' },
    calledDomainSelector: { type: 'bytes', label: 'calledDomainSelector' },
    upwardFlag: { type: 'bool', label: 'upwardFlag', flag: ['True', 'False'] },
    targetParameters_element: { type: 'none', label: 'targetParameters' },
    minimumParameters_element: { type: 'none', label: 'minimumParameters' },
    maximumParameters_element: { type: 'none', label: 'maximumParameters' },
    domainParameters_element: { type: 'none', label: 'domainParameters' },
    ...Object.fromEntries(PARAMETERS.map((name) => [name, { type: 'u64', label: name, many: true }])),
    result: { type: 'u32', label: 'result', names: RESULTS },
    calledConnectId: { type: 'u64', label: 'calledConnectId' },
    userData: { type: 'bytes', label: 'userData' },
    ...shared('DomainMCSPDU', { type: 'u32', label: 'DomainMCSPDU', names: DOMAINS }),
    ...shared('subHeight', { type: 'u64', label: 'subHeight' }),
    ...shared('subInterval', { type: 'u64', label: 'subInterval' }),
    ...shared('initiator', { type: 'u32', label: 'initiator' }),
    ...shared('channelId', { type: 'u32', label: 'channelId' }),
    ...shared('requested', { type: 'u32', label: 'requested' }),
    ...shared('dataPriority', {
      type: 'u32',
      label: 'dataPriority',
      names: { 0: 'top', 1: 'high', 2: 'medium', 3: 'low' },
    }),
    ...shared('reason', { type: 'u32', label: 'reason', names: REASONS }),
    'domain.result': { type: 'u32', label: 'result', names: RESULTS, abbrev: 't124.result', many: true },
  },
  tree(t) {
    if (t.u8(t.at) === 0x7f) connect(t);
    else domain(t);
  },
});

/** The conference layer (T.124) of the connecting messages: a fixed wrapping of user data. */
export const t124 = defineProtocol({
  name: 't124',
  title: 'GENERIC-CONFERENCE-CONTROL T.124',
  short: 'T.124',
  opens: ['rdp'],
  fields: {
    ConnectData: { type: 'none', label: 'ConnectData' },
    connectGCCPDU: {
      type: 'u32',
      label: 'connectGCCPDU',
      names: { 0: 'conferenceCreateRequest', 1: 'conferenceCreateResponse' },
    },
    h221NonStandard: { type: 'bytes', label: 'h221NonStandard' },
    value: { type: 'bytes', label: 'value' },
  },
  tree: conference,
});

/** Length of BER and of PER's length determinants: one byte, or more behind a first byte with its top bit set. */
function berLength(t: TreeBuilder, at: number): { readonly length: number; readonly next: number } {
  const first = t.u8(at);
  if (first < 0x80) return { length: first, next: at + 1 };
  const count = first & 0x7f;
  if (count === 0 || count > 4) t.fail();
  let length = 0;
  for (let i = 0; i < count; i++) length = length * 256 + t.u8(at + 1 + i);
  return { length, next: at + 1 + count };
}

function perLength(t: TreeBuilder, at: number): { readonly length: number; readonly next: number } {
  const first = t.u8(at);
  return first < 0x80 ? { length: first, next: at + 1 } : { length: t.u16(at) & 0x3fff, next: at + 2 };
}

function connect(t: TreeBuilder): void {
  const { at } = t;
  const type = t.u8(at + 1);
  const { next } = berLength(t, at + 2);
  t.put('ConnectMCSPDU', type, at, t.end - at);
  t.nest(t.last());
  t.info(`${CONNECTS[type] ?? 'Unknown'}`);
  const isInitial = type === CONNECT.initial;
  if (!isInitial && type !== CONNECT.response) {
    t.close();
    return;
  }
  t.add(isInitial ? 'connect_initial_element' : 'connect_response_element', next, t.end - next);
  t.nest(t.last());
  const keys = isInitial
    ? [
        'callingDomainSelector',
        'calledDomainSelector',
        'upwardFlag',
        'targetParameters_element',
        'minimumParameters_element',
        'maximumParameters_element',
        'userData',
      ]
    : ['result', 'calledConnectId', 'domainParameters_element', 'userData'];
  let from = next;
  let dataAt = -1;
  let dataEnd = -1;
  for (const key of keys) {
    const tag = t.u8(from);
    const { length, next: body } = berLength(t, from + 1);
    t.need(body, length);
    if (tag === SEQUENCE) domainParameters(t, key, from, body, body + length);
    else if (tag === OCTETS) {
      t.add(key, body, length);
      if (key === 'userData') {
        dataAt = body;
        dataEnd = body + length;
      }
    } else {
      const value = integer(t, body, length);
      t.put(key, key === 'calledConnectId' ? value : Number(value & 0xffffffffn), body, length);
    }
    from = body + length;
  }
  t.close();
  t.close();
  if (dataAt < 0) return;
  setContent(t, { kind: isInitial ? 'client' : 'server', channel: 0 });
  t.dissect('t124', dataAt, dataEnd, dataEnd);
}

function integer(t: TreeBuilder, at: number, length: number): bigint {
  if (length > 8) t.fail();
  let value = 0n;
  for (let i = 0; i < length; i++) value = (value << 8n) | BigInt(t.u8(at + i));
  return value;
}

function domainParameters(t: TreeBuilder, key: string, from: number, body: number, end: number): void {
  t.add(key, from, end - from);
  t.nest(t.last());
  let at = body;
  for (const name of PARAMETERS) {
    if (at >= end) break;
    const { length, next } = berLength(t, at + 1);
    t.put(name, integer(t, next, length), next, length);
    at = next + length;
  }
  t.close();
}

/** T.125 7, aligned PER: a choice in six bits, then what it needs. */
function domain(t: TreeBuilder): void {
  const { at } = t;
  const first = t.u8(at);
  const choice = first >>> 2;
  const name = DOMAINS[choice] ?? 'Unknown';
  t.put('DomainMCSPDU', choice, at, t.end - at);
  t.nest(t.last());
  t.info(`${name} `);
  switch (choice) {
    case DOMAIN.erect: {
      const height = perLength(t, at + 1);
      t.put('subHeight', integer(t, height.next, height.length), at + 1, 1 + height.length);
      const interval = perLength(t, height.next + height.length);
      t.put(
        'subInterval',
        integer(t, interval.next, interval.length),
        height.next + height.length,
        1 + interval.length,
      );
      break;
    }
    case DOMAIN.disconnect:
      t.put('reason', ((first & 3) << 1) | (t.u8(at + 1) >>> 7), at, 2);
      break;
    case DOMAIN.attached:
      t.put('domain.result', ((first & 1) << 3) | (t.u8(at + 1) >>> 5), at, 2);
      if ((first & 2) !== 0) t.put('initiator', t.u16(at + 2), at + 2, 2);
      break;
    case DOMAIN.join:
      t.put('initiator', t.u16(at + 1), at + 1, 2);
      t.put('channelId', t.u16(at + 3), at + 3, 2);
      t.info(`${name} ${t.u16(at + 3)}`);
      break;
    case DOMAIN.joined:
      t.put('domain.result', ((first & 1) << 3) | (t.u8(at + 1) >>> 5), at, 2);
      t.put('initiator', t.u16(at + 2), at + 2, 2);
      t.put('requested', t.u16(at + 4), at + 4, 2);
      if ((first & 2) !== 0) t.put('channelId', t.u16(at + 6), at + 6, 2);
      t.info(`${name} ${t.u16(at + 4)}`);
      break;
    case DOMAIN.request:
    case DOMAIN.indication:
      sendData(t, at);
      return;
    default:
      break;
  }
  t.close();
}

function sendData(t: TreeBuilder, at: number): void {
  const channel = t.u16(at + 3);
  t.put('initiator', t.u16(at + 1), at + 1, 2);
  t.put('channelId', channel, at + 3, 2);
  t.put('dataPriority', t.u8(at + 5) >>> 6, at + 5, 1);
  const { length, next } = perLength(t, at + 6);
  t.close();
  t.headerEnd(next);
  if (channel < FIRST_USER || next >= t.end) return;
  const end = Math.min(t.end, next + length);
  setContent(t, { kind: 'data', channel });
  t.dissect('rdp', next, end, Math.max(end, next + length));
}

const KEYS = ['Duca', 'McDn'];

/** RDP's settings are the user data behind a key of four letters. */
function conference(t: TreeBuilder): void {
  const { at } = t;
  t.add('ConnectData', at, t.end - at);
  const text = decodeLatin1(t.bytes, at, Math.min(t.end, at + 64));
  const index = KEYS.findIndex((key) => text.includes(key));
  if (index < 0) return;
  const key = at + text.indexOf(KEYS[index] ?? '');
  t.put('connectGCCPDU', index, at, t.end - at);
  t.add('h221NonStandard', key, 4);
  const { length, next } = perLength(t, key + 4);
  const end = Math.min(t.end, next + length);
  t.add('value', next, end - next);
  setContent(t, { kind: index === 0 ? 'client' : 'server', channel: 0 });
  t.dissect('rdp', next, end, Math.max(end, next + length));
}
