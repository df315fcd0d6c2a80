/** MAC control (IEEE 802.3 31): pause, and priority flow control (IEEE 802.1Qbb). */

import { defineProtocol } from '../protocol.ts';

const AT = { opcode: 0, value: 2, classTimes: 4 } as const;
const OPCODE = { pause: 1, classBased: 0x0101 } as const;
const NAMES: Readonly<Record<number, string>> = {
  1: 'Pause',
  2: 'Gate',
  3: 'Report',
  4: 'Register Req',
  5: 'Register',
  6: 'Register Ack',
  0x0101: 'Class Based Flow Control [CBFC] Pause',
};
const CLASSES = 8;

export const macControl = defineProtocol({
  name: 'macc',
  title: 'MAC Control',
  short: 'MAC CTRL',
  on: { ethertype: [0x8808] },
  header: AT.value,
  fields: {
    opcode: { at: AT.opcode, type: 'u16', show: 'hex', label: 'Opcode', names: NAMES },
    pause_time: { type: 'u16', label: 'pause_time' },
    'cbfc.enbv': { type: 'u16', show: 'hex', label: 'CBFC Class Enable Vector' },
    ...Object.fromEntries(
      Array.from({ length: CLASSES }, (_, i) => [
        `cbfc.enbv.c${i}`,
        { type: 'bool', of: 'u16', bits: [i, i], label: `C${i}`, flag: ['True', 'False'] } as const,
      ]),
    ),
    ...Object.fromEntries(
      Array.from({ length: CLASSES }, (_, i) => [`cbfc.pause_time.c${i}`, { type: 'u16', label: `C${i}` } as const]),
    ),
  },
  tree(t) {
    const opcode = t.u16(t.at);
    const value = t.at + AT.value;
    t.header();
    t.info(NAMES[opcode] ?? 'Unknown');
    if (opcode === OPCODE.pause) {
      t.info(`Pause: pause_time: ${t.u16(value)} quanta`);
      t.add('pause_time', value);
      t.limit(value + 2);
    } else if (opcode === OPCODE.classBased) {
      t.add('cbfc.enbv', value);
      t.nest(t.last());
      for (let i = 0; i < CLASSES; i++) t.add(`cbfc.enbv.c${i}`, value);
      t.close();
      for (let i = 0; i < CLASSES; i++) t.add(`cbfc.pause_time.c${i}`, t.at + AT.classTimes + 2 * i);
    }
  },
});
