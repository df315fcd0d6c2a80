/** The panel "Capture properties": what the file says about itself, and its packets in sum. */

import { FileText } from 'lucide-react';
import type { PropertiesPanel } from '../../../engine/contract/properties.ts';
import { ReportPanel } from '../../components/report/report-panel.tsx';
import { defineView } from '../view.ts';
import { propertiesReport } from './properties-report.ts';

export const propertiesView = defineView({
  id: 'properties',
  group: 'statistics',
  title: 'panel.properties',
  icon: FileText,
  component: () => (
    <ReportPanel panel="properties" icon={FileText} toReport={(value) => propertiesReport(value as PropertiesPanel)} />
  ),
});
