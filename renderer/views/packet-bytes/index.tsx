/** The region "Packet bytes": the current packet in hexadecimal and ASCII, one tab per source of bytes, linked with the tree. */

import { Copy } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Tab, TabList, Tabs } from 'react-aria-components';
import type { PacketDetail } from '../../../engine/contract/api.ts';
import { ContextMenu, type MenuGroup } from '../../components/menu.tsx';
import type { MenuPlace } from '../../components/menu-place.ts';
import { PaneHead } from '../../components/pane-head.tsx';
import { filterGroup } from '../../components/value-menu.tsx';
import { copyToClipboard } from '../../state/clipboard.ts';
import { deepestAt } from '../../state/detail-nodes.ts';
import { detailStore } from '../../state/detail-store.ts';
import { useApp, useText } from '../../state/use-app.ts';
import { useStore } from '../../state/use-store.ts';
import { type ByteRange, type CopyFormat, copyText } from './hex-layout.ts';
import { HexRows } from './hex-rows.tsx';
import styles from './packet-bytes.module.css';

const FORMATS = ['hex', 'stream', 'dump', 'text', 'c', 'base64'] as const satisfies readonly CopyFormat[];

export function PacketBytes({ actions }: { readonly actions?: ReactNode }) {
  const app = useApp();
  const t = useText();
  const store = detailStore(app);
  const detail = useStore(store, (state) => state.detail);
  const selected = useStore(app.selection, ({ bytes }) => bytes);
  const [menu, setMenu] = useState<MenuPlace | null>(null);
  const [choice, setChoice] = useState<Choice>({ detail: null, selected: null, source: 0 });

  const source = currentSource(detail, selected, choice);
  const bytes = detail?.sources[source]?.bytes;
  const marked: ByteRange | null =
    selected !== null && selected.source === source && selected.length > 0
      ? { at: selected.at, end: selected.at + selected.length }
      : null;

  const pick = (at: number): void => {
    const node = detail === null ? -1 : deepestAt(detail.nodes, source, at);
    if (node >= 0) store.selectNode(node);
    else store.selectBytes(source, at, 1, -1);
  };

  const select = (range: ByteRange): void => {
    const node = detail === null ? -1 : deepestAt(detail.nodes, source, range.at, range.end);
    store.selectBytes(source, range.at, range.end - range.at, node);
  };

  const copy = (format: CopyFormat): void => {
    if (bytes !== undefined) void copyToClipboard(app, copyText(bytes, marked ?? { at: 0, end: bytes.length }, format));
  };

  const groups = (): MenuGroup[] => [
    filterGroup(app, t, detail?.nodes[selected?.node ?? -1]?.filter ?? ''),
    {
      id: 'copy',
      title: marked === null ? t('bytes.copyAll') : t('bytes.copySelected', { count: marked.end - marked.at }),
      entries: FORMATS.map((format) => ({
        id: format,
        title: t(`bytes.copy.${format}`),
        ...(format === 'hex' ? { icon: Copy } : {}),
        run: () => copy(format),
      })),
    },
  ];

  const isOne = (detail?.sources.length ?? 0) <= 1;
  const head =
    bytes === undefined
      ? ''
      : [
          t('bytes.length', { count: bytes.length }),
          ...(selected === null || selected.field === '' ? [] : [selected.field]),
          ...(marked === null ? [] : [t('bytes.selected', { from: marked.at, count: marked.end - marked.at })]),
        ].join(' · ');
  return (
    <section className={styles.pane} aria-label={t('bytes.label')}>
      <PaneHead title={t('pane.bytes')} detail={head}>
        {actions}
      </PaneHead>
      {!isOne && (
        <Tabs
          selectedKey={String(source)}
          onSelectionChange={(key) => setChoice({ detail, selected, source: Number(key) })}
        >
          <TabList aria-label={t('bytes.sources')} className={styles.tabs ?? ''}>
            {detail?.sources.map((each, index) => (
              <Tab key={`${index} ${each.name}`} id={String(index)} className={styles.tab ?? ''}>
                {each.name}
              </Tab>
            ))}
          </TabList>
        </Tabs>
      )}
      {bytes !== undefined && (
        <HexRows
          label={t('bytes.dump')}
          bytes={bytes}
          marked={marked}
          onPick={pick}
          onSelect={select}
          onCopy={copy}
          onMenu={setMenu}
        />
      )}
      <ContextMenu
        label={t('cell.menu')}
        at={menu}
        groups={menu === null ? [] : groups()}
        onClose={() => setMenu(null)}
      />
    </section>
  );
}

/** A tab that was clicked: it holds until another packet or field is selected. */
interface Choice {
  readonly detail: PacketDetail | null;
  readonly selected: object | null;
  readonly source: number;
}

function currentSource(
  detail: PacketDetail | null,
  selected: { readonly source: number } | null,
  choice: Choice,
): number {
  const count = detail?.sources.length ?? 0;
  const wanted = choice.detail === detail && choice.selected === selected ? choice.source : (selected?.source ?? 0);
  return wanted < count ? wanted : 0;
}
