/** Network cards that cut segments and fill in checksums: named as that, never as an error. */

import { beforeAll, describe, expect, it } from 'vitest';
import { fold16, sum16 } from '../../../../engine/base/checksum.ts';
import type { CallContext } from '../../../../engine/contract/api.ts';
import type { Report } from '../../../../engine/contract/report.ts';
import { useNodePlatform } from '../../../../engine/host/platform-node.ts';
import type { Session } from '../../../../engine/session/session.ts';
import { seededRandom } from '../../../support/build-bytes.ts';
import { pcap } from '../../../support/build-capture.ts';
import { ethernet } from '../../../support/build-link.ts';
import { ipv4, tcp, udp } from '../../../support/build-packet.ts';
import { openSession } from '../../../support/load-capture.ts';

const call: CallContext = { signal: new AbortController().signal, progress: () => undefined };
beforeAll(useNodePlatform);

const [HERE, THERE] = ['192.0.2.1', '198.51.100.20'];

/** What a stack leaves in the field: the sum of addresses, protocol and length. */
function pseudoSum(protocol: number, length: number): number {
  const bytes = Uint8Array.from([192, 0, 2, 1, 198, 51, 100, 20, 0, protocol, length >> 8, length & 0xff]);
  return fold16(sum16(bytes, 0, bytes.length));
}

type Header = NonNullable<Parameters<typeof tcp>[0]>;

function segment(fields: Partial<Header>, length: number, isBack = false): Uint8Array {
  const [src, dst] = isBack ? [THERE, HERE] : [HERE, THERE];
  const [srcPort, dstPort] = isBack ? [7777, 20_000] : [20_000, 7777];
  const body = seededRandom(length).bytes(length);
  return ethernet(
    { src: '02:00:00:00:00:01', dst: '02:00:00:00:00:02' },
    ipv4({ src, dst }, tcp({ srcPort, dstPort, ...fields }, body)),
  ).bytes();
}

function opened(packets: readonly Uint8Array[]): Session {
  return openSession(pcap({ packets: packets.map((bytes, i) => ({ time: BigInt(i) * 1_000_000n, bytes })) })).session;
}

const count = async (session: Session, filter: string): Promise<number> =>
  (await session.select(filter, null, call))?.count() ?? -1;

describe('large segments', () => {
  it('are those above what was agreed, or above Ethernet’s where nothing was', async () => {
    const session = opened([
      segment({ seq: 0, flags: ['syn'], options: [2, 4, 0x23, 0x00] }, 0), // 8,960 bytes: jumbo frames
      segment({ seq: 0, ack: 1, flags: ['syn', 'ack'], options: [2, 4, 0x0b, 0xb8] }, 0, true), // 3,000 bytes
      segment({ seq: 1, ack: 1, flags: ['ack'] }, 3000),
      segment({ seq: 3001, ack: 1, flags: ['ack'] }, 6000),
    ]);
    await session.loaded;
    expect(await count(session, 'nagare.offload.large')).toBe(1);
    expect(await count(session, 'nagare.offload.large and tcp.len == 6000')).toBe(1);
    expect(await count(session, 'tcp.analysis.flags')).toBe(0);
    const fields = session.detail(3).nodes.map(({ field }) => field);
    expect(fields).toContain('nagare.offload.large');
    expect(fields).not.toContain('tcp.analysis.flags');
    const report = (await session.panel({ session: 1, panel: 'tcp', filter: '', range: null }, call)) as Report;
    const finding = report.findings.find(({ id }) => id === 'tcp.offload');
    expect(finding?.level).toBe('info');
    expect(await count(session, finding?.link?.filter ?? '')).toBe(1);

    const without = opened([
      segment({ seq: 1, ack: 1, flags: ['ack'] }, 1460),
      segment({ seq: 1461, ack: 1, flags: ['ack'] }, 1461),
    ]);
    await without.loaded;
    expect(await count(without, 'nagare.offload.large')).toBe(1);
  });
});

describe('checksums left to the card', () => {
  it('are named; right ones, wrong ones and none at all are not', async () => {
    const datagram = (checksum: number | undefined): Uint8Array =>
      ethernet(
        { src: '02:00:00:00:00:01', dst: '02:00:00:00:00:02' },
        ipv4(
          { src: HERE, dst: THERE },
          udp({ srcPort: 9, dstPort: 10, ...(checksum === undefined ? {} : { checksum }) }, new Uint8Array([1, 2])),
        ),
      ).bytes();
    const session = opened([
      segment({ seq: 1, ack: 1, flags: ['ack'], checksum: pseudoSum(6, 120) }, 100),
      segment({ seq: 101, ack: 1, flags: ['ack'], checksum: pseudoSum(6, 0) }, 3000), // one that the card cuts
      segment({ seq: 3101, ack: 1, flags: ['ack'] }, 100),
      segment({ seq: 3201, ack: 1, flags: ['ack'], checksum: 0x1234 }, 100),
      datagram(pseudoSum(17, 10)),
      datagram(undefined),
      datagram(0),
    ]);
    await session.loaded;
    expect(await count(session, 'nagare.offload.checksum')).toBe(3);
    expect(await count(session, 'nagare.offload.checksum and frame.number in {1, 2, 5}')).toBe(3);
    // As tshark has it: transport checksums are not verified unless asked.
    expect(await count(session, 'tcp.checksum.status == "Unverified"')).toBe(4);
    expect(session.detail(0).nodes.find(({ field }) => field === 'nagare.offload.checksum')?.severity).toBe('');
  });
});
