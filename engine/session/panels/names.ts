/** Resolved names: which names the capture itself gives to addresses, and where it says so. */

import { report } from '../../contract/report.ts';
import { numbers } from './columns.ts';
import { findNames, gatheringFinding } from './gathered.ts';
import { defineReport } from './panel.ts';

export const namesPanel = defineReport({
  name: 'names',
  async make(input) {
    const names = await findNames(input);
    // What the file says beside its packets belongs to no filter.
    const all = names.all.filter(({ source }) => source !== 'file' || input.rows === null);
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
