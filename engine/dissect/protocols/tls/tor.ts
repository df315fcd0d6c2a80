/**
 * Tor (tor-spec 2): its connections are TLS like any other. Probable by the ports that its relays and its own proxy listen on, and
 * by server names that relays' clients make up: `www.`, 4 to 25 letters of base 32, `.com` or `.net`.
 */

const PORTS: ReadonlySet<number> = new Set([9001, 9030, 9040, 9050, 9051, 9150, 9151]);
const NAME = /^www\.([a-z2-7]{8,25})\.(?:com|net)$/;
const VOWELS = /[aeiouy]/g;
/** A word of any language has more vowels, and fewer consonants in a row. */
const FEWEST_VOWELS = 0.2;
const CONSONANTS = /[bcdfghjklmnpqrstvwxz2-7]{5}/;

/** Signs that a Client Hello to `name` between these ports is Tor's; none: it does not look like it. */
export function torSigns(name: string, ports: readonly number[]): string[] {
  const signs: string[] = [];
  const port = ports.find((one) => PORTS.has(one));
  if (port !== undefined) signs.push(`port ${port} is one that Tor listens on`);
  const label = NAME.exec(name)?.[1];
  if (label !== undefined && isMadeUp(label))
    signs.push(`the server name ${name} is random letters, as Tor makes them up`);
  return signs;
}

function isMadeUp(label: string): boolean {
  const vowels = label.match(VOWELS)?.length ?? 0;
  return /[2-7]/.test(label) || vowels / label.length < FEWEST_VOWELS || CONSONANTS.test(label);
}
