/** How long the tags of SRTP and SRTCP are, by the profile that a handshake agreed on (RFC 5764 4.1.2, RFC 7714 14.2). */

import type { TreeBuilder } from '../tree.ts';

interface Tags {
  readonly rtp: number;
  readonly rtcp: number;
}

const LONG: Tags = { rtp: 10, rtcp: 10 };
const SHORT: Tags = { rtp: 4, rtcp: 10 };
const GCM: Tags = { rtp: 16, rtcp: 0 };
const PROFILES: Readonly<Record<string, Tags>> = { '1': LONG, '2': SHORT, '5': LONG, '6': SHORT, '7': GCM, '8': GCM };

/** Tags of the flow's packets; null: they are not encrypted. */
export function srtpTags(t: TreeBuilder): Tags | null {
  const { announced } = t.packet;
  if (announced?.method !== 'DTLS-SRTP' || announced.row >= t.packet.number) return null;
  return PROFILES[announced.notes.get('profile')?.text ?? ''] ?? LONG;
}
