/**
 * What can be wrong with an export, in English, by key; `{place}` stands for a value. engine/text takes this table over and
 * adds the translations.
 */

export const EXPORT_PROBLEMS = {
  'exportProblem.mixed-link-types':
    'pcap holds one link type, and these packets have {count} ({types}); export as pcapng',
  'exportProblem.no-link-type': 'packet {number} is a {type}, which pcap cannot hold; export as pcapng',
  'exportProblem.time-range':
    'the time of packet {number} does not fit pcap, which ends at 1970 and at 2106; export as pcapng',
  'exportProblem.no-inner': '{format} holds no packets: packets without their tunnels go to pcapng or pcap',
  'exportProblem.no-time': 'packets without a time got the time zero: {packets}',
  'exportProblem.comments': 'comments of packets were left out, for which pcap has no place: {packets}',
  'exportProblem.custom-blocks': 'custom blocks that say they must not be copied were left out: {packets}',
  'exportProblem.long-texts': 'texts of more than 65,535 bytes were cut, the most that a pcapng option holds: {texts}',
  'exportProblem.same-file': '{file} is the file that is being read; give another name',
  'exportProblem.folder-missing': '{file} cannot be written: its folder does not exist',
  'exportProblem.is-folder': '{file} is a folder, not a file',
  'exportProblem.not-allowed': '{file} may not be written by this user',
  'exportProblem.no-space': '{file} cannot be written: there is no room left on the disk',
  'exportProblem.not-written': '{file} cannot be written: {reason}',
  'exportProblem.short-packets': 'bytes of packets could not be read again, the file has become shorter: {packets}',
} as const;

export type ExportProblemKey = keyof typeof EXPORT_PROBLEMS;
export type ExportProblemParams = Readonly<Record<string, string | number>>;

/** What was lost or changed on the way. `message` is English. */
export interface ExportWarning {
  readonly key: ExportProblemKey;
  readonly params: ExportProblemParams;
  readonly message: string;
}

export function exportMessage(key: ExportProblemKey, params: ExportProblemParams): string {
  return EXPORT_PROBLEMS[key].replace(/\{([a-zA-Z]+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}
