/** One page for whoever pays: figures, classes, the largest destinations, and what all of it stands on. */

import type { Report, Table } from '../../../engine/contract/report.ts';
import { isText } from '../../../engine/contract/report-output.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { type ReportText, useReportText } from '../../components/report/report-text.ts';
import { useApp, useLanguage, useText } from '../../state/use-app.ts';
import { useStore } from '../../state/use-store.ts';
import styles from './egress.module.css';
import { pageTable } from './page-table.ts';

const TOP = 10;
const CLASS_COLUMNS = [
  'billing',
  'destinations',
  'ipBytes',
  'egressShare',
  'month',
  'costMonth',
  'costLow',
  'costHigh',
];
const DESTINATION_COLUMNS = ['address', 'name', 'billing', 'ipBytes', 'egressShare', 'owner', 'billingReason'];

interface PrintReportProps {
  readonly report: Report;
  readonly onClose: () => void;
}

export function PrintReport({ report, onClose }: PrintReportProps) {
  const app = useApp();
  const t = useText();
  const language = useLanguage();
  const texts = useReportText();
  const session = useStore(app.session, ({ state }) => state);
  const filter = useStore(app.filter, (state) => state.filter);
  const range = useStore(app.filter, (state) => state.range);
  const tableOf = (id: string): Table | undefined => report.tables.find((one) => one.id === id);
  const classes = tableOf('egress.classes');
  const destinations = tableOf('egress.destinations');
  const file = session?.files.map(({ name }) => name).join(', ') ?? '';
  const moment = (time: number | undefined): string => texts.quantity(time ?? Number.NaN, 'time', 3600e9);
  return (
    <Dialog
      title={t('cloud.print')}
      size="large"
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>{t('action.close')}</Button>
          <Button kind="primary" onPress={() => window.print()}>
            {t('cloud.printNow')}
          </Button>
        </>
      }
    >
      <article className={styles.page} lang={language}>
        <h1>{t('cloud.reportTitle', { file })}</h1>
        <p className={styles.made}>
          {t('cloud.reportMade', {
            date: new Intl.DateTimeFormat(language, { dateStyle: 'long' }).format(new Date()),
            packets: session?.packets ?? 0,
            from: moment(range?.from ?? session?.firstTime),
            until: moment(range?.to ?? session?.lastTime),
          })}
          {filter !== '' && ` ${t('filterBar.label')}: ${filter}`}
        </p>
        <dl className={styles.figures}>
          {report.figures.map(({ id, value, unit }) => (
            <div key={id}>
              <dt>{texts.text(`figure.${id}`)}</dt>
              <dd>{texts.quantity(value, unit)}</dd>
            </div>
          ))}
        </dl>
        {classes !== undefined && (
          <PageTable table={classes} columns={CLASS_COLUMNS} rows={classes.count} texts={texts} />
        )}
        {destinations !== undefined && (
          <>
            <h2>{t('cloud.reportTop')}</h2>
            <PageTable table={destinations} columns={DESTINATION_COLUMNS} rows={TOP} texts={texts} />
          </>
        )}
        <h2>{t('cloud.reportEvidence')}</h2>
        <ul>
          {report.findings.map(({ id, values }) => (
            <li key={`${id} ${JSON.stringify(values)}`}>{texts.sentence(`finding.${id}`, values)}</li>
          ))}
        </ul>
        <h2>{t('cloud.reportMethod')}</h2>
        <p className={styles.method}>{texts.text('explain.egress')}</p>
      </article>
    </Dialog>
  );
}

interface PageTableProps {
  readonly table: Table;
  readonly columns: readonly string[];
  readonly rows: number;
  readonly texts: ReportText;
}

function PageTable({ table, columns, rows, texts }: PageTableProps) {
  const { shown, cells } = pageTable(table, columns, rows, texts);
  return (
    <table>
      <thead>
        <tr>
          {shown.map((column) => (
            <th key={column.id} data-number={isText(column) ? undefined : true}>
              {texts.text(`column.${column.id}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {cells.map((line) => (
          <tr key={line.join(' ')}>
            {line.map((text, i) => (
              <td key={shown[i]?.id} data-number={shown[i] !== undefined && isText(shown[i]) ? undefined : true}>
                {text}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
