/** Golden captures of what HTTP connections become: HTTP/2, gRPC, WebSocket, tunnels. */

import { hex, join, seededRandom, u16, u32, utf8 } from '../build-bytes.ts';
import { httpRequest, sampleText } from '../build-http.ts';
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
} from '../build-http2.ts';
import { sshBanner } from '../build-ssh.ts';
import { type Side, type TcpPacket, tcpConversation } from '../build-tcp.ts';
import { WS_OPCODE, websocketFrame, websocketRequest, websocketResponse } from '../build-websocket.ts';
import { conversations, type GoldenCapture, type GoldenGroup, IP4 } from './capture.ts';

const MS = 1_000_000;

type Said = readonly [Side, Uint8Array];

function over(port: number, said: readonly Said[]): TcpPacket[] {
  return tcpConversation({
    client: { ip: IP4.host, port: 40_001, isn: 100 },
    server: { ip: IP4.server, port, isn: 900, ttl: 55 },
    rttNs: 10 * MS,
    random: seededRandom(port),
    turns: said.map(([from, data]) => ({ from, data, thinkNs: MS })),
  });
}

function capture(port: number, ...said: readonly Said[]): GoldenCapture {
  return conversations(over(port, said));
}

const preface: Said = ['client', join(HTTP2_PREFACE, http2Settings({ 3: 100, 4: 65_535 }))];
const settings: Said = ['server', join(http2Settings({ 3: 128 }), http2Frame(HTTP2_TYPE.settings, 0, [], 1))];

const DATE = 'Fri, 16 Jan 2026 09:00:00 GMT';
/** Header fields of requests and responses that have fields of their own. */
const REQUEST_FIELDS = {
  'accept-charset': 'utf-8',
  'accept-encoding': 'gzip',
  'accept-language': 'en',
  expect: '100-continue',
  from: 'user@example.com',
  'if-modified-since': DATE,
  'max-forwards': '7',
  'proxy-authorization': 'Basic dXNlcg==',
  'user-agent': 'example/1.0',
};
const RESPONSE_FIELDS = {
  ':status': '200',
  'accept-ranges': 'bytes',
  'access-control-allow-origin': '*',
  age: '60',
  allow: 'GET',
  'cache-control': 'no-store',
  'content-encoding': 'gzip',
  'content-language': 'en',
  'content-location': '/all',
  'content-type': 'text/plain',
  date: DATE,
  expires: DATE,
  'last-modified': DATE,
  link: '</style.css>',
  'proxy-authenticate': 'Basic',
  'retry-after': '120',
  via: '2 proxy.example.com',
};
/** Extension frames: alternative services (RFC 7838 4), origins (RFC 8336 2), priority updates (RFC 9218 7.1). */
const EXTENSION_FRAME = { altsvc: 10, origin: 12, priorityUpdate: 16 } as const;
const ORIGIN = utf8('https://www.example.com');
const sizedOrigin = join(u16(ORIGIN.length), ORIGIN);
const PADDED = HTTP2_FLAG.padded | HTTP2_FLAG.endHeaders;

export const http2Group: GoldenGroup = {
  name: 'http2',
  captures: {
    'get-json': capture(
      8080,
      preface,
      settings,
      ['client', http2Request(1, '/status?a=1', { accept: 'application/json' })],
      ['server', http2Headers(1, { ':status': '200', 'content-type': 'application/json', 'content-length': '13' })],
      ['server', http2Data(1, utf8('{"ready":true}'))],
    ),
    'two-streams': capture(
      9000,
      preface,
      settings,
      ['client', join(http2Request(1, '/a'), http2Request(3, '/b'))],
      ['server', http2Headers(3, { ':status': '200', 'content-type': 'text/plain' })],
      ['server', http2Headers(1, { ':status': '200', 'content-type': 'text/plain' })],
      ['server', join(http2Data(3, utf8('b1\n'), false), http2Data(1, utf8('a1\n'), false))],
      ['server', join(http2Data(1, utf8('a2\n')), http2Data(3, utf8('b2\n')))],
    ),
    'large-body': capture(
      9000,
      preface,
      settings,
      ['client', http2Request(1, '/large')],
      [
        'server',
        join(
          http2Headers(1, { ':status': '200', 'content-type': 'text/plain' }),
          http2Data(1, utf8(sampleText(5000)), false),
          http2Data(1, utf8(sampleText(300))),
        ),
      ],
    ),
    'control-frames': capture(9000, preface, settings, [
      'client',
      join(
        http2Frame(HTTP2_TYPE.windowUpdate, 0, hex('00100000')),
        http2Frame(HTTP2_TYPE.priority, 3, hex('800000010f')),
        http2Frame(HTTP2_TYPE.ping, 0, utf8('12345678')),
        http2Frame(HTTP2_TYPE.reset, 3, hex('00000008')),
        http2Frame(HTTP2_TYPE.goaway, 0, join(hex('0000000000000000'), utf8('done'))),
      ),
    ]),
    'every-frame': capture(
      9000,
      ['client', join(HTTP2_PREFACE, http2Settings({ 1: 4096, 2: 0, 3: 100, 4: 65_535, 5: 16_384, 6: 8192, 8: 1 }))],
      settings,
      [
        'client',
        join(
          http2Request(1, '/all', REQUEST_FIELDS),
          http2Frame(EXTENSION_FRAME.priorityUpdate, 0, join(u32(1), utf8('u=3, i'))),
        ),
      ],
      [
        'server',
        join(
          http2Frame(HTTP2_TYPE.ping, 0, utf8('12345678'), HTTP2_FLAG.ack),
          http2Frame(EXTENSION_FRAME.altsvc, 0, join(sizedOrigin, utf8('h3=":443"'))),
          http2Frame(EXTENSION_FRAME.origin, 0, sizedOrigin),
          http2Frame(
            HTTP2_TYPE.pushPromise,
            1,
            join([3], u32(2), headerBlock({ ':method': 'GET', ':path': '/style.css' }), [0, 0, 0]),
            PADDED,
          ),
          http2Headers(1, RESPONSE_FIELDS),
          http2Frame(
            HTTP2_TYPE.data,
            1,
            join([4], utf8('no gzip at all'), [0, 0, 0, 0]),
            HTTP2_FLAG.padded | HTTP2_FLAG.endStream,
          ),
        ),
      ],
    ),
    continuation: capture(
      9000,
      preface,
      settings,
      ['client', http2Frame(HTTP2_TYPE.headers, 1, headerBlock({ ':method': 'GET', ':path': '/' }).slice(0, 20), 1)],
      [
        'client',
        http2Frame(
          HTTP2_TYPE.continuation,
          1,
          headerBlock({ ':method': 'GET', ':path': '/' }).slice(20),
          HTTP2_FLAG.endHeaders,
        ),
      ],
    ),
    'upgrade-h2c': capture(
      80,
      [
        'client',
        httpRequest({
          host: 'www.example.com',
          headers: { Upgrade: 'h2c', Connection: 'Upgrade, HTTP2-Settings', 'HTTP2-Settings': 'AAMAAABk' },
        }),
      ],
      ['server', join(utf8('HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n'), http2Settings())],
      preface,
      ['server', http2Headers(1, { ':status': '204' }, HTTP2_FLAG.endStream)],
    ),
    'prior-knowledge-on-80': capture(80, preface, settings),
    'starts-late': capture(
      9000,
      ['server', http2Settings({ 3: 128 })],
      ['client', http2Frame(HTTP2_TYPE.headers, 5, hex('c28287c1c0'), 5)],
    ),
    'damaged-header-block': capture(
      9000,
      preface,
      settings,
      ['client', http2Frame(HTTP2_TYPE.headers, 1, new Uint8Array(30).fill(0xff), 5)],
      ['client', http2Frame(HTTP2_TYPE.headers, 3, hex('8286418100'), 5)],
    ),
    'not-frames': capture(9000, preface, ['server', utf8('this is no frame at all, and goes on for a while')]),
    'grpc-unary': capture(
      50_051,
      preface,
      settings,
      [
        'client',
        join(
          http2Request(1, '/grpc.health.v1.Health/Check', {
            ':method': 'POST',
            'content-type': 'application/grpc',
            te: 'trailers',
          }),
          http2Data(1, grpcMessage(hex('0a0773657276696365'.slice(0, 18)))),
        ),
      ],
      [
        'server',
        join(
          http2Headers(1, { ':status': '200', 'content-type': 'application/grpc' }),
          http2Data(1, grpcMessage(hex('0801')), false),
          http2Headers(1, { 'grpc-status': '0' }, HTTP2_FLAG.endStream),
        ),
      ],
    ),
    'grpc-message-over-frames': capture(
      2379,
      preface,
      settings,
      [
        'client',
        http2Request(1, '/etcdserverpb.KV/Put', { ':method': 'POST', 'content-type': 'application/grpc+proto' }),
      ],
      ['client', http2Data(1, grpcMessage(hex('0a03666f6f12036261721801')).slice(0, 8), false)],
      ['client', http2Data(1, grpcMessage(hex('0a03666f6f12036261721801')).slice(8))],
    ),
    'grpc-bad-protobuf': capture(
      50_051,
      preface,
      settings,
      ['client', http2Request(1, '/a.B/C', { ':method': 'POST', 'content-type': 'application/grpc' })],
      ['client', http2Data(1, join(grpcMessage(hex('0aff01')), grpcMessage(hex('0f')), grpcMessage(hex('0880'))))],
    ),
  },
};

const MASK = hex('a1b2c3d4');
const ask = (opcode: number, payload: string): Said => ['client', websocketFrame(opcode, payload, { mask: MASK })];
const tell = (opcode: number, payload: string): Said => ['server', websocketFrame(opcode, payload)];

/** `tick tick tick ` and `tick tick tock ` as one DEFLATE stream, flushed after each (RFC 7692 7.2.3.2). */
const TICKS = [hex('2ac94cce562881130000'), hex('4222f2815c0000')] as const;

function chat(extensions: string, ...said: readonly Said[]): GoldenCapture {
  return capture(80, ['client', websocketRequest(extensions)], ['server', websocketResponse(extensions)], ...said);
}

export const websocketGroup: GoldenGroup = {
  name: 'websocket',
  captures: {
    chat: chat(
      '',
      tell(WS_OPCODE.text, 'welcome'),
      ask(WS_OPCODE.text, '{"type":"hello"}'),
      ask(WS_OPCODE.ping, 'are you there'),
      tell(WS_OPCODE.pong, 'are you there'),
      ['client', websocketFrame(WS_OPCODE.close, join([3, 232], utf8('bye')), { mask: MASK })],
      ['server', websocketFrame(WS_OPCODE.close, [3, 232])],
    ),
    fragments: chat(
      '',
      ['server', websocketFrame(WS_OPCODE.text, 'first ', { isFinal: false })],
      ['server', websocketFrame(WS_OPCODE.ping, '')],
      ['server', websocketFrame(WS_OPCODE.continuation, 'last')],
    ),
    large: chat('', tell(WS_OPCODE.text, sampleText(4000)), ['server', websocketFrame(WS_OPCODE.binary, hex('0001'))]),
    deflate: chat(
      'permessage-deflate',
      ['server', websocketFrame(WS_OPCODE.text, TICKS[0], { isCompressed: true })],
      ['server', websocketFrame(WS_OPCODE.text, TICKS[1], { isCompressed: true })],
      ['server', websocketFrame(WS_OPCODE.text, hex('ffffff'), { isCompressed: true })],
    ),
    'several-in-a-segment': chat('', [
      'server',
      join(websocketFrame(WS_OPCODE.text, 'one'), websocketFrame(WS_OPCODE.text, 'two')),
    ]),
    'unknown-opcode': chat('', tell(3, 'odd'), tell(WS_OPCODE.continuation, 'of nothing')),
    'endless-length': chat('', ['server', join(hex('827f7fffffffffffffff'), utf8('never all'))]),
  },
};

function connect(port: number, ...said: readonly Said[]): GoldenCapture {
  const target = `inner.example.com:${port}`;
  return capture(
    3128,
    ['client', utf8(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`)],
    ['server', utf8('HTTP/1.1 200 Connection established\r\n\r\n')],
    ...said,
  );
}

export const tunnelsOverHttpGroup: GoldenGroup = {
  name: 'http-connect',
  captures: {
    'ssh-by-port': connect(22, ['server', sshBanner('OpenSSH_9.0')], ['client', sshBanner('OpenSSH_9.6')]),
    'ssh-by-content': connect(8022, ['server', sshBanner('OpenSSH_9.0')]),
    'http-inside': connect(80, ['client', httpRequest({ host: 'inner.example.com' })]),
    unknown: connect(9, ['client', hex('deadbeef')], ['server', hex('feedface')]),
    refused: capture(
      3128,
      ['client', utf8('CONNECT inner.example.com:22 HTTP/1.1\r\n\r\n')],
      ['server', utf8('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n')],
      ['client', httpRequest({ host: 'www.example.com' })],
    ),
  },
};
