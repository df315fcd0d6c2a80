/** Rows of a hex dump, drawn where they are in sight, with a range that can be chosen by mouse and keyboard. */

import {
  type KeyboardEvent,
  type PointerEvent,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { printable } from '../../../engine/base/text.ts';
import { type MenuPlace, menuPlaceOf } from '../../components/menu-place.ts';
import { useSize } from '../../components/use-size.ts';
import { registerFocusPlace } from '../../state/focus-places.ts';
import {
  BYTES_PER_ROW,
  type ByteRange,
  byteAtHexColumn,
  type CopyFormat,
  HEX_COLUMNS,
  hexText,
  offsetDigits,
  offsetText,
  rowCount,
  rowPieces,
} from './hex-layout.ts';
import styles from './packet-bytes.module.css';

const ROW_HEIGHT = 20;
const DRAW_AROUND = 8;

/** Elements cannot be higher than this in every browser: longer sources scroll in proportion. */
const MAX_HEIGHT = 8_000_000;

export interface HexRowsProps {
  readonly label: string;
  readonly bytes: Uint8Array;
  readonly marked: ByteRange | null;
  /** A byte was clicked: what covers it is selected. */
  readonly onPick: (at: number) => void;
  /** A range was chosen by dragging or with Shift. */
  readonly onSelect: (range: ByteRange) => void;
  readonly onCopy: (format: CopyFormat) => void;
  readonly onMenu: (place: MenuPlace) => void;
}

export function HexRows({ label, bytes, marked, onPick, onSelect, onCopy, onMenu }: HexRowsProps) {
  const host = useRef<HTMLDivElement>(null);
  const size = useSize(host);
  const [scrollTop, setScrollTop] = useState(0);
  /** Where a drag or a Shift selection began, and where it is. */
  const anchor = useRef(0);
  const cursor = useRef(0);
  const isDragging = useRef(false);
  const isInText = useRef(false);

  const rows = rowCount(bytes.length);
  const height = Math.min(MAX_HEIGHT, rows * ROW_HEIGHT);
  const isScaled = height < rows * ROW_HEIGHT;
  const sight = Math.ceil(size.height / ROW_HEIGHT);
  const part = isScaled ? scrollTop / Math.max(1, height - size.height) : 0;
  const top = isScaled ? Math.floor(part * Math.max(0, rows - sight + 1)) : Math.floor(scrollTop / ROW_HEIGHT);
  const first = isScaled ? top : Math.max(0, top - DRAW_AROUND);
  const end = Math.min(rows, top + sight + DRAW_AROUND);
  const digits = offsetDigits(bytes.length);

  useEffect(() => {
    const box = host.current;
    if (box === null) return;
    const onScroll = (): void => setScrollTop(box.scrollTop);
    box.addEventListener('scroll', onScroll, { passive: true });
    return () => box.removeEventListener('scroll', onScroll);
  }, []);

  useEffect(() => registerFocusPlace('bytes', () => host.current?.focus({ preventScroll: true })), []);

  function reveal(byte: number): void {
    const box = host.current;
    if (box === null) return;
    const row = Math.floor(byte / BYTES_PER_ROW);
    if (isScaled) {
      if (row < top || row >= top + sight - 1) {
        box.scrollTop = (row / Math.max(1, rows - sight + 1)) * (height - size.height);
      }
      return;
    }
    if (row * ROW_HEIGHT < box.scrollTop) box.scrollTop = row * ROW_HEIGHT;
    else if ((row + 1) * ROW_HEIGHT > box.scrollTop + box.clientHeight) {
      box.scrollTop = (row + 1) * ROW_HEIGHT - box.clientHeight;
    }
  }

  const showMarked = useEffectEvent(() => {
    if (marked !== null && !isDragging.current) {
      anchor.current = marked.at;
      cursor.current = marked.at;
      reveal(marked.at);
    }
  });
  useLayoutEffect(() => showMarked(), [marked?.at, marked?.end, bytes]);

  /** The byte under the pointer, and whether the pointer is over the text column; null: beside the rows. */
  function byteUnder(event: PointerEvent): { readonly at: number; readonly inText: boolean } | null {
    const box = host.current;
    const line = box?.querySelector<HTMLElement>('[data-row]');
    const hex = line?.querySelector<HTMLElement>('[data-part="hex"]')?.getBoundingClientRect();
    const text = line?.querySelector<HTMLElement>('[data-part="text"]')?.getBoundingClientRect();
    if (box === null || line === null || line === undefined || hex === undefined || text === undefined) return null;
    const firstRow = Number(line.dataset.row);
    const row = firstRow + Math.floor((event.clientY - line.getBoundingClientRect().top) / ROW_HEIGHT);
    const inText = event.clientX >= (hex.right + text.left) / 2;
    const inRow = inText
      ? Math.floor(((event.clientX - text.left) / text.width) * BYTES_PER_ROW)
      : byteAtHexColumn(Math.floor(((event.clientX - hex.left) / hex.width) * HEX_COLUMNS));
    const at = row * BYTES_PER_ROW + Math.min(BYTES_PER_ROW - 1, Math.max(0, inRow));
    return { at: Math.min(bytes.length - 1, Math.max(0, at)), inText };
  }

  function select(to: number): void {
    cursor.current = to;
    onSelect({ at: Math.min(anchor.current, to), end: Math.max(anchor.current, to) + 1 });
  }

  function onPointerDown(event: PointerEvent<HTMLDivElement>): void {
    if (event.button !== 0 || bytes.length === 0) return;
    const under = byteUnder(event);
    if (
      under === null ||
      event.clientX - event.currentTarget.getBoundingClientRect().left > event.currentTarget.clientWidth
    )
      return;
    isInText.current = under.inText;
    if (event.shiftKey) {
      select(under.at);
      return;
    }
    anchor.current = under.at;
    cursor.current = under.at;
    isDragging.current = true;
    event.currentTarget.setPointerCapture(event.pointerId);
  }

  function onPointerMove(event: PointerEvent<HTMLDivElement>): void {
    if (!isDragging.current) return;
    const under = byteUnder(event);
    if (under !== null && under.at !== cursor.current) select(under.at);
  }

  function onPointerUp(event: PointerEvent<HTMLDivElement>): void {
    if (!isDragging.current) return;
    isDragging.current = false;
    event.currentTarget.releasePointerCapture(event.pointerId);
    if (
      cursor.current === anchor.current &&
      (marked === null || marked.end - marked.at !== 1 || marked.at !== anchor.current)
    ) {
      onPick(anchor.current);
    }
  }

  function onKeyDown(event: KeyboardEvent): void {
    const isMod = event.ctrlKey || event.metaKey;
    const page = Math.max(1, sight - 1) * BYTES_PER_ROW;
    const at = cursor.current;
    const inRow = at % BYTES_PER_ROW;
    const last = bytes.length - 1;
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: at - 1,
      ArrowRight: at + 1,
      ArrowUp: at - BYTES_PER_ROW,
      ArrowDown: at + BYTES_PER_ROW,
      PageUp: at - page,
      PageDown: at + page,
      Home: isMod ? 0 : at - inRow,
      End: isMod ? last : at - inRow + BYTES_PER_ROW - 1,
    };
    const step = steps[event.key];
    if (isMod && event.key.toLowerCase() === 'c' && marked !== null) onCopy(isInText.current ? 'text' : 'hex');
    else if (isMod && event.key.toLowerCase() === 'a' && last >= 0) onSelect({ at: 0, end: bytes.length });
    else if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
      const line = host.current?.querySelector(`[data-row="${Math.floor(at / BYTES_PER_ROW)}"]`) ?? host.current;
      if (line !== null) onMenu(menuPlaceOf(line));
    } else if (
      step !== undefined &&
      !event.altKey &&
      last >= 0 &&
      (!isMod || event.key === 'Home' || event.key === 'End')
    ) {
      const to = Math.min(last, Math.max(0, step));
      if (event.shiftKey) select(to);
      else {
        anchor.current = to;
        cursor.current = to;
        onSelect({ at: to, end: to + 1 });
      }
      reveal(to);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  const lines = Array.from({ length: Math.max(0, end - first) }, (_, i) => first + i);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the dump scrolls and is chosen from by keyboard
    <div
      ref={host}
      className={styles.dump}
      role="group"
      aria-label={label}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onContextMenu={(event) => {
        event.preventDefault();
        onMenu({ x: event.clientX, y: event.clientY });
      }}
    >
      <div className={styles.space} style={{ height }}>
        <div
          className={styles.lines}
          style={{ transform: `translateY(${isScaled ? scrollTop : first * ROW_HEIGHT}px)` }}
        >
          {lines.map((row) => (
            <Line key={row} row={row} bytes={bytes} digits={digits} marked={marked} />
          ))}
        </div>
      </div>
    </div>
  );
}

interface LineProps {
  readonly row: number;
  readonly bytes: Uint8Array;
  readonly digits: number;
  readonly marked: ByteRange | null;
}

function Line({ row, bytes, digits, marked }: LineProps) {
  const start = row * BYTES_PER_ROW;
  const end = Math.min(bytes.length, start + BYTES_PER_ROW);
  const pieces = rowPieces(start, end, marked);
  return (
    <div className={styles.line} data-row={row}>
      <span className={styles.offset}>{offsetText(row, digits)}</span>
      <span className={styles.hex} data-part="hex">
        {pieces.map((piece) => (
          <span key={piece.at}>
            {piece.at > start && (piece.at - start) % 2 === 0 ? ' ' : ''}
            <span className={piece.isMarked ? styles.marked : undefined}>
              {hexText(bytes, start, piece.at, piece.end)}
            </span>
          </span>
        ))}
      </span>
      <span className={styles.text} data-part="text">
        {pieces.map((piece) => (
          <span key={piece.at} className={piece.isMarked ? styles.marked : undefined}>
            {printable(bytes, piece.at, piece.end)}
          </span>
        ))}
      </span>
    </div>
  );
}
