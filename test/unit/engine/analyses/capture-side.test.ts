import { describe, expect, it } from 'vitest';
import { sideOf } from '../../../../engine/analyses/capture-side.ts';

const MS = 1_000_000;
const NOTHING = { serverHalf: Number.NaN, clientHalf: Number.NaN, clientHops: 0, serverHops: 0 };

describe('the side of the capture', () => {
  it('is told by the halves of the handshake', () => {
    expect(sideOf({ ...NOTHING, serverHalf: 20 * MS, clientHalf: 0.05 * MS })).toEqual({ side: 'client', by: 'times' });
    expect(sideOf({ ...NOTHING, serverHalf: 0.05 * MS, clientHalf: 20 * MS })).toEqual({ side: 'server', by: 'times' });
    expect(sideOf({ ...NOTHING, serverHalf: 8 * MS, clientHalf: 12 * MS })).toEqual({ side: 'between', by: 'times' });
    expect(sideOf({ ...NOTHING, serverHalf: 0.1 * MS, clientHalf: 0.02 * MS }).side).toBe('unknown');
  });

  it('is told by who has not lost a hop', () => {
    expect(sideOf({ ...NOTHING, clientHops: 64, serverHops: 52 })).toEqual({ side: 'client', by: 'hops' });
    expect(sideOf({ ...NOTHING, clientHops: 113, serverHops: 64 })).toEqual({ side: 'server', by: 'hops' });
    expect(sideOf({ ...NOTHING, clientHops: 60, serverHops: 250 })).toEqual({ side: 'between', by: 'hops' });
    expect(sideOf({ ...NOTHING, clientHops: 64, serverHops: 64 }).side).toBe('unknown');
    expect(sideOf({ ...NOTHING, clientHops: 0, serverHops: 52 }).side).toBe('unknown');
  });

  it('is sure where both say the same, and open where they contradict each other', () => {
    const client = { serverHalf: 20 * MS, clientHalf: 0.05 * MS };
    expect(sideOf({ ...client, clientHops: 128, serverHops: 52 })).toEqual({ side: 'client', by: 'both' });
    expect(sideOf({ ...client, clientHops: 63, serverHops: 52 })).toEqual({ side: 'client', by: 'times' });
    expect(sideOf({ ...client, clientHops: 52, serverHops: 64 }).side).toBe('unknown');
    expect(sideOf(NOTHING)).toEqual({ side: 'unknown', by: 'nothing' });
  });
});
