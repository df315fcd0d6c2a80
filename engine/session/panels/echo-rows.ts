/** The echo packets of a capture: read from their headers, without trees. */

import type { Echo } from '../../analyses/echoes.ts';
import { BitSet } from '../../base/bitset.ts';
import { u32 } from '../../base/bytes.ts';
import { protocolNamed } from '../../dissect/registry.ts';
import { FLAG } from '../../table/flags.ts';
import { BLOCK_MASK, BLOCK_SHIFT } from '../../table/packet-table.ts';
import { visitHeaders } from '../header-pass.ts';
import type { PanelInput } from './panel.ts';

const AT = { type: 0, identifier: 4, end: 8 } as const;
/** Type to whether it is a reply. */
const TYPES = {
  icmp: new Map([
    [8, false],
    [0, true],
  ]),
  icmpv6: new Map([
    [128, false],
    [129, true],
  ]),
} as const;

export async function echoesOf({ capture, rows, job }: PanelInput): Promise<Echo[]> {
  const { table, stacks, paths } = capture.pass;
  const protocols = [protocolNamed('icmp').index, protocolNamed('icmpv6').index];
  const isIcmp = new Uint8Array(65536);
  for (let stack = 0; stack < stacks.count; stack++) {
    if (protocols.some((one) => stacks.has(stack, one))) isIcmp[stack] = 1;
  }
  const wanted = new BitSet(table.count, table.first);
  let any = false;
  for (let base = table.firstBase; base < table.count; base += 1 << BLOCK_SHIFT) {
    const { stack, flags } = table.blocks[base >>> BLOCK_SHIFT];
    const end = Math.min(table.count - base, BLOCK_MASK + 1);
    for (let i = 0; i < end; i++) {
      if (isIcmp[stack[i]] === 0 || (flags[i] & FLAG.copy) !== 0) continue;
      if (rows !== null && !rows.has(base + i)) continue;
      wanted.add(base + i);
      any = true;
    }
  }
  const echoes: Echo[] = [];
  if (!any) return echoes;
  await visitHeaders(
    capture,
    wanted,
    (row, bytes, layers) => {
      for (let layer = 0; layer < layers.count; layer++) {
        const which = protocols.indexOf(layers.protocol[layer]);
        const at = layers.at[layer];
        if (which < 0 || layers.end[layer] - at < AT.end) continue;
        const isReply = (which === 0 ? TYPES.icmp : TYPES.icmpv6).get(bytes[at + AT.type]);
        if (isReply !== undefined) {
          const { source, destination } = paths.addresses(table.get('path', row));
          const time = table.get('time', row);
          echoes.push({ row, time, isReply, source, destination, key: u32(bytes, at + AT.identifier) });
        }
        return; // what an error quotes is no echo
      }
    },
    job.pause,
  );
  return echoes;
}
