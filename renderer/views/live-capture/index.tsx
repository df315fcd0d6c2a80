/** The capture page: where to capture, what to leave out, and how the capture that runs is doing. */

import { CircleDot, Radio, RefreshCw, SlidersHorizontal, Terminal } from 'lucide-react';
import { useEffect } from 'react';
import type { CaptureAbility } from '../../../engine/contract/capture.ts';
import { captureOptions, startCapture } from '../../commands/capture.ts';
import { runCommand } from '../../commands/command.ts';
import { commandShortcut } from '../../commands/menu-entry.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { ProgressBar } from '../../components/progress-bar.tsx';
import { errorText } from '../../state/error-text.ts';
import { useApp, useLanguage, useText } from '../../state/use-app.ts';
import { useStore } from '../../state/use-store.ts';
import { defineView } from '../view.ts';
import { changedOptions } from './changed-options.ts';
import { FilterField } from './filter-field.tsx';
import { Interfaces } from './interfaces.tsx';
import styles from './live-capture.module.css';
import { LeftBehind, Needs } from './needs.tsx';
import { RunState } from './run-state.tsx';
import { useFilterCheck } from './use-filter-check.ts';

export const liveCaptureView = defineView({
  id: 'live-capture',
  group: null,
  title: 'panel.live-capture',
  icon: Radio,
  isOwnPage: true,
  component: LiveCapture,
});

function LiveCapture() {
  const app = useApp();
  const t = useText();
  const language = useLanguage();
  const ability = useStore(app.capture, (state) => state.ability);
  const problem = useStore(app.capture, (state) => state.problem);
  const live = useStore(app.session, ({ state }) => state?.live ?? null);

  useEffect(() => {
    void app.capture.refresh();
    return app.capture.watch(app.report);
  }, [app]);

  if (problem !== undefined) {
    const reason = errorText(language, problem, 'bare') ?? '';
    return (
      <EmptyState
        text={t('live.failed', { reason })}
        action={{ title: t('error.again'), run: () => void app.capture.refresh() }}
      />
    );
  }
  if (ability === null) {
    return (
      <div className={styles.page}>
        <ProgressBar label={t('live.loading')} value={null} />
      </div>
    );
  }
  return (
    <div className={styles.page}>
      {live !== null && <RunState live={live} />}
      {live?.isRunning !== true && <Setup ability={ability} />}
    </div>
  );
}

function Setup({ ability }: { readonly ability: CaptureAbility }) {
  const app = useApp();
  const t = useText();
  const options = useStore(app.capture, (state) => state.options);
  const chosen = useStore(app.capture, (state) => state.chosen);
  const remoteInterface = useStore(app.capture, (state) => state.remoteInterface);
  const isStarting = useStore(app.capture, (state) => state.isStarting);
  const { remote } = options;
  const name = remote === null ? (chosen[0] ?? ability.interfaces[0]?.name) : undefined;
  const check = useFilterCheck(name, options.linkType, options.filter);
  const isWrong = typeof check === 'object' && !check.ok;
  const canStart = !isStarting && !isWrong && (remote !== null || (ability.tool !== 'none' && chosen.length > 0));
  const start = (): void => {
    if (canStart) startCapture(app).catch(app.report);
  };
  const changed = changedOptions(t, options);
  return (
    <>
      <header className={styles.head}>
        <h1>{t('live.title')}</h1>
        <Button icon={Terminal} onPress={() => app.layout.openDialog('captureCommands')}>
          {t('live.commands')}
        </Button>
        <Button icon={SlidersHorizontal} onPress={() => void runCommand(app, captureOptions)}>
          {t('live.options')}
        </Button>
        <Button icon={CircleDot} kind="primary" isDisabled={!canStart} onPress={start}>
          {t(isStarting ? 'live.starting' : 'live.start')}
        </Button>
      </header>
      <LeftBehind />
      <Needs ability={ability} />
      <FilterField check={check} isRemote={remote !== null} onStart={start} />
      {changed.length > 0 && <p className={styles.about}>{t('live.chosen', { list: changed.join(', ') })}</p>}
      {remote === null ? (
        <>
          <div className={styles.listHead}>
            <h2>{t('live.interfaces')}</h2>
            {chosen.length === 0 && ability.interfaces.length > 0 && (
              <span className={styles.problem}>{t('live.interfaces.choose')}</span>
            )}
            <IconButton icon={RefreshCw} isSmall label={t('live.refresh')} onPress={() => void app.capture.refresh()} />
          </div>
          {ability.interfaces.length === 0 ? (
            <p className={styles.about}>{t('live.interfaces.none')}</p>
          ) : (
            <Interfaces interfaces={ability.interfaces} onStart={start} />
          )}
        </>
      ) : (
        <p className={styles.remote}>
          {t('live.remote.on', { destination: remote.destination, interface: remoteInterface })}{' '}
          <Button kind="link" onPress={() => app.capture.change({ remote: null })}>
            {t('live.remote.here')}
          </Button>
        </p>
      )}
      <p className={styles.foot} data-shortcut={commandShortcut(app, captureOptions)}>
        {toolText(t, ability)}
      </p>
    </>
  );
}

function toolText(t: ReturnType<typeof useText>, { tool, version: full, isExact }: CaptureAbility): string {
  // It stands inside a sentence.
  const version = full.replace(/\.+$/, '');
  const said =
    tool === 'helper' || tool === 'dumpcap' || tool === 'tcpdump'
      ? t(`live.tool.${tool}`, { version })
      : t(`live.tool.${tool}`);
  const isSaid = isExact || tool === 'cap' || tool === 'none';
  return isSaid ? said : `${said} ${t('live.inexact')}`;
}
