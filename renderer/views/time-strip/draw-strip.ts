/** Draws the time strip on a canvas, sharp at every device scale: one bar per bucket, what is shown darker, problems at the foot. */

import type { Strip } from '../../../engine/contract/api.ts';
import { barHeights, highestOf, pixelAt, type Span } from './strip-range.ts';

export interface StripColours {
  readonly all: string;
  readonly shown: string;
  readonly problems: string;
  readonly accent: string;
  readonly range: string;
  readonly foot: string;
}

/** The colours as the theme has them at this moment. */
export function readColours(element: Element): StripColours {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  return {
    all: colour('--strip-all'),
    shown: colour('--strip-shown'),
    problems: colour('--amber'),
    accent: colour('--accent'),
    range: colour('--accent-soft'),
    foot: colour('--hairline'),
  };
}

/** A bar and the gap behind it. */
export const BUCKET_WIDTH = 4;
const GAP = 1;

/** Problems stand at the foot, at most this part of the height: they say where, not how many. */
const PROBLEM_PART = 0.42;
const LEAST_PROBLEM = 3;

export function drawStrip(
  canvas: HTMLCanvasElement,
  size: { readonly width: number; readonly height: number },
  strip: Strip | undefined,
  range: Span | null,
  colours: StripColours,
): void {
  const scale = window.devicePixelRatio;
  const width = Math.max(1, Math.round(size.width * scale));
  const height = Math.max(1, Math.round(size.height * scale));
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, width, height);

  if (strip === undefined) return;
  const place = { from: strip.from, to: strip.to, width };
  const edges = range === null ? null : [pixelAt(place, range.from), pixelAt(place, range.to)];
  if (edges !== null) {
    context.fillStyle = colours.range;
    context.fillRect(edges[0] ?? 0, 0, Math.max(1, (edges[1] ?? 0) - (edges[0] ?? 0)), height);
  }
  context.fillStyle = colours.foot;
  context.fillRect(0, height - Math.max(1, Math.round(scale)), width, Math.max(1, Math.round(scale)));

  const count = strip.all.length;
  const highest = highestOf(strip.all);
  const least = Math.round(scale);
  const bars = (counts: ArrayLike<number>, colour: string, top: number, atLeast: number, part: number): void => {
    const heights = barHeights(counts, top, height * part);
    context.fillStyle = colour;
    for (let i = 0; i < count; i++) {
      const tall = heights[i] ?? 0;
      if (tall === 0) continue;
      // Whole device pixels, so that no bar is blurred; every bar gets its own share of the rounding.
      const left = Math.round((i / count) * width);
      const right = Math.round(((i + 1) / count) * width) - Math.round(GAP * scale);
      const high = Math.max(atLeast, Math.round(tall));
      context.fillRect(left, height - high, Math.max(1, right - left), high);
    }
  };
  bars(strip.all, colours.all, highest, least, 0.94);
  bars(strip.shown, colours.shown, highest, least, 0.94);
  bars(
    strip.problems,
    colours.problems,
    Math.max(highestOf(strip.problems), highest / 8),
    Math.round(LEAST_PROBLEM * scale),
    PROBLEM_PART,
  );

  if (edges !== null) {
    context.fillStyle = colours.accent;
    const line = Math.max(1, Math.round(1.5 * scale));
    context.fillRect(Math.round(edges[0] ?? 0) - line, 0, line, height);
    context.fillRect(Math.round(edges[1] ?? 0), 0, line, height);
  }
}
