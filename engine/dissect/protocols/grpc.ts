/**
 * gRPC (gRPC over HTTP2; gRPC-Web): messages with five bytes in front, in the data of a request or a response. What is in a
 * message is Protocol Buffers, or what the media type says behind its plus sign.
 */

import { unpackBody } from '../content-coding.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const HEADER = 5;
const FRAME_TYPES = { 0: 'Data', 1: 'Trailer' } as const;
const TRAILER = 0x80;
const COMPRESSED = 1;

interface About {
  readonly path: string;
  readonly side: string;
  readonly type: string;
  readonly encoding: string;
}

export const grpc = defineProtocol({
  name: 'grpc',
  title: 'GRPC Message',
  short: 'GRPC',
  opens: ['protobuf', 'json', 'data-text-lines'],
  fields: {
    frame_type: { type: 'u8', bits: [7, 7], label: 'Frame Type', names: FRAME_TYPES, many: true },
    compressed_flag: {
      type: 'u8',
      bits: [0, 0],
      label: 'Compressed Flag',
      names: { 0: 'Not Compressed', 1: 'Compressed' },
      many: true,
    },
    message_length: { type: 'u32', label: 'Message Length', many: true },
    message_data: { type: 'bytes', label: 'Message Data', many: true },
    body_decompression_failed: { type: 'none', label: 'Body decompression failed', many: true },
    body_malformed: { type: 'none', label: 'Malformed message data', many: true },
  },
  tree(t) {
    const [path = '', side = '', type = '', encoding = ''] = t.hint.split('\n');
    const about = { path, side, type, encoding };
    t.label(`GRPC Message${path === '' ? '' : `: ${path}`}${side === '' ? '' : `, ${side}`}`);
    t.addInfo(' (GRPC)');
    t.column('GRPC');
    for (let at = t.at; at < t.end; ) at = message(t, at, about);
  },
});

function message(t: TreeBuilder, at: number, about: About): number {
  const flags = t.u8(at);
  const length = t.u32(at + 1);
  const body = at + HEADER;
  t.add('frame_type', at);
  t.add('compressed_flag', at);
  t.add('message_length', at + 1);
  if (!t.has(body, length)) {
    if (t.end > body) t.add('message_data', body, t.end - body);
    t.expert('warning', 'The message ends later', at, t.end - at, 'body_malformed');
    return t.end;
  }
  const end = body + length;
  if (length === 0) return end;
  t.put('message_data', t.slice(body, length), body, length, `Message Data: ${length} bytes`);
  const protocol = (flags & TRAILER) !== 0 ? 'data-text-lines' : contentOf(about.type);
  if ((flags & COMPRESSED) === 0) {
    show(t, protocol, body, end, about);
    return end;
  }
  const unpacked = unpackBody(about.encoding, t.slice(body, length));
  if (unpacked === null || unpacked.bytes.length === 0) {
    t.expert('warning', 'The message could not be unpacked', body, length, 'body_decompression_failed');
    return end;
  }
  t.within('Uncompressed gRPC message', unpacked.bytes, () => show(t, protocol, 0, unpacked.bytes.length, about));
  return end;
}

/** `application/grpc+json`; Protocol Buffers unless it says so. */
function contentOf(type: string): string {
  const media = (type.split(';')[0] ?? '').trim().toLowerCase();
  return media.endsWith('+json') ? 'json' : 'protobuf';
}

function show(t: TreeBuilder, protocol: string, at: number, end: number, about: About): void {
  const { hint } = t;
  t.hint = protocol === 'protobuf' ? `${about.path},${about.side.toLowerCase()}` : '';
  t.dissect(protocol, at, end);
  t.hint = hint;
  t.column('GRPC');
}
