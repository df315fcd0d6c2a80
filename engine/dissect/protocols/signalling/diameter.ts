/** Diameter (RFC 6733): requests and answers of attributes, over TCP and SCTP. */

import { u24 } from '../../../base/bytes.ts';
import type { FieldSpec } from '../../field-spec.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const AT = { version: 0, length: 1, flags: 4, code: 5, application: 8, hop: 12, end: 16, attributes: 20 } as const;
const VERSION = 1;
const FLAG = { request: 0x80, proxyable: 0x40, error: 0x20, again: 0x10 } as const;
const VENDOR_SPECIFIC = 0x80;
const ATTRIBUTE = 8;
const COMMANDS: Readonly<Record<number, string>> = {
  100: 'Peer Information',
  101: 'Fetch Peers',
  102: 'Subscribe Change',
  103: 'Notify Change',
  257: 'Capabilities-Exchange',
  258: 'Re-Auth',
  260: 'AA-Mobile-Node',
  262: 'Home-Agent-MIP',
  265: 'AA',
  268: 'Diameter-EAP',
  271: 'Accounting',
  272: 'Credit-Control',
  274: 'Abort-Session',
  275: 'Session-Termination',
  280: 'Device-Watchdog',
  282: 'Disconnect-Peer',
  283: 'User-Authorization',
  284: 'Server-Assignment',
  285: 'Location-Info',
  286: 'Multimedia-Auth',
  287: 'Registration-Termination',
  288: 'Push-Profile',
  300: 'User-Authorization',
  301: 'Server-Assignment',
  302: 'Location-Info',
  303: 'Multimedia-Auth',
  304: 'Registration-Termination',
  305: 'Push-Profile',
  306: 'User-Data',
  307: 'Profile-Update',
  308: 'Subscribe-Notifications',
  309: 'Push-Notification',
  310: 'Boostrapping-Info',
  311: 'Message-Process',
  312: 'GBAPush-Info',
  314: 'Policy-Data',
  315: 'Policy-Install',
  316: '3GPP-Update-Location',
  317: '3GPP-Cancel-Location',
  318: '3GPP-Authentication-Information',
  319: '3GPP-Insert-Subscriber-Data',
  320: '3GPP-Delete-Subscriber-Data',
  321: '3GPP-Purge-UE',
  322: '3GPP-Reset',
  323: '3GPP-Notify',
  324: '3GPP-ME-Identity-Check',
  325: 'MIP6',
  326: 'QoS-Authorization',
  327: 'QoS-Install',
  328: 'Capabilities-Update',
  329: 'IKEv2-SK',
  330: 'NAT-Control',
  511: 'Ping',
  8388620: '3GPP-Provide-Location',
  8388621: '3GPP-Location-Report',
  8388622: '3GPP-LCS-Routing-Info',
  8388631: 'Subscription Information Application',
  8388632: 'Distributed Charging',
  8388633: 'Ericsson-SL',
  8388634: 'Ericsson-SN',
  8388635: 'Spending-Limit',
  8388636: 'Spending-Status-Notification',
  8388637: 'TDF-Session',
  8388638: '3GPP-Update-VCSG-Location',
  8388639: '3GPP-Device-Action',
  8388640: '3GPP-Device-Notification',
  8388641: '3GPP-Subscriber-Information',
  8388642: 'Cancel-VCSG-Location',
  8388643: '3GPP-Device-Trigger',
  8388644: '3GPP-Delivery-Report',
  8388645: 'MO-Forward-Short-Message',
  8388646: 'MT-Forward-Short-Message',
  8388647: 'Send-Routing-Info-for-SM',
  8388648: 'Alert-Service-Centre',
  8388649: 'Report-SM-Delivery-Status',
  8388650: 'NSN Cancel-LocationMS',
  8388651: 'NSN User-DataMS',
  8388652: 'NSN Profile-UpdateMS',
  8388653: 'NSN Subscribe-NotificationsMS',
  8388654: 'NSN Push-NotificationMS',
  8388655: 'Get Gateway',
  8388656: 'Trigger-Establishment',
  8388657: 'Ericsson Binding-Data',
  8388662: 'GCS-Action',
  8388663: 'GCS-Notification',
  8388664: 'ProSe-Subscriber-Information',
  8388665: 'Update-ProSe-Subscriber-Data',
  8388666: 'ProSe-Notify',
  8388667: 'Reset',
  8388713: 'ProSe-Initial-Location-Information',
  8388717: 'Ericsson Trace-Report',
  8388718: 'Configuration-Information',
  8388719: 'Reporting-Information',
  8388720: 'Non-Aggregated-RUCI-Report',
  8388721: 'Aggregated-RUCI-Report',
  8388722: 'Modify-Uecontext',
  8388726: 'NIDD-Information',
  8388732: 'Connection-Management',
  8388733: 'MO-Data',
  8388734: 'MT-Data',
};
const APPLICATIONS: Readonly<Record<number, string>> = {
  0: 'Diameter Common Messages',
  1: 'NASREQ Application',
  2: 'Mobile IPv4 Application',
  3: 'Diameter Base Accounting',
  4: 'Diameter Credit Control Application',
  5: 'EAP Application',
  6: 'Diameter Session Initiation Protocol (SIP) Application',
  16777216: '3GPP Cx',
  16777217: '3GPP Sh',
  16777236: '3GPP Rx',
  16777238: '3GPP Gx',
  16777251: '3GPP S6a/S6d',
  16777252: "3GPP S13/S13'",
  16777267: '3GPP S9',
  16777302: '3GPP Sy',
  4294967295: 'Relay',
};
/** Attributes with a field: RFC 6733 4.5 and RFC 8506. */
const ATTRIBUTES: readonly (readonly [code: number, name: string, type: 'string' | 'u32' | 'i32'])[] = [
  [1, 'User-Name', 'string'],
  [258, 'Auth-Application-Id', 'u32'],
  [259, 'Acct-Application-Id', 'u32'],
  [263, 'Session-Id', 'string'],
  [264, 'Origin-Host', 'string'],
  [266, 'Vendor-Id', 'u32'],
  [268, 'Result-Code', 'i32'],
  [269, 'Product-Name', 'string'],
  [278, 'Origin-State-Id', 'u32'],
  [283, 'Destination-Realm', 'string'],
  [293, 'Destination-Host', 'string'],
  [296, 'Origin-Realm', 'string'],
  [415, 'CC-Request-Number', 'u32'],
  [416, 'CC-Request-Type', 'i32'],
];
/** Attributes that hold attributes. */
const GROUPS: Readonly<Record<number, string>> = {
  260: 'Vendor-Specific-Application-Id',
  279: 'Failed-AVP',
  284: 'Proxy-Info',
  297: 'Experimental-Result',
  437: 'Requested-Service-Unit',
  431: 'Granted-Service-Unit',
  443: 'Subscription-Id',
  446: 'Used-Service-Unit',
  456: 'Multiple-Services-Credit-Control',
};
const KNOWN: ReadonlyMap<number, readonly [name: string, type: string]> = new Map(
  ATTRIBUTES.map(([code, name, type]) => [code, [name, type]]),
);
const attributeFields: Readonly<Record<string, FieldSpec>> = Object.fromEntries(
  ATTRIBUTES.map(([, name, type]): [string, FieldSpec] => [name, { type, label: name, many: true }]),
);

const flag = (place: number, label: string): FieldSpec => ({
  type: 'bool',
  of: 'u8',
  bits: [place, place],
  label,
  many: true,
});

export const diameter = defineProtocol({
  name: 'diameter',
  title: 'Diameter Protocol',
  on: { 'tcp.port': [3868], 'sctp.port': [3868], 'sctp.ppid': [46] },
  opens: ['data'],
  fields: {
    version: { type: 'u8', show: 'hex', label: 'Version', many: true },
    length: { type: 'u24', label: 'Length', many: true },
    flags: { type: 'u8', show: 'hex', label: 'Flags', many: true },
    'flags.request': flag(7, 'Request'),
    'flags.proxyable': flag(6, 'Proxyable'),
    'flags.error': flag(5, 'Error'),
    'flags.T': flag(4, 'T(Potentially re-transmitted message)'),
    'cmd.code': { type: 'u32', of: 'u24', bits: [23, 0], label: 'Command Code', names: COMMANDS, many: true },
    applicationId: { type: 'u32', label: 'ApplicationId', names: APPLICATIONS, many: true },
    hopbyhopid: { type: 'u32', show: 'hex', label: 'Hop-by-Hop Identifier', many: true },
    endtoendid: { type: 'u32', show: 'hex', label: 'End-to-End Identifier', many: true },
    'avp.code': { type: 'u32', label: 'AVP Code', many: true },
    'avp.flags': { type: 'u8', show: 'hex', label: 'AVP Flags', many: true },
    'flags.vendorspecific': flag(7, 'Vendor-Specific'),
    'flags.mandatory': flag(6, 'Mandatory'),
    'avp.flags.protected': flag(5, 'Protected'),
    'avp.len': { type: 'u24', label: 'AVP Length', many: true },
    'avp.vendorId': { type: 'u32', label: 'AVP Vendor Id', many: true },
    'avp.unknown': { type: 'bytes', label: 'Value', many: true },
    ...attributeFields,
  },
  recogniseOn: ['tcp'],
  recognise: (bytes, at, end) =>
    end - at >= AT.attributes + ATTRIBUTE &&
    bytes[at] === VERSION &&
    (bytes[at + AT.flags] & 0x0f) === 0 &&
    (bytes[at + AT.length + 2] & 3) === 0 &&
    u24(bytes, at + AT.length) <= end - at &&
    u24(bytes, at + AT.length) >= AT.attributes + ATTRIBUTE &&
    COMMANDS[u24(bytes, at + AT.code)] !== undefined &&
    (bytes[at + AT.attributes + 4] & 0x1f) === 0,
  frame(f: Framing): number {
    if (f.end - f.at < AT.flags) return f.bytes[f.at] === VERSION ? MORE : NOT_MINE;
    const length = u24(f.bytes, f.at + AT.length);
    return f.bytes[f.at] === VERSION && length >= AT.attributes ? length : NOT_MINE;
  },
  tree(t) {
    const { at } = t;
    if (t.u8(at) !== VERSION || !t.has(at, AT.attributes)) {
      t.info('Continuation');
      t.payload(at);
      return;
    }
    const flags = t.u8(at + AT.flags);
    t.info(`${summary(t, flags)} | `);
    t.add('version', at);
    t.add('length', at + AT.length);
    t.nest(t.put('flags', flags, at + AT.flags, 1));
    for (const key of ['request', 'proxyable', 'error', 'T']) t.add(`flags.${key}`, at + AT.flags);
    t.close();
    t.add('cmd.code', at + AT.code);
    t.add('applicationId', at + AT.application);
    t.add('hopbyhopid', at + AT.hop);
    t.add('endtoendid', at + AT.end);
    attributes(t, at + AT.attributes, Math.min(t.end, at + t.u24(at + AT.length)));
  },
});

function summary(t: TreeBuilder, flags: number): string {
  const { at } = t;
  const code = t.u24(at + AT.code);
  const application = t.u32(at + AT.application);
  const kind = (flags & FLAG.request) !== 0 ? 'Request' : 'Answer';
  const letter = (bit: number, text: string): string => ((flags & bit) === 0 ? '-' : text);
  const letters = `${letter(FLAG.request, 'R')}${letter(FLAG.proxyable, 'P')}${letter(FLAG.error, 'E')}${letter(FLAG.again, 'T')}`;
  const ids = `h2h=${t.u32(at + AT.hop).toString(16)} e2e=${t.u32(at + AT.end).toString(16)}`;
  return `cmd=${COMMANDS[code] ?? 'Unknown'} ${kind}(${code}) flags=${letters} appl=${APPLICATIONS[application] ?? 'Unknown'}(${application}) ${ids}`;
}

/** RFC 6733 4.1. */
function attributes(t: TreeBuilder, start: number, end: number): void {
  for (let at = start; at + ATTRIBUTE <= end; ) {
    const code = t.u32(at);
    const length = t.u24(at + 5);
    const isVendors = (t.u8(at + 4) & VENDOR_SPECIFIC) !== 0;
    const body = at + ATTRIBUTE + (isVendors ? 4 : 0);
    const known = isVendors ? undefined : KNOWN.get(code);
    const group = isVendors ? undefined : GROUPS[code];
    t.nest(t.text(`AVP: ${known?.[0] ?? group ?? 'Unknown'}(${code})`, at, Math.max(ATTRIBUTE, length)));
    t.add('avp.code', at);
    t.nest(t.put('avp.flags', t.u8(at + 4), at + 4, 1));
    t.add('flags.vendorspecific', at + 4);
    t.add('flags.mandatory', at + 4);
    t.add('avp.flags.protected', at + 4);
    t.close();
    t.add('avp.len', at + 5);
    if (isVendors) t.add('avp.vendorId', at + ATTRIBUTE);
    if (at + length < body || at + length > end) t.fail();
    const size = at + length - body;
    if (group !== undefined) attributes(t, body, body + size);
    else if (known !== undefined && known[1] === 'string') t.add(known[0], body, size);
    else if (known !== undefined && size === 4) t.add(known[0], body);
    else if (size > 0) t.add('avp.unknown', body, size);
    t.close();
    at += (length + 3) & ~3;
  }
}
