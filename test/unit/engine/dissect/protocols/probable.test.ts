/** What is not told by its bytes: encrypted BitTorrent where other flows named the peer, Tor by its ports and made-up names. */

import { describe, expect, it } from 'vitest';
import { torSigns } from '../../../../../engine/dissect/protocols/tls/tor.ts';
import { protocolNamed } from '../../../../../engine/dissect/registry.ts';
import { useNodePlatform } from '../../../../../engine/host/platform-node.ts';
import { hex, join, latin1, seededRandom } from '../../../../support/build-bytes.ts';
import { valuesOf } from '../../../../support/dissect-packet.ts';
import { probableCapture } from '../../../../support/golden-captures/probable.ts';
import { loadedFrames } from '../../../../support/loaded-frames.ts';

useNodePlatform();

const mse = protocolNamed('bt-mse');
const accepts = (bytes: Uint8Array): boolean => mse.accepts?.(bytes, 0, bytes.length) === true;

describe('encrypted BitTorrent', () => {
  it('begins with random bytes, as many as the key exchange has', () => {
    const random = seededRandom(11);
    for (let i = 0; i < 200; i++) expect(accepts(random.bytes(96 + i))).toBe(true);
    expect(accepts(random.bytes(95))).toBe(false);
    expect(accepts(random.bytes(609))).toBe(false);
  });

  it('is not what begins as text, as TLS or in the clear', () => {
    const rest = seededRandom(12).bytes(200);
    expect(accepts(join(hex('160301'), rest))).toBe(false);
    expect(accepts(latin1('GET /announce HTTP/1.1\r\n'.repeat(10)))).toBe(false);
    expect(accepts(join(hex('13'), latin1('BitTorrent protocol'), new Uint8Array(48)))).toBe(false);
    expect(accepts(new Uint8Array(200))).toBe(false);
  });
});

describe('a capture of a peer', () => {
  const { stacks, dissect } = loadedFrames(probableCapture);

  it('names the connection to the peer, with its reasons, and no other', () => {
    const rows = stacks.flatMap((stack, row) => (stack.includes('bt-mse') ? [row] : []));
    expect(rows.map((row) => dissect(row).info)).toEqual(['Encrypted, 300 bytes', 'Encrypted, 200 bytes']);
    const { root } = dissect(rows[0] ?? 0);
    expect(valuesOf(root, 'nagare.probable')).toEqual(['encrypted BitTorrent']);
    expect(valuesOf(root, 'nagare.probable.reason')).toEqual([
      'DHT named this peer in frame 1',
      'the first bytes are random, as many as the key exchange has',
    ]);
    expect(stacks.filter((stack) => stack === 'data')).toHaveLength(2);
  });

  it('says why a connection may be of Tor', () => {
    const row = stacks.indexOf('tls');
    expect(valuesOf(dissect(row).root, 'nagare.probable')).toEqual(['Tor']);
    expect(valuesOf(dissect(row).root, 'nagare.probable.reason')).toHaveLength(2);
  });
});

describe('Tor', () => {
  it('shows by ports and by made-up names', () => {
    expect(torSigns('', [40_000, 9001])).toEqual(['port 9001 is one that Tor listens on']);
    expect(torSigns('www.q3vwxk2lt5bd.com', [40_000, 443])).toHaveLength(1);
    expect(torSigns('www.q3vwxk2lt5bd.net', [9030, 443])).toHaveLength(2);
  });

  it('is not what has a name that people chose', () => {
    for (const name of ['www.example.com', 'www.wikipedia.com', 'www.bookstore.net', 'api.q3vwxk2lt5bd.com', ''])
      expect(torSigns(name, [40_000, 443])).toEqual([]);
  });
});
