/** Worker entry: one open capture. It waits for its first message, which says which; then message in, job, message out. */

import { parentPort } from 'node:worker_threads';
import { runSession, type SessionStart } from './session-worker.ts';

const port = parentPort;
if (port === null) throw new Error('worker.js is started by the host');
port.once('message', (start: SessionStart) => void runSession(port, start));
