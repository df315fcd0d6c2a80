/** The tree "Packet details": every field of the current packet, linked with the bytes pane and the filter. */

import { CornerDownRight, MessageSquareText } from 'lucide-react';
import { type ReactNode, useCallback, useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import type { DetailNode } from '../../../engine/contract/api.ts';
import { commandEntry } from '../../commands/menu-entry.ts';
import { followStream } from '../../commands/streams.ts';
import type { MenuGroup } from '../../components/menu.tsx';
import type { MenuPlace } from '../../components/menu-place.ts';
import { PaneHead } from '../../components/pane-head.tsx';
import { Tree, type TreeHandle } from '../../components/tree.tsx';
import { ancestorsOf, endOfSubtree } from '../../components/tree-rows.ts';
import { ValueMenu, type ValueTarget } from '../../components/value-menu.tsx';
import { copyToClipboard } from '../../state/clipboard.ts';
import { nodeNames, openNodes } from '../../state/detail-nodes.ts';
import { detailStore } from '../../state/detail-store.ts';
import { errorText } from '../../state/error-text.ts';
import { registerFocusPlace } from '../../state/focus-places.ts';
import { useApp, useLanguage, useText } from '../../state/use-app.ts';
import { useStore } from '../../state/use-store.ts';
import styles from './packet-detail.module.css';
import { StackView } from './stack-view.tsx';

const NO_NODES: readonly DetailNode[] = [];

export function PacketDetail({ actions }: { readonly actions?: ReactNode }): ReactNode {
  const app = useApp();
  const t = useText();
  const language = useLanguage();
  const store = detailStore(app);
  const detail = useStore(store, (state) => state.detail);
  const error = useStore(store, (state) => state.error);
  const chosen = useStore(store, (state) => state.chosen);
  const selectedNode = useStore(app.selection, ({ bytes }) => bytes?.node ?? -1);
  const tree = useRef<TreeHandle>(null);
  const [menu, setMenu] = useState<{ readonly place: MenuPlace; readonly index: number } | null>(null);

  const nodes = detail?.nodes ?? NO_NODES;
  const names = useMemo(() => nodeNames(nodes), [nodes]);
  const open = useMemo(() => openNodes(nodes, chosen), [nodes, chosen]);
  const isExpanded = useCallback((index: number) => open[index] === true, [open]);
  const selected = selectedNode < nodes.length ? selectedNode : -1;

  useEffect(() => registerFocusPlace('details', () => tree.current?.focus()), []);

  // A field that is selected in the bytes is shown, whatever it is inside of. Only a new selection opens: closing a node
  // around the selected one must stay possible.
  const openAround = useEffectEvent((index: number) => {
    const closed = ancestorsOf(nodes, index).filter((above) => open[above] !== true);
    if (closed.length > 0)
      store.setOpen(
        closed.map((above) => names[above] ?? ''),
        true,
      );
  });
  useEffect(() => {
    if (selected >= 0) openAround(selected);
  }, [selected, nodes]);

  const setExpanded = (indexes: readonly number[], isOpen: boolean): void => {
    if (!isOpen && selected >= 0) {
      const around = indexes.find((index) => index < selected && selected < endOfSubtree(nodes, index));
      if (around !== undefined) store.selectNode(around);
    }
    store.setOpen(
      indexes.map((index) => names[index] ?? ''),
      isOpen,
    );
  };

  const jump = (index: number): boolean => {
    const row = nodes[index]?.frameRow ?? -1;
    if (row < 0) return false;
    void app.goToPacket(row);
    return true;
  };

  const groups = (index: number, node: DetailNode): MenuGroup[] => [
    {
      id: 'text',
      entries: [
        { id: 'copy-line', title: t('details.copyLine'), run: () => void copyToClipboard(app, node.label) },
        {
          id: 'copy-tree',
          title: t('details.copyTree'),
          run: () => void copyToClipboard(app, subtreeText(nodes, index)),
        },
      ],
    },
    {
      id: 'packet',
      entries: [
        ...(node.frameRow < 0
          ? []
          : [
              {
                id: 'go-to-frame',
                title: t('details.goToFrame', { number: node.frameRow + 1 }),
                icon: CornerDownRight,
                run: () => void jump(index),
              },
            ]),
        {
          id: 'comment',
          title: t('packet.comment'),
          icon: MessageSquareText,
          run: () => app.layout.openDialog('comments'),
        },
        commandEntry(app, t, followStream),
      ],
    },
    {
      id: 'tree',
      entries: [
        { id: 'expand', title: t('details.expandAll'), run: () => store.setOpen(names, true) },
        {
          id: 'collapse',
          title: t('details.collapseAll'),
          run: () =>
            setExpanded(
              nodes.map((_, i) => i),
              false,
            ),
        },
      ],
    },
  ];

  const menuNode = menu === null ? undefined : nodes[menu.index];
  return (
    <section className={styles.pane} aria-label={t('pane.details')}>
      <PaneHead title={t('pane.details')} detail={detail === null ? '' : t('pane.frame', { number: detail.row + 1 })}>
        {actions}
      </PaneHead>
      {detail !== null && <StackView row={detail.row} />}
      <div className={styles.body}>
        {error !== undefined && <p className={styles.error}>{errorText(language, error)}</p>}
        <Tree
          ref={tree}
          label={t('details.label')}
          items={nodes}
          isExpanded={isExpanded}
          onExpand={setExpanded}
          selected={selected}
          onSelect={store.selectNode}
          textOf={(node) => node.label}
          rowClass={rowClass}
          row={(node) => <Line node={node} />}
          onActivate={jump}
          onCopy={(index) => void copyToClipboard(app, nodes[index]?.label ?? '')}
          onMenu={(index, place) => setMenu({ index, place })}
        />
      </div>
      <ValueMenu
        at={menu?.place ?? null}
        target={targetOf(menuNode)}
        groups={menu === null || menuNode === undefined ? [] : groups(menu.index, menuNode)}
        onClose={() => setMenu(null)}
      />
    </section>
  );
}

function Line({ node }: { readonly node: DetailNode }): ReactNode {
  return <span className={node.frameRow >= 0 ? styles.link : undefined}>{node.label}</span>;
}

function rowClass(node: DetailNode): string {
  const severity = node.severity === '' ? undefined : styles[node.severity];
  const kind = node.isGenerated ? styles.generated : node.depth === 0 ? styles.layer : undefined;
  return `${kind ?? ''} ${severity ?? ''}`;
}

function targetOf(node: DetailNode | undefined): ValueTarget {
  return { value: node?.value ?? '', filter: node?.filter ?? '', field: node?.field ?? '' };
}

function subtreeText(nodes: readonly DetailNode[], index: number): string {
  const top = nodes[index]?.depth ?? 0;
  return nodes
    .slice(index, endOfSubtree(nodes, index))
    .map((node) => '    '.repeat(node.depth - top) + node.label)
    .join('\n');
}
