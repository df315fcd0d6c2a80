/** On which side it was captured: as told from handshakes, or as the user says, for the file or for the connection that is shown. */

import type { Side } from '../../../engine/contract/preferences.ts';
import type { Report } from '../../../engine/contract/report.ts';
import { useApp, useText } from '../../state/use-app.ts';
import { useStore } from '../../state/use-store.ts';
import { Select } from '../form.tsx';
import styles from './report.module.css';

const SIDES = ['auto', 'client', 'server', 'between'] as const satisfies readonly Side[];

export function SideChoice({ report }: { readonly report: Report }) {
  const app = useApp();
  const t = useText();
  const session = useStore(app.session, ({ state }) => state?.session ?? -1);
  const choice = report.choices.find(({ id }) => id === 'side');
  if (choice === undefined || session < 0) return null;
  const stream = report.choices.find(({ id }) => id === 'stream')?.value ?? '';
  const set = (side: Side): void => {
    const input = { session, stream: stream === '' ? null : Number(stream), side };
    app.client.request('session.setSide', input).catch(app.report);
  };
  return (
    <div className={styles.side} title={t('side.hint')}>
      <span aria-hidden>{t('choice.side')}</span>
      <Select
        label={t('choice.side')}
        isLabelHidden
        value={SIDES.find((side) => side === choice.value) ?? 'auto'}
        options={SIDES.map((value) => ({ value, title: t(`choice.side.${value}`) }))}
        onChange={set}
      />
    </div>
  );
}
