/** Signature algorithms, and the signed certificate timestamps that hold them. */

import type { TreeBuilder } from '../../tree.ts';

export function addSignatureAlgorithm(t: TreeBuilder, at: number): number {
  t.add('handshake.sig_hash_alg', at);
  t.nest(t.last());
  t.add('handshake.sig_hash_hash', at);
  t.add('handshake.sig_hash_sig', at + 1);
  t.close();
  return at + 2;
}

/** Signed certificate timestamps (RFC 6962 3.3): each with a log's key, a time, a signature. */
export function addTimestamps(t: TreeBuilder, at: number, end: number): void {
  t.add('sct.scts_length', at);
  for (let next = at + 2; next + 2 <= end; ) {
    const length = t.u16(next);
    const stop = next + 2 + length;
    if (stop > end) t.fail();
    t.nest(t.text('Signed Certificate Timestamp', next, 2 + length));
    t.add('sct.sct_length', next);
    timestamp(t, next + 2, stop);
    t.close();
    next = stop;
  }
}

function timestamp(t: TreeBuilder, at: number, end: number): void {
  t.add('sct.sct_version', at);
  if (t.u8(at) !== 0) return;
  t.add('sct.sct_logid', at + 1, 32);
  t.put('sct.sct_timestamp', t.u64(at + 33) * 1_000_000n, at + 33, 8);
  const extensions = t.u16(at + 41);
  t.add('sct.sct_extensions_length', at + 41);
  if (extensions > 0) t.put('sct.sct_extensions', new Uint8Array(0), at + 43, extensions);
  const signature = addSignatureAlgorithm(t, at + 43 + extensions);
  t.add('sct.sct_signature_length', signature);
  t.add('sct.sct_signature', signature + 2, Math.min(t.u16(signature), end - signature - 2));
}
