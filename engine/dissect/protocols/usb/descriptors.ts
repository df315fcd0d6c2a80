/** Standard descriptors (USB 2.0 9.6): what a device is, its configurations, interfaces and endpoints, and its texts. */

import type { FieldSpec } from '../../field-spec.ts';
import type { TreeBuilder } from '../../tree.ts';
import { DESCRIPTOR } from '../../usb-devices.ts';
import { HOLDS } from './human-interface.ts';

export const DESCRIPTORS: Readonly<Record<number, string>> = {
  1: 'DEVICE',
  2: 'CONFIGURATION',
  3: 'STRING',
  4: 'INTERFACE',
  5: 'ENDPOINT',
  6: 'DEVICE QUALIFIER',
  7: 'OTHER_SPEED CONFIGURATION',
  8: 'INTERFACE POWER',
  11: 'INTERFACE ASSOCIATION',
  0x0f: 'BOS',
  0x21: 'HID',
  0x22: 'HID Report',
};
/** USB-IF's defined class codes. */
export const CLASSES: Readonly<Record<number, string>> = {
  0: 'Device',
  1: 'Audio',
  2: 'Communications and CDC Control',
  3: 'HID',
  5: 'Physical',
  6: 'Imaging',
  7: 'Printer',
  8: 'Mass Storage',
  9: 'Hub',
  10: 'CDC-Data',
  11: 'Smart Card',
  13: 'Content Security',
  14: 'Video',
  15: 'Personal Healthcare',
  16: 'Audio/Video Devices',
  0xdc: 'Diagnostic Device',
  0xe0: 'Wireless Controller',
  0xef: 'Miscellaneous',
  0xfe: 'Application Specific',
  0xff: 'Vendor Specific',
};
const TRANSFERS: Readonly<Record<number, string>> = { 0: 'Control', 1: 'Isochronous', 2: 'Bulk', 3: 'Interrupt' };

const number = (label: string): FieldSpec => ({ type: 'u8', label, many: true });
const code = (label: string, names?: Readonly<Record<number, string>>): FieldSpec => ({
  type: 'u8',
  show: 'hex',
  label,
  many: true,
  ...(names === undefined ? {} : { names }),
});
const word = (label: string, show: 'hex' | 'dec' = 'hex'): FieldSpec => ({
  type: 'u16',
  little: true,
  show,
  label,
  many: true,
});

export const DESCRIPTOR_FIELDS: Readonly<Record<string, FieldSpec>> = {
  bLength: number('bLength'),
  bDescriptorType: code('bDescriptorType', DESCRIPTORS),
  bcdUSB: word('bcdUSB'),
  bDeviceClass: code('bDeviceClass', CLASSES),
  bDeviceSubClass: number('bDeviceSubClass'),
  bDeviceProtocol: number('bDeviceProtocol'),
  bMaxPacketSize0: number('bMaxPacketSize0'),
  idVendor: word('idVendor'),
  idProduct: word('idProduct'),
  bcdDevice: word('bcdDevice'),
  bNumConfigurations: number('bNumConfigurations'),
  wTotalLength: word('wTotalLength', 'dec'),
  bNumInterfaces: number('bNumInterfaces'),
  bConfigurationValue: number('bConfigurationValue'),
  bInterfaceNumber: number('bInterfaceNumber'),
  bAlternateSetting: number('bAlternateSetting'),
  bNumEndpoints: number('bNumEndpoints'),
  bInterfaceClass: code('bInterfaceClass', CLASSES),
  bInterfaceSubClass: code('bInterfaceSubClass'),
  bInterfaceProtocol: code('bInterfaceProtocol'),
  bEndpointAddress: code('bEndpointAddress'),
  'bmAttributes.transfer': {
    type: 'u8',
    bits: [1, 0],
    show: 'hex',
    label: 'Transfertype',
    names: TRANSFERS,
    many: true,
  },
  wMaxPacketSize: word('wMaxPacketSize', 'dec'),
  bInterval: number('bInterval'),
  bString: { type: 'string', encoding: 'utf16le', label: 'bString', many: true },
};

/** Fields behind length and type: key and offset, by the descriptor's type. */
const LAYOUTS: Readonly<Record<number, readonly (readonly [string, number])[]>> = {
  1: [
    ['bcdUSB', 2],
    ['bDeviceClass', 4],
    ['bDeviceSubClass', 5],
    ['bDeviceProtocol', 6],
    ['bMaxPacketSize0', 7],
    ['idVendor', 8],
    ['idProduct', 10],
    ['bcdDevice', 12],
    ['bNumConfigurations', 17],
  ],
  2: [
    ['wTotalLength', 2],
    ['bNumInterfaces', 4],
    ['bConfigurationValue', 5],
  ],
  4: [
    ['bInterfaceNumber', 2],
    ['bAlternateSetting', 3],
    ['bNumEndpoints', 4],
    ['bInterfaceClass', 5],
    ['bInterfaceSubClass', 6],
    ['bInterfaceProtocol', 7],
  ],
  5: [
    ['bEndpointAddress', 2],
    ['bmAttributes.transfer', 3],
    ['wMaxPacketSize', 4],
    ['bInterval', 6],
  ],
};
const HUMAN_INTERFACE = 3;
const STRING = 3;

/** Adds the descriptors of [at, t.end), each with its length in front; `asked`: the type that the host asked for. */
export function addDescriptors(t: TreeBuilder, from: number, asked: number): void {
  let interfaceClass = -1;
  for (let at = from; at < t.end; ) {
    const length = t.u8(at);
    const type = t.has(at, 2) ? t.u8(at + 1) : asked;
    const end = Math.min(t.end, at + length);
    if (length < 2) return;
    if (type === DESCRIPTOR.interface && t.has(at, 9)) interfaceClass = t.u8(at + 5);
    if (type === DESCRIPTOR.humanInterface && interfaceClass === HUMAN_INTERFACE) {
      const column = t.columnSoFar;
      t.hint = HOLDS.descriptor;
      t.dissect('usbhid', at, end);
      t.hint = '';
      t.column(column);
    } else descriptor(t, at, end, type);
    at = end;
  }
}

function descriptor(t: TreeBuilder, at: number, end: number, type: number): void {
  t.nest(t.text(`${DESCRIPTORS[type] ?? `UNKNOWN (0x${type.toString(16)})`} DESCRIPTOR`, at, end - at));
  t.add('bLength', at);
  if (end > at + 1) t.add('bDescriptorType', at + 1);
  // One that the host asked for in part only is shown as far as it came.
  for (const [key, offset] of LAYOUTS[type] ?? []) {
    const width = key.startsWith('b') && !key.startsWith('bcd') ? 1 : 2;
    if (at + offset + width > end) break;
    t.add(key, at + offset);
  }
  if (type === STRING && end > at + 2) t.add('bString', at + 2, (end - at - 2) & ~1);
  t.close();
}
