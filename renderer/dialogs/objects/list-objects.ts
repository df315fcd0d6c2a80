/** Which carried files the list shows, and in which order. */

import type { CarriedObject, ObjectKind } from '../../../engine/contract/follow.ts';

/** A file with its number in the host's list. */
export interface ListedObject {
  readonly object: CarriedObject;
  readonly index: number;
}

export interface ObjectSort {
  readonly column: 'packet' | 'kind' | 'host' | 'type' | 'name' | 'size' | 'state';
  readonly descending: boolean;
}

export function listObjects(
  objects: readonly CarriedObject[],
  kind: ObjectKind | 'all',
  text: string,
  sort: ObjectSort,
): readonly ListedObject[] {
  const wanted = text.trim().toLowerCase();
  const shown = objects
    .map((object, index) => ({ object, index }))
    .filter(({ object }) => kind === 'all' || object.kind === kind)
    .filter(({ object: { name, host, type } }) => `${name}\n${host}\n${type}`.toLowerCase().includes(wanted));
  const sign = sort.descending ? -1 : 1;
  return shown.sort((a, b) => sign * compare(a.object, b.object, sort.column) || a.index - b.index);
}

function compare(a: CarriedObject, b: CarriedObject, column: ObjectSort['column']): number {
  switch (column) {
    case 'packet':
      return a.row - b.row;
    case 'size':
      return a.size - b.size;
    case 'state':
      return a.missing - b.missing;
    default:
      return a[column].localeCompare(b[column]);
  }
}
