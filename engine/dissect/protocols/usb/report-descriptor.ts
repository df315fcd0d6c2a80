/** Report descriptors (HID 1.11 6.2.2): short items of a tag and up to four bytes, which say what a device's reports hold. */

import type { FieldSpec } from '../../field-spec.ts';
import type { TreeBuilder } from '../../tree.ts';

const TYPES: Readonly<Record<number, string>> = { 0: 'Main', 1: 'Global', 2: 'Local', 3: 'Long item' };
const MAIN = 0;
const LONG = 0xfe;
const MAIN_TAG = { collection: 10, endCollection: 12 } as const;

interface Item {
  readonly name: string;
  /** Field of its value; none: it has no value, or one that is not shown by itself. */
  readonly key?: string;
  readonly isSigned?: boolean;
}

/** Items by type * 16 + tag. */
const ITEMS: Readonly<Record<number, Item>> = {
  0x08: { name: 'Input' },
  0x09: { name: 'Output' },
  0x0a: { name: 'Collection', key: 'item.main.colltype' },
  0x0b: { name: 'Feature' },
  0x0c: { name: 'End Collection' },
  0x10: { name: 'Usage Page', key: 'item.global.usage' },
  0x11: { name: 'Logical Minimum', key: 'item.global.log_min', isSigned: true },
  0x12: { name: 'Logical Maximum', key: 'item.global.log_max', isSigned: true },
  0x13: { name: 'Physical Minimum', key: 'item.global.phy_min', isSigned: true },
  0x14: { name: 'Physical Maximum', key: 'item.global.phy_max', isSigned: true },
  0x15: { name: 'Unit Exponent', key: 'item.global.unit_exp' },
  0x16: { name: 'Unit' },
  0x17: { name: 'Report Size', key: 'item.global.report_size' },
  0x18: { name: 'Report ID', key: 'item.global.report_id' },
  0x19: { name: 'Report Count', key: 'item.global.report_count' },
  0x1a: { name: 'Push' },
  0x1b: { name: 'Pop' },
  0x20: { name: 'Usage', key: 'item.local.usage' },
  0x21: { name: 'Usage Minimum', key: 'item.local.usage_min' },
  0x22: { name: 'Usage Maximum', key: 'item.local.usage_max' },
  0x27: { name: 'String Index', key: 'item.local.string_index' },
};

const PAGES: Readonly<Record<number, string>> = {
  1: 'Generic Desktop Controls',
  2: 'Simulation Controls',
  3: 'VR Controls',
  4: 'Sport Controls',
  5: 'Game Controls',
  6: 'Generic Device Controls',
  7: 'Keyboard/Keypad',
  8: 'LED',
  9: 'Button',
  12: 'Consumer',
  13: 'Digitizer',
};
const COLLECTIONS: Readonly<Record<number, string>> = {
  0: 'Physical',
  1: 'Application',
  2: 'Logical',
  3: 'Report',
  4: 'Named array',
  5: 'Usage switch',
  6: 'Usage modifier',
};

const number = (label: string, names?: Readonly<Record<number, string>>): FieldSpec => ({
  type: 'u32',
  show: 'hex',
  label,
  many: true,
  ...(names === undefined ? {} : { names }),
});
const count = (label: string): FieldSpec => ({ type: 'u32', label, many: true });
const signed = (label: string): FieldSpec => ({ type: 'i32', label, many: true });

export const ITEM_FIELDS: Readonly<Record<string, FieldSpec>> = {
  'item.bSize': { type: 'u8', bits: [1, 0], label: 'bSize', many: true },
  'item.bType': { type: 'u8', bits: [3, 2], label: 'bType', names: TYPES, many: true },
  'item.bTag': { type: 'u8', bits: [7, 4], show: 'hex', label: 'bTag', many: true },
  'item.main.colltype': number('Collection type', COLLECTIONS),
  'item.global.usage': number('Usage page', PAGES),
  'item.global.log_min': signed('Logical minimum'),
  'item.global.log_max': signed('Logical maximum'),
  'item.global.phy_min': signed('Physical minimum'),
  'item.global.phy_max': signed('Physical maximum'),
  'item.global.unit_exp': count('Unit exponent'),
  'item.global.report_size': count('Report size'),
  'item.global.report_id': number('Report ID'),
  'item.global.report_count': count('Report count'),
  'item.local.usage': number('Usage'),
  'item.local.usage_min': number('Usage minimum'),
  'item.local.usage_max': number('Usage maximum'),
  'item.local.string_index': number('String index'),
  'item.data': { type: 'bytes', label: 'Item data', many: true },
};

/** Rows deeper than this stay on one level. */
const MAX_NESTING = 16;

/** Adds the items of [at, end): what is between a collection's beginning and its end stands below it. */
export function addItems(t: TreeBuilder, from: number, end: number): void {
  let depth = 0;
  for (let at = from; at < end; ) {
    const prefix = t.u8(at);
    const isLong = prefix === LONG;
    const size = isLong ? t.u8(at + 1) + 2 : (prefix & 3) === 3 ? 4 : prefix & 3;
    t.need(at + 1, size);
    const type = (prefix >>> 2) & 3;
    const tag = prefix >>> 4;
    if (type === MAIN && tag === MAIN_TAG.endCollection && depth > 0) {
      t.close(at);
      depth--;
    }
    item(t, at, isLong ? undefined : ITEMS[16 * type + tag], size);
    if (type === MAIN && tag === MAIN_TAG.collection && depth < MAX_NESTING) {
      t.nest(t.last());
      depth++;
    }
    at += 1 + size;
  }
  for (; depth > 0; depth--) t.close(end);
}

function item(t: TreeBuilder, at: number, known: Item | undefined, size: number): void {
  const value = valueOf(t, at + 1, size, known?.isSigned === true);
  const name = known?.name ?? 'Unknown item';
  const key = known?.key;
  const shown = key === undefined ? undefined : t.nameOf(key, value);
  const row = t.text(size === 0 || key === undefined ? name : `${name} (${shown ?? value})`, at, 1 + size);
  t.nest(row);
  t.add('item.bSize', at);
  t.add('item.bType', at);
  t.add('item.bTag', at);
  if (key !== undefined && size > 0) t.put(key, value, at + 1, size);
  else if (size > 0) t.add('item.data', at + 1, size);
  t.close();
}

function valueOf(t: TreeBuilder, at: number, size: number, isSigned: boolean): number {
  let value = 0;
  for (let i = Math.min(size, 4) - 1; i >= 0; i--) value = value * 256 + t.u8(at + i);
  const bits = 8 * Math.min(size, 4);
  return isSigned && size > 0 && value >= 2 ** (bits - 1) ? value - 2 ** bits : value;
}
