/** The panel "Response times": how long services take to answer. */

import { Hourglass } from 'lucide-react';
import { ReportPanel } from '../../components/report/report-panel.tsx';
import { defineView } from '../view.ts';

export const responseView = defineView({
  id: 'response',
  group: 'latency',
  title: 'panel.response',
  icon: Hourglass,
  component: () => <ReportPanel panel="response" icon={Hourglass} />,
});
