/** Lines between the time strip and the panel: that this is the sample, and what is wrong with the file. */

import { Info, TriangleAlert, X } from 'lucide-react';
import { useState } from 'react';
import type { Problem, SessionState } from '../../engine/contract/api.ts';
import { captureProblemText } from '../../engine/text/capture-problem.ts';
import type { Language, Translate } from '../../engine/text/index.ts';
import { runCommand } from '../commands/command.ts';
import { openFile } from '../commands/open-file.ts';
import { Button } from '../components/button.tsx';
import { IconButton } from '../components/icon-button.tsx';
import { fileName } from '../format/file-name.ts';
import { useApp, useLanguage, useText } from '../state/use-app.ts';
import { useStore } from '../state/use-store.ts';
import css from './banners.module.css';
import { LiveBanners } from './live-banners.tsx';

/** More problems than this are counted, not listed. */
const SHOWN = 3;

export function Banners() {
  const app = useApp();
  const state = useStore(app.session, (session) => session.state);
  const isSample = useStore(app.session, (session) => session.isSample);
  // Closed banners, by the session they were closed in.
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  if (state === null) return null;
  const close = (name: string) => setClosed(new Set([...closed, `${state.session} ${name}`]));
  const isOpen = (name: string) => !closed.has(`${state.session} ${name}`);
  return (
    <>
      {isSample && isOpen('sample') && <SampleBanner onClose={() => close('sample')} />}
      {state.problems.length > 0 && isOpen('problems') && (
        <ProblemBanner state={state} onClose={() => close('problems')} />
      )}
      <LiveBanners state={state} isOpen={isOpen} onClose={close} />
    </>
  );
}

function SampleBanner({ onClose }: { readonly onClose: () => void }) {
  const app = useApp();
  const t = useText();
  return (
    <div className={css.banner}>
      <Info aria-hidden />
      <p className={css.text}>
        {t('sample.text')}{' '}
        <Button kind="link" onPress={() => void runCommand(app, openFile)}>
          {t('sample.open')}
        </Button>
      </p>
      <IconButton icon={X} label={t('banner.dismiss')} isSmall onPress={onClose} />
    </div>
  );
}

function ProblemBanner({ state, onClose }: { readonly state: SessionState; readonly onClose: () => void }) {
  const t = useText();
  const language = useLanguage();
  const hidden = state.problems.length - SHOWN;
  return (
    <div className={`${css.banner} ${css.amber}`} role="alert">
      <TriangleAlert aria-hidden />
      <div className={css.text}>
        {state.problems.slice(0, SHOWN).map((problem) => (
          <p key={`${problem.file} ${problem.at} ${problem.code}`} title={problem.file}>
            {problemText(t, language, problem)}
          </p>
        ))}
        {hidden > 0 && <p>{t('banner.more', { count: hidden })}</p>}
      </div>
      <IconButton icon={X} label={t('banner.dismiss')} isSmall onPress={onClose} />
    </div>
  );
}

function problemText(t: Translate, language: Language, problem: Problem): string {
  const message = captureProblemText(language, problem, problem.message);
  const file = fileName(problem.file);
  return problem.at >= 0
    ? t('banner.problem', { file, message, at: problem.at })
    : t('banner.problemNoPlace', { file, message });
}
