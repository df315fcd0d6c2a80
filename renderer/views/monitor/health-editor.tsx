/** What the provider itself says of its health, by hand: periods that are drawn under the graph. It is never guessed. */

import { HeartPulse, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { type HealthPeriod, readHealth } from '../../../engine/contract/monitors.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { TextInput } from '../../components/form.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { useText } from '../../state/use-app.ts';
import styles from './monitor.module.css';

interface HealthEditorProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
}

const EMPTY: HealthPeriod = { from: '', to: '', state: '' };

export function HealthEditor({ text, onChange }: HealthEditorProps) {
  const t = useText();
  const [periods, setPeriods] = useState<readonly HealthPeriod[] | null>(null);
  const open = (): void => {
    const known = readHealth(text) ?? [];
    setPeriods(known.length === 0 ? [EMPTY] : known);
  };
  const close = (): void => setPeriods(null);
  const change = (index: number, part: Partial<HealthPeriod>): void =>
    setPeriods((before) => (before ?? []).map((one, i) => (i === index ? { ...one, ...part } : one)));
  const next = periods === null || periods.length === 0 ? '' : JSON.stringify(periods);
  return (
    <>
      <Button icon={HeartPulse} onPress={open}>
        {t('monitor.health')}
      </Button>
      {periods !== null && (
        <Dialog
          title={t('monitor.health')}
          onClose={close}
          foot={
            <>
              <Button onPress={close}>{t('action.cancel')}</Button>
              <Button
                kind="primary"
                isDisabled={readHealth(next) === null}
                onPress={() => {
                  onChange(next);
                  close();
                }}
              >
                {t('monitor.healthApply')}
              </Button>
            </>
          }
        >
          {periods.map((period, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a period is its place in the list
            <div key={index} className={styles.row}>
              <TextInput
                label={t('monitor.healthFrom')}
                placeholder={t('monitor.healthHint')}
                isMono
                value={period.from}
                onChange={(from) => change(index, { from })}
              />
              <TextInput
                label={t('monitor.healthTo')}
                placeholder={t('monitor.healthHint')}
                isMono
                value={period.to}
                onChange={(to) => change(index, { to })}
              />
              <TextInput
                label={t('monitor.healthState')}
                value={period.state}
                onChange={(state) => change(index, { state })}
              />
              <IconButton
                icon={Trash2}
                isSmall
                label={t('monitor.healthRemove')}
                onPress={() => setPeriods(periods.filter((_, i) => i !== index))}
              />
            </div>
          ))}
          <Button icon={Plus} kind="quiet" onPress={() => setPeriods([...periods, EMPTY])}>
            {t('monitor.healthAdd')}
          </Button>
        </Dialog>
      )}
    </>
  );
}
