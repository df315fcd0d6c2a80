/**
 * The installed capture helper: a copy outside the checkout, owned by root and a group, with the capabilities that
 * capturing needs (capabilities(7)). A copy that everybody may run, or that the next build replaces, would be a hole.
 */

import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import type { CaptureNeed } from '../../contract/capture.ts';
import { isProgram, runProgram } from './program.ts';

/** Where the copy is. */
export const INSTALLED_HELPER = '/usr/local/libexec/nagare/nagare-capture';
export const CAPTURE_GROUP = 'nagare-capture';
const CAPABILITIES = 'cap_net_raw,cap_net_admin=ep';
const ANSWER_MS = 10_000;

/** The installed copy, where this user may run it. */
export function installedHelper(path = INSTALLED_HELPER): string | null {
  return process.platform === 'linux' && isProgram(path) ? path : null;
}

/** An installed copy that this user may not run: not a member of its group, or not since logging in. null: there is none. */
export function lockedHelper(path = INSTALLED_HELPER): CaptureNeed | null {
  if (process.platform !== 'linux' || isProgram(path)) return null;
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return null;
  const group = groupName(stats.gid);
  return { key: 'not-in-group', params: { path, group, user: userInfo().username } };
}

/** By the system's own list; the number where it has no name there. */
function groupName(id: number): string {
  const [name] = spawnSync('getent', ['group', String(id)], { encoding: 'utf8' }).stdout?.split(':') ?? [];
  return name === undefined || name === '' ? String(id) : name;
}

export interface InstallPlan {
  /** The helper that was built. */
  readonly source: string;
  readonly target: string;
  readonly group: string;
  /** Who is to capture besides root; null: nobody. */
  readonly user: string | null;
}

/** What is to be run as root, in order: program and arguments. */
export function installCommands({ source, target, group, user }: InstallPlan): readonly (readonly string[])[] {
  return [
    ['groupadd', '--system', '--force', group],
    ...(user === null ? [] : [['usermod', '--append', '--groups', group, user]]),
    ['install', '-d', '-o', 'root', '-g', 'root', '-m', '0755', dirname(target)],
    ['install', '-o', 'root', '-g', group, '-m', '0750', source, target],
    ['setcap', CAPABILITIES, target],
  ];
}

/** What takes an installed copy away again, and the group that was made for it. */
export function uninstallCommands(hasCopy: boolean, hasGroup: boolean): readonly (readonly string[])[] {
  const copy = [
    ['rm', INSTALLED_HELPER],
    ['rmdir', '--ignore-fail-on-non-empty', dirname(INSTALLED_HELPER)],
  ];
  return [...(hasCopy ? copy : []), ...(hasGroup ? [['groupdel', CAPTURE_GROUP]] : [])];
}

/** Is there the group that is made for it? Another one, named by the user, may be there for more. */
export function hasCaptureGroup(): boolean {
  return spawnSync('getent', ['group', CAPTURE_GROUP]).status === 0;
}

/** Runs one of them, as root or through sudo, on the user's terminal. Returns whether it went well. */
export function runAsRoot(command: readonly string[]): boolean {
  const words = process.getuid?.() === 0 ? command : ['sudo', '--', ...command];
  const [program = '', ...args] = words;
  return spawnSync(program, args, { stdio: 'inherit' }).status === 0;
}

/** What is wrong with an installed copy; null: nothing. */
export async function faultOf(target: string): Promise<'missing' | 'owner' | 'mode' | 'capabilities' | null> {
  const stats = statSync(target, { throwIfNoEntry: false });
  if (stats === undefined) return 'missing';
  if (stats.uid !== 0 || stats.gid === 0) return 'owner';
  if ((stats.mode & 0o7777) !== 0o750) return 'mode';
  const { stdout } = await runProgram('getcap', [target], ANSWER_MS);
  return /cap_net_admin/.test(stdout) && /cap_net_raw/.test(stdout) ? null : 'capabilities';
}
