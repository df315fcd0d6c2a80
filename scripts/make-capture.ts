/**
 * Makes captures: `node scripts/run.mjs make-capture sample|golden|bench|scan|small [--packets N] [--seed N]
 * [--format pcap|pcapng] [--out FILE]`. The same arguments give the same bytes on every machine.
 */

import process from 'node:process';
import { parseArgs } from 'node:util';
import { writeBench } from './make-capture/bench.ts';
import { writeGolden } from './make-capture/golden.ts';
import { writeSample } from './make-capture/sample.ts';
import { writeScan } from './make-capture/scan.ts';
import { writeSmall } from './make-capture/small.ts';

const USAGE =
  'make-capture sample|golden|bench|scan|small [--packets N] [--seed N] [--format pcap|pcapng] [--out FILE]';

const BULK = {
  bench: { packets: 2_000_000, write: writeBench },
  scan: { packets: 2_000_000, write: writeScan },
  small: { packets: 10_000_000, write: writeSmall },
} as const;

class UsageError extends Error {}

function wholeNumber(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new UsageError(`--${name} takes a whole number, not "${text}"`);
  return value;
}

/** Makes what the arguments ask for; returns what to say about it. */
function make(args: readonly string[]): string {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      packets: { type: 'string' },
      seed: { type: 'string' },
      format: { type: 'string' },
      out: { type: 'string' },
    },
  });
  const [kind, ...rest] = positionals;
  if (kind === undefined || rest.length > 0) throw new UsageError('name one kind of capture');
  if (kind === 'sample') return writeSample(values.out ?? 'assets/sample.pcapng');
  if (kind === 'golden') return writeGolden(values.out ?? 'test/golden');
  if (!(kind in BULK)) throw new UsageError(`there is no "${kind}"`);
  const format = values.format ?? 'pcap';
  if (format !== 'pcap' && format !== 'pcapng') throw new UsageError(`--format takes pcap or pcapng, not "${format}"`);
  const bulk = BULK[kind as keyof typeof BULK];
  return bulk.write({
    packets: wholeNumber('packets', values.packets, bulk.packets),
    seed: wholeNumber('seed', values.seed, 1),
    format,
    out: values.out ?? `${kind}.${format}`,
  });
}

try {
  process.stdout.write(`${make(process.argv.slice(2))}\n`);
} catch (error) {
  if (!(error instanceof Error)) throw error;
  const isUsage =
    error instanceof UsageError || (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS') === true;
  if (!isUsage) throw error;
  process.stderr.write(`make-capture: ${error.message}\nusage: ${USAGE}\n`);
  process.exitCode = 2;
}
