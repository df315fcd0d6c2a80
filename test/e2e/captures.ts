/** Small captures made for the scenarios. */

import { pcap } from '../support/build-capture.ts';
import { httpRequest } from '../support/build-http.ts';
import { ethernet } from '../support/build-link.ts';
import { ipv4, tcp } from '../support/build-packet.ts';

const START = 1_768_467_600_000_000_000n; // 2026-01-15 09:00 UTC
const LINK = { src: '02:00:00:00:00:04', dst: '02:00:00:00:00:01' };
const NET = { src: '192.0.2.4', dst: '198.51.100.20' };

function capture(payloads: readonly (Uint8Array | undefined)[]): Uint8Array {
  const packets = payloads.map((payload, i) => ({
    time: START + BigInt(i) * 1_000_000n,
    bytes: ethernet(
      LINK,
      ipv4(NET, tcp({ srcPort: 40_000, dstPort: 80, seq: 1 + i, ack: 1, flags: ['ack'] }, payload)),
    ).bytes(),
  }));
  return pcap({ packets });
}

/** TCP packets without content. */
export function smallCapture(packets: number): Uint8Array {
  return capture(Array.from({ length: packets }, () => undefined));
}

/** HTTP requests whose texts would be markup, script and formulas, were they taken for that. */
export const HOSTILE = {
  markup: '<img src=x onerror="document.title=1">',
  script: '/<script>document.title=2</script>',
  attribute: '"><svg onload=alert(1)>',
} as const;

export function hostileCapture(): Uint8Array {
  return capture([
    httpRequest({ host: HOSTILE.markup, path: HOSTILE.script }),
    httpRequest({ host: 'www.example.com', path: '/', headers: { 'User-Agent': HOSTILE.attribute } }),
  ]);
}
