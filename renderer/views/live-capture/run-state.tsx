/** The capture that runs, or has run: its counters with what they mean, and what helps where packets were dropped. */

import { CircleStop, ListEnd, RotateCcw, Save } from 'lucide-react';
import type { LiveState } from '../../../engine/contract/capture.ts';
import { formatBytes } from '../../../engine/text/format/bytes.ts';
import { formatCount } from '../../../engine/text/format/count.ts';
import { formatRate } from '../../../engine/text/format/rate.ts';
import type { Language, Translate } from '../../../engine/text/index.ts';
import { captureRestart, captureSave, captureToggle } from '../../commands/capture.ts';
import { type Command, runCommand } from '../../commands/command.ts';
import { Button } from '../../components/button.tsx';
import { fileName } from '../../format/file-name.ts';
import { needText } from '../../state/need-text.ts';
import { useApp, useLanguage, useText } from '../../state/use-app.ts';
import { useStore } from '../../state/use-store.ts';
import styles from './live-capture.module.css';

export function RunState({ live }: { readonly live: LiveState }) {
  const app = useApp();
  const t = useText();
  const language = useLanguage();
  const { isRunning, options } = live;
  const run = (command: Command) => () => void runCommand(app, command);
  const interfaces = options.interfaces.join(', ');
  const isLoopback = useStore(app.capture, ({ ability }) =>
    options.interfaces.some((name) => ability?.interfaces.find((one) => one.name === name)?.isLoopback === true),
  );
  const retired = useStore(app.session, ({ state }) => state?.firstRow ?? 0);
  return (
    <section className={styles.run} aria-label={t('live.status.label')} data-running={isRunning || undefined}>
      <header className={styles.runHead}>
        <h2>
          {isRunning && <span className={styles.dot} aria-hidden />}
          {t(isRunning ? 'live.state.running' : 'live.state.ended', { interfaces })}
        </h2>
        {isRunning && (
          <Button icon={CircleStop} kind="danger" onPress={run(captureToggle)}>
            {t('live.stop')}
          </Button>
        )}
        <Button icon={RotateCcw} onPress={run(captureRestart)}>
          {t('live.restart')}
        </Button>
        <Button icon={Save} isDisabled={live.captured === 0} onPress={run(captureSave)}>
          {t('live.save')}
        </Button>
        <Button icon={ListEnd} onPress={() => void app.navigate({ panel: 'packets' })}>
          {t('live.showPackets')}
        </Button>
      </header>
      {live.problem !== null && <p className={styles.problem}>{needText(language, live.problem)}</p>}
      {live.alerts.length > 0 && (
        <p className={styles.problem} role="alert">
          {t('live.alerts', { names: live.alerts.join(', ') })}{' '}
          <Button kind="link" onPress={() => void app.navigate({ panel: 'monitor' })}>
            {t('live.alerts.show')}
          </Button>
        </p>
      )}
      <p className={styles.about} data-selectable>
        {options.filter === '' ? t('live.state.noFilter') : t('live.state.filter', { filter: options.filter })}
        {' · '}
        {live.isPrivate ? t('live.private') : t('live.path', { path: live.path })}
      </p>
      <dl className={styles.counts}>
        {countsOf(t, language, live, isLoopback, retired).map(({ id, title, value, meaning, isBad }) => (
          <div key={id} data-bad={isBad || undefined}>
            <dt>{title}</dt>
            <dd data-count={`live-${id}`}>{value}</dd>
            {meaning !== '' && <p>{meaning}</p>}
          </div>
        ))}
      </dl>
      <Remedies live={live} isLoopback={isLoopback} />
      <Saved live={live} />
    </section>
  );
}

interface Count {
  readonly id: string;
  readonly title: string;
  readonly value: string;
  readonly meaning: string;
  readonly isBad: boolean;
}

function countsOf(
  t: Translate,
  language: Language,
  live: LiveState,
  isLoopback: boolean,
  retired: number,
): readonly Count[] {
  const count = (id: 'captured' | 'received' | 'droppedByKernel' | 'droppedByInterface'): Count => {
    const value = live[id];
    const isTwice = id === 'received' && isLoopback && value !== null && value > live.captured;
    return {
      id,
      title: t(`live.count.${id}`),
      value: value === null ? t('live.unknown') : formatCount(value, language),
      meaning: t(isTwice ? 'live.mean.receivedLoopback' : `live.mean.${id}`),
      isBad: id.startsWith('dropped') && value !== null && value > 0,
    };
  };
  const plain = (id: string, title: string, value: string): Count => ({ id, title, value, meaning: '', isBad: false });
  const rate = t('live.status.rate', {
    packets: formatCount(Math.round(live.packetRate), language),
    bits: formatRate(live.byteRate * 8, language),
  });
  return [
    count('captured'),
    count('received'),
    count('droppedByKernel'),
    count('droppedByInterface'),
    ...(retired > 0
      ? [
          {
            ...plain('retired', t('live.count.retired'), formatCount(retired, language)),
            meaning: t('live.mean.retired'),
          },
        ]
      : []),
    ...(live.isRunning ? [plain('rate', t('live.count.rate'), rate)] : []),
    plain('file', t('live.count.file'), formatBytes(live.fileBytes, language)),
    ...(live.files > 1 ? [plain('files', t('live.count.files'), formatCount(live.files, language))] : []),
    plain('free', t('live.count.free'), formatBytes(live.freeBytes, language)),
  ];
}

function Remedies({ live, isLoopback }: { readonly live: LiveState; readonly isLoopback: boolean }) {
  const t = useText();
  const language = useLanguage();
  const { options } = live;
  const remedies: string[] = [];
  if ((live.droppedByKernel ?? 0) > 0) {
    const { bufferBytes } = options;
    remedies.push(
      bufferBytes === 0
        ? t('live.remedy.bufferDefault')
        : t('live.remedy.buffer', { size: formatBytes(bufferBytes, language) }),
    );
    if (options.snapLength === 0 || options.snapLength > 128) remedies.push(t('live.remedy.snap'));
    if (options.filter === '') remedies.push(t('live.remedy.filter'));
    remedies.push(t('live.remedy.disk'));
  }
  if ((live.droppedByInterface ?? 0) > 0) remedies.push(t('live.remedy.interface'));
  if (remedies.length > 0 && options.promiscuous && !isLoopback) remedies.push(t('live.remedy.promiscuous'));
  if (remedies.length === 0) return null;
  return (
    <div className={styles.remedies}>
      <h3>{t('live.remedies')}</h3>
      <ul>
        {remedies.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </div>
  );
}

/** Files that the flight recorder has written; they are opened like any other. */
function Saved({ live }: { readonly live: LiveState }) {
  const app = useApp();
  const t = useText();
  if (live.saved.length === 0) return null;
  return (
    <div className={styles.remedies}>
      <h3>{t('live.recorder.saved')}</h3>
      <ul>
        {live.saved.map(({ path, packets }) => (
          <li key={path} title={path}>
            {t('live.recorder.file', { name: fileName(path), count: packets })}{' '}
            <Button kind="link" onPress={() => void app.openFiles([path])}>
              {t('live.left.open')}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}
