import { describe, expect, it } from 'vitest';
import { KeyLog, OTHER_LABEL } from '../../../../engine/base/key-log.ts';
import { hex, join, toHex, utf8 } from '../../../support/build-bytes.ts';

const RANDOM = '0a'.repeat(32);
const SECRET = '1b'.repeat(48);

function logOf(...lines: readonly string[]): { readonly log: KeyLog; readonly found: number } {
  const log = new KeyLog();
  const found = log.add(utf8(lines.join('\n')));
  return { log, found };
}

describe('a key log', () => {
  it('gives a secret by label and client random', () => {
    const { log, found } = logOf(
      `CLIENT_RANDOM ${RANDOM} ${SECRET}`,
      `SERVER_TRAFFIC_SECRET_0 ${RANDOM} ${'2c'.repeat(32)}`,
    );
    expect(found).toBe(2);
    expect(toHex(log.find('CLIENT_RANDOM', hex(RANDOM)) ?? new Uint8Array(0))).toBe(SECRET);
    expect(log.find('CLIENT_TRAFFIC_SECRET_0', hex(RANDOM))).toBeUndefined();
    expect(log.find('CLIENT_RANDOM', hex('0b'.repeat(32)))).toBeUndefined();
    expect(log.isEmpty).toBe(false);
  });

  it('takes capitals, carriage returns, comments and empty lines', () => {
    const { log, found } = logOf('# made by a program', '', `CLIENT_RANDOM ${RANDOM.toUpperCase()} ${SECRET}\r`, '  ');
    expect(found).toBe(1);
    expect(log.find('CLIENT_RANDOM', hex(RANDOM))).toBeDefined();
  });

  it('takes secrets of RSA key exchanges and of sessions by id', () => {
    const { log } = logOf(`RSA 0011223344556677 ${SECRET}`, `RSA Session-ID:aabb Master-Key:${SECRET}`);
    expect(log.find(OTHER_LABEL.rsa, hex('0011223344556677'))).toBeDefined();
    expect(log.find(OTHER_LABEL.session, hex('aabb'))).toBeDefined();
  });

  it('passes over what is no secret', () => {
    const wrong = [
      `CLIENT_RANDOM ${RANDOM}`,
      `CLIENT_RANDOM ${'0a'.repeat(31)} ${SECRET}`,
      `CLIENT_RANDOM ${RANDOM} ${SECRET}1`,
      `CLIENT_RANDOM ${RANDOM} xyz`,
      `WHATEVER ${RANDOM} ${SECRET}`,
      `CLIENT_RANDOM ${RANDOM} ${'00'.repeat(5000)}`,
      'x'.repeat(100_000),
    ];
    const { log, found } = logOf(...wrong);
    expect(found).toBe(0);
    expect(log.isEmpty).toBe(true);
  });

  it('knows whose secrets it has at a place in other bytes', () => {
    const { log } = logOf(`CLIENT_RANDOM ${RANDOM} ${SECRET}`);
    const bytes = join([1, 2, 3], hex(RANDOM));
    expect(log.knows(bytes, 3)).toBe(true);
    expect(log.knows(bytes, 2)).toBe(false);
    expect(log.knows(bytes, 4)).toBe(false);
  });

  it('reads binary bytes without harm', () => {
    const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => (i * 7919) & 255);
    expect(new KeyLog().add(bytes)).toBe(0);
  });
});
