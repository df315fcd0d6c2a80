/**
 * Files dropped onto the window. The desktop shell tells their paths; in a browser they are streamed to the host, which
 * keeps them in a private temporary file and answers with its path.
 */

import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import { formatBytes } from '../../engine/text/format/bytes.ts';
import { uploadFile } from '../rpc/upload.ts';
import type { App } from '../state/app.ts';
import { useApp, useText } from '../state/use-app.ts';
import css from './drop-target.module.css';

export function DropTarget({ children }: { readonly children: ReactNode }) {
  const app = useApp();
  const t = useText();
  const [isOver, setIsOver] = useState(false);
  // Entering a child leaves its parent: only the outermost leave is one.
  const depth = useRef(0);

  const hasFiles = (event: DragEvent): boolean => event.dataTransfer.types.includes('Files');
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is another way to open, which the keyboard has too
    <div
      className={css.target}
      onDragEnter={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        depth.current++;
        setIsOver(true);
      }}
      onDragOver={(event) => {
        if (hasFiles(event)) event.preventDefault();
      }}
      onDragLeave={(event) => {
        if (!hasFiles(event)) return;
        depth.current--;
        if (depth.current <= 0) setIsOver(false);
      }}
      onDrop={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        depth.current = 0;
        setIsOver(false);
        void openDropped(app, [...event.dataTransfer.files]);
      }}
    >
      {children}
      {isOver && (
        <div className={css.over} aria-hidden>
          <span className={css.text}>{t('drop.text')}</span>
        </div>
      )}
    </div>
  );
}

async function openDropped(app: App, files: readonly File[]): Promise<void> {
  if (files.length === 0) return;
  const desktop = window.nagare;
  if (desktop !== undefined) {
    const paths = files.map((file) => desktop.pathForFile(file)).filter((path) => path !== '');
    if (paths.length > 0) await app.openFiles(paths);
    return;
  }
  const paths: string[] = [];
  for (const file of files) {
    const path = await upload(app, file);
    if (path === null) return;
    paths.push(path);
  }
  await app.openFiles(paths);
}

/** Path of the host's copy, or null where it was refused, failed or was cancelled; the user has been told. */
async function upload(app: App, file: File): Promise<string | null> {
  const { name } = file;
  const language = app.language();
  if (file.size > app.info.dropLimit) {
    const size = formatBytes(file.size, language);
    const limit = formatBytes(app.info.dropLimit, language);
    app.notices.show({ tone: 'red', text: app.t('drop.tooLarge', { name, size, limit }) });
    return null;
  }
  const abort = new AbortController();
  const content = (progress: number) =>
    ({
      tone: 'info',
      text: app.t('drop.uploading', { name, percent: Math.floor(progress * 100) }),
      progress,
      cancel: () => abort.abort(),
    }) as const;
  const notice = app.notices.show(content(0));
  try {
    return await uploadFile(file, abort.signal, app.t('error.lost'), (done) =>
      app.notices.update(notice, content(done / Math.max(file.size, 1))),
    );
  } catch (error) {
    if (!abort.signal.aborted) {
      const reason = error instanceof Error ? error.message : String(error);
      app.notices.show({ tone: 'red', text: app.t('drop.failed', { name, reason }) });
    }
    return null;
  } finally {
    app.notices.dismiss(notice);
  }
}
