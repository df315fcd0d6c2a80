/** How the time column is written. */

import type { Settings } from '../../engine/contract/api.ts';
import type { TextKey } from '../../engine/text/index.ts';
import { type Command, defineCommand } from './command.ts';

export const TIME_FORMATS = [
  'relative',
  'local',
  'utc',
  'delta',
  'reference',
  'epoch',
] as const satisfies readonly Settings['timeFormat'][];
type TimeFormat = (typeof TIME_FORMATS)[number];

/** Name of a format in the dictionary. */
export function timeFormatKey(format: TimeFormat): TextKey & `time.${TimeFormat}` {
  return `time.${format}`;
}

function timeFormat(format: TimeFormat): Command {
  return defineCommand({
    id: `view.time.${format}`,
    title: (t) => t('command.time', { format: t(timeFormatKey(format)) }),
    group: 'view',
    section: 'time',
    choice: (t) => t(timeFormatKey(format)),
    isOn: (app) => app.settings.get().timeFormat === format,
    run: (app) => app.settings.update({ timeFormat: format }),
  });
}

export const timeFormats: readonly Command[] = TIME_FORMATS.map(timeFormat);
