/** Small captures made for the scenarios. */

import { pcap } from '../support/build-capture.ts';
import { httpRequest, httpResponse } from '../support/build-http.ts';
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

/** A page asked for and sent in two segments; its markup must stay text. */
export function pageCapture(): Uint8Array {
  const request = httpRequest({ host: 'www.example.com', path: '/hello.html' });
  const body = '<html><b>needle</b> and needle</html>\n';
  const response = httpResponse({
    headers: { 'Content-Type': 'text/html', 'Content-Length': String(body.length) },
    body,
  });
  const half = response.length - 20;
  const segments = [
    { isBack: false, at: 0, payload: request },
    { isBack: true, at: 0, payload: response.slice(0, half) },
    { isBack: true, at: half, payload: response.slice(half) },
  ];
  const packets = segments.map(({ isBack, at, payload }, i) => {
    const net = isBack ? { src: NET.dst, dst: NET.src } : NET;
    const ports = isBack ? { srcPort: 80, dstPort: 40_000 } : { srcPort: 40_000, dstPort: 80 };
    const layer = tcp({ ...ports, seq: 1 + at, ack: isBack ? 1 + request.length : 1, flags: ['ack'] }, payload);
    return { time: START + BigInt(i) * 1_000_000n, bytes: ethernet(LINK, ipv4(net, layer)).bytes() };
  });
  return pcap({ packets });
}
