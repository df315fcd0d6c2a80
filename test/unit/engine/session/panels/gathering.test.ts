/** Panels while the messages of a capture are still being read in the background: what they show so far, and in the end. */

import { beforeAll, describe, expect, it } from 'vitest';
import type { CallContext } from '../../../../../engine/contract/api.ts';
import type { Report } from '../../../../../engine/contract/report.ts';
import { useNodePlatform } from '../../../../../engine/host/platform-node.ts';
import { Session } from '../../../../../engine/session/session.ts';
import { pcap } from '../../../../support/build-capture.ts';
import { dnsQuery, dnsResponse } from '../../../../support/build-dns.ts';
import { ethernet } from '../../../../support/build-link.ts';
import { ipv4, payloadBytes, udp } from '../../../../support/build-packet.ts';
import { openSession, readerOn } from '../../../../support/load-capture.ts';

const call: CallContext = { signal: new AbortController().signal, progress: () => undefined };
const START = 1_768_467_600_000_000_000n;
/** More than two batches of the pass over messages. */
const QUESTIONS = 10_000;
let file: Uint8Array;

beforeAll(() => {
  useNodePlatform();
  const packets = Array.from({ length: QUESTIONS }, (_, i) => {
    const question = dnsQuery(i, 'host.example', 'A');
    const answer = dnsResponse(i, { name: 'host.example', type: 'A' }, [
      { name: 'host.example', type: 'A', address: `192.0.2.${i % 250}` },
    ]);
    return [question, answer].map((message, way) => {
      const [client, server] = ['198.51.100.1', '198.51.100.53'];
      const [src = '', dst = ''] = way === 0 ? [client, server] : [server, client];
      const ports = way === 0 ? { srcPort: 40_000, dstPort: 53 } : { srcPort: 53, dstPort: 40_000 };
      const macs = { dst: '02:00:00:00:00:02', src: '02:00:00:00:00:01' };
      return {
        time: START + BigInt(1_000_000 * (4 * i + way)),
        bytes: payloadBytes(ethernet(macs, ipv4({ src, dst }, udp(ports, message)))),
      };
    });
  }).flat();
  file = pcap({ variant: 'nano', packets });
});

interface Held {
  readonly session: Session;
  /** Lets the background go on by as many turns. */
  readonly go: (turns: number) => Promise<void>;
  readonly revisions: Set<number>;
}

/** A session whose work takes a turn for each slice, and has one only when it is given. */
async function held(): Promise<Held> {
  const waiting: (() => void)[] = [];
  const revisions = new Set<number>();
  let time = 0;
  let isHeld = false;
  const session = new Session(
    1,
    readerOn(file),
    [{ path: 'test.pcap', name: 'test.pcap', size: file.length }],
    {
      now: () => (time += 20), // each slice is over at once
      next: () => (isHeld ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve()),
      emit: (name, value) => {
        if (name === 'session' && 'revision' in value) revisions.add(value.revision);
      },
    },
    { seed: 1, gathers: true },
  );
  const loaded = session.loaded.then(() => (isHeld = true));
  await loaded;
  return {
    session,
    revisions,
    go: async (turns) => {
      for (let i = 0; i < turns; i++) {
        time += 1000;
        for (const resolve of waiting.splice(0)) resolve();
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}

const ask = async (session: Session, panel: string): Promise<Report> =>
  (await session.panel({ session: 1, panel, filter: '', range: null }, call)) as Report;
const figure = ({ figures }: Report, id: string): number => figures.find((one) => one.id === id)?.value ?? Number.NaN;
const share = ({ findings }: Report): unknown => findings.find(({ id }) => id === 'gathering')?.values['share'];

describe('a panel of messages', () => {
  it('shows what was read so far, how much that is, and in the end all', async () => {
    const { session, go, revisions } = await held();
    const first = await ask(session, 'response');
    const before = figure(first, 'response.requests');
    expect(before).toBeLessThan(QUESTIONS);
    expect(share(first)).toEqual({ value: expect.closeTo(before / QUESTIONS, 1) as number, unit: 'share' });
    // Who was not answered so far may be yet.
    expect(figure(first, 'response.unanswered')).toBeNaN();
    const told = revisions.size;
    await go(50);
    expect(revisions.size).toBeGreaterThan(told); // whoever shows it asks again
    const last = await ask(session, 'response');
    expect(share(last)).toBeUndefined();
    expect(figure(last, 'response.requests')).toBe(QUESTIONS);
    expect(figure(last, 'response.unanswered')).toBe(0);
    const { session: other } = openSession(file);
    await other.loaded;
    expect(last).toEqual(await ask(other, 'response'));
    expect(await ask(session, 'names')).toEqual(await ask(other, 'names'));
  });

  it('has names so far, which are right', async () => {
    const { session, go } = await held();
    const first = figure(await ask(session, 'names'), 'names.addresses');
    expect(first).toBeLessThanOrEqual(250);
    expect(share(await ask(session, 'names'))).toBeDefined();
    await go(50);
    expect(figure(await ask(session, 'names'), 'names.addresses')).toBe(250);
  });
});
