/** The panel "Mirror quality": what a mirror of traffic left out. */

import { Copy } from 'lucide-react';
import { ReportPanel } from '../../components/report/report-panel.tsx';
import { defineView } from '../view.ts';
import { OuterSwitch } from './outer-switch.tsx';

export const mirrorView = defineView({
  id: 'mirror',
  group: 'cloud',
  title: 'panel.mirror',
  icon: Copy,
  component: () => (
    <ReportPanel panel="mirror" icon={Copy}>
      {() => <OuterSwitch />}
    </ReportPanel>
  ),
});
