/**
 * A panel that is a report: what was found as sentences, figures, pictures and tables, in this order. The host makes it, this
 * draws it; a view says no more than its name and icon.
 */

import { CircleHelp, type LucideIcon } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button as AriaButton, Dialog, DialogTrigger, Popover } from 'react-aria-components';
import type { Report } from '../../../engine/contract/report.ts';
import { useQuery } from '../../rpc/use-query.ts';
import { errorText } from '../../state/error-text.ts';
import { useApp, useLanguage, useText } from '../../state/use-app.ts';
import { useStore } from '../../state/use-store.ts';
import { EmptyState } from '../empty-state.tsx';
import { ProgressBar } from '../progress-bar.tsx';
import { useLate } from '../use-late.ts';
import { Choices } from './choices.tsx';
import { CopyReport } from './copy-report.tsx';
import { Coverage } from './coverage.tsx';
import { Figures } from './figures.tsx';
import { Findings } from './findings.tsx';
import styles from './report.module.css';
import { ReportChart } from './report-chart.tsx';
import { ReportTables } from './report-tables.tsx';
import { useReportText } from './report-text.ts';

export interface ReportPanelProps {
  /** The panel's name at the host. */
  readonly panel: string;
  readonly icon: LucideIcon;
  /** Makes a report of what the panel says, where it says it in another shape. */
  readonly toReport?: (value: unknown) => Report;
  /** Something of the panel's own, under its title. */
  readonly head?: (report: Report, choose: (id: string, value: string) => void) => ReactNode;
  /** Something of the panel's own, between the pictures and the tables. */
  readonly children?: (report: Report, choose: (id: string, value: string) => void) => ReactNode;
}

export function ReportPanel({ panel, icon, toReport = asReport, head, children }: ReportPanelProps) {
  const app = useApp();
  const t = useText();
  const language = useLanguage();
  const texts = useReportText();
  const session = useStore(app.session, ({ state }) => state);
  const filter = useStore(app.filter, (state) => state.filter);
  const range = useStore(app.filter, (state) => state.range);
  const appearances = useStore(app.filter, (state) => state.appearances);
  const options = useStore(app.layout, (layout) => layout.panelOptions[panel] ?? NO_OPTIONS);
  const choose = (id: string, value: string): void => app.layout.setPanelOption(panel, id, value);
  // While a capture loads the figures are asked again with every tenth of it, and once at the end.
  const stage = session === null ? 0 : session.isLoading ? Math.floor(session.progress * 10) : 10 + session.revision;
  const { value, error, isLoading, progress } = useQuery(
    'panel.get',
    session === null ? null : { session: session.session, panel, filter, range, appearances, options },
    `${stage} ${session?.isLoading === true ? '' : (session?.packets ?? 0)}`,
  );
  // A live capture asks again all the time: what is answered at once shows no progress.
  const isSlow = useLate(isLoading, SLOW_MS);
  const [isBlown, setBlown] = useState('');
  if (session === null) return <EmptyState icon={icon} text={t('empty.file')} />;
  if (error !== undefined) {
    return <EmptyState icon={icon} text={t('report.failed', { reason: errorText(language, error, 'bare') ?? '' })} />;
  }
  const wait = (
    <ProgressBar label={t('report.counting', { percent: Math.round(progress * 100) })} value={progress || null} />
  );
  if (value === undefined) return isLoading ? <div className={styles.wait}>{wait}</div> : null;
  const report = toReport(value);
  const charts = report.charts.filter(({ id }) => isBlown === '' || id === isBlown);
  return (
    <div className={styles.panel} data-pane="panel">
      <div className={styles.head}>
        <h1 className={styles.title}>{texts.text(`panel.${panel}`)}</h1>
        <DialogTrigger>
          <AriaButton className={styles.explain ?? ''} aria-label={t('report.explain')}>
            <CircleHelp aria-hidden />
          </AriaButton>
          <Popover className={styles.popover ?? ''} placement="bottom start" offset={4}>
            <Dialog className={styles.explanation ?? ''} aria-label={t('report.explain')}>
              {texts.text(`explain.${panel}`)}
            </Dialog>
          </Popover>
        </DialogTrigger>
        {isSlow && wait}
        <span className={styles.space} />
        <Choices choices={report.choices} onChoose={choose} />
        <CopyReport panel={panel} report={report} />
      </div>
      <Coverage session={session} />
      {head?.(report, choose)}
      <Findings findings={report.findings} />
      <Figures figures={report.figures} />
      {charts.length > 0 && (
        <div className={styles.charts} data-count={charts.length}>
          {charts.map((chart) => (
            <ReportChart
              key={chart.id}
              chart={chart}
              isLarge={isBlown === chart.id}
              onLarge={() => setBlown(isBlown === chart.id ? '' : chart.id)}
            />
          ))}
        </div>
      )}
      {children?.(report, choose)}
      <ReportTables panel={panel} tables={report.tables} />
    </div>
  );
}

const asReport = (value: unknown): Report => value as Report;

/** What takes longer shows how far it is. */
const SLOW_MS = 200;

const NO_OPTIONS: Readonly<Record<string, string>> = {};
