/** What header fields of SIP hold (RFC 3261 20, 25.1; RFC 3325 9): addresses with their parts, Via entries, credentials. */

import type { FieldSpec } from '../../field-spec.ts';
import type { TreeBuilder } from '../../tree.ts';

/** Header field by its key to the start of its parts' names. */
const ADDRESSES: Readonly<Record<string, string>> = {
  From: 'from',
  To: 'to',
  Contact: 'contact',
  'P-Asserted-Identity': 'pai',
  'P-Preferred-Identity': 'ppi',
};
/** The largest part of a value that is looked into. */
const MAX_VALUE = 4096;

function addressFields(start: string, title: string): Record<string, FieldSpec> {
  const field = (key: string, label: string): [string, FieldSpec] => [
    `${start}.${key}`,
    { type: 'string', label, many: true },
  ];
  return Object.fromEntries([
    ...(start === 'r-uri' ? [] : [field('display.info', `SIP ${title} display info`)]),
    ...(start === 'r-uri' ? [] : [field(start === 'contact' ? 'uri' : 'addr', `SIP ${title} address`)]),
    field('user', `SIP ${title} address User Part`),
    field('host', `SIP ${title} address Host Part`),
    field('port', `SIP ${title} address Host Port`),
    field('param', `SIP ${title} URI parameter`),
    ...(start === 'contact' ? [field('parameter', 'Contact parameter')] : []),
    ...(start === 'from' || start === 'to' ? [field('tag', `SIP ${title} tag`)] : []),
  ]);
}

const AUTH = [
  'username',
  'realm',
  'nonce',
  'uri',
  'algorithm',
  'opaque',
  'qop',
  'cnonce',
  'nc',
  'domain',
  'stale',
] as const;
const VIA = ['branch', 'rport', 'received', 'maddr', 'ttl', 'comp'] as const;

export const partFields: Readonly<Record<string, FieldSpec>> = {
  ...addressFields('r-uri', 'Request-URI'),
  ...addressFields('from', 'from'),
  ...addressFields('to', 'to'),
  ...addressFields('contact', 'contact'),
  ...addressFields('pai', 'PAI'),
  ...addressFields('ppi', 'PPI'),
  'Via.transport': { type: 'string', label: 'Transport', many: true },
  'Via.sent-by.address': { type: 'string', label: 'Sent-by Address', many: true },
  'Via.sent-by.port': { type: 'u16', label: 'Sent-by port', many: true },
  ...Object.fromEntries(VIA.map((key) => [`Via.${key}`, { type: 'string', label: key, many: true }] as const)),
  auth: { type: 'string', label: 'Authentication', many: true },
  'auth.scheme': { type: 'string', label: 'Authentication Scheme', many: true },
  'auth.digest.response': { type: 'string', label: 'Digest Authentication Response', many: true },
  ...Object.fromEntries(AUTH.map((key) => [`auth.${key}`, { type: 'string', label: key, many: true }] as const)),
};

/** Adds the parts of a header field's value below its row. */
export function headerParts(
  t: TreeBuilder,
  key: string,
  value: string,
  line: string,
  at: number,
  length: number,
): void {
  if (value.length > MAX_VALUE) return;
  const start = ADDRESSES[key];
  t.nest(t.last());
  if (start !== undefined) address(t, start, value, at, length);
  else if (key === 'Via') via(t, value, at, length);
  else if (/^(?:(?:WWW|Proxy)-Authenticate|(?:Proxy-)?Authorization)$/.test(key))
    authentication(t, value, line, at, length);
  t.close();
}

/** `"Name" <sip:user@host:port;param>;tag=x`, or the same without brackets. */
function address(t: TreeBuilder, start: string, value: string, at: number, length: number): void {
  const open = value.indexOf('<');
  const close = open < 0 ? -1 : value.indexOf('>', open);
  const display = open > 0 ? value.slice(0, open) : '';
  const bare = value.split(';', 1)[0] ?? '';
  const uri = open >= 0 ? value.slice(open + 1, close < 0 ? undefined : close) : bare;
  const behind = open >= 0 ? (close < 0 ? '' : value.slice(close + 1)) : value.slice(bare.length);
  if (display !== '') t.put(`${start}.display.info`, display, at, length);
  if (uri !== '') t.put(start === 'contact' ? 'contact.uri' : `${start}.addr`, uri.trim(), at, length);
  uriParts(t, start, uri.trim(), at, length);
  for (const parameter of behind.split(';').map((one) => one.trim())) {
    if (parameter === '') continue;
    if (start === 'contact') t.put('contact.parameter', parameter, at, length);
    const tag = /^tag=(.*)$/i.exec(parameter);
    if (tag !== null && (start === 'from' || start === 'to')) t.put(`${start}.tag`, tag[1], at, length);
  }
}

/** RFC 3261 19.1: user, host, port and parameters of a `sip:` address. */
export function uriParts(t: TreeBuilder, start: string, uri: string, at: number, length: number): void {
  const found = /^sips?:(?:([^@;?]*)@)?(\[[^\]]*\]|[^:;?]*)(?::(\d+))?((?:;[^?]*)?)/i.exec(uri);
  if (found === null) return;
  const [, user, host, port, parameters] = found;
  if (user !== undefined) t.put(`${start}.user`, user.replace(/:.*$/, ''), at, length);
  if (host !== '') t.put(`${start}.host`, host, at, length);
  if (port !== undefined) t.put(`${start}.port`, port, at, length);
  for (const parameter of (parameters ?? '').split(';'))
    if (parameter !== '') t.put(`${start}.param`, parameter, at, length);
}

/** `SIP/2.0/UDP host:port;branch=...` */
function via(t: TreeBuilder, value: string, at: number, length: number): void {
  const [first = '', ...parameters] = value.split(';').map((one) => one.trim());
  const found = /^SIP\s*\/\s*\S+?\s*\/\s*(\S+)\s+(\[[^\]]*\]|[^:\s]+)(?::(\d{1,5}))?/i.exec(first);
  if (found === null) return;
  t.put('Via.transport', found[1], at, length);
  t.put('Via.sent-by.address', found[2], at, length);
  if (found[3] !== undefined && Number(found[3]) < 65_536) t.put('Via.sent-by.port', Number(found[3]), at, length);
  for (const parameter of parameters) {
    const equals = parameter.indexOf('=');
    const name = (equals < 0 ? parameter : parameter.slice(0, equals)).trim().toLowerCase();
    const known = VIA.find((one) => one === name);
    if (known !== undefined) t.put(`Via.${known}`, equals < 0 ? name : parameter.slice(equals + 1).trim(), at, length);
  }
}

/** RFC 8760, RFC 7616: a scheme, and what it needs. */
function authentication(t: TreeBuilder, value: string, line: string, at: number, length: number): void {
  t.put('auth', line, at, length);
  const space = value.search(/\s/);
  t.put('auth.scheme', space < 0 ? value : value.slice(0, space), at, length);
  for (const [, name, text] of value.slice(Math.max(0, space)).matchAll(/([\w-]+)\s*=\s*("[^"]*"|[^,\s]+)/g)) {
    const key = name === 'response' ? 'digest.response' : AUTH.find((one) => one === name?.toLowerCase());
    if (key !== undefined && text !== undefined) t.put(`auth.${key}`, text, at, length);
  }
}
