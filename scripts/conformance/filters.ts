/** Display filters: the same frames where tshark takes one, a refusal where it refuses. */

import { createHash } from 'node:crypto';
import { catalog } from '../../engine/dissect/registry.ts';
import { checkFilter } from '../../engine/filter/language/check.ts';
import { runFilter } from '../../engine/filter/plan.ts';
import { filterData } from '../../engine/session/packet-source.ts';
import { FLAG } from '../../engine/table/flags.ts';
import { BLOCK_ROWS } from '../../engine/table/packet-table.ts';
import type { Opened } from './captures.ts';
import { COPIES } from './deliberate.ts';
import type { Details } from './details.ts';
import type { OracleFilter } from './oracle.ts';
import { DIFFERENT, EQUAL, type Scores } from './score.ts';

export const FILTERS = 'filters';
export const REFUSED = 'filters refused rightly';
export const TAKEN = 'filters taken rightly';

/** The rows that match a filter of our own. */
export async function rowsOf({ capture, dissector }: Opened, filter: string): Promise<Uint32Array> {
  const checked = checkFilter(filter, catalog);
  if (!checked.ok || checked.value.tree === null) throw new Error(`${filter} is a filter`);
  const data = filterData(capture, dissector, (row) => ({ displayedBefore: row - 1, reference: -1 }));
  return (await runFilter(checked.value.tree, data, 0, capture.table.count, () => null)).toRows();
}

export async function compareFilters(
  { capture, dissector }: Opened,
  filters: readonly OracleFilter[],
  { name, scores, details }: { readonly name: string; readonly scores: Scores; readonly details: Details },
): Promise<void> {
  const data = filterData(capture, dissector, (row) => ({ displayedBefore: row - 1, reference: -1 }));
  const { blocks, count } = capture.table;
  const hasCopies = blocks.some(({ flags }, i) =>
    flags.subarray(0, count - i * BLOCK_ROWS).some((one) => (one & FLAG.copy) !== 0),
  );
  const differ = (figure: string, ours: string, theirs: string): void => {
    scores.count(figure, DIFFERENT);
    details.add({ capture: name, frame: 0, field: figure, ours, theirs });
  };
  for (const { filter, answer } of filters) {
    const checked = checkFilter(filter, catalog);
    if (answer === null) {
      if (checked.ok) differ(REFUSED, `${filter}: taken`, `${filter}: refused`);
      else scores.count(REFUSED, EQUAL);
      continue;
    }
    if (!checked.ok) {
      differ(TAKEN, `${filter}: ${checked.error.message}`, `${filter}: taken`);
      differ(FILTERS, `${filter}: refused`, `${filter}: ${answer.frames} frames`);
      continue;
    }
    scores.count(TAKEN, EQUAL);
    const { tree } = checked.value;
    const rows =
      tree === null
        ? Uint32Array.from({ length: capture.table.count }, (_, i) => i)
        : (await runFilter(tree, data, 0, capture.table.count, () => null)).toRows();
    const numbers = Array.from(rows, (row) => row + 1).join('\n');
    if (createHash('sha256').update(numbers).digest('hex') === answer.sha256) scores.count(FILTERS, EQUAL);
    else if (hasCopies && filter.includes('tcp.analysis')) scores.count(FILTERS, { kind: 'deliberate', rule: COPIES });
    else differ(FILTERS, `${filter}: ${rows.length} frames`, `${filter}: ${answer.frames} frames`);
  }
}
