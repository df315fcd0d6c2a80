/** Captures opened from bytes in memory, for tests of everything above the readers. */

import { MemorySource } from '../../engine/readers/byte-source.ts';
import { openCapture } from '../../engine/readers/index.ts';
import type { CaptureReader } from '../../engine/readers/reader.ts';
import { Capture, type CaptureOptions } from '../../engine/session/capture.ts';
import { Session, type SessionEnvironment } from '../../engine/session/session.ts';
import { pcap } from './build-capture.ts';
import type { TcpPacket } from './build-tcp.ts';

/** A reader on a capture file's bytes; throws where it is none. */
export function readerOn(file: Uint8Array): CaptureReader {
  const opened = openCapture(new MemorySource(file, 'test.pcap'));
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

/** A capture, read to its end. */
export function loadCapture(file: Uint8Array, options: CaptureOptions = {}): Capture {
  const capture = new Capture(readerOn(file), { seed: 1, ...options });
  capture.load();
  return capture;
}

const START = 1_768_467_600_000_000_000n; // 2026-01-15 09:00 UTC

/** Ethernet packets of simulated hosts as a nanosecond pcap. */
export function pcapOf(packets: readonly TcpPacket[]): Uint8Array {
  const sorted = [...packets].sort((a, b) => a.at - b.at);
  return pcap({
    variant: 'nano',
    packets: sorted.map(({ at, bytes }) => ({ time: START + BigInt(Math.round(at)), bytes })),
  });
}

export interface TestSession {
  readonly session: Session;
  readonly events: { readonly name: string; readonly value: unknown }[];
}

/** A session in this thread; events are collected. */
export function openSession(file: Uint8Array, options: CaptureOptions = {}): TestSession {
  const events: { name: string; value: unknown }[] = [];
  const env: SessionEnvironment = {
    now: () => performance.now(),
    next: () => new Promise((resolve) => setImmediate(resolve)),
    emit: (name, value) => void events.push({ name, value }),
  };
  const session = new Session(1, readerOn(file), [{ path: 'test.pcap', name: 'test.pcap', size: file.length }], env, {
    seed: 1,
    ...options,
  });
  return { session, events };
}
