/** The panel "Packet lengths": how many packets are how long. */

import { Ruler } from 'lucide-react';
import { ReportPanel } from '../../components/report/report-panel.tsx';
import { defineView } from '../view.ts';

export const lengthsView = defineView({
  id: 'lengths',
  group: 'statistics',
  title: 'panel.lengths',
  icon: Ruler,
  component: () => <ReportPanel panel="lengths" icon={Ruler} />,
});
