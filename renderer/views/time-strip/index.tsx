/** The time strip, the same over every panel: packets per time over the whole capture; a drag selects a time range. */

import {
  type KeyboardEvent,
  type PointerEvent,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import type { Strip, TimeRange } from '../../../engine/contract/api.ts';
import { formatCount } from '../../../engine/text/format/count.ts';
import { formatDuration } from '../../../engine/text/format/duration.ts';
import { HoverCard, type HoverRow } from '../../components/hover-card.tsx';
import { useSize } from '../../components/use-size.ts';
import { digitsFor, momentText, rangeTexts } from '../../format/range.ts';
import { useQuery } from '../../rpc/use-query.ts';
import { useTheme } from '../../shell/use-appearance.ts';
import { useApp, useLanguage, useText } from '../../state/use-app.ts';
import { useStore } from '../../state/use-store.ts';
import { BUCKET_WIDTH, drawStrip, readColours } from './draw-strip.ts';
import {
  bucketAt,
  bucketSpan,
  isOutside,
  moveRange,
  pixelAt,
  rangeBetween,
  resizeRange,
  type Span,
  scaleRange,
  timeAt,
} from './strip-range.ts';
import styles from './time-strip.module.css';

const MAX_BUCKETS = 4000;

/** While a capture loads or a filter runs, the strip is asked again this often. */
const REFRESH_MS = 400;

/** A press that moves less than this is a click. */
const CLICK_PIXELS = 3;

/** So near an end of the selection takes hold of it. */
const GRIP_PIXELS = 5;

/** Keys are followed at once, the filter when they pause. */
const APPLY_AFTER_MS = 250;

type Drag =
  | { readonly kind: 'select'; readonly x: number }
  | { readonly kind: 'resize'; readonly end: 'from' | 'to'; readonly x: number };

export function TimeStrip() {
  const app = useApp();
  const t = useText();
  const theme = useTheme();
  const view = useStore(app.filter, (state) => state.view);
  const applied = useStore(
    app.filter,
    (state) => state.pending?.query.range ?? (state.pending === null ? state.range : null),
  );
  const session = useStore(app.session, ({ state }) => state);
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(box);
  const drag = useRef<Drag | null>(null);
  const [chosen, setChosen] = useState<Span | null>(null);
  const [hover, setHover] = useState<number | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const buckets = Math.min(MAX_BUCKETS, Math.max(1, Math.floor(size.width / BUCKET_WIDTH)));
  const grown = useThrottled(
    `${view?.rows ?? 0} ${session?.packets ?? 0} ${session?.isLoading ?? false} ${session?.revision ?? 0}`,
    REFRESH_MS,
  );
  const { value } = useQuery(
    'view.strip',
    view === null || size.width === 0 ? null : { view: view.view, buckets },
    grown,
  );
  const strip = isEmpty(value) ? undefined : value;
  const range = chosen ?? applied;

  const draw = useEffectEvent(() => {
    if (canvas.current !== null && size.width > 0)
      drawStrip(canvas.current, size, strip, range, readColours(canvas.current));
  });
  // The theme's tokens change with an attribute of the document, which an effect of a parent sets: draw after it.
  useLayoutEffect(() => draw(), [size, strip, range?.from, range?.to]);
  useEffect(() => {
    const frame = requestAnimationFrame(() => draw());
    return () => cancelAnimationFrame(frame);
  }, [theme]);
  useEffect(() => {
    // Another screen, another device scale.
    const query = window.matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
    const onChange = (): void => draw();
    query.addEventListener('change', onChange);
    return () => query.removeEventListener('change', onChange);
  }, []);
  useEffect(() => () => clearTimeout(timer.current), []);

  function apply(next: TimeRange): void {
    clearTimeout(timer.current);
    void app.navigate({ range: next }).finally(() => setChosen(null));
  }

  function applyLater(next: Span): void {
    setChosen(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => apply(next), APPLY_AFTER_MS);
  }

  function placeOf(event: PointerEvent): number {
    return event.clientX - (box.current?.getBoundingClientRect().left ?? 0);
  }

  function gripAt(x: number): 'from' | 'to' | null {
    if (strip === undefined || range === null) return null;
    const scale = { ...strip, width: size.width };
    if (Math.abs(pixelAt(scale, range.to) - x) <= GRIP_PIXELS) return 'to';
    return Math.abs(pixelAt(scale, range.from) - x) <= GRIP_PIXELS ? 'from' : null;
  }

  function onPointerDown(event: PointerEvent<HTMLDivElement>): void {
    if (event.button !== 0 || strip === undefined) return;
    const x = placeOf(event);
    const end = gripAt(x);
    drag.current = end === null ? { kind: 'select', x } : { kind: 'resize', end, x };
    event.currentTarget.setPointerCapture(event.pointerId);
  }

  function onPointerMove(event: PointerEvent<HTMLDivElement>): void {
    const x = placeOf(event);
    setHover(x);
    const { current } = drag;
    if (strip === undefined) return;
    if (current === null) {
      event.currentTarget.style.cursor = gripAt(x) === null ? '' : 'ew-resize';
      return;
    }
    const scale = { ...strip, width: size.width };
    if (current.kind === 'select') {
      if (Math.abs(x - current.x) > CLICK_PIXELS) setChosen(rangeBetween(scale, current.x, x));
    } else if (applied !== null) {
      const fixed = pixelAt(scale, current.end === 'from' ? applied.to : applied.from);
      setChosen(rangeBetween(scale, fixed, x));
    }
  }

  function onPointerUp(event: PointerEvent<HTMLDivElement>): void {
    const { current } = drag;
    drag.current = null;
    if (current === null || strip === undefined) return;
    event.currentTarget.releasePointerCapture(event.pointerId);
    if (chosen !== null) apply(chosen);
    else if (applied !== null && current.kind === 'select') {
      if (isOutside(applied, timeAt({ ...strip, width: size.width }, current.x))) apply(null);
    }
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (strip === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const all = { from: strip.from, to: strip.to };
    const step = (all.to - all.from) / buckets;
    const now = range ?? null;
    if (event.key === 'Escape') {
      if (now === null) return;
      setChosen(null);
      drag.current = null;
      apply(null);
    } else if (event.key === 'Enter' || event.key === ' ') {
      if (now !== null) return;
      applyLater(scaleRange(all, all, 0.25, step));
    } else if (now === null) return;
    else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
      const by = event.key === 'ArrowLeft' ? -step : step;
      applyLater(event.shiftKey ? resizeRange(all, now, 'to', by, step) : moveRange(all, now, by));
    } else if (event.key === 'PageUp' || event.key === 'PageDown') {
      applyLater(moveRange(all, now, (now.to - now.from) * (event.key === 'PageUp' ? -1 : 1)));
    } else if (event.key === 'Home') applyLater(moveRange(all, now, all.from - now.from));
    else if (event.key === 'End') applyLater(moveRange(all, now, all.to - now.to));
    else if (event.key === '+') applyLater(scaleRange(all, now, 2, step));
    else if (event.key === '-') applyLater(scaleRange(all, now, 0.5, step));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  const isUtc = useStore(app.settings, ({ timeFormat }) => timeFormat === 'utc');
  const said =
    range === null || session === null
      ? t('strip.whole')
      : t('strip.selected', { from: rangeTexts(range, session, isUtc)[0], to: rangeTexts(range, session, isUtc)[1] });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a range is chosen on it by keyboard
    <div
      className={styles.strip}
      role="group"
      aria-label={t('strip.label')}
      aria-description={t('strip.hint')}
      tabIndex={0}
      data-pane="strip"
      data-pane-focus=""
      onKeyDown={onKeyDown}
    >
      <div
        ref={box}
        className={styles.box}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerLeave={() => setHover(null)}
      >
        <canvas ref={canvas} className={styles.canvas} aria-hidden />
      </div>
      <span className={styles.said} aria-live="polite">
        {said}
      </span>
      {hover !== null && strip !== undefined && (
        <Card strip={strip} width={size.width} hover={hover} box={box} chosen={chosen} isUtc={isUtc} />
      )}
    </div>
  );
}

interface CardProps {
  readonly strip: Strip;
  readonly width: number;
  readonly hover: number;
  readonly box: React.RefObject<HTMLDivElement | null>;
  /** While a range is dragged, the card is about it. */
  readonly chosen: Span | null;
  readonly isUtc: boolean;
}

function Card({ strip, width, hover, box, chosen, isUtc }: CardProps) {
  const app = useApp();
  const t = useText();
  const language = useLanguage();
  const session = useStore(app.session, ({ state }) => state);
  const buckets = strip.all.length;
  const index = bucketAt(width, buckets, hover);
  const edges = box.current?.getBoundingClientRect();
  if (session === null || edges === undefined || (index < 0 && chosen === null)) return null;

  const sum = (counts: Uint32Array): number => {
    if (chosen === null) return counts[index] ?? 0;
    const scale = { from: strip.from, to: strip.to, width: buckets };
    const first = Math.max(0, Math.floor(pixelAt(scale, chosen.from)));
    const last = Math.min(buckets, Math.ceil(pixelAt(scale, chosen.to)));
    return counts.subarray(first, last).reduce((total, count) => total + count, 0);
  };
  const span = chosen ?? bucketSpan(strip, buckets, index);
  const length = span.to - span.from;
  const title =
    chosen === null
      ? momentText(span.from, session.epoch, session.firstTime, digitsFor(strip.to - strip.from), isUtc)
      : `${rangeTexts(span, session, isUtc).join(' – ')} · ${formatDuration(length / 1e6, language)}`;
  const about = chosen === null ? '' : '≈ ';
  const rows: HoverRow[] = [
    { name: t('strip.packets'), value: about + formatCount(sum(strip.all), language), colour: 'var(--strip-all)' },
    ...(chosen === null
      ? [{ name: t('strip.shown'), value: formatCount(sum(strip.shown), language), colour: 'var(--strip-shown)' }]
      : []),
    { name: t('strip.problems'), value: about + formatCount(sum(strip.problems), language), colour: 'var(--amber)' },
  ];
  return <HoverCard x={edges.left + hover} y={edges.bottom + 6} title={title} rows={rows} />;
}

function isEmpty(strip: Strip | undefined): boolean {
  return strip === undefined || strip.all.length === 0 || !(strip.to >= strip.from);
}

/** A value that changes at most every `ms`; the last change always comes through. */
function useThrottled<Value>(value: Value, ms: number): Value {
  const [shown, setShown] = useState(value);
  const last = useRef(0);
  useEffect(() => {
    const wait = Math.max(0, last.current + ms - performance.now());
    const timer = setTimeout(() => {
      last.current = performance.now();
      setShown(value);
    }, wait);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return shown;
}
