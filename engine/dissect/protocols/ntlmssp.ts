/** NTLM ([MS-NLMP] 2.2): negotiate, challenge and authenticate messages, and the signature that goes with later ones. */

import { isNtlm, NTLM_NAMES, NTLM_TYPE, ntlmSummary, ntlmText } from '../ntlm.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const AT = {
  type: 8,
  negotiateFlags: 12,
  challengeFlags: 20,
  serverChallenge: 24,
  targetInfo: 40,
  authenticateFlags: 60,
} as const;
const UNICODE = 1;
const NTLM_V2_MIN = 24;
/** Bytes of a LAN Manager response, of any version. */
const LM_LENGTH = 24;
/** Milliseconds and fractions from 1601 to 1970, in nanoseconds. */
const EPOCH_1601 = 11_644_473_600_000_000_000n;
const ITEMS: Readonly<Record<number, string>> = {
  0: 'End of list',
  1: 'NetBIOS computer name',
  2: 'NetBIOS domain name',
  3: 'DNS computer name',
  4: 'DNS domain name',
  5: 'DNS tree name',
  6: 'Flags',
  7: 'Timestamp',
  8: 'Restrictions',
  9: 'Target Name',
  10: 'Channel Bindings',
};
/** Target info items that are text, by type. */
const TEXT_ITEMS: Readonly<Record<number, string>> = {
  1: 'nb_computer_name',
  2: 'nb_domain_name',
  3: 'dns_computer_name',
  4: 'dns_domain_name',
  5: 'dns_tree_name',
  9: 'target_name',
};
/** Negotiate flags from the highest bit; '' where two names would be one field. */
const FLAGS = [
  'negotiate56',
  'negotiatekeyexch',
  'negotiate128',
  'negotiatent10000000',
  'negotiatent08000000',
  'negotiatent04000000',
  'negotiateversion',
  'negotiatent01000000',
  'negotiatetargetinfo',
  'requestnonntsession',
  'negotiatent00200000',
  'negotiateidentify',
  'negotiatentlm2',
  'targettypeshare',
  'targettypeserver',
  'targettypedomain',
  'negotiatealwayssign',
  'negotiate00004000',
  'negotiateoemworkstationsupplied',
  'negotiateoemdomainsupplied',
  'negotiateanonymous',
  'negotiatentonly',
  'negotiatentlm',
  'negotiate00000100',
  'negotiatelmkey',
  'negotiatedatagram',
  'negotiateseal',
  'negotiatesign',
  'negotiate00000008',
  'requesttarget',
  'negotiateoem',
  'negotiateunicode',
] as const;

export const ntlmssp = defineProtocol({
  name: 'ntlmssp',
  title: 'NTLM Secure Service Provider',
  fields: {
    identifier: { type: 'string', label: 'NTLMSSP identifier' },
    messagetype: { type: 'u32', show: 'hex', label: 'NTLM Message Type', names: NTLM_NAMES },
    negotiateflags: { type: 'u32', show: 'hex', label: 'Negotiate Flags' },
    negotiateunicode: { type: 'bool', of: 'u32', bits: [0, 0], label: 'Negotiate UNICODE' },
    negotiateoem: { type: 'bool', of: 'u32', bits: [1, 1], label: 'Negotiate OEM' },
    requesttarget: { type: 'bool', of: 'u32', bits: [2, 2], label: 'Request Target' },
    negotiate00000008: { type: 'bool', of: 'u32', bits: [3, 3], label: 'Request 0x00000008' },
    negotiatesign: { type: 'bool', of: 'u32', bits: [4, 4], label: 'Negotiate Sign' },
    negotiateseal: { type: 'bool', of: 'u32', bits: [5, 5], label: 'Negotiate Seal' },
    negotiatedatagram: { type: 'bool', of: 'u32', bits: [6, 6], label: 'Negotiate Datagram' },
    negotiatelmkey: { type: 'bool', of: 'u32', bits: [7, 7], label: 'Negotiate Lan Manager Key' },
    negotiate00000100: { type: 'bool', of: 'u32', bits: [8, 8], label: 'Negotiate 0x00000100' },
    negotiatentlm: { type: 'bool', of: 'u32', bits: [9, 9], label: 'Negotiate NTLM key' },
    negotiatentonly: { type: 'bool', of: 'u32', bits: [10, 10], label: 'Negotiate NT Only' },
    negotiateanonymous: { type: 'bool', of: 'u32', bits: [11, 11], label: 'Negotiate Anonymous' },
    negotiateoemdomainsupplied: { type: 'bool', of: 'u32', bits: [12, 12], label: 'Negotiate OEM Domain Supplied' },
    negotiateoemworkstationsupplied: {
      type: 'bool',
      of: 'u32',
      bits: [13, 13],
      label: 'Negotiate OEM Workstation Supplied',
    },
    negotiate00004000: { type: 'bool', of: 'u32', bits: [14, 14], label: 'Negotiate 0x00004000' },
    negotiatealwayssign: { type: 'bool', of: 'u32', bits: [15, 15], label: 'Negotiate Always Sign' },
    targettypedomain: { type: 'bool', of: 'u32', bits: [16, 16], label: 'Target Type Domain' },
    targettypeserver: { type: 'bool', of: 'u32', bits: [17, 17], label: 'Target Type Server' },
    targettypeshare: { type: 'bool', of: 'u32', bits: [18, 18], label: 'Target Type Share' },
    negotiatentlm2: { type: 'bool', of: 'u32', bits: [19, 19], label: 'Negotiate Extended Security' },
    negotiateidentify: { type: 'bool', of: 'u32', bits: [20, 20], label: 'Negotiate Identify' },
    negotiatent00200000: { type: 'bool', of: 'u32', bits: [21, 21], label: 'Negotiate 0x00200000' },
    requestnonntsession: { type: 'bool', of: 'u32', bits: [22, 22], label: 'Request Non-NT Session' },
    negotiatetargetinfo: { type: 'bool', of: 'u32', bits: [23, 23], label: 'Negotiate Target Info' },
    negotiatent01000000: { type: 'bool', of: 'u32', bits: [24, 24], label: 'Negotiate 0x01000000' },
    negotiateversion: { type: 'bool', of: 'u32', bits: [25, 25], label: 'Negotiate Version' },
    negotiatent04000000: { type: 'bool', of: 'u32', bits: [26, 26], label: 'Negotiate 0x04000000' },
    negotiatent08000000: { type: 'bool', of: 'u32', bits: [27, 27], label: 'Negotiate 0x08000000' },
    negotiatent10000000: { type: 'bool', of: 'u32', bits: [28, 28], label: 'Negotiate 0x10000000' },
    negotiate128: { type: 'bool', of: 'u32', bits: [29, 29], label: 'Negotiate 128' },
    negotiatekeyexch: { type: 'bool', of: 'u32', bits: [30, 30], label: 'Negotiate Key Exchange' },
    negotiate56: { type: 'bool', of: 'u32', bits: [31, 31], label: 'Negotiate 56' },
    version: { type: 'none', label: 'Version' },
    'version.major': { type: 'u8', label: 'Major Version' },
    'version.minor': { type: 'u8', label: 'Minor Version' },
    'version.build_number': { type: 'u16', label: 'Build Number' },
    'version.ntlm_current_revision': { type: 'u8', label: 'NTLM Current Revision' },
    'string.length': { type: 'u16', label: 'Length', many: true },
    'string.maxlen': { type: 'u16', label: 'Maxlen', many: true },
    'string.offset': { type: 'u32', label: 'Offset', many: true },
    'blob.length': { type: 'u16', label: 'Length', many: true },
    'blob.maxlen': { type: 'u16', label: 'Maxlen', many: true },
    'blob.offset': { type: 'u32', label: 'Offset', many: true },
    'negotiate.domain': { type: 'string', label: 'Calling workstation domain' },
    'negotiate.callingworkstation': { type: 'string', label: 'Calling workstation name' },
    'challenge.target_name': { type: 'string', label: 'Target Name' },
    ntlmserverchallenge: { type: 'bytes', label: 'NTLM Server Challenge' },
    ntlmclientchallenge: { type: 'bytes', label: 'LMv2 Client Challenge' },
    reserved: { type: 'bytes', label: 'Reserved' },
    'challenge.target_info': { type: 'none', label: 'Target Info' },
    'challenge.target_info.length': { type: 'u16', label: 'Length', many: true },
    'challenge.target_info.maxlen': { type: 'u16', label: 'Maxlen', many: true },
    'challenge.target_info.offset': { type: 'u32', label: 'Offset', many: true },
    'challenge.target_info.item.type': { type: 'u16', show: 'hex', label: 'Target Info Item Type', many: true },
    'challenge.target_info.item.length': { type: 'u16', label: 'Target Info Item Length', many: true },
    'challenge.target_info.nb_computer_name': { type: 'string', label: 'NetBIOS Computer Name', many: true },
    'challenge.target_info.nb_domain_name': { type: 'string', label: 'NetBIOS Domain Name', many: true },
    'challenge.target_info.dns_computer_name': { type: 'string', label: 'DNS Computer Name', many: true },
    'challenge.target_info.dns_domain_name': { type: 'string', label: 'DNS Domain Name', many: true },
    'challenge.target_info.dns_tree_name': { type: 'string', label: 'DNS Tree Name', many: true },
    'challenge.target_info.flags': { type: 'u32', show: 'hex', label: 'Flags', many: true },
    'challenge.target_info.timestamp': { type: 'time', label: 'Timestamp', many: true },
    'challenge.target_info.target_name': { type: 'string', label: 'Target Name', many: true },
    'auth.lmresponse': { type: 'bytes', label: 'Lan Manager Response' },
    'auth.ntresponse': { type: 'bytes', label: 'NTLM Response' },
    'auth.domain': { type: 'string', label: 'Domain name' },
    'auth.username': { type: 'string', label: 'User name' },
    'auth.hostname': { type: 'string', label: 'Host name' },
    'auth.sesskey': { type: 'bytes', label: 'Session Key' },
    'authenticate.mic': { type: 'bytes', label: 'MIC' },
    ntlmv2_response: { type: 'bytes', label: 'NTLMv2 Response' },
    'ntlmv2_response.ntproofstr': { type: 'bytes', label: 'NTProofStr' },
    'ntlmv2_response.rversion': { type: 'u8', label: 'Response Version' },
    'ntlmv2_response.hirversion': { type: 'u8', label: 'Hi Response Version' },
    'ntlmv2_response.z': { type: 'bytes', label: 'Z', many: true },
    'ntlmv2_response.time': { type: 'time', label: 'Time' },
    'ntlmv2_response.chal': { type: 'bytes', label: 'NTLMv2 Client Challenge' },
    'ntlmv2_response.pad': { type: 'bytes', label: 'padding' },
    'ntlmv2_response.nb_computer_name': { type: 'string', label: 'NetBIOS Computer Name', many: true },
    'ntlmv2_response.nb_domain_name': { type: 'string', label: 'NetBIOS Domain Name', many: true },
    'ntlmv2_response.dns_computer_name': { type: 'string', label: 'DNS Computer Name', many: true },
    'ntlmv2_response.dns_domain_name': { type: 'string', label: 'DNS Domain Name', many: true },
    'ntlmv2_response.dns_tree_name': { type: 'string', label: 'DNS Tree Name', many: true },
    'ntlmv2_response.flags': { type: 'u32', show: 'hex', label: 'Flags', many: true },
    'ntlmv2_response.timestamp': { type: 'time', label: 'Timestamp', many: true },
    'ntlmv2_response.restrictions': { type: 'bytes', label: 'Restrictions', many: true },
    'ntlmv2_response.target_name': { type: 'string', label: 'Target Name', many: true },
    'ntlmv2_response.channel_bindings': { type: 'bytes', label: 'Channel Bindings', many: true },
    'ntlmv2_response.item.type': { type: 'u16', show: 'hex', label: 'NTLMV2 Response Item Type', many: true },
    'ntlmv2_response.item.length': { type: 'u16', label: 'NTLMV2 Response Item Length', many: true },
    verf: { type: 'none', label: 'NTLMSSP Verifier' },
    'verf.vers': { type: 'u32', label: 'Version Number' },
    'verf.body': { type: 'bytes', label: 'Verifier Body' },
  },
  tree(t) {
    if (!isNtlm(t.bytes, t.at, t.end)) {
      t.put('verf', new Uint8Array(0), t.at, t.end - t.at);
      t.nest(t.last());
      t.put('verf.vers', t.u32le(t.at), t.at, 4);
      t.add('verf.body', t.at + 4, t.end - t.at - 4);
      t.close();
      return;
    }
    const start = t.at;
    t.put('identifier', 'NTLMSSP', start, 8);
    const type = t.u32le(start + AT.type);
    t.put('messagetype', type, start + AT.type, 4);
    t.addInfo(`, ${ntlmSummary(t.bytes, t.at, t.end)}`);
    if (type === NTLM_TYPE.negotiate) {
      const flags = negotiated(t, start + AT.negotiateFlags);
      text(t, 'negotiate.domain', start, start + 16, false);
      text(t, 'negotiate.callingworkstation', start, start + 24, false);
      if ((flags & VERSION) !== 0 && t.has(start + 32, 8)) version(t, start + 32);
    } else if (type === NTLM_TYPE.challenge) challenge(t, start);
    else if (type === NTLM_TYPE.authenticate) authenticate(t, start);
  },
});

const VERSION = 0x02000000;

function negotiated(t: TreeBuilder, at: number): number {
  const flags = t.u32le(at);
  t.nest(t.put('negotiateflags', flags, at, 4));
  FLAGS.forEach((key, i) => t.put(key, (flags >>> (31 - i)) & 1, at, 4));
  t.close();
  return flags;
}

function version(t: TreeBuilder, at: number): void {
  const build = t.u16le(at + 2);
  t.put('version', new Uint8Array(0), at, 8).text =
    `Version ${t.u8(at)}.${t.u8(at + 1)} (Build ${build}); NTLM Current Revision ${t.u8(at + 7)}`;
  t.nest(t.last());
  t.add('version.major', at);
  t.add('version.minor', at + 1);
  t.put('version.build_number', build, at + 2, 2);
  t.add('version.ntlm_current_revision', at + 7);
  t.close();
}

/** A text elsewhere in the message. */
function text(t: TreeBuilder, key: string, start: number, at: number, isUnicode: boolean): void {
  const length = t.u16le(at);
  const offset = t.u32le(at + 4);
  if (length === 0) {
    t.put(key, 'NULL', at, 8);
    return;
  }
  t.put(key, ntlmText(t.bytes, start, at - start, t.end, isUnicode), Math.min(t.end, start + offset), length);
  t.nest(t.last());
  t.put('string.length', length, at, 2);
  t.put('string.maxlen', t.u16le(at + 2), at + 2, 2);
  t.put('string.offset', offset, at + 4, 4);
  t.close();
}

/** Bytes elsewhere in the message; returns where, or null. */
function blob(
  t: TreeBuilder,
  key: string,
  start: number,
  at: number,
): { readonly at: number; readonly end: number } | null {
  const length = t.u16le(at);
  const offset = t.u32le(at + 4);
  const from = start + offset;
  if (length === 0 || !t.has(from, length)) {
    t.put(key, new Uint8Array(0), at, 8).text = 'Empty';
    return null;
  }
  t.add(key, from, length);
  t.nest(t.last());
  t.put('blob.length', length, at, 2);
  t.put('blob.maxlen', t.u16le(at + 2), at + 2, 2);
  t.put('blob.offset', offset, at + 4, 4);
  t.close();
  return { at: from, end: from + length };
}

function challenge(t: TreeBuilder, start: number): void {
  const flags = t.u32le(start + AT.challengeFlags);
  text(t, 'challenge.target_name', start, start + 12, (flags & UNICODE) !== 0);
  negotiated(t, start + AT.challengeFlags);
  t.add('ntlmserverchallenge', start + AT.serverChallenge, 8);
  t.add('reserved', start + AT.serverChallenge + 8, 8);
  if (!t.has(start + AT.targetInfo, 8)) return;
  const length = t.u16le(start + AT.targetInfo);
  const offset = t.u32le(start + AT.targetInfo + 4);
  if (length > 0) {
    t.put('challenge.target_info', new Uint8Array(0), start + offset, length).text = 'Target Info';
    t.nest(t.last());
    t.put('challenge.target_info.length', length, start + AT.targetInfo, 2);
    t.put('challenge.target_info.maxlen', t.u16le(start + AT.targetInfo + 2), start + AT.targetInfo + 2, 2);
    t.put('challenge.target_info.offset', offset, start + AT.targetInfo + 4, 4);
    items(t, 'challenge.target_info', start + offset, Math.min(t.end, start + offset + length));
    t.close();
  }
  if ((flags & VERSION) !== 0 && t.has(start + 48, 8)) version(t, start + 48);
}

/** AV pairs ([MS-NLMP] 2.2.2.1). Returns the offset behind them. */
function items(t: TreeBuilder, prefix: string, at: number, end: number): number {
  while (at + 4 <= end) {
    const type = t.u16le(at);
    const length = t.u16le(at + 2);
    const value = at + 4;
    t.nest(t.text(`Attribute: ${ITEMS[type] ?? `Unknown (0x${type.toString(16).padStart(4, '0')})`}`, at, 4 + length));
    t.put(`${prefix}.item.type`, type, at, 2);
    t.put(`${prefix}.item.length`, length, at + 2, 2);
    t.need(value, length);
    const textKey = TEXT_ITEMS[type];
    if (textKey !== undefined) t.put(`${prefix}.${textKey}`, t.string(value, length, 'utf16le'), value, length);
    else if (type === 7 && length === 8) t.put(`${prefix}.timestamp`, t.u64le(value) * 100n - EPOCH_1601, value, 8);
    else if (type === 6 && length === 4) t.put(`${prefix}.flags`, t.u32le(value), value, 4);
    else if (type === 8 && prefix === 'ntlmv2_response') t.add(`${prefix}.restrictions`, value, length);
    else if (type === 10 && prefix === 'ntlmv2_response') t.add(`${prefix}.channel_bindings`, value, length);
    t.close();
    at = value + length;
    if (type === 0) break;
  }
  return at;
}

/** Where the client's challenge is: behind an LMv2 response (2.2.2.4), in front where NTLM 2 session security fills the rest with zeros. */
function clientChallenge(at: number, ntLength: number): number {
  return ntLength > NTLM_V2_MIN ? at + LM_LENGTH - 8 : at;
}

function authenticate(t: TreeBuilder, start: number): void {
  const hasFlags = t.has(start + AT.authenticateFlags, 4);
  const flags = hasFlags ? t.u32le(start + AT.authenticateFlags) : UNICODE;
  const isUnicode = (flags & UNICODE) !== 0;
  const lanManager = blob(t, 'auth.lmresponse', start, start + 12);
  const length = t.u16le(start + 20);
  if (lanManager !== null && lanManager.end - lanManager.at === LM_LENGTH)
    t.add('ntlmclientchallenge', clientChallenge(lanManager.at, length), 8);
  const response = blob(t, 'auth.ntresponse', start, start + 20);
  if (response !== null && response.end - response.at > NTLM_V2_MIN) {
    t.add('ntlmv2_response', response.at, response.end - response.at);
    t.nest(t.last());
    t.add('ntlmv2_response.ntproofstr', response.at, 16);
    t.add('ntlmv2_response.rversion', response.at + 16);
    t.add('ntlmv2_response.hirversion', response.at + 17);
    t.add('ntlmv2_response.z', response.at + 18, 6);
    t.put('ntlmv2_response.time', t.u64le(response.at + 24) * 100n - EPOCH_1601, response.at + 24, 8);
    t.add('ntlmv2_response.chal', response.at + 32, 8);
    t.add('ntlmv2_response.z', response.at + 40, 4);
    const at = items(t, 'ntlmv2_response', response.at + 44, response.end);
    if (at < response.end) t.add('ntlmv2_response.pad', at, response.end - at);
    t.close();
  }
  text(t, 'auth.domain', start, start + 28, isUnicode);
  text(t, 'auth.username', start, start + 36, isUnicode);
  text(t, 'auth.hostname', start, start + 44, isUnicode);
  if (!t.has(start + 52, 8)) return;
  blob(t, 'auth.sesskey', start, start + 52);
  if (!hasFlags) return;
  negotiated(t, start + AT.authenticateFlags);
  const first = Math.min(
    ...[12, 20, 28, 36, 44].filter((at) => t.u16le(start + at) > 0).map((at) => t.u32le(start + at + 4)),
    Number.POSITIVE_INFINITY,
  );
  if ((flags & VERSION) !== 0 && first >= 72 && t.has(start + 64, 8)) version(t, start + 64);
  if (first >= 88 && t.has(start + 72, 16)) t.add('authenticate.mic', start + 72, 16);
}
