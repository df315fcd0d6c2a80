/** The likely program behind each header chain, where the file says who was running. */

import { WAY } from '../../../analyses/egress-sides.ts';
import { processNotion } from '../../processes.ts';
import type { PanelInput } from '../panel.ts';
import type { Counted } from './count.ts';

/** Where the first of the chains that sent something say nothing, the file does not say it. */
const LOOKED_AT = 32;

/** '' for none; null: the file does not say who was running. */
export function programsOf({ capture }: PanelInput, { view, totals }: Counted): ((path: number) => string) | null {
  const { way } = view.sides;
  const programOf = processNotion(capture);
  let looked = 0;
  for (let path = 0; path < way.length && looked < LOOKED_AT; path++) {
    if (way[path] !== WAY.out || totals.packets[path] === 0) continue;
    looked++;
    if (typeof programOf(path) === 'string') return (one) => programOf(one) ?? '';
  }
  return null;
}
