/** A tree of one-line rows, given as a flat list with depths (WAI-ARIA "tree"); long ones draw only what is in sight. */

import { ChevronDown, ChevronRight } from 'lucide-react';
import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useEffect,
  useEffectEvent,
  useId,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useApp } from '../state/use-app.ts';
import { useStore } from '../state/use-store.ts';
import { type MenuPlace, menuPlaceOf } from './menu-place.ts';
import styles from './tree.module.css';
import { endOfSubtree, parentOf, type TreeItem, typeahead, type VisibleRow, visibleRows } from './tree-rows.ts';
import { useSize } from './use-size.ts';

/** Heights of a row by density; `--tree-row` in theme/tokens.css says the same to the style sheet. */
const ROW_HEIGHT = { compact: 21, normal: 25 } as const;

/** Up to so many rows all are in the page, so that "find in page" and screen readers have them; beyond, those in sight. */
const DRAW_ALL_UP_TO = 500;
const DRAW_AROUND = 12;

/** Letters typed within this time belong together. */
const TYPING_MS = 700;

export interface TreeHandle {
  focus(): void;
}

export interface TreeProps<Item extends TreeItem> {
  /** Accessible name. */
  readonly label: string;
  readonly items: readonly Item[];
  readonly isExpanded: (index: number) => boolean;
  readonly onExpand: (indexes: readonly number[], isExpanded: boolean) => void;
  /** Index of the selected item; -1: none. */
  readonly selected: number;
  readonly onSelect: (index: number) => void;
  /** What typing letters looks for, and the row's accessible name. */
  readonly textOf: (item: Item, index: number) => string;
  readonly row: (item: Item, index: number) => ReactNode;
  readonly rowClass?: (item: Item, index: number) => string;
  /** Double click or Enter; true: it was dealt with, else the item opens or closes. */
  readonly onActivate?: (index: number) => boolean;
  readonly onMenu?: (index: number, place: MenuPlace) => void;
  readonly onCopy?: (index: number) => void;
  readonly ref?: React.Ref<TreeHandle>;
}

export function Tree<Item extends TreeItem>({
  label,
  items,
  isExpanded,
  onExpand,
  selected,
  onSelect,
  textOf,
  row: drawRow,
  rowClass,
  onActivate,
  onMenu,
  onCopy,
  ref,
}: TreeProps<Item>): ReactNode {
  const id = useId();
  const rowHeight = ROW_HEIGHT[useStore(useApp().settings, ({ density }) => density)];
  const host = useRef<HTMLDivElement>(null);
  const size = useSize(host);
  const [scrollTop, setScrollTop] = useState(0);
  const typed = useRef({ text: '', at: 0 });
  useImperativeHandle(ref, () => ({ focus: () => host.current?.focus({ preventScroll: true }) }), []);

  const rows = useMemo(() => visibleRows(items, isExpanded), [items, isExpanded]);
  const current = rows.findIndex((row) => row.index === selected);
  const isWindowed = rows.length > DRAW_ALL_UP_TO;
  const first = isWindowed ? Math.max(0, Math.floor(scrollTop / rowHeight) - DRAW_AROUND) : 0;
  const end = isWindowed
    ? Math.min(rows.length, Math.ceil((scrollTop + size.height) / rowHeight) + DRAW_AROUND)
    : rows.length;

  const reveal = useEffectEvent(() => {
    const box = host.current;
    if (box === null || current < 0) return;
    const top = current * rowHeight;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (top + rowHeight > box.scrollTop + box.clientHeight) {
      box.scrollTop = top + rowHeight - box.clientHeight;
    }
  });
  // The row is kept in sight when another is selected, when other items come and when what it is inside of is opened; not
  // when the user scrolls away from it.
  const isShown = current >= 0;
  useLayoutEffect(() => reveal(), [selected, items, isShown]);

  useEffect(() => {
    const box = host.current;
    if (box === null) return;
    const onScroll = (): void => setScrollTop(box.scrollTop);
    box.addEventListener('scroll', onScroll, { passive: true });
    return () => box.removeEventListener('scroll', onScroll);
  }, []);

  const rowId = (index: number): string => `${id}-${index}`;
  const go = (position: number): void => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, position))];
    if (row !== undefined) onSelect(row.index);
  };

  function subtree(index: number): number[] {
    const inside: number[] = [];
    for (let i = index; i < endOfSubtree(items, index); i++) if (items[i]?.hasChildren === true) inside.push(i);
    return inside;
  }

  function onKeyDown(event: KeyboardEvent): void {
    const row = rows[current];
    const page = Math.max(1, Math.floor(size.height / rowHeight) - 1);
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'c') {
      if (row === undefined || onCopy === undefined || (getSelection()?.toString() ?? '') !== '') return;
      onCopy(row.index);
    } else if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    } else if (event.key === 'ArrowDown') go(current + 1);
    else if (event.key === 'ArrowUp') go(current < 0 ? 0 : current - 1);
    else if (event.key === 'PageDown') go(current + page);
    else if (event.key === 'PageUp') go(current - page);
    else if (event.key === 'Home') go(0);
    else if (event.key === 'End') go(rows.length - 1);
    else if (event.key === 'ArrowRight' && row !== undefined) {
      if (event.shiftKey) onExpand(subtree(row.index), true);
      else if (row.isExpanded === false) onExpand([row.index], true);
      else if (row.isExpanded === true) go(current + 1);
    } else if (event.key === 'ArrowLeft' && row !== undefined) {
      if (event.shiftKey) onExpand(subtree(row.index), false);
      else if (row.isExpanded === true) onExpand([row.index], false);
      else if (parentOf(items, row.index) >= 0) onSelect(parentOf(items, row.index));
    } else if (event.key === 'Enter' && row !== undefined) activate(row);
    else if (event.key === ' ' && row?.isExpanded !== undefined) onExpand([row.index], !row.isExpanded);
    else if ((event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) && row !== undefined) {
      const element = document.getElementById(rowId(row.index));
      if (element !== null) onMenu?.(row.index, menuPlaceOf(element));
    } else if (event.key.length === 1 && event.key !== ' ' && event.key !== '?') {
      const isGoingOn = event.timeStamp - typed.current.at < TYPING_MS;
      const text = isGoingOn ? typed.current.text + event.key : event.key;
      typed.current = { text, at: event.timeStamp };
      const texts = rows.map(({ index }) => {
        const item = items[index];
        return item === undefined ? '' : textOf(item, index);
      });
      const found = typeahead(texts, Math.max(0, current), text);
      if (found >= 0) go(found);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function activate(row: VisibleRow): void {
    if (onActivate?.(row.index) === true) return;
    if (row.isExpanded !== undefined) onExpand([row.index], !row.isExpanded);
  }

  function onContextMenu(event: MouseEvent, row: VisibleRow): void {
    event.preventDefault();
    onSelect(row.index);
    onMenu?.(row.index, { x: event.clientX, y: event.clientY });
  }

  return (
    <div
      ref={host}
      className={styles.tree}
      role="tree"
      aria-label={label}
      aria-activedescendant={current >= first && current < end && current >= 0 ? rowId(selected) : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div className={styles.rows} style={isWindowed ? { height: rows.length * rowHeight } : undefined}>
        {rows.slice(first, end).map((row, i) => {
          const item = items[row.index];
          if (item === undefined) return null;
          const isSelected = row.index === selected;
          return (
            <div
              key={row.index}
              id={rowId(row.index)}
              role="treeitem"
              aria-level={row.depth + 1}
              aria-expanded={row.isExpanded}
              aria-selected={isSelected}
              aria-posinset={row.position}
              aria-setsize={row.siblings}
              className={`${styles.row} ${rowClass?.(item, row.index) ?? ''}`}
              style={
                isWindowed
                  ? { position: 'absolute', top: (first + i) * rowHeight, paddingLeft: indent(row.depth) }
                  : { paddingLeft: indent(row.depth) }
              }
              onMouseDown={(event) => {
                if (event.button === 0) onSelect(row.index);
              }}
              onDoubleClick={() => activate(row)}
              onContextMenu={(event) => onContextMenu(event, row)}
            >
              {row.isExpanded === undefined ? (
                <span className={styles.twisty} />
              ) : (
                <span
                  className={styles.twisty}
                  aria-hidden
                  onMouseDown={(event) => {
                    event.stopPropagation();
                    event.preventDefault();
                    host.current?.focus({ preventScroll: true });
                    if (event.button === 0)
                      onExpand(event.shiftKey ? subtree(row.index) : [row.index], row.isExpanded === false);
                  }}
                  onDoubleClick={(event) => event.stopPropagation()}
                >
                  {row.isExpanded ? <ChevronDown /> : <ChevronRight />}
                </span>
              )}
              {drawRow(item, row.index)}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function indent(depth: number): number {
  return 8 + depth * 16;
}
