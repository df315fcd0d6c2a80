/** BitTorrent's peer protocol (BEP 3, 4, 5, 6, 10): a handshake, then messages behind their length. */

import { u32 } from '../../../base/bytes.ts';
import { decodeLatin1 } from '../../../base/text.ts';
import { announcePeer } from '../../announcing/peers.ts';
import { defineProtocol, type Framing, MORE } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const NAME = 'BitTorrent protocol';
const HANDSHAKE = 68;
const HANDSHAKE_HEAD = 20;
const MAX_MESSAGE = 1 << 21;
const TYPE = {
  have: 4,
  bitfield: 5,
  request: 6,
  piece: 7,
  cancel: 8,
  port: 9,
  suggest: 13,
  reject: 16,
  allowed: 17,
  extended: 20,
} as const;
const TYPES: Readonly<Record<number, string>> = {
  0: 'Choke',
  1: 'Unchoke',
  2: 'Interested',
  3: 'Not Interested',
  4: 'Have',
  5: 'Bitfield',
  6: 'Request',
  7: 'Piece',
  8: 'Cancel',
  9: 'Port',
  13: 'Suggest Piece',
  14: 'Have All',
  15: 'Have None',
  16: 'Reject Request',
  17: 'Allowed Fast',
  20: 'Extended',
  21: 'HaveComplete',
};
const DICTIONARY = 0x64;

function isHandshake(bytes: Uint8Array, at: number, end: number): boolean {
  return (
    end - at >= HANDSHAKE_HEAD && bytes[at] === NAME.length && decodeLatin1(bytes, at + 1, at + HANDSHAKE_HEAD) === NAME
  );
}

function frame(f: Framing): number {
  const { bytes, at, end } = f;
  const have = end - at;
  if (isHandshake(bytes, at, end)) return HANDSHAKE;
  if (have < 4) return MORE;
  const length = u32(bytes, at);
  if (length === 0) return 4;
  if (length > MAX_MESSAGE) return have;
  if (have < 5) return MORE;
  return TYPES[bytes[at + 4]] === undefined ? have : 4 + length;
}

export const bittorrent = defineProtocol({
  name: 'bittorrent',
  title: 'BitTorrent',
  short: 'BitTorrent',
  on: { 'tcp.port': [6881, 6882, 6883, 6884, 6885, 6886, 6887, 6888, 6889] },
  opens: ['bencode'],
  announces: announcePeer,
  fields: {
    'protocol.name.length': { type: 'u8', label: 'Protocol Name Length', many: true },
    'protocol.name': { type: 'string', label: 'Protocol Name', length: 19, many: true },
    reserved: { type: 'bytes', label: 'Reserved Extension Bytes', length: 8, many: true },
    info_hash: { type: 'bytes', label: 'SHA1 Hash of info dictionary', length: 20, many: true },
    peer_id: { type: 'bytes', label: 'Peer ID', length: 20, many: true },
    msg: { type: 'none', label: 'Message', many: true },
    'msg.length': { type: 'u32', label: 'Message Length', many: true },
    'msg.type': { type: 'u8', label: 'Message Type', names: TYPES, many: true },
    'msg.bitfield': { type: 'bytes', label: 'Bitfield data', many: true },
    'piece.index': { type: 'u32', label: 'Piece index', show: 'hex', many: true },
    'piece.begin': { type: 'u32', label: 'Begin offset of piece', show: 'hex', many: true },
    'piece.data': { type: 'bytes', label: 'Data in a piece', many: true },
    'piece.length': { type: 'u32', label: 'Piece Length', show: 'hex', many: true },
    port: { type: 'u16', label: 'Port', many: true },
    'extended.id': { type: 'u8', label: 'Extended Message ID', many: true },
    extended: { type: 'bytes', label: 'Extended Message', many: true },
    continuous_data: { type: 'bytes', label: 'Continuous data', many: true },
  },
  recogniseOn: ['tcp'],
  recognise: isHandshake,
  frame,
  tree(t) {
    t.info('');
    if (isHandshake(t.bytes, t.at, t.end)) handshake(t);
    else message(t);
  },
});

function handshake(t: TreeBuilder): void {
  const { at } = t;
  t.add('protocol.name.length', at);
  t.add('protocol.name', at + 1);
  t.addInfo('Handshake  ');
  t.add('reserved', at + 20);
  t.add('info_hash', at + 28);
  t.add('peer_id', at + 48);
}

function message(t: TreeBuilder): void {
  const { at } = t;
  const length = t.has(at, 4) ? t.u32(at) : -1;
  if (length === 0) {
    t.addInfo('KeepAlive  ');
    t.add('msg', at, 4);
    t.last().text = 'Message: Len:0, KeepAlive';
    t.nest(t.last());
    t.add('msg.length', at);
    t.close();
    return;
  }
  const type = t.has(at, 5) ? t.u8(at + 4) : 255;
  const name = TYPES[type];
  if (name === undefined || length > MAX_MESSAGE) {
    t.addInfo('Continuation data  ');
    t.add('continuous_data', at, t.end - at);
    return;
  }
  t.add('msg', at, Math.min(4 + length, t.end - at));
  const row = t.nest(t.last());
  row.text = `Message: Len:${length}, ${name}`;
  t.add('msg.length', at);
  t.add('msg.type', at + 4);
  const said = body(t, type, length, at + 5);
  row.text += said;
  t.close();
  t.addInfo(`${name}${said}  `);
}

const hex = (value: number): string => `0x${value.toString(16)}`;

function body(t: TreeBuilder, type: number, length: number, at: number): string {
  switch (type) {
    case TYPE.have:
    case TYPE.suggest:
    case TYPE.allowed:
      t.add('piece.index', at);
      return `, Piece (Idx:${hex(t.u32(at))})`;
    case TYPE.bitfield:
      if (length > 1) t.add('msg.bitfield', at, length - 1);
      return `, Len:${hex(length - 1)}`;
    case TYPE.request:
    case TYPE.cancel:
    case TYPE.reject:
      t.add('piece.index', at);
      t.add('piece.begin', at + 4);
      t.add('piece.length', at + 8);
      return `, Piece (Idx:${hex(t.u32(at))},Begin:${hex(t.u32(at + 4))},Len:${hex(t.u32(at + 8))})`;
    case TYPE.piece: {
      const size = Math.max(0, length - 9);
      t.add('piece.index', at);
      t.add('piece.begin', at + 4);
      if (size > 0) t.add('piece.data', at + 8, Math.min(size, t.end - at - 8));
      return `, Idx:${hex(t.u32(at))},Begin:${hex(t.u32(at + 4))},Len:${hex(size)}`;
    }
    case TYPE.port:
      t.add('port', at);
      return '';
    case TYPE.extended:
      extended(t, length, at);
      return '';
    default:
      return '';
  }
}

/** BEP 10: message 0 is a dictionary that names the others. */
function extended(t: TreeBuilder, length: number, at: number): void {
  const id = t.u8(at);
  t.add('extended.id', at);
  if (length <= 2) return;
  const end = Math.min(t.end, at + length - 1);
  if (id === 0 && t.u8(at + 1) === DICTIONARY) {
    t.dissect('bencode', at + 1, end, end);
    t.column('BitTorrent');
  } else {
    t.add('extended', at + 1, end - at - 1);
  }
}
