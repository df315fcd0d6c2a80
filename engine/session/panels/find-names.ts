/** Gathers the names that the packets of a capture tell. */

import { addressOfBytes, Names } from '../names.ts';
import { eachRowsValues, valueText } from './field-values.ts';
import type { PanelInput } from './panel.ts';

const DNS = ['dns.qry.name', 'dns.resp.name', 'dns.a', 'dns.aaaa', 'dns.cname'] as const;
const SNI = 'tls.handshake.extensions_server_name';
const HOST = 'http.host';

export async function findNames(input: PanelInput): Promise<Names> {
  const { capture } = input;
  const names = new Names();
  for (const { address, names: given } of capture.reader.facts.names) {
    for (const name of given) names.add(addressOfBytes(address), name, 'file', -1);
  }
  const answers = await input.select('dns.a or dns.aaaa');
  await eachRowsValues(input, DNS, answers, (row, values) => {
    // An alias stands for what was asked; people know that name.
    const asked = valueText('dns.qry.name', values('dns.qry.name')[0]);
    const name = asked === '' ? valueText('dns.resp.name', values('dns.resp.name')[0]) : asked;
    for (const value of values('dns.a')) names.add(valueText('dns.a', value), name, 'dns', row);
    for (const value of values('dns.aaaa')) names.add(valueText('dns.aaaa', value), name, 'dns', row);
  });
  await clients(SNI, 'tls');
  await clients(HOST, 'http');
  return names;

  /** What a client calls the server that it sends to. */
  async function clients(field: string, source: 'tls' | 'http'): Promise<void> {
    const { paths, table } = capture.pass;
    await eachRowsValues(input, [field], await input.select(field), (row, values) => {
      const { destination } = paths.addresses(table.get('path', row));
      const name = valueText(field, values(field)[0]).replace(/:\d+$/, '');
      if (name !== destination) names.add(destination, name, source, row);
    });
  }
}
