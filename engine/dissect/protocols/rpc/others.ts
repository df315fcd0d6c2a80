/** RPC programs whose procedures are named only: lock manager (RFC 1813 appendix II), status monitor, boot parameters. */

import { defineProtocol, type ProtocolSpec } from '../../protocol.ts';
import { procedureRows, sharedFields } from './call.ts';
import { BOOTPARAMS_PROCEDURES, NLM_PROCEDURES, STAT_PROCEDURES } from './programs.ts';

function named(
  name: string,
  title: string,
  versions: readonly number[],
  names: Readonly<Record<number, string>>,
): ProtocolSpec {
  const procedures = versions.map(
    (version) => [`procedure_v${version}`, { type: 'u32', label: `V${version} Procedure`, names, many: true }] as const,
  );
  return defineProtocol({
    name,
    title,
    unlisted: true,
    fields: { 'rpc.programversion': sharedFields['rpc.programversion'], ...Object.fromEntries(procedures) },
    tree(t) {
      procedureRows(t);
    },
  });
}

export const bootparams = named('bootparams', 'Boot Parameters', [1], BOOTPARAMS_PROCEDURES);
export const nlm = named('nlm', 'Network Lock Manager Protocol', [1, 2, 3, 4], NLM_PROCEDURES);
export const stat = named('stat', 'Network Status Monitor Protocol', [1], STAT_PROCEDURES);
