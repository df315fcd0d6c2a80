/** Commands that capture on another machine with what it has, made from the same settings as a capture here. */

import { azure } from './azure.ts';
import { linux } from './linux.ts';
import type { Machine, MachineCommands, MachineInput } from './machine.ts';
import { netsh } from './netsh.ts';
import { pktmon } from './pktmon.ts';
import { vxlan } from './vxlan.ts';

const MAKERS: Readonly<Record<Machine, (input: MachineInput) => MachineCommands>> = {
  linux,
  pktmon,
  netsh,
  vxlan,
  azure,
};

export function machineCommands(machine: Machine, input: MachineInput): MachineCommands {
  return MAKERS[machine](input);
}
