/** Moving, replacing and removing items of a list, each giving a new one. */

export function moveItem<Item>(list: readonly Item[], from: number, to: number): Item[] {
  const item = list[from];
  if (item === undefined || to < 0 || to >= list.length) return [...list];
  const rest = list.filter((_, index) => index !== from);
  return [...rest.slice(0, to), item, ...rest.slice(to)];
}

export function replaceItem<Item>(list: readonly Item[], at: number, item: Item): Item[] {
  return list.map((old, index) => (index === at ? item : old));
}

export function removeItem<Item>(list: readonly Item[], at: number): Item[] {
  return list.filter((_, index) => index !== at);
}
