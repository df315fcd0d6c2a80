/** RADIUS (RFC 2865, 2866, 5176): attributes by type and length; EAP inside is joined from its attributes (RFC 3579). */

import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const AT = { code: 0, id: 1, length: 2, authenticator: 4, attributes: 20 } as const;
const CODES: Readonly<Record<number, string>> = {
  1: 'Access-Request',
  2: 'Access-Accept',
  3: 'Access-Reject',
  4: 'Accounting-Request',
  5: 'Accounting-Response',
  6: 'Accounting-Status',
  7: 'Password-Request',
  8: 'Password-Ack',
  9: 'Password-Reject',
  10: 'Accounting-Message',
  11: 'Access-Challenge',
  12: 'Status-Server',
  13: 'Status-Client',
  21: 'Resource-Free-Request',
  22: 'Resource-Free-Response',
  23: 'Resource-Query-Request',
  24: 'Query_Response',
  25: 'Alternate-Resource-Reclaim-Request',
  26: 'NAS-Reboot-Request',
  27: 'NAS-Reboot-Response',
  29: 'Next-Passcode',
  30: 'New-Pin',
  31: 'Terminate-Session',
  32: 'Password-Expired',
  33: 'Event-Request',
  34: 'Event-Response',
  40: 'Disconnect-Request',
  41: 'Disconnect-ACK',
  42: 'Disconnect-NAK',
  43: 'CoA-Request',
  44: 'CoA-ACK',
  45: 'CoA-NAK',
  50: 'IP-Address-Allocate',
  51: 'IP-Address-Release',
  129: 'ALU-State-Request',
  130: 'ALU-State-Accept',
  131: 'ALU-State-Reject',
  132: 'ALU-State-Error',
};
const ATTRIBUTE = { vendor: 26, eap: 79 } as const;
const MAX_LENGTH = 4096;
const TYPES: Readonly<Record<number, string>> = {
  1: 'User-Name',
  2: 'User-Password',
  3: 'CHAP-Password',
  4: 'NAS-IP-Address',
  5: 'NAS-Port',
  6: 'Service-Type',
  7: 'Framed-Protocol',
  8: 'Framed-IP-Address',
  9: 'Framed-IP-Netmask',
  11: 'Filter-Id',
  12: 'Framed-MTU',
  18: 'Reply-Message',
  24: 'State',
  25: 'Class',
  26: 'Vendor-Specific',
  27: 'Session-Timeout',
  28: 'Idle-Timeout',
  29: 'Termination-Action',
  30: 'Called-Station-Id',
  31: 'Calling-Station-Id',
  32: 'NAS-Identifier',
  33: 'Proxy-State',
  40: 'Acct-Status-Type',
  41: 'Acct-Delay-Time',
  42: 'Acct-Input-Octets',
  43: 'Acct-Output-Octets',
  44: 'Acct-Session-Id',
  45: 'Acct-Authentic',
  46: 'Acct-Session-Time',
  47: 'Acct-Input-Packets',
  48: 'Acct-Output-Packets',
  49: 'Acct-Terminate-Cause',
  61: 'NAS-Port-Type',
  77: 'Connect-Info',
  79: 'EAP-Message',
  80: 'Message-Authenticator',
  87: 'NAS-Port-Id',
};
/** Attributes with fields of their own: type number to key. */
const TEXTS: Readonly<Record<number, string>> = {
  1: 'User_Name',
  11: 'Filter_Id',
  18: 'Reply_Message',
  25: 'Class',
  30: 'Called_Station_Id',
  31: 'Calling_Station_Id',
  32: 'NAS_Identifier',
  44: 'Acct_Session_Id',
  77: 'Connect_Info',
  87: 'NAS_Port_Id',
};
const NUMBERS: Readonly<Record<number, string>> = {
  5: 'NAS_Port',
  6: 'Service_Type',
  7: 'Framed_Protocol',
  12: 'Framed_MTU',
  27: 'Session_Timeout',
  28: 'Idle_Timeout',
  40: 'Acct_Status_Type',
  41: 'Acct_Delay_Time',
  42: 'Acct_Input_Octets',
  43: 'Acct_Output_Octets',
  45: 'Acct_Authentic',
  46: 'Acct_Session_Time',
  47: 'Acct_Input_Packets',
  48: 'Acct_Output_Packets',
  49: 'Acct_Terminate_Cause',
  61: 'NAS_Port_Type',
};
const ADDRESSES: Readonly<Record<number, string>> = {
  4: 'NAS_IP_Address',
  8: 'Framed-IP-Address',
  9: 'Framed_IP_Netmask',
};

interface Memory {
  readonly requests: Map<number, { readonly frame: number; readonly time: bigint | null }>;
  readonly answers: Map<number, number>;
}

export const radius = defineProtocol({
  name: 'radius',
  title: 'RADIUS Protocol',
  on: { 'udp.port': [1645, 1646, 1700, 1812, 1813, 3799] },
  header: AT.attributes,
  remembers: true,
  opens: ['eap'],
  fields: {
    code: { type: 'u8', label: 'Code', at: AT.code, names: CODES },
    id: { type: 'u8', label: 'Identifier', at: AT.id },
    length: { type: 'u16', label: 'Length', at: AT.length },
    authenticator: { type: 'bytes', label: 'Authenticator', at: AT.authenticator, length: 16 },
    avp: { type: 'bytes', label: 'AVP', many: true },
    'avp.type': { type: 'u8', label: 'Type', names: TYPES, many: true },
    'avp.length': { type: 'u8', label: 'Length', many: true },
    'avp.vendor_id': { type: 'u32', label: 'Vendor ID', many: true },
    User_Name: { type: 'string', label: 'User-Name' },
    User_Password: { type: 'string', label: 'User-Password' },
    Filter_Id: { type: 'string', label: 'Filter-Id' },
    Reply_Message: { type: 'string', label: 'Reply-Message' },
    Called_Station_Id: { type: 'string', label: 'Called-Station-Id' },
    Calling_Station_Id: { type: 'string', label: 'Calling-Station-Id' },
    NAS_Identifier: { type: 'string', label: 'NAS-Identifier' },
    Acct_Session_Id: { type: 'string', label: 'Acct-Session-Id' },
    Connect_Info: { type: 'string', label: 'Connect-Info' },
    NAS_Port_Id: { type: 'string', label: 'NAS-Port-Id' },
    NAS_Port: { type: 'u32', label: 'NAS-Port' },
    Service_Type: { type: 'u32', label: 'Service-Type' },
    Framed_Protocol: { type: 'u32', label: 'Framed-Protocol' },
    Framed_MTU: { type: 'u32', label: 'Framed-MTU' },
    Session_Timeout: { type: 'u32', label: 'Session-Timeout' },
    Idle_Timeout: { type: 'u32', label: 'Idle-Timeout' },
    Acct_Status_Type: { type: 'u32', label: 'Acct-Status-Type' },
    Acct_Delay_Time: { type: 'u32', label: 'Acct-Delay-Time' },
    Acct_Input_Octets: { type: 'u32', label: 'Acct-Input-Octets' },
    Acct_Output_Octets: { type: 'u32', label: 'Acct-Output-Octets' },
    Acct_Authentic: { type: 'u32', label: 'Acct-Authentic' },
    Acct_Session_Time: { type: 'u32', label: 'Acct-Session-Time' },
    Acct_Input_Packets: { type: 'u32', label: 'Acct-Input-Packets' },
    Acct_Output_Packets: { type: 'u32', label: 'Acct-Output-Packets' },
    Acct_Terminate_Cause: { type: 'u32', label: 'Acct-Terminate-Cause' },
    NAS_Port_Type: { type: 'u32', label: 'NAS-Port-Type' },
    NAS_IP_Address: { type: 'ipv4', label: 'NAS-IP-Address' },
    'Framed-IP-Address': { type: 'ipv4', label: 'Framed-IP-Address' },
    Framed_IP_Netmask: { type: 'ipv4', label: 'Framed-IP-Netmask' },
    EAP_Message: { type: 'bytes', label: 'EAP-Message', many: true },
    Message_Authenticator: { type: 'bytes', label: 'Message-Authenticator' },
    State: { type: 'bytes', label: 'State' },
    req: { type: 'bool', label: 'Request' },
    rsp: { type: 'bool', label: 'Response' },
    reqframe: { type: 'frame', label: 'Request Frame' },
    rspframe: { type: 'frame', label: 'Response Frame' },
    time: { type: 'duration', label: 'Time from request' },
    eap_fragment: { type: 'bytes', label: 'EAP fragment', many: true },
  },
  recognise(bytes, at, end) {
    if (
      end - at < AT.attributes ||
      bytes[at] < 1 ||
      bytes[at] > 5 ||
      ((bytes[at + 2] << 8) | bytes[at + 3]) !== end - at
    )
      return false;
    // Attributes must fill the message.
    let next = at + AT.attributes;
    while (next + 2 <= end && bytes[next + 1] >= 2) next += bytes[next + 1];
    return next === end && end - at > AT.attributes;
  },
  recogniseOn: ['udp'],
  tree(t) {
    const code = t.u8(t.at);
    const id = t.u8(t.at + AT.id);
    const length = t.u16(t.at + AT.length);
    t.header();
    t.info(`${CODES[code] ?? `Unknown Packet (${code})`} id=${id}`);
    match(t, code, id);
    if (length < AT.attributes || length > MAX_LENGTH) return;
    t.limit(t.at + length);
    attributes(t);
  },
});

/** Requests are odd, but for those of RFC 5176. */
function match(t: TreeBuilder, code: number, id: number): void {
  if (t.isQuoted) return;
  const memory = t.conversation((): Memory => ({ requests: new Map(), answers: new Map() }));
  const { number, time } = t.packet;
  if (code === 1 || code === 4 || code === 12 || code === 40 || code === 43) {
    const known = memory.requests.get(id);
    if (known === undefined || known.frame < number) memory.requests.set(id, { frame: number, time });
    const answer = memory.answers.get(number);
    t.generated('req', 1);
    if (answer !== undefined) t.generated('rspframe', answer);
    return;
  }
  t.generated('rsp', 1);
  const request = memory.requests.get(id);
  if (request === undefined || request.frame >= number) return;
  memory.answers.set(request.frame, number);
  t.generated('reqframe', request.frame);
  if (time !== null && request.time !== null) t.generated('time', time - request.time);
}

function attributes(t: TreeBuilder): void {
  const eap: Uint8Array[] = [];
  t.nest(t.text('Attribute Value Pairs', t.at + AT.attributes, t.end - t.at - AT.attributes));
  let at = t.at + AT.attributes;
  while (at + 2 <= t.end) {
    const type = t.u8(at);
    const length = t.u8(at + 1);
    // What is wrong here is the attribute's, not the message's.
    if (length < 2 || !t.has(at, length)) {
      t.expert('error', `Attribute of invalid length ${length}`, at, 2);
      break;
    }
    attribute(t, type, at, length);
    if (type === ATTRIBUTE.eap) eap.push(t.slice(at + 2, length - 2));
    at += length;
    if (type === ATTRIBUTE.eap && !(at + 2 <= t.end && t.u8(at) === ATTRIBUTE.eap)) inner(t, eap, at);
  }
  t.close();
}

function inner(t: TreeBuilder, pieces: readonly Uint8Array[], end: number): void {
  const before = t.infoSoFar;
  if (pieces.length === 1) t.dissect('eap', end - pieces[0].length, end, end);
  else {
    const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
    let to = 0;
    for (const piece of pieces) {
      whole.set(piece, to);
      to += piece.length;
    }
    t.within('Reassembled EAP', whole, () => {
      t.dissect('eap', 0);
    });
  }
  t.info(before);
  t.column('RADIUS');
}

function attribute(t: TreeBuilder, type: number, at: number, length: number): void {
  const value = at + 2;
  t.nest(
    t.put('avp', t.slice(at, length), at, length, `AVP: t=${TYPES[type] ?? `Unknown-Attribute`}(${type}) l=${length}`),
  );
  t.add('avp.type', at);
  t.add('avp.length', at + 1);
  const rest = length - 2;
  const textKey = TEXTS[type];
  const numberKey = NUMBERS[type];
  const addressKey = ADDRESSES[type];
  if (textKey !== undefined && textKey !== 'Class') t.add(textKey, value, rest);
  else if (numberKey !== undefined && rest === 4) t.add(numberKey, value);
  else if (addressKey !== undefined && rest === 4) t.add(addressKey, value);
  else if (type === ATTRIBUTE.vendor && rest >= 4) t.add('avp.vendor_id', value);
  else if (type === ATTRIBUTE.eap && rest > 0) t.add('EAP_Message', value, rest);
  else if (type === 80 && rest === 16) t.add('Message_Authenticator', value, rest);
  else if (type === 24 && rest > 0) t.add('State', value, rest);
  t.close();
}
