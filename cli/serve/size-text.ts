/** Sizes on the command line: `4 GiB` for people, `512M` from them. */

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

export function sizeText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${Number.isInteger(value) ? value : value.toFixed(1)} ${UNITS[unit]}`;
}

/** `512M`, `4G`, `1000000`, each optionally with `iB` or `B` behind it; null: no size. */
export function parseSize(text: string): number | null {
  const found = /^(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?$/i.exec(text.trim());
  if (found === null) return null;
  const unit = ['', 'K', 'M', 'G', 'T'].indexOf((found[2] ?? '').toUpperCase());
  const bytes = Math.floor(Number(found[1]) * 1024 ** unit);
  return Number.isSafeInteger(bytes) && bytes > 0 ? bytes : null;
}
