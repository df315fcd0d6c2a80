/** Files that users give about clouds: what is read of them, and what is said of those that are wrong. */

import { describe, expect, it } from 'vitest';
import { type CloudFile, cloudData, readCloudFile } from '../../../../engine/cloud/cloud-data.ts';
import { addressBytes, PrefixTable, parseBlock } from '../../../../engine/cloud/prefix-table.ts';
import { monthCost } from '../../../../engine/cloud/prices.ts';

function read(name: string, content: unknown): CloudFile {
  const file = readCloudFile(name, typeof content === 'string' ? content : JSON.stringify(content));
  if (!file.ok) throw new Error(JSON.stringify(file.error));
  return file.value;
}

const problem = (content: unknown): unknown => {
  const file = readCloudFile('x', typeof content === 'string' ? content : JSON.stringify(content));
  return file.ok ? null : file.error;
};

const bytes = (text: string): Uint8Array => addressBytes(text) ?? new Uint8Array(0);

const AZURE = {
  changeNumber: 1,
  values: [
    {
      name: 'AzureCloud',
      properties: { region: '', systemService: '', addressPrefixes: ['203.0.113.0/24', '198.51.100.0/24'] },
    },
    {
      name: 'AzureCloud.japaneast',
      properties: { region: 'japaneast', systemService: '', addressPrefixes: ['203.0.113.0/24'] },
    },
    {
      name: 'Storage.JapanEast',
      properties: {
        region: 'japaneast',
        systemService: 'AzureStorage',
        addressPrefixes: ['203.0.113.0/24', '2001:db8:5::/48'],
      },
    },
  ],
};
const AWS = {
  createDate: '2026-11-02-10-00-00',
  prefixes: [
    { ip_prefix: '198.51.100.0/24', region: 'eu-west-1', service: 'AMAZON' },
    { ip_prefix: '198.51.100.64/26', region: 'eu-west-1', service: 'S3' },
  ],
  ipv6_prefixes: [{ ipv6_prefix: '2001:db8:6::/48', region: 'GLOBAL', service: 'CLOUDFRONT' }],
};
const GOOGLE = {
  creationTime: '2026-11-03T01:02:03.4',
  prefixes: [
    { ipv4Prefix: '192.0.2.0/25', service: 'Google Cloud', scope: 'us-east1' },
    { ipv6Prefix: '2001:db8:7::/48', service: 'Google Cloud', scope: 'global' },
  ],
};
const ALIBABA = { RegionId: 'ap-northeast-1', PublicIpAddress: ['192.0.2.128/25'], Success: true };

describe('published address ranges', () => {
  it('are read from each provider’s own format, with their date', () => {
    const files = [
      read('ServiceTags_Public_20261101.json', AZURE),
      read('ip-ranges.json', AWS),
      read('cloud.json', GOOGLE),
      read('tokyo-2026-11-04.json', ALIBABA),
    ];
    const data = cloudData(files);
    expect(data.lists.map(({ provider, date, entries }) => [provider, date, entries.length])).toEqual([
      ['azure', '2026-11-01', 5],
      ['aws', '2026-11-02', 3],
      ['google', '2026-11-03', 2],
      ['alibaba', '2026-11-04', 1],
    ]);
    const of = (text: string): unknown => {
      const found = data.rangeOf(bytes(text));
      return found === null ? null : [found.provider, found.region, found.service];
    };
    expect(of('203.0.113.9')).toEqual(['azure', 'japaneast', 'AzureStorage']);
    expect(of('2001:db8:5::1')).toEqual(['azure', 'japaneast', 'AzureStorage']);
    expect(of('198.51.100.65')).toEqual(['aws', 'eu-west-1', 'S3']);
    expect(of('198.51.100.1')).toEqual(['aws', 'eu-west-1', '']);
    expect(of('2001:db8:6::1')).toEqual(['aws', '', 'CLOUDFRONT']);
    expect(of('192.0.2.1')).toEqual(['google', 'us-east1', 'Google Cloud']);
    expect(of('2001:db8:7::1')).toEqual(['google', '', 'Google Cloud']);
    expect(of('192.0.2.200')).toEqual(['alibaba', 'ap-northeast-1', '']);
    expect(of('233.252.0.1')).toBeNull();
    expect(of('2001:db8:8::1')).toBeNull();
  });

  it('are undated where neither contents nor name say when', () => {
    const file = read('service-tags.json', AZURE);
    expect(file.kind === 'ranges' && file.ranges.date).toBe('');
  });

  it('are refused as a whole where a block is none', () => {
    expect(problem({ RegionId: 'x', PublicIpAddress: ['192.0.2.0/25', '192.0.2.0/33'] })).toEqual({
      key: 'block',
      params: { line: 2, what: '192.0.2.0/33' },
    });
  });
});

describe('the map file', () => {
  it('is CSV with any columns beside the block, or JSON', () => {
    const csv =
      'cidr,Network,zone,region,name\r\n10.0.0.0/8,hub,,japaneast,"all, of it"\n10.1.0.0/16,hub,2,japaneast,web\n';
    const json = [
      { cidr: '10.0.0.0/8', network: 'hub', region: 'japaneast', name: 'all, of it' },
      { cidr: '10.1.0.0/16', network: 'hub', zone: 2, region: 'japaneast', name: 'web' },
    ];
    for (const file of [read('map.csv', csv), read('map.json', json), read('map.json', { networks: json })]) {
      if (file.kind !== 'map') throw new Error(file.kind);
      const found = file.map.find(bytes('10.1.2.3'));
      expect([found?.network, found?.zone, found?.region, found?.name]).toEqual(['hub', '2', 'japaneast', 'web']);
      expect(file.map.find(bytes('10.2.0.1'))?.name).toBe('all, of it');
      expect(file.map.find(bytes('11.0.0.1'))).toBeNull();
      expect(file.map.groups.get('hub')).toHaveLength(2);
    }
  });

  it('says which line is wrong', () => {
    expect(problem('cidr,name\n10.0.0.0/8,a\n10.0.0/8,b\n')).toEqual({
      key: 'block',
      params: { line: 3, what: '10.0.0/8' },
    });
    expect(problem('cidr,class\n10.0.0.0/8,cheap\n')).toEqual({ key: 'class', params: { line: 2, what: 'cheap' } });
    expect(problem('cidr,name\n')).toEqual({ key: 'empty', params: { line: 0, what: '' } });
    expect(problem('{"a":')).toMatchObject({ key: 'json' });
    expect(problem({ a: 1 })).toMatchObject({ key: 'unknown' });
    expect(problem('some text')).toMatchObject({ key: 'unknown' });
  });
});

describe('the price table', () => {
  const csv = [
    '# date: 2026-11-01',
    '# currency: usd',
    '# source: price list, page 3',
    'class,free,up to,price',
    'internet,100,10000,0.09',
    ',,50000,0.08',
    'internet,,,0.07',
    'other-zone,,,0.01',
  ];

  it('takes the free volume off first and then the steps in order', () => {
    const file = read('prices.csv', csv.join('\n'));
    if (file.kind !== 'prices') throw new Error(file.kind);
    const cost = (gb: number): number => monthCost(file.prices, 'internet', gb * 1e9);
    expect([file.prices.date, file.prices.currency, file.prices.source]).toEqual([
      '2026-11-01',
      'USD',
      'price list, page 3',
    ]);
    expect(cost(100)).toBe(0);
    expect(cost(101)).toBeCloseTo(0.09, 10);
    expect(cost(10_100)).toBeCloseTo(900, 8);
    expect(cost(60_100)).toBeCloseTo(900 + 3200 + 700, 8);
    expect(monthCost(file.prices, 'other-zone', 5e9)).toBeCloseTo(0.05, 10);
    expect(monthCost(file.prices, 'peered', 1)).toBeNaN();
  });

  it('says nothing past a last step that has an end', () => {
    const file = read('p.json', {
      date: '2026-11-01',
      currency: 'JPY',
      source: 's',
      unit: 'GiB',
      prices: [{ class: 'internet', upTo: 10, price: 2 }],
    });
    if (file.kind !== 'prices') throw new Error(file.kind);
    expect(monthCost(file.prices, 'internet', 10 * 2 ** 30)).toBe(20);
    expect(monthCost(file.prices, 'internet', 11 * 2 ** 30)).toBeNaN();
  });

  it('is refused without a date, a currency, a source, or with steps out of order', () => {
    const without = (start: string): unknown => problem(csv.filter((line) => !line.startsWith(start)).join('\n'));
    expect(without('# date')).toEqual({ key: 'date', params: { line: 0, what: '' } });
    expect(without('# currency')).toMatchObject({ key: 'currency' });
    expect(without('# source')).toMatchObject({ key: 'source' });
    expect(problem([...csv, 'internet,,5,1'].join('\n'))).toEqual({ key: 'number', params: { line: 9, what: '5' } });
    expect(problem([...csv, 'moon,,,1'].join('\n'))).toEqual({ key: 'class', params: { line: 9, what: 'moon' } });
    expect(problem([...csv, 'peered,,,-1'].join('\n'))).toEqual({ key: 'number', params: { line: 9, what: '-1' } });
  });
});

describe('blocks of addresses', () => {
  it('match by the most specific one, in each family apart', () => {
    const table = new PrefixTable<string>();
    for (const text of ['0.0.0.0/0', '10.0.0.0/9', '10.0.0.0/8', '10.0.0.1', '::/0', '2001:db8::/33']) {
      const block = parseBlock(text);
      if (block !== null) table.add(block, text);
    }
    const of = (text: string): string | undefined => table.find(bytes(text))?.value;
    expect(['10.0.0.1', '10.127.0.1', '10.128.0.1', '192.0.2.1', '2001:db8::1', '2001:db8:8000::1'].map(of)).toEqual([
      '10.0.0.1',
      '10.0.0.0/9',
      '10.0.0.0/8',
      '0.0.0.0/0',
      '2001:db8::/33',
      '::/0',
    ]);
  });

  it('are nothing else', () => {
    for (const text of ['', '10', '10.0.0.0/33', '::/129', '10.0.0.0/', 'a.b.c.d', '1.2.3.4/8/8'])
      expect(parseBlock(text)).toBeNull();
  });
});
