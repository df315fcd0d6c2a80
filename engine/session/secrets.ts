/** Secrets of TLS connections for one capture: those in the file and the user's key log; and the rows that they open. */

import { KeyLog } from '../base/key-log.ts';
import { protocolNamed } from '../dissect/registry.ts';
import type { CaptureFacts } from '../readers/reader.ts';
import { FLOW, firstApplication } from '../table/flow-states.ts';
import { DISSECT_ME } from '../table/stacks.ts';
import type { FlowIndex } from './flow-index.ts';
import type { FlowPass } from './flow-pass.ts';
import type { SegmentBytes } from './flow-replay.ts';
import { isKnownHello } from './known-hello.ts';

/** pcapng's type of decryption secrets that are a TLS key log (draft-ietf-opsawg-pcapng 4.7). */
const TLS_KEY_LOG = 0x544c534b;
/** Rows of a flow with payload that are searched for a Client Hello; STARTTLS has a few messages before it. */
const MAX_SEARCHED = 64;
const TLS = protocolNamed('tls').index;
const DECRYPTED = protocolNamed('_ws.decrypted').index;

export class Secrets {
  /** All of them. Another object whenever they change. */
  keyLog: KeyLog = new KeyLog();
  private own: readonly Uint8Array[];
  /** Blocks of the file that have been taken. */
  private taken = 0;

  /** `own`: texts of the user's key logs. */
  constructor(own: readonly Uint8Array[]) {
    this.own = own;
    for (const text of own) this.keyLog.add(text);
  }

  /** Takes what the file has said since; true: there are more secrets than before. */
  take({ secrets }: Pick<CaptureFacts, 'secrets'>): boolean {
    if (secrets.length === this.taken) return false;
    const before = this.keyLog.size;
    for (; this.taken < secrets.length; this.taken++) {
      const { type, bytes } = secrets[this.taken];
      if (type === TLS_KEY_LOG) this.keyLog.add(bytes);
    }
    return this.keyLog.size > before;
  }

  /** Puts other key logs in place of the user's. */
  replace(own: readonly Uint8Array[], facts: Pick<CaptureFacts, 'secrets'>): void {
    this.own = own;
    this.keyLog = new KeyLog();
    this.taken = 0;
    for (const text of this.own) this.keyLog.add(text);
    this.take(facts);
  }
}

/**
 * Marks the rows of all TLS flows that the secrets open, and unmarks the others, so that filters and statistics dissect what
 * may have layers inside. For secrets that came after the flow had begun. Returns whether a row changed.
 */
export function markDecrypted(
  pass: FlowPass,
  index: FlowIndex,
  keyLog: KeyLog,
  read: (row: number) => SegmentBytes,
): boolean {
  let isChanged = false;
  if (keyLog.isEmpty && pass.decrypted.size === 0) return false;
  index.update();
  for (let flow = 0; flow < pass.flows.count; flow++) {
    const application = pass.flows.get(flow, FLOW.application);
    if (firstApplication(application) - 1 !== TLS && application >>> 16 !== TLS) continue;
    const isOpen = !keyLog.isEmpty && hasKnownHello(pass, index, keyLog, flow, read);
    if (isOpen === pass.decrypted.has(flow)) continue;
    isChanged = true;
    if (isOpen) pass.decrypted.add(flow);
    else pass.decrypted.delete(flow);
    for (let i = 0; i < index.count(flow); i++) mark(pass, index.row(flow, i), isOpen);
  }
  return isChanged;
}

function hasKnownHello(
  pass: FlowPass,
  index: FlowIndex,
  keyLog: KeyLog,
  flow: number,
  read: (row: number) => SegmentBytes,
): boolean {
  let left = MAX_SEARCHED;
  for (let i = 0; i < index.count(flow) && left > 0; i++) {
    const row = index.row(flow, i);
    if (pass.table.get('payloadLength', row) === 0) continue;
    left--;
    const { bytes, payloadAt, payloadEnd } = read(row);
    if (isKnownHello(keyLog, bytes, payloadAt, payloadEnd)) return true;
  }
  return false;
}

function mark({ table, stacks }: FlowPass, row: number, isOpen: boolean): void {
  const block = table.block(row);
  const at = row & 0xffff;
  const stack = block.stack[at];
  if (stack === DISSECT_ME || !stacks.has(stack, TLS)) return;
  const isMarked = stacks.protocol[stack] === DECRYPTED;
  if (isOpen && !isMarked) block.stack[at] = stacks.push(stack, DECRYPTED);
  else if (!isOpen && isMarked) block.stack[at] = stacks.parent[stack];
}
