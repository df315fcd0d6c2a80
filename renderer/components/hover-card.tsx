/** The card that pictures show at the pointer: a title and rows of name and value. The same for every chart. */

import { useRef } from 'react';
import styles from './hover-card.module.css';
import { useSize } from './use-size.ts';

export interface HoverRow {
  readonly name: string;
  readonly value: string;
  /** CSS colour of the dot in front; none without. */
  readonly colour?: string;
}

export interface HoverCardProps {
  /** The point that it is about, in the window. */
  readonly x: number;
  readonly y: number;
  readonly title: string;
  readonly rows: readonly HoverRow[];
}

const MARGIN = 8;

export function HoverCard({ x, y, title, rows }: HoverCardProps) {
  const card = useRef<HTMLDivElement>(null);
  const size = useSize(card);
  const left = Math.max(MARGIN, Math.min(x - size.width / 2, window.innerWidth - size.width - MARGIN));
  const isBelow = y + size.height + MARGIN < window.innerHeight;
  const top = isBelow ? y : Math.max(MARGIN, y - size.height);
  return (
    <div ref={card} className={styles.card} style={{ left, top }} aria-hidden>
      <div className={styles.title}>{title}</div>
      {rows.map((row) => (
        <div key={row.name} className={styles.row}>
          {row.colour !== undefined && <span className={styles.dot} style={{ background: row.colour }} />}
          <span className={styles.name}>{row.name}</span>
          <span className={styles.value}>{row.value}</span>
        </div>
      ))}
    </div>
  );
}
