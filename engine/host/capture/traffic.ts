/** Counters of all interfaces once a second: the helper's, or Linux's own table (proc_net_dev(5)). */

import { readFileSync } from 'node:fs';
import type { Traffic } from '../../contract/capture.ts';
import { Helper } from './helper.ts';

const EVERY_MS = 1000;

/** Calls `onTraffic` until the function that is returned is called. Without a helper, and not on Linux, never. */
export function watchTraffic(helper: string | null, onTraffic: (traffic: Traffic) => void): () => void {
  if (helper !== null) return new Helper(helper).watch(onTraffic);
  if (process.platform !== 'linux') return () => undefined;
  const tell = (): void =>
    onTraffic({ at: Date.now(), interfaces: parseNetDev(readFileSync('/proc/net/dev', 'utf8')) });
  tell();
  const timer = setInterval(tell, EVERY_MS);
  return () => clearInterval(timer);
}

/** `  eth0: 1500 10 0 0 0 0 0 0 900 6 ...`: bytes and packets received, and from the ninth figure on those sent. */
export function parseNetDev(text: string): Traffic['interfaces'] {
  return text.split('\n').flatMap((line) => {
    const [, name, rest] = /^\s*(\S+):\s*(.*)$/.exec(line) ?? [];
    if (name === undefined || rest === undefined) return [];
    const figures = rest.trim().split(/\s+/).map(Number);
    const [receivedBytes = 0, receivedPackets = 0, , , , , , , sentBytes = 0, sentPackets = 0] = figures;
    return [{ name, packets: receivedPackets + sentPackets, bytes: receivedBytes + sentBytes }];
  });
}
