/** What keeps capture options from being used, by the tab that it stands on. */

import type { CaptureOptions } from '../../state/capture-store.ts';

export const OPTION_TABS = ['capture', 'files', 'recorder', 'remote'] as const;
export type OptionTab = (typeof OPTION_TABS)[number];

export const DESTINATION = /^[^-\s]\S{0,254}$/;

export function tabsWithProblems(options: CaptureOptions): ReadonlySet<OptionTab> {
  const { snapLength, bufferBytes, stop, ring, saveWhen, remote, keepMinutes } = options;
  const tabs = new Set<OptionTab>();
  if (Number.isNaN(snapLength) || Number.isNaN(bufferBytes)) tabs.add('capture');
  const limits = [...Object.values(stop), ...(ring === null ? [] : Object.values(ring)), keepMinutes];
  if (limits.some((value) => Number.isNaN(value)) || isEmptyRing(ring)) tabs.add('files');
  if (
    saveWhen !== null &&
    (isEmptyRecorder(saveWhen) || Number.isNaN(saveWhen.packetRate) || Number.isNaN(saveWhen.minutes))
  ) {
    tabs.add('recorder');
  }
  if (remote !== null && (!DESTINATION.test(remote.destination) || Number.isNaN(remote.port))) tabs.add('remote');
  return tabs;
}

/** Several files, and nothing says when the next begins. */
export function isEmptyRing(ring: CaptureOptions['ring']): boolean {
  if (ring === null) return false;
  return [ring.bytes, ring.seconds, ring.packets, ring.interval ?? null].every((limit) => limit === null);
}

export function isEmptyRecorder(saveWhen: NonNullable<CaptureOptions['saveWhen']>): boolean {
  return saveWhen.filter.trim() === '' && saveWhen.packetRate === null && saveWhen.monitors === undefined;
}
