/** Log lines of the host: to standard error, one line each, no control characters. */

import { escapeText } from '../base/text.ts';

export type LogLevel = 'info' | 'warning' | 'error';

export function log(level: LogLevel, message: string): void {
  process.stderr.write(`nagare: ${level === 'info' ? '' : `${level}: `}${escapeText(message)}\n`);
}
