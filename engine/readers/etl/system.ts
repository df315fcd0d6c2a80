/** What a trace says of the machine: its network cards, its processes, its system (events of the kernel's trace, of merging). */

import { u16le, u32le } from '../../base/bytes.ts';
import { decodeLatin1 } from '../../base/text.ts';
import { CLASSIC, EVENT, GROUP, SYSTEM, userData } from './layout.ts';
import { afterText, decodeUtf16z } from './text.ts';

export interface NetworkCard {
  readonly description: string;
  readonly hardwareAddress: Uint8Array;
  /** Addresses as text. */
  readonly addresses: readonly string[];
}

/** Types of the kernel's configuration events, and offsets in them. */
const CONFIG = { card: 13, service: 15 } as const;
const CARD = { address: 0, addressLength: 8, ipv4Index: 12, ipv6Index: 16, description: 20 } as const;
const SERVICE = { process: 0, names: 12 } as const;
/** Types of process events: start, end, running at the start of the trace, running at its end, ended late. */
const PROCESS_TYPES: readonly number[] = [1, 2, 3, 4, 39];
/** Events of Microsoft-Windows-Kernel-Process that name a process: start, and running already. */
const PROCESS_EVENT = { start: 1, running: 15 } as const;
const BUILD = { type: 32, texts: 8 } as const;
/** A trace has as many names as processes ran; ids are multiples of four. */
const MOST_PROCESSES = 1 << 20;
const MOST_CARDS = 0xffff;

export class SystemFacts {
  /** By interface index. */
  readonly cards = new Map<number, NetworkCard>();
  readonly processes = new Map<number, string>();
  /** Names of programs that run services: taken where no process event names them. */
  private readonly services = new Map<number, string>();
  os = '';

  processName(id: number): string | undefined {
    return this.processes.get(id) ?? this.services.get(id);
  }

  /** Processes that only services name become known by them. */
  finish(): void {
    for (const [id, name] of this.services) if (!this.processes.has(id)) this.processes.set(id, name);
  }

  /** A record with a system event's header: [at, end). */
  takeSystem(bytes: Uint8Array, at: number, end: number, header: number, pointer: number): void {
    const group = bytes[at + SYSTEM.group];
    const type = bytes[at + SYSTEM.type];
    const from = at + header;
    if (group === GROUP.process) {
      if (PROCESS_TYPES.includes(type)) this.takeProcess(bytes, from, end, u16le(bytes, at), pointer);
    } else if (group === GROUP.config && type === CONFIG.card) this.takeCard(bytes, from, end);
    else if (group === GROUP.config && type === CONFIG.service) this.takeService(bytes, from, end);
  }

  /** A classic record of the kernel's process events. */
  takeClassicProcess(bytes: Uint8Array, at: number, end: number, pointer: number): void {
    if (!PROCESS_TYPES.includes(bytes[at + CLASSIC.type])) return;
    this.takeProcess(bytes, at + CLASSIC.header, end, u16le(bytes, at + CLASSIC.version), pointer);
  }

  /** A modern record of Microsoft-Windows-Kernel-Process. */
  takeProcessEvent(bytes: Uint8Array, at: number, end: number): void {
    const id = u16le(bytes, at + EVENT.id);
    if (id !== PROCESS_EVENT.start && id !== PROCESS_EVENT.running) return;
    const from = userData(bytes, at, end);
    if (from + 4 > end) return;
    // A running process is told as one that starts is, two versions later.
    const version = bytes[at + EVENT.version] + (id === PROCESS_EVENT.running ? 2 : 0);
    const name = from + imageNameAt(bytes, from, end, version);
    if (name < end) this.name(u32le(bytes, from), decodeUtf16z(bytes, name, end));
  }

  /** A classic record of the configuration that merging adds. */
  takeConfig(bytes: Uint8Array, at: number, end: number): void {
    const from = at + CLASSIC.header + BUILD.texts;
    if (bytes[at + CLASSIC.type] !== BUILD.type || from >= end) return;
    const build = decodeUtf16z(bytes, from, end);
    const product = decodeUtf16z(bytes, afterText(bytes, from, end), end);
    this.os = product === '' ? build : `${product} (${build})`;
  }

  /** Layouts by version: a key or page directory, numbers, the user, the file's name in 8-bit characters. */
  private takeProcess(bytes: Uint8Array, at: number, end: number, version: number, pointer: number): void {
    let from = at + pointer; // the key; in version 1 the page directory
    if (version === 0 || from + 16 > end) return;
    const id = u32le(bytes, from);
    from += 16; // process, parent, session, exit status
    if (version >= 3) from += pointer; // the page directory
    if (version >= 4) from += 4; // flags
    if (from + 4 > end) return;
    if (u32le(bytes, from) === 0) from += 4;
    else {
      // TOKEN_USER, then a SID: revision, count of sub-authorities, six bytes, the sub-authorities.
      const sid = from + 2 * pointer;
      if (sid + 8 > end) return;
      from = sid + 8 + 4 * bytes[sid + 1];
    }
    let to = from;
    while (to < end && bytes[to] !== 0) to++;
    if (to < end) this.name(id, decodeLatin1(bytes, from, to));
  }

  private takeCard(bytes: Uint8Array, at: number, end: number): void {
    if (at + CARD.description > end || this.cards.size >= MOST_CARDS) return;
    const length = Math.min(8, u32le(bytes, at + CARD.addressLength));
    const from = at + CARD.description;
    const addresses = decodeUtf16z(bytes, afterText(bytes, from, end), end);
    const card: NetworkCard = {
      description: decodeUtf16z(bytes, from, end),
      hardwareAddress: bytes.slice(at + CARD.address, at + CARD.address + length),
      addresses: addresses.split(';').filter((text) => text !== ''),
    };
    this.cards.set(u32le(bytes, at + CARD.ipv4Index), card);
    this.cards.set(u32le(bytes, at + CARD.ipv6Index), card);
  }

  /** Service, its title, and the program that runs it. */
  private takeService(bytes: Uint8Array, at: number, end: number): void {
    const id = at + SERVICE.names <= end ? u32le(bytes, at + SERVICE.process) : 0;
    if (id === 0 || this.services.size >= MOST_PROCESSES) return;
    const title = afterText(bytes, at + SERVICE.names, end);
    const program = decodeUtf16z(bytes, afterText(bytes, title, end), end);
    if (program !== '' && !this.services.has(id)) this.services.set(id, fileName(program));
  }

  private name(id: number, path: string): void {
    if (path !== '' && (this.processes.size < MOST_PROCESSES || this.processes.has(id))) {
      this.processes.set(id, fileName(path));
    }
  }
}

/** Of Microsoft-Windows-Kernel-Process: where the name of the image is in events of this version. */
function imageNameAt(bytes: Uint8Array, at: number, end: number, version: number): number {
  // Process, time of creation, parent, session; then flags from version 1 on.
  if (version < 3) return version === 0 ? 20 : 24;
  // Version 3 has sequence numbers (8) behind both processes, kind and elevation of the token, and a label (a SID).
  const label = 48;
  return at + label + 2 <= end ? label + 8 + 4 * bytes[at + label + 1] : label;
}

function fileName(path: string): string {
  const name = path.slice(path.lastIndexOf('\\') + 1);
  return name === '' ? path : name;
}
