/** Times: nanoseconds as bigint where they must be exact, as integers in f64 (below 2^53) in columns; and their text. */

export const NS_PER_SECOND = 1_000_000_000n;

/** `1.000002500`: seconds with `decimals` digits, cut, not rounded; a sign where it is negative. */
export function formatSeconds(ns: bigint, decimals = 9): string {
  const sign = ns < 0n ? '-' : '';
  const magnitude = ns < 0n ? -ns : ns;
  const fraction = (magnitude % NS_PER_SECOND).toString().padStart(9, '0').slice(0, decimals);
  const whole = (magnitude / NS_PER_SECOND).toString();
  return decimals === 0 ? sign + whole : `${sign}${whole}.${fraction}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Nov 21, 2026 08:00:00.000000000 UTC`, Wireshark's text of an absolute time; of damaged ones too, whatever their year. */
export function formatAbsolute(ns: bigint): string {
  const seconds = floorDivide(ns, NS_PER_SECOND);
  const fraction = (ns - seconds * NS_PER_SECOND).toString().padStart(9, '0');
  const days = floorDivide(seconds, 86_400n);
  const second = Number(seconds - days * 86_400n);
  const { year, month, day } = civilDate(days);
  const two = (n: number): string => n.toString().padStart(2, '0');
  const clock = `${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`;
  return `${MONTHS[month - 1]} ${day.toString().padStart(2, ' ')}, ${year} ${clock}.${fraction} UTC`;
}

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a < 0n && quotient * b !== a ? quotient - 1n : quotient;
}

const DAYS_IN_400_YEARS = 146_097n;

/** Day of the Gregorian calendar from days since 1970: Date ends at the year 275,760, times of damaged files do not. */
function civilDate(days: bigint): { readonly year: bigint; readonly month: number; readonly day: number } {
  const cycles = floorDivide(days, DAYS_IN_400_YEARS);
  const date = new Date(Number(days - cycles * DAYS_IN_400_YEARS) * 86_400_000);
  return { year: BigInt(date.getUTCFullYear()) + cycles * 400n, month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}
