/** Human interface devices (HID 1.11): requests of their class, report descriptors item by item, reports. */

import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { addItems, ITEM_FIELDS } from './report-descriptor.ts';

/** What the layer holds, as the layer below says with its hint; a setup packet where it says nothing. */
export const HOLDS = { items: 'items', report: 'report', descriptor: 'descriptor' } as const;

export const REQUESTS: Readonly<Record<number, string>> = {
  1: 'GET_REPORT',
  2: 'GET_IDLE',
  3: 'GET_PROTOCOL',
  6: 'GET DESCRIPTOR',
  9: 'SET_REPORT',
  10: 'SET_IDLE',
  11: 'SET_PROTOCOL',
};
const REPORTS: Readonly<Record<number, string>> = { 1: 'Input', 2: 'Output', 3: 'Feature' };
const REQUEST = { getReport: 1, descriptor: 6, setReport: 9, idle: 10, protocol: 11 } as const;

export const usbHid = defineProtocol({
  name: 'usbhid',
  title: 'USB HID',
  fields: {
    'setup.bRequest': { type: 'u8', show: 'hex', label: 'bRequest', names: REQUESTS },
    'setup.wValue': { type: 'u16', show: 'hex', label: 'wValue', little: true },
    'setup.ReportID': { type: 'u8', label: 'ReportID' },
    'setup.ReportType': { type: 'u8', label: 'ReportType', names: REPORTS },
    'setup.Duration': { type: 'u8', label: 'Duration' },
    'setup.wIndex': { type: 'u16', label: 'wIndex', little: true },
    'setup.wLength': { type: 'u16', label: 'wLength', little: true },
    data: { type: 'bytes', label: 'HID Data' },
    'descriptor.hid.bcdHID': { type: 'u16', little: true, show: 'hex', label: 'bcdHID', many: true },
    'descriptor.hid.bCountryCode': { type: 'u8', show: 'hex', label: 'bCountryCode', many: true },
    'descriptor.hid.bNumDescriptors': { type: 'u8', label: 'bNumDescriptors', many: true },
    'descriptor.hid.bDescriptorType': {
      type: 'u8',
      show: 'hex',
      label: 'bDescriptorType',
      names: { 0x22: 'HID Report', 0x23: 'Physical' },
      many: true,
    },
    'descriptor.hid.wDescriptorLength': { type: 'u16', little: true, label: 'wDescriptorLength', many: true },
    ...ITEM_FIELDS,
  },
  tree(t) {
    if (t.hint === HOLDS.items) {
      t.label('HID Report');
      addItems(t, t.at, t.end);
    } else if (t.hint === HOLDS.report) {
      t.label('HID Data');
      t.add('data', t.at, t.end - t.at);
    } else if (t.hint === HOLDS.descriptor) descriptor(t);
    else setup(t);
  },
});

/** HID 1.11 6.2.1: what report descriptors the interface has, and how long they are. */
function descriptor(t: TreeBuilder): void {
  t.label('HID DESCRIPTOR');
  t.add('descriptor.hid.bcdHID', t.at + 2);
  t.add('descriptor.hid.bCountryCode', t.at + 4);
  t.add('descriptor.hid.bNumDescriptors', t.at + 5);
  for (let at = t.at + 6; at + 3 <= t.end; at += 3) {
    t.add('descriptor.hid.bDescriptorType', at);
    t.add('descriptor.hid.wDescriptorLength', at + 1);
  }
}

/** A setup packet whose request is one of the class's own; which requests those are is decided below this layer. */
function setup(t: TreeBuilder): void {
  const { at } = t;
  const request = t.u8(at + 1);
  t.info(`${REQUESTS[request] ?? `Unknown (${request})`} Request`);
  if (request === REQUEST.descriptor) t.addInfo(' HID Report');
  t.add('setup.bRequest', at + 1);
  t.add('setup.wValue', at + 2);
  if (request === REQUEST.getReport || request === REQUEST.setReport) {
    t.add('setup.ReportID', at + 2);
    t.add('setup.ReportType', at + 3);
  } else if (request === REQUEST.idle) {
    t.add('setup.ReportID', at + 2);
    t.add('setup.Duration', at + 3);
  }
  t.add('setup.wIndex', at + 4);
  t.add('setup.wLength', at + 6);
  if (t.end > at + 8) t.add('data', at + 8, t.end - at - 8);
}
