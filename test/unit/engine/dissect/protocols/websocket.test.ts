/** WebSocket after an Upgrade, HTTP/2 after one, and what goes through CONNECT: a flow that becomes another protocol. */

import { constants, deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { setPlatform } from '../../../../../engine/base/platform.ts';
import { nodePlatform } from '../../../../../engine/host/platform-node.ts';
import { type BytesLike, cut, hex, join, utf8 } from '../../../../support/build-bytes.ts';
import { httpRequest, sampleText } from '../../../../support/build-http.ts';
import { HTTP2_PREFACE, http2Headers, http2Settings } from '../../../../support/build-http2.ts';
import { sshBanner } from '../../../../support/build-ssh.ts';
import {
  type WebsocketFrameFields,
  WS_OPCODE,
  websocketFrame,
  websocketRequest,
  websocketResponse,
} from '../../../../support/build-websocket.ts';
import { checkApplication, expectFramed } from '../../../../support/check-application.ts';
import { dissectStream, type Said, summaries } from '../../../../support/dissect-conversation.ts';
import { valuesOf } from '../../../../support/dissect-packet.ts';

setPlatform(nodePlatform);

const MASK = hex('01020304');
const client = (opcode: number, payload: BytesLike | string, fields: WebsocketFrameFields = {}): Said => [
  'client',
  websocketFrame(opcode, payload, { mask: MASK, ...fields }),
];
const server = (opcode: number, payload: BytesLike | string, fields: WebsocketFrameFields = {}): Said => [
  'server',
  websocketFrame(opcode, payload, fields),
];

function chat(messages: readonly Said[], extensions = '') {
  return dissectStream(80, [
    ['client', websocketRequest(extensions)],
    ['server', websocketResponse(extensions)],
    ...messages,
  ]);
}

/** A message as RFC 7692 7.2.1 sends it; `before`: what the window holds. */
function packed(text: string, before = ''): Uint8Array {
  const options = { finishFlush: constants.Z_SYNC_FLUSH, ...(before === '' ? {} : { dictionary: utf8(before) }) };
  const bytes = deflateRawSync(utf8(text), options);
  return cut(bytes, bytes.length - 4);
}

describe('messages', () => {
  it('are shown inside HTTP, unmasked', () => {
    const frames = chat([client(WS_OPCODE.text, 'hello'), server(WS_OPCODE.text, '{"a":1}')]);
    expect(summaries(frames, 'websocket')).toEqual([
      'http:websocket:data-text-lines | WebSocket | WebSocket Text [FIN] [MASKED]',
      'http:websocket:json | WebSocket | WebSocket Text [FIN] ',
    ]);
    const root = frames.find((frame) => frame.info.includes('[MASKED]'))?.root ?? [];
    expect(valuesOf(root, 'websocket.payload.text')).toEqual(['hello']);
    expect(valuesOf(root, 'websocket.masking_key')).toEqual(['01020304']);
  });

  it('are joined from fragments, with control frames in between', () => {
    const frames = chat([
      client(WS_OPCODE.text, 'frag', { isFinal: false }),
      client(WS_OPCODE.ping, 'hi'),
      client(WS_OPCODE.continuation, 'ment', { isFinal: false }),
      client(WS_OPCODE.continuation, 'ed'),
    ]);
    const texts = frames.flatMap((frame) => valuesOf(frame.root, 'websocket.payload.text'));
    expect(texts).toEqual(['fragmented']);
    expect(frames.flatMap((frame) => valuesOf(frame.root, 'websocket.fragment.count'))).toEqual(['3']);
    expect(frames.flatMap((frame) => valuesOf(frame.root, 'websocket.payload.ping'))).toEqual(['6869']);
  });

  it.each([
    ['with', 'permessage-deflate', 'hello hello '],
    ['without', 'permessage-deflate; client_no_context_takeover', ''],
  ])('are unpacked %s what came before', (_how, extensions, before) => {
    const second = packed('hello hello again', before);
    const frames = chat(
      [
        client(WS_OPCODE.text, packed('hello hello '), { isCompressed: true }),
        client(WS_OPCODE.text, second.slice(0, 3), { isCompressed: true, isFinal: false }),
        client(WS_OPCODE.continuation, second.slice(3)),
        client(WS_OPCODE.text, 'plain'),
      ],
      extensions,
    );
    expect(frames.flatMap((frame) => valuesOf(frame.root, 'websocket.payload.text'))).toEqual([
      'hello hello ',
      'hello hello again',
      'plain',
    ]);
  });

  it('say why a connection closes', () => {
    const frames = chat([client(WS_OPCODE.close, join([3, 232], utf8('bye')))]);
    const root = frames.find((frame) => frame.info.includes('Connection Close'))?.root ?? [];
    expect(valuesOf(root, 'websocket.payload.close.status_code')).toEqual(['1000']);
    expect(valuesOf(root, 'websocket.payload.close.reason')).toEqual(['bye']);
  });

  it('belong to the segment that completes them, however long', () => {
    const frames = chat([server(WS_OPCODE.text, sampleText(70_000))]);
    const found = summaries(frames, 'websocket');
    expect(found).toEqual(['http:websocket:data-text-lines | WebSocket | WebSocket Text [FIN] ']);
    const text = frames.flatMap((frame) => valuesOf(frame.root, 'websocket.payload_length_ext_64'));
    expect(text).toEqual(['70000']);
  });

  it('are bounded, and never throw on damage', () => {
    checkApplication('websocket', 'tcp', websocketFrame(WS_OPCODE.text, 'hello', { mask: MASK }));
    checkApplication('websocket', 'tcp', websocketFrame(WS_OPCODE.binary, new Uint8Array(300)));
    checkApplication('websocket', 'tcp', websocketFrame(3, 'odd'));
    expectFramed('websocket', websocketFrame(WS_OPCODE.binary, new Uint8Array(300), { mask: MASK }));
    const damaged = chat([client(WS_OPCODE.text, hex('ffffffff'), { isCompressed: true })], 'permessage-deflate');
    expect(damaged.flatMap((frame) => valuesOf(frame.root, 'websocket.decompression.failed.expert'))).toHaveLength(1);
  });
});

describe('other protocols on an HTTP connection', () => {
  it('HTTP/2 after an Upgrade begins in the segment of the response', () => {
    const upgrade = { Upgrade: 'h2c', Connection: 'Upgrade, HTTP2-Settings', 'HTTP2-Settings': 'AAMAAABk' };
    const frames = dissectStream(80, [
      ['client', httpRequest({ host: 'www.example.com', headers: upgrade })],
      ['server', join(utf8('HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n'), http2Settings())],
      ['client', HTTP2_PREFACE],
      ['server', http2Headers(1, { ':status': '204' })],
    ]);
    expect(summaries(frames, 'http')).toEqual([
      'http | HTTP | GET / HTTP/1.1 ',
      'http:http2 | HTTP2 | HTTP/1.1 101 Switching Protocols , SETTINGS[0]',
      'http:http2 | HTTP2 | Magic',
      'http:http2 | HTTP2 | HEADERS[1]: 204 No Content',
    ]);
    expect(frames.flatMap((frame) => valuesOf(frame.root, 'http2.settings.max_concurrent_streams'))).toEqual(['100']);
  });

  it('HTTP/2 with prior knowledge is told on an HTTP port', () => {
    const frames = dissectStream(80, [['client', join(HTTP2_PREFACE, http2Settings())]]);
    expect(summaries(frames, 'http2')).toEqual(['http:http2 | HTTP2 | Magic, SETTINGS[0]']);
  });

  it.each([22, 8022])('what goes through CONNECT to port %i is recognised', (port) => {
    const target = `ssh.example.com:${port}`;
    const frames = dissectStream(3128, [
      ['client', utf8(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`)],
      ['server', utf8('HTTP/1.1 200 Connection established\r\n\r\n')],
      ['server', sshBanner('OpenSSH_9.0')],
    ]);
    const found = frames.find((frame) => frame.info.includes('SSH-2.0'));
    expect(summaries(frames, 'ssh')).toHaveLength(1);
    expect(valuesOf(found?.root ?? [], 'http.proxy_connect_host')).toEqual(['ssh.example.com']);
    expect(valuesOf(found?.root ?? [], 'http.proxy_connect_port')).toEqual([String(port)]);
  });

  it('what nobody knows stays data', () => {
    const frames = dissectStream(3128, [
      ['client', utf8('CONNECT a.example.com:9 HTTP/1.1\r\n\r\n')],
      ['server', utf8('HTTP/1.1 200 OK\r\n\r\n')],
      ['client', hex('deadbeef00')],
      ['client', hex('deadbeef01')],
    ]);
    expect(summaries(frames, 'data').map((text) => text.split(' ')[0])).toEqual(['http:data', 'http:data']);
  });
});
