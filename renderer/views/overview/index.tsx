/** The panel "Overview": what this capture is, in sentences. */

import { Telescope } from 'lucide-react';
import { ReportPanel } from '../../components/report/report-panel.tsx';
import { defineView } from '../view.ts';

export const overviewView = defineView({
  id: 'overview',
  group: 'look',
  title: 'panel.overview',
  icon: Telescope,
  component: () => <ReportPanel panel="overview" icon={Telescope} />,
});
