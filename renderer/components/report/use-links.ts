/** Where the numbers of a report lead: to their packets. */

import type { PacketLink } from '../../../engine/contract/report.ts';
import { combineFilters } from '../../state/combine-filters.ts';
import { useApp } from '../../state/use-app.ts';
import { useStore } from '../../state/use-store.ts';

/** Shows exactly the packets of a link, inside the filter and the range that hold. */
export function useLinks(): (link: PacketLink) => void {
  const app = useApp();
  const { filter, range } = useStore(app.filter, (state) => state);
  return (link) => {
    const wanted = link.range;
    const inside =
      wanted === undefined
        ? range
        : { from: Math.max(wanted.from, range?.from ?? wanted.from), to: Math.min(wanted.to, range?.to ?? wanted.to) };
    const clause = link.filter === '' ? filter : combineFilters(filter, link.filter, 'and');
    void app.navigate({ panel: 'packets', filter: clause, range: inside });
  };
}
