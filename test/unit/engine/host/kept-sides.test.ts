import { describe, expect, it } from 'vitest';
import { withSide } from '../../../../engine/host/kept-sides.ts';

const file = { path: 'a.pcap', size: 10 };
const other = { path: 'b.pcap', size: 5, side: 'server', streams: [] } as const;

describe('sides that are kept for a file', () => {
  it('are those of the file and of connections of it', () => {
    const one = withSide([{ ...other, streams: [] }], [file], { stream: null, side: 'client' });
    expect(one).toEqual([{ ...file, side: 'client', streams: [] }, other]);
    const two = withSide(one, [file], { stream: 7, side: 'between' });
    expect(two[0]).toEqual({ ...file, side: 'client', streams: [{ stream: 7, side: 'between' }] });
    expect(withSide(two, [file], { stream: 7, side: 'auto' })[0]?.streams).toEqual([]);
  });

  it('go where the file tells by itself again, or has become another', () => {
    const kept = withSide([], [file], { stream: null, side: 'client' });
    expect(withSide(kept, [file], { stream: null, side: 'auto' })).toEqual([]);
    expect(withSide(kept, [{ ...file, size: 11 }], { stream: 1, side: 'server' })).toEqual([
      { path: 'a.pcap', size: 11, side: 'auto', streams: [{ stream: 1, side: 'server' }] },
    ]);
  });
});
