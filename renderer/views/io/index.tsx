/** The panel "I/O graph": series over time, each a filter and what is counted of its packets. */

import { ChartLine } from 'lucide-react';
import { ReportPanel } from '../../components/report/report-panel.tsx';
import { defineView } from '../view.ts';
import { SeriesEditor } from './series-editor.tsx';

export const ioView = defineView({
  id: 'io',
  group: 'statistics',
  title: 'panel.io',
  icon: ChartLine,
  component: () => (
    <ReportPanel panel="io" icon={ChartLine}>
      {(report, choose) => (
        <SeriesEditor
          text={report.choices.find(({ id }) => id === 'series')?.value ?? ''}
          onChange={(text) => choose('series', text)}
        />
      )}
    </ReportPanel>
  ),
});
