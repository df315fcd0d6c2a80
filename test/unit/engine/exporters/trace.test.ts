import { describe, expect, it } from 'vitest';
import { traceGroup } from '../../../support/golden-captures/traces.ts';
import { exportBytes, loadBytes, packetsIn } from './export-bytes.ts';

async function exported(
  name: string,
): Promise<{ before: ReturnType<typeof loadBytes>; after: ReturnType<typeof loadBytes> }> {
  const before = loadBytes(traceGroup.captures[name]?.bytes ?? new Uint8Array(0));
  const { bytes, warnings } = await exportBytes(before, 'pcapng');
  expect(warnings).toEqual([]);
  return { before, after: loadBytes(bytes) };
}

describe('a trace exported as pcapng', () => {
  it.each(Object.keys(traceGroup.captures).filter((name) => name !== 'netsh-link-types'))(
    'of %s has the same packets',
    async (name) => {
      const { before, after } = await exported(name);
      const plain = (capture: typeof before): unknown[] =>
        packetsIn(capture).map(({ time, length, hex, linkType }) => ({ time, length, hex, linkType }));
      expect(plain(after)).toEqual(plain(before));
    },
  );

  it('names interfaces, directions, processes, and says why packets were dropped', async () => {
    const { after } = await exported('pktmon');
    const packets = packetsIn(after);
    expect(after.reader.facts.interfaces.map(({ name, description }) => `${name}: ${description}`)).toEqual([
      'tcpip.sys 79: TCPIP',
      'filter.sys 32: Example Filter',
      'card.sys 11: Example Adapter',
      'tcpip.sys 79: TCPIP',
    ]);
    expect(packets.map(({ options }) => options?.flags)).toEqual([2, 2, 2, 1, 1, 1, 1]);
    expect(packets[0]?.options).toMatchObject({ processId: 4711, threadId: 99, packetId: 1n });
    expect(packets.map(({ comments }) => comments)).toEqual([
      ['Process hint: client.exe (4711)'],
      ['Process hint: client.exe (4711)'],
      ['Process hint: client.exe (4711)'],
      [],
      [],
      ['Dropped at tcpip.sys: No endpoint is there (location 0xe0004567)'],
      [],
    ]);
  });

  it('has frames of Wi-Fi without the mark of being encrypted, which they are no more', async () => {
    const { before, after } = await exported('netsh-link-types');
    const [own, theirs] = [packetsIn(before), packetsIn(after)].map((list) => list[2]?.hex ?? '');
    expect(own?.slice(0, 4)).toBe('0842');
    expect(theirs).toBe(`0802${own?.slice(4) ?? ''}`);
  });
});
