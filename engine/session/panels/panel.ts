/** What a panel is to the host and the CLI: a name, and data made from the rows that a filter and a time range leave. */

import type { BitSet } from '../../base/bitset.ts';
import type { Capture } from '../capture.ts';
import type { Dissector } from '../dissector.ts';
import type { Job } from '../turns.ts';

export interface PanelInput {
  readonly capture: Capture;
  readonly dissector: Dissector;
  /** Rows to count; null: all. */
  readonly rows: BitSet | null;
  readonly job: Job;
}

/** A panel whose data's type its file knows; the list holds them all alike. */
export interface Panel {
  /** As in `nagare stats FILE NAME` and `panel.get`. */
  readonly name: string;
  make(input: PanelInput): Promise<MadePanel>;
}

export interface MadePanel {
  /** What the contract carries and `--json` prints. */
  readonly data: unknown;
  /** The same as a table for people. */
  table(): string;
}

export function definePanel<Data>(panel: {
  readonly name: string;
  make(input: PanelInput): Promise<Data>;
  table(data: Data): string;
}): Panel {
  return {
    name: panel.name,
    async make(input) {
      const data = await panel.make(input);
      return { data, table: () => panel.table(data) };
    },
  };
}
