/** The worker's side of a live capture: the files that the host says are written, as one growing capture. */

import { basename } from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import type { CaptureReader } from '../../readers/reader.ts';
import { Ring, RingReader } from '../../readers/ring.ts';
import type { Growth } from '../../session/growth.ts';
import type { SessionFile } from '../../session/session.ts';
import { FileSource, reason } from '../file-source.ts';
import { log } from '../log.ts';
import { WindowSource } from '../window-source.ts';

/** What the host tells a worker about the capture that it follows. */
export type CaptureNews =
  | { readonly kind: 'opened' | 'removed'; readonly path: string }
  /** The files are whole. */
  | { readonly kind: 'over' };

/** Files are looked at this often. */
const LOOK_MS = 40;

export class FollowedFiles implements Growth {
  readonly reader: CaptureReader;
  isOver = false;
  firstRow = 0;
  private readonly ring: Ring;
  private readonly port: MessagePort;
  private readonly sources = new Map<string, FileSource>();
  private waiting: (() => void)[] = [];

  constructor(port: MessagePort, format: string) {
    this.port = port;
    this.ring = new Ring(format);
    this.reader = new RingReader(this.ring);
    port.on('message', (news: CaptureNews) => this.heard(news));
  }

  /** As they are now. */
  get files(): readonly SessionFile[] {
    return [...this.sources].map(([path, source]) => ({ path, name: basename(path), size: source.size }));
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
    this.port.close();
    this.ring.close();
    this.sources.clear();
    this.wake();
  }

  private heard(news: CaptureNews): void {
    switch (news.kind) {
      case 'opened':
        this.open(news.path);
        break;
      case 'removed':
        this.firstRow = Math.max(this.firstRow, this.ring.retire(news.path) ?? 0);
        this.sources.delete(news.path);
        break;
      default:
        this.isOver = true;
    }
    this.wake();
  }

  private open(path: string): void {
    try {
      const source = new FileSource(path);
      this.sources.set(path, source);
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
