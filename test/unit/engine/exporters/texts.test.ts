import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { csvCell } from '../../../../engine/base/csv.ts';
import { exporters } from '../../../../engine/exporters/index.ts';
import type { JsonPacket } from '../../../../engine/exporters/json.ts';
import { pcap, pcapng, timeOf } from '../../../support/build-capture.ts';
import { ipv4, udp } from '../../../support/build-packet.ts';
import { bytesOf, outbound } from '../../../support/golden-captures/capture.ts';
import { exportText, loadBytes } from './export-bytes.ts';

const START = timeOf('2026-01-15T09:00:00.000000001Z');
const datagram = bytesOf(
  outbound(ipv4({ src: '10.0.0.4', dst: '198.51.100.20' }, udp({ srcPort: 4000, dstPort: 4001 }, 'odd'))),
);
const capture = (): ReturnType<typeof loadBytes> =>
  loadBytes(
    pcap({
      variant: 'nano',
      packets: [
        { time: START, bytes: datagram },
        { time: START + 1_000_000_002n, bytes: datagram },
      ],
    }),
  );

describe('CSV', () => {
  it('has a header row, the columns asked for, and CR LF', async () => {
    const text = await exportText(capture(), 'csv', {
      columns: ['number', 'time', 'source', 'udp.dstport', 'ip.addr'],
    });
    expect(text).toBe(
      'number,time,source,udp.dstport,ip.addr\r\n' +
        '1,1768467600.000000001,10.0.0.4,4001,"10.0.0.4,198.51.100.20"\r\n' +
        '2,1768467601.000000003,10.0.0.4,4001,"10.0.0.4,198.51.100.20"\r\n',
    );
  });

  it.each([
    ['=HYPERLINK("http://example.net")', '"\'=HYPERLINK(""http://example.net"")"'],
    ['+1+1', "'+1+1"],
    ['-2+3', "'-2+3"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', '"\'\r=1"'],
    ['＝1+1', "'＝1+1"],
    ['＋1', "'＋1"],
    ['－1', "'－1"],
    ['＠A1', "'＠A1"],
  ])('defuses %j', (text, cell) => {
    expect(csvCell(text)).toBe(cell);
  });

  it.each([
    ['-0.000123000', '-0.000123000'],
    ['-5', '-5'],
    ['a,b', '"a,b"'],
    ['a "word"', '"a ""word"""'],
    ['two\nlines', '"two\nlines"'],
    ['plain = text', 'plain = text'],
    ['', ''],
  ])('leaves %j as it is, with quotes where it needs them', (text, cell) => {
    expect(csvCell(text)).toBe(cell);
  });

  it('does not cut long cells', async () => {
    const long = loadBytes(
      pcapng()
        .section()
        .interface()
        .packet({ time: START, bytes: datagram, comments: ['x'.repeat(9000)] })
        .bytes(),
    );
    expect(await exportText(long, 'csv', { columns: ['frame.comment'] })).toBe(
      `frame.comment\r\n${'x'.repeat(9000)}\r\n`,
    );
  });
});

describe('JSON', () => {
  it('is an array of whole packets with exact times', async () => {
    const packets = JSON.parse(await exportText(capture(), 'json')) as JsonPacket[];
    expect(packets).toHaveLength(2);
    expect(packets[1]).toMatchObject({
      number: 2,
      time: '1768467601.000000003',
      length: datagram.length,
      capturedLength: datagram.length,
      interface: 0,
      source: '10.0.0.4',
      destination: '198.51.100.20',
      protocol: 'UDP',
      comments: [],
      dataSources: ['Frame'],
    });
    expect(packets[1]?.layers.map(({ field }) => field)).toEqual(['frame', 'eth', 'ip', 'udp', 'data']);
    const udpLayer = packets[1]?.layers[3];
    expect(udpLayer?.children).toContainEqual({
      field: 'udp.srcport',
      label: 'Source Port: 4000',
      value: '4000',
      at: 34,
      length: 2,
    });
  });

  it('of no packets is an empty array', async () => {
    expect(JSON.parse(await exportText(capture(), 'json', { rows: [] }))).toEqual([]);
  });
});

describe('text', () => {
  it('is one line a packet, times since the first of the capture', async () => {
    const lines = (await exportText(capture(), 'text', { rows: [1] })).split('\n');
    expect(lines).toEqual([
      '    2   1.000000002        10.0.0.4 → 198.51.100.20   UDP         45 4000 → 4001 Len=3',
      '',
    ]);
  });
});

describe('the list of exporters', () => {
  it('holds every format that has a file', () => {
    const files = readdirSync('engine/exporters').map((file) => file.replace('.ts', ''));
    const shared = ['exporter', 'index', 'chunk-writer', 'pcapng-options', 'pcapng-time', 'trace-comments'];
    expect(exporters.map(({ name }) => name).sort()).toEqual(files.filter((file) => !shared.includes(file)).sort());
  });
});
