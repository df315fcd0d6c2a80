/** The status bar's part about a live capture: its counters while it runs, and what they were at its end. */

import { formatBytes } from '../../engine/text/format/bytes.ts';
import { formatCount } from '../../engine/text/format/count.ts';
import { formatRate } from '../../engine/text/format/rate.ts';
import { useApp, useLanguage, useText } from '../state/use-app.ts';
import { useStore } from '../state/use-store.ts';
import css from './status-bar.module.css';

/** Less room than this on the disk is worth looking at. */
const LITTLE_BYTES = 1_000_000_000;

export function LiveFigures() {
  const app = useApp();
  const t = useText();
  const language = useLanguage();
  const live = useStore(app.session, ({ state }) => state?.live ?? null);
  if (live === null) return null;
  const count = (value: number | null): string => (value === null ? '–' : formatCount(value, language));
  const rate = t('live.status.rate', {
    packets: formatCount(Math.round(live.packetRate), language),
    bits: formatRate(live.byteRate * 8, language),
  });
  const figures = [
    { id: 'captured', title: t('live.status.captured'), value: count(live.captured), isAmber: false },
    { id: 'received', title: t('live.status.received'), value: count(live.received), isAmber: false },
    {
      id: 'kernel',
      title: t('live.status.kernel'),
      value: count(live.droppedByKernel),
      isAmber: isSome(live.droppedByKernel),
    },
    {
      id: 'interface',
      title: t('live.status.interface'),
      value: count(live.droppedByInterface),
      isAmber: isSome(live.droppedByInterface),
    },
    ...(live.isRunning ? [{ id: 'rate', title: '', value: rate, isAmber: false }] : []),
    { id: 'file', title: t('live.status.file'), value: formatBytes(live.fileBytes, language), isAmber: false },
    ...(live.isRunning
      ? [
          {
            id: 'free',
            title: t('live.status.free'),
            value: formatBytes(live.freeBytes, language),
            isAmber: live.freeBytes < LITTLE_BYTES,
          },
        ]
      : []),
  ];
  const whole = figures.map(({ title, value }) => (title === '' ? value : `${title}: ${value}`)).join('\n');
  return (
    // A button: the whole line leads to the page that explains it.
    <button
      type="button"
      className={css.live}
      title={whole}
      aria-label={`${t('live.status.label')}: ${whole.replaceAll('\n', ', ')}`}
      onClick={() => void app.navigate({ panel: 'live-capture' })}
    >
      {live.isRunning && <span className={css.dot} aria-hidden />}
      {figures.map(({ id, title, value, isAmber }) => (
        <span key={id} data-amber={isAmber || undefined}>
          {title !== '' && `${title}: `}
          <span className={css.value} data-live={id}>
            {value}
          </span>
        </span>
      ))}
    </button>
  );
}

function isSome(value: number | null): boolean {
  return value !== null && value > 0;
}
