/** The panel "Round trips": how long the way there and back takes. */

import { Timer } from 'lucide-react';
import { ReportPanel } from '../../components/report/report-panel.tsx';
import { SideChoice } from '../../components/report/side-choice.tsx';
import { defineView } from '../view.ts';

export const rttView = defineView({
  id: 'rtt',
  group: 'latency',
  title: 'panel.rtt',
  icon: Timer,
  component: () => <ReportPanel panel="rtt" head={(report) => <SideChoice report={report} />} icon={Timer} />,
});
