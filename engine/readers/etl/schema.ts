/**
 * The schema that a merged trace carries of its own events: names of providers, and words for numbers, in the language of the machine
 * that wrote it (TRACE_EVENT_INFO, EVENT_MAP_INFO of tdh.h, in classic records).
 */

import { u32le } from '../../base/bytes.ts';
import { isGuid, PROVIDER, type ProviderCounts } from './providers.ts';
import { decodeUtf16z } from './text.ts';

const TYPE = { event: 32, map: 33 } as const;
const EVENT_AT = { provider: 0, providerName: 52, least: 112 } as const;
/** A map's own offsets count from behind the GUID. */
const MAP_AT = { start: 16, name: 0, flags: 4, count: 8, entries: 16 } as const;
const ENTRY = { text: 0, value: 4, size: 8 } as const;
/** All texts of all maps: a trace of Packet Monitor has about 300. */
const MOST_ENTRIES = 65_536;

export class Schema {
  /** Words of Packet Monitor, by the map's name and the number. */
  private readonly words = new Map<string, Map<number, string>>();
  private entries = 0;

  /** User data of a classic record of the schema provider. */
  take(type: number, bytes: Uint8Array, at: number, end: number, providers: ProviderCounts): void {
    if (type === TYPE.event) this.takeEvent(bytes, at, end, providers);
    else if (type === TYPE.map) this.takeMap(bytes, at, end);
  }

  word(map: string, value: number): string | undefined {
    return this.words.get(map)?.get(value);
  }

  private takeEvent(bytes: Uint8Array, at: number, end: number, providers: ProviderCounts): void {
    if (at + EVENT_AT.least > end) return;
    const name = at + u32le(bytes, at + EVENT_AT.providerName);
    if (name > at && name < end) providers.setName(bytes, at + EVENT_AT.provider, decodeUtf16z(bytes, name, end));
  }

  private takeMap(bytes: Uint8Array, at: number, end: number): void {
    const start = at + MAP_AT.start;
    if (start + MAP_AT.entries > end || !isGuid(bytes, at, PROVIDER.pktmon)) return;
    const textAt = (offset: number): string => (start + offset < end ? decodeUtf16z(bytes, start + offset, end) : '');
    const name = textAt(u32le(bytes, start + MAP_AT.name));
    let words = this.words.get(name);
    if (words === undefined) this.words.set(name, (words = new Map<number, string>()));
    const count = u32le(bytes, start + MAP_AT.count);
    for (let i = 0; i < count && this.entries < MOST_ENTRIES; i++) {
      const entry = start + MAP_AT.entries + i * ENTRY.size;
      if (entry + ENTRY.size > end) break;
      words.set(u32le(bytes, entry + ENTRY.value), textAt(u32le(bytes, entry + ENTRY.text)));
      this.entries++;
    }
  }
}
