/** The panel "Flow monitors": where flows go, how they fare, and whether it is the network or the application. */

import { Activity } from 'lucide-react';
import { MONITOR_BUCKETS } from '../../../engine/contract/monitors.ts';
import type { Report } from '../../../engine/contract/report.ts';
import { Select } from '../../components/form.tsx';
import { ReportPanel } from '../../components/report/report-panel.tsx';
import { useText } from '../../state/use-app.ts';
import { defineView } from '../view.ts';
import { BothLadder } from './both-ladder.tsx';
import { HealthEditor } from './health-editor.tsx';
import styles from './monitor.module.css';
import { MonitorEditor } from './monitor-editor.tsx';
import { PathPicture } from './path-picture.tsx';

type Choose = (id: string, value: string) => void;

export const monitorView = defineView({
  id: 'monitor',
  group: 'cloud',
  title: 'panel.monitor',
  icon: Activity,
  component: () => (
    <ReportPanel panel="monitor" icon={Activity} head={(report, choose) => <Head report={report} choose={choose} />}>
      {(report, choose) => (
        <>
          <BothLadder report={report} onChoose={(pair) => choose('pair', pair)} />
          <PathPicture report={report} />
        </>
      )}
    </ReportPanel>
  ),
});

interface HeadProps {
  readonly report: Report;
  readonly choose: Choose;
}

function Head({ report, choose }: HeadProps) {
  const t = useText();
  const chosen = (id: string): string => report.choices.find((one) => one.id === id)?.value ?? '';
  const bucket = MONITOR_BUCKETS.find((one) => one === chosen('bucket')) ?? 'auto';
  return (
    <div className={styles.head}>
      <Select
        label={t('choice.bucket')}
        isLabelHidden
        value={bucket}
        options={MONITOR_BUCKETS.map((value) => ({ value, title: t(`choice.bucket.${value}`) }))}
        onChange={(value) => choose('bucket', value)}
      />
      <MonitorEditor text={chosen('monitors')} onChange={(text) => choose('monitors', text)} />
      <HealthEditor text={chosen('health')} onChange={(text) => choose('health', text)} />
    </div>
  );
}
