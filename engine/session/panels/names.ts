/** Resolved names: which names the capture itself gives to addresses, and where it says so. */

import { endpointText } from '../../analyses/endpoint-text.ts';
import { report } from '../../contract/report.ts';
import type { AddressName } from '../names.ts';
import { numbers } from './columns.ts';
import { findNames, gatheringFinding } from './gathered.ts';
import { defineReport, type PanelInput } from './panel.ts';
import { layersOf } from './traffic.ts';

export const namesPanel = defineReport({
  name: 'names',
  async make(input) {
    const names = await findNames(input);
    // What the file says beside its packets belongs to no filter.
    const told = names.all.filter(({ source }) => source !== 'file' || input.rows === null);
    const all = [...givenNames(input), ...told];
    const addresses = new Set(all.map(({ address }) => address)).size;
    return report({
      findings: gatheringFinding(input),
      figures: [
        { id: 'names.addresses', unit: 'number', value: addresses },
        { id: 'names.names', unit: 'number', value: new Set(all.map(({ name }) => name)).size },
      ],
      tables: [
        {
          id: 'names',
          count: all.length,
          columns: [
            { id: 'address', unit: 'text', values: all.map(({ address }) => address) },
            { id: 'name', unit: 'text', values: all.map(({ name }) => name) },
            { id: 'nameSource', unit: 'key', values: all.map(({ source }) => `name.${source}`) },
            { id: 'packets', unit: 'count', values: numbers(all.length, (i) => all[i].packets), filter: '' },
            {
              id: 'firstPacket',
              unit: 'frame',
              values: numbers(all.length, (i) => (all[i].row < 0 ? Number.NaN : all[i].row + 1)),
              filter: 'frame.number == {firstPacket}',
            },
            {
              id: 'family',
              unit: 'text',
              values: all.map(({ address }) => (address.includes(':') ? 'ipv6' : 'ip')),
              hidden: true,
            },
          ],
          filter: '{family}.addr == {address}',
          sort: { column: 'name', descending: false },
        },
      ],
    });
  },
});

/** What the user calls the addresses that are in these packets. */
function givenNames(input: PanelInput): AddressName[] {
  const { given } = input.capture;
  if (given.isEmpty) return [];
  return layersOf(input)
    .all.filter(({ layer }) => layer === 'ip' || layer === 'ipv6')
    .flatMap(({ endpoints }) =>
      Array.from({ length: endpoints.count }, (_, i) => endpointText(endpoints, i)).flatMap((address) => [
        ...named(address, given.labelOf(address), 'label'),
        ...named(address, given.hostOf(address), 'hosts'),
      ]),
    );
}

function named(address: string, name: string, source: 'label' | 'hosts'): AddressName[] {
  return name === '' ? [] : [{ address, name, source, packets: 0, row: -1 }];
}
