/** Named pipes in transactions ([MS-CIFS] 2.2.5): state, peek, wait, and the calls that are written and read at once. */

import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { contents, isCall } from './contents.ts';
import { pipeFields } from './fields/pipe.ts';
import { LANMAN_PIPE, showLanman } from './lanman.ts';
import { file, flags, hex4, type Message, number, short } from './message.ts';
import { FUNCTION, FUNCTIONS } from './pipe-names.ts';
import type { Transaction } from './transactions.ts';

interface Talk {
  readonly m: Message;
  readonly words: Transaction;
  /** In capitals. */
  readonly name: string;
}

const talks = new WeakMap<TreeBuilder, Talk>();

/** A row of its own, which frame.protocols does not list. */
export function showPipe(t: TreeBuilder, m: Message, words: Transaction, name: string): void {
  talks.set(t, { m, words, name });
  const at = words.setupCount > 0 ? words.setupAt : words.dataAt;
  t.dissectUnlisted('smb_pipe', at, t.end, t.wireEnd);
}

export const smbPipe = defineProtocol({
  name: 'smb_pipe',
  title: 'SMB Pipe Protocol',
  short: 'SMB Pipe',
  unlisted: true,
  opens: ['lanman', 'dcerpc', 'data'],
  fields: pipeFields,
  tree(t) {
    const talk = talks.get(t);
    if (talk === undefined) return;
    const { m, words, name } = talk;
    const { setupAt, setupCount } = words;
    if (name === LANMAN_PIPE) {
      t.headerEnd(t.at);
      showLanman(t, m, words);
      return;
    }
    t.headerEnd(setupCount > 0 ? setupAt + 2 * setupCount : t.at);
    const asked = m.isResponse ? (m.request?.function ?? -1) : setupCount >= 1 ? t.u16le(setupAt) : -1;
    if (asked < 0) {
      t.payload(words.dataAt, words.dataEnd, words.dataEnd);
      return;
    }
    m.function = asked;
    const kept = t.infoSoFar;
    const node = t.put('function', asked, setupAt, m.isResponse ? 0 : 2);
    node.generated = m.isResponse;
    if (m.isResponse) {
      if (m.request !== null && m.request.fid >= 0) file(t, m, m.request.fid, setupAt, { isKnown: true, shows: false });
    } else if (setupCount >= 2 && asked !== FUNCTION.wait && asked !== FUNCTION.call) {
      file(t, m, t.u16le(setupAt + 2), setupAt + 2, { shows: false });
    } else if (setupCount >= 2) number(t, 'priority', setupAt + 2);
    t.info(`${FUNCTIONS[asked] ?? `Unknown function ${hex4(asked)}`} ${m.isResponse ? 'Response' : 'Request'}`);
    if (m.fid >= 0) t.addInfo(`, FID: ${hex4(m.fid)}`);
    const { fid } = m;
    if (asked === FUNCTION.transact || asked === FUNCTION.call) {
      if (words.dataEnd > words.dataAt) {
        if (isCall(t, words.dataAt)) t.info(kept);
        contents(t, m, fid, words.dataAt, words.dataEnd - words.dataAt);
      }
      return;
    }
    parameters(t, m, asked, words);
  },
});

/** What each function has for parameters and data ([MS-CIFS] 2.2.5.1 to 2.2.5.11). */
function parameters(
  t: TreeBuilder,
  m: Message,
  asked: number,
  { parameterAt, parameterEnd, dataAt, dataEnd }: Transaction,
): void {
  const length = parameterEnd - parameterAt;
  switch (asked) {
    case FUNCTION.setState:
      if (!m.isResponse && length >= 2) flags(t, 'ipc_state', parameterAt);
      return;
    case FUNCTION.queryState:
      if (m.isResponse && length >= 2) flags(t, 'ipc_state', parameterAt);
      return;
    case FUNCTION.queryInfo:
      if (!m.isResponse && length >= 2) number(t, 'getinfo.info_level', parameterAt);
      else if (m.isResponse && dataEnd - dataAt >= 7) information(t, dataAt, dataEnd);
      return;
    case FUNCTION.peek:
      if (m.isResponse && length >= 6) {
        let at = short(t, 'peek.available_bytes', parameterAt);
        at = short(t, 'peek.remaining_bytes', at);
        number(t, 'peek.status', at);
        if (dataEnd > dataAt) contents(t, m, m.fid, dataAt, dataEnd - dataAt);
      }
      return;
    case FUNCTION.rawWrite:
    case FUNCTION.write:
      if (m.isResponse && length >= 2) number(t, 'write.bytes_written', parameterAt);
      else if (!m.isResponse && dataEnd > dataAt) contents(t, m, m.fid, dataAt, dataEnd - dataAt);
      return;
    case FUNCTION.rawRead:
    case FUNCTION.read:
      if (m.isResponse && dataEnd > dataAt) contents(t, m, m.fid, dataAt, dataEnd - dataAt);
      return;
    default:
  }
}

function information(t: TreeBuilder, at: number, end: number): void {
  let next = number(t, 'getinfo.output_buffer_size', at);
  next = number(t, 'getinfo.input_buffer_size', next);
  next = number(t, 'getinfo.maximum_instances', next);
  next = number(t, 'getinfo.current_instances', next);
  number(t, 'getinfo.pipe_name_length', next);
  const name = t.string(next + 1, Math.max(0, end - next - 1), 'latin1', true);
  t.put('getinfo.pipe_name', name, next + 1, end - next - 1);
}
