/** The panel "Protocol hierarchy": which protocols the packets that are shown consist of, as a picture and as a table. */

import { Braces, Copy, Network, Sheet, ShieldAlert } from 'lucide-react';
import { useMemo, useState } from 'react';
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import type { HierarchyPanel } from '../../../engine/contract/api.ts';
import { formatBytes } from '../../../engine/text/format/bytes.ts';
import { formatCount } from '../../../engine/text/format/count.ts';
import { formatDuration } from '../../../engine/text/format/duration.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { MenuButton } from '../../components/menu.tsx';
import { ProgressBar } from '../../components/progress-bar.tsx';
import { Coverage } from '../../components/report/coverage.tsx';
import { Findings } from '../../components/report/findings.tsx';
import { useLate } from '../../components/use-late.ts';
import { useQuery } from '../../rpc/use-query.ts';
import { copyToClipboard } from '../../state/clipboard.ts';
import { combineFilters } from '../../state/combine-filters.ts';
import { errorText } from '../../state/error-text.ts';
import { useApp, useLanguage, useText } from '../../state/use-app.ts';
import { useStore } from '../../state/use-store.ts';
import { defineView } from '../view.ts';
import styles from './hierarchy.module.css';
import { hierarchyCsv, hierarchyJson, hierarchyRows, type Measure, unwantedFindings } from './hierarchy-rows.ts';
import { Icicle } from './icicle.tsx';
import { TreeTable } from './tree-table.tsx';

export const hierarchyView = defineView({
  id: 'hierarchy',
  group: 'statistics',
  title: 'panel.hierarchy',
  icon: Network,
  component: Hierarchy,
});

/** What takes longer shows how far it is. */
const SLOW_MS = 200;

const MEASURES = ['packets', 'bytes'] as const satisfies readonly Measure[];

function Hierarchy() {
  const app = useApp();
  const t = useText();
  const language = useLanguage();
  const session = useStore(app.session, ({ state }) => state);
  const filter = useStore(app.filter, (state) => state.filter);
  const range = useStore(app.filter, (state) => state.range);
  const appearances = useStore(app.filter, (state) => state.appearances);
  const [measure, setMeasure] = useState<Measure>('packets');
  const [selected, setSelected] = useState('');
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set());
  // While a capture loads the figures are asked again with every tenth of it, and once at the end.
  const stage = session === null ? 0 : session.isLoading ? Math.floor(session.progress * 10) : 10 + session.revision;
  const { value, error, isLoading, progress } = useQuery(
    'panel.get',
    session === null ? null : { session: session.session, panel: 'hierarchy', filter, range, appearances },
    `${stage} ${session?.isLoading === true ? '' : (session?.packets ?? 0)}`,
  );
  const isSlow = useLate(isLoading, SLOW_MS);
  const panel = value as HierarchyPanel | undefined;
  const rows = useMemo(() => (panel === undefined ? [] : hierarchyRows(panel)), [panel]);

  const show = (clause: string): void => {
    if (clause !== '') void app.navigate({ panel: 'packets', filter: combineFilters(filter, clause, 'and') });
  };

  if (error !== undefined) {
    return (
      <EmptyState icon={Network} text={t('hierarchy.failed', { reason: errorText(language, error, 'bare') ?? '' })} />
    );
  }
  if (panel === undefined) {
    return isLoading ? (
      <div className={styles.wait}>
        <ProgressBar
          label={t('hierarchy.counting', { percent: Math.round(progress * 100) })}
          value={progress || null}
        />
      </div>
    ) : null;
  }
  if (rows.length === 0) {
    return (
      <EmptyState
        icon={Network}
        text={t(filter === '' && range === null ? 'empty.file' : 'empty.filter')}
        {...(filter === '' && range === null
          ? {}
          : { action: { title: t('empty.filterClear'), run: () => void app.navigate({ filter: '', range: null }) } })}
      />
    );
  }
  return (
    <div className={styles.panel} data-pane="panel">
      <div className={styles.head}>
        <h1 className={styles.title}>{t('panel.hierarchy')}</h1>
        <span className={styles.summary}>
          {t('hierarchy.summary', {
            packets: formatCount(panel.packets, language),
            bytes: formatBytes(panel.bytes, language),
            duration: formatDuration(panel.duration / 1e6, language),
          })}
        </span>
        {isSlow && (
          <ProgressBar
            label={t('hierarchy.counting', { percent: Math.round(progress * 100) })}
            value={progress || null}
          />
        )}
        <span className={styles.space} />
        <Button kind="link" icon={ShieldAlert} onPress={() => app.layout.openDialog('unwanted')}>
          {t('unwanted.edit')}
        </Button>
        <ToggleButtonGroup
          aria-label={t('hierarchy.measure')}
          className={styles.choice ?? ''}
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[measure]}
          onSelectionChange={(keys) => setMeasure([...keys][0] === 'bytes' ? 'bytes' : 'packets')}
        >
          {MEASURES.map((one) => (
            <ToggleButton key={one} id={one} className={styles.option ?? ''}>
              {t(one === 'packets' ? 'hierarchy.byPackets' : 'hierarchy.byBytes')}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
        <MenuButton
          label={t('hierarchy.copyCsv')}
          placement="bottom end"
          groups={() => [
            {
              id: 'copy',
              entries: [
                {
                  id: 'csv',
                  title: t('hierarchy.copyCsv'),
                  icon: Sheet,
                  run: () => void copyToClipboard(app, hierarchyCsv(rows)),
                },
                {
                  id: 'json',
                  title: t('hierarchy.copyJson'),
                  icon: Braces,
                  run: () => void copyToClipboard(app, hierarchyJson(rows)),
                },
              ],
            },
          ]}
        >
          <IconButton icon={Copy} label={t('hierarchy.copy')} />
        </MenuButton>
      </div>
      {session !== null && <Coverage session={session} />}
      {panel.unwanted.length > 0 && (
        <div className={styles.unwanted}>
          <Findings findings={unwantedFindings(panel.unwanted)} />
        </div>
      )}
      {panel.isGathering && <p className={styles.gathering}>{t('hierarchy.gathering')}</p>}
      <Icicle rows={rows} measure={measure} whole={panel} selected={selected} onSelect={setSelected} onShow={show} />
      <TreeTable
        rows={rows}
        whole={panel}
        measure={measure}
        selected={selected}
        onSelect={setSelected}
        collapsed={collapsed}
        onCollapse={setCollapsed}
        onShow={show}
      />
    </div>
  );
}
