/** The flow chart's arrows, and the connections that are offered for pictures. */

import { describe, expect, it } from 'vitest';
import { report, type Table } from '../../../../engine/contract/report.ts';
import { ladderSteps } from '../../../../renderer/views/tcp/ladder-steps.ts';
import { pickedConnections } from '../../../../renderer/views/tcp/picked-connections.ts';

const ladder: Table = {
  id: 'tcp.ladder',
  count: 2,
  columns: [
    { id: 'frame', unit: 'frame', values: Float64Array.of(3, 9) },
    { id: 'time', unit: 'time', values: Float64Array.of(0, 5e6) },
    { id: 'way', unit: 'key', values: ['way.toServer', 'way.toClient'] },
    { id: 'tcpFlags', unit: 'text', values: ['SYN', 'ACK'] },
    { id: 'seq', unit: 'id', values: Float64Array.of(0, 1) },
    { id: 'ack', unit: 'id', values: Float64Array.of(Number.NaN, 1) },
    { id: 'dataLength', unit: 'bytes', values: Float64Array.of(0, 700) },
    { id: 'sign', unit: 'key', values: ['', 'tcp.outOfOrder'] },
  ],
  filter: null,
};

describe('the flow chart', () => {
  it('says on each arrow what the packet is', () => {
    const steps = ladderSteps(ladder, 0, 2, (sign) => `<${sign}>`);
    expect(steps.map(({ text }) => text)).toEqual(['SYN  Seq=0', 'ACK  Seq=1  Ack=1  Len=700  (<tcp.outOfOrder>)']);
    expect(steps.map(({ isToServer }) => isToServer)).toEqual([true, false]);
    expect(steps.map(({ isRemarkable }) => isRemarkable)).toEqual([false, true]);
    expect(ladderSteps(ladder, 1, 2, String).map(({ frame }) => frame)).toEqual([9]);
  });
});

describe('the connections offered', () => {
  const count = 60;
  const each = (value: (row: number) => number): Float64Array =>
    Float64Array.from({ length: count }, (_, i) => value(i));
  const connections: Table = {
    id: 'tcp.connections',
    count,
    columns: [
      { id: 'stream', unit: 'id', values: each((row) => row) },
      { id: 'client', unit: 'text', values: Array(count).fill('192.0.2.1') },
      { id: 'clientPort', unit: 'id', values: each((row) => 40_000 + row) },
      { id: 'server', unit: 'text', values: Array(count).fill('198.51.100.1') },
      { id: 'serverPort', unit: 'id', values: each(() => 443) },
      { id: 'resent', unit: 'count', values: each((row) => (row === 5 ? 9 : row === 7 ? 3 : 0)) },
    ],
    filter: null,
  };

  it('begin with those that suffer most, and have the one that is shown', () => {
    const offered = pickedConnections(report({ tables: [connections] }), '59');
    expect(offered.slice(0, 3).map(({ stream }) => stream)).toEqual(['5', '7', '0']);
    expect(offered.at(-1)).toEqual({ stream: '59', client: '192.0.2.1 (40059)', server: '198.51.100.1 (443)' });
    expect(pickedConnections(report({}), '')).toEqual([]);
  });
});
