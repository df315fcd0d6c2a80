/** F6: the focus goes round the panes, which are the elements with `data-pane`, in the order of the document. */

import { type FocusPlace, focusPlace } from '../state/focus-places.ts';

const PLACES: readonly FocusPlace[] = ['filter', 'list', 'details', 'bytes'];

const FOCUSABLE = [
  '[data-pane-focus]',
  '[tabindex="0"]',
  '[contenteditable="true"]',
  'button:not([disabled])',
  'input:not([disabled])',
  'a[href]',
].join(',');

export function cyclePanes(step: 1 | -1): void {
  const panes = [...document.querySelectorAll<HTMLElement>('[data-pane]')].filter((pane) => pane.offsetParent !== null);
  const at = panes.findIndex((pane) => pane.contains(document.activeElement));
  for (let tried = 1; tried <= panes.length; tried++) {
    // Without a focus in any of them: the first going forward, the last going back.
    const from = at < 0 && step < 0 ? 0 : at;
    const pane = panes[(from + step * tried + panes.length * tried) % panes.length];
    if (pane !== undefined && focusInside(pane)) return;
  }
}

/** Focuses the place that is registered under the pane's name, or what it marks, or its first control. */
function focusInside(pane: HTMLElement): boolean {
  const place = PLACES.find((name) => name === pane.dataset.pane);
  if (place !== undefined && focusPlace(place) && pane.contains(document.activeElement)) return true;
  const target = pane.querySelector<HTMLElement>('[data-pane-focus]') ?? pane.querySelector<HTMLElement>(FOCUSABLE);
  target?.focus();
  return pane.contains(document.activeElement);
}
