/** Worker entry: the column pass for a capture that another thread reads. */

import { workerData } from 'node:worker_threads';
import { type ScanMemory, scanForever } from './shared-scanner.ts';

scanForever(workerData as ScanMemory);
