/** Looks at the machine's sockets again and again while a capture runs, and tells what is new. */

import type { SocketOwner } from '../../../session/live-owners.ts';
import { log } from '../../log.ts';
import { runProgram } from '../program.ts';
import { macosOwners, windowsOwners } from './commands.ts';
import { LinuxSockets } from './linux.ts';

/** Connections that come and go within this time are not seen. */
const EVERY_MS = { linux: 500, other: 3000 } as const;
const ANSWER_MS = 10_000;

/** Until the function that is returned is called. */
export function watchSockets(
  onNew: (owners: readonly SocketOwner[]) => void,
  os: NodeJS.Platform = process.platform,
): () => void {
  const look = looker(os);
  let told = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  const turn = async (): Promise<void> => {
    try {
      const owners = await look();
      const now = new Map(owners.map((owner) => [JSON.stringify(owner), owner]));
      const fresh = [...now].filter(([key]) => !told.has(key)).map(([, owner]) => owner);
      told = new Set(now.keys());
      if (fresh.length > 0 && !isOver) onNew(fresh);
    } catch (error) {
      log('warning', `sockets: ${error instanceof Error ? error.message : String(error)}`);
      return; // the commands are missing: they will be next time too
    }
    if (!isOver) timer = setTimeout(() => void turn(), os === 'linux' ? EVERY_MS.linux : EVERY_MS.other);
  };
  void turn();
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}

function looker(os: NodeJS.Platform): () => Promise<SocketOwner[]> {
  if (os === 'linux') {
    const sockets = new LinuxSockets();
    return () => Promise.resolve(sockets.look());
  }
  if (os === 'win32') {
    return async () => {
      const netstat = await runProgram('netstat', ['-ano'], ANSWER_MS);
      const tasklist = await runProgram('tasklist', ['/fo', 'csv', '/nh'], ANSWER_MS);
      return windowsOwners(netstat.stdout, tasklist.stdout);
    };
  }
  return async () => macosOwners((await runProgram('lsof', ['-nP', '-i', '-FpcPn'], ANSWER_MS)).stdout);
}
