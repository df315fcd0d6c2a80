/** MGCP (RFC 3435): a call agent commands media gateways: verbs, response codes, parameters, a session description. */

import { decodeLatin1 } from '../../../base/text.ts';
import { announceSip } from '../../announcing/sdp.ts';
import type { FieldSpec } from '../../field-spec.ts';
import { defineProtocol } from '../../protocol.ts';
import { lineAt } from '../../text-lines.ts';
import type { TreeBuilder } from '../../tree.ts';

const PORTS = [2427, 2727];
const VERBS: Readonly<Record<string, string>> = {
  EPCF: 'EndpointConfiguration',
  CRCX: 'CreateConnection',
  MDCX: 'ModifyConnection',
  DLCX: 'DeleteConnection',
  RQNT: 'NotificationRequest',
  NTFY: 'Notify',
  AUEP: 'AuditEndpoint',
  AUCX: 'AuditConnection',
  RSIP: 'RestartInProgress',
  MESG: 'Message',
};
const REQUEST = /^([A-Z0-9]{4}) (\d{1,9}) (\S+) (MGCP \d\S*.*)$/i;
const REPLY = /^(\d{3}) (\d{1,9})(?: (.*))?$/;
/** RFC 3435 3.2.2: letters to parameters. */
const PARAMETERS: Readonly<Record<string, readonly [key: string, label: string]>> = {
  K: ['rspack', 'ResponseAck (K)'],
  B: ['bearerinfo', 'BearerInformation (B)'],
  C: ['callid', 'CallId (C)'],
  I: ['connectionid', 'ConnectionIdentifier (I)'],
  I2: ['secondconnectionid', 'SecondConnectionID (I2)'],
  N: ['notifiedentity', 'NotifiedEntity (N)'],
  X: ['requestid', 'RequestIdentifier (X)'],
  L: ['localconnectionoptions', 'LocalConnectionOptions (L)'],
  M: ['connectionmode', 'ConnectionMode (M)'],
  R: ['reqevents', 'RequestedEvents (R)'],
  D: ['digitmap', 'DigitMap (D)'],
  O: ['observedevents', 'ObservedEvents (O)'],
  P: ['connectionparam', 'ConnectionParameters (P)'],
  E: ['reasoncode', 'ReasonCode (E)'],
  Z: ['specificendpointid', 'SpecificEndpointID (Z)'],
  Z2: ['secondendpointid', 'SecondEndpointID (Z2)'],
  F: ['reqinfo', 'RequestedInfo (F)'],
  Q: ['quarantinehandling', 'QuarantineHandling (Q)'],
  T: ['detectedevents', 'DetectedEvents (T)'],
  S: ['signalreq', 'SignalRequests (S)'],
  RM: ['restartmethod', 'RestartMethod (RM)'],
  RD: ['restartdelay', 'RestartDelay (RD)'],
  A: ['capabilities', 'Capabilities (A)'],
};
const PARAMETER = /^([A-Z0-9]{1,2}):\s*(.*)$/i;
const parameterFields: Readonly<Record<string, FieldSpec>> = Object.fromEntries(
  Object.values(PARAMETERS).map(([key, label]): [string, FieldSpec] => [
    `param.${key}`,
    { type: 'string', label, many: true },
  ]),
);

function isMessage(bytes: Uint8Array, at: number, end: number): boolean {
  const line = decodeLatin1(bytes, at, lineAt(bytes, at, end).stop);
  return REPLY.test(line) || VERBS[REQUEST.exec(line)?.[1]?.toUpperCase() ?? ''] !== undefined;
}

export const mgcp = defineProtocol({
  name: 'mgcp',
  title: 'Media Gateway Control Protocol',
  on: { 'udp.port': PORTS, 'tcp.port': PORTS },
  opens: ['sdp'],
  fields: {
    req: { type: 'bool', label: 'Request' },
    rsp: { type: 'bool', label: 'Response' },
    'req.verb': { type: 'string', label: 'Verb', many: true },
    'req.endpoint': { type: 'string', label: 'Endpoint', many: true },
    transid: { type: 'string', label: 'Transaction ID', many: true },
    version: { type: 'string', label: 'Version', many: true },
    'rsp.rspcode': { type: 'u32', label: 'Response Code', many: true },
    'rsp.rspstring': { type: 'string', label: 'Response String', many: true },
    params: { type: 'none', label: 'Parameters', many: true },
    ...parameterFields,
  },
  accepts: isMessage,
  announces: announceSip,
  tree(t) {
    t.info('');
    let { at } = t;
    let hasDescription = false;
    while (at < t.end) {
      const [next, described] = message(t, at);
      hasDescription ||= described;
      at = next;
    }
    if (hasDescription) t.column('MGCP/SDP');
  },
});

/** One message; returns where it ends, and whether it has a session description. A line with a dot alone parts several. */
function message(t: TreeBuilder, start: number): readonly [number, boolean] {
  const first = lineAt(t.bytes, start, t.end);
  const line = t.string(start, first.stop - start);
  const request = REQUEST.exec(line);
  const reply = REPLY.exec(line);
  const before = t.infoSoFar;
  t.addInfo(`${before === '' ? '' : ', '}${line}`);
  t.hide(request === null ? 'rsp' : 'req', 1, start, 0);
  if (request !== null) {
    const [, verb = '', id = '', endpoint = '', version = ''] = request;
    t.put('req.verb', verb, start, verb.length, `${verb} (${VERBS[verb.toUpperCase()] ?? 'Unknown'})`);
    t.put('transid', id, start + verb.length + 1, id.length);
    t.put('req.endpoint', endpoint, start + verb.length + id.length + 2, endpoint.length);
    t.put('version', version, start + line.length - version.length, version.length);
  } else if (reply !== null) {
    const [, code = '', id = '', text] = reply;
    t.put('rsp.rspcode', Number(code), start, code.length);
    t.put('transid', id, start + code.length + 1, id.length);
    if (text !== undefined) t.put('rsp.rspstring', text, start + line.length - text.length, text.length);
  }
  let at = first.next;
  const params = at < t.end ? t.nest(t.put('params', new Uint8Array(0), at, t.end - at)) : null;
  let end = t.end;
  let body = -1;
  while (at < t.end) {
    const { stop, next } = lineAt(t.bytes, at, t.end);
    const text = t.string(at, stop - at);
    if (text === '.') {
      end = next;
      break;
    }
    if (text === '' && next < t.end) {
      body = next;
      break;
    }
    const [, name = '', value = ''] = PARAMETER.exec(text) ?? [];
    const key = PARAMETERS[name.toUpperCase()]?.[0];
    if (key === undefined) t.text(text, at, next - at);
    else t.put(`param.${key}`, value, at, next - at);
    at = next;
  }
  if (params !== null) t.close(at);
  if (body < 0) return [end, false];
  end = t.end;
  for (let next = body; next < t.end; next = lineAt(t.bytes, next, t.end).next) {
    const { stop } = lineAt(t.bytes, next, t.end);
    if (stop - next === 1 && t.bytes[next] === 0x2e) {
      t.dissect('sdp', body, next, next);
      return [lineAt(t.bytes, next, t.end).next, true];
    }
  }
  const kept = t.infoSoFar;
  t.dissect('sdp', body);
  t.replaceInfo(0, kept);
  return [end, true];
}
