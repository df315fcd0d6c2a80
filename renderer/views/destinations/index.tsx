/** The panel "Destinations & ports": where packets went, and what is there. */

import { MapPin } from 'lucide-react';
import { ReportPanel } from '../../components/report/report-panel.tsx';
import { defineView } from '../view.ts';

export const destinationsView = defineView({
  id: 'destinations',
  group: 'statistics',
  title: 'panel.destinations',
  icon: MapPin,
  component: () => <ReportPanel panel="destinations" icon={MapPin} />,
});
