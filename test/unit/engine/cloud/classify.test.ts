/** Billing classes and their reasons, for a machine whose place is known by construction. */

import { describe, expect, it } from 'vitest';
import { classify, ownPlace } from '../../../../engine/cloud/classify.ts';
import { type CloudData, cloudData, readCloudFile } from '../../../../engine/cloud/cloud-data.ts';
import { addressBytes, type Block, parseBlock } from '../../../../engine/cloud/prefix-table.ts';

const MAP = `cidr,network,zone,region,name,provider,class
10.1.0.0/24,hub,1,japaneast,own subnet,azure,
10.1.1.0/24,hub,2,japaneast,other zone,azure,
10.2.0.0/16,spoke,,japaneast,peer,azure,
10.3.0.0/16,far,,westus,far away,azure,
192.0.2.7,,,,backup partner,,free
`;
const TAGS = {
  values: [
    {
      name: 'AzureCloud.japaneast',
      properties: { region: 'japaneast', systemService: '', addressPrefixes: ['203.0.113.0/25'] },
    },
    {
      name: 'AzureCloud.westus',
      properties: { region: 'westus', systemService: '', addressPrefixes: ['203.0.113.128/25'] },
    },
    {
      name: 'AzureFrontDoor',
      properties: { region: '', systemService: 'AzureFrontDoor', addressPrefixes: ['198.51.100.0/25'] },
    },
  ],
};
const AWS = {
  createDate: '2026-11-02',
  prefixes: [{ ip_prefix: '198.51.100.128/25', region: 'us-east-1', service: 'EC2' }],
};

function data(...files: readonly (readonly [string, string])[]): CloudData {
  return cloudData(
    files.map(([name, text]) => {
      const file = readCloudFile(name, text);
      if (!file.ok) throw new Error(file.error.key);
      return file.value;
    }),
  );
}

const all = data(
  ['map.csv', MAP],
  ['ServiceTags_20261101.json', JSON.stringify(TAGS)],
  ['ip-ranges.json', JSON.stringify(AWS)],
);
const bytes = (text: string): Uint8Array => addressBytes(text) ?? new Uint8Array(0);

function of(given: CloudData, address: string, own = '10.1.0.4', subnets: readonly Block[] = []): string {
  const { class: billing, reason } = classify(given, ownPlace(given, [bytes(own)], subnets), bytes(address));
  return `${billing} ${reason}`;
}

describe('a billing class', () => {
  it('follows the user’s map', () => {
    expect(of(all, '10.1.0.9')).toBe('same-network mapSame');
    expect(of(all, '10.1.1.9')).toBe('other-zone mapZone');
    expect(of(all, '10.2.0.9')).toBe('peered mapPeered');
    expect(of(all, '10.3.0.9')).toBe('other-region mapRegion');
    expect(of(all, '192.0.2.7')).toBe('free mapClass');
    expect(of(all, '10.2.0.9', '172.16.0.1')).toBe('unclassified mapUnknownOwn');
  });

  it('follows the published ranges, whose date it names', () => {
    expect(of(all, '203.0.113.1')).toBe('provider-service rangeSameRegion');
    expect(of(all, '203.0.113.200')).toBe('other-region rangeOtherRegion');
    expect(of(all, '198.51.100.1')).toBe('provider-service rangeRegionUnknown');
    expect(of(all, '198.51.100.200')).toBe('internet otherProvider');
    expect(of(all, '203.0.113.1', '172.16.0.1')).toBe('internet providerUnknownOwn');
    const found = classify(all, ownPlace(all, [bytes('10.1.0.4')], []), bytes('198.51.100.200'));
    expect([found.owner, found.evidence]).toEqual(['AWS EC2 us-east-1', 'ip-ranges.json 2026-11-02']);
  });

  it('says openly what is not listed', () => {
    expect(of(all, '192.0.2.99')).toBe('internet notListed');
    expect(of(data(['map.csv', MAP]), '192.0.2.99')).toBe('internet noLists');
    expect(of(all, '10.9.0.1')).toBe('unclassified privateNotListed');
    expect(of(all, 'fd00::1')).toBe('unclassified privateNotListed');
  });

  it('knows the platform, what stays in the network, and the subnet of the interface', () => {
    expect(of(all, '169.254.169.254')).toBe('platform platform');
    expect(of(all, '168.63.129.16')).toBe('platform platform');
    for (const address of ['169.254.0.9', '224.0.0.251', '255.255.255.255', '127.0.0.1', 'fe80::1', 'ff02::1', '::1'])
      expect(of(all, address)).toBe('free local');
    const subnet = parseBlock('10.8.0.0/24');
    expect(of(all, '10.8.0.9', '10.8.0.4', subnet === null ? [] : [subnet])).toBe('same-network interfaceSubnet');
  });

  it('takes the own provider and region from the ranges where the map says nothing', () => {
    expect(of(all, '203.0.113.1', '203.0.113.9')).toBe('provider-service rangeSameRegion');
    expect(of(all, '203.0.113.200', '203.0.113.9')).toBe('other-region rangeOtherRegion');
  });
});
