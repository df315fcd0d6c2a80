/** Saves what a live capture has captured: asks where, or downloads it; a notice shows how far it is. */

import type { App } from '../../state/app.ts';
import { errorText } from '../../state/error-text.ts';
import { download } from '../export.tsx';

/** `minutes`: the last ones; null: the file as it is. Resolves to whether it was saved. */
export async function saveCapture(app: App, minutes: number | null): Promise<boolean> {
  const { state } = app.session.get();
  if (state === null || state.live === null) return false;
  const name = suggestedName(state.files[0]?.name ?? '', new Date());
  let path: string | null = null;
  try {
    if (app.info.hasDialogs) {
      const [chosen] = await app.client.request('files.dialog', { kind: 'save', suggestedName: name });
      if (chosen === undefined) return false;
      path = chosen;
    }
  } catch (error) {
    app.report(error);
    return false;
  }
  const abort = new AbortController();
  const cancel = (): void => abort.abort();
  const text = app.t('captureSave.running', { name: path ?? name });
  const notice = app.notices.show({ tone: 'info', text, progress: 0, cancel });
  try {
    const done = await app.client.request(
      'capture.save',
      { session: state.session, minutes, path, suggestedName: name },
      {
        signal: abort.signal,
        onProgress: (at, total) => {
          if (total > 0) app.notices.update(notice, { tone: 'info', text, progress: at / total, cancel });
        },
      },
    );
    if (done.download !== null) download(done.download, name);
    if (minutes === null) app.capture.wasSaved(state);
    const said = app.t('captureSave.done', { count: done.packets, name: done.path ?? name });
    app.notices.update(notice, { tone: 'info', text: said });
    return true;
  } catch (error) {
    const reason = errorText(app.language(), error, 'bare');
    const said = reason === null ? app.t('captureSave.cancelled') : app.t('captureSave.failed', { reason });
    app.notices.update(notice, { tone: reason === null ? 'info' : 'red', text: said });
    return false;
  }
}

/** `capture-20260115-093005.pcapng`; a file that has a name of its own keeps it. */
export function suggestedName(file: string, now: Date): string {
  if (file !== '' && !/^(?:nagare-)?capture/i.test(file)) return file;
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  return `capture-${day}-${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}.pcapng`;
}
