/**
 * A process of its own around the npm package cap (libpcap or Npcap inside Node), for machines where nothing else captures.
 * It speaks the helper's language (native/README.md), as far as it can: the package knows neither the kernel's times nor
 * its drops. Loaded in two threads of one process the package fails, so it is never loaded in ours.
 */

import { closeSync, openSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { fileHeader, record } from './pcap-file.ts';

/** What we use of the package. */
interface CapPackage {
  readonly Cap: {
    new (): CapHandle;
    deviceList(): readonly CapDevice[];
  };
}

interface CapHandle {
  open(device: string, filter: string, bufferBytes: number, buffer: Uint8Array): string;
  setMinBytes?(bytes: number): void;
  on(event: 'packet', listener: (bytes: number, isTruncated: boolean) => void): void;
  close(): void;
}

interface CapDevice {
  readonly name: string;
  readonly description?: string;
  readonly addresses: readonly { readonly addr?: string }[];
  readonly flags?: string;
}

/** LINKTYPE numbers of the package's names. */
const LINK_TYPES: Readonly<Record<string, number>> = {
  NULL: 0,
  ETHERNET: 1,
  RAW: 101,
  LINKTYPE_LINUX_SLL: 113,
  IEEE802_11_RADIO: 127,
};
const MAX_PACKET = 65535;
const BUFFER_BYTES = 10 << 20;
const FLUSH_MS = 50;

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function refuse(message: string): void {
  const code = /permission|not permitted|access is denied/i.test(message)
    ? 'permission'
    : /no such device|not found/i.test(message)
      ? 'no-device'
      : /filter|syntax|parse/i.test(message)
        ? 'filter'
        : 'open-failed';
  say({ event: 'error', code, message, fatal: true });
  process.exitCode = 1;
}

function loaded(): CapPackage | null {
  try {
    return createRequire(import.meta.url)('cap') as CapPackage;
  } catch (error) {
    // Not installed, or installed without being built.
    refuse(error instanceof Error ? error.message : String(error));
    return null;
  }
}

/** Everybody may list interfaces: one is opened to see whether this user may capture. */
function tryToOpen(Cap: CapPackage['Cap']): void {
  const device = Cap.deviceList().find(({ flags = '' }) => /LOOPBACK/.test(flags)) ?? Cap.deviceList()[0];
  if (device === undefined) return;
  const handle = new Cap();
  try {
    handle.open(device.name, '', BUFFER_BYTES, Buffer.alloc(MAX_PACKET));
    handle.close();
  } catch (error) {
    // Something else may be wrong with this one alone.
    if (/permi/i.test(String(error))) throw error;
  }
}

function interfaces({ Cap }: CapPackage): void {
  tryToOpen(Cap);
  const list = Cap.deviceList().map(({ name, description = '', addresses, flags = '' }) => ({
    name,
    friendlyName: null,
    description,
    addresses: addresses.flatMap(({ addr }) => (addr === undefined ? [] : [{ address: addr, prefix: null }])),
    linkTypes: [],
    up: true,
    loopback: /LOOPBACK/.test(flags),
    wireless: false,
    error: null,
  }));
  say({ event: 'interfaces', library: 'cap', interfaces: list });
}

class Capturing {
  private readonly descriptor: number;
  private readonly path: string;
  private pieces: Uint8Array[] = [];
  private captured = 0;
  private bytes = 0;

  constructor(path: string) {
    this.path = path;
    this.descriptor = openSync(path, 'w', 0o600);
  }

  begin(linkType: number, snapLength: number): void {
    this.pieces.push(fileHeader(linkType, snapLength));
    this.flush();
    say({ event: 'file', action: 'opened', path: this.path });
  }

  packet(bytes: Uint8Array): void {
    const now = performance.timeOrigin + performance.now();
    this.pieces.push(record(now, bytes));
    this.captured++;
  }

  flush(): void {
    const all = Buffer.concat(this.pieces);
    this.pieces = [];
    for (let done = 0; done < all.length; ) done += writeSync(this.descriptor, all, done);
    this.bytes += all.length;
  }

  tell(event: 'counts' | 'stopped'): void {
    const { captured, bytes } = this;
    say({ event, captured, received: null, droppedByKernel: null, droppedByInterface: null, bytes });
  }

  end(): void {
    this.flush();
    closeSync(this.descriptor);
    this.tell('stopped');
  }
}

function capture({ Cap }: CapPackage, args: readonly string[]): void {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { interface: text, filter: text, write: text, 'snap-length': text },
  });
  const { interface: device = '', filter = '', write = '' } = values;
  const wanted = Number(values['snap-length'] ?? 0);
  const snapLength = wanted === 0 ? MAX_PACKET : Math.min(wanted, MAX_PACKET);
  const handle = new Cap();
  const buffer = Buffer.alloc(MAX_PACKET);
  let linkType: number | undefined;
  try {
    linkType = LINK_TYPES[handle.open(device, filter, BUFFER_BYTES, buffer)];
    handle.setMinBytes?.(0);
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
  if (linkType === undefined) return refuse(`${device}: link type`);
  const capturing = new Capturing(write);
  capturing.begin(linkType, snapLength);
  handle.on('packet', (length) => capturing.packet(Buffer.from(buffer.subarray(0, Math.min(length, snapLength)))));
  const timer = setInterval(() => {
    try {
      capturing.flush();
      capturing.tell('counts');
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      say({ event: 'error', code: /ENOSPC/.test(message) ? 'disk-full' : 'write-failed', message, path: write });
      process.exit(1);
    }
  }, FLUSH_MS);
  let isOver = false;
  const stop = (): void => {
    if (isOver) return;
    isOver = true;
    clearInterval(timer);
    handle.close();
    capturing.end();
    process.stdin.destroy();
  };
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => line === 'stop' && stop());
  lines.on('close', stop);
}

function main([command, ...args]: readonly string[]): void {
  const found = loaded();
  if (found === null) return;
  try {
    if (command === 'interfaces') interfaces(found);
    else if (command === 'capture') capture(found, args);
  } catch (error) {
    refuse(error instanceof Error ? error.message : String(error));
  }
}

main(process.argv.slice(2));
