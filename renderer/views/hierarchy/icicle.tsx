/** The hierarchy as a picture: each protocol as wide as its share, inner protocols below. The table beneath says the same. */

import { useRef, useState } from 'react';
import type { HierarchyPanel } from '../../../engine/contract/api.ts';
import { formatBytes } from '../../../engine/text/format/bytes.ts';
import { formatCount, formatShare } from '../../../engine/text/format/count.ts';
import { HoverCard } from '../../components/hover-card.tsx';
import { useSize } from '../../components/use-size.ts';
import { FAMILY_COLOURS, protocolFamily } from '../../format/protocol-family.ts';
import { useLanguage, useText } from '../../state/use-app.ts';
import styles from './hierarchy.module.css';
import { type HierarchyRow, icicle, type Measure } from './hierarchy-rows.ts';

const LEVEL_HEIGHT = 25;
const GAP = 1;

/** Narrower than this there is no room for a name. */
const LEAST_TEXT = 26;

export interface IcicleProps {
  readonly rows: readonly HierarchyRow[];
  readonly measure: Measure;
  readonly whole: HierarchyPanel;
  /** Path of the selected row, '' for none. */
  readonly selected: string;
  readonly onSelect: (path: string) => void;
  /** Shows the packets of a filter. */
  readonly onShow: (filter: string) => void;
}

export function Icicle({ rows, measure, whole, selected, onSelect, onShow }: IcicleProps) {
  const t = useText();
  const language = useLanguage();
  const box = useRef<HTMLDivElement>(null);
  const { width } = useSize(box);
  const [hover, setHover] = useState<{ readonly index: number; readonly x: number; readonly y: number } | null>(null);
  const cells = icicle(rows, measure);
  const levels = rows.reduce((deepest, row) => Math.max(deepest, row.depth + 1), 0);
  const hovered = hover === null ? undefined : rows[hover.index];
  return (
    <div className={styles.picture}>
      <div
        ref={box}
        className={styles.cells}
        style={{ height: levels * LEVEL_HEIGHT - GAP }}
        role="img"
        aria-label={t('hierarchy.picture')}
        onPointerLeave={() => setHover(null)}
      >
        {cells.map((cell) => {
          const row = rows[cell.index];
          if (row === undefined) return null;
          const left = Math.round(cell.from * width);
          const right = Math.round(cell.to * width);
          // What would be thinner than a line is still one: it is there.
          const wide = Math.max(1, right - left - GAP);
          return (
            <div
              key={row.path}
              className={styles.cell}
              data-selected={row.path === selected || undefined}
              data-unwanted={row.unwanted.length > 0 || undefined}
              data-within={selected !== '' && row.path.startsWith(`${selected}:`) ? '' : undefined}
              style={
                {
                  left,
                  width: wide,
                  top: cell.depth * LEVEL_HEIGHT,
                  '--family': FAMILY_COLOURS[protocolFamily(row.protocol)],
                } as React.CSSProperties
              }
              onPointerMove={(event) => setHover({ index: cell.index, x: event.clientX, y: event.clientY + 18 })}
              onClick={() => onSelect(row.path)}
              onDoubleClick={() => onShow(row.filter)}
            >
              {wide >= LEAST_TEXT && (
                <span>
                  {row.unwanted.length > 0 && '⚠ '}
                  {row.title.length * 6.6 + 16 < wide ? row.title : row.protocol}
                </span>
              )}
            </div>
          );
        })}
      </div>
      {hover !== null && hovered !== undefined && (
        <HoverCard
          x={hover.x}
          y={hover.y}
          title={hovered.title}
          rows={[
            {
              name: t('hierarchy.packets'),
              value: `${formatCount(hovered.packets, language)} (${formatShare(hovered.packets, whole.packets, language)})`,
            },
            {
              name: t('hierarchy.bytes'),
              value: `${formatBytes(hovered.bytes, language)} (${formatShare(hovered.bytes, whole.bytes, language)})`,
            },
            { name: t('hierarchy.endPackets'), value: formatCount(hovered.endPackets, language) },
            ...hovered.unwanted.map((mark) => ({
              name: t(`unwanted.kind.${mark.kind}`),
              value: `${mark.title}: ${formatCount(mark.packets, language)}`,
            })),
          ]}
        />
      )}
    </div>
  );
}
