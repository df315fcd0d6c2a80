/** Counts and shares for people: 2,007,828 and 0.6 %. */

const counts = new Map<string, Intl.NumberFormat>();

export function formatCount(value: number, language: string): string {
  const known = counts.get(language) ?? new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  counts.set(language, known);
  return known.format(value);
}

/** One digit after the point; a share that is there but rounds to nothing, or to all, says so. */
export function formatShare(part: number, whole: number, language: string): string {
  if (whole <= 0) return '0 %';
  const percent = (part / whole) * 100;
  const format = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  if (part > 0 && percent < 0.05) return `< ${format.format(0.1)} %`;
  if (part < whole && percent >= 99.95) return `> ${format.format(99.9)} %`;
  return `${format.format(percent)} %`;
}
