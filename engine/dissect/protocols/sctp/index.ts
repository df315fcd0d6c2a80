/** SCTP (RFC 9260): a common header, then chunks; user data goes to the protocol that its payload identifier or port names. */

import { u16 } from '../../../base/bytes.ts';
import { defineProtocol } from '../../protocol.ts';
import { TRANSPORT } from '../../scratch.ts';
import type { TreeBuilder } from '../../tree.ts';
import { type Association, CHUNK, chunk, dataText, UNKNOWN_BASE } from './chunks.ts';
import { AT, sctpFields } from './fields.ts';
import { CHUNKS } from './names.ts';

const HEADER = 4;

export const sctp = defineProtocol({
  name: 'sctp',
  title: 'Stream Control Transmission Protocol',
  on: { link: [248], 'ip.proto': [132] },
  header: AT.chunks,
  opens: ['data', 'm3ua', 'diameter', 'megaco', 'cflow'],
  remembers: true,
  fields: sctpFields,
  scan(p) {
    const b = p.bytes;
    p.ports(TRANSPORT.sctp, u16(b, p.at + AT.src), u16(b, p.at + AT.dst));
    p.enterTransport(TRANSPORT.sctp, AT.chunks);
  },
  tree(t) {
    const src = t.u16(t.at);
    const dst = t.u16(t.at + AT.dst);
    t.ports = [src, dst];
    t.info('');
    t.addLabel(`, Src Port: ${src} (${src}), Dst Port: ${dst} (${dst})`);
    t.header();
    t.generated('checksum.status', 2, t.at + AT.checksum, 4);
    const association = t.conversation((): Association => ({ base: [UNKNOWN_BASE, UNKNOWN_BASE] }));
    for (let at = t.at + AT.chunks; t.end - at >= HEADER; ) at = oneChunk(t, association, at);
  },
});

function oneChunk(t: TreeBuilder, association: Association, at: number): number {
  const type = t.u8(at);
  const length = t.u16(at + 2);
  const name = CHUNKS[type] ?? 'RESERVED';
  const node = t.nest(t.text(`${name} chunk`, at, Math.min(Math.max(HEADER, length), t.end - at)));
  t.add('chunk_type', at);
  t.nest(t.last());
  t.add('chunk_bit_1', at);
  t.add('chunk_bit_2', at);
  t.close();
  t.add('chunk_flags', at + 1);
  t.add('chunk_length', at + 2);
  if (length < HEADER) {
    t.expert('error', `Chunk length ${length} does not fit`, at + 2, 2, 'chunk_length.bad');
    t.addInfo(`${name} `);
    t.fail();
  }
  if (!t.has(at, length)) {
    t.addInfo(`${name} `);
    t.fail();
  }
  if (type === CHUNK.data && length >= 16) node.text = `DATA chunk (${dataText(t, at, length)})`;
  const before = t.infoSoFar;
  t.addInfo(`${name} `);
  const said = chunk(t, association, type, at, at + length);
  // What a message carried speaks for itself.
  if (t.columnSoFar === 'SCTP') t.replaceInfo(0, `${before}${name} ${said}`);
  const padded = Math.min(t.end, at + ((length + 3) & ~3));
  if (padded > at + length) t.add('chunk_padding', at + length, padded - at - length);
  t.close();
  return at + ((length + 3) & ~3);
}
