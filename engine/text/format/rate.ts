/** Bit rates for people: 1.2 Mbit/s. Decimal units, as networks are sold. */

const UNITS = ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s'] as const;

/** Bits a second of some bytes over nanoseconds; NaN where there was no time to count over. */
export function bitRate(bytes: number, durationNs: number): number {
  return durationNs > 0 ? (bytes * 8) / (durationNs / 1e9) : Number.NaN;
}

/** Three digits that count; a dash where there is no rate. */
export function formatRate(bitsPerSecond: number, language: string): string {
  if (!Number.isFinite(bitsPerSecond)) return '–';
  let value = bitsPerSecond;
  let unit = 0;
  while (unit < UNITS.length - 1 && value >= 999.5) {
    value /= 1000;
    unit++;
  }
  const digits = value >= 100 || (unit === 0 && value >= 10) ? 0 : value >= 10 ? 1 : 2;
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value)} ${UNITS[unit] ?? ''}`;
}
