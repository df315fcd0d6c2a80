import { describe, expect, it } from 'vitest';
import { useNodePlatform } from '../../../../../engine/host/platform-node.ts';
import { Dissector } from '../../../../../engine/session/dissector.ts';
import { FollowService } from '../../../../../engine/session/follow/service.ts';
import { type FollowedStream, followStream } from '../../../../../engine/session/follow/stream.ts';
import { writeStream } from '../../../../../engine/session/follow/write.ts';
import { Job, noTurns } from '../../../../../engine/session/turns.ts';
import { latin1 } from '../../../../support/build-bytes.ts';
import { pcap } from '../../../../support/build-capture.ts';
import { httpRequest, httpResponse } from '../../../../support/build-http.ts';
import { ethernet } from '../../../../support/build-link.ts';
import { ipv4, tcp, udp } from '../../../../support/build-packet.ts';
import { tlsPackets, tlsRecording, withSecrets } from '../../../../support/golden-captures/decrypted.ts';
import { loadCapture } from '../../../../support/load-capture.ts';

useNodePlatform();

const LINK = { src: '02:00:00:00:00:04', dst: '02:00:00:00:00:01' };
const job = new Job(noTurns);

/** Who sends, from which byte of its stream on, and what. */
type Segment = readonly ['a' | 'b', number, string | Uint8Array];

function captureOf(segments: readonly Segment[], port = 7000) {
  const packets = segments.map(([from, at, data], i) => {
    const ends = from === 'a' ? { src: '192.0.2.4', dst: '198.51.100.20' } : { src: '198.51.100.20', dst: '192.0.2.4' };
    const ports = from === 'a' ? { srcPort: 40_000, dstPort: port } : { srcPort: port, dstPort: 40_000 };
    const payload = typeof data === 'string' ? latin1(data) : data;
    const segment = tcp({ ...ports, seq: 1000 + at, ack: 1, flags: ['ack'] }, payload);
    return { time: BigInt(i) * 1_000_000n, bytes: ethernet(LINK, ipv4(ends, segment)).bytes() };
  });
  return loadCapture(pcap({ packets }));
}

async function follow(
  segments: readonly Segment[],
  kind: 'tcp' | 'http' = 'tcp',
  port = 7000,
): Promise<FollowedStream> {
  const capture = captureOf(segments, port);
  return await followStream(capture, new Dissector(capture), { kind, stream: 0, sub: 0 }, job);
}

async function textOf(stream: FollowedStream, side: 'both' | 0 | 1 = 'both'): Promise<string> {
  let text = '';
  const sink = { write: (bytes: Uint8Array) => void (text += new TextDecoder().decode(bytes)) };
  await writeStream(stream, 'text', side, (bytes) => `<${bytes}>`, sink, job);
  return text;
}

describe('a followed TCP stream', () => {
  it('is what both said, in order, whatever the order of the packets', async () => {
    const stream = await follow([
      ['a', 0, 'one '],
      ['a', 8, 'three '],
      ['a', 4, 'two '],
      ['a', 4, 'two '],
      ['b', 0, 'four'],
    ]);
    expect(await textOf(stream)).toBe('one two three four');
    expect(await textOf(stream, 1)).toBe('four');
    expect(stream.ends.map(({ name, bytes }) => [name, bytes])).toEqual([
      ['192.0.2.4:40000', 14],
      ['198.51.100.20:7000', 4],
    ]);
  });

  it('says where bytes are missing', async () => {
    const stream = await follow([
      ['a', 0, 'one'],
      ['a', 10, 'two'],
    ]);
    expect(await textOf(stream)).toBe('one\n<7>\ntwo');
    expect(stream.ends[0].missing).toBe(7);
  });

  it('has lines that know their packets and their turns', async () => {
    const stream = await follow([
      ['a', 0, 'first li'],
      ['a', 8, 'ne\r\nsecond\r\n'],
      ['b', 0, 'answer\n'],
    ]);
    const layout = await stream.layout('text', 'both', job);
    expect(layout.lines(0, 10).map(({ row, bits, length }) => [row, bits, length])).toEqual([
      [0, 4, 12],
      [1, 0, 8],
      [2, 5, 7],
    ]);
    expect(stream.lineOfRow(layout, 2)).toBe(2);
  });

  it('lays out any line of many as if from the start', async () => {
    const segments = Array.from(
      { length: 300 },
      (_, i): Segment => [i % 3 === 2 ? 'b' : 'a', 50 * i, `line ${i}\n${'x'.repeat(i)}`],
    );
    const stream = await follow(segments);
    for (const mode of ['text', 'hex', 'raw'] as const) {
      const layout = await stream.layout(mode, 'both', job);
      const all = [...layout.all()].map(({ at, row, bits }) => [at, row, bits]);
      expect(layout.count).toBe(all.length);
      for (const first of [0, 63, 64, 65, 200, layout.count - 1])
        expect(layout.lines(first, 3).map(({ at, row, bits }) => [at, row, bits])).toEqual(all.slice(first, first + 3));
    }
  });

  it('is searched across the borders of packets', async () => {
    const capture = captureOf([
      ['a', 0, 'Nee'],
      ['b', 0, 'needle'],
      ['a', 3, 'dle and need'],
      ['a', 15, 'LE'],
    ]);
    const service = new FollowService(capture, new Dissector(capture));
    const asked = { session: 1, kind: 'tcp', stream: 0, sub: 0, mode: 'text', side: 'both' } as const;
    const find = (index: number) =>
      service.find({ ...asked, what: 'text', text: 'needle', matchCase: false, index }, job);
    expect((await find(0))?.count).toBe(3);
    expect(await find(1)).toMatchObject({ index: 1, line: 1, from: 0, to: 6 });
    expect(await find(-1)).toMatchObject({ index: 2, line: 2 });
    expect(await service.find({ ...asked, what: 'hex', text: '6e 65', matchCase: true, index: 0 }, job)).toMatchObject({
      count: 2,
    });
    expect(await service.find({ ...asked, what: 'text', text: 'straw', matchCase: false, index: 0 }, job)).toBeNull();
  });

  it('shows nothing that could move a cursor or turn the writing round', async () => {
    const capture = captureOf([
      ['a', 0, Uint8Array.from([0x1b, 0x5b, 0x41, 0xe2, 0x80, 0xae, 0x62, 0x00, 0x0d, 0x63])],
    ]);
    const service = new FollowService(capture, new Dissector(capture));
    const asked = {
      session: 1,
      kind: 'tcp',
      stream: 0,
      sub: 0,
      mode: 'text',
      side: 'both',
      first: 0,
      count: 10,
    } as const;
    expect((await service.lines(asked, job)).texts).toEqual(['.[A.b..c']);
  });
});

describe('streams above the transport', () => {
  it('show HTTP bodies without their chunks', async () => {
    const body = '4\r\nWiki\r\n5\r\npedia\r\n0\r\n\r\n';
    const stream = await follow(
      [
        ['a', 0, httpRequest({ host: 'www.example.com' })],
        ['b', 0, httpResponse({ headers: { 'Transfer-Encoding': 'chunked' }, body })],
      ],
      'http',
      80,
    );
    expect(await textOf(stream, 1)).toMatch(/^HTTP\/1\.1 200 [^]*\r\n\r\nWikipedia$/);
  });

  it.each([
    [
      'tls13-gcm-128',
      'tls',
      0,
      /^GET \/index\.txt[^]*HTTP\/1\.1 200 OK[^]*(?:The quick brown fox\. )+[^]*404 Not Found/,
    ],
    [
      'tls13-gcm-128',
      'http',
      0,
      /^GET \/index\.txt[^]*HTTP\/1\.1 200 OK[^]*(?:The quick brown fox\. )+[^]*404 Not Found/,
    ],
    ['tls13-h2', 'http2', 1, /^:method: GET[^]*:status: 200\r\n[^]*The quick brown fox\. /],
  ] as const)('of %s show what was decrypted, as %s', async (name, kind, sub, text) => {
    const recording = tlsRecording(name);
    const capture = loadCapture(withSecrets(tlsPackets(recording), recording.keys));
    const stream = await followStream(capture, new Dissector(capture), { kind, stream: 0, sub }, job);
    expect(await textOf(stream)).toMatch(text);
    const closed = loadCapture(withSecrets(tlsPackets(recording), ''));
    const nothing = await followStream(closed, new Dissector(closed), { kind, stream: 0, sub }, job);
    expect(await textOf(nothing)).toBe('');
  });

  it('take UDP datagram by datagram', async () => {
    const datagram = (text: string) =>
      ethernet(
        LINK,
        ipv4({ src: '192.0.2.4', dst: '198.51.100.20' }, udp({ srcPort: 40_000, dstPort: 7000 }, latin1(text))),
      ).bytes();
    const packets = ['one', 'two'].map((text, i) => ({ time: BigInt(i), bytes: datagram(text) }));
    const capture = loadCapture(pcap({ packets }));
    const stream = await followStream(capture, new Dissector(capture), { kind: 'udp', stream: 0, sub: 0 }, job);
    const layout = await stream.layout('text', 'both', job);
    expect(layout.count).toBe(2);
  });
});
