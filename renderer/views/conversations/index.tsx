/** The panel "Conversations": who talks with whom, at each layer. */

import { MessagesSquare } from 'lucide-react';
import { ReportPanel } from '../../components/report/report-panel.tsx';
import { defineView } from '../view.ts';

export const conversationsView = defineView({
  id: 'conversations',
  group: 'statistics',
  title: 'panel.conversations',
  icon: MessagesSquare,
  component: () => <ReportPanel panel="conversations" icon={MessagesSquare} />,
});
