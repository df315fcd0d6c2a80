/** The reading side of a live capture: the files that it is said to write, as one that grows. */

import { basename } from 'node:path';
import type { ByteSource } from '../../readers/byte-source.ts';
import type { CaptureReader } from '../../readers/reader.ts';
import { Ring, RingReader } from '../../readers/ring.ts';
import type { Growth } from '../../session/growth.ts';
import { LiveOwners, type SocketOwner } from '../../session/live-owners.ts';
import type { SessionFile } from '../../session/session-state.ts';
import { FileSource, reason } from '../file-source.ts';
import { log } from '../log.ts';
import { WindowSource } from '../window-source.ts';

/** What a capture tells whoever follows it. */
export type CaptureNews =
  | { readonly kind: 'opened' | 'removed'; readonly path: string }
  /** Sockets of this machine's programs that have come up. */
  | { readonly kind: 'sockets'; readonly owners: readonly SocketOwner[] }
  /** The files are whole. */
  | { readonly kind: 'over' };

/** Files are looked at this often. */
const LOOK_MS = 40;

export class FollowedFiles implements Growth {
  readonly reader: CaptureReader;
  readonly owners = new LiveOwners();
  isOver = false;
  /** Somebody else reads too: files with rows from this one on stay. */
  keptFrom: () => number = () => Number.POSITIVE_INFINITY;
  private readonly ring: Ring;
  private readonly leaving: string[] = [];
  private firstLeft = 0;
  private readonly opened = new Map<string, FileSource>();
  private waiting: (() => void)[] = [];

  constructor(format: string) {
    this.ring = new Ring(format);
    this.reader = new RingReader(this.ring);
  }

  /** As they are now. */
  get files(): readonly SessionFile[] {
    return [...this.opened].map(([path, source]) => ({ path, name: basename(path), size: source.size }));
  }

  get firstRow(): number {
    this.retire();
    return this.firstLeft;
  }

  wait(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, LOOK_MS);
      this.waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  close(): void {
    this.ring.close();
    this.opened.clear();
    this.wake();
  }

  heard(news: CaptureNews): void {
    switch (news.kind) {
      case 'opened':
        this.open(news.path);
        break;
      case 'removed':
        this.leaving.push(news.path);
        break;
      case 'sockets':
        this.owners.add(news.owners);
        break;
      default:
        this.isOver = true;
    }
    this.wake();
  }

  /** Of the files that are there, the oldest first. */
  get sources(): readonly ByteSource[] {
    return this.ring.files.map(({ source }) => source);
  }

  /** The file of a packet and its place there; null: it has gone. */
  place(locator: number): { readonly path: string; readonly source: ByteSource; readonly at: number } | null {
    const file = this.ring.fileAt(locator);
    return file === null || file.isGone ? null : { path: file.path, source: file.source, at: locator - file.base };
  }

  /** A file that has gone from the disk is read to its end first: its bytes are there as long as it is open. */
  private retire(): void {
    for (let path = this.leaving[0]; path !== undefined && this.isDone(path); path = this.leaving[0]) {
      this.leaving.shift();
      this.firstLeft = Math.max(this.firstLeft, this.ring.retire(path) ?? 0);
      this.opened.delete(path);
    }
  }

  private isDone(path: string): boolean {
    return this.ring.isRead(path) && (this.ring.endOf(path) ?? 0) <= this.keptFrom();
  }

  private open(path: string): void {
    try {
      const source = new FileSource(path);
      this.opened.set(path, source);
      this.ring.add(path, new WindowSource(source), () => source.close());
    } catch (error) {
      // A ring that turns faster than it is read: its packets are gone.
      log('warning', `${path} could not be followed: ${reason(error)}`);
    }
  }

  private wake(): void {
    const { waiting } = this;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }
}
