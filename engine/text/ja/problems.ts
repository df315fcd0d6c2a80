/** What is wrong with a file, a filter or a request: by code, in Japanese. */

import type { problemsEn } from '../en/problems.ts';
import type { Translation } from '../message.ts';

export const problemsJa: Translation<typeof problemsEn> = {};
