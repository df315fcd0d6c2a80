/** Rows of the flow chart as what is written on their arrows. */

import type { Table } from '../../../engine/contract/report.ts';

export interface LadderStep {
  /** Place in the flow chart. */
  readonly index: number;
  readonly frame: number;
  /** Nanoseconds since the session's epoch. */
  readonly time: number;
  readonly isToServer: boolean;
  readonly text: string;
  /** Something was found about it. */
  readonly isRemarkable: boolean;
}

/** Steps [first, last) of the table; `nameOf` has the text of a finding. */
export function ladderSteps(
  { columns }: Table,
  first: number,
  last: number,
  nameOf: (sign: string) => string,
): LadderStep[] {
  const byId = new Map(columns.map((column) => [column.id, column]));
  const number = (id: string, index: number): number => Number(byId.get(id)?.values[index] ?? Number.NaN);
  const text = (id: string, index: number): string => String(byId.get(id)?.values[index] ?? '');
  const steps: LadderStep[] = [];
  for (let index = first; index < last; index++) {
    const ack = number('ack', index);
    const length = number('dataLength', index);
    const sign = text('sign', index);
    const parts = [
      text('tcpFlags', index),
      `Seq=${number('seq', index)}`,
      ...(Number.isNaN(ack) ? [] : [`Ack=${ack}`]),
      ...(length > 0 ? [`Len=${length}`] : []),
      ...(sign === '' ? [] : [`(${nameOf(sign)})`]),
    ];
    steps.push({
      index,
      frame: number('frame', index),
      time: number('time', index),
      isToServer: text('way', index) === 'way.toServer',
      text: parts.join('  '),
      isRemarkable: sign !== '',
    });
  }
  return steps;
}
