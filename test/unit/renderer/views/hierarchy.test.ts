import { describe, expect, it } from 'vitest';
import type { HierarchyNode, HierarchyPanel } from '../../../../engine/contract/api.ts';
import {
  hierarchyCsv,
  hierarchyJson,
  hierarchyRows,
  icicle,
} from '../../../../renderer/views/hierarchy/hierarchy-rows.ts';

function node(
  protocol: string,
  packets: number,
  endPackets: number,
  children: readonly HierarchyNode[] = [],
): HierarchyNode {
  return {
    protocol,
    title: protocol.toUpperCase(),
    filter: protocol,
    packets,
    bytes: packets * 100,
    endPackets,
    endBytes: endPackets * 100,
    unwanted: protocol === 'arp' ? [{ kind: 'other', title: 'ARP', filter: 'arp', packets }] : [],
    children,
  };
}

const panel: HierarchyPanel = {
  packets: 100,
  bytes: 10_000,
  duration: 2e9,
  unwanted: [],
  notRead: [],
  isGathering: false,
  roots: [
    node('eth', 100, 0, [
      node('arp', 10, 10),
      node('ip', 90, 5, [node('tcp', 60, 20, [node('tls', 40, 40)]), node('udp', 25, 25)]),
    ]),
  ],
};
const rows = hierarchyRows(panel);

describe('rows of the hierarchy', () => {
  it('come as a tree, the largest first', () => {
    expect(rows.map((row) => row.path)).toEqual([
      'eth',
      'eth:ip',
      'eth:ip:tcp',
      'eth:ip:tcp:tls',
      'eth:ip:udp',
      'eth:arp',
    ]);
    expect(rows.map((row) => row.depth)).toEqual([0, 1, 2, 3, 2, 1]);
    expect(rows[0]?.rate).toBe(40_000);
  });

  it('lead to the packets that end in a protocol by leaving out its children', () => {
    expect(rows.find((row) => row.protocol === 'ip')?.endFilter).toBe('ip and not tcp and not udp');
    expect(rows.find((row) => row.protocol === 'udp')?.endFilter).toBe('udp');
    expect(rows.find((row) => row.protocol === 'eth')?.endFilter).toBe('');
  });
});

describe('the picture', () => {
  const cells = icicle(rows, 'packets');

  it('gives each row its share of the width', () => {
    cells.forEach((cell) => expect(cell.to - cell.from).toBeCloseTo((rows[cell.index]?.packets ?? 0) / 100));
  });

  it('puts each row below its parent, and none over another of its level', () => {
    for (const cell of cells) {
      const path = rows[cell.index]?.path ?? '';
      const parent = cells.find((other) => rows[other.index]?.path === path.split(':').slice(0, -1).join(':'));
      if (parent !== undefined) {
        expect(cell.from).toBeGreaterThanOrEqual(parent.from - 1e-9);
        expect(cell.to).toBeLessThanOrEqual(parent.to + 1e-9);
        expect(cell.depth).toBe(parent.depth + 1);
      }
      for (const other of cells) {
        const isApart =
          other === cell || other.depth !== cell.depth || other.to <= cell.from + 1e-9 || cell.to <= other.from + 1e-9;
        expect(isApart).toBe(true);
      }
    }
  });

  it('is empty without packets', () => {
    expect(icicle([], 'bytes')).toEqual([]);
  });
});

describe('copying', () => {
  it('writes CSV that a spreadsheet reads and does not run', () => {
    const lines = hierarchyCsv(rows).split('\r\n');
    expect(lines[0]).toBe('path,protocol,packets,bytes,bits_per_second,end_packets,end_bytes,filter');
    expect(lines[2]).toBe('eth:ip,ip,90,9000,36000,5,500,ip');
    const [row] = rows;
    expect(row && hierarchyCsv([{ ...row, filter: '=1+1' }]).split('\r\n')[1]).toMatch(/,'=1\+1$/);
    expect(row && hierarchyCsv([{ ...row, filter: 'a contains "b"' }]).split('\r\n')[1]).toMatch(
      /,"a contains ""b"""$/,
    );
  });

  it('writes JSON with null for a rate that there is not', () => {
    const list = JSON.parse(hierarchyJson(hierarchyRows({ ...panel, duration: 0 }))) as { bitsPerSecond: unknown }[];
    expect(list).toHaveLength(6);
    expect(list[0]?.bitsPerSecond).toBeNull();
  });
});
