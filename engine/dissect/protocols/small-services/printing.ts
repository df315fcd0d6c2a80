/** Printing: the line printer daemon (RFC 1179), and the announcements of CUPS (its browse protocol). */

import { decodeLatin1 } from '../../../base/text.ts';
import { defineProtocol } from '../../protocol.ts';
import { lineAt } from '../../text-lines.ts';

const PORT = { lpd: 515, cups: 631 } as const;
/** RFC 1179 5 and 6: the first byte means one thing at the start, another within a job. */
const COMMANDS: Readonly<Record<number, string>> = {
  1: 'LPC: start print / jobcmd: abort',
  2: 'LPR: transfer a printer job / jobcmd: receive control file',
  3: 'LPQ: print short form of queue status / jobcmd: receive data file',
  4: 'LPQ: print long form of queue status',
  5: 'LPRM: remove jobs',
};
const ANSWERS: Readonly<Record<number, string>> = {
  0: 'Success: accepted, proceed',
  1: 'Queue not accepting jobs',
  2: 'Queue temporarily full, retry later',
  3: 'Bad job format, do not retry',
};
const LINE_FEED = 10;

export const lpd = defineProtocol({
  name: 'lpd',
  title: 'Line Printer Daemon Protocol',
  on: { 'tcp.port': [PORT.lpd] },
  fields: {
    request: { type: 'bool', label: 'Request' },
    response: { type: 'bool', label: 'Response' },
    client_code: { type: 'u8', label: 'Client code', names: COMMANDS },
    printer_option: { type: 'string', label: 'Printer/options' },
    response_code: { type: 'u8', label: 'Response', names: ANSWERS },
  },
  opens: ['data'],
  tree(t) {
    const length = t.end - t.at;
    const code = t.u8(t.at);
    if (t.ports[0] === PORT.lpd) {
      if (length === 1 && ANSWERS[code] !== undefined) {
        t.info('LPD response');
        t.hide('response', 1, t.at, 0);
        t.add('response_code', t.at);
        return;
      }
    } else {
      t.hide('request', 1, t.at, 0);
      const newline = t.bytes.indexOf(LINE_FEED, t.at);
      if (COMMANDS[code] !== undefined && newline > t.at && newline === t.end - 1) {
        t.info(COMMANDS[code]);
        t.add('client_code', t.at);
        t.add('printer_option', t.at + 1, newline - t.at - 1);
        return;
      }
    }
    t.info('LPD continuation');
    t.payload(t.at);
  },
});

const YES_NO = ['Yes', 'No'] as const;
const bit = (label: string, place: number) =>
  ({ type: 'bool', of: 'u32', bits: [place, place], label, flag: YES_NO }) as const;
const STATES: Readonly<Record<number, string>> = { 3: 'idle', 4: 'processing', 5: 'stopped' };
const TYPE_BITS: Readonly<Record<string, number>> = {
  'ptype.default': 17,
  'ptype.implicit': 16,
  'ptype.variable': 15,
  'ptype.large': 14,
  'ptype.medium': 13,
  'ptype.small': 12,
  'ptype.sort': 11,
  'ptype.bind': 10,
  'ptype.cover': 9,
  'ptype.punch': 8,
  'ptype.collate': 7,
  'ptype.copies': 6,
  'ptype.staple': 5,
  'ptype.duplex': 4,
  'ptype.color': 3,
  'ptype.bw': 2,
  'ptype.remote': 1,
  'ptype.class': 0,
};
/** `3 3 ipp://host/printers/name "place" "text" "model"`. */
const ANNOUNCEMENT = /^([0-9a-f]{1,8}) ([0-9a-f]{1,8}) (\S+)(?: "([^"]*)")?(?: "([^"]*)")?(?: "([^"]*)")?/i;

export const cups = defineProtocol({
  name: 'cups',
  title: 'Common Unix Printing System (CUPS) Browsing Protocol',
  on: { 'udp.port': [PORT.cups] },
  fields: {
    ptype: { type: 'u32', show: 'hex', label: 'Type' },
    'ptype.default': bit('Default printer on network', 17),
    'ptype.implicit': bit('Class', 16),
    'ptype.variable': bit('Can print variable sizes', 15),
    'ptype.large': bit('Can print up to 36x48 inches', 14),
    'ptype.medium': bit('Can print up to 18x24 inches', 13),
    'ptype.small': bit('Can print up to 9x14 inches', 12),
    'ptype.sort': bit('Can sort', 11),
    'ptype.bind': bit('Can bind', 10),
    'ptype.cover': bit('Can cover', 9),
    'ptype.punch': bit('Can punch holes', 8),
    'ptype.collate': bit('Can do fast collating', 7),
    'ptype.copies': bit('Can do fast copies', 6),
    'ptype.staple': bit('Can staple', 5),
    'ptype.duplex': bit('Can duplex', 4),
    'ptype.color': bit('Can print color', 3),
    'ptype.bw': bit('Can print black', 2),
    'ptype.remote': bit('Remote', 1),
    'ptype.class': bit('Printer class', 0),
    state: { type: 'u8', show: 'hex', label: 'State', names: STATES },
    uri: { type: 'string', label: 'URI' },
    location: { type: 'string', label: 'Location' },
    information: { type: 'string', label: 'Information' },
    make_model: { type: 'string', label: 'Make and model' },
  },
  accepts: (bytes, at, end) => ANNOUNCEMENT.test(decodeLatin1(bytes, at, lineAt(bytes, at, end).stop)),
  tree(t) {
    const line = decodeLatin1(t.bytes, t.at, lineAt(t.bytes, t.at, t.end).stop);
    const found = ANNOUNCEMENT.exec(line);
    t.info('');
    if (found === null) return;
    const [, type = '', state = '', uri = '', ...texts] = found;
    const bits = Number.parseInt(type, 16);
    t.nest(t.put('ptype', bits, t.at, type.length));
    for (const [key, place] of Object.entries(TYPE_BITS)) t.put(key, (bits >>> place) & 1, t.at, type.length);
    t.close();
    const value = Number.parseInt(state, 16) & 0xff;
    let at = t.at + type.length + 1;
    t.put('state', value, at, state.length);
    at += state.length + 1;
    t.add('uri', at, uri.length);
    t.info(`${uri} (${STATES[value] ?? 'Unknown'})`);
    at += uri.length;
    for (const [i, key] of ['location', 'information', 'make_model'].entries()) {
      const length = texts[i]?.length;
      if (length === undefined) return;
      t.add(key, at + 2, length);
      at += length + 3;
    }
  },
});
