/** An export asked for over the contract: rows of a session into a file that appears whole or not at all. */

import { NagareError } from '../base/errors.ts';
import type { CallContext, Input, Output } from '../contract/api.ts';
import { exportRows } from '../session/export.ts';
import type { Session } from '../session/session.ts';
import { Job } from '../session/turns.ts';
import { OutputFile } from './output-file.ts';

export async function exportTo(
  session: Session,
  input: Input<'export.run'>,
  call: CallContext,
  version: string,
): Promise<Output<'export.run'>> {
  if (input.path === null) throw new NagareError('bad-input', 'A file to write to is needed.');
  const isCapture = input.format === 'pcapng' || input.format === 'pcap';
  const chosen = session.exportRows(input);
  const rows = isCapture ? chosen.slice().sort() : chosen;
  const file = new OutputFile(input.path, session.paths);
  try {
    const job = new Job(session.turns, call.signal, call.progress);
    const request = {
      format: input.format,
      rows,
      application: `Nagare ${version}`,
      ...(input.columns !== undefined && { columns: input.columns }),
      decapsulate: input.decapsulate === true,
    };
    const { packets, warnings } = await exportRows(session.capture, session.dissector, request, file, job);
    file.commit();
    return { packets, path: input.path, download: null, warnings: warnings.map(({ message }) => message) };
  } finally {
    file.discard();
  }
}
