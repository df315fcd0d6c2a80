/** The head of a pane: its title, what it shows at the moment, and its buttons at the right edge. */

import type { ReactNode } from 'react';
import styles from './pane-head.module.css';

export function PaneHead({
  title,
  detail = '',
  children,
}: {
  readonly title: string;
  readonly detail?: string;
  readonly children?: ReactNode;
}): ReactNode {
  return (
    <header className={styles.head}>
      <h2 className={styles.title}>{title}</h2>
      <span className={styles.detail}>{detail}</span>
      {children}
    </header>
  );
}
