/** Cisco's Hot Standby Router Protocol (RFC 2281; version 2 as typed values). */

import { defineProtocol } from '../protocol.ts';

const AT = {
  version: 0,
  opcode: 1,
  state: 2,
  hello: 3,
  hold: 4,
  priority: 5,
  group: 6,
  reserved: 7,
  authentication: 8,
  address: 16,
} as const;
const OPCODES: Readonly<Record<number, string>> = { 0: 'Hello', 1: 'Coup', 2: 'Resign', 3: 'Advertise' };
const STATES: Readonly<Record<number, string>> = {
  0: 'Initial',
  1: 'Learn',
  2: 'Listen',
  4: 'Speak',
  8: 'Standby',
  16: 'Active',
};
const ADVERTISE = 3;
const STATES2: Readonly<Record<number, string>> = {
  0: 'Disabled',
  1: 'Init',
  2: 'Learn',
  3: 'Listen',
  4: 'Speak',
  5: 'Standby',
  6: 'Active',
};

export const hsrp = defineProtocol({
  name: 'hsrp',
  title: 'Cisco Hot Standby Router Protocol',
  on: { 'udp.port': [1985, 2029] },
  header: 4,
  fields: {
    version: { type: 'u8', label: 'Version' },
    opcode: { type: 'u8', label: 'Op Code', names: OPCODES },
    state: { type: 'u8', label: 'State', names: STATES },
    hellotime: { type: 'u8', label: 'Hellotime' },
    holdtime: { type: 'u8', label: 'Holdtime' },
    priority: { type: 'u8', label: 'Priority' },
    group: { type: 'u8', label: 'Group' },
    reserved: { type: 'u8', label: 'Reserved' },
    auth_data: { type: 'string', label: 'Authentication Data' },
    virt_ip: { type: 'ipv4', label: 'Virtual IP Address' },
    opcode2: { type: 'u8', label: 'Op Code', names: OPCODES, abbrev: 'hsrp2.opcode' },
    state2: { type: 'u8', label: 'State', names: STATES2, abbrev: 'hsrp2.state' },
    group2: { type: 'u16', label: 'Group', abbrev: 'hsrp2.group' },
  },
  tree(t) {
    if (t.u8(t.at) === 1 && t.u8(t.at + 1) >= 40) {
      t.column('HSRPv2');
      const opcode = t.u8(t.at + 3);
      t.info(`${OPCODES[opcode] ?? 'Unknown'} (state ${STATES2[t.u8(t.at + 4)] ?? 'Unknown'})`);
      t.add('opcode2', t.at + 3);
      t.add('state2', t.at + 4);
      t.add('group2', t.at + 6);
      return;
    }
    const opcode = t.u8(t.at + AT.opcode);
    t.add('version', t.at);
    t.add('opcode', t.at + AT.opcode);
    t.info(OPCODES[opcode] ?? 'Unknown');
    if (opcode === ADVERTISE) return;
    t.addInfo(` (state ${STATES[t.u8(t.at + AT.state)] ?? 'Unknown'})`);
    for (const [key, at] of [
      ['state', AT.state],
      ['hellotime', AT.hello],
      ['holdtime', AT.hold],
      ['priority', AT.priority],
      ['group', AT.group],
      ['reserved', AT.reserved],
    ] as const)
      t.add(key, t.at + at);
    t.put('auth_data', t.string(t.at + AT.authentication, 8, 'ascii', true), t.at + AT.authentication, 8);
    t.add('virt_ip', t.at + AT.address);
  },
});
