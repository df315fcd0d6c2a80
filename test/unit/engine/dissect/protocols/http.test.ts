/** HTTP/1.x: framing in any split, start lines and header fields, bodies and their codings. */

import { brotliCompressSync, deflateRawSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { http } from '../../../../../engine/dissect/protocols/http/index.ts';
import { join, patched, seededRandom, toHex, utf8 } from '../../../../support/build-bytes.ts';
import { zstdRaw } from '../../../../support/build-compressed.ts';
import { httpRequest, httpResponse, sampleText } from '../../../../support/build-http.ts';
import { stackText, treeText, valuesOf } from '../../../../support/dissect-packet.ts';
import { dissectConversation, type Flight, frameStream, type SentMessage } from '../../../../support/frame-stream.ts';

const HOST = 'www.example.net';

function exchange(request: Uint8Array, response: Uint8Array) {
  const messages: SentMessage[] = [
    { direction: 0, bytes: request },
    { direction: 1, bytes: response },
  ];
  const [first, second] = dissectConversation('tcp', 'http', messages);
  if (first === undefined || second === undefined) throw new Error('nothing dissected');
  return { request: first, response: second };
}

describe('requests and responses', () => {
  const { request, response } = exchange(
    httpRequest({
      host: HOST,
      path: '/search?q=a%20b&lang=en',
      headers: { Cookie: 'id=1; theme=dark', Authorization: 'Basic dXNlcjpwYXNz' },
    }),
    httpResponse({ body: 'hello\nworld\n' }),
  );

  it('shows the start line in Info, with the body behind it', () => {
    expect(request.info).toBe('GET /search?q=a%20b&lang=en HTTP/1.1 ');
    expect(response.info).toBe('HTTP/1.1 200 OK  (text/plain)');
    expect(stackText(response)).toBe('eth:ethertype:ip:tcp:http:data-text-lines');
    expect(response.protocolColumn).toBe('HTTP');
  });

  it('takes the request apart', () => {
    const value = (abbrev: string): string[] => valuesOf(request.root, abbrev);
    expect(value('http.request.method')).toEqual(['GET']);
    expect(value('http.request.uri.path')).toEqual(['/search']);
    expect(value('http.request.uri.query.parameter')).toEqual(['q=a%20b', 'lang=en']);
    expect(value('http.request.full_uri')).toEqual([`http://${HOST}/search?q=a%20b&lang=en`]);
    expect(value('http.cookie_pair')).toEqual(['id=1', 'theme=dark']);
    expect(value('http.authbasic')).toEqual(['user:pass']);
    expect(value('http.request.line')[0]).toBe(`Host: ${HOST}\\r\\n`);
  });

  it('answers which request a response belongs to, and how long it took', () => {
    const value = (abbrev: string): string[] => valuesOf(response.root, abbrev);
    expect(value('http.response.code')).toEqual(['200']);
    expect(value('http.request_in')).toEqual(['1']);
    expect(value('http.time')).toEqual(['0.010000000']);
    expect(value('http.response_for.uri')).toEqual([`http://${HOST}/search?q=a%20b&lang=en`]);
    expect(value('http.file_data')).toEqual(['hello\\nworld\\n']);
  });

  it('matches pipelined requests in their order, again and again', () => {
    const memory = { objects: new Map() };
    const messages: SentMessage[] = [
      { direction: 0, bytes: httpRequest({ host: HOST, path: '/1' }) },
      { direction: 0, bytes: httpRequest({ host: HOST, path: '/2' }) },
      { direction: 1, bytes: httpResponse({ body: 'one' }) },
      { direction: 1, bytes: httpResponse({ body: 'two' }) },
    ];
    const first = dissectConversation('tcp', 'http', messages, memory);
    expect(first.map((d) => valuesOf(d.root, 'http.request_in'))).toEqual([[], [], ['1'], ['2']]);
    const again = dissectConversation('tcp', 'http', messages, memory);
    expect(again.map((d) => treeText(d.root))).toEqual(first.map((d) => treeText(d.root)));
  });
});

describe('bodies', () => {
  const text = sampleText(3000);
  it.each([
    ['gzip', gzipSync(text)],
    ['deflate', deflateRawSync(text)],
    ['br', brotliCompressSync(text)],
    ['zstd', zstdRaw(utf8(text))],
  ] as const)('unpacks %s, in chunks', (coding, body) => {
    const bytes = httpResponse({
      body: Uint8Array.from(body),
      chunks: [10, 33],
      headers: { 'Content-Encoding': coding },
    });
    const { response } = exchange(httpRequest({ host: HOST }), bytes);
    expect(valuesOf(response.root, 'http.file_data')).toEqual([text]);
    expect(valuesOf(response.root, 'http.chunk_size').at(-1)).toBe('0');
    expect(response.sources.map(({ name }) => name)).toEqual([
      'Frame',
      'De-chunked entity body',
      'Uncompressed entity body',
    ]);
  });

  it('shows the trailers of a chunked body, and the message behind them', () => {
    const chunkedBody = utf8(
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum, X-Time\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: abc\r\nX-Time: 1\r\n\r\n',
    );
    const next = httpResponse({ status: 404 });
    const framed = frameStream('http', [{ from: 'server', data: join(chunkedBody, next) }], () => 7);
    expect(framed.map(({ bytes }) => toHex(bytes))).toEqual([toHex(chunkedBody), toHex(next)]);
    const { response } = exchange(httpRequest({ host: HOST }), chunkedBody);
    expect(valuesOf(response.root, 'http.chunked_trailer_part')).toEqual(['X-Sum: abc\\r\\n', 'X-Time: 1\\r\\n']);
    expect(valuesOf(response.root, 'http.file_data')).toEqual(['hello']);
  });

  it('takes the ranges of a partial answer apart', () => {
    const part = (range: string, body: string): string =>
      `--cut\r\nContent-Type: text/plain\r\nContent-Range: bytes ${range}/100\r\n\r\n${body}\r\n`;
    const bytes = httpResponse({
      status: 206,
      headers: { 'Content-Type': 'multipart/byteranges; boundary=cut' },
      body: `${part('0-4', 'hello')}${part('10-14', 'world')}--cut--\r\n`,
    });
    const { response } = exchange(httpRequest({ host: HOST, headers: { Range: 'bytes=0-4,10-14' } }), bytes);
    expect(stackText(response)).toContain('http:mime_multipart:data-text-lines');
    for (const text of ['Content-Range: bytes 0-4/100', 'Content-Range: bytes 10-14/100', 'hello', 'world'])
      expect(treeText(response.root)).toContain(text);
  });

  it('puts a body of very many chunks together, with rows for the first ones', () => {
    const body = sampleText(5000);
    const { response } = exchange(httpRequest({ host: HOST }), httpResponse({ body, chunks: [1] }));
    expect(valuesOf(response.root, 'http.file_data')).toEqual([body]);
    expect(treeText(response.root)).toContain('[3000 more chunks]');
  });

  it('ends on chunk sizes that are none', () => {
    for (const size of ['-5', 'zz', '', 'ffffffffffffffff']) {
      const bytes = utf8(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${size}\r\nabc\r\n`);
      const [only] = dissectConversation('tcp', 'http', [{ direction: 1, bytes }]);
      expect(only?.protocolColumn).toBe('HTTP');
    }
  });

  it('says so when a body cannot be unpacked', () => {
    const bytes = httpResponse({ body: 'not gzip at all', headers: { 'Content-Encoding': 'gzip' } });
    const { response } = exchange(httpRequest({ host: HOST }), bytes);
    expect(treeText(response.root)).toContain('could not be unpacked');
  });

  it('unpacks a bomb no further than its limit', () => {
    const bytes = httpResponse({
      body: Uint8Array.from(gzipSync(new Uint8Array(60 << 20))),
      headers: { 'Content-Encoding': 'gzip', 'Content-Type': 'application/x-bomb' },
    });
    const { response } = exchange(httpRequest({ host: HOST }), bytes);
    expect(response.sources.at(-1)?.bytes.length).toBeLessThanOrEqual(32 << 20);
    expect(treeText(response.root)).toContain('Shown as far as');
  });

  it.each([
    ['application/json', '{"a":[1,"x"]}', 'json', 'HTTP/JSON', 'json.value.number', ['1']],
    ['application/vnd.example+json', '{"b":null}', 'json', 'HTTP/JSON', 'json.key', ['b']],
    ['application/xml', '<a x="1"><b/>t</a>', 'xml', 'HTTP/XML', 'xml.attribute', ['x="1"']],
    [
      'application/x-www-form-urlencoded',
      'k=a+b&m=%41',
      'urlencoded-form',
      'HTTP',
      'urlencoded-form.value',
      ['a b', 'A'],
    ],
    ['application/x-unknown', 'abc', 'media', 'HTTP', 'media.type', ['616263']],
    ['application/octet-stream', 'abc', 'data', 'HTTP', 'data.data', ['616263']],
    [
      'multipart/form-data; boundary=B',
      '--B\r\nContent-Disposition: form-data; name="f"\r\n\r\nv\r\n--B--\r\n',
      'mime_multipart:data',
      'HTTP',
      'data.data',
      ['76'],
    ],
  ] as const)('shows %s as its own layer', (type, body, layer, column, abbrev, values) => {
    const { response } = exchange(
      httpRequest({ host: HOST }),
      httpResponse({ body, headers: { 'Content-Type': type } }),
    );
    expect(stackText(response)).toBe(`eth:ethertype:ip:tcp:http:${layer}`);
    expect(response.protocolColumn).toBe(column);
    expect(valuesOf(response.root, abbrev)).toEqual(values);
  });

  it('reads sizes of pictures', () => {
    const gif = join(utf8('GIF89a'), [0x40, 1, 0xf0, 0, 0x80, 0, 0, 0x3b]);
    const { response } = exchange(
      httpRequest({ host: HOST }),
      httpResponse({ body: gif, headers: { 'Content-Type': 'image/gif' } }),
    );
    expect(response.info).toBe('HTTP/1.1 200 OK  (GIF89a)');
    expect(valuesOf(response.root, 'image-gif.screen.width')).toEqual(['320']);
  });
});

describe('framing', () => {
  const flights: readonly Flight[] = [
    { from: 'client', data: httpRequest({ host: HOST, path: '/1' }) },
    { from: 'server', data: httpResponse({ body: sampleText(500) }) },
    { from: 'client', data: httpRequest({ method: 'HEAD', host: HOST, path: '/2' }) },
    { from: 'server', data: httpResponse({ headers: { 'Content-Length': '999' } }) },
    { from: 'client', data: httpRequest({ method: 'POST', host: HOST, path: '/3', body: 'a=1' }) },
    { from: 'server', data: httpResponse({ body: sampleText(70), chunks: [16, 1, 30] }) },
    { from: 'client', data: httpRequest({ host: HOST, path: '/4' }) },
    { from: 'server', data: httpResponse({ status: 304 }) },
    { from: 'client', data: httpRequest({ host: HOST, path: '/5' }) },
    { from: 'server', data: utf8('HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nuntil the end') },
  ];
  const expected = flights.map(({ data }) => toHex(data));

  it.each([1, 2, 3, 5, 17, 64, 100_000])('finds every message in segments of %i bytes', (size) => {
    expect(frameStream('http', flights, () => size).map(({ bytes }) => toHex(bytes))).toEqual(expected);
  });

  it('finds every message in segments of any sizes', () => {
    for (let seed = 0; seed < 60; seed++) {
      const random = seededRandom(seed);
      expect(frameStream('http', flights, () => 1 + random.int(90)).map(({ bytes }) => toHex(bytes))).toEqual(expected);
    }
  });

  it('shows bytes that are no message as a continuation', () => {
    const [only] = dissectConversation('tcp', 'http', [{ direction: 1, bytes: utf8('just some bytes') }]);
    expect(only?.info).toBe('Continuation');
    expect(stackText(only ?? (undefined as never))).toBe('eth:ethertype:ip:tcp:http:data');
  });

  it('ends on damaged streams', () => {
    const all = join(...flights.map(({ data }) => data));
    for (let seed = 0; seed < 200; seed++) {
      const random = seededRandom(seed);
      let bytes: Uint8Array = all;
      for (let n = 1 + random.int(12); n > 0; n--) bytes = patched(bytes, random.int(bytes.length), [random.int(256)]);
      const framed = frameStream(
        'http',
        [{ from: seed % 2 === 0 ? 'client' : 'server', data: bytes }],
        () => 1 + random.int(400),
      );
      for (const d of dissectConversation('tcp', 'http', framed)) expect(d.protocolColumn).not.toBe('');
    }
  });
});

describe('recognise', () => {
  const recognise = (text: string): boolean => http.recognise?.(utf8(text), 0, text.length, 9999) ?? false;

  it('knows requests and responses on any port, and not what only looks a bit like them', () => {
    expect(recognise('GET /x HTTP/1.1\r\nHost: a\r\n\r\n')).toBe(true);
    expect(recognise('HTTP/1.1 404 Not Found\r\n\r\n')).toBe(true);
    expect(recognise('GET lost\r\n')).toBe(false);
    expect(recognise('OPTIONS sip:a@example.net SIP/2.0\r\n')).toBe(false);
  });
});
