/** The hierarchy as a table whose rows open and close (WAI-ARIA "treegrid"); every number leads to its packets. */

import { ChevronDown, ChevronRight, TriangleAlert } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { HierarchyPanel } from '../../../engine/contract/api.ts';
import { formatBytes } from '../../../engine/text/format/bytes.ts';
import { formatCount, formatShare } from '../../../engine/text/format/count.ts';
import { formatRate } from '../../../engine/text/format/rate.ts';
import type { MenuPlace } from '../../components/menu-place.ts';
import { menuPlaceOf } from '../../components/menu-place.ts';
import { parentOf, visibleRows } from '../../components/tree-rows.ts';
import { ValueMenu } from '../../components/value-menu.tsx';
import { FAMILY_COLOURS, protocolFamily } from '../../format/protocol-family.ts';
import { combineFilters } from '../../state/combine-filters.ts';
import { useLanguage, useText } from '../../state/use-app.ts';
import styles from './hierarchy.module.css';
import type { HierarchyRow, Measure } from './hierarchy-rows.ts';

const COLUMNS = ['share', 'packets', 'bytes', 'rate', 'endPackets', 'endBytes'] as const;

export interface TreeTableProps {
  readonly rows: readonly HierarchyRow[];
  readonly whole: HierarchyPanel;
  readonly measure: Measure;
  readonly selected: string;
  readonly onSelect: (path: string) => void;
  readonly collapsed: ReadonlySet<string>;
  readonly onCollapse: (collapsed: ReadonlySet<string>) => void;
  readonly onShow: (filter: string) => void;
}

export function TreeTable(props: TreeTableProps) {
  const { rows, selected, onSelect, collapsed, onCollapse, onShow } = props;
  const t = useText();
  const host = useRef<HTMLDivElement>(null);
  const [menu, setMenu] = useState<{ readonly place: MenuPlace; readonly row: HierarchyRow } | null>(null);
  const visible = visibleRows(rows, (index) => !collapsed.has(rows[index]?.path ?? ''));
  const current = visible.findIndex(({ index }) => rows[index]?.path === selected);

  useEffect(() => {
    host.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [selected]);

  const setOpen = (path: string, isOpen: boolean): void => {
    const next = new Set(collapsed);
    if (isOpen) next.delete(path);
    else next.add(path);
    onCollapse(next);
  };
  const go = (position: number): void => {
    const row = rows[visible[Math.max(0, Math.min(visible.length - 1, position))]?.index ?? -1];
    if (row !== undefined) onSelect(row.path);
  };

  function onKeyDown(event: KeyboardEvent): void {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = visible[current];
    const row = at === undefined ? undefined : rows[at.index];
    if (event.key === 'ArrowDown') go(current + 1);
    else if (event.key === 'ArrowUp') go(Math.max(0, current - 1));
    else if (event.key === 'Home') go(0);
    else if (event.key === 'End') go(visible.length - 1);
    else if (event.key === 'ArrowRight' && at?.isExpanded === false && row !== undefined) setOpen(row.path, true);
    else if (event.key === 'ArrowRight' && at?.isExpanded === true) go(current + 1);
    else if (event.key === 'ArrowLeft' && at?.isExpanded === true && row !== undefined) setOpen(row.path, false);
    else if (event.key === 'ArrowLeft' && at !== undefined) {
      const parent = rows[parentOf(rows, at.index)];
      if (parent !== undefined) onSelect(parent.path);
    } else if (event.key === 'Enter' && row !== undefined) onShow(row.filter);
    else if ((event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) && row !== undefined) {
      const element = host.current?.querySelector('[aria-selected="true"]') ?? null;
      if (element !== null) setMenu({ place: menuPlaceOf(element), row });
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div
      ref={host}
      className={styles.table}
      role="treegrid"
      aria-label={t('panel.hierarchy')}
      aria-activedescendant={current < 0 ? undefined : `hierarchy-${current}`}
      tabIndex={0}
      data-pane-focus=""
      onKeyDown={onKeyDown}
    >
      <div role="row" className={`${styles.row} ${styles.headRow}`}>
        <span role="columnheader">{t('hierarchy.protocol')}</span>
        {COLUMNS.map((column) => (
          <span
            key={column}
            role="columnheader"
            className={column === 'share' ? '' : styles.number}
            title={column.startsWith('end') ? t('hierarchy.endHint') : undefined}
          >
            {t(`hierarchy.${column}`)}
          </span>
        ))}
      </div>
      {visible.map(({ index, isExpanded, position, siblings }, i) => {
        const row = rows[index];
        if (row === undefined) return null;
        return (
          <div
            key={row.path}
            id={`hierarchy-${i}`}
            role="row"
            aria-level={row.depth + 1}
            aria-expanded={isExpanded}
            aria-posinset={position}
            aria-setsize={siblings}
            aria-selected={row.path === selected}
            className={styles.row}
            onMouseDown={() => onSelect(row.path)}
            onDoubleClick={() => onShow(row.filter)}
            onContextMenu={(event) => {
              event.preventDefault();
              onSelect(row.path);
              setMenu({ place: { x: event.clientX, y: event.clientY }, row });
            }}
          >
            <span role="gridcell" className={styles.protocol} style={{ paddingLeft: 10 + row.depth * 18 }}>
              <span
                className={styles.twisty}
                aria-hidden
                onMouseDown={(event) => {
                  if (isExpanded === undefined) return;
                  event.stopPropagation();
                  setOpen(row.path, !isExpanded);
                }}
                onDoubleClick={(event) => event.stopPropagation()}
              >
                {isExpanded === undefined ? null : isExpanded ? <ChevronDown /> : <ChevronRight />}
              </span>
              <span className={styles.dot} style={{ background: FAMILY_COLOURS[protocolFamily(row.protocol)] }} />
              <span className={styles.name}>{row.title}</span>
              {row.unwanted.map((mark) => (
                <button
                  key={mark.title}
                  type="button"
                  className={styles.mark}
                  tabIndex={-1}
                  title={t('hierarchy.unwantedHint', {
                    kind: t(`unwanted.kind.${mark.kind}`),
                    title: mark.title,
                    count: mark.packets,
                  })}
                  onClick={() => onShow(combineFilters(row.filter, mark.filter, 'and'))}
                  onDoubleClick={(event) => event.stopPropagation()}
                >
                  <TriangleAlert aria-hidden />
                  <span>{t(`unwanted.kind.${mark.kind}`)}</span>
                </button>
              ))}
              {row.title !== row.protocol && <span className={styles.abbreviation}>{row.protocol}</span>}
            </span>
            <Cells {...props} row={row} />
          </div>
        );
      })}
      <ValueMenu
        at={menu?.place ?? null}
        target={{ value: menu?.row.title ?? '', filter: menu?.row.filter ?? '', field: '' }}
        onClose={() => setMenu(null)}
      />
    </div>
  );
}

function Cells({ row, whole, measure, onShow }: TreeTableProps & { readonly row: HierarchyRow }) {
  const language = useLanguage();
  const part = whole[measure] > 0 ? row[measure] / whole[measure] : 0;
  return (
    <>
      <span role="gridcell" className={styles.share}>
        <span className={styles.track}>
          <span className={styles.fill} style={{ width: `${part * 100}%` }} />
        </span>
        <span className={styles.percent}>{formatShare(row[measure], whole[measure], language)}</span>
      </span>
      <Figure text={formatCount(row.packets, language)} filter={row.filter} onShow={onShow} />
      <Figure text={formatBytes(row.bytes, language)} filter={row.filter} onShow={onShow} />
      <span role="gridcell" className={styles.number}>
        {formatRate(row.rate, language)}
      </span>
      <Figure text={formatCount(row.endPackets, language)} filter={row.endFilter} onShow={onShow} />
      <Figure text={formatBytes(row.endBytes, language)} filter={row.endFilter} onShow={onShow} />
    </>
  );
}

/** A number that leads to its packets; one without packets is quiet. */
function Figure({
  text,
  filter,
  onShow,
}: {
  readonly text: string;
  readonly filter: string;
  readonly onShow: (filter: string) => void;
}) {
  return (
    <span role="gridcell" className={styles.number}>
      {filter === '' ? (
        <span className={styles.none}>{text}</span>
      ) : (
        <button
          type="button"
          className={styles.figure}
          tabIndex={-1}
          title={filter}
          onClick={() => onShow(filter)}
          onDoubleClick={(event) => event.stopPropagation()}
        >
          {text}
        </button>
      )}
    </span>
  );
}
