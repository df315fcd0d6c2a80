/** List, details and bytes: below it, beside it, stacked or hidden; sizes are remembered for each arrangement. */

import { PanelBottom, PanelRight, Rows3, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Group, Panel, type Layout as PaneSizes, Separator } from 'react-resizable-panels';
import { commandEntry } from '../commands/menu-entry.ts';
import { panePlaces } from '../commands/panes.ts';
import { IconButton } from '../components/icon-button.tsx';
import { MenuButton } from '../components/menu.tsx';
import { useApp, useText } from '../state/use-app.ts';
import { useStore } from '../state/use-store.ts';
import { PacketBytes } from '../views/packet-bytes/index.tsx';
import { PacketDetail } from '../views/packet-detail/index.tsx';
import { PacketList } from '../views/packet-list/packet-list.tsx';
import styles from './packet-panes.module.css';

const PLACE_ICONS = { below: PanelBottom, side: PanelRight, stacked: Rows3, hidden: X } as const;

export function PacketPanes() {
  const app = useApp();
  const panes = useStore(app.layout, (layout) => layout.panes);
  const showsDetails = useStore(app.layout, (layout) => layout.showsDetails);
  const showsBytes = useStore(app.layout, (layout) => layout.showsBytes);
  const hasLower = panes !== 'hidden' && (showsDetails || showsBytes);
  const outer = panes === 'side' ? 'horizontal' : 'vertical';
  return (
    <Panes name={`packets-${panes}`} orientation={outer}>
      <Panel id="list" minSize={90} defaultSize="66%">
        <PacketList />
      </Panel>
      {hasLower && (
        <>
          <Divider orientation={outer} />
          <Panel id="lower" minSize={90} defaultSize="34%">
            <Lower isStacked={panes !== 'below'} showsDetails={showsDetails} showsBytes={showsBytes} />
          </Panel>
        </>
      )}
    </Panes>
  );
}

interface LowerProps {
  readonly isStacked: boolean;
  readonly showsDetails: boolean;
  readonly showsBytes: boolean;
}

function Lower({ isStacked, showsDetails, showsBytes }: LowerProps) {
  const orientation = isStacked ? 'vertical' : 'horizontal';
  return (
    <Panes name={`lower-${orientation}`} orientation={orientation}>
      {showsDetails && (
        <Panel id="details" minSize={120} defaultSize="54%" className={styles.pane ?? ''}>
          <div className={styles.pane} data-pane="details">
            <PacketDetail actions={<PaneActions pane="showsDetails" isFirst />} />
          </div>
        </Panel>
      )}
      {showsDetails && showsBytes && <Divider orientation={orientation} />}
      {showsBytes && (
        <Panel id="bytes" minSize={120} defaultSize="46%" className={styles.pane ?? ''}>
          <div className={styles.pane} data-pane="bytes">
            <PacketBytes actions={<PaneActions pane="showsBytes" isFirst={!showsDetails} />} />
          </div>
        </Panel>
      )}
    </Panes>
  );
}

/** At the right edge of a pane's head: how the panes are arranged (once), and close. */
function PaneActions({ pane, isFirst }: { readonly pane: 'showsDetails' | 'showsBytes'; readonly isFirst: boolean }) {
  const app = useApp();
  const t = useText();
  const panes = useStore(app.layout, (layout) => layout.panes);
  return (
    <div className={styles.actions}>
      {isFirst && (
        <MenuButton
          label={t('pane.arrange')}
          placement="bottom end"
          groups={() => [{ id: 'all', entries: panePlaces.map((command) => commandEntry(app, t, command)) }]}
        >
          <IconButton icon={PLACE_ICONS[panes]} label={t('pane.arrange')} isSmall />
        </MenuButton>
      )}
      <IconButton icon={X} label={t('pane.close')} isSmall onPress={() => app.layout.update({ [pane]: false })} />
    </div>
  );
}

interface PanesProps {
  /** Under this name the sizes are kept. */
  readonly name: string;
  readonly orientation: 'horizontal' | 'vertical';
  readonly children: ReactNode;
}

function Panes({ name, orientation, children }: PanesProps) {
  const app = useApp();
  const sizes: PaneSizes | undefined = app.layout.get().sizes[name];
  return (
    <Group
      // Another arrangement is another group, with sizes of its own.
      key={name}
      id={name}
      className={styles.group ?? ''}
      orientation={orientation}
      {...(sizes === undefined ? {} : { defaultLayout: sizes })}
      onLayoutChanged={(layout, { isUserInteraction }) => {
        if (isUserInteraction) app.layout.keepSizes(name, layout);
      }}
    >
      {children}
    </Group>
  );
}

function Divider({ orientation }: { readonly orientation: 'horizontal' | 'vertical' }) {
  const t = useText();
  return <Separator className={styles.divider ?? ''} data-across={orientation} aria-label={t('pane.resize')} />;
}
