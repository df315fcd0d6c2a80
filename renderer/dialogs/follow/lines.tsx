/** The lines of a followed stream: any number, of which those in sight are drawn. Text from packets stays text. */

import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useReducer, useRef, useState } from 'react';
import { FOLLOW_LINE, type FollowMatch } from '../../../engine/contract/follow.ts';
import {
  type GridBox,
  scrollLength,
  scrollOfTop,
  slotCount,
  topAround,
  topOfScroll,
} from '../../components/grid-window.ts';
import { useSize } from '../../components/use-size.ts';
import { makeWindowLoader } from '../../components/window-loader.ts';
import { useApp, useText } from '../../state/use-app.ts';
import styles from './follow.module.css';

export interface ShownLine {
  readonly text: string;
  /** Packet, from 0. */
  readonly row: number;
  readonly bits: number;
  readonly length: number;
}

interface Props {
  readonly total: number;
  /** The line to begin at. */
  readonly start: number;
  readonly match: FollowMatch | null;
  /** Marked wherever it stands in a line; '' for nothing. */
  readonly searched: string;
  readonly fetch: (first: number, count: number) => Promise<readonly ShownLine[]>;
  readonly onPacket: (row: number) => void;
}

const ROW_HEIGHT = 18;

export function FollowLinesList({ total, start, match, searched, fetch, onPacket }: Props) {
  const app = useApp();
  const t = useText();
  const scroller = useRef<HTMLDivElement>(null);
  const { height } = useSize(scroller);
  const box: GridBox = { height: Math.max(ROW_HEIGHT, height), rowHeight: ROW_HEIGHT, total };
  const [top, setTop] = useState(start);
  const [current, setCurrent] = useState(start);
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  // The list is another one with another key: what it fetches stays the same while it is there.
  const [loader] = useState(() => makeWindowLoader<ShownLine>({ fetch, onRows: redraw, onError: app.report }));
  useEffect(() => () => loader.close(), [loader]);

  const slots = slotCount(box) + 1;
  useEffect(() => {
    if (height > 0) loader.want(top, slots, total);
  }, [loader, top, slots, total, height]);

  const show = (line: number): void => {
    setCurrent(line);
    if (scroller.current !== null) scroller.current.scrollTop = scrollOfTop(box, topAround(box, line));
  };
  const first = useRef(true);
  useLayoutEffect(() => {
    if (!first.current || height === 0) return;
    first.current = false;
    show(start);
  });
  const shownMatch = useRef<FollowMatch | null>(null);
  useEffect(() => {
    if (match === null || match === shownMatch.current) return;
    shownMatch.current = match;
    show(match.line);
  });

  const onKeyDown = (event: KeyboardEvent): void => {
    const page = Math.max(1, slotCount(box) - 2);
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: current + 1,
      ArrowUp: current - 1,
      PageDown: current + page,
      PageUp: current - page,
      Home: 0,
      End: total - 1,
    };
    const next = moves[event.key];
    if (next !== undefined) {
      event.preventDefault();
      const line = Math.max(0, Math.min(total - 1, next));
      if (line < top || line >= top + page) show(line);
      else setCurrent(line);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      const line = loader.row(current);
      if (line !== undefined) onPacket(line.row);
    }
  };

  const drawn: ReactNode[] = [];
  for (let position = top; position < Math.min(total, top + slots); position++) {
    const line = loader.row(position);
    drawn.push(
      <Line
        key={position}
        id={`follow-line-${position}`}
        line={line}
        isCurrent={position === current}
        match={match?.line === position ? match : null}
        searched={searched}
        title={line === undefined ? '' : t('follow.goTo', { number: line.row + 1 })}
        onPress={() => {
          setCurrent(position);
          if (line !== undefined) onPacket(line.row);
        }}
      />,
    );
  }
  return (
    <div
      ref={scroller}
      role="listbox"
      aria-label={t('follow.contents')}
      aria-activedescendant={`follow-line-${current}`}
      tabIndex={0}
      className={styles.lines}
      onScroll={(event) => setTop(topOfScroll(box, event.currentTarget.scrollTop))}
      onKeyDown={onKeyDown}
    >
      <div style={{ height: Math.max(scrollLength(box), 1) }} className={styles.length}>
        <div className={styles.rows}>{drawn}</div>
      </div>
    </div>
  );
}

interface LineProps {
  readonly id: string;
  readonly line: ShownLine | undefined;
  readonly isCurrent: boolean;
  readonly match: FollowMatch | null;
  readonly searched: string;
  readonly title: string;
  readonly onPress: () => void;
}

function Line({ id, line, isCurrent, match, searched, title, onPress }: LineProps) {
  const t = useText();
  if (line === undefined) return <div className={styles.line} />;
  const isReverse = (line.bits & FOLLOW_LINE.reverse) !== 0;
  const isMissing = (line.bits & FOLLOW_LINE.missing) !== 0;
  const isTurn = (line.bits & FOLLOW_LINE.turn) !== 0;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list around it takes the keys
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isCurrent}
      title={title}
      className={styles.line}
      data-reverse={isReverse || undefined}
      data-turn={isTurn || undefined}
      data-current={isCurrent || undefined}
      onClick={() => {
        // Text that was just selected is to be copied.
        if ((window.getSelection()?.toString() ?? '') === '') onPress();
      }}
    >
      <span className={styles.packet}>{isTurn ? line.row + 1 : ''}</span>
      <span className={styles.tag}>{isTurn ? t(isReverse ? 'follow.second' : 'follow.first') : ''}</span>
      {isMissing ? (
        <span className={styles.missing}>{t('follow.missing', { count: line.length })}</span>
      ) : (
        <span className={styles.text}>{marked(line.text, searched, match)}</span>
      )}
    </div>
  );
}

/** A line with what is searched marked in it, and the current match marked more. */
function marked(text: string, searched: string, match: FollowMatch | null): ReactNode {
  if (match !== null) {
    const end = Math.max(match.to, match.from + 1);
    return (
      <>
        {marked(text.slice(0, match.from), searched, null)}
        <mark data-current>{text.slice(match.from, end)}</mark>
        {marked(text.slice(end), searched, null)}
      </>
    );
  }
  if (searched === '') return text;
  const parts: ReactNode[] = [];
  const low = text.toLowerCase();
  const wanted = searched.toLowerCase();
  let at = 0;
  // Lower case may be longer than what it is made of: then places do not fit, and nothing is marked.
  if (low.length !== text.length) return text;
  for (let found = low.indexOf(wanted); found >= 0; found = low.indexOf(wanted, at)) {
    parts.push(text.slice(at, found), <mark key={found}>{text.slice(found, found + wanted.length)}</mark>);
    at = found + wanted.length;
  }
  return [...parts, text.slice(at)];
}
