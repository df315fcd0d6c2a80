/** GigE Vision's control protocol: commands to cameras and their acknowledgements, over UDP. */

import { u16 } from '../../../base/bytes.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { Visits } from '../../visits.ts';

const PORT = 3956;
const KEY = 0x42;
const HEADER = 8;
const CODE = { discovery: 3, readRegister: 0x80, readAnswer: 0x81, writeRegister: 0x82, writeAnswer: 0x83 } as const;
const CMD_COMMANDS: Readonly<Record<number, string>> = {
  0x2: 'DISCOVERY_CMD',
  0x4: 'FORCEIP_CMD',
  0x40: 'PACKETRESEND_CMD',
  0x80: 'READREG_CMD',
  0x82: 'WRITEREG_CMD',
  0x84: 'READMEM_CMD',
  0x86: 'WRITEMEM_CMD',
  0xc0: 'EVENT_CMD',
  0xc2: 'EVENTDATA_CMD',
  0x100: 'ACTION_CMD',
};
/** Bootstrap registers that every camera has. */
const REGISTERS: Readonly<Record<number, string>> = {
  0: '[Version]',
  4: '[Device Mode]',
  8: '[Device MAC address High (Net #0)]',
  12: '[Device MAC address Low (Net #0)]',
  16: '[Supported IP Configuration (Net #0)]',
  20: '[Current IP Configuration (Net #0)]',
  36: '[Current IP Address (Net #0)]',
  52: '[Current Subnet Mask (Net #0)]',
  68: '[Current Default Gateway (Net #0)]',
  72: '[Manufacturer Name]',
  104: '[Model Name]',
  136: '[Device Version]',
  168: '[Manufacturer Specific Information]',
  216: '[Serial Number]',
  232: '[User-defined Name]',
  512: '[First Choice of URL for XML device description file]',
  1024: '[Second Choice of URL for XML device description file]',
  1536: '[Number of network interfaces]',
  1612: '[Persistent IP address (Net #0)]',
  1628: '[Persistent subnet mask (Net #0)]',
  1644: '[Persistent default gateway (Net# 0)]',
  1648: '[Link Speed (Net #0)]',
  1664: '[Device MAC address High (Net #1)]',
  1668: '[Device MAC address Low (Net #1)]',
  1672: '[Supported IP Configuration (Net #1)]',
  1676: '[Current IP Configuration (Net #1)]',
  1692: '[Current IP Address (Net #1)]',
  1708: '[Current Subnet Mask (Net #1)]',
  1724: '[Current Default Gateway (Net #1)]',
  1740: '[Persistent IP address (Net #1)]',
  1756: '[Persistent subnet mask (Net#1)]',
  1772: '[Persistent default gateway (Net #1)]',
  1776: '[Link Speed (Net #1)]',
  1792: '[Device MAC address High (Net #2)]',
  1796: '[Device MAC address Low (Net #2)]',
  1800: '[Supported IP Configuration (Net #2)]',
  1804: '[Current IP Configuration (Net #2)]',
  1820: '[Current IP Address (Net #2)]',
  1836: '[Current Subnet Mask (Net #2)]',
  1852: '[Current Default Gateway (Net #2)]',
  1868: '[Persistent IP address (Net #2)]',
  1884: '[Persistent subnet mask (Net #2)]',
  1900: '[Persistent default gateway (Net #2)]',
  1904: '[Link Speed (Net #2)]',
  1920: '[Device MAC address High (Net #3)]',
  1924: '[Device MAC address Low (Net #3)]',
  1928: '[Supported IP Configuration (Net #3)]',
  1932: '[Current IP Configuration (Net #3)]',
  1948: '[Current IP Address (Net #3)]',
  1964: '[Current Subnet Mask (Net #3)]',
  1980: '[Current Default Gateway (Net #3)]',
  1996: '[Persistent IP address (Net #3)]',
  2012: '[Persistent subnet mask (Net #3)]',
  2028: '[Persistent default gateway (Net #3)]',
  2032: '[Link Speed (Net #3)]',
  2304: '[Number of Message Channels]',
  2308: '[Number of Stream Channels]',
  2312: '[Number of Action Signals]',
  2316: '[Action Device Key]',
  2348: '[Stream channels Capability]',
  2352: '[Message channel Capability]',
  2356: '[GVCP Capability]',
  2360: '[Heartbeat timeout]',
  2364: '[Timestamp tick frequency - High]',
  2368: '[Timestamp tick frequency - Low]',
  2372: '[Timestamp control]',
  2376: '[Timestamp value (latched) - High]',
  2380: '[Timestamp value (latched) - Low]',
  2384: '[Discovery ACK delay]',
  2388: '[GVCP Configuration]',
  2392: '[Pending Timeout]',
  2396: '[Control switchover key]',
  2400: '[GVSP Configuration]',
  2404: '[Physical link capability]',
  2408: '[Physical link configuration]',
  2412: '[IEEE1588 status]',
  2416: '[Scheduled action command queue size]',
  2420: '[IEEE1588 extended capabilities]',
  2424: '[IEEE1588 supported profiles]',
  2428: '[IEEE1588 selected profile]',
  2560: '[CCP (Control Channel Privilege)]',
  2564: '[Primary Application Port]',
  2580: '[Primary Application IP address]',
  2816: '[MCP (Message Channel Port)]',
  2832: '[MCDA (Message Channel Destination Address)]',
  2836: '[MCTT (Message Channel Transmission Timeout in ms)]',
  2840: '[MCRC (Message Channel Retry Count)]',
  2844: '[MCSP (Message Channel Source Port)]',
  2848: '[MCCFG (Message Channel Configuration)]',
  3328: '[SCP0 (Stream Channel #0 Port)]',
  3332: '[SCPS0 (Stream Channel #0 Packet Size)]',
  3336: '[SCPD0 (Stream Channel #0 Packet Delay)]',
  3352: '[SCDA0 (Stream Channel #0 Destination Address)]',
  3356: '[SCSP0 (Stream Channel #0 Source Port)]',
  3360: '[SCC0 (Stream Channel #0 Capability)]',
  3364: '[SCCONF0 (Stream Channel #0 Configuration)]',
  3368: '[SCZ0 (Stream Channel Zone #0)]',
  3372: '[SCZD0 (Stream Channel Zone Direction #0)]',
  3376: '[SCMPC0 (Stream Channel Max Packet Count #0)]',
  3380: '[SCMBSL0 (Stream Channel Max Block Size (High) #0)]',
  3384: '[SCMBSH0 (Stream Channel Max Block Size (Low) #0)]',
  3388: 'SCEBA0 (Stream Channel Extended Bootstrap Address #0)]',
  3392: '[SCP1 (Stream Channel #1 Port)]',
  3396: '[SCPS1 (Stream Channel #1 Packet Size)]',
  3400: '[SCPD1 (Stream Channel #1 Packet Delay)]',
  3416: '[SCDA1 (Stream Channel #1 Destination Address)]',
  3420: '[SCSP1 (Stream Channel #1 Source Port)]',
  3424: '[SCC1 (Stream Channel #1 Capability)]',
  3428: '[SCCONF1 (Stream Channel #1 Configuration)]',
  3432: '[SCZ1 (Stream Channel Zone #1)]',
  3436: '[SCZD1 (Stream Channel Zone Direction #1)]',
  3440: '[SCMPC1 (Stream Channel Max Packet Count #1)]',
  3444: '[SCMBSL1 (Stream Channel Max Block Size (High) #1)]',
  3448: '[SCMBSH1 (Stream Channel Max Block Size (Low) #1)]',
  3452: 'SCEBA1 (Stream Channel Extended Bootstrap Address #1)]',
  3456: '[SCP2 (Stream Channel #2 Port)]',
  3460: '[SCPS2 (Stream Channel #2 Packet Size)]',
  3464: '[SCPD2 (Stream Channel #2 Packet Delay)]',
  3480: '[SCDA2 (Stream Channel #2 Destination Address)]',
  3484: '[SCSP2 (Stream Channel #2 Source Port)]',
  3488: '[SCC2 (Stream Channel #2 Capability)]',
  3492: '[SCCONF2 (Stream Channel #2 Configuration)]',
  3496: '[SCZ2 (Stream Channel Zone #2)]',
  3500: '[SCZD2 (Stream Channel Zone Direction #2)]',
  3504: '[SCMPC2 (Stream Channel Max Packet Count #2)]',
  3508: '[SCMBSL2 (Stream Channel Max Block Size (High) #2)]',
  3512: '[SCMBSH2 (Stream Channel Max Block Size (Low) #2)]',
  3516: 'SCEBA2 (Stream Channel Extended Bootstrap Address #2)]',
  3520: '[SCP3 (Stream Channel #3 Port)]',
  3524: '[SCPS3 (Stream Channel #3 Packet Size)]',
  3528: '[SCPD3 (Stream Channel #3 Packet Delay)]',
  3544: '[SCDA3 (Stream Channel #3 Destination Address)]',
  3548: '[SCSP3 (Stream Channel #3 Source Port)]',
  3552: '[SCC3 (Stream Channel #3 Capability)]',
  3556: '[SCCONF3 (Stream Channel #3 Configuration)]',
  3560: '[SCZ3 (Stream Channel Zone #3)]',
  3564: '[SCZD3 (Stream Channel Zone Direction #3)]',
  3568: '[SCMPC3 (Stream Channel Max Packet Count #3)]',
  3572: '[SCMBSL3 (Stream Channel Max Block Size (High) #3)]',
  3576: '[SCMBSH3 (Stream Channel Max Block Size (Low) #3)]',
  3580: 'SCEBA3 (Stream Channel Extended Bootstrap Address #3)]',
  36864: '[Manifest Table]',
  38912: '[Action Group Key #0]',
  38916: '[Action Group Mask #0]',
  38928: '[Action Group Key #1]',
  38932: '[Action Group Mask #1]',
  38944: '[Action Group Key #2]',
  38948: '[Action Group Mask #2]',
  38960: '[Action Group Key #3]',
  38964: '[Action Group Mask #3]',
  38976: '[Action Group Key #4]',
  38980: '[Action Group Mask #4]',
  38992: '[Action Group Key #5]',
  38996: '[Action Group Mask #5]',
  39008: '[Action Group Key #6]',
  39012: '[Action Group Mask #6]',
  39024: '[Action Group Key #7]',
  39028: '[Action Group Mask #7]',
  39040: '[Action Group Key #8]',
  39044: '[Action Group Mask #8]',
  39056: '[Action Group Key #9]',
  39060: '[Action Group Mask #9]',
};
const ANSWERS: Readonly<Record<number, string>> = {
  0x0003: 'DISCOVERY_ACK',
  0x0005: 'FORCEIP_ACK',
  0x0041: 'PACKETRESEND_ACK',
  0x0081: 'READREG_ACK',
  0x0083: 'WRITEREG_ACK',
  0x0085: 'READMEM_ACK',
  0x0087: 'WRITEMEM_ACK',
  0x0089: 'PENDING_ACK',
  0x00c1: 'EVENT_ACK',
  0x00c3: 'EVENTDATA_ACK',
  0x0101: 'ACTION_ACK',
};

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, '0').toUpperCase()}`;
}

export const gvcp = defineProtocol({
  name: 'gvcp',
  title: 'GigE Vision Control Protocol',
  on: { 'udp.port': [PORT] },
  header: HEADER,
  remembers: true,
  fields: {
    message_key_code: { type: 'u8', label: 'Message Key Code', show: 'hex' },
    'cmd.flags': { type: 'u8', label: 'Flags', show: 'hex' },
    'cmd.command': { type: 'u16', label: 'Command', show: 'hex', names: CMD_COMMANDS },
    'cmd.payloadlength': { type: 'u16', label: 'Payload Length', show: 'hex' },
    'cmd.req_id': { type: 'u16', label: 'Request ID', show: 'hex' },
    'cmd.status': { type: 'u16', label: 'Status', show: 'hex' },
    ack: { type: 'u16', label: 'Acknowledge', show: 'hex' },
    'cmd.readreg.bootstrapregister': { type: 'u32', label: 'Bootstrap Register', show: 'hex', names: REGISTERS },
    'cmd.writereg.data': { type: 'u32', label: 'DataX', show: 'hex', many: true },
    'cmd.payloaddata': { type: 'bytes', label: 'Payload Data' },
  },
  accepts: (b, at, end) =>
    end - at >= HEADER &&
    u16(b, at + 4) <= end - at - HEADER &&
    (b[at] === KEY ? COMMANDS.has(u16(b, at + 2)) : ANSWERS[u16(b, at + 2)] !== undefined),
  tree(t) {
    const { at } = t;
    const code = t.u16(at + 2);
    const isCommand = t.u8(at) === KEY;
    if (isCommand) {
      t.info(`> ${CMD_COMMANDS[code] ?? 'Unknown'} `);
      t.add('message_key_code', at);
      t.add('cmd.flags', at + 1);
      t.add('cmd.command', at + 2);
    } else {
      t.info(`< ${ANSWERS[code] ?? 'Unknown'} `);
      t.add('cmd.status', at);
      t.add('ack', at + 2);
    }
    t.add('cmd.payloadlength', at + 4);
    t.add('cmd.req_id', at + 6);
    payload(t, code, at + HEADER);
  },
});

const COMMANDS: ReadonlySet<number> = new Set(Object.keys(CMD_COMMANDS).map(Number));

interface Memory {
  readonly visits: Visits<number | undefined>;
  /** Registers that were asked for and not yet told, by the request's number. */
  readonly asked: Map<number, number>;
}
/** Requests without an answer that are kept, per conversation. */
const MAX_ASKED = 4096;

/** Places in what a camera says of itself. */
const MANUFACTURER = 72;
const SERIAL = 216;

function nameAt(t: TreeBuilder, at: number, length: number): string {
  return t.string(at, length, 'latin1', true);
}

function registerName(address: number): string {
  return REGISTERS[address] ?? `[Unknown Register (${hex(address)})]`;
}

function payload(t: TreeBuilder, code: number, at: number): void {
  const memory = t.conversation((): Memory => ({ visits: new Visits(), asked: new Map() }));
  const number = t.u16(t.at + 6);
  const isRead = code === CODE.readRegister;
  if (isRead && t.has(at, 4)) {
    if (memory.asked.size >= MAX_ASKED) memory.asked.clear();
    memory.asked.set(number, t.u32(at));
  }
  const { fact } = memory.visits.visit(t, () => memory.asked.get(number));
  if (at >= t.end) return;
  if (code === CODE.discovery) t.addInfo(`(${nameAt(t, at + MANUFACTURER, 32)}, ${nameAt(t, at + SERIAL, 16)})`);
  else t.add('cmd.payloaddata', at, t.end - at);
  if (isRead) {
    for (let next = at; next + 4 <= t.end; next += 4) t.add('cmd.readreg.bootstrapregister', next);
    t.addInfo(registerName(t.u32(at)));
  } else if (code === CODE.readAnswer)
    t.addInfo(`${fact === undefined ? '' : `${registerName(fact)} `}Value=${lower(t.u32(at))}`);
  else if (code === CODE.writeRegister) {
    t.addInfo(`${registerName(t.u32(at))} Value=${lower(t.u32(at + 4))}`);
    for (let pair = at; pair + 8 <= t.end; pair += 8) t.add('cmd.writereg.data', pair + 4);
  } else if (code === CODE.writeAnswer) t.addInfo(t.u16(t.at) === 0 ? '(Success) ' : '');
}

function lower(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`;
}
