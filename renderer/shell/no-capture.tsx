/** The window without a capture: what to do next. */

import { FileSearch } from 'lucide-react';
import { runCommand } from '../commands/command.ts';
import { openFile } from '../commands/open-file.ts';
import { EmptyState } from '../components/empty-state.tsx';
import { useApp, useText } from '../state/use-app.ts';
import { useStore } from '../state/use-store.ts';
import css from './no-capture.module.css';
import { OpeningProgress } from './opening-progress.tsx';

export function NoCapture() {
  const app = useApp();
  const t = useText();
  const isOpening = useStore(app.session, (session) => (session.opening?.length ?? 0) > 0);
  if (isOpening) {
    return (
      <div className={css.opening}>
        <OpeningProgress />
      </div>
    );
  }
  return (
    <EmptyState
      icon={FileSearch}
      title={t('empty.title')}
      text={t('empty.text')}
      action={{ title: t('empty.open'), run: () => void runCommand(app, openFile) }}
    />
  );
}
