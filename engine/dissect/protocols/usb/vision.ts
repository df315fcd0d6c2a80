/** Cameras on USB (USB3 Vision 1.0, GenCP 1.0): commands and events, and the images' leaders, bytes and trailers. */

import { defineProtocol } from '../../protocol.ts';

const PREFIX = { control: 0x43563355, event: 0x45563355, leader: 0x4c563355, trailer: 0x54563355 } as const;
/** A command's header, and the shortest of the others. */
const HEADER = 12;
/** The first bytes of packets: `U3VC`, `U3VE`, `U3VL`, `U3VT`. */
export const VISION: ReadonlySet<number> = new Set(Object.values(PREFIX));
const COMMANDS: Readonly<Record<number, string>> = {
  0x0800: 'READMEM_CMD',
  0x0801: 'READMEM_ACK',
  0x0802: 'WRITEMEM_CMD',
  0x0803: 'WRITEMEM_ACK',
  0x0805: 'PENDING_ACK',
  0x0c00: 'EVENT_CMD',
  0x0c01: 'EVENT_ACK',
};
const READ = 0x0800;
const WRITE = 0x0802;
const EVENT = 0x0c00;

export const usb3Vision = defineProtocol({
  name: 'u3v',
  title: 'USB3 Vision',
  fields: {
    'gencp.prefix': { type: 'u32', show: 'hex', label: 'Prefix', little: true },
    'gencp.flags': { type: 'u16', show: 'hex', label: 'Flags', little: true },
    'gencp.status': { type: 'u16', show: 'hex', label: 'Status', little: true },
    'gencp.command_id': { type: 'u16', show: 'hex', label: 'Command', little: true, names: COMMANDS },
    'gencp.payloadlength': { type: 'u16', show: 'hex-dec', label: 'Payload Length', little: true },
    'gencp.req_id': { type: 'u16', show: 'hex', label: 'Request ID', little: true },
    'gencp.address': { type: 'u64', show: 'hex', label: 'Address', little: true },
    'gencp.count': { type: 'u16', show: 'hex-dec', label: 'Count', little: true },
    'gencp.payloaddata': { type: 'bytes', label: 'Payload Data' },
    'stream.prefix': { type: 'u32', show: 'hex', label: 'Stream Prefix', little: true },
    'stream.leader_size': { type: 'u16', label: 'Leader Size', little: true },
    'stream.trailer_size': { type: 'u16', label: 'Trailer Size', little: true },
    'stream.block_id': { type: 'u64', show: 'hex', label: 'Block ID', little: true },
    'stream.data': { type: 'bytes', label: 'Payload Data' },
  },
  tree(t) {
    const { at } = t;
    const prefix = t.has(at, 4) ? t.u32le(at) : 0;
    t.info('');
    if (!VISION.has(prefix)) {
      // Between a leader and its trailer an image's bytes come bare.
      t.info('Stream Payload');
      t.add('stream.data', at, t.end - at);
      return;
    }
    t.need(at, HEADER);
    if (prefix === PREFIX.leader || prefix === PREFIX.trailer) {
      const isLeader = prefix === PREFIX.leader;
      t.info(isLeader ? 'Stream Leader ' : 'Stream Trailer');
      t.add('stream.prefix', at);
      t.add(isLeader ? 'stream.leader_size' : 'stream.trailer_size', at + 6);
      t.add('stream.block_id', at + 8);
      return;
    }
    const command = t.u16le(at + 6);
    const isAnswer = (command & 1) !== 0;
    t.info(`${isAnswer ? '<' : '>'} ${COMMANDS[command] ?? 'Unknown'} `);
    t.add('gencp.prefix', at);
    t.add(isAnswer ? 'gencp.status' : 'gencp.flags', at + 4);
    t.add('gencp.command_id', at + 6);
    t.add('gencp.payloadlength', at + 8);
    t.add('gencp.req_id', at + 10);
    if (command === READ && t.has(at + 12, 12)) {
      t.add('gencp.address', at + 12);
      t.add('gencp.count', at + 22);
      t.addInfo(
        ` (0x${t
          .u64le(at + 12)
          .toString(16)
          .toUpperCase()
          .padStart(8, '0')} (${t.u16le(at + 22)}) bytes)`,
      );
    } else if (command === WRITE && t.has(at + 12, 8)) {
      t.add('gencp.address', at + 12);
      if (t.end > at + 20) t.add('gencp.payloaddata', at + 20, t.end - at - 20);
    } else if (command === EVENT || t.end > at + 12) t.add('gencp.payloaddata', at + 12, t.end - at - 12);
  },
});
