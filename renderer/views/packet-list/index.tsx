/** The panel "Packets": the list, and details and bytes of the current packet in panes that can be moved. */

import { List } from 'lucide-react';
import { PacketPanes } from '../../shell/packet-panes.tsx';
import { defineView } from '../view.ts';

export const packetsView = defineView({
  id: 'packets',
  group: 'look',
  title: 'panel.packets',
  icon: List,
  component: PacketPanes,
});
