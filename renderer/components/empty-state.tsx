/** What stands where there is nothing to show: one sentence that says what to do next, and one button. */

import type { LucideIcon } from 'lucide-react';
import { Button } from './button.tsx';
import styles from './empty-state.module.css';

export interface EmptyStateProps {
  readonly icon?: LucideIcon;
  readonly title?: string;
  readonly text: string;
  readonly action?: { readonly title: string; readonly run: () => void };
}

export function EmptyState({ icon: Icon, title, text, action }: EmptyStateProps) {
  return (
    <div className={styles.empty}>
      {Icon !== undefined && <Icon aria-hidden className={styles.icon} />}
      {title !== undefined && <h2 className={styles.title}>{title}</h2>}
      <p className={styles.text}>{text}</p>
      {action !== undefined && (
        <Button kind="primary" onPress={action.run}>
          {action.title}
        </Button>
      )}
    </div>
  );
}
