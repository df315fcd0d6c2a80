/** The interfaces of a trace: one for each component, or adapter and layer, and type of packet. What they are is known at its end. */

import { parseIpv4, parseIpv6 } from '../../base/address.ts';
import { putU32 } from '../../base/bytes.ts';
import type { CaptureInterface } from '../reader.ts';
import { type FoundFrame, LINK } from './ndis.ts';
import { type Component, type Components, PACKET_TYPE } from './pktmon.ts';
import type { NetworkCard, SystemFacts } from './system.ts';

/** Times are in units of 100 ns. */
const TICKS_PER_SECOND = 10_000_000;
/** Rows have room for so many. */
const MOST_INTERFACES = 0xffff;

/** What an interface is made of. */
export interface Source {
  readonly provider: 'ndis' | 'pktmon' | 'ras';
  readonly linkType: number;
  readonly component: number;
  readonly adapter: number;
  readonly layer: number;
  readonly port: number;
  readonly portName: string;
}

type Address = NonNullable<CaptureInterface['addresses']>[number];

export class Interfaces {
  readonly list: CaptureInterface[] = [];
  readonly sources: Source[] = [];
  /** Packets of interfaces for which there was no number left. */
  refused = 0;
  private readonly byComponent = new Map<number, number>();
  private readonly byAdapter = new Map<number, Map<number, number>>();
  private readonly byPort = new Map<string, number>();
  private last = { adapter: -1, layer: -1, link: -1, index: -1 };

  /** Hot. -1: there are too many. */
  ofComponent(component: number, packetType: number): number {
    const linkType = linkOfType(packetType);
    const key = component * 256 + linkType;
    const known = this.byComponent.get(key);
    if (known !== undefined) return known;
    const index = this.add({ ...NOTHING, provider: 'pktmon', linkType, component });
    if (index >= 0) this.byComponent.set(key, index);
    return index;
  }

  /** Hot. */
  ofAdapter(adapter: number, layer: number, linkType: number): number {
    const { last } = this;
    if (last.adapter === adapter && last.layer === layer && last.link === linkType) return last.index;
    let layers = this.byAdapter.get(adapter);
    if (layers === undefined) this.byAdapter.set(adapter, (layers = new Map<number, number>()));
    const key = layer * 256 + linkType;
    let index = layers.get(key);
    if (index === undefined) {
      index = this.add({ ...NOTHING, provider: 'ndis', linkType, adapter, layer });
      if (index < 0) return index;
      layers.set(key, index);
    }
    this.last = { adapter, layer, link: linkType, index };
    return index;
  }

  ofPort(adapter: number, layer: number, linkType: number, { port, portName }: FoundFrame): number {
    const key = `${adapter} ${layer} ${linkType} ${port} ${portName}`;
    const known = this.byPort.get(key);
    if (known !== undefined) return known;
    const index = this.add({ ...NOTHING, provider: 'ndis', linkType, adapter, layer, port, portName });
    if (index >= 0) this.byPort.set(key, index);
    return index;
  }

  ofRemoteAccess(): number {
    const known = this.byPort.get('');
    if (known !== undefined) return known;
    const index = this.add({ ...NOTHING, provider: 'ras', linkType: LINK.ethernet });
    if (index >= 0) this.byPort.set('', index);
    return index;
  }

  /** After all events: names, addresses and counters. */
  describe(components: Components, { cards }: SystemFacts): void {
    this.sources.forEach((source, i) => {
      const plain = { file: 0, linkType: source.linkType, snapLength: 0, ticksPerSecond: TICKS_PER_SECOND };
      if (source.provider === 'ras') this.list[i] = { ...plain, name: 'NDISWAN' };
      else if (source.provider === 'ndis') {
        this.list[i] = { ...plain, name: adapterName(source), ...describeCard(cards.get(source.adapter)) };
      } else {
        const component = components.get(source.component);
        const name = `${nameOf(component)} ${source.component}`;
        this.list[i] = { ...plain, name, ...describeComponent(component, cards) };
      }
    });
  }

  /** Numbers them anew: `numbers` has the new number of each. */
  renumber(numbers: Uint16Array): void {
    const { list, sources } = this;
    const before = list.map((one, i) => ({ one, source: sources[i] }));
    before.forEach(({ one, source }, i) => {
      list[numbers[i]] = one;
      sources[numbers[i]] = source;
    });
    for (const known of [this.byComponent, ...this.byAdapter.values()]) renumberIn(known, numbers);
    renumberIn(this.byPort, numbers);
    this.last = { adapter: -1, layer: -1, link: -1, index: -1 };
  }

  private add(source: Source): number {
    if (this.list.length === MOST_INTERFACES) {
      this.refused++;
      return -1;
    }
    this.sources.push(source);
    const { linkType } = source;
    return this.list.push({ file: 0, linkType, snapLength: 0, ticksPerSecond: TICKS_PER_SECOND }) - 1;
  }
}

function renumberIn<K>(known: Map<K, number>, numbers: Uint16Array): void {
  for (const [key, index] of known) known.set(key, numbers[index]);
}

const NOTHING = { component: 0, adapter: 0, layer: 0, port: 0, portName: '' };

/** What holds no frame (HTTP, TCP ...) is shown as bytes. */
export function linkOfType(packetType: number): number {
  switch (packetType) {
    case PACKET_TYPE.ethernet:
      return LINK.ethernet;
    case PACKET_TYPE.wifi:
      return LINK.wifi;
    case PACKET_TYPE.ip:
      return LINK.raw;
    default:
      return LINK.unknown;
  }
}

/** Interface indexes, as `Get-NetAdapter` shows them; the port of a virtual switch where there is one. */
function adapterName({ adapter, layer, port, portName }: Source): string {
  const below = layer === adapter ? `ifIndex ${adapter}` : `ifIndex ${adapter}/${layer}`;
  return port === 0 && portName === '' ? below : `${below} port ${port}${portName === '' ? '' : ` ${portName}`}`;
}

function describeCard(card: NetworkCard | undefined): Partial<CaptureInterface> {
  if (card === undefined) return {};
  return {
    description: card.description,
    ...(isLinkAddress(card.hardwareAddress) ? { hardwareAddress: card.hardwareAddress } : {}),
    addresses: card.addresses.flatMap(addressOf),
  };
}

/** Some drivers have no file of their own. */
function nameOf(component: Component | undefined): string {
  const { name = '', description = '' } = component ?? {};
  return name === '' || name === 'NULL' ? description || 'component' : name;
}

function describeComponent(
  component: Component | undefined,
  cards: ReadonlyMap<number, NetworkCard>,
): Partial<CaptureInterface> {
  if (component === undefined) return {};
  const { description, hardwareAddress, addresses, passed, dropped, hasCounters } = component;
  const own = addresses.map((address) => ({ address, prefix: address.length * 8 }));
  const card = component.index === undefined ? undefined : cards.get(component.index);
  return {
    ...(description === '' ? {} : { description }),
    ...(hardwareAddress === undefined ? {} : { hardwareAddress }),
    addresses: own.length > 0 ? own : (card?.addresses.flatMap(addressOf) ?? []),
    ...(hasCounters ? { statistics: { received: passed, dropped } } : {}),
  };
}

function isLinkAddress(bytes: Uint8Array): boolean {
  return (bytes.length === 6 || bytes.length === 8) && bytes.some((byte) => byte !== 0);
}

/** The length of its network's prefix is not told: that of the address alone. */
function addressOf(text: string): Address[] {
  const ipv4 = parseIpv4(text);
  if (ipv4 !== null) {
    const address = new Uint8Array(4);
    putU32(address, 0, ipv4);
    return [{ address, prefix: 32 }];
  }
  const ipv6 = parseIpv6(text.replace(/%.*$/, ''));
  return ipv6 === null ? [] : [{ address: ipv6, prefix: 128 }];
}
