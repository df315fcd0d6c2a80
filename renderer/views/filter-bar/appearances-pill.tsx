/** Of a capture that has packets at several places of the system: which of their records are shown, and how many are not. */

import { Layers, X } from 'lucide-react';
import { Button as AriaButton } from 'react-aria-components';
import { formatCount } from '../../../engine/text/format/count.ts';
import { useApp, useLanguage, useText } from '../../state/use-app.ts';
import { useStore } from '../../state/use-store.ts';
import styles from './filter-bar.module.css';

export function AppearancesPill() {
  const app = useApp();
  const t = useText();
  const language = useLanguage();
  const copies = useStore(app.session, ({ state }) => state?.copies ?? 0);
  const appearances = useStore(app.filter, (state) => state.appearances);
  const leftOut = useStore(app.filter, ({ view }) => view?.leftOut ?? 0);
  if (copies === 0) return null;
  if (appearances === 'all') {
    return (
      <AriaButton
        className={styles.shown ?? ''}
        data-appearances="all"
        onPress={() => void app.navigate({ appearances: 'adapter' })}
      >
        <Layers aria-hidden />
        {t('filterBar.allAppearances')}
      </AriaButton>
    );
  }
  const label = t('filterBar.adapterView');
  return (
    <span
      className={styles.range}
      role="group"
      aria-label={label}
      title={t('filterBar.adapterHint')}
      data-appearances="adapter"
    >
      <Layers aria-hidden />
      <span>
        {label} · {t('filterBar.leftOut', { count: formatCount(leftOut, language) })}
      </span>
      <AriaButton
        className={styles.remove ?? ''}
        aria-label={t('filterBar.showAllAppearances')}
        onPress={() => void app.navigate({ appearances: 'all' })}
      >
        <X aria-hidden />
      </AriaButton>
    </span>
  );
}
