/** The user's flow monitors, as the panel "Flow monitors" keeps them. */

import { readMonitors } from '../../engine/contract/monitors.ts';
import type { App } from './app.ts';

export function keptMonitors(app: App): string {
  return app.layout.get().panelOptions.monitor?.monitors ?? '';
}

/** Is there one that is to tell when something holds? */
export function hasCondition(monitors: string): boolean {
  return readMonitors(monitors)?.some(({ alert }) => alert !== undefined && alert !== null) ?? false;
}
