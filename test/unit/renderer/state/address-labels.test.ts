import { describe, expect, it } from 'vitest';
import {
  addressIn,
  isAddressBlock,
  joinLabels,
  labelsOf,
  labelText,
} from '../../../../renderer/state/address-labels.ts';

describe('labels of addresses', () => {
  it('are for addresses and blocks', () => {
    for (const text of ['192.0.2.1', '192.0.2.0/24', '2001:db8::1', '2001:db8::/32'])
      expect(isAddressBlock(text), text).toBe(true);
    for (const text of ['', 'example.com', '192.0.2.0/33', '192.0.2.1/', '192.0.2', '2001:db8::/129', '1/2/3'])
      expect(isAddressBlock(text), text).toBe(false);
  });

  it('come back from the file they were saved to', () => {
    const labels = [
      { address: '192.0.2.1', name: 'the web server' },
      { address: '2001:db8::/32', name: 'lab' },
    ];
    expect(labelsOf(labelText(labels))).toEqual(labels);
    expect(labelsOf('# a comment\n192.0.2.1 web # old\n\nnot an address name\n')).toEqual([
      { address: '192.0.2.1', name: 'web' },
    ]);
  });

  it('are replaced by newer ones for the same address', () => {
    const before = [{ address: '192.0.2.1', name: 'a' }];
    expect(
      joinLabels(before, [
        { address: '192.0.2.1', name: 'b' },
        { address: '192.0.2.2', name: 'c' },
      ]),
    ).toEqual([
      { address: '192.0.2.1', name: 'b' },
      { address: '192.0.2.2', name: 'c' },
    ]);
  });

  it('find the address of a cell that shows a name', () => {
    expect(addressIn('192.0.2.1', '')).toBe('192.0.2.1');
    expect(addressIn('web', 'ip.src == 192.0.2.1')).toBe('192.0.2.1');
    expect(addressIn('443', 'tcp.port == 443')).toBe('');
  });
});
