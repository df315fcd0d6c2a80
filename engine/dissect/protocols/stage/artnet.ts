/** Art-Net 4: control of stage lighting over UDP; channels of DMX512 in ArtDmx. */

import { hexNumber } from '../../../base/hex.ts';
import { decodeLatin1 } from '../../../base/text.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const MAGIC = 'Art-Net\0';
const AT = { code: 8, version: 10, body: 12 } as const;
const CODE = { poll: 0x2000, reply: 0x2100, dmx: 0x5000 } as const;
const HEADER_OPCODES: Readonly<Record<number, string>> = {
  8192: 'ArtPoll',
  8448: 'ArtPollReply',
  8704: 'ArtPollFpReply',
  8960: 'ArtDiagData',
  9216: 'ArtCommand',
  20480: 'ArtDMX',
  20736: 'ArtNzs',
  20992: 'ArtSync',
  24576: 'ArtAddress',
  28672: 'ArtInput',
  32768: 'ArtTodRequest',
  33024: 'ArtTodData',
  33280: 'ArtTodControl',
  33536: 'ArtRdm',
  33792: 'ArtRdmSub',
  36864: 'ArtMedia',
  37120: 'ArtMediaPatch',
  37376: 'ArtMediaControl',
  37632: 'ArtMediaContrlReply',
  38656: 'ArtTimeCode',
  38912: 'ArtTimeSync',
  39168: 'ArtTrigger',
  39424: 'ArtDirectory',
  39680: 'ArtDirectoryReply',
  40976: 'ArtVideoSetup',
  40992: 'ArtVideoPalette',
  41024: 'ArtVideoData',
  61440: 'ArtMacMaster',
  61696: 'ArtMacSlave',
  61952: 'ArtFirmwareMaster',
  62208: 'ArtFirmwareReply',
  62464: 'ArtfileTnMaster',
  62720: 'ArtfileFnMaster',
  62976: 'ArtfileFnReply',
  63488: 'ArtIpProg',
  63744: 'ArtIpProgReply',
};
const POLL_DIAG_PRIORITIES: Readonly<Record<number, string>> = {
  0: 'DpAll',
  16: 'DpLow',
  64: 'DpMed',
  128: 'DpHigh',
  224: 'DpCritical',
  240: 'DpVolatile',
};

function begins(bytes: Uint8Array, at: number, end: number): boolean {
  return end - at >= AT.version && decodeLatin1(bytes, at, at + MAGIC.length) === MAGIC;
}

export const artnet = defineProtocol({
  name: 'artnet',
  title: 'Art-Net',
  opens: ['dmx_chan'],
  fields: {
    'header.id': { type: 'string', label: 'ID' },
    'header.opcode': { type: 'u16', label: 'OpCode', show: 'hex', little: true, names: HEADER_OPCODES },
    'header.protver': { type: 'u16', label: 'ProtVer' },
    'poll.diag_priority': { type: 'u8', label: 'Priority', names: POLL_DIAG_PRIORITIES },
    'poll_reply.ip_address': { type: 'ipv4', label: 'IP Address' },
    'poll_reply.port_nr': { type: 'u16', label: 'Port number', little: true },
    'poll_reply.versinfo': { type: 'u16', label: 'Version Info', show: 'hex' },
    'poll_reply.oem': { type: 'u16', label: 'Oem', show: 'hex' },
    'poll_reply.short_name': { type: 'string', label: 'Short Name' },
    'poll_reply.long_name': { type: 'string', label: 'Long Name' },
    'poll_reply.node_report': { type: 'string', label: 'Node Report' },
    'output.sequence': { type: 'u8', label: 'Sequence' },
    'output.physical': { type: 'u8', label: 'Physical' },
    'output.universe': { type: 'u16', label: 'Universe', little: true },
    'output.length': { type: 'u16', label: 'Length' },
  },
  recogniseOn: ['udp'],
  recognise: begins,
  accepts: begins,
  tree(t) {
    const { at } = t;
    const code = t.u16le(at + AT.code);
    t.put('header.id', 'Art-Net', at, MAGIC.length);
    t.add('header.opcode', at + AT.code);
    t.info(`${t.nameOf('header.opcode', code) ?? 'Unknown'} (${hexNumber(code, 2)})`);
    if (code === CODE.reply) reply(t, at + AT.version);
    else if (at + AT.body <= t.end) {
      t.add('header.protver', at + AT.version);
      if (code === CODE.poll) t.add('poll.diag_priority', at + AT.body + 1);
      else if (code === CODE.dmx) channels(t, at + AT.body);
    }
  },
});

function reply(t: TreeBuilder, at: number): void {
  t.add('poll_reply.ip_address', at);
  t.add('poll_reply.port_nr', at + 4);
  t.add('poll_reply.versinfo', at + 6);
  t.add('poll_reply.oem', at + 10);
  for (const [key, place, length] of [
    ['short_name', 16, 18],
    ['long_name', 34, 64],
    ['node_report', 98, 64],
  ] as const)
    t.put(`poll_reply.${key}`, t.string(at + place, length, 'latin1', true), at + place, length);
}

function channels(t: TreeBuilder, at: number): void {
  t.add('output.sequence', at);
  t.add('output.physical', at + 1);
  t.add('output.universe', at + 2);
  t.add('output.length', at + 4);
  const length = t.u16(at + 4);
  t.headerEnd(at + 6);
  t.need(at + 6, length);
  const said = t.infoSoFar;
  if (length > 0) t.dissect('dmx_chan', at + 6, at + 6 + length, at + 6 + length);
  t.info(said.slice(t.fencedInfo.length));
}

export const dmxChannels = defineProtocol({
  name: 'dmx_chan',
  title: 'DMX Channels',
  short: 'DMX Channels',
  fields: { values: { type: 'bytes', label: 'Channel values, from channel 1', abbrev: 'dmx_chan.values' } },
  tree(t) {
    t.add('values', t.at, t.end - t.at);
  },
});
