/** A panel: what the side bar shows of it and the component that fills the window. One folder each, one line in index.ts. */

import type { LucideIcon } from 'lucide-react';
import type { ComponentType } from 'react';
import type { SessionState } from '../../engine/contract/api.ts';
import type { TextKey } from '../../engine/text/index.ts';

export const VIEW_GROUPS = ['look', 'statistics', 'latency', 'cloud'] as const;
export type ViewGroup = (typeof VIEW_GROUPS)[number];

export interface View {
  /** The panel's name in the host and on the command line. */
  readonly id: string;
  /** Its group in the side bar; null: it has no entry there. */
  readonly group: ViewGroup | null;
  readonly title: TextKey & `panel.${string}`;
  readonly icon: LucideIcon;
  readonly component: ComponentType;
  /** Shown without filter bar and time strip, and without an open capture too. */
  readonly isOwnPage?: boolean;
  /** A panel that has nothing to show for a capture has no entry; without this it always has. */
  isAvailable?(session: SessionState): boolean;
}

export function defineView(view: View): View {
  return view;
}
