/**
 * Data of resource records, type by type: which fields follow each other (RFC 1035 3.3, 2782, 3403, 4034, 5155, 6698, 7043,
 * 8659, 9460 and others), and what of them the record's row and the Info column say.
 */

import { formatIpv4, formatIpv6 } from '../../../base/address.ts';
import { toHex } from '../../../base/hex.ts';
import type { TreeBuilder } from '../../tree.ts';
import { readName } from './name.ts';
import { ALGORITHMS, TYPE, TYPES } from './names.ts';

/** One record's data while it is read: a position that moves, and the words for its row. */
export interface RecordData {
  readonly t: TreeBuilder;
  /** Where names' pointers count from. */
  readonly base: number;
  at: number;
  readonly end: number;
  /** `, addr 192.0.2.1` */
  row: string;
  /** ` 192.0.2.1` */
  info: string;
}

type Step = (d: RecordData) => void;

/** A field of fixed width; `word`: what the row calls it; `inInfo`: the Info column shows it. */
function number(key: string, word = '', inInfo = false): Step {
  return (d) => {
    const value = String(d.t.value(key, d.at));
    d.at = d.t.add(key, d.at);
    if (word !== '') d.row += `, ${word} ${value}`;
    if (inInfo) d.info += ` ${value}`;
  };
}

function name(key: string, word = '', inInfo = false): Step {
  return (d) => {
    const found = readName(d.t, d.at, d.base);
    d.t.put(key, found.text, d.at, found.end - d.at);
    d.at = found.end;
    if (word !== '') d.row += `, ${word} ${found.text}`;
    if (inInfo) d.info += ` ${found.text}`;
  };
}

/** A length byte and that much text, both fields. */
function text(lengthKey: string, key: string, word = '', inInfo = false): Step {
  return (d) => {
    const length = d.t.u8(d.at);
    d.t.add(lengthKey, d.at);
    if (d.at + 1 + length > d.end) d.t.fail();
    d.t.add(key, d.at + 1, length);
    const value = d.t.string(d.at + 1, length);
    d.at += 1 + length;
    if (word !== '') d.row += `, ${word} ${value}`;
    if (inInfo) d.info += ` ${value}`;
  };
}

/** What is left of the record as one field. */
function rest(key: string): Step {
  return (d) => {
    if (d.end > d.at) d.t.add(key, d.at, d.end - d.at);
    d.at = d.end;
  };
}

function repeat(step: Step): Step {
  return (d) => {
    while (d.at < d.end) step(d);
  };
}

function ipv4(key: string, word = '', inInfo = false): Step {
  return (d) => {
    const shown = formatIpv4(d.t.u32(d.at));
    d.at = d.t.add(key, d.at);
    if (word !== '') d.row += `, ${word} ${shown}`;
    if (inInfo) d.info += ` ${shown}`;
  };
}

function ipv6(key: string, word = '', inInfo = false): Step {
  return (d) => {
    const shown = formatIpv6(d.t.slice(d.at, 16));
    d.at = d.t.add(key, d.at);
    if (word !== '') d.row += `, ${word} ${shown}`;
    if (inInfo) d.info += ` ${shown}`;
  };
}

function bytes(key: string, length: number): Step {
  return (d) => {
    d.at = d.t.add(key, d.at, length);
  };
}

/** Bits of types (RFC 4034 4.1.2): windows of 256 types, each with as many bytes as it needs. */
function typeBitmap(d: RecordData): void {
  let before = ', types ';
  while (d.at + 2 <= d.end) {
    const window = d.t.u8(d.at);
    const length = d.t.u8(d.at + 1);
    const start = d.at + 2;
    const stop = Math.min(start + length, d.end);
    for (let at = start; at < stop; at++) {
      const byte = d.t.u8(at);
      for (let bit = 0; bit < 8; bit++) {
        if ((byte & (0x80 >>> bit)) === 0) continue;
        const type = window * 256 + (at - start) * 8 + bit;
        d.t.text(`Type in the bit map: ${TYPES[type] ?? 'Unknown'} (${type})`, at, 1);
        d.row += `${before}${TYPES[type] ?? type}`;
        before = ' ';
      }
    }
    d.at = start + length;
  }
  d.at = d.end;
}

/** RFC 4034 appendix B: a checksum over the key's record data; B.1 for algorithm 1. */
export function keyTag(data: Uint8Array): number {
  if (data.length < 4) return 0;
  if (data[3] === 1) return data.length < 7 ? 0 : ((data[data.length - 3] << 8) | data[data.length - 2]) & 0xffff;
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += (i & 1) === 0 ? data[i] << 8 : data[i];
  return (sum + (sum >>> 16)) & 0xffff;
}

function dnskey(d: RecordData): void {
  const { t } = d;
  const start = d.at;
  d.at = t.add('dnskey.flags', d.at);
  t.nest(t.last());
  for (const flag of ['zone_key', 'key_revoked', 'secure_entry_point']) t.add(`dnskey.flags.${flag}`, start);
  t.hide('dnskey.flags.reserved', (t.u16(start) & 0xfe7e) >>> 1, start, 2);
  t.close();
  d.at = t.add('dnskey.protocol', d.at);
  d.at = t.add('dnskey.algorithm', d.at);
  const tag = keyTag(t.slice(start, d.end - start));
  t.generated('dnskey.key_id', tag, start, d.end - start);
  rest('dnskey.public_key')(d);
}

function time(key: string): Step {
  return (d) => {
    d.t.put(key, BigInt(d.t.u32(d.at)) * 1_000_000_000n, d.at, 4);
    d.at += 4;
  };
}

const signature: Step = (d) => {
  const covered = d.t.u16(d.at);
  d.row += `, covers ${TYPES[covered] ?? covered}`;
  for (const step of [
    number('rrsig.type_covered'),
    number('rrsig.algorithm'),
    number('rrsig.labels'),
    number('rrsig.original_ttl'),
    time('rrsig.signature_expiration'),
    time('rrsig.signature_inception'),
    number('rrsig.key_tag'),
    name('rrsig.signers_name'),
    rest('rrsig.signature'),
  ]) {
    step(d);
  }
};

const BASE32_HEX = '0123456789abcdefghijklmnopqrstuv';

/** RFC 4648 7, without padding, as names of NSEC3 records have it. */
export function base32hex(data: Uint8Array): string {
  let out = '';
  let bits = 0;
  let held = 0;
  for (const byte of data) {
    held = ((held << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      out += BASE32_HEX[(held >>> bits) & 31];
    }
  }
  return bits > 0 ? out + BASE32_HEX[(held << (5 - bits)) & 31] : out;
}

const nsec3Head: Step = (d) => {
  const { t } = d;
  d.at = t.add('nsec3.algo', d.at);
  t.add('nsec3.flags', d.at);
  t.nest(t.last());
  d.at = t.add('nsec3.flags.opt_out', d.at);
  t.close();
  d.at = t.add('nsec3.iterations', d.at);
  const salt = t.u8(d.at);
  d.at = t.add('nsec3.salt_length', d.at);
  d.at = t.add('nsec3.salt_value', d.at, salt);
};

function svcParams(d: RecordData): void {
  const { t } = d;
  while (d.at + 4 <= d.end) {
    const key = t.u16(d.at);
    const length = t.u16(d.at + 2);
    const value = d.at + 4;
    const end = value + length;
    if (end > d.end) t.fail();
    const keyName = t.nameOf('svcb.svcparam.key', key) ?? `key${key}`;
    t.nest(t.put('svcb.svcparam', new Uint8Array(0), d.at, 4 + length, `SvcParam: ${keyName}`));
    t.add('svcb.svcparam.key', d.at);
    t.add('svcb.svcparam.value.length', d.at + 2);
    const shown = svcValue(t, key, value, end);
    const node = t.last();
    t.close();
    if (shown !== '') d.row += ` ${keyName}=${shown}`;
    else if (node.field !== null) d.row += ` ${keyName}`;
    d.at = end;
  }
  d.at = d.end;
}

/** Adds one parameter's value; returns it as text for the row. */
function svcValue(t: TreeBuilder, key: number, from: number, end: number): string {
  const values: string[] = [];
  let at = from;
  switch (key) {
    case 0:
      for (; at + 2 <= end; at += 2) {
        t.add('svcb.svcparam.mandatory.key', at);
        values.push(t.nameOf('svcb.svcparam.key', t.u16(at)) ?? `key${t.u16(at)}`);
      }
      break;
    case 1:
      while (at < end) {
        const length = t.u8(at);
        if (at + 1 + length > end) t.fail();
        t.add('svcb.svcparam.alpn.length', at);
        t.add('svcb.svcparam.alpn', at + 1, length);
        values.push(t.string(at + 1, length));
        at += 1 + length;
      }
      break;
    case 2:
      break;
    case 3:
      if (end - at >= 2) {
        values.push(String(t.u16(at)));
        t.add('svcb.svcparam.port', at);
      }
      break;
    case 4:
      for (; at + 4 <= end; at += 4) {
        t.add('svcb.svcparam.ipv4hint.ip', at);
        values.push(formatIpv4(t.u32(at)));
      }
      break;
    case 6:
      for (; at + 16 <= end; at += 16) {
        t.add('svcb.svcparam.ipv6hint.ip', at);
        values.push(formatIpv6(t.slice(at, 16)));
      }
      break;
    case 5:
      t.add('svcb.svcparam.echconfig', at, end - at);
      break;
    case 32769:
      t.add('svcb.svcparam.odohconfig', at, end - at);
      break;
    default:
      if (end > at) t.add('svcb.svcparam.value', at, end - at);
  }
  return values.join(',');
}

const svcb: Step = (d) => {
  for (const step of [number('svcb.svcpriority'), name('svcb.targetname')]) step(d);
  svcParams(d);
};

function apl(d: RecordData): void {
  const { t } = d;
  while (d.at + 4 <= d.end) {
    const family = t.u16(d.at);
    const length = t.u8(d.at + 3) & 0x7f;
    const start = d.at + 4;
    if (start + length > d.end) t.fail();
    t.add('apl.address_family', d.at);
    t.add('apl.coded_prefix', d.at + 2);
    t.add('apl.negation', d.at + 3);
    t.add('apl.afdlength', d.at + 3);
    // RFC 3123 4: zero bytes at the end are left out.
    const address = new Uint8Array(family === 1 ? 4 : 16);
    address.set(t.slice(start, Math.min(length, address.length)));
    if (family === 1 && length <= 4)
      t.put(
        'apl.afdpart.ipv4',
        ((address[0] << 24) | (address[1] << 16) | (address[2] << 8) | address[3]) >>> 0,
        start,
        length,
      );
    else if (family === 2 && length <= 16) t.put('apl.afdpart.ipv6', address, start, length);
    else t.add('apl.afdpart.data', start, length);
    d.at = start + length;
  }
}

function caa(d: RecordData): void {
  const { t } = d;
  t.add('caa.flags', d.at);
  t.nest(t.last());
  d.at = t.add('caa.flags.issuer_critical', d.at);
  t.close();
  const tagLength = t.u8(d.at);
  if (d.at + 1 + tagLength > d.end) t.fail();
  const tag = t.string(d.at + 1, tagLength);
  const length = d.end - d.at - 1 - tagLength;
  const value = t.string(d.at + 1 + tagLength, length);
  const key = tag === 'issue' || tag === 'issuewild' || tag === 'iodef' ? tag : 'unknown';
  t.nest(t.put(`caa.${key}`, value, d.at, d.end - d.at, `${tag}: ${value}`));
  t.add('caa.tag_length', d.at);
  t.add('caa.tag', d.at + 1, tagLength);
  t.add('caa.value', d.at + 1 + tagLength, length);
  t.close();
  d.row += `, ${tag} ${value}`;
  d.at = d.end;
}

function ipsecKey(d: RecordData): void {
  const { t } = d;
  d.at = t.add('ipseckey.gateway_precedence', d.at);
  const type = t.u8(d.at);
  d.at = t.add('ipseckey.gateway_type', d.at);
  d.at = t.add('ipseckey.gateway_algorithm', d.at);
  if (type === 1) d.at = t.add('ipseckey.gateway_ipv4', d.at);
  else if (type === 2) d.at = t.add('ipseckey.gateway_ipv6', d.at);
  else if (type === 3) name('ipseckey.gateway_dns')(d);
  rest('ipseckey.public_key')(d);
}

function hip(d: RecordData): void {
  const { t } = d;
  const hit = t.u8(d.at);
  const key = t.u16(d.at + 2);
  t.add('hip.hit.length', d.at);
  t.add('hip.hit.pk.algo', d.at + 1);
  t.add('hip.pk.length', d.at + 2);
  t.add('hip.hit', d.at + 4, hit);
  d.at = t.add('hip.pk', d.at + 4 + hit, key);
  repeat(name('hip.rendezvous_server'))(d);
}

const tsig: Step = (d) => {
  const { t } = d;
  name('tsig.algorithm_name')(d);
  const seconds = (BigInt(t.u16(d.at)) << 32n) | BigInt(t.u32(d.at + 2));
  t.put('tsig.time_signed', seconds * 1_000_000_000n, d.at, 6);
  d.at = t.add('tsig.fudge', d.at + 6);
  const mac = t.u16(d.at);
  d.at = t.add('tsig.mac_size', d.at);
  t.put('tsig.mac', t.slice(d.at, mac), d.at, mac, `MAC: ${toHex(t.slice(d.at, mac))}`);
  d.at = t.add('tsig.original_id', d.at + mac);
  d.at = t.add('tsig.error', d.at);
  const other = t.u16(d.at);
  d.at = t.add('tsig.other_len', d.at);
  if (other > 0) d.at = t.add('tsig.other_data', d.at, other);
};

const tkey: Step = (d) => {
  const { t } = d;
  for (const step of [
    name('tkey.algo_name'),
    time('tkey.signature_inception'),
    time('tkey.signature_expiration'),
    number('tkey.mode'),
    number('tkey.error'),
  ])
    step(d);
  const size = t.u16(d.at);
  d.at = t.add('tkey.key_size', d.at);
  if (size > 0) d.at = t.add('tkey.key_data', d.at, size);
  const other = t.u16(d.at);
  d.at = t.add('tkey.other_size', d.at);
  if (other > 0) d.at = t.add('tkey.other_data', d.at, other);
};

const wins =
  (protocol: 'wins' | 'winsr'): Step =>
  (d) => {
    const { t } = d;
    d.at = t.add(`${protocol}.local_flag`, d.at);
    d.at = t.add(`${protocol}.lookup_timeout`, d.at);
    d.at = t.add(`${protocol}.cache_timeout`, d.at);
    if (protocol === 'winsr') return name('winsr.name_result_domain', 'domain', true)(d);
    const count = t.u32(d.at);
    d.at = t.add('wins.nb_wins_servers', d.at);
    for (let i = 0; i < count && d.at + 4 <= d.end; i++) ipv4('wins.wins_server', i === 0 ? 'wins server' : '')(d);
  };

const ds: readonly Step[] = [
  (d) => {
    d.row += `, key id ${d.t.u16(d.at)}, algorithm ${ALGORITHMS[d.t.u8(d.at + 2)] ?? d.t.u8(d.at + 2)}`;
  },
  number('ds.key_id'),
  number('ds.algorithm'),
  number('ds.digest_type'),
  rest('ds.digest'),
];

/** What each type's data is made of. */
const RECORDS: Readonly<Record<number, readonly Step[]>> = {
  1: [ipv4('a', 'addr', true)],
  2: [name('ns', 'ns', true)],
  3: [name('md', 'md', true)],
  4: [name('mf', 'mf', true)],
  5: [name('cname', 'cname', true)],
  6: [
    name('soa.mname', 'mname', true),
    name('soa.rname'),
    number('soa.serial_number'),
    number('soa.refresh_interval'),
    number('soa.retry_interval'),
    number('soa.expire_limit'),
    number('soa.minimum_ttl'),
  ],
  7: [name('mb', 'mb', true)],
  8: [name('mg', 'mg', true)],
  9: [name('mr', 'mr', true)],
  10: [rest('null')],
  11: [ipv4('wks.address', 'addr', true), number('wks.protocol')],
  12: [name('ptr.domain_name', 'ptr', true)],
  13: [text('hinfo.cpu_length', 'hinfo.cpu', 'CPU', true), text('hinfo.os_length', 'hinfo.os', 'OS', true)],
  14: [name('minfo.r', 'responsible mailbox', true), name('minfo.e', 'error mailbox', true)],
  15: [number('mx.preference', 'preference', true), name('mx.mail_exchange', 'mx', true)],
  16: [repeat(text('txt.length', 'txt'))],
  17: [name('rp.mailbox', 'mailbox', true), name('rp.txt_rr', 'TXT RR', true)],
  18: [number('afsdb.subtype', 'subtype', true), name('afsdb.hostname', 'hostname', true)],
  19: [text('x25.length', 'x25.psdn_address', 'PSDN address', true)],
  20: [
    text('idsn.length', 'idsn.address', 'ISDN address', true),
    (d) => (d.at < d.end ? text('idsn.sa.length', 'idsn.sa.address')(d) : undefined),
  ],
  21: [number('rt.subtype', 'preference', true), name('rt.intermediate_host', 'intermediate host', true)],
  22: [rest('nsap.rdata')],
  23: [name('nsap_ptr.owner', 'owner', true)],
  24: [signature],
  26: [
    number('px.preference', 'preference', true),
    name('px.map822', 'map822', true),
    name('px.map400', 'map400', true),
  ],
  27: [
    text('gpos.longitude_length', 'gpos.longitude'),
    text('gpos.latitude_length', 'gpos.latitude'),
    text('gpos.altitude_length', 'gpos.altitude'),
  ],
  28: [ipv6('aaaa', 'addr', true)],
  29: [
    number('loc.version'),
    number('loc.size'),
    number('loc.horizontal_precision'),
    number('loc.vertical_precision'),
    number('loc.latitude'),
    number('loc.longitude'),
    number('loc.altitude'),
  ],
  30: [name('nxt.next_domain_name', 'next domain name', true)],
  33: [
    number('srv.priority', 'priority', true),
    number('srv.weight', 'weight', true),
    number('srv.port', 'port', true),
    name('srv.target', 'target', true),
  ],
  35: [
    number('naptr.order', 'order', true),
    number('naptr.preference', 'preference', true),
    text('naptr.flags_length', 'naptr.flags', 'flags', true),
    text('naptr.service_length', 'naptr.service'),
    text('naptr.regex_length', 'naptr.regex'),
    naptrReplacement,
  ],
  36: [number('kx.preference', 'preference', true), name('kx.key_exchange', 'kx', true)],
  37: [number('cert.type'), number('cert.key_tag'), number('cert.algorithm'), rest('cert.certificate')],
  39: [name('dname', 'dname', true)],
  42: [apl],
  43: ds,
  44: [number('sshfp.algorithm'), number('sshfp.fingerprint.type'), rest('sshfp.fingerprint')],
  45: [ipsecKey],
  46: [signature],
  47: [name('nsec.next_domain_name', 'next', false), typeBitmap],
  48: [dnskey],
  49: [rest('dhcid.rdata')],
  50: [
    nsec3Head,
    (d) => {
      const length = d.t.u8(d.at);
      d.at = d.t.add('nsec3.hash_length', d.at);
      d.t.put('nsec3.hash_value', base32hex(d.t.slice(d.at, length)), d.at, length);
      d.at += length;
    },
    typeBitmap,
  ],
  51: [nsec3Head],
  52: [
    number('tlsa.certificate_usage'),
    number('tlsa.selector'),
    number('tlsa.matching_type'),
    rest('tlsa.certificate_association_data'),
  ],
  53: [
    number('tlsa.certificate_usage'),
    number('tlsa.selector'),
    number('tlsa.matching_type'),
    rest('tlsa.certificate_association_data'),
  ],
  55: [hip],
  59: ds,
  60: [dnskey],
  61: [rest('openpgpkey')],
  62: [
    number('csync.soa', 'SOA', true),
    (d) => {
      d.t.add('csync.flags', d.at);
      d.t.nest(d.t.last());
      d.t.add('csync.flags.immediate', d.at);
      d.at = d.t.add('csync.flags.soaminimum', d.at);
      d.t.close();
      if (d.end > d.at) d.t.add('csync.type_bitmap', d.at, d.end - d.at);
    },
    typeBitmap,
  ],
  63: [number('zonemd.serial'), number('zonemd.scheme'), number('zonemd.hash_algo'), rest('zonemd.digest')],
  64: [svcb],
  65: [svcb],
  99: [repeat(text('spf.length', 'spf'))],
  104: [number('ilnp.nid.preference', 'preference', true), bytes('ilnp.nid', 8)],
  105: [number('ilnp.l32.preference', 'preference', true), ipv4('ilnp.l32', 'l32', true)],
  106: [number('ilnp.l64.preference', 'preference', true), bytes('ilnp.l64', 8)],
  107: [number('ilnp.lp.preference', 'preference', true), name('ilnp.lp', 'lp', true)],
  108: [number('eui48')],
  109: [number('eui64')],
  249: [tkey],
  250: [tsig],
  257: [caa],
  32768: ds,
  32769: ds,
  65281: [wins('wins')],
  65282: [wins('winsr')],
};

function naptrReplacement(d: RecordData): void {
  const found = readName(d.t, d.at, d.base);
  d.t.put('naptr.replacement_length', found.end - d.at, d.at, found.end - d.at);
  d.t.put('naptr.replacement', found.text, d.at, found.end - d.at);
  d.at = found.end;
}

/** Adds a record's data; moves `d.at` behind what is known of it. */
export function addRecordData(type: number, d: RecordData): void {
  if (d.end === d.at && type !== TYPE.opt) return;
  for (const step of RECORDS[type] ?? []) step(d);
}
