/**
 * Capture filters (pcap-filter(7)) that tools with lists of conditions can be told: protocols, addresses, networks and ports
 * joined by `and` and `or`. `and` and `or` have the same precedence there and associate to the left; an id without a word
 * before it repeats the last words (`port 80 or 443`).
 */

import { parseIpv4, parseIpv6 } from '../../base/address.ts';

export type SimpleProtocol = 'ip' | 'ip6' | 'arp' | 'tcp' | 'udp' | 'icmp' | 'icmp6';

/** Everything in it holds for one packet. */
export interface Conjunction {
  readonly protocols: readonly SimpleProtocol[];
  /** Addresses, with `/prefix` where they are networks. */
  readonly addresses: readonly string[];
  readonly ports: readonly number[];
  /** A direction (`src`, `dst`) was asked for, which lists of conditions do not have. */
  readonly isDirected: boolean;
}

/** More alternatives than this no tool takes (pktmon has 32). */
const MOST = 32;

const PROTOCOLS: Readonly<Record<string, SimpleProtocol>> = {
  ip: 'ip',
  ip6: 'ip6',
  arp: 'arp',
  tcp: 'tcp',
  udp: 'udp',
  icmp: 'icmp',
  icmp6: 'icmp6',
};

type Kind = 'host' | 'net' | 'port';

interface Qualifier {
  readonly protocol: SimpleProtocol | null;
  readonly kind: Kind;
  readonly isDirected: boolean;
}

/** The alternatives of a filter; one without conditions for an empty one; null: it says more than lists can. */
export function simpleFilter(filter: string): readonly Conjunction[] | null {
  const words = filter.toLowerCase().match(/&&|\|\||[()!]|[^\s()!&|]+|[&|]/g) ?? [];
  if (words.length === 0) return [{ protocols: [], addresses: [], ports: [], isDirected: false }];
  const reader = new Reader(words);
  const found = reader.expression();
  return found === null || !reader.isAtEnd || found.length > MOST ? null : found;
}

class Reader {
  private readonly words: readonly string[];
  private at = 0;
  private last: Qualifier | null = null;

  constructor(words: readonly string[]) {
    this.words = words;
  }

  get isAtEnd(): boolean {
    return this.at === this.words.length;
  }

  private peek(): string {
    return this.words[this.at] ?? '';
  }

  expression(): readonly Conjunction[] | null {
    let left = this.term();
    while (left !== null) {
      const word = this.peek();
      if (word !== 'and' && word !== '&&' && word !== 'or' && word !== '||') return left;
      this.at++;
      const right = this.term();
      if (right === null) return null;
      left = word === 'or' || word === '||' ? [...left, ...right] : both(left, right);
      if (left.length > MOST) return null;
    }
    return null;
  }

  private term(): readonly Conjunction[] | null {
    if (this.peek() !== '(') return this.primitive();
    this.at++;
    const inside = this.expression();
    if (inside === null || this.peek() !== ')') return null;
    this.at++;
    return inside;
  }

  private primitive(): readonly Conjunction[] | null {
    const protocol = PROTOCOLS[this.peek()] ?? null;
    if (protocol !== null) this.at++;
    let isDirected = false;
    if (this.peek() === 'src' || this.peek() === 'dst') {
      isDirected = true;
      this.at++;
      // `src or dst` is what no direction means too.
      if (this.peek() === 'or' && /^(?:src|dst)$/.test(this.words[this.at + 1] ?? '')) {
        isDirected = false;
        this.at += 2;
      }
    }
    const word = this.peek();
    const kind = word === 'host' || word === 'net' || word === 'port' ? word : null;
    if (kind !== null) this.at++;
    else if (protocol !== null && !isDirected) return [conjunction({ protocols: [protocol] })];
    const said = { protocol, kind: kind ?? 'host', isDirected } as const;
    const isBare = protocol === null && kind === null && !isDirected;
    const qualifier: Qualifier | null = isBare ? this.last : said;
    if (qualifier === null) return null;
    this.last = qualifier;
    return this.value(qualifier);
  }

  private value({ protocol, kind, isDirected }: Qualifier): readonly Conjunction[] | null {
    const value = this.peek();
    this.at++;
    const protocols = protocol === null ? [] : [protocol];
    if (kind === 'port') {
      const isPort = /^\d{1,5}$/.test(value) && Number(value) <= 65535;
      return isPort ? [conjunction({ protocols, ports: [Number(value)], isDirected })] : null;
    }
    return isAddress(value, kind === 'net') ? [conjunction({ protocols, addresses: [value], isDirected })] : null;
  }
}

function isAddress(text: string, isNetwork: boolean): boolean {
  const [, address = '', prefix = ''] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  if (prefix !== '' && !isNetwork) return false;
  if (parseIpv4(address) !== null) return prefix === '' ? !isNetwork : Number(prefix) <= 32;
  return parseIpv6(address) !== null && (prefix === '' ? !isNetwork : Number(prefix) <= 128);
}

function conjunction(part: Partial<Conjunction>): Conjunction {
  return { protocols: [], addresses: [], ports: [], isDirected: false, ...part };
}

function both(left: readonly Conjunction[], right: readonly Conjunction[]): readonly Conjunction[] {
  return left.flatMap((a) =>
    right.map((b) => ({
      protocols: [...new Set([...a.protocols, ...b.protocols])],
      addresses: [...new Set([...a.addresses, ...b.addresses])],
      ports: [...new Set([...a.ports, ...b.ports])],
      isDirected: a.isDirected || b.isDirected,
    })),
  );
}
