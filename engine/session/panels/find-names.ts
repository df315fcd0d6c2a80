/** Gathers the names that the packets of a capture tell. */

import type { BitSet } from '../../base/bitset.ts';
import { NumberList } from '../../table/growable.ts';
import type { Capture } from '../capture.ts';
import { addressOfBytes, type NameSource, Names } from '../names.ts';
import { type ValuesOf, valueText } from './field-values.ts';

const SNI = 'tls.handshake.extensions_server_name';
const HOST = 'http.host';
export const NAME_FIELDS = ['dns.qry.name', 'dns.resp.name', 'dns.a', 'dns.aaaa', SNI, HOST] as const;

interface Sighting {
  readonly address: string;
  readonly name: string;
  readonly source: NameSource;
}

/** Takes messages in order, and keeps who was called what where. */
export class NameReader {
  private readonly capture: Capture;
  private readonly sightings: Sighting[] = [];
  private readonly numbers = new Map<string, number>();
  /** Of each time that a name was told: which sighting, and the row. */
  private readonly which = new NumberList();
  private readonly rows = new NumberList();

  constructor(capture: Capture) {
    this.capture = capture;
  }

  read(row: number, values: ValuesOf): void {
    const v4 = values('dns.a');
    const v6 = values('dns.aaaa');
    if (v4.length > 0 || v6.length > 0) {
      // An alias stands for what was asked; people know that name.
      const asked = valueText('dns.qry.name', values('dns.qry.name')[0]);
      const name = asked === '' ? valueText('dns.resp.name', values('dns.resp.name')[0]) : asked;
      for (const value of v4) this.add(valueText('dns.a', value), name, 'dns', row);
      for (const value of v6) this.add(valueText('dns.aaaa', value), name, 'dns', row);
    }
    this.server(SNI, 'tls', row, values);
    this.server(HOST, 'http', row, values);
  }

  /** What a client calls the server that it sends to. */
  private server(field: string, source: 'tls' | 'http', row: number, values: ValuesOf): void {
    const [value] = values(field);
    if (value === undefined) return;
    const { paths, table } = this.capture.pass;
    const { destination } = paths.addresses(table.get('path', row));
    const name = valueText(field, value).replace(/:\d+$/, '');
    if (name !== destination) this.add(destination, name, source, row);
  }

  private add(address: string, name: string, source: NameSource, row: number): void {
    const key = `${address} ${source} ${name}`;
    let number = this.numbers.get(key);
    if (number === undefined) {
      this.numbers.set(key, (number = this.sightings.length));
      this.sightings.push({ address, name, source });
    }
    this.which.push(number);
    this.rows.push(row);
  }

  /** What the file and the packets of these rows say; null: all packets. */
  namesIn(rows: BitSet | null): Names {
    const names = new Names(this.capture.given);
    for (const { address, names: given } of this.capture.reader.facts.names) {
      for (const name of given) names.add(addressOfBytes(address), name, 'file', -1);
    }
    for (let i = 0; i < this.rows.length; i++) {
      const row = this.rows.items[i];
      const { address, name, source } = this.sightings[this.which.items[i]];
      if (rows === null || rows.has(row)) names.add(address, name, source, row);
    }
    return names;
  }
}
