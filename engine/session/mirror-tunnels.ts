/** Protocols whose tunnels carry mirrored packets: by their index, with the field that holds their key. */

import { protocolNamed } from '../dissect/registry.ts';

export const MIRROR_TUNNELS: ReadonlyMap<number, { readonly name: string; readonly key: string }> = new Map(
  (
    [
      ['vxlan', 'vxlan.vni'],
      ['geneve', 'geneve.vni'],
      ['erspan', 'erspan.spanid'],
      ['gre', 'gre.key'],
    ] as const
  ).map(([name, key]) => [protocolNamed(name).index, { name, key }]),
);
