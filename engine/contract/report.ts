/**
 * What a panel found, as data: sentences by their keys, figures, charts and tables. The window draws it, the command line
 * prints it, and neither knows the panel. Ids are keys of the dictionaries: `finding.ID`, `figure.ID`, `chart.ID`,
 * `table.ID`, `column.ID`, `choice.ID`, `choice.ID.VALUE`, `value.ID`; `explain.PANEL` says how it is computed.
 *
 * Every number is a filter plus a time range: where one is given, it finds exactly the packets that were counted.
 */

import type { SentenceValue, Unit } from '../base/unit.ts';

/** Packets that something was made from; the panel's own filter and range hold besides. */
export interface PacketLink {
  readonly filter: string;
  /** Nanoseconds since the session's epoch, both ends included. */
  readonly range?: { readonly from: number; readonly to: number };
}

/** `good`: as it should be; `look`: worth a look; `wrong`: something is. */
export type Level = 'info' | 'good' | 'look' | 'wrong';

export interface Finding {
  readonly id: string;
  readonly level: Level;
  readonly values: Readonly<Record<string, SentenceValue>>;
  readonly link?: PacketLink;
  /** Another panel that says more. */
  readonly panel?: string;
}

/** One number above the rest; NaN: it cannot be told from this capture. */
export interface Figure {
  readonly id: string;
  readonly unit: Unit;
  readonly value: number;
  /** A few words behind the number, by their key. */
  readonly note?: string;
  readonly link?: PacketLink;
}

export interface Series {
  /** Text key `series.ID`, unless it has a title of its own (a filter, an address). */
  readonly id: string;
  readonly title?: string;
  readonly unit: Unit;
  /** One for each place of the axis; NaN: none, the line breaks. */
  readonly values: Float64Array;
  readonly tone?: Tone;
  /** In what it is drawn where a chart has several kinds; the chart's own unless given. */
  readonly draw?: 'line' | 'bar' | 'area' | 'points';
}

export type Tone = 'accent' | 'blue' | 'violet' | 'green' | 'amber' | 'red' | 'grey';

/** At most about 1,200 places; the host has decimated, keeping minimum and maximum. */
export interface Chart {
  readonly id: string;
  readonly draw: 'line' | 'bar' | 'area' | 'points';
  /** Values lie on one another. */
  readonly stacked?: boolean;
  /** Axis of numbers (`values` ascending unless the chart draws points), or of names. */
  readonly axis:
    | { readonly unit: Unit; readonly values: Float64Array }
    | { readonly unit: 'text'; readonly values: readonly string[] };
  readonly series: readonly Series[];
  readonly logarithmic?: boolean;
  /** The packets of each place of the axis. */
  readonly links?: readonly (PacketLink | null)[];
  /** The axis is time: dragging selects a range of the capture. */
  readonly selects?: 'time';
  /** Moments marked on the axis. */
  readonly marks?: readonly { readonly at: number; readonly id: string; readonly tone: Tone }[];
}

interface TableColumnBase {
  readonly id: string;
  /** Not shown: only templates use it. */
  readonly hidden?: boolean;
  /** Shown when asked for. */
  readonly optional?: boolean;
  /** It explains another column, and gives way where the table is wider than its place. */
  readonly yields?: boolean;
  /** Template of this column's own packets, e.g. `ip.src == {address}`; the row's unless given. '' : the value leads nowhere. */
  readonly filter?: string;
}

export type TableColumn =
  | (TableColumnBase & { readonly unit: Unit; readonly values: Float64Array })
  | (TableColumnBase & {
      /** `text`: as it is; `key`: the value is a text key `value.VALUE`. */
      readonly unit: 'text' | 'key';
      readonly values: readonly string[];
    });

export interface Table {
  readonly id: string;
  /** Rows. */
  readonly count: number;
  readonly columns: readonly TableColumn[];
  /** Template of a row's packets: `{column}` stands for the row's value; null: rows lead nowhere. */
  readonly filter: string | null;
  /** Columns with the first and the last time of a row's packets, where the filter alone finds more. */
  readonly range?: readonly [from: string, to: string];
  /** Column that holds the number of packets that the filter finds: tests compare. */
  readonly packets?: string;
  /** How it is sorted at first; else as it comes. */
  readonly sort?: { readonly column: string; readonly descending: boolean };
}

/** Something that can be chosen: the panel is asked again with `options[id]`. */
export type Choice =
  | { readonly id: string; readonly kind: 'one'; readonly values: readonly string[]; readonly value: string }
  | { readonly id: string; readonly kind: 'text' | 'filter' | 'number'; readonly value: string }
  /** The panel's own view asks for it. */
  | { readonly id: string; readonly kind: 'own'; readonly value: string };

export interface Report {
  readonly choices: readonly Choice[];
  readonly findings: readonly Finding[];
  readonly figures: readonly Figure[];
  readonly charts: readonly Chart[];
  readonly tables: readonly Table[];
}

/** What of a report a panel leaves out. */
export type ReportParts = Partial<Report>;

export function report(parts: ReportParts): Report {
  return { choices: [], findings: [], figures: [], charts: [], tables: [], ...parts };
}

/** The link of a table's cell; null: it leads nowhere. */
export function linkOf(table: Table, column: TableColumn | null, row: number): PacketLink | null {
  const template = column?.filter ?? table.filter;
  if (template === null || template === '') return null;
  const value = (id: string): string => {
    const found = table.columns.find((one) => one.id === id);
    if (found === undefined) throw new Error(`${table.id} has no column ${id}`);
    return String(found.values[row]);
  };
  let isKnown = true;
  const filter = template.replace(/\{(\w+)\}/g, (_, id: string) => {
    const text = value(id);
    if (text === 'NaN') isKnown = false;
    return text;
  });
  if (filter === '' || !isKnown) return null;
  if (table.range === undefined) return { filter };
  return { filter, range: { from: Number(value(table.range[0])), to: Number(value(table.range[1])) } };
}
