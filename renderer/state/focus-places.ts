/** Places that commands put the focus on, by name. The component that is such a place registers itself while it is there. */

export type FocusPlace = 'filter' | 'list' | 'details' | 'bytes';

const places = new Map<FocusPlace, () => void>();

/** Returns the function that takes the place away again: fit for an effect. */
export function registerFocusPlace(name: FocusPlace, focus: () => void): () => void {
  places.set(name, focus);
  return () => {
    if (places.get(name) === focus) places.delete(name);
  };
}

/** False where the place is not on the screen. */
export function focusPlace(name: FocusPlace): boolean {
  const focus = places.get(name);
  focus?.();
  return focus !== undefined;
}
