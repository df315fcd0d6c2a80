/** The tables of a report: one, or several behind tabs. */

import { useState } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import type { Table } from '../../../engine/contract/report.ts';
import { useText } from '../../state/use-app.ts';
import styles from './report.module.css';
import { ReportTable } from './report-table.tsx';
import { useReportText } from './report-text.ts';

export function ReportTables({ panel, tables }: { readonly panel: string; readonly tables: readonly Table[] }) {
  const t = useText();
  const texts = useReportText();
  const [shown, setShown] = useState('');
  const [first] = tables;
  if (first === undefined) return null;
  const name = (table: Table): string => texts.text(`table.${table.id}`);
  // A table of other columns is another table: it begins with its own order.
  const key = (table: Table): string => `${panel} ${table.id} ${table.columns.map(({ id }) => id).join()}`;
  if (tables.length === 1) {
    return (
      <div className={styles.tables}>
        <ReportTable key={key(first)} name={name(first)} table={first} />
      </div>
    );
  }
  const selected = tables.some(({ id }) => id === shown) ? shown : first.id;
  return (
    <Tabs className={styles.tables ?? ''} selectedKey={selected} onSelectionChange={(one) => setShown(String(one))}>
      <TabList className={styles.tabs ?? ''} aria-label={t('report.tables')}>
        {tables.map((table) => (
          <Tab key={table.id} id={table.id} className={styles.tab ?? ''}>
            {name(table)} <span className={styles.note}>{texts.quantity(table.count, 'count')}</span>
          </Tab>
        ))}
      </TabList>
      {tables.map((table) => (
        <TabPanel key={table.id} id={table.id} className={styles.tabPanel ?? ''}>
          <ReportTable key={key(table)} name={name(table)} table={table} />
        </TabPanel>
      ))}
    </Tabs>
  );
}
