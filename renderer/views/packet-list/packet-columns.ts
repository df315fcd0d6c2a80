/** The columns of the packet list as the grid draws them: texts, dots, tags, widths. */

import type { ColourRule, ColumnSetting, Settings } from '../../../engine/contract/api.ts';
import { formatCount } from '../../../engine/text/format/count.ts';
import type { Language, Translate } from '../../../engine/text/index.ts';
import type { GridColumn } from '../../components/data-grid.tsx';
import { FAMILY_COLOURS, protocolFamily } from '../../format/protocol-family.ts';
import { formatRowTime, type TimeContext } from '../../format/time.ts';
import { colourRuleName } from '../../state/colour-rule-name.ts';
import { columnTitle } from '../../state/columns.ts';
import { tagText, takeTags } from './info-tags.ts';
import type { PacketRow } from './packet-row.ts';

export interface ColumnContext {
  readonly t: Translate;
  readonly language: Language;
  readonly settings: Pick<Settings, 'timeFormat' | 'colours' | 'coloursOn'>;
  readonly times: TimeContext;
  /** Packets in the capture: as wide as the last number is the first column. */
  readonly packets: number;
  /** Seconds that the capture spans, in digits. */
  readonly secondDigits: number;
  /** Width of the address columns, which depends on the addresses that the list begins with. */
  readonly addressPx: number;
}

/** Width of a digit of the list's font at 12 px, and a cell's padding. */
const DIGIT_PX = 7.3;
const PADDING_PX = 22;

/** Characters of the time column in each format, before the digits behind the point; seconds that are counted come on top. */
const TIME_CHARACTERS: Readonly<Record<Settings['timeFormat'], number>> = {
  relative: 1,
  delta: 1,
  reference: 1,
  epoch: 11,
  local: 20,
  utc: 21,
};

const WIDTHS: Readonly<Record<string, number>> = {
  protocol: 108,
  length: 66,
};

/** A MAC address. */
const LEAST_ADDRESS_PX = 146;
/** Of the list's width, what an address column takes at most by itself: the info text is to be read as well. */
const MOST_ADDRESS_SHARE = 1 / 6;

/** Room for an address of so many characters, as far as the list has it. */
export function addressWidth(characters: number, listPx: number): number {
  const wanted = Math.ceil(characters * DIGIT_PX + PADDING_PX);
  return Math.round(Math.max(LEAST_ADDRESS_PX, Math.min(wanted, listPx * MOST_ADDRESS_SHARE)));
}

const FIELD_WIDTH = 130;
const MIN_WIDTH = 40;
const MIN_INFO_WIDTH = 260;

function defaultWidth(id: string, context: ColumnContext): number | null {
  if (id === 'info') return null;
  if (id === 'number') {
    return Math.max(64, Math.round(formatCount(context.packets, 'en').length * DIGIT_PX + PADDING_PX));
  }
  if (id === 'time') {
    const { timeFormat } = context.settings;
    const isCounted = timeFormat === 'relative' || timeFormat === 'delta' || timeFormat === 'reference';
    const seconds = isCounted ? context.secondDigits : 0;
    const characters = TIME_CHARACTERS[timeFormat] + seconds + context.times.digits;
    return Math.round(characters * DIGIT_PX + PADDING_PX);
  }
  if (id === 'source' || id === 'destination') return context.addressPx;
  return WIDTHS[id] ?? FIELD_WIDTH;
}

export function packetColumns(
  columns: readonly ColumnSetting[],
  context: ColumnContext,
): readonly GridColumn<PacketRow>[] {
  const takesRest = columns.some(({ id, width }) => id === 'info' && width === undefined);
  return columns.map((column, index) => {
    const { id } = column;
    // One column takes what is left, so that rows reach the right edge: the info text, or else the last.
    const isLast = index === columns.length - 1;
    const width = column.width ?? (isLast && !takesRest ? null : defaultWidth(id, context));
    return {
      id,
      title: columnTitle(context.t, column),
      width,
      minWidth: id === 'info' ? MIN_INFO_WIDTH : MIN_WIDTH,
      isNumber: id === 'number' || id === 'length',
      isQuiet: id === 'number' || id === 'length',
      text: (row) => cellText(id, row, context),
      ...painted(id, context),
    };
  });
}

function painted(id: string, context: ColumnContext): Pick<GridColumn<PacketRow>, 'paint'> {
  if (id === 'number') return { paint: (cell, row) => paintNumber(cell, cellText(id, row, context)) };
  if (id === 'protocol') return { paint: (cell, row) => paintProtocol(cell, row.cells.protocol ?? '') };
  if (id === 'info') return { paint: (cell, row) => paintInfo(cell, row, context) };
  return {};
}

/** What a cell says, for the screen and for copying. */
export function cellText(id: string, row: PacketRow, context: ColumnContext): string {
  switch (id) {
    case 'number':
      return formatCount(row.packet + 1, context.language);
    case 'time':
      return row.isReference
        ? context.t('packets.reference')
        : formatRowTime(context.settings.timeFormat, row, context.times);
    default:
      return row.cells[id] ?? '';
  }
}

export function ruleOf(row: PacketRow, settings: ColumnContext['settings']): ColourRule | undefined {
  return settings.coloursOn && row.colour > 0 ? settings.colours[row.colour - 1] : undefined;
}

/** In an element of its own, which a mark puts a ground under. */
function paintNumber(cell: HTMLElement, text: string): void {
  const number = document.createElement('span');
  number.className = 'packet-number';
  number.textContent = text;
  cell.append(number);
}

function paintProtocol(cell: HTMLElement, protocol: string): void {
  if (protocol === '') return;
  const dot = document.createElement('span');
  dot.className = 'packet-dot';
  dot.style.background = FAMILY_COLOURS[protocolFamily(protocol)];
  cell.append(dot, protocol);
}

/** Tags first, then the text. A rule that warns is named where TCP analysis has not already said why. */
function paintInfo(cell: HTMLElement, row: PacketRow, context: ColumnContext): void {
  const { tags, text } = takeTags(row.cells.info ?? '');
  const rule = ruleOf(row, context.settings);
  const isWarning = rule?.tone === 'amber' || rule?.tone === 'red';
  const names =
    tags.length === 0 && isWarning
      ? [colourRuleName(context.t, rule.name)]
      : tags.map((tag) => tagText(context.language, tag));
  for (const name of names) {
    const tag = document.createElement('span');
    tag.className = `packet-tag packet-tag-${isWarning ? rule.tone : 'grey'}`;
    tag.textContent = name;
    cell.append(tag);
  }
  cell.append(text);
}
