/** Texts and numbers of reports in the language and time zone of the window. */

import type { SentenceValue, Unit } from '../../../engine/base/unit.ts';
import { formatQuantity, sentenceParams } from '../../../engine/text/format/quantity.ts';
import { translateUnchecked } from '../../../engine/text/index.ts';
import { digitsFor, momentText } from '../../format/range.ts';
import { useApp, useLanguage } from '../../state/use-app.ts';
import { useStore } from '../../state/use-store.ts';

export interface ReportText {
  /** The text of a key that came from the host; the key itself where the dictionary has none. */
  text(key: string, params?: Readonly<Record<string, string | number>>): string;
  sentence(key: string, values: Readonly<Record<string, SentenceValue>>): string;
  /** `span`: nanoseconds of the axis that a moment is on, which tell how many digits it needs. */
  quantity(value: number, unit: Unit, span?: number): string;
}

export function useReportText(): ReportText {
  const app = useApp();
  const language = useLanguage();
  const session = useStore(app.session, ({ state }) => state);
  const isUtc = useStore(app.settings, ({ timeFormat }) => timeFormat === 'utc');
  const epoch = session?.epoch ?? null;
  const firstTime = session?.firstTime ?? 0;
  const text = (key: string, params: Readonly<Record<string, string | number>> = {}): string =>
    translateUnchecked(language, key, params) ?? key;
  const whole = (session?.lastTime ?? 0) - firstTime;
  const clock = (digits: number) => ({
    epoch,
    format: (time: number) => momentText(time, epoch, firstTime, digits, isUtc),
  });
  return {
    text,
    sentence: (key, values) => text(key, sentenceParams(values, language, clock(Math.max(3, digitsFor(whole))), text)),
    quantity: (value, unit, span) =>
      formatQuantity(
        value,
        unit,
        language,
        clock(span === undefined ? Math.max(3, digitsFor(whole)) : digitsFor(span)),
      ),
  };
}
