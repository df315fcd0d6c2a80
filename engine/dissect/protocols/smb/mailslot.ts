/** Mailslots ([MS-MAIL] 2.2.1): datagrams to a name, such as the browser's and the logon service's. */

import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import type { Transaction } from './transactions.ts';

const OPCODES: Readonly<Record<number, string>> = { 1: 'Write Mail Slot' };
const CLASSES: Readonly<Record<number, string>> = { 1: 'Reliable', 2: 'Unreliable & Broadcast' };
const BROWSER: readonly string[] = ['\\MAILSLOT\\BROWSE', '\\MAILSLOT\\LANMAN'];
const LOGON = '\\MAILSLOT\\NET\\';

interface Letter {
  readonly words: Transaction;
  readonly name: string;
  readonly isResponse: boolean;
}

const letters = new WeakMap<TreeBuilder, Letter>();

/** A row of its own, which frame.protocols does not list. */
export function showMailslot(t: TreeBuilder, letter: Letter): void {
  letters.set(t, letter);
  const { setupAt, setupCount } = letter.words;
  t.dissectUnlisted('mailslot', setupAt, Math.max(setupAt + 2 * setupCount, t.end), t.wireEnd);
}

export const mailslot = defineProtocol({
  name: 'mailslot',
  title: 'SMB MailSlot Protocol',
  short: 'SMB Mailslot',
  unlisted: true,
  opens: ['browser', 'smb_netlogon', 'data'],
  fields: {
    opcode: { type: 'u16', label: 'Opcode', names: OPCODES },
    priority: { type: 'u16', label: 'Priority' },
    class: { type: 'u16', label: 'Class', names: CLASSES },
    size: { type: 'u16', label: 'Size', doc: 'Bytes of the name and of what is sent.' },
    name: { type: 'string', label: 'Mailslot Name' },
  },
  tree(t) {
    const letter = letters.get(t);
    if (letter === undefined) return;
    const { words, name, isResponse } = letter;
    const { setupAt, setupCount, dataAt, dataEnd } = words;
    t.info(setupCount > 0 ? (OPCODES[t.u16le(setupAt)] ?? 'Unknown') : isResponse ? 'Response' : 'Unknown');
    t.headerEnd(setupAt + 2 * setupCount);
    if (setupCount >= 3) {
      (['opcode', 'priority', 'class'] as const).forEach((key, i) => {
        t.put(key, t.u16le(setupAt + 2 * i), setupAt + 2 * i, 2);
      });
      t.put('size', t.u16le(setupAt + 6), setupAt + 6, 2);
      t.put('name', name, setupAt + 8, Math.min(t.end - setupAt - 8, name.length + 1));
    }
    if (dataEnd <= dataAt) return;
    const upper = name.toUpperCase();
    if (BROWSER.includes(upper)) {
      t.hint = upper;
      t.dissect('browser', dataAt, dataEnd, dataEnd);
      t.hint = '';
    } else if (upper.startsWith(LOGON)) t.dissect('smb_netlogon', dataAt, dataEnd, dataEnd);
    else {
      t.payload(dataAt, dataEnd, dataEnd);
      t.column('SMB Mailslot');
    }
  },
});
