/** The panel "TCP analysis": what was sent again and why, and one connection in pictures and packet by packet. */

import { Waypoints } from 'lucide-react';
import { ReportPanel } from '../../components/report/report-panel.tsx';
import { defineView } from '../view.ts';
import { ConnectionPicker } from './connection-picker.tsx';

export const tcpView = defineView({
  id: 'tcp',
  group: 'latency',
  title: 'panel.tcp',
  icon: Waypoints,
  component: () => (
    <ReportPanel panel="tcp" icon={Waypoints}>
      {(report, choose) => <ConnectionPicker report={report} onChoose={(stream) => choose('stream', stream)} />}
    </ReportPanel>
  ),
});
