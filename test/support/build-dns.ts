/** Builder of DNS messages (RFC 1035) with name compression, and of the newer records that captures show. */

import { type BytesLike, ipAddress, join, latin1, u8, u16, u32 } from './build-bytes.ts';

export const DNS_TYPE = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  OPT: 41,
  HTTPS: 65,
  ANY: 255,
} as const;
export type DnsType = keyof typeof DNS_TYPE;

export const DNS_RCODE = {
  noError: 0,
  formatError: 1,
  serverFailure: 2,
  noSuchName: 3,
  notImplemented: 4,
  refused: 5,
} as const;

/** Bits of the flags word. */
export const DNS_FLAG = {
  response: 0x8000,
  authoritative: 0x0400,
  truncated: 0x0200,
  recursionDesired: 0x0100,
  recursionAvailable: 0x0080,
} as const;

export interface DnsQuestion {
  readonly name: string;
  readonly type: DnsType;
  readonly class?: number;
}

interface RecordHead {
  readonly name: string;
  readonly ttl?: number;
  readonly class?: number;
}

export type DnsRecord = RecordHead &
  (
    | { readonly type: 'A' | 'AAAA'; readonly address: string }
    | { readonly type: 'CNAME' | 'NS' | 'PTR'; readonly target: string }
    | { readonly type: 'MX'; readonly preference: number; readonly target: string }
    | {
        readonly type: 'SRV';
        readonly priority: number;
        readonly weight: number;
        readonly port: number;
        readonly target: string;
      }
    | { readonly type: 'TXT'; readonly texts: readonly string[] }
    | { readonly type: 'SOA'; readonly primary: string; readonly mailbox: string; readonly serial: number }
    | { readonly type: 'raw'; readonly number: number; readonly data: BytesLike; readonly length?: number }
  );

export interface DnsFields {
  readonly id: number;
  /** The flags word without the response code. */
  readonly flags?: number;
  readonly rcode?: number;
  readonly questions?: readonly DnsQuestion[];
  readonly answers?: readonly DnsRecord[];
  readonly authority?: readonly DnsRecord[];
  readonly additional?: readonly DnsRecord[];
  /** Append an EDNS(0) record (RFC 6891) with this payload size. */
  readonly edns?: number;
  /** Overrules the four counts in the header. */
  readonly counts?: readonly [number, number, number, number];
}

/** Keeps what has been written so far, so that later names can point back. */
class DnsWriter {
  readonly #parts: Uint8Array[] = [];
  readonly #names = new Map<string, number>();
  #length = 0;

  add(...parts: readonly BytesLike[]): void {
    const bytes = join(...parts);
    this.#parts.push(bytes);
    this.#length += bytes.length;
  }

  name(name: string): void {
    let rest = name.replace(/\.$/, '');
    while (rest !== '') {
      const known = this.#names.get(rest);
      if (known !== undefined) {
        this.add(u16(0xc000 | known));
        return;
      }
      if (this.#length < 0x4000) this.#names.set(rest, this.#length);
      const dot = rest.indexOf('.');
      const label = dot < 0 ? rest : rest.slice(0, dot);
      rest = dot < 0 ? '' : rest.slice(dot + 1);
      if (label.length === 0 || label.length > 63) throw new Error(`not a label: "${label}"`);
      this.add(u8(label.length), latin1(label));
    }
    this.add(u8(0));
  }

  /** Writes what `content` writes, behind its length. */
  sized(content: () => void): void {
    const slot = new Uint8Array(2);
    this.#parts.push(slot);
    this.#length += 2;
    const before = this.#length;
    content();
    slot.set(u16(this.#length - before));
  }

  record(record: DnsRecord): void {
    this.name(record.name);
    const type = record.type === 'raw' ? record.number : DNS_TYPE[record.type];
    this.add(u16(type), u16(record.class ?? 1), u32(record.ttl ?? 300));
    if (record.type === 'raw') {
      this.add(u16(record.length ?? record.data.length), record.data);
      return;
    }
    this.sized(() => {
      switch (record.type) {
        case 'A':
        case 'AAAA':
          return this.add(ipAddress(record.address));
        case 'CNAME':
        case 'NS':
        case 'PTR':
          return this.name(record.target);
        case 'MX':
          this.add(u16(record.preference));
          return this.name(record.target);
        case 'SRV':
          this.add(u16(record.priority), u16(record.weight), u16(record.port));
          return this.name(record.target);
        case 'TXT':
          return this.add(...record.texts.map((text) => join(u8(text.length), latin1(text))));
        case 'SOA':
          this.name(record.primary);
          this.name(record.mailbox);
          return this.add(u32(record.serial), u32(7200), u32(3600), u32(1_209_600), u32(300));
      }
    });
  }

  bytes(): Uint8Array {
    return join(...this.#parts);
  }
}

export function dnsMessage(fields: DnsFields): Uint8Array {
  const { questions = [], answers = [], authority = [], additional = [] } = fields;
  const w = new DnsWriter();
  const counts = fields.counts ?? [
    questions.length,
    answers.length,
    authority.length,
    additional.length + (fields.edns === undefined ? 0 : 1),
  ];
  w.add(u16(fields.id), u16((fields.flags ?? DNS_FLAG.recursionDesired) | (fields.rcode ?? 0)), ...counts.map(u16));
  for (const { name, type, class: number = 1 } of questions) {
    w.name(name);
    w.add(u16(DNS_TYPE[type]), u16(number));
  }
  for (const record of [...answers, ...authority, ...additional]) w.record(record);
  if (fields.edns !== undefined) w.add(u8(0), u16(DNS_TYPE.OPT), u16(fields.edns), u32(0), u16(0));
  return w.bytes();
}

export function dnsQuery(id: number, name: string, type: DnsType, edns?: number): Uint8Array {
  return dnsMessage({ id, questions: [{ name, type }], ...(edns === undefined ? {} : { edns }) });
}

/** The answer of a recursive resolver. */
export function dnsResponse(
  id: number,
  question: DnsQuestion,
  answers: readonly DnsRecord[],
  fields: Partial<DnsFields> = {},
): Uint8Array {
  const flags = DNS_FLAG.response | DNS_FLAG.recursionDesired | DNS_FLAG.recursionAvailable;
  return dnsMessage({ id, flags, questions: [question], answers, ...fields });
}

/** DNS over TCP: each message behind its length (RFC 1035 4.2.2). */
export function dnsOverTcp(...messages: readonly Uint8Array[]): Uint8Array {
  return join(...messages.flatMap((message) => [u16(message.length), message]));
}
