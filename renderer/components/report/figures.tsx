/** The numbers above the rest, in a row. */

import type { Figure } from '../../../engine/contract/report.ts';
import styles from './report.module.css';
import { useReportText } from './report-text.ts';
import { useLinks } from './use-links.ts';

export function Figures({ figures }: { readonly figures: readonly Figure[] }) {
  const texts = useReportText();
  const show = useLinks();
  if (figures.length === 0) return null;
  return (
    <dl className={styles.figures}>
      {figures.map(({ id, unit, value, note, link }) => {
        const text = texts.quantity(value, unit);
        return (
          <div key={id} className={styles.figure} data-figure={id} data-value={value}>
            <dt className={styles.name}>{texts.text(`figure.${id}`)}</dt>
            <dd className={styles.value}>
              {link === undefined ? (
                text
              ) : (
                <button type="button" className={styles.link} onClick={() => show(link)}>
                  {text}
                </button>
              )}
              {note !== undefined && <span className={styles.note}>{texts.text(note)}</span>}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
