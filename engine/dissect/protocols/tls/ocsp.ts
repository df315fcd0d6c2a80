/** OCSP responses (RFC 6960 4.2) that servers staple to their certificates. */

import { decodeLatin1 } from '../../../base/text.ts';
import { formatOid } from '../../node.ts';
import type { TreeBuilder } from '../../tree.ts';
import { addAlgorithm } from './certificate.ts';
import { children, type Element, element, TAG } from './der.ts';

const ENUMERATED = 0x0a;
const BY_KEY = 0xa2;
const NEXT_UPDATE = 0xa0;
/** A certificate's status is one of three tags in place of a value: [0] good, [1] revoked, [2] unknown. */
const STATUS = { first: 0x80, revoked: 0xa1, last: 0x82 } as const;

export function addOcspResponse(t: TreeBuilder, at: number, end: number): void {
  t.nest(t.text('OCSP Response', at, end - at));
  const outer = element(t, at, end);
  const [status, bytes] = outer === null ? [] : children(t, outer.value, outer.end);
  if (status?.tag === ENUMERATED && status.end > status.value)
    t.put('ocsp.responseStatus', t.u8(status.value), status.value, 1);
  const typed = bytes === undefined ? null : element(t, bytes.value, bytes.end);
  if (typed !== null) responseBytes(t, typed);
  t.close();
}

function responseBytes(t: TreeBuilder, typed: Element): void {
  const [type, octets] = children(t, typed.value, typed.end);
  if (type?.tag === TAG.oid)
    t.put(
      'ocsp.responseType.id',
      formatOid(t.slice(type.value, type.end - type.value)),
      type.value,
      type.end - type.value,
    );
  const basic = octets?.tag === TAG.octetString ? element(t, octets.value, octets.end) : null;
  if (basic === null) return;
  const [data, algorithm, signature] = children(t, basic.value, basic.end);
  if (data !== undefined) responseData(t, data);
  if (algorithm !== undefined) addAlgorithm(t, algorithm, 'signatureAlgorithm');
  if (signature?.tag === TAG.bitString && signature.end > signature.value + 1)
    t.add('ocsp.signature', signature.value + 1, signature.end - signature.value - 1);
}

function responseData(t: TreeBuilder, data: Element): void {
  t.nest(t.text('tbsResponseData', data.at, data.end - data.at));
  for (const part of children(t, data.value, data.end)) {
    if (part.tag === BY_KEY) {
      const key = element(t, part.value, part.end);
      if (key !== null && key.end > key.value) t.add('ocsp.byKey', key.value, key.end - key.value);
    } else if (part.tag === TAG.generalizedTime) addTime(t, 'ocsp.producedAt', part);
    else if (part.tag === TAG.sequence) {
      const list = children(t, part.value, part.end);
      t.put('ocsp.responses', list.length, part.at, part.end - part.at);
      for (const single of list) singleResponse(t, single);
    }
  }
  t.close();
}

function singleResponse(t: TreeBuilder, single: Element): void {
  t.nest(t.text('SingleResponse', single.at, single.end - single.at));
  const [id, ...rest] = children(t, single.value, single.end);
  if (id !== undefined) certificateId(t, id);
  for (const part of rest) {
    if (part.tag === STATUS.revoked) {
      t.put('ocsp.certStatus', 1, part.at, part.end - part.at);
      const time = element(t, part.value, part.end);
      if (time?.tag === TAG.generalizedTime) addTime(t, 'ocsp.revocationTime', time);
    } else if (part.tag >= STATUS.first && part.tag <= STATUS.last)
      t.put('ocsp.certStatus', part.tag - STATUS.first, part.at, part.end - part.at);
    else if (part.tag === TAG.generalizedTime) addTime(t, 'ocsp.thisUpdate', part);
    else if (part.tag === NEXT_UPDATE) {
      const time = element(t, part.value, part.end);
      if (time?.tag === TAG.generalizedTime) addTime(t, 'ocsp.nextUpdate', time);
    }
  }
  t.close();
}

function certificateId(t: TreeBuilder, id: Element): void {
  const [algorithm, name, key, serial] = children(t, id.value, id.end);
  if (algorithm !== undefined) addAlgorithm(t, algorithm, 'hashAlgorithm');
  const add = (field: string, part: Element | undefined): void => {
    if (part !== undefined && part.end > part.value) t.add(field, part.value, part.end - part.value);
  };
  add('ocsp.issuerNameHash', name);
  add('ocsp.issuerKeyHash', key);
  add('ocsp.serialNumber', serial);
}

function addTime(t: TreeBuilder, field: string, { value, end }: Element): void {
  const text = decodeLatin1(t.bytes, value, Math.min(end, value + 32));
  const found = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (found === null) return;
  const [year, month, day, hour, minute, second] = found.slice(1).map(Number);
  t.put(field, BigInt(Date.UTC(year, month - 1, day, hour, minute, second)) * 1_000_000n, value, end - value);
}
