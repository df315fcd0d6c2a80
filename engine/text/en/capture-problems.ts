/** What is wrong with a capture file, in English: the table of the readers, which say it by key. */

import { CAPTURE_PROBLEMS } from '../../base/capture-problems.ts';

export const captureProblemsEn = CAPTURE_PROBLEMS;
