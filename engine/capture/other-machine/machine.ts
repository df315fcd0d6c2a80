/** What commands for another machine are made of: the dialog's settings, names that only that machine knows, and steps. */

import type { CaptureSettings } from '../../contract/capture.ts';
import type { Shell } from '../quote.ts';

export const MACHINES = ['linux', 'pktmon', 'netsh', 'vxlan', 'azure'] as const;
export type Machine = (typeof MACHINES)[number];

/** Names on the other machine. */
export interface MachineNames {
  /** Interface on Linux. */
  readonly interface: string;
  /** `user@host`, for fetching the file. */
  readonly host: string;
  /** The mirror's network identifier; null: any. */
  readonly vni: number | null;
  readonly vm: string;
  readonly resourceGroup: string;
  readonly location: string;
  readonly storageAccount: string;
}

export type StepId = 'prepare' | 'filter' | 'start' | 'startOld' | 'wait' | 'stop' | 'reset' | 'status' | 'fetch';

/** What one must know about these commands; a text each. */
export type NoteId =
  | 'filterWider'
  | 'filterLost'
  | 'rights'
  | 'elevated'
  | 'circular'
  | 'noStopPackets'
  | 'noRing'
  | 'stopLate'
  | 'mirrorOuter'
  | 'mirrorInner'
  | 'mirrorWhole'
  | 'agent'
  | 'cloudShell'
  | 'limitFive';

export interface MachineCommands {
  readonly machine: Machine;
  readonly shell: Shell;
  readonly steps: readonly { readonly id: StepId; readonly lines: readonly string[] }[];
  readonly notes: readonly NoteId[];
  /** The file to bring back. */
  readonly file: string;
}

/** Windows' own shells; what is run elsewhere is for sh. */
export type WindowsShell = Exclude<Shell, 'sh'>;

export interface MachineInput {
  readonly settings: CaptureSettings;
  readonly names: MachineNames;
  readonly windowsShell: WindowsShell;
}

export const MIB = 1024 * 1024;

/** Bytes that the files of a capture may take together; null: no limit was set. */
export function sizeLimit({ stop, ring }: CaptureSettings): number | null {
  if (ring !== null && ring.bytes !== null) return ring.bytes * (ring.files ?? 1);
  return stop.bytes;
}

/** Waits as long as the capture is to run. */
export function waitLine(shell: WindowsShell, seconds: number): string {
  const whole = Math.ceil(seconds);
  return shell === 'cmd' ? `timeout /t ${whole} /nobreak` : `Start-Sleep -Seconds ${whole}`;
}
