/** A capture that is being opened: its name, how much of it is unpacked, and the way to give it up. */

import { ProgressBar } from '../components/progress-bar.tsx';
import { fileName } from '../format/file-name.ts';
import { useApp, useText } from '../state/use-app.ts';
import { useStore } from '../state/use-store.ts';

export function OpeningProgress() {
  const app = useApp();
  const t = useText();
  const opening = useStore(app.session, (session) => session.opening);
  const unpacked = useStore(app.session, (session) => session.unpacked);
  const [path] = opening ?? [];
  if (path === undefined) return null;
  const name = fileName(path);
  const label =
    unpacked === null
      ? t('empty.opening', { name })
      : t('empty.unpacking', { name, percent: Math.floor(unpacked * 100) });
  return <ProgressBar label={label} value={unpacked} onCancel={() => app.session.cancelOpening()} />;
}
