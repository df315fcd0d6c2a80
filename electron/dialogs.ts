/** The system's dialogs: what to open, where to write to, and that a part of the program has stopped. */

import { basename, extname } from 'node:path';
import { type BrowserWindow, dialog, type FileFilter } from 'electron';
import { safeFileName } from '../engine/host/file-name.ts';
import type { Translate } from '../engine/text/index.ts';

/** Endings that captures have; what a file is, is told by its content. */
const CAPTURE_ENDINGS = [
  ...['pcapng', 'pcap', 'cap', 'ntar', 'snoop', 'etl', 'enc', 'trc', 'erf', 'iptrace', 'txt', 'hex'],
  ...['gz', 'zst', 'lz4'],
];

export async function chooseCaptures(window: BrowserWindow, t: Translate): Promise<readonly string[]> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title: t('desktop.open'),
    properties: ['openFile', 'multiSelections'],
    filters: [
      { name: t('desktop.captures'), extensions: CAPTURE_ENDINGS },
      { name: t('desktop.allFiles'), extensions: ['*'] },
    ],
  });
  return canceled ? [] : filePaths;
}

/** Asked when the window closes over a capture that runs or is not saved. */
export function mayLoseCapture(window: BrowserWindow, t: Translate): boolean {
  const answer = dialog.showMessageBoxSync(window, {
    type: 'question',
    message: t('captureLeave.window'),
    buttons: [t('captureLeave.discard'), t('action.cancel')],
    defaultId: 1,
    cancelId: 1,
  });
  return answer === 0;
}

export async function chooseKeyLog(window: BrowserWindow, t: Translate): Promise<readonly string[]> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title: t('tlsKeys.title'),
    properties: ['openFile'],
    filters: [{ name: t('desktop.allFiles'), extensions: ['*'] }],
  });
  return canceled ? [] : filePaths;
}

export async function chooseTarget(
  window: BrowserWindow,
  t: Translate,
  suggestedName: string | undefined,
): Promise<readonly string[]> {
  // The name comes from the page: a name, and no place.
  const name = safeFileName(basename(suggestedName ?? ''), 'export.pcapng');
  const ending = extname(name).slice(1);
  const own: FileFilter[] = ending === '' ? [] : [{ name: ending, extensions: [ending] }];
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    title: t('desktop.save'),
    defaultPath: name,
    filters: [...own, { name: t('desktop.allFiles'), extensions: ['*'] }],
    properties: ['createDirectory', 'showOverwriteConfirmation'],
  });
  return canceled || filePath === '' ? [] : [filePath];
}

/** Asks what to do about a part that has stopped; true: start it again. */
export async function askRestart(
  window: BrowserWindow | null,
  t: Translate,
  message: string,
  detail: string,
): Promise<boolean> {
  const question = {
    type: 'error' as const,
    message,
    detail,
    buttons: [t('desktop.restart'), t('desktop.quit')],
    defaultId: 0,
    cancelId: 1,
    noLink: true,
  };
  const { response } = await (window === null
    ? dialog.showMessageBox(question)
    : dialog.showMessageBox(window, question));
  return response === 0;
}
