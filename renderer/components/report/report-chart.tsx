/** A picture of a report: lines, bars, areas or points over an axis; dragging over a time axis selects a time range. */

import { Maximize2, Minimize2, Table2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import {
  Area,
  Bar,
  CartesianGrid,
  ComposedChart,
  Legend,
  Line,
  ReferenceArea,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import type { Unit } from '../../../engine/base/unit.ts';
import type { Chart, Series } from '../../../engine/contract/report.ts';
import { useApp, useText } from '../../state/use-app.ts';
import { IconButton } from '../icon-button.tsx';
import { chartPoints, chartTable, seriesKey, toneColour } from './chart-data.ts';
import styles from './report.module.css';
import { ReportTable } from './report-table.tsx';
import { type ReportText, useReportText } from './report-text.ts';
import { useLinks } from './use-links.ts';

export interface ReportChartProps {
  readonly chart: Chart;
  readonly isLarge: boolean;
  readonly onLarge: () => void;
}

interface Drag {
  readonly from: number;
  readonly to: number;
}

const HAIRLINE = 'var(--hairline)';
const TICK = { fill: 'var(--ink-3)', fontSize: 11 } as const;
const AXIS_PX = 64;
/** Units that a chart is captioned with; counts and numbers need no words, lengths of time have them at each mark. */
const CAPTIONED = ['bytes', 'bit/s', 'packet/s', 'share'] as const satisfies readonly Unit[];

export function ReportChart({ chart, isLarge, onLarge }: ReportChartProps) {
  const app = useApp();
  const t = useText();
  const texts = useReportText();
  const show = useLinks();
  const [isTable, setTable] = useState(false);
  const [drag, setDrag] = useState<Drag | null>(null);
  const points = useMemo(() => chartPoints(chart), [chart]);
  const { axis, series, links } = chart;
  const title = texts.text(`chart.${chart.id}`);
  const titleOf = (one: Series): string => one.title ?? texts.text(`series.${one.id}`);
  const unit = series[0]?.unit ?? 'number';
  const span = axis.unit === 'text' ? 0 : (axis.values.at(-1) ?? 0) - (axis.values[0] ?? 0);
  const place = (value: unknown): string =>
    typeof value === 'number' ? placeText(texts, value, axis.unit, span) : String(value);

  const pointerAt = (label: unknown): number | null =>
    chart.selects === 'time' && typeof label === 'number' ? label : null;
  const finish = (): void => {
    if (drag !== null && drag.from !== drag.to) {
      const range = { from: Math.min(drag.from, drag.to), to: Math.max(drag.from, drag.to) };
      void app.navigate({ range });
    }
    setDrag(null);
  };
  const follow = (index: number): void => {
    const link = links?.[index];
    if (link !== null && link !== undefined) show(link);
  };

  return (
    <section className={styles.chart} aria-label={title} data-chart={chart.id} data-large={isLarge || undefined}>
      <div className={styles.chartHead}>
        <h2 className={styles.chartTitle}>{title}</h2>
        {isCaptioned(unit) && <span className={styles.unit}>{t(`unit.${unit}`)}</span>}
        <span className={styles.space} />
        <IconButton
          icon={Table2}
          label={t('report.asTable')}
          isSmall
          isOn={isTable}
          onPress={() => setTable(!isTable)}
        />
        <IconButton
          icon={isLarge ? Minimize2 : Maximize2}
          label={t(isLarge ? 'report.smaller' : 'report.larger')}
          isSmall
          onPress={onLarge}
        />
      </div>
      {isTable ? (
        <div className={styles.chartTable}>
          <ReportTable name={title} table={chartTable(chart, titleOf)} titles={false} />
        </div>
      ) : (
        <div className={styles.drawing}>
          <ResponsiveContainer width="100%" height="100%">
            <ComposedChart
              data={points}
              margin={{ top: 6, right: 30, bottom: 0, left: 0 }}
              barCategoryGap={1}
              onMouseDown={({ activeLabel, activeTooltipIndex }) => {
                const from = pointerAt(activeLabel);
                if (from !== null) setDrag({ from, to: from });
                else follow(Number(activeTooltipIndex));
              }}
              onMouseMove={({ activeLabel }) => {
                const to = pointerAt(activeLabel);
                if (drag !== null && to !== null && to !== drag.to) setDrag({ from: drag.from, to });
              }}
              onMouseUp={finish}
              onMouseLeave={() => setDrag(null)}
            >
              <CartesianGrid stroke={HAIRLINE} vertical={false} />
              <XAxis
                dataKey="x"
                {...(axis.unit === 'text' ? {} : { type: 'number' as const, domain: ['dataMin', 'dataMax'] })}
                tick={TICK}
                tickLine={false}
                axisLine={{ stroke: 'var(--line)' }}
                tickFormatter={place}
                minTickGap={36}
              />
              <YAxis
                width={AXIS_PX}
                tick={TICK}
                tickLine={false}
                axisLine={false}
                allowDecimals={unit !== 'count'}
                tickFormatter={(value: number) => texts.quantity(value, unit)}
                {...(chart.logarithmic === true
                  ? { scale: 'log' as const, domain: ['auto', 'auto'], allowDataOverflow: true }
                  : {})}
              />
              <Tooltip
                isAnimationActive={false}
                cursor={{ stroke: 'var(--control-line)' }}
                content={({ active, label, payload }) =>
                  active === true && payload !== undefined ? (
                    <div className={styles.card}>
                      <div className={styles.cardTitle}>{place(label)}</div>
                      {payload.map(({ dataKey, value }) => {
                        const index = series.findIndex((_, i) => seriesKey(i) === dataKey);
                        const one = series[index];
                        if (one === undefined || typeof value !== 'number') return null;
                        return (
                          <div key={String(dataKey)} className={styles.cardRow}>
                            <span className={styles.dot} style={{ background: toneColour(one, index) }} />
                            <span className={styles.cardName}>{titleOf(one)}</span>
                            <span className={styles.cardValue}>{texts.quantity(value, one.unit)}</span>
                          </div>
                        );
                      })}
                    </div>
                  ) : null
                }
              />
              {series.length > 1 && <Legend iconSize={8} wrapperStyle={{ fontSize: 11 }} />}
              {series.map((one, index) => drawn(chart, one, index, titleOf(one)))}
              {(chart.marks ?? []).map(({ at, id, tone }) => (
                <ReferenceLine key={`${id} ${at}`} x={at} stroke={`var(--${tone})`} strokeDasharray="3 3" />
              ))}
              {drag !== null && (
                <ReferenceArea x1={drag.from} x2={drag.to} fill="var(--accent)" fillOpacity={0.14} stroke="none" />
              )}
            </ComposedChart>
          </ResponsiveContainer>
        </div>
      )}
    </section>
  );
}

function drawn(chart: Chart, one: Series, index: number, name: string) {
  const colour = toneColour(one, index);
  const shared = { key: `${one.id} ${index}`, dataKey: seriesKey(index), name, isAnimationActive: false };
  const stack = chart.stacked === true ? { stackId: 'all' } : {};
  switch (one.draw ?? chart.draw) {
    case 'bar':
      return <Bar {...shared} {...stack} fill={colour} maxBarSize={28} />;
    case 'area':
      return (
        <Area
          {...shared}
          {...stack}
          type="linear"
          stroke={colour}
          fill={colour}
          fillOpacity={0.18}
          dot={false}
          connectNulls={false}
        />
      );
    case 'points':
      return <Line {...shared} stroke={colour} strokeWidth={0} dot={{ r: 2, fill: colour, strokeWidth: 0 }} />;
    case 'line':
      return (
        <Line
          {...shared}
          type="linear"
          stroke={colour}
          strokeWidth={1.5}
          dot={isSparse(one) ? { r: 1.5, fill: colour, strokeWidth: 0 } : false}
          connectNulls={false}
        />
      );
  }
}

function isCaptioned(unit: Unit): unit is (typeof CAPTIONED)[number] {
  return CAPTIONED.some((one) => one === unit);
}

/** A value between two gaps makes no line: it shows as a dot. */
function isSparse({ values }: Series): boolean {
  return values.some(
    (value, i) =>
      !Number.isNaN(value) && Number.isNaN(values[i - 1] ?? Number.NaN) && Number.isNaN(values[i + 1] ?? Number.NaN),
  );
}

function placeText(texts: ReportText, value: number, unit: Unit | 'text', span: number): string {
  return unit === 'text' ? String(value) : texts.quantity(value, unit, span);
}
