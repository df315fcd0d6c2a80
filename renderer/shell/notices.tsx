/** Short messages at the corner, read out by screen readers. */

import { CircleAlert, CircleCheck, TriangleAlert, X } from 'lucide-react';
import { IconButton } from '../components/icon-button.tsx';
import { ProgressBar } from '../components/progress-bar.tsx';
import type { Notice } from '../state/notice-store.ts';
import { useApp, useText } from '../state/use-app.ts';
import { useStore } from '../state/use-store.ts';
import css from './notices.module.css';

const ICONS = { info: CircleCheck, amber: TriangleAlert, red: CircleAlert } as const;

export function Notices() {
  const app = useApp();
  const t = useText();
  const notices = useStore(app.notices, (state) => state.notices);
  return (
    <section className={css.notices} aria-label={t('notice.label')} aria-live="polite">
      {notices.map((notice) => (
        <Line key={notice.id} notice={notice} onDismiss={() => app.notices.dismiss(notice.id)} />
      ))}
    </section>
  );
}

function Line({ notice, onDismiss }: { readonly notice: Notice; readonly onDismiss: () => void }) {
  const t = useText();
  const Icon = ICONS[notice.tone];
  if (notice.progress !== undefined) {
    return (
      <div className={css.notice}>
        <ProgressBar
          label={notice.text}
          value={notice.progress}
          {...(notice.cancel === undefined ? {} : { onCancel: () => notice.cancel?.() })}
        />
      </div>
    );
  }
  return (
    <div className={`${css.notice} ${css[notice.tone]}`} role={notice.tone === 'red' ? 'alert' : undefined}>
      <Icon aria-hidden />
      <span className={css.text} data-selectable>
        {notice.text}
      </span>
      <IconButton icon={X} label={t('notice.dismiss')} isSmall onPress={onDismiss} />
    </div>
  );
}
