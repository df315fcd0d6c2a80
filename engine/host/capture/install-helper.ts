/**
 * The installed capture helper: a copy outside the checkout, owned by root and a group, with the capabilities that
 * capturing needs (capabilities(7)). A copy that everybody may run, or that the next build replaces, would be a hole.
 */

import { isProgram } from './program.ts';

/** Where the copy is. */
export const INSTALLED_HELPER = '/usr/local/libexec/nagare/nagare-capture';

/** The installed copy, where this user may run it. */
export function installedHelper(path = INSTALLED_HELPER): string | null {
  if (process.platform !== 'linux') return null;
  return isProgram(path) ? path : null;
}
