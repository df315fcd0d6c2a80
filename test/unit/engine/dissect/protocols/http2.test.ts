/** HTTP/2: header tables by RFC 7541's own examples, frames, bodies by stream, gRPC, and hostile input. */

import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { setPlatform } from '../../../../../engine/base/platform.ts';
import { BODY_PROTOCOLS } from '../../../../../engine/dissect/media-type.ts';
import { HpackTable } from '../../../../../engine/dissect/protocols/http2/hpack.ts';
import { decodeHuffman } from '../../../../../engine/dissect/protocols/http2/huffman.ts';
import { allProtocols } from '../../../../../engine/dissect/registry.ts';
import { nodePlatform } from '../../../../../engine/host/platform-node.ts';
import { hex, join, seededRandom, u8, u24, u32, utf8 } from '../../../../support/build-bytes.ts';
import { sampleText } from '../../../../support/build-http.ts';
import {
  grpcMessage,
  HTTP2_FLAG,
  HTTP2_PREFACE,
  HTTP2_TYPE,
  headerBlock,
  http2Data,
  http2Frame,
  http2Headers,
  http2Request,
  http2Settings,
} from '../../../../support/build-http2.ts';
import { checkApplication, expectFramed, recognises } from '../../../../support/check-application.ts';
import { dissectStream, summaries } from '../../../../support/dissect-conversation.ts';
import { valuesOf } from '../../../../support/dissect-packet.ts';

setPlatform(nodePlatform);

const PORT = 9999;

function block(table: HpackTable, bytes: Uint8Array): string[] {
  return table.decode(bytes, 0, bytes.length, 100).fields.map(({ name, value }) => `${name}: ${value}`);
}

describe('HPACK', () => {
  it.each([
    ['plain', ['828684410f7777772e6578616d706c652e636f6d', '828684be58086e6f2d6361636865']],
    ['Huffman-coded', ['828684418cf1e3c2e5f23a6ba0ab90f4ff', '828684be5886a8eb10649cbf']],
  ])('keeps a table over %s requests (RFC 7541 C.3, C.4)', (_kind, [first = '', second = '']) => {
    const table = new HpackTable();
    const start = [':method: GET', ':scheme: http', ':path: /', ':authority: www.example.com'];
    expect(block(table, hex(first))).toEqual(start);
    expect(block(table, hex(second))).toEqual([...start, 'cache-control: no-cache']);
  });

  it('forgets the oldest entries of a small table (RFC 7541 C.5)', () => {
    const table = new HpackTable();
    expect(table.decode(hex('3fe101'), 0, 3, 10).updates).toEqual([{ at: 0, length: 3, size: 256 }]);
    const first =
      '4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d546e1768747470733a2f2f7777772e6578616d706c652e636f6d';
    expect(block(table, hex(first))[0]).toBe(':status: 302');
    expect(block(table, hex('4803333037c1c0bf'))).toEqual([
      ':status: 307',
      'cache-control: private',
      'date: Mon, 21 Oct 2013 20:13:21 GMT',
      'location: https://www.example.com',
    ]);
  });

  it('says which entries it does not know, and goes on', () => {
    const table = new HpackTable();
    const { fields, isDamaged } = table.decode(hex('c882'), 0, 2, 10);
    expect(fields.map((field) => [field.index, field.isUnknown, field.name])).toEqual([
      [72, true, ''],
      [2, false, ':method'],
    ]);
    expect(isDamaged).toBe(false);
  });

  it('refuses padding that is none, the end of string, and endless numbers', () => {
    expect(decodeHuffman(hex('1f'), 0, 1)).toEqual(utf8('a'));
    expect(decodeHuffman(hex('18'), 0, 1)).toBeNull();
    expect(decodeHuffman(hex('ffffffff'), 0, 4)).toBeNull();
    const endless = new Uint8Array(40).fill(0xff);
    expect(new HpackTable().decode(endless, 0, 40, 10)).toMatchObject({ fields: [], isDamaged: true });
  });

  it('knows every byte value of the Huffman code', () => {
    // The shortest codes and the longest, from RFC 7541 appendix B.
    expect(decodeHuffman(hex('00443fffffff3f'), 0, 0)).toEqual(new Uint8Array(0));
    expect(decodeHuffman(hex('fffffff3ff'), 0, 5)).toBeNull();
    expect(decodeHuffman(hex('fffffff3'), 0, 4)?.[0]).toBe(10);
  });
});

describe('frames', () => {
  const preface = join(HTTP2_PREFACE, http2Settings({ 3: 100, 4: 65_535 }));

  it('lists several in one segment, and takes their fields apart', () => {
    const frames = dissectStream(PORT, [
      ['client', join(preface, http2Request(1, '/a%20b', { cookie: 'id=1' }))],
      ['server', join(http2Settings(), http2Headers(1, { ':status': '404', 'content-type': 'text/plain' }))],
      ['server', http2Data(1, utf8('gone\n'))],
    ]);
    expect(summaries(frames, 'http2')).toEqual([
      'http2 | HTTP2 | Magic, SETTINGS[0], HEADERS[1]: GET /a%20b',
      'http2 | HTTP2 | SETTINGS[0], HEADERS[1]: 404 Not Found',
      'http2:data-text-lines | HTTP2 | DATA[1] (text/plain)',
    ]);
    const [request] = frames.filter((frame) => frame.info.startsWith('Magic'));
    const value = (abbrev: string): string[] => valuesOf(request?.root ?? [], abbrev);
    expect(value('http2.settings.max_concurrent_streams')).toEqual(['100']);
    expect(value('http2.headers.path')).toEqual(['/a%20b']);
    expect(value('http2.header.unescaped')).toContain('/a b');
    expect(value('http2.request.full_uri')).toEqual(['http://www.example.com/a%20b']);
    expect(value('http2.streamid')).toEqual(['0', '1']);
    expect(value('http2.header.repr')[0]).toBe('Literal Header Field with Incremental Indexing - New Name');
  });

  it('puts a body together over frames, and unpacks it', () => {
    const packed = gzipSync('{"a":[1,2,3]}');
    const frames = dissectStream(PORT, [
      ['client', join(preface, http2Request(1, '/'))],
      [
        'server',
        join(
          http2Settings(),
          http2Headers(1, { ':status': '200', 'content-type': 'application/json', 'content-encoding': 'gzip' }),
          http2Data(1, packed.subarray(0, 10), false),
        ),
      ],
      ['server', http2Data(1, packed.subarray(10), true)],
    ]);
    expect(summaries(frames, 'json')).toEqual([
      'http2:json | HTTP2/JSON | DATA[1], JavaScript Object Notation (application/json)',
    ]);
    const body = frames.find((frame) => frame.info.includes('JavaScript'));
    expect(valuesOf(body?.root ?? [], 'json.value.number')).toEqual(['1', '2', '3']);
    expect(valuesOf(body?.root ?? [], 'http2.body.fragment.count')).toEqual(['2']);
  });

  it('reads a header block that goes on in a CONTINUATION', () => {
    const fields = headerBlock({ ':status': '200', 'x-long': 'y'.repeat(100) });
    const frames = dissectStream(PORT, [
      ['client', join(preface, http2Request(1, '/'))],
      ['server', join(http2Settings(), http2Frame(HTTP2_TYPE.headers, 1, fields.slice(0, 40)))],
      ['server', http2Frame(HTTP2_TYPE.continuation, 1, fields.slice(40), HTTP2_FLAG.endHeaders)],
    ]);
    expect(summaries(frames, 'http2').slice(1)).toEqual([
      'http2 | HTTP2 | SETTINGS[0], HEADERS[1]: 200 OK',
      'http2 | HTTP2 | CONTINUATION[1]',
    ]);
    expect(valuesOf(frames.find((frame) => frame.info.startsWith('CONT'))?.root ?? [], 'http2.header.name')).toEqual([
      'x-long',
    ]);
  });

  it('shows the frames of a connection that say no headers', () => {
    const frames = dissectStream(PORT, [
      ['client', preface],
      [
        'server',
        join(
          http2Frame(HTTP2_TYPE.settings, 0, [], HTTP2_FLAG.ack),
          http2Frame(HTTP2_TYPE.ping, 0, utf8('12345678')),
          http2Frame(HTTP2_TYPE.windowUpdate, 0, u32(1000)),
          http2Frame(HTTP2_TYPE.priority, 5, join(u32(0x80000003), u8(15))),
          http2Frame(HTTP2_TYPE.reset, 5, u32(8)),
          http2Frame(HTTP2_TYPE.pushPromise, 1, join(u32(2), headerBlock({ ':path': '/p' })), HTTP2_FLAG.endHeaders),
          http2Frame(HTTP2_TYPE.goaway, 0, join(u32(7), u32(11), utf8('slow down'))),
        ),
      ],
    ]);
    const last = frames.find((frame) => frame.info.includes('GOAWAY'));
    expect(last?.info).toBe(
      'SETTINGS[0], PING[0], WINDOW_UPDATE[0], PRIORITY[5], RST_STREAM[5], PUSH_PROMISE[1], GOAWAY[0]',
    );
    const value = (abbrev: string): string[] => valuesOf(last?.root ?? [], abbrev);
    expect(value('http2.window_update.window_size_increment')).toEqual(['1000']);
    expect(value('http2.exclusive')).toEqual(['1']);
    expect(value('http2.stream_dependency')).toEqual(['3']);
    expect(value('http2.headers.weight_real')).toEqual(['16']);
    expect(value('http2.rst_stream.error')).toEqual(['8']);
    expect(value('http2.push_promise.promised_stream_id')).toEqual(['2']);
    expect(value('http2.goaway.error')).toEqual(['11']);
  });
});

describe('gRPC', () => {
  const about = { ':method': 'POST', 'content-type': 'application/grpc' };

  it('shows messages as they become whole, with what Protocol Buffers tell', () => {
    const message = grpcMessage(hex('0a03666f6f 10ac02'.replace(' ', '')));
    const frames = dissectStream(PORT, [
      ['client', join(HTTP2_PREFACE, http2Settings(), http2Request(1, '/etcdserverpb.KV/Range', about))],
      ['client', http2Data(1, message.slice(0, 7), false)],
      ['client', http2Data(1, join(message.slice(7), message), false)],
    ]);
    const found = summaries(frames, 'grpc');
    expect(found).toEqual(['http2:grpc:protobuf:protobuf | GRPC | DATA[1] (GRPC) (PROTOBUF) (PROTOBUF)']);
    const root = frames.find((frame) => frame.info.includes('(GRPC)'))?.root ?? [];
    expect(valuesOf(root, 'grpc.message_length')).toEqual(['8', '8']);
    expect(valuesOf(root, 'protobuf.field.number')).toEqual(['1', '2', '1', '2']);
    expect(valuesOf(root, 'protobuf.field.value.uint32')).toEqual(['300', '300']);
  });

  it('unpacks compressed messages', () => {
    const frames = dissectStream(PORT, [
      [
        'client',
        join(HTTP2_PREFACE, http2Settings(), http2Request(1, '/a.B/C', { ...about, 'grpc-encoding': 'gzip' })),
      ],
      ['client', http2Data(1, grpcMessage(gzipSync(hex('0a0161')), true))],
    ]);
    const root = frames.find((frame) => frame.info.includes('(GRPC)'))?.root ?? [];
    expect(valuesOf(root, 'grpc.compressed_flag')).toEqual(['1']);
    expect(valuesOf(root, 'protobuf.field.value')).toEqual(['61']);
  });
});

describe('hostile and cut input', () => {
  it('never throws, whatever is cut or damaged', () => {
    checkApplication('http2', 'tcp', join(HTTP2_PREFACE, http2Settings({ 1: 0 }), http2Request(1, '/')));
    checkApplication('http2', 'tcp', http2Frame(HTTP2_TYPE.headers, 1, seededRandom(5).bytes(200), 0x2c));
    checkApplication('grpc', 'tcp', grpcMessage(hex('0a0568656c6c6f')));
    checkApplication('protobuf', 'tcp', hex('0a0568656c6c6f1096011d0102030421010203040506070813'));
  });

  it('finds the end of frames byte by byte', () => {
    expectFramed('http2', HTTP2_PREFACE);
    expectFramed('http2', http2Request(1, '/'));
  });

  it('lists no more header fields than a screen can take', () => {
    const bomb = join(headerBlock({ 'x-a': 'b'.repeat(100) }), new Uint8Array(5000).fill(0xbe));
    const frame = checkApplication('http2', 'tcp', http2Frame(HTTP2_TYPE.headers, 1, bomb, HTTP2_FLAG.endHeaders));
    expect(valuesOf(frame.root, 'http2.header.count')).toEqual(['1000']);
    expect(valuesOf(frame.root, 'http2.header_lines_exceeded')).toHaveLength(1);
  });

  it('does not put together a body without end', () => {
    const piece = utf8(sampleText(60_000));
    const turns = Array.from({ length: 300 }, () => ['client', http2Data(1, piece, false)] as const);
    const frames = dissectStream(PORT, [['client', join(HTTP2_PREFACE, http2Request(1, '/up'))], ...turns]);
    expect(frames.at(-5)?.malformed).toBe(false);
  }, 60_000);

  it('is told by its preface, or by the server’s settings', () => {
    expect(recognises('http2', HTTP2_PREFACE)).toBe(true);
    expect(recognises('http2', http2Settings({ 3: 100 }))).toBe(true);
    expect(recognises('http2', join(u24(6), u8(4), u8(0), u32(0), hex('ffff00000000')))).toBe(false);
    expect(recognises('http2', http2Request(1, '/'))).toBe(false);
  });
});

describe('bodies', () => {
  it('may be opened by every protocol that claims a media type', () => {
    const claim = allProtocols
      .filter(({ spec, name }) => spec.on?.['media.type'] !== undefined || name === 'data')
      .map(({ name }) => name);
    expect([...BODY_PROTOCOLS].sort()).toEqual(claim.sort());
  });
});
