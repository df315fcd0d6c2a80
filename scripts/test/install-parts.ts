/** `--install`: brings the system parts that are missing, where that needs no questions; elsewhere prints what to run. */
import { join } from 'node:path';
import { runCommand } from './run-command.ts';
import { SYSTEM_PARTS, type SystemPart, systemName } from './system-parts.ts';

const APT_SYSTEMS: readonly string[] = ['debian', 'ubuntu'];
const INSTALL_LIMIT_SECONDS = 600;

interface Step {
  readonly program: string;
  readonly args: readonly string[];
}

export function missingParts(): SystemPart[] {
  return SYSTEM_PARTS.filter((part) => !part.isThere());
}

/** Only root on Debian or Ubuntu is served: elsewhere an installation asks, or is not ours to decide. */
export function canInstall(): boolean {
  return APT_SYSTEMS.includes(systemName()) && process.getuid?.() === 0;
}

export async function installParts(
  root: string,
  parts: readonly SystemPart[],
  say: (line: string) => void,
): Promise<void> {
  for (const { program, args } of installSteps(root, parts)) {
    say(`+ ${[program, ...args].join(' ')}`);
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    const outcome = await runCommand({ program, args, limitSeconds: INSTALL_LIMIT_SECONDS, env });
    if (outcome.code !== 0) say(`${program} failed: ${outcome.error ?? `exit code ${outcome.code ?? 'none'}`}`);
  }
}

/** What a person would type for the missing parts, one line each. */
export function linesToRun(root: string, parts: readonly SystemPart[]): string[] {
  switch (process.platform) {
    case 'darwin':
      return parts.map((part) => part.brew).filter((line) => line !== '');
    case 'win32':
      return parts.map((part) => part.winget).filter((line) => line !== '');
    default: {
      const isApt = APT_SYSTEMS.includes(systemName());
      if (!isApt) return [`install with the system's package manager: ${parts.map((part) => part.name).join(', ')}`];
      const sudo = process.getuid?.() === 0 ? '' : 'sudo ';
      return installSteps(root, parts).map(
        ({ program, args }) => `${program === 'apt-get' ? sudo : ''}${[program, ...args].join(' ')}`,
      );
    }
  }
}

function installSteps(root: string, parts: readonly SystemPart[]): Step[] {
  const system = systemName();
  const packages = parts.flatMap((part) => part.apt(system));
  const steps: Step[] = [];
  if (packages.length > 0) {
    steps.push({ program: 'apt-get', args: ['update'] });
    steps.push({ program: 'apt-get', args: ['install', '-y', '--no-install-recommends', ...packages] });
  }
  if (parts.some((part) => part.apt(system).length === 0)) {
    const playwright = join(root, 'node_modules/playwright/cli.js');
    steps.push({ program: process.execPath, args: [playwright, 'install', '--with-deps', 'chromium'] });
  }
  return steps;
}
