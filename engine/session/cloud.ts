/**
 * What a capture means to the clouds: the own addresses, which way each header chain goes, who the other end is and in which
 * billing class. Made when it is first asked for, and anew when packets, the user's files or the own addresses have changed.
 */

import { AddressTable, PathEnds } from '../analyses/egress-ends.ts';
import { countPaths, findOwn, type OwnAddress } from '../analyses/egress-own.ts';
import { type Sides, sidesOf, WAY, WAY_NAMES } from '../analyses/egress-sides.ts';
import { type Classified, classify, type OwnPlace, ownPlace } from '../cloud/classify.ts';
import { type CloudData, cloudData } from '../cloud/cloud-data.ts';
import { addressBytes } from '../cloud/prefix-table.ts';
import type { Capture } from './capture.ts';

export interface CloudView {
  readonly data: CloudData;
  readonly ends: PathEnds;
  readonly sides: Sides;
  readonly own: readonly OwnAddress[];
  readonly place: OwnPlace;
  /** Of an address, by its number. */
  classOf(address: number): Classified;
}

const NOTHING = cloudData([]);

export class CaptureCloud {
  private readonly capture: Capture;
  private read: () => CloudData = () => NOTHING;
  private data: CloudData | null = null;
  private given: readonly string[] = [];
  private view: CloudView | null = null;
  private rows = -1;
  /** Grows when the same packets mean something else than before. */
  revision = 0;

  constructor(capture: Capture) {
    this.capture = capture;
  }

  /** The user's files; read when they are first needed. */
  use(read: () => CloudData): void {
    this.read = read;
    this.data = null;
    this.change();
  }

  /** Own addresses as the user says; none: they are found. */
  setOwn(addresses: readonly string[]): void {
    if (addresses.join() === this.given.join()) return;
    this.given = addresses;
    this.change();
  }

  private change(): void {
    this.view = null;
    this.revision++;
  }

  get now(): CloudView {
    const { pass } = this.capture;
    if (this.view !== null && this.rows === pass.table.count) return this.view;
    this.rows = pass.table.count;
    return (this.view = this.make());
  }

  private make(): CloudView {
    const { capture, given } = this;
    const data = (this.data ??= this.read());
    const { paths, table } = capture.pass;
    const addresses = new AddressTable();
    const declared = capture.reader.facts.interfaces.flatMap((one) => one.addresses ?? []);
    const interfaces = declared.map(({ address }) => addresses.internBytes(address));
    const wanted = given.flatMap((text) => {
      const bytes = addressBytes(text);
      return bytes === null ? [] : [addresses.internBytes(bytes)];
    });
    const ends = new PathEnds(paths.words, paths.start, paths.count, addresses);
    const own: OwnAddress[] =
      wanted.length > 0
        ? wanted.map((address) => ({ address, reason: 'given' }))
        : findOwn({
            ends,
            counts: countPaths(table, paths.count),
            words: paths.words,
            start: paths.start,
            interfaces,
          });
    const place = ownPlace(
      data,
      own.map(({ address }) => addresses.bytes(address)),
      declared.filter(({ address, prefix }) => prefix < 8 * address.length),
    );
    const classes = new Map<number, Classified>();
    return {
      data,
      ends,
      sides: sidesOf(ends, new Set(own.map(({ address }) => address))),
      own,
      place,
      classOf(address) {
        let found = classes.get(address);
        if (found === undefined) classes.set(address, (found = classify(data, place, addresses.bytes(address))));
        return found;
      },
    };
  }
}

const clouds = new WeakMap<Capture, CaptureCloud>();

export function cloudOf(capture: Capture): CaptureCloud {
  let cloud = clouds.get(capture);
  if (cloud === undefined) clouds.set(capture, (cloud = new CaptureCloud(capture)));
  return cloud;
}

/** Values of `nagare.direction`, `nagare.peer` and `nagare.class` by header chain; null: it is none of these. */
export function cloudNotion(capture: Capture, abbrev: string): ((path: number) => string | null) | null {
  switch (abbrev) {
    case 'nagare.direction': {
      const { way } = cloudOf(capture).now.sides;
      return (path) => (way[path] === WAY.none ? null : WAY_NAMES[way[path]]);
    }
    case 'nagare.peer': {
      const { sides, ends } = cloudOf(capture).now;
      const texts = new Map<number, string>();
      return (path) => {
        if (sides.way[path] === WAY.none) return null;
        const peer = sides.peer[path];
        let text = texts.get(peer);
        if (text === undefined) texts.set(peer, (text = ends.addresses.text(peer)));
        return text;
      };
    }
    case 'nagare.class': {
      const view = cloudOf(capture).now;
      return (path) => (view.sides.way[path] === WAY.none ? null : view.classOf(view.sides.peer[path]).class);
    }
    default:
      return null;
  }
}
