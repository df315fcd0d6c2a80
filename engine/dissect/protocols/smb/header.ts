/** The 32 bytes in front of each message ([MS-CIFS] 2.2.3.1). */

import type { TreeBuilder } from '../../tree.ts';
import { userName } from './commands/session.ts';
import { flags, HEADER, type Message, number, type Request, reserved } from './message.ts';

const AT = {
  command: 4,
  status: 5,
  flags: 9,
  flags2: 10,
  pidHigh: 12,
  signature: 14,
  reserved: 22,
  tid: 24,
  pid: 26,
  uid: 28,
  mid: 30,
} as const;

interface HeaderFacts {
  readonly isNtStatus: boolean;
  /** The request that this one calls off. */
  readonly cancels: Request | null;
}

export function header(t: TreeBuilder, m: Message, { isNtStatus, cancels }: HeaderFacts): void {
  const { start, request } = m;
  t.nest(t.text('SMB Header', start, HEADER));
  number(t, 'server_component', start);
  const { time } = t.packet;
  if (request !== null) {
    t.generated('response_to', request.frame);
    if (time !== null && request.time !== null) t.generated('time', time - request.time);
  } else if (cancels !== null) t.generated('cancel_to', cancels.frame);
  t.add('cmd', start + AT.command);
  if (isNtStatus) number(t, 'nt_status', start + AT.status);
  else {
    t.add('error_class', start + AT.status);
    reserved(t, start + AT.status + 1, 1);
    number(t, 'error_code', start + AT.status + 2);
  }
  flags(t, 'flags', start + AT.flags);
  flags(t, 'flags2', start + AT.flags2);
  number(t, 'pid.high', start + AT.pidHigh);
  t.add('signature', start + AT.signature, 8);
  reserved(t, start + AT.reserved, 2);
  tree(t, m);
  number(t, 'pid', start + AT.pid);
  user(t, m);
  number(t, 'mid', start + AT.mid);
  t.close();
}

function tree(t: TreeBuilder, { start, tid, facts }: Message): void {
  const known = facts?.tree ?? null;
  const node = t.put('tid', tid, start + AT.tid, 2);
  if (known === null) return;
  node.text = `Tree ID: ${tid} (${known.path})`;
  t.nest(node);
  t.generated('path', known.path);
  t.generated('fid.mapped_in', known.mapped);
  t.close();
}

function user(t: TreeBuilder, { start, uid, facts }: Message): void {
  const known = facts?.user ?? null;
  const node = t.put('uid', uid, start + AT.uid, 2);
  if (known === null) return;
  node.text = `User ID: ${uid} (${userName(known.account, known.domain)})`;
  t.nest(node);
  t.generated('account', known.account);
  t.generated('primary_domain', known.domain);
  t.generated('logged_in', known.frame);
  t.close();
}
