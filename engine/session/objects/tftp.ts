/** Files sent by TFTP (RFC 1350, block sizes of RFC 2348): blocks in the order of their numbers, which go round at 65,536. */

import { PATH } from '../../table/path-words.ts';
import type { Capture } from '../capture.ts';
import { ChunkedFile } from './chunks.ts';
import { lastPart } from './names.ts';
import { MAX_OBJECTS, type ObjectFinder, type StoredObject } from './object.ts';
import { eachLayer, type FoundLayer, nodeOf, textOf } from './rows.ts';

const OPCODE = { read: 1, write: 2, data: 3 } as const;
const BLOCK_AT = 4;

interface Transfer {
  readonly name: string;
  readonly host: string;
  readonly type: string;
  readonly chunks: ChunkedFile;
  /** Bytes of a full block: of the first one. */
  blockSize: number;
  /** Highest block so far, counted on past 65,535. */
  last: number;
  /** A block that was not full ended it. */
  isEnded: boolean;
  row: number;
}

export const tftpObjects: ObjectFinder = {
  kind: 'tftp',
  async find(search) {
    const { capture } = search;
    const transfers: Transfer[] = [];
    /** By who asked: the blocks come from, or go to, the same port. */
    const open = new Map<string, Transfer>();
    await eachLayer(search, 'tftp', (layer) => {
      const opcode = nodeOf(layer.node, 'tftp.opcode')?.value;
      const { source, destination } = endsOf(capture, layer.row);
      if (opcode === OPCODE.read || opcode === OPCODE.write) {
        const name = textOf(layer.node, 'tftp.source_file') || textOf(layer.node, 'tftp.destination_file');
        const known = open.get(source);
        if (known?.name === name && known.chunks.isEmpty) return; // asked again
        const made = {
          name,
          host: capture.pass.paths.addresses(capture.table.get('path', layer.row)).destination,
          type: textOf(layer.node, 'tftp.type'),
          chunks: new ChunkedFile(),
          blockSize: 0,
          last: 0,
          isEnded: false,
          row: layer.row,
        };
        open.set(source, made);
        if (transfers.length < MAX_OBJECTS) transfers.push(made);
      } else if (opcode === OPCODE.data) {
        const transfer = open.get(source) ?? open.get(destination);
        if (transfer !== undefined) addBlock(transfer, layer);
      }
    });
    return transfers
      .filter(({ chunks }) => !chunks.isEmpty)
      .map((transfer): StoredObject => {
        const { chunks, row, host, type } = transfer;
        const size = chunks.size;
        const missing = chunks.end - size;
        return {
          kind: 'tftp',
          row,
          host,
          type,
          name: lastPart(transfer.name),
          size,
          whole: transfer.isEnded ? chunks.end : null,
          missing: missing + (transfer.isEnded ? 0 : 1),
          parts: () => chunks.parts(search.dissector),
        };
      });
  },
};

function addBlock(transfer: Transfer, { dissection, node, row }: FoundLayer): void {
  const block = nodeOf(node, 'tftp.block')?.value;
  const bytes = dissection.sources[node.source]?.bytes;
  if (typeof block !== 'number' || bytes === undefined) return;
  const at = node.at + BLOCK_AT;
  const length = payloadEnd(dissection, node.source, bytes.length, node.at) - at;
  if (transfer.blockSize === 0) transfer.blockSize = Math.max(1, length);
  // The number nearest to the last one that looks like this.
  const number = transfer.last + (((block - transfer.last) << 16) >> 16);
  transfer.last = Math.max(transfer.last, number);
  transfer.chunks.add((number - 1) * transfer.blockSize, row, node.source, at, length);
  transfer.row = row;
  if (length < transfer.blockSize) transfer.isEnded = true;
}

/** Where the datagram ends: behind it may be padding. */
function payloadEnd(dissection: FoundLayer['dissection'], source: number, length: number, at: number): number {
  const udp = dissection.root.filter((one) => one.field?.abbrev === 'udp' && one.source === source).at(-1);
  const told = udp === undefined ? undefined : nodeOf(udp, 'udp.length')?.value;
  return udp === undefined || typeof told !== 'number' ? length : Math.min(length, Math.max(at, udp.at + told));
}

function endsOf({ pass, table }: Capture, row: number): { readonly source: string; readonly destination: string } {
  const path = table.get('path', row);
  const { paths } = pass;
  const { source, destination } = paths.addresses(path);
  let ports = 0;
  paths.visit(path, (kind, _own, at) => {
    if (kind === PATH.ports) ports = paths.words[at];
  });
  return { source: `${source} ${ports >>> 16}`, destination: `${destination} ${ports & 0xffff}` };
}
