/** The user's monitors: name, both sides, what to be told about. They are kept, and used on the next capture too. */

import { Plus, SlidersHorizontal, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { ALERT_VALUES, type AlertValue, type MonitorSpec, readMonitors } from '../../../engine/contract/monitors.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Select, TextInput } from '../../components/form.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { useText } from '../../state/use-app.ts';
import styles from './monitor.module.css';

interface EditorProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
}

/** A monitor as it is typed. */
interface Draft {
  readonly name: string;
  readonly local: string;
  readonly remote: string;
  readonly value: AlertValue | 'none';
  readonly above: string;
}

const EMPTY: Draft = { name: '', local: '', remote: '', value: 'none', above: '' };

export function MonitorEditor({ text, onChange }: EditorProps) {
  const t = useText();
  const [drafts, setDrafts] = useState<readonly Draft[] | null>(null);
  const open = (): void => {
    const known = (readMonitors(text) ?? []).map(draftOf);
    setDrafts(known.length === 0 ? [EMPTY] : known);
  };
  const close = (): void => setDrafts(null);
  const change = (index: number, part: Partial<Draft>): void =>
    setDrafts((before) => (before ?? []).map((one, i) => (i === index ? { ...one, ...part } : one)));
  const isWhole = (drafts ?? []).every(
    ({ name, value, above }) => name.trim() !== '' && (value === 'none' || isNumber(above)),
  );
  return (
    <>
      <Button icon={SlidersHorizontal} onPress={open}>
        {t('monitor.edit')}
      </Button>
      {drafts !== null && (
        <Dialog
          title={t('monitor.edit')}
          size="large"
          onClose={close}
          foot={
            <>
              <Button onPress={close}>{t('action.cancel')}</Button>
              <Button
                kind="primary"
                isDisabled={!isWhole}
                onPress={() => {
                  onChange(drafts.length === 0 ? '' : JSON.stringify(drafts.map(specOf)));
                  close();
                }}
              >
                {t('monitor.apply')}
              </Button>
            </>
          }
        >
          <p className={styles.hint}>{t('monitor.sideHint')}</p>
          {drafts.map((draft, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a monitor is its place in the list
            <div key={index} className={styles.row}>
              <TextInput label={t('monitor.name')} value={draft.name} onChange={(name) => change(index, { name })} />
              <TextInput
                label={t('monitor.local')}
                isMono
                value={draft.local}
                onChange={(local) => change(index, { local })}
              />
              <TextInput
                label={t('monitor.remote')}
                isMono
                value={draft.remote}
                onChange={(remote) => change(index, { remote })}
              />
              <Select
                label={t('monitor.alert')}
                value={draft.value}
                options={(['none', ...ALERT_VALUES] as const).map((value) => ({
                  value,
                  title: t(`monitor.alert.${value}`),
                }))}
                onChange={(value) => change(index, { value })}
              />
              <div className={styles.above}>
                {draft.value !== 'none' && (
                  <TextInput
                    label={t('monitor.above')}
                    inputMode="numeric"
                    value={draft.above}
                    onChange={(above) => change(index, { above })}
                  />
                )}
              </div>
              <IconButton
                icon={Trash2}
                isSmall
                label={t('monitor.remove')}
                onPress={() => setDrafts(drafts.filter((_, i) => i !== index))}
              />
            </div>
          ))}
          <Button icon={Plus} kind="quiet" onPress={() => setDrafts([...drafts, EMPTY])}>
            {t('monitor.add')}
          </Button>
        </Dialog>
      )}
    </>
  );
}

function isNumber(text: string): boolean {
  return text.trim() !== '' && Number(text) >= 0 && Number.isFinite(Number(text));
}

function draftOf({ name, local, remote, alert }: MonitorSpec): Draft {
  return {
    name,
    local: local.join(', '),
    remote: remote.join(', '),
    value: alert?.value ?? 'none',
    above: alert === undefined || alert === null ? '' : String(alert.above),
  };
}

function specOf({ name, local, remote, value, above }: Draft): MonitorSpec {
  return {
    name: name.trim(),
    local: listed(local),
    remote: listed(remote),
    alert: value === 'none' ? null : { value, above: Number(above) },
  };
}

function listed(text: string): string[] {
  return text
    .split(/[,;\n]+/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
