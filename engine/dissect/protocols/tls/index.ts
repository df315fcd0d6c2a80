/** TLS over TCP (RFC 8446, 5246; SSL 3.0 in RFC 6101, its predecessor in appendix E there): records and what they carry. */

import { PROBABLE_FIELDS } from '../../probable.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { Visits } from '../../visits.ts';
import type { FrameNotes } from './application-data.ts';
import { fields } from './fields.ts';
import { frame, isSsl2Start, RECORD_HEADER, recognise } from './framing.ts';
import { CONTENT, CONTENT_TYPES, SHORT_VERSIONS, VERSION } from './names.ts';
import { addRecord } from './record.ts';
import { say } from './say.ts';
import { ssl2 } from './ssl2.ts';
import { type Memory, START, type State } from './state.ts';

export const tls = defineProtocol({
  name: 'tls',
  title: 'Transport Layer Security',
  short: 'TLS',
  on: { 'tcp.port': [443, 465, 563, 614, 636, 853, 989, 990, 992, 993, 994, 995, 3269, 5061, 5986, 8443, 8883] },
  remembers: true,
  showsBeginning: true,
  fields: { ...fields, ...PROBABLE_FIELDS },
  recognise,
  recogniseOn: ['tcp'],
  onlyIn: [
    {
      fields: Object.keys(fields).filter((key) => key.startsWith('handshake.')),
      begins: (bytes, at, end) => end - at < 2 || bytes[at] !== CONTENT.data || bytes[at + 1] !== 3,
    },
  ],
  frame,
  tree(t) {
    const memory = t.conversation(
      (): Memory => ({
        visits: new Visits(),
        notes: new WeakMap(),
        now: START,
      }),
    );
    let isFirstVisit = false;
    const { index, fact } = memory.visits.visit(t, () => {
      isFirstVisit = true;
      return memory.now;
    });
    let notes = memory.notes.get(t);
    if (notes === undefined) {
      notes = { infoStart: t.fencedInfo.length, hasApplication: false, isUnknown: false };
      memory.notes.set(t, notes);
    }
    const after = message(t, fact, index, notes);
    if (isFirstVisit) memory.now = after;
  },
});

/** Dissects one record; returns the conversation after it. */
function message(t: TreeBuilder, state: State, index: number, notes: FrameNotes): State {
  const { at } = t;
  const { version } = state.connection;
  if (version === VERSION.ssl2 || (version === 0 && isSsl2Start(t.bytes, at, t.end))) return ssl2(t, state, index);
  const type = t.u8(at);
  if (CONTENT_TYPES[type] === undefined || !t.has(at, RECORD_HEADER) || t.u8(at + 1) !== 3) {
    t.column(SHORT_VERSIONS[version] ?? 'SSL');
    say(t, index === 0, 'Continuation Data');
    return state;
  }
  return addRecord(t, state, index, type, notes);
}
