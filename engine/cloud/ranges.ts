/**
 * Address ranges as the providers publish them, read offline: Azure service tags, AWS ip-ranges.json, Google cloud.json and
 * goog.json, and Alibaba Cloud's answer to DescribePublicIpAddress (one region a file). A list is as good as its date: it comes
 * from inside, else from the file's name; where neither says one, the list is undated and said to be.
 */

import { success } from '../base/result.ts';
import { type Block, parseBlock } from './prefix-table.ts';
import { type CloudResult, wrong } from './problem.ts';

export type Provider = 'azure' | 'aws' | 'google' | 'alibaba';

export const PROVIDER_NAMES: Readonly<Record<Provider, string>> = {
  azure: 'Azure',
  aws: 'AWS',
  google: 'Google',
  alibaba: 'Alibaba Cloud',
};

export interface RangeEntry {
  readonly block: Block;
  readonly provider: Provider;
  /** '' where the list names none: a service of the whole world. */
  readonly region: string;
  /** '' where the list says only that the provider owns it. */
  readonly service: string;
  readonly list: RangeList;
}

export interface RangeList {
  readonly provider: Provider;
  /** The file's name. */
  readonly name: string;
  /** `2026-11-01`; '' where nobody says. */
  readonly date: string;
  readonly entries: readonly RangeEntry[];
}

type Json = Readonly<Record<string, unknown>>;
type Add = (cidr: unknown, region: unknown, service: unknown) => void;

interface Format {
  readonly provider: Provider;
  /** Where its list of blocks is. */
  fits(json: Json): boolean;
  date(json: Json): string;
  read(json: Json, add: Add): void;
}

const FORMATS: readonly Format[] = [
  {
    provider: 'azure',
    fits: (json) => listIn(json, 'values').some((one) => isJson(one.properties) && 'addressPrefixes' in one.properties),
    date: () => '',
    read(json, add) {
      for (const { name, properties } of listIn(json, 'values')) {
        if (!isJson(properties) || !Array.isArray(properties.addressPrefixes)) continue;
        // A tag without a service holds everything of the provider in a region; tags of whole services repeat those of regions.
        const service = text(properties.systemService) || (/^AzureCloud\b/.test(text(name)) ? '' : text(name));
        for (const cidr of properties.addressPrefixes) add(cidr, properties.region, service);
      }
    },
  },
  {
    provider: 'aws',
    fits: (json) => listIn(json, 'prefixes').some((one) => 'ip_prefix' in one) || 'ipv6_prefixes' in json,
    date: (json) => text(json.createDate),
    read(json, add) {
      for (const one of [...listIn(json, 'prefixes'), ...listIn(json, 'ipv6_prefixes')]) {
        const service = text(one.service);
        const region = text(one.region);
        add(one.ip_prefix ?? one.ipv6_prefix, region === 'GLOBAL' ? '' : region, service === 'AMAZON' ? '' : service);
      }
    },
  },
  {
    provider: 'google',
    fits: (json) => listIn(json, 'prefixes').some((one) => 'ipv4Prefix' in one || 'ipv6Prefix' in one),
    date: (json) => text(json.creationTime),
    read(json, add) {
      for (const one of listIn(json, 'prefixes')) {
        const scope = text(one.scope);
        add(one.ipv4Prefix ?? one.ipv6Prefix, scope === 'global' ? '' : scope, one.service);
      }
    },
  },
  {
    provider: 'alibaba',
    fits: (json) => Array.isArray(json.PublicIpAddress),
    date: (json) => text(json.Date),
    read(json, add) {
      if (Array.isArray(json.PublicIpAddress)) for (const cidr of json.PublicIpAddress) add(cidr, json.RegionId, '');
    },
  },
];

export function isRangesJson(json: unknown): boolean {
  return isJson(json) && FORMATS.some((format) => format.fits(json));
}

/** `name`: the file's, which may hold a date. Blocks that cannot be read make the list wrong: half a list misleads. */
export function readRanges(json: unknown, name: string): CloudResult<RangeList> {
  const format = isJson(json) ? FORMATS.find((one) => one.fits(json)) : undefined;
  if (!isJson(json) || format === undefined) return wrong('unknown');
  const entries: RangeEntry[] = [];
  const { provider } = format;
  const list: RangeList = { provider, name, date: isoDate(format.date(json)) || isoDate(name), entries };
  let bad: { readonly what: string; readonly line: number } | null = null;
  let line = 0;
  format.read(json, (cidr, region, service) => {
    line++;
    const block = parseBlock(text(cidr));
    if (block === null) bad ??= { what: text(cidr), line };
    else entries.push({ block, provider, region: text(region).toLowerCase(), service: text(service), list });
  });
  if (bad !== null) {
    const { what, line: at } = bad as { readonly what: string; readonly line: number };
    return wrong('block', what, at);
  }
  return entries.length === 0 ? wrong('empty') : success(list);
}

/** Of two entries for the same block: the one that names a service, then the one that names a region. */
export function isMoreSpecific(one: RangeEntry, than: RangeEntry): boolean {
  const rank = ({ service, region }: RangeEntry): number => (service === '' ? 0 : 2) + (region === '' ? 0 : 1);
  return rank(one) > rank(than);
}

/** The first date in a text, `2026-11-01` or `20261101`; '' for none. */
function isoDate(value: string): string {
  const [, year = '', month = '', day = ''] = /(20\d\d)-?([01]\d)-?([0-3]\d)/.exec(value) ?? [];
  return year === '' ? '' : `${year}-${month}-${day}`;
}

function listIn(json: Json, name: string): readonly Json[] {
  const list = json[name];
  return Array.isArray(list) ? list.filter(isJson) : [];
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
