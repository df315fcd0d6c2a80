/** Sizes for people, in decimal units as file managers of servers and clouds write them: 1.11 GB. */

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** Three digits that count; below 1,000 bytes exact. */
export function formatBytes(bytes: number, language: string): string {
  let value = Math.abs(bytes);
  let unit = 0;
  // 999.5 kB would be written 1,000 kB: it is 1 MB.
  while (unit < UNITS.length - 1 && (unit === 0 ? value >= 1000 : value >= 999.5)) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  const format = new Intl.NumberFormat(language, { maximumFractionDigits: digits });
  return `${format.format(bytes < 0 ? -value : value)} ${UNITS[unit] ?? ''}`;
}
