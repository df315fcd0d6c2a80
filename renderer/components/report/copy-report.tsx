/** Copies a panel's tables as CSV, or all of it as JSON, as the command line prints them. */

import { Braces, Copy, Sheet } from 'lucide-react';
import type { Report } from '../../../engine/contract/report.ts';
import { reportCsv, reportJson } from '../../../engine/contract/report-output.ts';
import { copyToClipboard } from '../../state/clipboard.ts';
import { useApp, useText } from '../../state/use-app.ts';
import { useStore } from '../../state/use-store.ts';
import { IconButton } from '../icon-button.tsx';
import { MenuButton } from '../menu.tsx';
import { useReportText } from './report-text.ts';

export function CopyReport({ panel, report }: { readonly panel: string; readonly report: Report }) {
  const app = useApp();
  const t = useText();
  const texts = useReportText();
  const epoch = BigInt(useStore(app.session, ({ state }) => state?.epoch ?? null) ?? '0');
  return (
    <MenuButton
      label={t('report.copy')}
      placement="bottom end"
      groups={() => [
        {
          id: 'copy',
          entries: [
            ...report.tables.map((table) => ({
              id: `csv ${table.id}`,
              title: t('report.copyCsv', { table: texts.text(`table.${table.id}`) }),
              icon: Sheet,
              run: () => void copyToClipboard(app, reportCsv(table, epoch)),
            })),
            {
              id: 'json',
              title: t('report.copyJson'),
              icon: Braces,
              run: () => void copyToClipboard(app, JSON.stringify(reportJson(report, epoch), null, 2)),
            },
          ],
        },
      ]}
    >
      <IconButton icon={Copy} label={t('report.copy')} data-panel={panel} />
    </MenuButton>
  );
}
