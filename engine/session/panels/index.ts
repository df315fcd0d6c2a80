/** The panels: one line each. */

import { hierarchyPanel } from './hierarchy.ts';
import type { Panel } from './panel.ts';
import { propertiesPanel } from './properties.ts';

const list: readonly Panel[] = [hierarchyPanel, propertiesPanel];

export const panels: ReadonlyMap<string, Panel> = new Map(list.map((panel) => [panel.name, panel]));
