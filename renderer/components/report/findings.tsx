/** What a panel has to say in sentences, each with the way to its packets or to the panel that says more. */

import { AlertTriangle, ArrowRight, CheckCircle2, Info, type LucideIcon, XCircle } from 'lucide-react';
import type { Finding, Level } from '../../../engine/contract/report.ts';
import { useApp, useText } from '../../state/use-app.ts';
import { Button } from '../button.tsx';
import styles from './report.module.css';
import { useReportText } from './report-text.ts';
import { useLinks } from './use-links.ts';

const ICONS: Readonly<Record<Level, LucideIcon>> = {
  info: Info,
  good: CheckCircle2,
  look: AlertTriangle,
  wrong: XCircle,
};

export function Findings({ findings }: { readonly findings: readonly Finding[] }) {
  const app = useApp();
  const t = useText();
  const texts = useReportText();
  const show = useLinks();
  if (findings.length === 0) return null;
  return (
    <ul className={styles.findings} aria-label={t('report.findings')}>
      {findings.map((finding) => {
        const { id, level, values, link, panel } = finding;
        const Icon = ICONS[level];
        return (
          <li key={`${id} ${JSON.stringify(values)}`} className={styles.finding} data-level={level}>
            <Icon aria-label={t(`report.level.${level}`)} />
            <span className={styles.sentence}>{texts.sentence(`finding.${id}`, values)}</span>
            {link !== undefined && (
              <Button kind="link" onPress={() => show(link)}>
                {t('report.packets')}
              </Button>
            )}
            {panel !== undefined && (
              <Button kind="link" icon={ArrowRight} onPress={() => void app.navigate({ panel })}>
                {texts.text(`panel.${panel}`)}
              </Button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
