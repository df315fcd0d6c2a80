/** What this is: version, host, licence. */

import { Dialog } from '../components/dialog.tsx';
import { Mark } from '../shell/mark.tsx';
import { useApp, useText } from '../state/use-app.ts';
import styles from './dialogs.module.css';

export function About({ onClose }: { readonly onClose: () => void }) {
  const { info } = useApp();
  const t = useText();
  return (
    <Dialog title={t('about.title')} size="small" onClose={onClose}>
      <div className={styles.about}>
        <Mark />
        <div>
          <strong>Nagare {info.version}</strong>
          <p>{t('about.what')}</p>
          <p className={styles.quiet}>{t(info.host === 'electron' ? 'about.desktop' : 'about.browser')}</p>
          <p className={styles.quiet}>{t('about.licence')}</p>
        </div>
      </div>
    </Dialog>
  );
}
