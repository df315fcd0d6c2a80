/** The panel "Resolved names": which names the capture itself gives to addresses. */

import { Tags } from 'lucide-react';
import { ReportPanel } from '../../components/report/report-panel.tsx';
import { defineView } from '../view.ts';

export const namesView = defineView({
  id: 'names',
  group: 'statistics',
  title: 'panel.names',
  icon: Tags,
  component: () => <ReportPanel panel="names" icon={Tags} />,
});
