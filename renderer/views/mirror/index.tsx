/** The panel "Mirror quality": what a mirror of traffic left out. */

import { Copy } from 'lucide-react';
import { ReportPanel } from '../../components/report/report-panel.tsx';
import { defineView } from '../view.ts';
import styles from './mirror.module.css';
import { OuterSwitch } from './outer-switch.tsx';
import { PrepareTarget } from './prepare-target.tsx';

export const mirrorView = defineView({
  id: 'mirror',
  group: 'cloud',
  title: 'panel.mirror',
  icon: Copy,
  component: () => (
    <ReportPanel
      panel="mirror"
      icon={Copy}
      head={() => (
        <div className={styles.tools}>
          <PrepareTarget />
        </div>
      )}
    >
      {() => <OuterSwitch />}
    </ReportPanel>
  ),
});
