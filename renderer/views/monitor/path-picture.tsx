/** The way from the own instance over cards and subnets to the others, with the names of the map; the worst flow is marked. */

import { linkOf, type Report, type Table } from '../../../engine/contract/report.ts';
import { isText } from '../../../engine/contract/report-output.ts';
import { useReportText } from '../../components/report/report-text.ts';
import { useLinks } from '../../components/report/use-links.ts';
import { useText } from '../../state/use-app.ts';
import styles from './monitor.module.css';

/** More are in the table below. */
const SHOWN = 6;
const OWN = ['ownInstance', 'ownAddress', 'ownCard', 'ownSubnet'] as const;
const REMOTE = ['remoteSubnet', 'remoteCard', 'remoteInstance', 'remoteAddress'] as const;
const BAD: readonly string[] = ['networkBefore', 'networkAfter', 'networkUnknown', 'receiver', 'sender', 'server'];

export function PathPicture({ report }: { readonly report: Report }) {
  const t = useText();
  const texts = useReportText();
  const show = useLinks();
  const table = report.tables.find(({ id }) => id === 'monitor.paths');
  if (table === undefined || table.count === 0) return null;
  const rows = Array.from({ length: Math.min(SHOWN, table.count) }, (_, row) => row);
  const worst = rows.find((row) => BAD.includes(cell(table, row, 'verdict').replace('verdict.', '')));
  return (
    <section className={styles.paths} aria-label={t('monitor.path')}>
      <h2 className={styles.heading}>{t('monitor.path')}</h2>
      {rows.map((row) => {
        const verdict = cell(table, row, 'verdict');
        const isBad = BAD.includes(verdict.replace('verdict.', ''));
        return (
          <div key={row} className={styles.path} data-worst={row === worst || undefined} data-bad={isBad || undefined}>
            {stops(table, row, OWN).map((text, i) => (
              <span key={`own ${OWN[i]}`} className={styles.stop} data-own>
                {text}
              </span>
            ))}
            <button
              type="button"
              className={styles.way}
              onClick={() => {
                const link = linkOf(table, null, row);
                if (link !== null) show(link);
              }}
            >
              <span>{t('monitor.flowCount', { count: Number(cell(table, row, 'flows')) })}</span>
              <span className={styles.line} />
              <span>
                {texts.text(`value.${verdict}`)}
                {row === worst && ` · ${t('monitor.worst', { stream: cell(table, row, 'worstStream') })}`}
              </span>
            </button>
            {stops(table, row, REMOTE).map((text, i) => (
              <span key={`remote ${REMOTE[i]}`} className={styles.stop}>
                {text}
              </span>
            ))}
          </div>
        );
      })}
    </section>
  );
}

function stops(table: Table, row: number, columns: readonly string[]): string[] {
  return columns.map((id) => cell(table, row, id)).filter((text) => text !== '');
}

function cell(table: Table, row: number, id: string): string {
  const column = table.columns.find((one) => one.id === id);
  if (column === undefined) return '';
  return isText(column) ? (column.values[row] ?? '') : String(column.values[row] ?? '');
}
