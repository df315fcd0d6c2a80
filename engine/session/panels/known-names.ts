/** Names of addresses for whoever shows them beside something else: never a reason to wait for all messages of a capture. */

import type { Capture } from '../capture.ts';
import { Names } from '../names.ts';
import { quickNames } from './egress/quick-names.ts';
import { gatheredNow, namesBeside } from './gathered.ts';
import type { PanelInput } from './panel.ts';

/** For a panel: what messages say where they are read anyway, else what the first bytes of packets say. */
export async function knownNames(input: PanelInput): Promise<Names> {
  return (await namesBeside(input)) ?? quickNames(input.capture);
}

const kept = new WeakMap<
  Capture,
  { readonly rows: number; readonly of: unknown; readonly given: unknown; readonly names: Names }
>();

/** For the packet list: what is known at this moment. */
export function namesNow(capture: Capture): Names {
  const gathered = gatheredNow(capture);
  const rows = capture.table.count;
  const known = kept.get(capture);
  if (known?.rows === rows && known.of === gathered && known.given === capture.given) return known.names;
  const names = gathered?.names.namesIn(null) ?? (capture.isLoaded ? quickNames(capture) : new Names(capture.given));
  kept.set(capture, { rows, of: gathered, given: capture.given, names });
  return names;
}
