/** The flow chart: both ends as lines, each packet an arrow between them; only the rows in sight are drawn. */

import { useState } from 'react';
import type { Table } from '../../../engine/contract/report.ts';
import { useReportText } from '../../components/report/report-text.ts';
import { useLinks } from '../../components/report/use-links.ts';
import { useText } from '../../state/use-app.ts';
import { ladderSteps } from './ladder-steps.ts';
import styles from './tcp.module.css';

const ROW_PX = 26;
const HEIGHT_PX = 286;
const WIDTH_PX = 760;
/** Where the two ends stand. */
const LEFT_PX = 210;
const RIGHT_PX = 640;
/** Rows drawn above and below those in sight. */
const MARGIN_ROWS = 4;
const HEAD_PX = 5;

interface LadderProps {
  readonly table: Table;
  readonly client: string;
  readonly server: string;
}

export function Ladder({ table, client, server }: LadderProps) {
  const t = useText();
  const texts = useReportText();
  const show = useLinks();
  const [top, setTop] = useState(0);
  const first = Math.max(0, Math.floor(top / ROW_PX) - MARGIN_ROWS);
  const last = Math.min(table.count, Math.ceil((top + HEIGHT_PX) / ROW_PX) + MARGIN_ROWS);
  const steps = ladderSteps(table, first, last, (key) => texts.text(`value.${key}`));
  return (
    <section className={styles.ladder} aria-label={t('tcp.ladder')}>
      <div className={styles.ends} style={{ width: WIDTH_PX }}>
        <span style={{ left: LEFT_PX }}>{client}</span>
        <span style={{ left: RIGHT_PX }}>{server}</span>
      </div>
      <div
        className={styles.steps}
        style={{ height: Math.min(HEIGHT_PX, table.count * ROW_PX) }}
        onScroll={(event) => setTop(event.currentTarget.scrollTop)}
      >
        <div className={styles.whole} style={{ height: table.count * ROW_PX, width: WIDTH_PX }}>
          {steps.map((step) => (
            <button
              key={step.frame}
              type="button"
              className={styles.step}
              data-remarkable={step.isRemarkable || undefined}
              style={{ top: step.index * ROW_PX, height: ROW_PX, width: WIDTH_PX }}
              aria-label={t('tcp.step', { frame: step.frame, what: step.text })}
              onClick={() => show({ filter: `frame.number == ${step.frame}` })}
            >
              <svg width={WIDTH_PX} height={ROW_PX} aria-hidden>
                <text x={LEFT_PX - 12} y={ROW_PX - 9} textAnchor="end" className={styles.moment}>
                  {step.frame} · {texts.quantity(step.time, 'time')}
                </text>
                <line x1={LEFT_PX} x2={LEFT_PX} y1={0} y2={ROW_PX} className={styles.end} />
                <line x1={RIGHT_PX} x2={RIGHT_PX} y1={0} y2={ROW_PX} className={styles.end} />
                <line x1={LEFT_PX} x2={RIGHT_PX} y1={ROW_PX - 6} y2={ROW_PX - 6} className={styles.arrow} />
                <path d={arrowHead(step.isToServer)} className={styles.head} />
                <text x={(LEFT_PX + RIGHT_PX) / 2} y={ROW_PX - 10} textAnchor="middle" className={styles.label}>
                  {step.text}
                </text>
              </svg>
            </button>
          ))}
        </div>
      </div>
    </section>
  );
}

function arrowHead(isToServer: boolean): string {
  const y = ROW_PX - 6;
  const [tip, back] = isToServer ? [RIGHT_PX, RIGHT_PX - 2 * HEAD_PX] : [LEFT_PX, LEFT_PX + 2 * HEAD_PX];
  return `M ${tip} ${y} L ${back} ${y - HEAD_PX} L ${back} ${y + HEAD_PX} Z`;
}
