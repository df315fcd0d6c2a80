/** Mirrored traffic from outside: the rules of "decode as" under which no tunnel of a mirror is opened. */

import type { DecodeRule } from './api.ts';

const UDP_PORTS = [4789, 4790, 8472, 6081] as const;
const GRE = 47;

/** VXLAN found on any other port goes by the rule of its own. */
export const OUTER_RULES: readonly DecodeRule[] = [
  ...UDP_PORTS.map((key) => ({ table: 'udp.port', key, protocol: 'data' })),
  { table: 'ip.proto', key: GRE, protocol: 'data' },
];

export function isOuterRule(rule: DecodeRule): boolean {
  return OUTER_RULES.some(
    ({ table, key, protocol }) => rule.table === table && rule.key === key && rule.protocol === protocol,
  );
}
