/**
 * One open capture: reader, column pass and flow pass in one thread, and the packets again by row. `load` goes on for as long
 * as it is told, so that whoever owns it can answer questions in between.
 */

import type { CaptureError } from '../base/errors.ts';
import { NS_PER_SECOND } from '../base/time.ts';
import { DEFAULT_PREFERENCES, type GivenSides, NO_GIVEN_SIDES, type Preferences } from '../contract/preferences.ts';
import type { DecodeAs } from '../dissect/applications.ts';
import { lookUpUnder, protocolsUnder } from '../dissect/decode-as.ts';
import { protocolNamed } from '../dissect/registry.ts';
import { linkWord } from '../dissect/walk.ts';
import type { CaptureReader, PacketBatch, PacketOptions } from '../readers/reader.ts';
import { FLAG } from '../table/flags.ts';
import type { PacketTable } from '../table/packet-table.ts';
import { FlowIndex } from './flow-index.ts';
import { FlowPass } from './flow-pass.ts';
import { type GivenNames, NO_GIVEN_NAMES } from './given-names.ts';
import type { LiveOwners } from './live-owners.ts';
import { BATCH_BYTES, BATCH_PACKETS, InlineScanner, randomSeed, type Scanner } from './scanner.ts';
import { Secrets } from './secrets.ts';

export interface CaptureOptions {
  /** While a capture runs: whose sockets are whose. */
  readonly owners?: LiveOwners;
  readonly decodeAs?: DecodeAs;
  /** Texts of TLS key logs. */
  readonly keyLogs?: readonly Uint8Array[];
  /** Batches are scanned by it; inline unless given. */
  readonly scanner?: Scanner;
  readonly seed?: number;
  readonly batchBytes?: number;
  readonly batchPackets?: number;
  readonly preferences?: Preferences;
  readonly given?: GivenNames;
  readonly sides?: GivenSides;
}

/** The link type of PPP whose records say their direction. */
const PPP_WITH_DIRECTION = 204;

/** Formats that number their interfaces. */
const WITH_INTERFACES: ReadonlySet<string> = new Set(['pcapng', 'etl']);

export class Capture {
  readonly reader: CaptureReader;
  readonly pass: FlowPass;
  readonly flows: FlowIndex;
  readonly secrets: Secrets;
  /** Comments of packets by row: the file's, or as changed since. */
  readonly comments = new Map<number, readonly string[]>();
  /** Whose sockets were whose while it was captured; null: it is a file. */
  readonly owners: LiveOwners | null;
  /** Where it was captured, as the user says: for the file, and for connections of it. */
  sides: GivenSides;
  /** Names that the user gives to addresses. */
  given: GivenNames;
  /** All of the file has been read. */
  isLoaded = false;

  private readonly scanner: Scanner;
  private readonly linkProtocols: number[] = [];
  private ended = false;
  /** The first batch is in the table. */
  private hasBegun = false;
  private set: Preferences;

  constructor(reader: CaptureReader, options: CaptureOptions = {}) {
    this.reader = reader;
    this.owners = options.owners ?? null;
    this.given = options.given ?? NO_GIVEN_NAMES;
    this.sides = options.sides ?? NO_GIVEN_SIDES;
    const { batchBytes = BATCH_BYTES, batchPackets = BATCH_PACKETS, seed = randomSeed() } = options;
    this.pass = new FlowPass({ decodeAs: options.decodeAs ?? new Map(), seed: options.scanner?.seed ?? seed });
    this.flows = new FlowIndex(this.pass);
    this.set = options.preferences ?? DEFAULT_PREFERENCES;
    this.pass.relativeSequence = this.set.relativeSequence;
    this.secrets = new Secrets(options.keyLogs ?? []);
    this.useSecrets();
    this.scanner =
      options.scanner ??
      new InlineScanner(this.pass.stacks, batchBytes, batchPackets, seed, protocolsUnder(this.pass.decodeAs));
  }

  /** What the user has set that changes what is shown of it. */
  get preferences(): Preferences {
    return this.set;
  }

  set preferences(preferences: Preferences) {
    this.set = preferences;
    this.pass.relativeSequence = preferences.relativeSequence;
  }

  get table(): PacketTable {
    return this.pass.table;
  }

  get problem(): CaptureError | null {
    return this.reader.problem;
  }

  /**
   * Reads on until `until()` says stop (asked once per batch) or the file ends; true: all is read. `final`: the file does not grow.
   */
  load(until: () => boolean = () => false, final = true): boolean {
    while (!this.isLoaded) {
      while (!this.ended && this.scanner.hasRoom) {
        const batch = this.scanner.room();
        const state = this.reader.next(batch, final);
        if (batch.count > 0) {
          this.scanner.submit(this.interfaceLinks());
          // The first rows are shown before others are read.
          if (!this.hasBegun && state !== 'end') break;
        }
        if (state === 'end') this.ended = true;
        // A reader that sees all of the file before its first packet: whoever waits is to see it move.
        else if (batch.count === 0) break;
      }
      const done = this.scanner.finished();
      if (done === null) {
        if (this.ended) this.isLoaded = true;
      } else {
        const first = this.table.count;
        if (this.secrets.take(this.reader.facts)) this.useSecrets();
        this.keepNotes(done.batch, first);
        this.pass.take(done.batch, done.scratch, done.nodes);
        this.markNotes(done.batch, first);
        this.scanner.release();
        this.hasBegun = true;
      }
      if (until()) break;
    }
    return this.isLoaded;
  }

  /** The secrets have changed: rows that come are marked by them. */
  useSecrets(): void {
    const { keyLog } = this.secrets;
    this.pass.keyLog = keyLog.isEmpty ? null : keyLog;
  }

  /** A file that has grown may be read on. */
  resume(): void {
    this.ended = false;
    this.isLoaded = false;
  }

  /** Ends reading: what was read stays. */
  stop(): void {
    this.ended = true;
    while (this.scanner.finished() !== null) this.scanner.release();
    this.isLoaded = true;
  }

  close(): void {
    this.scanner.close();
  }

  /** Link word of each interface so far. */
  private interfaceLinks(): readonly number[] {
    const { interfaces } = this.reader.facts;
    for (let i = this.linkProtocols.length; i < interfaces.length; i++) {
      this.linkProtocols.push(
        linkWord(
          lookUpUnder(this.pass.decodeAs, 'link', interfaces[i].linkType) || protocolNamed('data').index,
          interfaces[i].linkType,
        ),
      );
    }
    return this.linkProtocols;
  }

  private keepNotes(batch: PacketBatch, first: number): void {
    for (const note of batch.notes) {
      const row = first + note.index;
      if (note.comments !== undefined) this.comments.set(row, note.comments);
    }
  }

  private markNotes(batch: PacketBatch, first: number): void {
    for (const note of batch.notes) {
      const row = first + note.index;
      if (note.comments !== undefined) this.table.block(row).flags[row & 0xffff] |= FLAG.comment;
    }
  }

  /** The packet's captured bytes; fewer where the file no longer has them. */
  bytes(row: number): Uint8Array {
    const bytes = new Uint8Array(this.table.get('capturedLength', row));
    const got = this.reader.packet(this.table.get('locator', row), bytes, this.table.get('interface', row));
    return got === bytes.length ? bytes : bytes.subarray(0, got);
  }

  /** Nanoseconds since 1970 UTC; null: the record has no time. */
  time(row: number): bigint | null {
    const time = this.table.get('time', row);
    if (Number.isNaN(time)) return null;
    const far = this.pass.farTimes.get(row);
    if (far !== undefined) return BigInt(far.seconds) * NS_PER_SECOND + BigInt(far.nanos);
    return this.epoch + BigInt(time);
  }

  /** Nanoseconds since 1970 that the table's times count from. */
  get epoch(): bigint {
    return BigInt(this.pass.epochSeconds ?? 0) * NS_PER_SECOND + BigInt(this.pass.epochNanos);
  }

  /** What the record says beside its bytes (pcapng options); null: nothing. */
  options(row: number): PacketOptions | null {
    return this.reader.options(this.table.get('locator', row), this.table.get('interface', row));
  }

  /** Is the interface of a row worth a word? A pcap file has one and says nothing about it. */
  get hasInterfaceIds(): boolean {
    return WITH_INTERFACES.has(this.reader.facts.format);
  }

  /** The first packet that has a time, from which relative times count. */
  get firstTimed(): number {
    return this.pass.firstTimedRow;
  }

  /** Source and destination as the packet list shows them. */
  addresses(row: number): { readonly source: string; readonly destination: string } {
    const found = this.pass.paths.addresses(this.table.get('path', row));
    const flags = this.table.get('flags', row) & (FLAG.inbound | FLAG.outbound);
    if (flags === 0 || found.source !== '' || !this.isSerial(row)) return found;
    // A line without addresses: the two ends of its modem cable.
    return (flags & FLAG.outbound) !== 0
      ? { source: 'DTE', destination: 'DCE' }
      : { source: 'DCE', destination: 'DTE' };
  }

  private isSerial(row: number): boolean {
    return this.reader.facts.interfaces[this.table.get('interface', row)]?.linkType === PPP_WITH_DIRECTION;
  }

  /** What a packet's walk begins with: a link word. */
  linkProtocol(row: number): number {
    return this.interfaceLinks()[this.table.get('interface', row)] ?? 0;
  }
}
