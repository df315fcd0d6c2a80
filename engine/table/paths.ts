/** Header chains: what a path's words say, read by filters, columns and exports. */

import { formatIpv4, formatIpv6, formatMac } from '../base/address.ts';
import { putU32 } from '../base/bytes.ts';
import { ABSENT, ADDRESS, PATH, PATH_WORDS } from './path-words.ts';
import { grow, WordDictionary } from './word-dictionary.ts';

/** A path whose innermost conversation is none. */
export const NO_FLOW = 0xffffffff;
/** A path of which no row has been taken yet. */
export const NEW_PATH = 0xfffffffe;

export class Paths extends WordDictionary {
  /** Conversation of the innermost headers, with the swap bit on top; NO_FLOW; NEW_PATH until the flow pass sets it. */
  conversation = new Uint32Array(1024).fill(NEW_PATH);

  /** The id of words [from, to); a new path has no conversation yet. */
  override internHashed(words: Uint32Array, from: number, to: number, hash: number): number {
    const path = super.internHashed(words, from, to, hash);
    if (path >= this.conversation.length) {
      const before = this.conversation.length;
      this.conversation = grow(this.conversation, path + 1).fill(NEW_PATH, before);
    }
    return path;
  }

  /** Calls `visit` for each entry of a path from the outside in: kind, the tag's own number, index of its first word. */
  visit(path: number, visit: (kind: number, own: number, at: number) => void): void {
    const words = this.words;
    for (let at = this.start[path]; at < this.start[path + 1]; ) {
      const kind = words[at] >>> 24;
      visit(kind, words[at] & 0xffffff, at + 1);
      at += 1 + PATH_WORDS[kind];
    }
  }

  /** Source and destination as the packet list shows them: the innermost network addresses, else the link's. */
  addresses(path: number): { readonly source: string; readonly destination: string } {
    const { words } = this;
    let kind = -1;
    let own = 0;
    let found = 0;
    let gidSource = -1;
    let gidDestination = -1;
    for (let at = this.start[path]; at < this.start[path + 1]; at += 1 + PATH_WORDS[words[at] >>> 24]) {
      const entry = words[at] >>> 24;
      const style = words[at] & 0xffffff;
      if (entry === PATH.other && style === ADDRESS.gidSource) gidSource = at + 1;
      else if (entry === PATH.other && style === ADDRESS.gidDestination) gidDestination = at + 1;
      else if (entry === PATH.ipv4 || entry === PATH.ipv6 || entry === PATH.other || entry === PATH.link) {
        kind = entry;
        own = style;
        found = at + 1;
        gidSource = gidDestination = -1;
      }
    }
    const ends = kind < 0 ? { source: '', destination: '' } : this.ends(kind, own, found);
    return {
      source: gidSource < 0 ? ends.source : `GID: ${formatIpv6(this.bytesAt(gidSource, 4))}`,
      destination: gidDestination < 0 ? ends.destination : `GID: ${formatIpv6(this.bytesAt(gidDestination, 4))}`,
    };
  }

  /** Texts of the two addresses of an entry whose words begin at `at`. */
  private ends(kind: number, own: number, at: number): { readonly source: string; readonly destination: string } {
    const { words } = this;
    switch (kind) {
      case PATH.ipv4:
        return { source: formatIpv4(words[at]), destination: formatIpv4(words[at + 1]) };
      case PATH.ipv6:
        return { source: formatIpv6(this.bytesAt(at, 4)), destination: formatIpv6(this.bytesAt(at + 4, 4)) };
      case PATH.link: {
        const bytes = this.bytesAt(at, 3);
        return { source: formatMac(bytes), destination: formatMac(bytes, 6) };
      }
      default:
        return {
          source: otherAddress(own, words, at, ' (TA)'),
          destination: otherAddress(own, words, at + 3, ' (RA)'),
        };
    }
  }

  /** `count` words as bytes in network order. */
  bytesAt(at: number, count: number): Uint8Array {
    const bytes = new Uint8Array(4 * count);
    for (let i = 0; i < count; i++) putU32(bytes, 4 * i, this.words[at + i]);
    return bytes;
  }
}

/** An address of another family as the packet list shows it; `role`: what it is in an 802.11 control frame. */
function otherAddress(style: number, words: Uint32Array, at: number, role: string): string {
  const first = words[at];
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
  switch (style) {
    case ADDRESS.hex8:
      return `0x${hex(first, 2)}`;
    case ADDRESS.hex16:
      if (first === ABSENT) return '';
      return first === 0xffff ? 'Broadcast' : `0x${hex(first, 4)}`;
    case ADDRESS.ipx:
      return `${hex(first, 8)}.${hex(words[at + 1], 8)}${hex(words[at + 2], 4)}`;
    case ADDRESS.lid:
      return `LID: ${first}`;
    case ADDRESS.usb:
      return first === ABSENT ? 'host' : `${first}.${words[at + 1]}.${words[at + 2]}`;
    case ADDRESS.host:
      return first === 1 ? 'host' : first === 2 ? 'controller' : '';
    case ADDRESS.wpan:
      if (first === 2) return words[at + 1] === 0xffff ? 'Broadcast' : `0x${hex(words[at + 1], 4)}`;
      return first === 3 ? (`${hex(words[at + 1], 8)}${hex(words[at + 2], 8)}`.match(/../g) ?? []).join(':') : '';
    case ADDRESS.ipv4:
      return formatIpv4(first);
    case ADDRESS.mac:
    case ADDRESS.receiver: {
      if (first === ABSENT) return '';
      const mac = `${hex(first, 4)}${hex(words[at + 1], 8)}`.match(/../g) ?? [];
      return mac.join(':') + (style === ADDRESS.receiver ? role : '');
    }
    case ADDRESS.unnamed:
      return 'N/A';
    case ADDRESS.vsock:
      return first === 2 ? 'host' : String(first);
    case ADDRESS.appletalk:
      return `${hex(first, 4)}.${hex(words[at + 1], 2)}`;
    default:
      return String(first);
  }
}
