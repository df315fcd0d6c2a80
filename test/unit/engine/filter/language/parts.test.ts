/** Parts of a filter: which there are, and what stays when some are left out. */

import { describe, expect, it } from 'vitest';
import { filterParts, withoutParts } from '../../../../../engine/filter/language/parts.ts';

describe('parts', () => {
  it.each([
    ['tcp and udp', 'and', ['tcp', 'udp']],
    ['tcp && (udp or dns) && !arp', 'and', ['tcp', '(udp or dns)', '!arp']],
    ['tcp and udp or dns', 'or', ['tcp and udp', 'dns']],
    ['a in {1, 2} or any b == 3', 'or', ['a in {1, 2}', 'any b == 3']],
    [
      '$private(ip.src) and ${web} and ip.dst == ${ip.dst}',
      'and',
      ['$private(ip.src)', '${web}', 'ip.dst == ${ip.dst}'],
    ],
    ['frame contains "a and b" and 1 < x < 5', 'and', ['frame contains "a and b"', '1 < x < 5']],
  ])('%s', (text, joint, parts) => {
    const found = filterParts(text);
    expect(found?.joint).toBe(joint);
    expect(found?.parts.map((part) => part.text)).toEqual(parts);
  });

  it.each(['', 'tcp', 'tcp.port == 80', 'not (tcp and udp)', 'tcp xor udp', 'tcp and', '('])('%s has none', (text) =>
    expect(filterParts(text)).toBeNull(),
  );
});

describe('without parts', () => {
  it.each([
    ['tcp and udp and dns', ['udp'], 'tcp and dns'],
    ['tcp && udp', ['tcp'], 'udp'],
    ['tcp or udp', ['tcp', 'udp'], ''],
    ['tcp  &&  udp', [], 'tcp  &&  udp'],
    ['tcp  &&  udp', ['arp'], 'tcp  &&  udp'],
    ['tcp and (udp or dns)', ['tcp'], '(udp or dns)'],
    ['tcp', ['tcp'], 'tcp'],
  ])('%s', (text, off, expected) => expect(withoutParts(text, off)).toBe(expected));
});
