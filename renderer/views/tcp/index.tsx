/** The panel "TCP analysis": what was sent again and why, and one connection in pictures and packet by packet. */

import { Waypoints } from 'lucide-react';
import type { Report } from '../../../engine/contract/report.ts';
import { ReportPanel } from '../../components/report/report-panel.tsx';
import { SideChoice } from '../../components/report/side-choice.tsx';
import { defineView } from '../view.ts';
import { ConnectionPicker } from './connection-picker.tsx';
import { Ladder } from './ladder.tsx';
import { pickedConnections } from './picked-connections.ts';

export const tcpView = defineView({
  id: 'tcp',
  group: 'latency',
  title: 'panel.tcp',
  icon: Waypoints,
  component: () => (
    <ReportPanel panel="tcp" icon={Waypoints} head={(report) => <SideChoice report={report} />}>
      {(report, choose) => (
        <>
          <ConnectionPicker report={report} onChoose={(stream) => choose('stream', stream)} />
          <FlowChart report={report} />
        </>
      )}
    </ReportPanel>
  ),
});

/** Of the connection that is shown; nothing where all are. */
function FlowChart({ report }: { readonly report: Report }) {
  const stream = report.choices.find(({ id }) => id === 'stream')?.value ?? '';
  const table = report.tables.find(({ id }) => id === 'tcp.ladder');
  const ends = pickedConnections(report, stream).find((one) => one.stream === stream);
  if (table === undefined || ends === undefined || table.count === 0) return null;
  return <Ladder key={stream} table={table} client={ends.client} server={ends.server} />;
}
