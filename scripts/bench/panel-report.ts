/** What was measured of panels, as a table in Markdown. */

export interface Measured {
  readonly ms: number;
  /** Of all threads: what it takes on a machine that has other work. */
  readonly cpuMs: number;
  /** It said that messages are still being read. */
  readonly isPartial: boolean;
  /** Of the answer, as it goes to the window. */
  readonly bytes: number;
}

export interface PanelTimes {
  readonly panel: string;
  readonly packets: number;
  readonly loadMs: number;
  readonly opens: Measured;
  readonly again: Measured;
  /** One for each filter that had not been used before. */
  readonly filtered: readonly Measured[];
  /** From the end of loading until all messages were read; null: the panel needs none. */
  readonly completeMs: number | null;
}

/** Milliseconds within which a panel answers; the larger ones add up every flow of the cloud. */
const ALLOWED_MS = 300;
const CLOUD: ReadonlySet<string> = new Set(['egress', 'monitor', 'mirror']);
const ALLOWED_CLOUD_MS = 500;

const HEAD = '| Panel | Opens | Processor | Again | After a filter | Processor | Complete after | Answer | Target | |';
const RULE = '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- | --- |';

function allowedMs(panel: string): number {
  return CLOUD.has(panel) ? ALLOWED_CLOUD_MS : ALLOWED_MS;
}

export function panelTable(all: readonly PanelTimes[]): string {
  return `${HEAD}\n${RULE}\n${all.map(lineOf).join('')}`;
}

function lineOf({ panel, opens, again, filtered, completeMs }: PanelTimes): string {
  const slowest = filtered.reduce<Measured | null>(
    (worst, one) => (worst === null || one.ms > worst.ms ? one : worst),
    null,
  );
  const target = allowedMs(panel);
  const cells = [
    panel,
    ms(opens.ms) + (opens.isPartial ? ' (so far)' : ''),
    ms(opens.cpuMs),
    ms(again.ms),
    slowest === null ? '' : ms(slowest.ms),
    slowest === null ? '' : ms(slowest.cpuMs),
    completeMs === null ? '' : `${(completeMs / 1000).toFixed(1)} s`,
    `${(opens.bytes / 1e6).toFixed(1)} MB`,
    ms(target),
    Math.max(opens.ms, slowest?.ms ?? 0) <= target ? 'reached' : 'missed',
  ];
  return `| ${cells.join(' | ')} |\n`;
}

function ms(value: number): string {
  return `${value.toFixed(0)} ms`;
}
