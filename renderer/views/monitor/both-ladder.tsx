/** One connection as both ends saw it: an arrow for each segment from the moment it left to the moment it came, or to where it was lost. */

import { useState } from 'react';
import type { Report, Table } from '../../../engine/contract/report.ts';
import { Select } from '../../components/form.tsx';
import { useReportText } from '../../components/report/report-text.ts';
import { useLinks } from '../../components/report/use-links.ts';
import { useText } from '../../state/use-app.ts';
import styles from './monitor.module.css';

const ROW_PX = 28;
const HEIGHT_PX = 280;
const WIDTH_PX = 900;
/** Where the two ends stand. */
const LEFT_PX = 210;
const RIGHT_PX = 690;
const MIDDLE_PX = (LEFT_PX + RIGHT_PX) / 2;
/** Rows drawn above and below those in sight. */
const MARGIN_ROWS = 4;
/** An arrow leaves above and arrives below. */
const LEAVES_PX = 11;
const ARRIVES_PX = 24;
const HEAD_PX = 4;
/** Connections to choose from; the table has all of them. */
const MOST_CHOICES = 200;
/** Moments are told apart to the microsecond. */
const SPAN_NS = 1e5;

interface BothLadderProps {
  readonly report: Report;
  readonly onChoose: (pair: string) => void;
}

export function BothLadder({ report, onChoose }: BothLadderProps) {
  const t = useText();
  const [top, setTop] = useState(0);
  const ladder = report.tables.find(({ id }) => id === 'monitor.ladder');
  const sides = report.tables.find(({ id }) => id === 'monitor.sides');
  if (ladder === undefined || sides === undefined || ladder.count === 0) return null;
  const pair = report.choices.find(({ id }) => id === 'pair')?.value ?? '1';
  const of = (row: number, id: string): string => String(cell(sides, row, id) ?? '');
  const titleOf = (row: number): string =>
    t('monitor.bothPair', { pair: row + 1, client: of(row, 'nearClient'), server: of(row, 'nearServer') });
  const shown = Number(pair) - 1;
  const first = Math.max(0, Math.floor(top / ROW_PX) - MARGIN_ROWS);
  const last = Math.min(ladder.count, Math.ceil((top + HEIGHT_PX) / ROW_PX) + MARGIN_ROWS);
  return (
    <section className={styles.paths} aria-label={t('monitor.both')}>
      <h2 className={styles.heading}>{t('table.monitor.ladder')}</h2>
      {sides.count > 1 ? (
        <div className={styles.pick}>
          <Select
            label={t('column.pair')}
            isLabelHidden
            value={pair}
            options={Array.from({ length: Math.min(sides.count, MOST_CHOICES) }, (_, row) => ({
              value: String(row + 1),
              title: titleOf(row),
            }))}
            onChange={onChoose}
          />
        </div>
      ) : (
        <p className={styles.hint}>{titleOf(0)}</p>
      )}
      <div className={styles.both}>
        <div className={styles.ends} style={{ width: WIDTH_PX }}>
          <span style={{ left: LEFT_PX }}>
            {t('monitor.bothClient')} · {of(shown, 'nearClient')}
          </span>
          <span style={{ left: RIGHT_PX }}>
            {t('monitor.bothServer')} · {of(shown, 'farServer')}
          </span>
        </div>
        <div
          className={styles.steps}
          style={{ height: Math.min(HEIGHT_PX, ladder.count * ROW_PX), width: WIDTH_PX }}
          onScroll={(event) => setTop(event.currentTarget.scrollTop)}
        >
          <div className={styles.whole} style={{ height: ladder.count * ROW_PX }}>
            {Array.from({ length: Math.max(0, last - first) }, (_, i) => (
              <Step key={first + i} table={ladder} row={first + i} />
            ))}
          </div>
        </div>
      </div>
    </section>
  );
}

/** One segment; its frame at both ends is in the filter that it leads to. */
function Step({ table, row }: { readonly table: Table; readonly row: number }) {
  const t = useText();
  const texts = useReportText();
  const show = useLinks();
  const number = (id: string): number => Number(cell(table, row, id) ?? Number.NaN);
  const isToServer = cell(table, row, 'way') === 'way.toServer';
  const isLost = cell(table, row, 'fate') === 'fate.lost';
  const frames = [number('nearFrame'), number('farFrame')];
  const moments = [number('nearTime'), number('farTime')];
  const what = [
    t('monitor.bothBytes', { count: number('bytes') }),
    isLost ? texts.text('value.fate.lost') : texts.quantity(number('delay'), 'ns'),
  ].join(' · ');
  const labels = frames.map((frame, i) =>
    Number.isNaN(frame) ? '' : `${frame} · ${texts.quantity(moments[i] ?? Number.NaN, 'time', SPAN_NS)}`,
  );
  const known = frames.filter((frame) => !Number.isNaN(frame));
  const [from, to] = isToServer ? [LEFT_PX, RIGHT_PX] : [RIGHT_PX, LEFT_PX];
  const end = isLost ? { x: MIDDLE_PX, y: (LEAVES_PX + ARRIVES_PX) / 2 } : { x: to, y: ARRIVES_PX };
  return (
    <button
      type="button"
      className={styles.step}
      data-lost={isLost || undefined}
      style={{ top: row * ROW_PX, height: ROW_PX, width: WIDTH_PX }}
      aria-label={t('monitor.bothStep', {
        frame: known.join(', '),
        way: texts.text(`value.${String(cell(table, row, 'way'))}`),
        what,
      })}
      onClick={() => show({ filter: `frame.number in {${known.join(', ')}}` })}
    >
      <svg width={WIDTH_PX} height={ROW_PX} aria-hidden>
        <text x={LEFT_PX - 10} y={ROW_PX - 10} textAnchor="end">
          {labels[0]}
        </text>
        <text x={RIGHT_PX + 10} y={ROW_PX - 10}>
          {labels[1]}
        </text>
        <line x1={LEFT_PX} x2={LEFT_PX} y1={0} y2={ROW_PX} className={styles.end} />
        <line x1={RIGHT_PX} x2={RIGHT_PX} y1={0} y2={ROW_PX} className={styles.end} />
        <line x1={from} x2={end.x} y1={LEAVES_PX} y2={end.y} className={styles.arrow} />
        {isLost ? (
          <path
            d={`M ${end.x - HEAD_PX} ${end.y - HEAD_PX} l ${2 * HEAD_PX} ${2 * HEAD_PX} m 0 ${-2 * HEAD_PX} l ${-2 * HEAD_PX} ${2 * HEAD_PX}`}
            className={styles.arrow}
          />
        ) : (
          <path d={arrowHead(to, isToServer ? -1 : 1)} className={styles.arrowHead} />
        )}
        <text x={isToServer ? LEFT_PX + 130 : RIGHT_PX - 130} y={ROW_PX - 18} textAnchor="middle">
          {what}
        </text>
      </svg>
    </button>
  );
}

function arrowHead(x: number, back: 1 | -1): string {
  return `M ${x} ${ARRIVES_PX} L ${x + back * 2 * HEAD_PX} ${ARRIVES_PX - HEAD_PX} L ${x + back * 2 * HEAD_PX} ${ARRIVES_PX + HEAD_PX - 1} Z`;
}

function cell(table: Table, row: number, id: string): string | number | undefined {
  return table.columns.find((one) => one.id === id)?.values[row];
}
