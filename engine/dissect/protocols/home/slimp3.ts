/** SliMP3 and Squeezebox players (Slim Devices): finding their server, over UDP. The first byte says what it is. */

import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const PORTS = [1069, 3483];
const OPCODES: Readonly<Record<number, string>> = {
  105: 'Infrared Remote Code',
  115: 'Stream Control',
  109: 'MPEG Data',
  114: 'Data Request',
  104: 'Hello',
  108: 'Display',
  50: 'I2C',
  100: 'Discovery Request',
  68: 'Discovery Response',
  97: 'Ack',
};
const INFRAREDS: Readonly<Record<number, string>> = {
  1988690175: 'voldown',
  1988691195: 'brightness',
  1988692215: '2',
  1988694255: 'play',
  1988698335: 'pause',
  1988700375: '6',
  1988704455: 'repeat',
  1988706495: 'power',
  1988708535: '4',
  1988712615: 'search',
  1988714655: 'add',
  1988716695: '8',
  1988720775: 'now_playing',
  1988722815: 'volup',
  1988724855: '3',
  1988726895: 'arrow_left',
  1988728935: '0',
  1988730975: 'fwd',
  1988733015: '7',
  1988735055: 'arrow_down',
  1988737095: 'sleep',
  1988739135: 'rew',
  1988741175: '5',
  1988743215: 'arrow_right',
  1988745255: 'shuffle',
  1988747295: 'arrow_up',
  1988749335: '9',
  1988751375: '1',
  1988753415: 'size',
  0xf786: 'One',
  0xf746: 'Two',
  0xf7c6: 'Three',
  0xf726: 'Four',
  0xf7a6: 'Five',
  0xf766: 'Six',
  0xf7e6: 'Seven',
  0xf716: 'Eight',
  0xf796: 'Nine',
  0xf776: 'Ten',
  0xf7f6: 'Picture-In-Picture',
  0xf70e: 'Back',
  0xf732: 'Play',
  0xf76e: 'Forward',
  0xf743: 'Record',
  0xf7c2: 'Stop',
  0xf7b2: 'Pause',
  0xf703: 'Display',
  0xf7b3: 'Sleep',
  0xf7b6: 'Guide',
  0xf70b: 'Up',
  0xf74b: 'Left',
  0xf7cb: 'Right',
  0xf78b: 'Down',
  0xf783: 'Menu',
  0xf72b: 'OK',
  0xf778: 'Volume Up',
  0xf7f8: 'Volume Down',
  0xf70d: 'Channel Up',
  0xf78d: 'Channel Down',
  0xf7ab: 'Recall',
  0xf702: 'Power',
};

export const slimp3 = defineProtocol({
  name: 'slimp3',
  title: 'SliMP3 Communication Protocol',
  short: 'SliMP3',
  on: { 'udp.port': PORTS },
  header: 1,
  fields: {
    opcode: { at: 0, type: 'u8', label: 'Opcode', names: OPCODES },
    device_id: { type: 'u8', label: 'Device ID' },
    fw_rev: { type: 'u8', label: 'Firmware Revision', show: 'hex' },
    'disc_rsp.server_ip': { type: 'ipv4', label: 'Server Address' },
    'disc_rsp.server_port': { type: 'u16', label: 'Server Port' },
    infrared: { type: 'u32', label: 'Infrared Code', show: 'hex', names: INFRAREDS },
    'data_ack.write_pointer': { type: 'u16', label: 'Write Pointer' },
    'data_ack.read_pointer': { type: 'u16', label: 'Read Pointer' },
    'data_ack.sequence': { type: 'u16', label: 'Sequence' },
    uptime: { type: 'u32', label: 'Uptime' },
  },
  accepts: (bytes, at, end) => end - at >= 2 && OPCODES[bytes[at]] !== undefined && end - at >= 18,
  tree(t) {
    const { at } = t;
    t.header();
    const code = t.u8(at);
    const name = OPCODES[code] ?? `Unknown Opcode (0x${code.toString(16)})`;
    t.info(name);
    parts(t, String.fromCharCode(code), at);
  },
});

function parts(t: TreeBuilder, kind: string, at: number): void {
  const isServer = PORTS.includes(t.ports[0]);
  switch (kind) {
    case 'd':
      device(t, at);
      t.addInfo(`, Device ID: ${t.u8(at + 1)}. Firmware: ${t.u8(at + 2) >>> 4}.${t.u8(at + 2) & 0xf}`);
      break;
    case 'D':
      t.add('disc_rsp.server_ip', at + 2);
      t.add('disc_rsp.server_port', at + 6);
      t.addInfo(`, Server Address: ${t.slice(at + 2, 4).join('.')}. Server Port: ${t.u16(at + 6)}`);
      break;
    case 'h':
      if (!isServer) device(t, at);
      break;
    case 'i':
      t.add('uptime', at + 2);
      t.add('infrared', at + 8);
      break;
    case 'a':
      t.add('data_ack.write_pointer', at + 6);
      t.add('data_ack.read_pointer', at + 8);
      t.add('data_ack.sequence', at + 10);
      break;
    default:
  }
}

function device(t: TreeBuilder, at: number): void {
  t.add('device_id', at + 1);
  t.add('fw_rev', at + 2);
}
