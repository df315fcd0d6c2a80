/** The options that are not as they come, each in a few words: what Start would do that one does not see. */

import { DEFAULT_CAPTURE } from '../../../engine/contract/capture.ts';
import type { Translate } from '../../../engine/text/index.ts';
import type { CaptureOptions } from '../../state/capture-store.ts';

export function changedOptions(t: Translate, options: CaptureOptions): readonly string[] {
  const words: string[] = [];
  const { stop, ring } = options;
  if (options.snapLength !== 0) {
    words.push(`${t('captureOptions.snapLength')} ${options.snapLength}`);
  }
  if (options.bufferBytes !== 0) {
    const kib = `${options.bufferBytes / 1024} ${t('captureOptions.unit.kib')}`;
    words.push(`${t('captureOptions.buffer')} ${kib}`);
  }
  if (!options.promiscuous) words.push('-p');
  if (options.monitor) words.push('-I');
  if (options.direction !== 'both') {
    words.push(`${t('captureOptions.direction')} ${t(`captureOptions.direction.${options.direction}`)}`);
  }
  if (options.linkType !== '') words.push(options.linkType);
  if (options.timestampType !== '') words.push(options.timestampType);
  if (options.precision !== DEFAULT_CAPTURE.precision) words.push(t(`captureOptions.precision.${options.precision}`));
  if (options.immediate) words.push('--immediate-mode');
  if (Object.values(stop).some((value) => value !== null)) words.push(t('captureOptions.stop'));
  if (ring !== null) words.push(t('captureOptions.ring.on'));
  if (options.keepMinutes !== null) {
    const minutes = `${options.keepMinutes} ${t('captureOptions.unit.minutes')}`;
    words.push(`${t('captureOptions.keepMinutes')} ${minutes}`);
  }
  if (options.saveWhen !== null) words.push(t('captureOptions.tab.recorder'));
  if (options.path !== null) words.push(options.path);
  return words;
}
