/** Lines about a live capture that has ended: why, what was dropped, and that nobody has saved it. */

import { CircleAlert, Save, TriangleAlert, X } from 'lucide-react';
import type { SessionState } from '../../engine/contract/api.ts';
import { captureSave } from '../commands/capture.ts';
import { runCommand } from '../commands/command.ts';
import { Button } from '../components/button.tsx';
import { IconButton } from '../components/icon-button.tsx';
import { needText } from '../state/need-text.ts';
import { useApp, useLanguage, useText } from '../state/use-app.ts';
import { useStore } from '../state/use-store.ts';
import css from './banners.module.css';

interface LiveBannersProps {
  readonly state: SessionState;
  readonly isOpen: (name: string) => boolean;
  readonly onClose: (name: string) => void;
}

export function LiveBanners({ state, isOpen, onClose }: LiveBannersProps) {
  const app = useApp();
  const t = useText();
  const language = useLanguage();
  const isUnsaved = useStore(app.capture, () => app.capture.isUnsaved(state));
  const { live } = state;
  if (live === null) return null;
  const dropped = (live.droppedByKernel ?? 0) + (live.droppedByInterface ?? 0);
  const { problem } = live;
  const dismiss = (name: string) => (
    <IconButton icon={X} label={t('banner.dismiss')} isSmall onPress={() => onClose(name)} />
  );
  return (
    <>
      {problem !== null && isOpen(`problem ${problem.key}`) && (
        <div className={`${css.banner} ${css.amber}`} role="alert">
          <CircleAlert aria-hidden />
          <p className={css.text}>
            {t(live.isRunning ? 'live.banner.trouble' : 'live.banner.problem', { reason: needText(language, problem) })}
          </p>
          {dismiss(`problem ${problem.key}`)}
        </div>
      )}
      {!live.isRunning && dropped > 0 && isOpen('dropped') && (
        <div className={`${css.banner} ${css.amber}`} role="alert">
          <TriangleAlert aria-hidden />
          <p className={css.text}>
            {t('live.banner.dropped', { count: dropped })}{' '}
            <Button kind="link" onPress={() => void app.navigate({ panel: 'live-capture' })}>
              {t('live.banner.why')}
            </Button>
          </p>
          {dismiss('dropped')}
        </div>
      )}
      {!live.isRunning && isUnsaved && isOpen('unsaved') && (
        <div className={css.banner}>
          <Save aria-hidden />
          <p className={css.text}>
            {t('live.banner.unsaved')}{' '}
            <Button kind="link" onPress={() => void runCommand(app, captureSave)}>
              {t('live.banner.save')}
            </Button>
          </p>
          {dismiss('unsaved')}
        </div>
      )}
    </>
  );
}
