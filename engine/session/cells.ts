/** Texts of the packet list's columns, for the rows on screen and for export. */

import { escapeText } from '../base/text.ts';
import { formatSeconds } from '../base/time.ts';
import { catalog } from '../dissect/registry.ts';
import type { Capture } from './capture.ts';
import { fieldTexts } from './field-texts.ts';
import type { PacketSource } from './packet-source.ts';

/** Longest text of a cell, in characters. */
const MAX_CELL = 2000;

/** One cell's text as the list shows it: very long ones are cut. */
export function cellText(capture: Capture, row: number, column: string, packet: PacketSource): string {
  return shorten(wholeCellText(capture, row, column, packet));
}

/** One cell's text: the built-in columns by name, any field by its own. */
export function wholeCellText(capture: Capture, row: number, column: string, packet: PacketSource): string {
  switch (column) {
    case 'number':
      return String(row + 1);
    case 'time': {
      const time = capture.time(row);
      return time === null ? '' : formatSeconds(time);
    }
    case 'length':
      return String(capture.table.get('length', row));
    case 'source':
      return capture.addresses(row).source;
    case 'destination':
      return capture.addresses(row).destination;
    case 'protocol':
      return packet.dissection.protocolColumn;
    case 'info':
      return escapeText(packet.dissection.info);
    default:
      return fieldText(column, packet);
  }
}

/** All values of a field, comma-separated, as `tshark -T fields` joins them. */
export function fieldText(name: string, packet: PacketSource): string {
  const field = catalog.get(name);
  if (field === undefined) return '';
  return (fieldTexts(packet, new Set([field.id])).get(field.id) ?? []).join(',');
}

function shorten(text: string): string {
  return text.length > MAX_CELL ? `${text.slice(0, MAX_CELL)}…` : text;
}
