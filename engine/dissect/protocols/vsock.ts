/** Sockets between a virtual machine and its host as Linux's vsockmon records them (linux/vsockmon.h, virtio 5.10.6). */

import { u32le } from '../../base/bytes.ts';
import { ADDRESS } from '../../table/path-words.ts';
import { defineProtocol } from '../protocol.ts';

const AT = { src: 0, dst: 8, srcPort: 16, dstPort: 20, op: 24, transport: 26, length: 28, header: 32 } as const;
const OPERATIONS: Readonly<Record<number, string>> = {
  0: 'Unknown',
  1: 'Connect',
  2: 'Disconnect',
  3: 'Control',
  4: 'Payload',
};
const TRANSPORTS: Readonly<Record<number, string>> = { 0: 'Unknown', 1: 'No info', 2: 'Virtio' };
const VIRTIO_OPERATIONS: Readonly<Record<number, string>> = {
  0: 'Invalid',
  1: 'Request',
  2: 'Response',
  3: 'Rst',
  4: 'Shutdown',
  5: 'RW',
  6: 'Credit update',
  7: 'Credit response',
};
const TYPES: Readonly<Record<number, string>> = { 1: 'Stream', 2: 'Seqpacket' };
const VIRTIO = { transport: 2, length: 44 } as const;

export const vsock = defineProtocol({
  name: 'vsock',
  title: 'vSocket',
  short: 'vSocket',
  on: { link: [271] },
  header: AT.header,
  fields: {
    src_cid: { at: AT.src, type: 'u64', little: true, label: 'Source cid', also: ['cid'] },
    dst_cid: { at: AT.dst, type: 'u64', little: true, label: 'Destination cid', also: ['cid'] },
    cid: { type: 'u64', label: 'Source or destination cid', many: true },
    src_port: { at: AT.srcPort, type: 'u32', little: true, label: 'Source port', also: ['port'] },
    dst_port: { at: AT.dstPort, type: 'u32', little: true, label: 'Destination port', also: ['port'] },
    port: { type: 'u32', label: 'Source or destination port', many: true },
    op: { at: AT.op, type: 'u16', little: true, label: 'Operation', names: OPERATIONS },
    trans: { at: AT.transport, type: 'u16', little: true, label: 'Transport', names: TRANSPORTS },
    trans_len: { at: AT.length, type: 'u16', little: true, label: 'Transport length' },
    reserved: { at: AT.length + 2, type: 'bytes', length: 2, label: 'Reserved' },
    'virtio.src_cid': { type: 'u64', little: true, label: 'Source cid' },
    'virtio.dst_cid': { type: 'u64', little: true, label: 'Destination cid' },
    'virtio.src_prot': { type: 'u32', little: true, label: 'Source port' },
    'virtio.dst_prot': { type: 'u32', little: true, label: 'Destination port' },
    'virtio.len': { type: 'u32', little: true, label: 'Length' },
    'virtio.type': { type: 'u16', little: true, label: 'Type', names: TYPES },
    'virtio.op': { type: 'u16', little: true, label: 'Operation', names: VIRTIO_OPERATIONS },
    'virtio.flags': { type: 'u32', little: true, show: 'hex', label: 'Flags' },
    'virtio.buf_alloc': { type: 'u32', little: true, label: 'Buf alloc' },
    'virtio.fwd_cnt': { type: 'u32', little: true, label: 'Fwd cnt' },
    payload: { type: 'bytes', label: 'Payload' },
  },
  scan(p) {
    const b = p.bytes;
    p.named(ADDRESS.vsock, u32le(b, p.at + AT.src), 0, 0, u32le(b, p.at + AT.dst), 0, 0);
  },
  tree(t) {
    const { at } = t;
    const length = t.u16le(at + AT.length);
    t.info(`[${OPERATIONS[t.u16le(at + AT.op)] ?? 'Unknown'}]`);
    t.header();
    const body = at + AT.header;
    if (t.u16le(at + AT.transport) === VIRTIO.transport && length >= VIRTIO.length) {
      t.nest(t.text('Virtio transport header', body, VIRTIO.length));
      let next = body;
      for (const key of [
        'src_cid',
        'dst_cid',
        'src_prot',
        'dst_prot',
        'len',
        'type',
        'op',
        'flags',
        'buf_alloc',
        'fwd_cnt',
      ])
        next = t.add(`virtio.${key}`, next);
      t.close();
      const kind = TYPES[t.u16le(body + 28)] ?? 'Unknown';
      const operation = VIRTIO_OPERATIONS[t.u16le(body + 30)] ?? 'Unknown';
      t.addInfo(` Virtio: ${kind}, Op: ${operation}, Buf alloc: ${t.u32le(body + 36)}, Fwd cnt: ${t.u32le(body + 40)}`);
    }
    if (body + length < t.end) t.add('payload', body + length, t.end - body - length);
  },
});
