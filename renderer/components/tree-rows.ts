/** Rows of a tree that is given as a flat list with depths: which are visible, who is whose parent, where keys lead. */

export interface TreeItem {
  readonly depth: number;
  readonly hasChildren: boolean;
}

/** The state of a tree: indexes into the items, in the order they are shown. */
export interface VisibleRow {
  readonly index: number;
  readonly depth: number;
  /** Undefined: a leaf. */
  readonly isExpanded: boolean | undefined;
  /** For aria-posinset and aria-setsize, from 1. */
  readonly position: number;
  readonly siblings: number;
}

/** The rows that are not inside a collapsed item. */
export function visibleRows(items: readonly TreeItem[], isExpanded: (index: number) => boolean): VisibleRow[] {
  const rows: VisibleRow[] = [];
  const positions = siblingPositions(items);
  let hiddenBelow = Number.POSITIVE_INFINITY; // items deeper than this are inside a collapsed one
  items.forEach((item, index) => {
    if (item.depth > hiddenBelow) return;
    const expanded = item.hasChildren ? isExpanded(index) : undefined;
    hiddenBelow = expanded === false ? item.depth : Number.POSITIVE_INFINITY;
    const [position, siblings] = positions[index] ?? [1, 1];
    rows.push({ index, depth: item.depth, isExpanded: expanded, position, siblings });
  });
  return rows;
}

/** Per item: its place among its siblings and how many they are. */
function siblingPositions(items: readonly TreeItem[]): [number, number][] {
  const positions: [number, number][] = items.map(() => [1, 1]);
  const open: number[][] = []; // per depth: the siblings seen since their parent
  const close = (depth: number): void => {
    while (open.length > depth) {
      const group = open.pop() ?? [];
      group.forEach((index, i) => {
        positions[index] = [i + 1, group.length];
      });
    }
  };
  items.forEach((item, index) => {
    close(item.depth + 1);
    while (open.length <= item.depth) open.push([]);
    open[item.depth]?.push(index);
  });
  close(0);
  return positions;
}

/** The item that holds another; -1 at the top. */
export function parentOf(items: readonly TreeItem[], index: number): number {
  const depth = items[index]?.depth ?? 0;
  for (let i = index - 1; i >= 0; i--) if ((items[i]?.depth ?? 0) < depth) return i;
  return -1;
}

/** Every item above, the nearest first. */
export function ancestorsOf(items: readonly TreeItem[], index: number): number[] {
  const above: number[] = [];
  for (let at = parentOf(items, index); at >= 0; at = parentOf(items, at)) above.push(at);
  return above;
}

/** One past the last item inside. */
export function endOfSubtree(items: readonly TreeItem[], index: number): number {
  const depth = items[index]?.depth ?? 0;
  let end = index + 1;
  while (end < items.length && (items[end]?.depth ?? 0) > depth) end++;
  return end;
}

/** The next row, going round, whose text starts with what was typed; the current one counts when more than one letter was. */
export function typeahead(labels: readonly string[], current: number, typed: string): number {
  const wanted = typed.toLowerCase();
  const first = typed.length > 1 ? current : current + 1;
  for (let i = 0; i < labels.length; i++) {
    const at = (first + i + labels.length) % labels.length;
    if (labels[at]?.toLowerCase().startsWith(wanted) === true) return at;
  }
  return -1;
}
