/** Ethernet configuration testing (Ethernet version 2, section 8): loopback frames; little-endian, unlike all around it. */

import { defineProtocol } from '../protocol.ts';

const AT = { skip: 0, function: 2 } as const;
const FUNCTION = { reply: 1, forward: 2 } as const;
const FUNCTIONS: Readonly<Record<number, string>> = { 1: 'Reply', 2: 'Forward Data' };

export const loopbackTest = defineProtocol({
  name: 'loop',
  title: 'Configuration Test Protocol (loopback)',
  on: { ethertype: [0x9000] },
  header: AT.function,
  opens: ['data'],
  fields: {
    skipcount: { at: AT.skip, type: 'u16', little: true, label: 'skipCount' },
    function: { type: 'u16', little: true, label: 'Function', names: FUNCTIONS, many: true },
    relevant_function: { type: 'u16', little: true, label: 'Relevant function', names: FUNCTIONS },
    receipt_number: { type: 'u16', little: true, label: 'Receipt number' },
    forwarding_address: { type: 'ether', label: 'Forwarding address', many: true },
  },
  tree(t) {
    const skip = t.u16le(t.at);
    t.header();
    let at = t.at + AT.function;
    let passed = AT.function;
    for (let named = false; t.end > at; ) {
      const kind = t.u16le(at);
      t.add('function', at);
      if (passed - AT.function >= skip && !named) {
        t.info(FUNCTIONS[kind] ?? `Unknown function (${kind})`);
        t.put('relevant_function', kind, at, 2);
        named = true;
      }
      at += 2;
      passed += 2;
      if (kind === FUNCTION.forward) {
        at = t.add('forwarding_address', at);
        passed += 6;
      } else {
        if (kind === FUNCTION.reply) at = t.add('receipt_number', at);
        t.payload(at);
        return;
      }
    }
  },
});
