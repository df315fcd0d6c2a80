/** The panel "Expert findings": what is wrong or remarkable, by severity. */

import { Stethoscope } from 'lucide-react';
import { ReportPanel } from '../../components/report/report-panel.tsx';
import { defineView } from '../view.ts';

export const expertView = defineView({
  id: 'expert',
  group: 'latency',
  title: 'panel.expert',
  icon: Stethoscope,
  component: () => <ReportPanel panel="expert" icon={Stethoscope} />,
});
