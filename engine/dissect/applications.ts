/**
 * Which application a flow carries: by what people said ("decode as"), by what another flow announced, by port, or by what its
 * first bytes look like; in this order.
 */

import { allProtocols, findProtocol, lookUp, type Protocol } from './registry.ts';

const recognisers: Readonly<Record<'tcp' | 'udp', readonly Protocol[]>> = {
  tcp: allProtocols.filter(
    (p) => p.spec.recognise !== undefined && (p.spec.recogniseOn ?? ['tcp', 'udp']).includes('tcp'),
  ),
  udp: allProtocols.filter(
    (p) => p.spec.recognise !== undefined && (p.spec.recogniseOn ?? ['tcp', 'udp']).includes('udp'),
  ),
};

/** `udp.port=9999` to a protocol's index. */
export type DecodeAs = ReadonlyMap<string, number>;

/**
 * Index of the application's protocol, 0 where nobody claims it. Once per flow, with its first payload, and for datagrams that the
 * flow's protocol declined. `announced`: what another flow said, or 0.
 */
export function chooseApplication(
  transport: 'tcp' | 'udp',
  bytes: Uint8Array,
  at: number,
  end: number,
  source: number,
  destination: number,
  decodeAs: DecodeAs,
  announced = 0,
  declined = 0,
): number {
  const low = Math.min(source, destination);
  const high = Math.max(source, destination);
  if (decodeAs.size > 0) {
    const told = decodeAs.get(`${transport}.port=${low}`) ?? decodeAs.get(`${transport}.port=${high}`);
    if (told !== undefined) return told;
  }
  if (announced !== 0) {
    const { accepts, spec } = allProtocols[announced];
    if (announced !== declined && accepts?.(bytes, at, end) !== false) return announced;
    const companion = spec.companion === undefined ? undefined : findProtocol(spec.companion);
    if (companion !== undefined && companion.index !== declined && companion.accepts?.(bytes, at, end) === true)
      return companion.index;
  }
  const table = transport === 'tcp' ? 'tcp.port' : 'udp.port';
  const known = byPort(table, low, bytes, at, end, declined) || byPort(table, high, bytes, at, end, declined);
  if (known !== 0) return known;
  for (const protocol of recognisers[transport]) {
    if (protocol.index === declined) continue;
    if (end - at >= protocol.header && protocol.spec.recognise?.(bytes, at, end, low) === true) return protocol.index;
  }
  return announced === declined || allProtocols[announced].spec.probable === true ? 0 : announced;
}

/** Whose port it is, where that one takes the first payload; 0: nobody's. */
function byPort(
  table: 'tcp.port' | 'udp.port',
  port: number,
  bytes: Uint8Array,
  at: number,
  end: number,
  declined: number,
): number {
  const known = lookUp(table, port);
  if (known === 0 || known === declined) return 0;
  const { accepts, spec } = allProtocols[known];
  return spec.scan === undefined && accepts?.(bytes, at, end) !== false ? known : 0;
}
