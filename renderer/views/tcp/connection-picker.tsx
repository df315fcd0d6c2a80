/** Which connection the pictures are of: one of those that suffer most, or any by its number. */

import type { Report } from '../../../engine/contract/report.ts';
import { Button } from '../../components/button.tsx';
import { Select, TextInput } from '../../components/form.tsx';
import { useText } from '../../state/use-app.ts';
import { pickedConnections } from './picked-connections.ts';
import styles from './tcp.module.css';

interface ConnectionPickerProps {
  readonly report: Report;
  readonly onChoose: (stream: string) => void;
}

export function ConnectionPicker({ report, onChoose }: ConnectionPickerProps) {
  const t = useText();
  const stream = report.choices.find(({ id }) => id === 'stream')?.value ?? '';
  const connections = pickedConnections(report, stream);
  if (connections.length === 0) return null;
  return (
    <div className={styles.picker}>
      <Select
        label={t('tcp.connection')}
        isLabelHidden
        value={stream}
        options={[
          { value: '', title: t('tcp.allConnections') },
          ...connections.map((one) => ({ value: one.stream, title: t('tcp.connectionOf', { ...one }) })),
        ]}
        onChange={onChoose}
      />
      <TextInput
        label={t('tcp.number')}
        placeholder={t('tcp.number')}
        isLabelHidden
        inputMode="numeric"
        value={stream}
        onChange={onChoose}
      />
      {stream !== '' && <Button onPress={() => onChoose('')}>{t('tcp.allConnections')}</Button>}
    </div>
  );
}
