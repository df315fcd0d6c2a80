/** Telnet (RFC 854 and the options of RFC 855 on): text, and commands behind a byte of all ones. */

import { u16 } from '../../base/bytes.ts';
import { defineProtocol } from '../protocol.ts';
import { lineAt } from '../text-lines.ts';
import type { TreeBuilder } from '../tree.ts';

const IAC = 255;
const COMMAND = { suboptionEnd: 240, suboption: 250, will: 251, dont: 254 } as const;
const COMMANDS: Readonly<Record<number, string>> = {
  236: 'End of File',
  237: 'Suspend Current Process',
  238: 'Abort Process',
  239: 'End of Record',
  240: 'Suboption End',
  241: 'No Operation',
  242: 'Data Mark',
  243: 'Break',
  244: 'Interrupt Process',
  245: 'Abort Output',
  246: 'Are You There?',
  247: 'Escape Character',
  248: 'Erase Line',
  249: 'Go Ahead',
  250: 'Suboption',
  251: 'Will',
  252: "Won't",
  253: 'Do',
  254: "Don't",
};
const OPTION = { terminalType: 24, windowSize: 31 } as const;
const OPTIONS: Readonly<Record<number, string>> = {
  0: 'Binary Transmission',
  1: 'Echo',
  2: 'Reconnection',
  3: 'Suppress Go Ahead',
  4: 'Approx Message Size Negotiation',
  5: 'Status',
  6: 'Timing Mark',
  7: 'Remote Controlled Trans and Echo',
  8: 'Output Line Width',
  9: 'Output Page Size',
  10: 'Output Carriage-Return Disposition',
  11: 'Output Horizontal Tab Stops',
  12: 'Output Horizontal Tab Disposition',
  13: 'Output Formfeed Disposition',
  14: 'Output Vertical Tabstops',
  15: 'Output Vertical Tab Disposition',
  16: 'Output Linefeed Disposition',
  17: 'Extended ASCII',
  18: 'Logout',
  19: 'Byte Macro',
  20: 'Data Entry Terminal',
  21: 'SUPDUP',
  22: 'SUPDUP Output',
  23: 'Send Location',
  24: 'Terminal Type',
  25: 'End of Record',
  26: 'TACACS User Identification',
  27: 'Output Marking',
  28: 'Terminal Location Number',
  29: 'Telnet 3270 Regime',
  30: 'X.3 PAD',
  31: 'Negotiate About Window Size',
  32: 'Terminal Speed',
  33: 'Remote Flow Control',
  34: 'Linemode',
  35: 'X Display Location',
  36: 'Environment Option',
  37: 'Authentication Option',
  38: 'Encryption Option',
  39: 'New Environment Option',
  40: 'TN3270E',
  41: 'XAUTH',
  42: 'CHARSET',
  43: 'Telnet Remote Serial Port (RSP)',
  44: 'COM Port Control',
  45: 'Telnet Suppress Local Echo',
  46: 'Telnet Start TLS',
  47: 'KERMIT',
  48: 'SEND-URL',
  49: 'FORWARD_X',
};
/** Options whose suboption is a value, or a request for one. */
const TEXT_OPTIONS: ReadonlySet<number> = new Set([24, 32, 35]);
const SEND = 1;

export const telnet = defineProtocol({
  name: 'telnet',
  title: 'Telnet',
  on: { 'tcp.port': [23, 2323] },
  fields: {
    cmd: { type: 'u8', label: 'Command', names: COMMANDS, many: true },
    subcmd: { type: 'u8', label: 'Subcommand', names: OPTIONS, many: true },
    'string_subopt.value': { type: 'string', label: 'Value', many: true },
    'naws_subopt.width': { type: 'u16', label: 'Width', many: true },
    'naws_subopt.height': { type: 'u16', label: 'Height', many: true },
    option_data: { type: 'bytes', label: 'Option data', many: true },
    data: { type: 'string', label: 'Data', many: true },
  },
  recogniseOn: ['tcp'],
  recognise: startsWithNegotiation,
  tree(t) {
    t.info('Telnet Data ...');
    let at = t.at;
    while (at < t.end) at = t.u8(at) === IAC && isCommand(t, at) ? command(t, at) : text(t, at);
  },
});

/** Three negotiations in a row: no other protocol starts so. */
function startsWithNegotiation(bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < 9) return false;
  for (let i = at; i < at + 9; i += 3) {
    if (
      bytes[i] !== IAC ||
      bytes[i + 1] < COMMAND.will ||
      bytes[i + 1] > COMMAND.dont ||
      OPTIONS[bytes[i + 2]] === undefined
    )
      return false;
  }
  return true;
}

/** An IAC doubled is a byte of data. */
function isCommand(t: TreeBuilder, at: number): boolean {
  return t.u8(at + 1) !== IAC;
}

/** Text up to the next command, line by line. */
function text(t: TreeBuilder, from: number): number {
  let end = from;
  while (end < t.end && !(t.bytes[end] === IAC && !(end + 1 < t.end && t.bytes[end + 1] === IAC)))
    end += t.bytes[end] === IAC ? 2 : 1;
  for (let at = from; at < end; ) {
    const { next } = lineAt(t.bytes, at, end);
    t.put('data', t.string(at, next - at), at, next - at);
    at = next;
  }
  return end;
}

/** Returns one past the command. */
function command(t: TreeBuilder, at: number): number {
  const code = t.u8(at + 1);
  const name = COMMANDS[code] ?? 'Unknown';
  if (code < COMMAND.suboption || code > COMMAND.dont) {
    t.nest(t.text(name, at, 2));
    t.add('cmd', at + 1);
    t.close();
    return at + 2;
  }
  const option = t.u8(at + 2);
  t.nest(t.text(`${name} ${OPTIONS[option] ?? '<unknown option>'}`, at, 3));
  t.add('cmd', at + 1);
  t.put('subcmd', option, at + 2, 1, `Subcommand: ${OPTIONS[option] ?? '<unknown option>'}`);
  const end = code === COMMAND.suboption ? suboption(t, option, at + 3) : at + 3;
  t.close(end);
  return end;
}

function suboption(t: TreeBuilder, option: number, at: number): number {
  let end = at;
  while (end < t.end && !(t.bytes[end] === IAC && (end + 1 >= t.end || t.bytes[end + 1] !== IAC)))
    end += t.bytes[end] === IAC ? 2 : 1;
  end = Math.min(end, t.end);
  const length = end - at;
  t.nest(t.last());
  if (option === OPTION.windowSize && length === 4) {
    t.put('naws_subopt.width', u16(t.bytes, at), at, 2);
    t.put('naws_subopt.height', u16(t.bytes, at + 2), at + 2, 2);
  } else if (TEXT_OPTIONS.has(option) && length > 0) {
    if (t.u8(at) === SEND) t.text('Send your value', at, 1);
    else {
      t.text("Here's my value", at, 1);
      if (length > 1) t.add('string_subopt.value', at + 1, length - 1);
    }
  } else if (length > 0) {
    t.add('option_data', at, length);
  }
  t.close();
  return end;
}
