/** The rows in which a protocol's layer may be, by their stacks: those of trees that may open it must be dissected to know. */

import { protocolNamed } from '../dissect/registry.ts';
import { DISSECT_ME, type Stacks } from '../table/stacks.ts';
import { reachedFrom } from './packet-source.ts';

const TLS = protocolNamed('tls').index;
const DECRYPTED = protocolNamed('_ws.decrypted').index;

/** Says of a stack whether a packet with it may have the layer. What is in TLS is there only where it can be opened. */
export function mayHave(stacks: Stacks, name: string): (stack: number) => boolean {
  const { index } = protocolNamed(name);
  const reached = reachedFrom(index);
  const around = new Set(reached.filter((one) => one !== TLS || index === TLS));
  if (reached.includes(TLS)) around.add(DECRYPTED);
  const known = new Map<number, boolean>([[DISSECT_ME, true]]);
  return (stack) => {
    let answer = known.get(stack);
    if (answer === undefined) known.set(stack, (answer = stacks.layers(stack).some((layer) => around.has(layer))));
    return answer;
  };
}
