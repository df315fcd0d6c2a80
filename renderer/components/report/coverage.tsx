/** What a panel's figures cover, where a capture keeps its last minutes only. */

import type { SessionState } from '../../../engine/contract/api.ts';
import { formatCount } from '../../../engine/text/format/count.ts';
import { useLanguage, useText } from '../../state/use-app.ts';
import styles from './report.module.css';

export function Coverage({ session: { firstRow, packets } }: { readonly session: SessionState }) {
  const t = useText();
  const language = useLanguage();
  if (firstRow === 0) return null;
  const first = formatCount(firstRow + 1, language);
  const last = formatCount(packets, language);
  return (
    <p className={styles.coverage} data-retired={firstRow}>
      {t('report.coverage', { count: firstRow, first, last })}
    </p>
  );
}
