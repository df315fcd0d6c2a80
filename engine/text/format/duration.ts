/** Durations for people: 12 ms, 0.8 s, 3 min 20 s. */

export function formatDuration(ms: number, language: string): string {
  const format = (value: number, digits: number): string =>
    new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);
  if (ms < 1) return `${format(ms, 2)} ms`;
  if (ms < 100) return `${format(ms, ms < 10 ? 1 : 0)} ms`;
  const seconds = ms / 1000;
  if (seconds < 59.95) return `${format(seconds, seconds < 9.95 ? 1 : 0)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${format(Math.floor(whole / 60), 0)} min ${whole % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${format(Math.floor(minutes / 60), 0)} h ${minutes % 60} min`;
}
