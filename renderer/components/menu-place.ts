/** A place in the window, for a context menu. */

export interface MenuPlace {
  readonly x: number;
  readonly y: number;
}

/** Where a menu opened by the keyboard belongs: under the start of the row it is about. */
export function menuPlaceOf(element: Element): MenuPlace {
  const box = element.getBoundingClientRect();
  return { x: box.left + 24, y: box.bottom };
}
