/** Rows that say which other frame announced a flow, for the protocols that are announced. */

import type { FieldSpec } from '../field-spec.ts';
import type { TreeBuilder } from '../tree.ts';

/** `setup`, `setup-frame`, `setup-method` as RTP and RTCP have them. */
export const setupFields: Readonly<Record<string, FieldSpec>> = {
  setup: { type: 'string', label: 'Stream setup' },
  'setup-frame': { type: 'frame', label: 'Setup frame' },
  'setup-method': { type: 'string', label: 'Setup Method' },
};

export function showSetup(t: TreeBuilder): void {
  const { announced } = t.packet;
  if (announced === undefined || announced.row >= t.packet.number) return;
  const node = t.generated('setup', '');
  node.text = `Stream setup by ${announced.method} (frame ${announced.row + 1})`;
  t.nest(node);
  t.generated('setup-frame', announced.row + 1);
  t.generated('setup-method', announced.method);
  t.close();
}
