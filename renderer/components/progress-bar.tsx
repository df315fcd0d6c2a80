/** A thin bar for work that takes longer than a moment, at the place where its result will be; with a way to end it. */

import { X } from 'lucide-react';
import { ProgressBar as AriaProgressBar } from 'react-aria-components';
import { useText } from '../state/use-app.ts';
import { IconButton } from './icon-button.tsx';
import styles from './progress-bar.module.css';

export interface ProgressBarProps {
  readonly label: string;
  /** 0 to 1; null: not known. */
  readonly value: number | null;
  readonly onCancel?: () => void;
}

export function ProgressBar({ label, value, onCancel }: ProgressBarProps) {
  const t = useText();
  return (
    <div className={styles.row}>
      <AriaProgressBar
        aria-label={label}
        value={(value ?? 0) * 100}
        isIndeterminate={value === null}
        className={styles.progress ?? ''}
      >
        <span className={styles.label}>{label}</span>
        <span className={styles.track}>
          <span
            className={`${styles.fill} ${value === null ? styles.unknown : ''}`}
            style={value === null ? {} : { transform: `scaleX(${value})` }}
          />
        </span>
      </AriaProgressBar>
      {onCancel !== undefined && <IconButton icon={X} label={t('action.cancel')} isSmall onPress={onCancel} />}
    </div>
  );
}
