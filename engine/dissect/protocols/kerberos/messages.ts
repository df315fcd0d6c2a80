/** Kerberos' messages (RFC 4120 5.4 to 5.9): requests to the key distribution center, to services, and what is exchanged with them. */

import { BER_TAG, type BerElement, berByNumber, berChildren, berNumber, readBer } from '../../ber.ts';
import type { TreeBuilder } from '../../tree.ts';
import { MESSAGE_FIELDS } from './fields.ts';
import { ERRORS, MESSAGES } from './names.ts';
import { AP_OPTIONS, KDC_OPTIONS } from './options.ts';
import { padata } from './padata.ts';
import {
  bitString,
  checksum,
  encrypted,
  hostAddress,
  hostAddresses,
  inside,
  number,
  principal,
  text,
  ticket,
  tickets,
  time,
} from './parts.ts';

const MESSAGE = {
  asRequest: 10,
  asReply: 11,
  tgsRequest: 12,
  tgsReply: 13,
  apRequest: 14,
  apReply: 15,
  safe: 20,
  sealed: 21,
  credentials: 22,
  error: 30,
} as const;
const MAX_NESTED = 4;

/** One message. `says`: it is what the packet is about, and Info names it. */
export function message(t: TreeBuilder, whole: BerElement, says: boolean, depth = 0): void {
  const type = whole.number;
  const key = MESSAGE_FIELDS[type];
  const body = readBer(t.bytes, whole.value, whole.end);
  if (key === undefined || body === null || depth > MAX_NESTED) return;
  t.nest(t.put(key, new Uint8Array(0), whole.at, whole.end - whole.at));
  const parts = berByNumber(berChildren(t.bytes, body));
  const isRequest = type === MESSAGE.asRequest || type === MESSAGE.tgsRequest;
  number(t, 'pvno', parts.get(isRequest ? 1 : 0));
  number(t, 'msg_type', parts.get(isRequest ? 2 : 1));
  if (says && type !== MESSAGE.error) t.addInfo(MESSAGES[type] ?? '');
  const nested = (inner: BerElement): void => message(t, inner, false, depth + 1);
  switch (type) {
    case MESSAGE.asRequest:
    case MESSAGE.tgsRequest:
      padata(t, inside(t, parts.get(3)), nested);
      requestBody(t, parts.get(4));
      break;
    case MESSAGE.asReply:
    case MESSAGE.tgsReply:
      padata(t, inside(t, parts.get(2)), nested);
      text(t, 'crealm', parts.get(3));
      principal(t, 'cname', parts.get(4));
      ticket(t, parts.get(5));
      encrypted(t, 'enc_part_element', parts.get(6));
      break;
    case MESSAGE.apRequest:
      bitString(t, 'ap_options', parts.get(2), 'APOptions', AP_OPTIONS);
      ticket(t, parts.get(3));
      encrypted(t, 'authenticator_element', parts.get(4));
      break;
    case MESSAGE.apReply:
      encrypted(t, 'enc_part_element', parts.get(2));
      break;
    case MESSAGE.safe:
      safeBody(t, parts.get(2));
      checksum(t, parts.get(3));
      break;
    case MESSAGE.sealed:
      encrypted(t, 'enc_part_element', parts.get(3));
      break;
    case MESSAGE.credentials:
      tickets(t, 'tickets', parts.get(2));
      encrypted(t, 'enc_part_element', parts.get(3));
      break;
    case MESSAGE.error:
      krbError(t, parts, says, nested);
      break;
    default:
  }
  t.close();
}

/** What a KRB-SAFE message says in the open (5.6.1). */
function safeBody(t: TreeBuilder, tagged: BerElement | undefined): void {
  const body = inside(t, tagged);
  if (body === null) return;
  const parts = berByNumber(berChildren(t.bytes, body));
  t.nest(t.put('safe_body_element', new Uint8Array(0), body.at, body.end - body.at));
  text(t, 'user_data', parts.get(0));
  time(t, 'timestamp', parts.get(1));
  number(t, 'usec', parts.get(2));
  number(t, 'seq_number', parts.get(3));
  hostAddress(t, 's_address_element', inside(t, parts.get(4)));
  hostAddress(t, 'r_address_element', inside(t, parts.get(5)));
  t.close();
}

function requestBody(t: TreeBuilder, tagged: BerElement | undefined): void {
  const body = inside(t, tagged);
  if (body === null) return;
  const parts = berByNumber(berChildren(t.bytes, body));
  t.nest(t.put('req_body_element', new Uint8Array(0), body.at, body.end - body.at));
  bitString(t, 'kdc_options', parts.get(0), 'KDCOptions', KDC_OPTIONS);
  principal(t, 'cname', parts.get(1));
  text(t, 'realm', parts.get(2));
  principal(t, 'sname', parts.get(3));
  time(t, 'from', parts.get(4));
  time(t, 'till', parts.get(5));
  time(t, 'rtime', parts.get(6));
  number(t, 'nonce', parts.get(7));
  const list = inside(t, parts.get(8));
  if (list !== null) {
    const types = berChildren(t.bytes, list);
    t.nest(t.put('kdc-req-body.etype', types.length, list.at, list.end - list.at));
    for (const type of types) t.put('ENCTYPE', berNumber(t.bytes, type), type.value, type.end - type.value);
    t.close();
  }
  hostAddresses(t, parts.get(9));
  encrypted(t, 'enc_authorization_data_element', parts.get(10));
  tickets(t, 'additional_tickets', parts.get(11));
  t.close();
}

/** Who answers with such a code is in its name in Info: the KDC up to 29, either side up to 61, public keys (RFC 4556) behind. */
function errorName(code: number): string {
  const [, word = '', name = ''] = /^(eRR-|eRROR-|p)(.*)$/.exec((ERRORS[code] ?? '').replace(/^pATH/, 'pPATH')) ?? [];
  const title = name.replaceAll('-', '_');
  if (word === '') return `Unknown error code 0x${code.toString(16)}`;
  if (word === 'p') return `KRB5KDC_AP_${title}`;
  if (word === 'eRROR-') return `KDC_ERROR_${title}`;
  if (code <= 29) return `KRB5KDC_ERR_${title}`;
  if (code <= 50) return `KRB5KRB_AP_ERR_${title}`;
  if (code <= 61) return `KRB5KRB_ERR_${title}`;
  return `${code === 67 || code === 69 ? 'KRB_AP' : 'KDC'}_ERR_${title}`;
}

function krbError(
  t: TreeBuilder,
  parts: ReadonlyMap<number, BerElement>,
  says: boolean,
  nested: (whole: BerElement) => void,
): void {
  time(t, 'ctime', parts.get(2));
  number(t, 'cusec', parts.get(3));
  time(t, 'stime', parts.get(4));
  number(t, 'susec', parts.get(5));
  const code = inside(t, parts.get(6));
  if (code !== null) {
    const value = berNumber(t.bytes, code);
    t.put('error_code', value, code.value, code.end - code.value);
    if (says) t.addInfo(`KRB Error: ${errorName(value)}`);
  }
  text(t, 'crealm', parts.get(7));
  principal(t, 'cname', parts.get(8));
  text(t, 'realm', parts.get(9));
  principal(t, 'sname', parts.get(10));
  text(t, 'e_text', parts.get(11));
  text(t, 'e_data', parts.get(12));
  const data = inside(t, parts.get(12));
  const methods = data === null ? null : readBer(t.bytes, data.value, data.end);
  // What the KDC asks for is a list of the same shape (5.9.1).
  if (data !== null && methods?.id === BER_TAG.sequence && isMethodData(t, methods)) {
    t.nest(t.last());
    padata(t, methods, nested);
    t.close();
  }
}

function isMethodData(t: TreeBuilder, list: BerElement): boolean {
  return berChildren(t.bytes, list).every(({ id }) => id === BER_TAG.sequence);
}
