/**
 * Values that differ and are right all the same. tshark's answers were made in one pass; a second pass, which a window shows
 * after loading, knows more. What either pass shows counts as equal, and is counted by rule.
 */

import { EQUAL, type Verdict } from './score.ts';

/** A frame on both sides, as far as the rules look. */
export interface FramePair {
  ours(field: string): string;
  theirs(field: string): string;
  /** Values of the Protocol column that tshark shows anywhere in the frame's TCP or UDP conversation. */
  conversationProtocols(): ReadonlySet<string>;
  /** Has tshark found bytes missing in the frame's TCP conversation, up to this frame? */
  hasHole(): boolean;
  /** Had a segment of its TCP connection, up to this one, a number in the place of an acknowledgment without the ACK flag? */
  hasBareNumber(): boolean;
  /** Do we say that the frame was captured before? */
  isCopy(): boolean;
  /** Is it one of several appearances' connection, whose other appearances tshark analyses too? */
  hasAppearances(): boolean;
  /** Do numbers of conversations differ from tshark's only because it has counted quoted packets before? */
  isRenumbered(field: string): boolean;
}

const TLS_NAMES = /^(SSL|SSLv2|SSLv3|TLS|TLSv1|TLSv1\.\d|DTLS|DTLSv1\.\d|DTLS 1\.\d \(OpenSSL pre 0\.9\.8f\))$/;

/** Layers of what a message's body holds: they come behind the application and say nothing about the frame's protocol. */
const BODY =
  /^(data|data-text-lines|image-gif|image-jfif|png|xml|json|urlencoded-form|media|mime_multipart|msdos|bencode|mp4|webm|wbxml|tcp\.segments|media_type|_ws\.unknown)$/;

/** Layers of certificates and of tokens inside handshakes, which a second pass repeats or leaves out. */
const CERTIFICATE = /^(x509\w*|pkcs-?\w*|pkix\w*|ess|cms|ocsp|logotypecertextn|ns_cert_exts)$/;

/** Is a differing value of `field` one that the other pass of tshark shows? Null: no rule speaks for it. */
export function tolerated(field: string, pair: FramePair): Verdict | null {
  const ours = pair.ours(field);
  const theirs = pair.theirs(field);
  if (ours === theirs) return EQUAL;
  if (field === 'frame.time_epoch')
    return normalTime(theirs) === ours ? { kind: 'tolerated', rule: 'a fraction above a second, carried over' } : null;
  if (field === '_ws.col.Protocol') {
    const isVersion = TLS_NAMES.test(ours) && TLS_NAMES.test(theirs) && pair.conversationProtocols().has(ours);
    return isVersion ? { kind: 'tolerated', rule: 'TLS version known later in the connection' } : null;
  }
  if (field !== 'frame.protocols') return null;
  const a = ours.split(':');
  const b = theirs.split(':');
  if (withoutRepeats(a).join(':') === withoutRepeats(b).join(':'))
    return { kind: 'tolerated', rule: 'repeated TLS layers' };
  return sameHead(a, b) ? { kind: 'tolerated', rule: 'layers of a body behind the application' } : null;
}

/** In a corrupt file the fraction can exceed a second: tshark prints its ten digits behind the seconds. */
function normalTime(text: string): string {
  const [seconds = '', fraction = ''] = text.split('.');
  const nanos = Number(fraction);
  return `${Number(seconds) + Math.floor(nanos / 1e9)}.${String(nanos % 1e9).padStart(9, '0')}`;
}

/** A TLS layer directly behind another says only how many messages end here. */
function withoutRepeats(layers: readonly string[]): string[] {
  return layers.filter((layer, i) => layer !== 'tls' || layers[i - 1] !== 'tls');
}

/** The same down to the application: four layers at least, and only bodies behind. */
function sameHead(a: readonly string[], b: readonly string[]): boolean {
  let same = 0;
  while (same < a.length && same < b.length && a[same] === b[same]) same++;
  const isBody = (layer: string): boolean => BODY.test(layer);
  const applicationAt = 4;
  return same > applicationAt && a.slice(same).every(isBody) && b.slice(same).every(isBody);
}

export function withoutCertificates(layers: string): string {
  return layers
    .split(':')
    .filter((layer) => !CERTIFICATE.test(layer))
    .join(':');
}
