/** What a Windows trace says of a packet and pcapng has no place for, as comments; and frames of Wi-Fi as a trace has them. */

import type { ExportOptions } from './exporter.ts';

export function traceComments(known: ExportOptions | null): string[] {
  if (known?.trace === undefined) return [];
  const comments = known.trace.isDropped === true ? [dropText(known.trace)] : [];
  const { processId, processName } = known;
  // The number alone has an option of its own.
  if (processId !== undefined && processName !== undefined)
    comments.push(`Process hint: ${processName} (${processId})`);
  return comments;
}

type Trace = NonNullable<ExportOptions['trace']>;

function dropText({ componentName, dropReason, dropReasonText, dropLocation = 0, dropLocationText }: Trace): string {
  const place = componentName === undefined ? '' : ` at ${componentName}`;
  const reason = dropReasonText ?? (dropReason === undefined ? '' : `reason ${dropReason}`);
  const location = dropLocationText ?? (dropLocation === 0 ? '' : `location 0x${dropLocation.toString(16)}`);
  return `Dropped${place}${reason === '' ? '' : `: ${reason}`}${location === '' ? '' : ` (${location})`}`;
}

const IEEE_80211 = 105;
const PROTECTED = 0x40;

/** Windows opens frames and leaves their mark of being encrypted: it goes where the body is plain (a SNAP header behind the MAC's). */
export function clearProtected(known: ExportOptions | null, linkType: number, frame: Uint8Array): void {
  if (known?.trace === undefined || linkType !== IEEE_80211 || frame.length < 27) return;
  const isData = (frame[0] & 0x0c) === 0x08;
  if (!isData || (frame[1] & PROTECTED) === 0) return;
  const hasFourAddresses = (frame[1] & 3) === 3;
  const isQos = (frame[0] & 0x80) !== 0;
  const at = 24 + (hasFourAddresses ? 6 : 0) + (isQos ? 2 : 0);
  if (frame[at] === 0xaa && frame[at + 1] === 0xaa && frame[at + 2] === 3) frame[1] &= ~PROTECTED;
}
