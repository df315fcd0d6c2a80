/** What a panel is to the host and the CLI: a name, and data made from the rows that a filter and a time range leave. */

import type { BitSet } from '../../base/bitset.ts';
import type { Report } from '../../contract/report.ts';
import type { Capture } from '../capture.ts';
import type { Dissector } from '../dissector.ts';
import type { Job } from '../turns.ts';

export interface PanelInput {
  readonly capture: Capture;
  readonly dissector: Dissector;
  /** Rows to count; null: all. */
  readonly rows: BitSet | null;
  /** The time range that is counted, where there is one. */
  readonly range?: { readonly from: number; readonly to: number } | null;
  readonly job: Job;
  /** Messages are being read, and the panel will be asked for again: what needs them may be left out until then. */
  readonly isGathering?: boolean;
  /** What was chosen, by the ids of the report's choices. */
  readonly options: Readonly<Record<string, string>>;
  /** Rows of another filter inside the panel's own rows. Throws NagareError for a wrong filter. */
  select(filter: string): Promise<BitSet>;
}

/** A panel whose data's type its file knows; the list holds them all alike. */
export interface Panel {
  /** As in `nagare stats FILE NAME` and `panel.get`. */
  readonly name: string;
  make(input: PanelInput): Promise<MadePanel>;
}

export type MadePanel =
  /** Window and command line show it by themselves. */
  | { readonly kind: 'report'; readonly report: Report }
  /** `data`: what the contract carries and `--json` prints; `table`: the same for people. */
  | { readonly kind: 'own'; readonly data: unknown; table(): string };

/** A panel that has a view of its own. */
export function definePanel<Data>(panel: {
  readonly name: string;
  make(input: PanelInput): Promise<Data>;
  table(data: Data): string;
}): Panel {
  return {
    name: panel.name,
    async make(input) {
      const data = await panel.make(input);
      return { kind: 'own', data, table: () => panel.table(data) };
    },
  };
}

/** A panel whose findings, figures, charts and tables are all there is to it. */
export function defineReport(panel: {
  readonly name: string;
  make(input: PanelInput): Promise<Report> | Report;
}): Panel {
  return {
    name: panel.name,
    make: async (input) => ({ kind: 'report', report: await panel.make(input) }),
  };
}

/** The chosen value, the first one unless it is among `values`. */
export function chosen<Value extends string>(input: PanelInput, id: string, values: readonly Value[]): Value {
  const wanted = input.options[id];
  return values.find((value) => value === wanted) ?? values[0];
}
