/** What a header chain says to filters: addresses, ports, VLANs, tunnel keys, conversation numbers. */

import type { Field, FieldValue } from '../base/fields.ts';
import { platformOfIpv4, platformOfIpv6 } from '../base/platform-addresses.ts';
import { PATH, PATH_WORDS } from '../table/path-words.ts';
import type { Paths } from '../table/paths.ts';
import { type PathField, pathFields } from './column-fields.ts';
import type { Occurrence, ValueSource } from './evaluate.ts';
import { NONE, occurrence } from './occurrences.ts';

/** What it needs of a capture. */
export interface PathData {
  readonly paths: Paths;
  /** Conversation numbers of a path, outer ones first; null: they differ by row. */
  streamsOf(path: number, transport: 'tcp' | 'udp'): readonly number[] | null;
  protocolIndex(name: string): number;
}

export const STREAMS: ReadonlyMap<string, 'tcp' | 'udp'> = new Map([
  ['tcp.stream', 'tcp'],
  ['udp.stream', 'udp'],
]);

/** Values of a path's fields. One object for all paths. */
export class PathSource implements ValueSource {
  path = 0;
  /** A value was asked that differs by row. */
  isUnknown = false;
  private readonly data: PathData;
  private readonly owns = new Map<string, number>();

  constructor(data: PathData) {
    this.data = data;
  }

  occurrences(field: Field): readonly Occurrence[] {
    const transport = STREAMS.get(field.abbrev);
    if (transport !== undefined) {
      const streams = this.data.streamsOf(this.path, transport);
      if (streams === null) {
        this.isUnknown = true;
        return [];
      }
      return streams.map((value, i) => occurrence(value, i + 1, streams.length));
    }
    const wanted = pathFields.get(field.abbrev);
    return wanted === undefined ? [] : this.entries(wanted);
  }

  private entries(wanted: PathField): readonly Occurrence[] {
    const { words, start } = this.data.paths;
    const own = this.ownOf(wanted);
    const values: FieldValue[][] = [];
    const end = start[this.path + 1];
    for (let at = start[this.path]; at < end; at += 1 + PATH_WORDS[words[at] >>> 24]) {
      const kind = words[at] >>> 24;
      const tag = words[at] & 0xffffff;
      if (wanted.part === 'platform') {
        if (kind === PATH.ipv4 || kind === PATH.ipv6) values.push(this.platforms(kind, at + 1));
        continue;
      }
      if (kind !== wanted.kind || (own >= 0 && tag !== own)) continue;
      if (wanted.part === 'own') values.push([tag]);
      else if (wanted.part === 'key') values.push([words[at + 1]]);
      else values.push(this.pair(kind, at + 1, wanted.part));
    }
    if (values.length === 0) return NONE;
    return values.flatMap((layer, i) => layer.map((value) => occurrence(value, i + 1, values.length)));
  }

  /** What serves at the two addresses of an IP header. */
  private platforms(kind: number, at: number): string[] {
    const { words } = this.data.paths;
    const names =
      kind === PATH.ipv4
        ? [platformOfIpv4(words[at]), platformOfIpv4(words[at + 1])]
        : [platformOfIpv6(this.data.paths.bytesAt(at, 4)), platformOfIpv6(this.data.paths.bytesAt(at + 4, 4))];
    return names.filter((name) => name !== undefined);
  }

  private ownOf(wanted: PathField): number {
    if (wanted.own === null) return -1;
    if (typeof wanted.own === 'number') return wanted.own;
    let index = this.owns.get(wanted.own);
    if (index === undefined) this.owns.set(wanted.own, (index = this.data.protocolIndex(wanted.own)));
    return index;
  }

  private pair(kind: number, at: number, part: 'source' | 'destination' | 'both'): FieldValue[] {
    const { words } = this.data.paths;
    let source: FieldValue;
    let destination: FieldValue;
    if (kind === PATH.ports) {
      source = words[at] >>> 16;
      destination = words[at] & 0xffff;
    } else if (kind === PATH.ipv4) {
      source = words[at];
      destination = words[at + 1];
    } else {
      const bytes = this.data.paths.bytesAt(at, PATH_WORDS[kind]);
      source = bytes.subarray(0, bytes.length >>> 1);
      destination = bytes.subarray(bytes.length >>> 1);
    }
    return part === 'source' ? [source] : part === 'destination' ? [destination] : [source, destination];
  }
}
