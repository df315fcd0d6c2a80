/** The panel "Transfer out": who the machine sends to, how much, and what the cloud charges for it. */

import { Cloud, FileText, Upload } from 'lucide-react';
import { useState } from 'react';
import type { Report } from '../../../engine/contract/report.ts';
import { Button } from '../../components/button.tsx';
import { TextInput } from '../../components/form.tsx';
import { ReportPanel } from '../../components/report/report-panel.tsx';
import { CloudFiles } from '../../dialogs/cloud-files.tsx';
import { useText } from '../../state/use-app.ts';
import { defineView } from '../view.ts';
import styles from './egress.module.css';
import { PrintReport } from './print-report.tsx';

export const egressView = defineView({
  id: 'egress',
  group: 'cloud',
  title: 'panel.egress',
  icon: Upload,
  component: () => (
    <ReportPanel
      panel="egress"
      icon={Upload}
      head={(report, choose) => <Head report={report} onOwn={(own) => choose('own', own)} />}
    />
  ),
});

interface HeadProps {
  readonly report: Report;
  readonly onOwn: (own: string) => void;
}

/** The own addresses, to be corrected; what is known of the cloud; the page to print. */
function Head({ report, onOwn }: HeadProps) {
  const t = useText();
  const found = report.choices.find(({ id }) => id === 'own')?.value ?? '';
  const [draft, setDraft] = useState<string | null>(null);
  const [dialog, setDialog] = useState<'files' | 'print' | null>(null);
  const close = (): void => setDialog(null);
  return (
    <form
      className={styles.head}
      onSubmit={(event) => {
        event.preventDefault();
        if (draft !== null) onOwn(draft.trim());
        setDraft(null);
      }}
    >
      <span className={styles.label}>{t('choice.own')}</span>
      <div className={styles.own}>
        <TextInput label={t('choice.own')} isLabelHidden isMono value={draft ?? found} onChange={setDraft} />
      </div>
      {draft !== null && draft !== found && (
        <Button type="submit" kind="primary">
          {t('cloud.useOwn')}
        </Button>
      )}
      <Button kind="quiet" onPress={() => onOwn('')}>
        {t('cloud.findOwn')}
      </Button>
      <span className={styles.space} />
      <Button icon={Cloud} onPress={() => setDialog('files')}>
        {t('cloud.files')}
      </Button>
      <Button icon={FileText} onPress={() => setDialog('print')}>
        {t('cloud.print')}
      </Button>
      {dialog === 'files' && <CloudFiles onClose={close} />}
      {dialog === 'print' && <PrintReport report={report} onClose={close} />}
    </form>
  );
}
