/** NetFlow 9 (RFC 3954) and IPFIX (RFC 7011): sets of templates, and of records that only their template explains. */

import { bigUint, u16 } from '../../../base/bytes.ts';
import type { FieldValue } from '../../../base/fields.ts';
import { NS_PER_SECOND } from '../../../base/time.ts';
import type { TreeBuilder } from '../../tree.ts';
import { ELEMENTS } from './elements.ts';
import { afterBoot, timeOf } from './times.ts';

const NETFLOW9 = 9;
const SET_HEADER = 4;
const FIRST_DATA_SET = 256;
const TEMPLATES: readonly number[] = [0, 2];
const OPTION_TEMPLATES: readonly number[] = [1, 3];
const ENTERPRISE_BIT = 0x8000;
const VARIABLE = 0xffff;
/** A variable length that does not fit in a byte: two more follow. */
const LONG = 0xff;
/** RFC 3954 6.1: scopes of options have numbers of their own. */
const SCOPES: Readonly<Record<number, string>> = {
  1: 'scope_system',
  2: 'scope_interface',
  3: 'scope_linecard',
  4: 'scope_cache',
  5: 'scope_template',
};
const INTEGER = /^u\d/;
const LONGEST_INTEGER = 8;
const ADDRESS_LENGTHS: Readonly<Record<string, number>> = { ipv4: 4, ipv6: 16, ether: 6 };

interface TemplateField {
  readonly element: number;
  readonly length: number;
  /** Private enterprise number; 0: IANA's. */
  readonly enterprise: number;
  readonly isScope: boolean;
}

interface Template {
  readonly frame: number;
  readonly fields: readonly TemplateField[];
}

/** Templates by observation domain and number, as the exporter last said them. */
interface Exporter {
  readonly templates: Map<string, Template>;
}

export function templateSets(t: TreeBuilder, version: 9 | 10): void {
  const { at } = t;
  const isNine = version === NETFLOW9;
  let next: number;
  let end = t.end;
  let exported: number;
  if (isNine) {
    t.add('count', at + 2);
    t.put('sysuptime', afterBoot(t.u32(at + 4)), at + 4, 4);
    exported = t.u32(at + 8);
    t.nest(t.put('timestamp', BigInt(exported) * NS_PER_SECOND, at + 8, 4));
    t.add('unix_secs', at + 8);
    t.close();
    t.add('sequence', at + 12);
    t.add('source_id', at + 16);
    next = at + 20;
  } else {
    t.add('len', at + 2);
    exported = t.u32(at + 4);
    t.nest(t.put('timestamp', BigInt(exported) * NS_PER_SECOND, at + 4, 4));
    t.add('exporttime', at + 4);
    t.close();
    t.add('sequence', at + 8);
    t.add('od_id', at + 12);
    next = at + 16;
    end = Math.min(end, at + t.u16(at + 2));
  }
  const domain = t.u32(next - 4);
  const count = isNine
    ? `total: ${t.u16(at + 2)} (v9) record${t.u16(at + 2) === 1 ? '' : 's'}`
    : `IPFIX flow (${String(t.u16(at + 2)).padStart(4)} bytes)`;
  t.info(`${count} Obs-Domain-ID=${String(domain).padStart(5)}`);
  const exporter = t.conversation((): Exporter => ({ templates: new Map() }));
  for (let number = 1; next + SET_HEADER <= end; number++) {
    const length = t.u16(next + 2);
    if (length < SET_HEADER) t.fail();
    const set: SetOfRecords = { t, exporter, domain, exported, version, number, at: next, end: next + length };
    t.need(next, Math.min(length, SET_HEADER));
    oneSet(set);
    next += length;
  }
}

interface SetOfRecords {
  readonly t: TreeBuilder;
  readonly exporter: Exporter;
  readonly domain: number;
  readonly exported: number;
  readonly version: 9 | 10;
  readonly number: number;
  readonly at: number;
  readonly end: number;
}

function oneSet(set: SetOfRecords): void {
  const { t, at, end } = set;
  const id = t.u16(at);
  const name = set.version === NETFLOW9 ? 'FlowSet' : 'Set';
  const isTemplates = TEMPLATES.includes(id);
  const isOptions = OPTION_TEMPLATES.includes(id);
  const kind = isTemplates ? 'Data Template' : isOptions ? 'Options Template' : 'Data';
  t.nest(t.text(`${name} ${set.number} [id=${id}] (${kind})`, at, end - at));
  t.add('flowset_id', at);
  t.add('flowset_length', at + 2);
  t.need(at, end - at);
  if (isTemplates || isOptions) {
    for (let next = at + SET_HEADER; next + SET_HEADER <= end && t.u16(next) >= FIRST_DATA_SET; )
      next = template(set, next, isOptions);
  } else if (id >= FIRST_DATA_SET) {
    t.addInfo(` [Data:${id}]`);
    records(set, id);
  } else t.add('unknown_field_type', at + SET_HEADER, end - at - SET_HEADER);
  t.close();
}

function template(set: SetOfRecords, at: number, isOptions: boolean): number {
  const { t } = set;
  const id = t.u16(at);
  t.addInfo(` [${isOptions ? 'Options' : 'Data'}-Template:${id}]`);
  const node = t.nest(t.text('', at, 0));
  t.put('template_id', id, at, 2);
  let next = at + SET_HEADER;
  let count = t.u16(at + 2);
  let scopes = 0;
  if (!isOptions) t.add('template_field_count', at + 2);
  else if (set.version === NETFLOW9) {
    t.add('option_scope_length', at + 2);
    t.add('option_length', at + 4);
    scopes = t.u16(at + 2) >>> 2;
    count = scopes + (t.u16(at + 4) >>> 2);
    next += 2;
  } else {
    t.add('template_ipfix_total_field_count', at + 2);
    t.add('template_ipfix_scope_field_count', at + 4);
    scopes = t.u16(at + 4);
    next += 2;
  }
  node.text = `Template (Id = ${id}, Count = ${count})`;
  const fields: TemplateField[] = [];
  for (let i = 0; i < count; i++) {
    const raw = t.u16(next);
    const length = t.u16(next + 2);
    const isPrivate = set.version !== NETFLOW9 && (raw & ENTERPRISE_BIT) !== 0;
    const isScope = i < scopes;
    const element = isPrivate ? raw & ~ENTERPRISE_BIT : raw;
    const size = isPrivate ? 8 : 4;
    t.nest(t.text(`Field (${i + 1}/${count})`, next, size));
    if (isScope && set.version === NETFLOW9) {
      t.add('scope_field_type', next);
      t.put('template_field_length', length, next + 2, 2);
    } else {
      if (set.version !== NETFLOW9) t.add('template_ipfix_pen_provided', next);
      t.put(typeKey(set.version, isPrivate), element, next, 2);
      t.put('template_field_length', length, next + 2, 2);
      if (isPrivate) t.add('template_ipfix_field_pen', next + 4);
    }
    t.close();
    fields.push({ element, length, enterprise: isPrivate ? t.u32(next + 4) : 0, isScope });
    next += size;
  }
  t.close(next);
  set.exporter.templates.set(`${set.domain}/${id}`, { frame: t.packet.number, fields });
  return next;
}

function typeKey(version: number, isPrivate: boolean): string {
  if (version === NETFLOW9) return 'template_field_type';
  return isPrivate ? 'template_ipfix_field_type_enterprise' : 'template_ipfix_field_type';
}

function records(set: SetOfRecords, id: number): void {
  const { t } = set;
  const found = set.exporter.templates.get(`${set.domain}/${id}`);
  const start = set.at + SET_HEADER;
  if (found === undefined) {
    t.text(`Data (${set.end - start} bytes), no template found`, start, set.end - start);
    return;
  }
  t.generated('template_frame', found.frame, start, 0);
  const least = found.fields.reduce((sum, { length }) => sum + (length === VARIABLE ? 1 : length), 0);
  let at = start;
  for (let flow = 1; least > 0 && at + least <= set.end; flow++) {
    const node = t.nest(t.text(`Flow ${flow}`, at, 0));
    for (const field of found.fields) at = value(set, field, at);
    t.close(at);
    node.length = at - node.at;
  }
  if (at < set.end) t.add('padding', at, set.end - at);
}

/** One value; returns where it ends. */
function value(set: SetOfRecords, field: TemplateField, start: number): number {
  const { t } = set;
  let at = start;
  let { length } = field;
  if (length === VARIABLE) {
    length = t.u8(at);
    at = t.add('string_len_short', at);
    if (length === LONG) {
      length = t.u16(at);
      at = t.add('string_len_long', at);
    }
  }
  if (at + length > set.end) t.fail();
  t.need(at, length);
  show(set, field, at, length);
  return at + length;
}

function show(set: SetOfRecords, field: TemplateField, at: number, length: number): void {
  const { t } = set;
  if (field.enterprise !== 0) {
    t.add('enterprise_private_entry', at, length);
    return;
  }
  if (field.isScope && set.version === NETFLOW9 && SCOPES[field.element] !== undefined) {
    const key = SCOPES[field.element] ?? '';
    const isNumber = (key === 'scope_interface' || key === 'scope_linecard') && length > 0 && length <= 4;
    if (isNumber) t.put(key, Number(bigUint(t.bytes, at, length)), at, length);
    else if (key === 'scope_interface' || key === 'scope_linecard') t.add('unknown_field_type', at, length);
    else t.add(key, at, length);
    return;
  }
  const element = ELEMENTS.get(field.element);
  const known = element === undefined ? null : valueOf(set, field.element, element.type, at, length);
  if (element === undefined || known === null) t.add('unknown_field_type', at, length);
  else t.put(element.key, known, at, length);
}

/** The bytes as the element's type; null where they are none. */
function valueOf(set: SetOfRecords, element: number, type: string, at: number, length: number): FieldValue | null {
  const { t } = set;
  if (type === 'string') return t.string(at, length, 'utf8', true);
  if (type === 'bytes') return t.slice(at, length);
  const fixed = ADDRESS_LENGTHS[type];
  if (fixed !== undefined) {
    if (fixed !== length) return null;
    return type === 'ipv4' ? t.u32(at) : t.slice(at, length);
  }
  if (length === 0 || length > LONGEST_INTEGER) return null;
  if (element === ICMP_TYPE_CODE_V6 && length === 2) return u16(t.bytes, at) >>> 8;
  const number = bigUint(t.bytes, at, length);
  if (element === FORWARDING_STATUS) return Number(number) >>> 6;
  if (element >= FIRST_LABEL && element <= LAST_LABEL) return Number(number) >>> 4;
  if (INTEGER.test(type)) return type === 'u64' ? number : number <= 0xffff_ffffn ? Number(number) : null;
  return timeOf(element, number, t.bytes, at, length, set.exported);
}

const ICMP_TYPE_CODE_V6 = 139;
const FORWARDING_STATUS = 89;
const FIRST_LABEL = 70;
const LAST_LABEL = 79;
