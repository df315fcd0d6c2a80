/** The panel "Endpoints": each address, what it sent and what it got. */

import { MonitorDot } from 'lucide-react';
import { ReportPanel } from '../../components/report/report-panel.tsx';
import { defineView } from '../view.ts';

export const endpointsView = defineView({
  id: 'endpoints',
  group: 'statistics',
  title: 'panel.endpoints',
  icon: MonitorDot,
  component: () => <ReportPanel panel="endpoints" icon={MonitorDot} />,
});
