/** What stands above the interfaces: what is missing for capturing, and captures that did not end in order. */

import { FileWarning, ShieldAlert } from 'lucide-react';
import { useState } from 'react';
import type { CaptureAbility } from '../../../engine/contract/capture.ts';
import { formatBytes } from '../../../engine/text/format/bytes.ts';
import { runCommand } from '../../commands/command.ts';
import { openFile } from '../../commands/open-file.ts';
import { Button } from '../../components/button.tsx';
import { fileName } from '../../format/file-name.ts';
import { needText } from '../../state/need-text.ts';
import { useApp, useLanguage, useText } from '../../state/use-app.ts';
import { useStore } from '../../state/use-store.ts';
import styles from './live-capture.module.css';

export function Needs({ ability }: { readonly ability: CaptureAbility }) {
  const app = useApp();
  const t = useText();
  const language = useLanguage();
  if (ability.needs.length === 0) return null;
  const isUnable = ability.tool === 'none';
  return (
    <section className={styles.box} data-tone="amber" aria-label={t(isUnable ? 'live.needs' : 'live.needsMore')}>
      <ShieldAlert aria-hidden />
      <div>
        <h2>{t(isUnable ? 'live.needs' : 'live.needsMore')}</h2>
        {ability.needs.map((need) => (
          <p key={need.key} className={styles.need} data-selectable>
            {needText(language, need)}
          </p>
        ))}
        {isUnable && (
          <p>
            {t('live.filesStillOpen')}{' '}
            <Button kind="link" onPress={() => void runCommand(app, openFile)}>
              {t('live.openFile')}
            </Button>
          </p>
        )}
      </div>
    </section>
  );
}

export function LeftBehind() {
  const app = useApp();
  const t = useText();
  const language = useLanguage();
  const left = useStore(app.capture, (state) => state.left);
  const [asked, setAsked] = useState<string | null>(null);
  if (left.length === 0) return null;
  const discard = async (path: string): Promise<void> => {
    await app.client.request('capture.discard', { path });
    app.capture.forget(path);
  };
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <section className={styles.box} data-tone="amber" aria-label={t('live.left')}>
      <FileWarning aria-hidden />
      <div>
        <h2>{t('live.left')}</h2>
        {left.map(({ path, size, modified }) => (
          <p key={path} className={styles.leftFile} title={path}>
            <span>
              {t('live.left.file', {
                name: fileName(path),
                size: formatBytes(size, language),
                date: date.format(modified),
              })}
            </span>
            <Button kind="link" onPress={() => void app.openFiles([path])}>
              {t('live.left.open')}
            </Button>
            <Button
              kind="link"
              onPress={() => {
                // Nothing brings it back: the second press is the one that counts.
                if (asked === path) discard(path).catch(app.report);
                else setAsked(path);
              }}
            >
              {t(asked === path ? 'live.left.confirm' : 'live.left.discard')}
            </Button>
          </p>
        ))}
      </div>
    </section>
  );
}
