/** What a command line has said so far about a capture; each setter answers whether it understood the value. */

import type { CaptureSettings } from '../../contract/capture.ts';

const LARGEST = 0x7fffffff;

type Limit = { packets: number | null; bytes: number | null; seconds: number | null; files: number | null };

export class Draft {
  readonly interfaces: string[] = [];
  readonly stop: Limit = { packets: null, bytes: null, seconds: null, files: null };
  readonly ring: Limit = { packets: null, bytes: null, seconds: null, files: null };
  ringInterval: number | null = null;
  filter = '';
  displayFilter = '';
  snapLength = 0;
  promiscuous = true;
  monitor = false;
  bufferBytes = 0;
  direction: CaptureSettings['direction'] = 'both';
  linkType = '';
  timestampType = '';
  precision: CaptureSettings['precision'] = 'micro';
  immediate = false;
  path: string | null = null;
  /** tcpdump's -C, -G and -W: they mean something together only. */
  fileBytes: number | null = null;
  fileSeconds: number | null = null;
  fileCount: number | null = null;

  /** `-i`: a name, or a number of the list that `-D` prints. */
  addInterface(value: string, listed: readonly string[]): boolean {
    const name = /^\d+$/.test(value) && !listed.includes(value) ? listed[Number(value) - 1] : value;
    if (name === undefined || name === '') return false;
    if (!this.interfaces.includes(name)) this.interfaces.push(name);
    return true;
  }

  setFilter(value: string): boolean {
    if (this.filter !== '' && this.filter !== value) return false;
    this.filter = value;
    return true;
  }

  setSnapLength(value: string): boolean {
    const bytes = wholeOf(value);
    if (bytes === null || bytes > LARGEST) return false;
    this.snapLength = bytes;
    return true;
  }

  setBuffer(value: string, unit: number): boolean {
    const count = wholeOf(value);
    if (count === null || count * unit > LARGEST) return false;
    this.bufferBytes = count * unit;
    return true;
  }

  setDirection(value: string): boolean {
    if (value !== 'in' && value !== 'out' && value !== 'inout') return false;
    this.direction = value === 'inout' ? 'both' : value;
    return true;
  }

  setPrecision(value: string): boolean {
    if (value !== 'micro' && value !== 'nano') return false;
    this.precision = value;
    return true;
  }

  setPath(value: string): boolean {
    if (value === '') return false;
    // Standard output: packets go to a file here in any case.
    if (value !== '-') this.path = value;
    return true;
  }

  /** A count that must be at least one. */
  setCount(set: (count: number) => void, value: string, unit = 1): boolean {
    const count = wholeOf(value);
    if (count === null || count < 1 || !Number.isSafeInteger(count * unit)) return false;
    set(count * unit);
    return true;
  }

  setSeconds(set: (seconds: number) => void, value: string): boolean {
    if (!/^\d{1,12}(?:\.\d{1,9})?$/.test(value) || Number(value) < 0.001) return false;
    set(Number(value));
    return true;
  }

  /** `-a` and `-b` of dumpcap: `duration:60`, sizes in units of 1,000 bytes. */
  setLimit(limit: Limit, value: string): boolean {
    const [, key = '', amount = ''] = /^(\w+):(.*)$/.exec(value) ?? [];
    switch (key) {
      case 'packets':
        return this.setCount((count) => (limit.packets = count), amount);
      case 'filesize':
        return this.setCount((count) => (limit.bytes = count), amount, 1000);
      case 'files':
        return this.setCount((count) => (limit.files = count), amount);
      case 'duration':
        return this.setSeconds((seconds) => (limit.seconds = seconds), amount);
      default:
        return false;
    }
  }

  /** `-b` of dumpcap: as `-a`, and `interval:3600`, which is told by the clock. */
  setRing(value: string): boolean {
    const [, interval] = /^interval:(.*)$/.exec(value) ?? [];
    if (interval === undefined) return this.setLimit(this.ring, value);
    return this.setCount((seconds) => (this.ringInterval = seconds), interval);
  }

  /** `-C` of tcpdump: millions of bytes, or another unit where a letter names one. */
  setFileSize(value: string): boolean {
    const [, digits = '', unit = ''] = /^(\d+)([kKmMgG]?)$/.exec(value) ?? [];
    const bytes = { '': 1_000_000, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }[unit.toLowerCase()] ?? 1;
    return this.setCount((size) => (this.fileBytes = size), digits, bytes);
  }

  settings(): Omit<CaptureSettings, 'interfaces'> {
    const { stop, ring } = this;
    const { filter, snapLength, promiscuous, monitor, bufferBytes, direction, linkType, timestampType } = this;
    const { precision, immediate, path } = this;
    const { ringInterval } = this;
    const hasRing = ringInterval !== null || ring.packets !== null || ring.bytes !== null || ring.seconds !== null;
    return {
      ...{ filter: filter.trim(), snapLength, promiscuous, monitor, bufferBytes, direction, linkType, timestampType },
      ...{ precision, immediate, path },
      stop: { ...stop },
      ring: hasRing ? { ...ring, ...(ringInterval === null ? {} : { interval: ringInterval }) } : null,
      keepMinutes: null,
      saveWhen: null,
      remote: null,
    };
  }

  /** -G with -W ends after so many files, with one at once at the end of the first; -C with -W is a ring. */
  joinFileOptions(): void {
    const { fileBytes, fileSeconds, fileCount, ring, stop } = this;
    if (fileSeconds !== null && fileBytes === null && fileCount === 1) {
      stop.seconds = fileSeconds;
      return;
    }
    ring.bytes = fileBytes;
    ring.seconds = fileSeconds;
    if (fileCount === null) return;
    if (fileSeconds === null) ring.files = fileCount;
    else if (fileBytes === null) stop.files = fileCount;
  }
}

function wholeOf(text: string): number | null {
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}
