/** Saves something the host writes: asks where, or downloads it; a notice shows how far it is. */

import type { Input, Output } from '../../engine/contract/api.ts';
import { formatBytes } from '../../engine/text/format/bytes.ts';
import type { App } from '../state/app.ts';
import { errorText } from '../state/error-text.ts';
import { download } from './export.tsx';

type Saving = 'follow.save' | 'objects.save';

export async function saveFile<M extends Saving>(
  app: App,
  method: M,
  input: Omit<Input<M>, 'path' | 'suggestedName'>,
  name: string,
): Promise<void> {
  let path: string | null = null;
  try {
    if (app.info.hasDialogs) {
      const [chosen] = await app.client.request('files.dialog', { kind: 'save', suggestedName: name });
      if (chosen === undefined) return;
      path = chosen;
    }
  } catch (error) {
    app.report(error);
    return;
  }
  const abort = new AbortController();
  const cancel = (): void => abort.abort();
  const text = app.t('saved.running', { name: path ?? name });
  const notice = app.notices.show({ tone: 'info', text, progress: 0, cancel });
  try {
    const done: Output<Saving> = await app.client.request(method, { ...input, path, suggestedName: name } as Input<M>, {
      signal: abort.signal,
      onProgress: (at, total) => {
        if (total > 0) app.notices.update(notice, { tone: 'info', text, progress: at / total, cancel });
      },
    });
    if (done.download !== null) download(done.download, name);
    const size = formatBytes(done.bytes, app.language());
    app.notices.update(notice, { tone: 'info', text: app.t('saved.done', { name: done.path ?? name, size }) });
  } catch (error) {
    const reason = errorText(app.language(), error, 'bare');
    const failed = reason === null ? app.t('saved.cancelled') : app.t('saved.failed', { reason });
    app.notices.update(notice, { tone: reason === null ? 'info' : 'red', text: failed });
  }
}
