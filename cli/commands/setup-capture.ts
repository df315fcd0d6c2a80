/** `nagare setup-capture`: what capturing needs on this system; on Linux it does it where asked. */

import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { builtHelper } from '../../engine/host/capture/choose-tool.ts';
import {
  CAPTURE_GROUP,
  faultOf,
  hasCaptureGroup,
  INSTALLED_HELPER,
  installCommands,
  runAsRoot,
  uninstallCommands,
} from '../../engine/host/capture/install-helper.ts';
import { quoted } from '../../engine/host/capture/remote.ts';
import { CaptureService } from '../../engine/host/capture/service.ts';
import { needText } from '../../engine/text/capture-need.ts';
import { type OptionTable, UsageError } from '../args.ts';
import { type CommandContext, defineCommand, EXIT } from '../command.ts';

export const setupCapture = defineCommand({
  name: 'setup-capture',
  usage: ['[--install] [--user NAME] [--group NAME]', '--uninstall'],
  summary: 'cli.setup.summary',
  options: {
    install: { long: 'install', help: 'cli.setup.install' },
    uninstall: { long: 'uninstall', help: 'cli.setup.uninstall' },
    user: { long: 'user', value: 'NAME', help: 'cli.setup.user' },
    group: { long: 'group', value: 'NAME', help: 'cli.setup.group' },
  } as const satisfies OptionTable,
  async run({ options }, context) {
    const { out, t } = context;
    if (options.install && options.uninstall) throw new UsageError(t('cli.setup.one-of-both'));
    if (!options.uninstall) await sayWhatThereIs(context);
    if (process.platform === 'darwin' || process.platform === 'win32') {
      if (options.install || options.uninstall) throw new UsageError(t('cli.setup.not-here'));
      out.write(`\n${process.platform === 'darwin' ? t('cli.setup.macos') : windowsText(context)}\n`);
      return EXIT.ok;
    }
    if (options.uninstall) return await uninstall(context);
    const source = builtHelper();
    if (source === null) {
      out.write(`\n${t('cli.setup.not-built')}\n`);
      return options.install ? EXIT.failure : EXIT.ok;
    }
    const group = name(options.group ?? CAPTURE_GROUP, context);
    const user = name(options.user ?? whoAsks(context), context);
    const plan = { source, target: INSTALLED_HELPER, group, user: user === 'root' ? null : user };
    const commands = installCommands(plan);
    if (!options.install) {
      out.write(`\n${t('cli.setup.linux', { target: INSTALLED_HELPER, group })}\n\n`);
      for (const command of commands) out.write(`  sudo ${command.map(shown).join(' ')}\n`);
      out.write(`\n${t('cli.setup.linux-again')}\n`);
      return EXIT.ok;
    }
    if (!(await runAll(commands, context))) return EXIT.failure;
    const fault = await faultOf(INSTALLED_HELPER);
    out.write(`${fault === null ? t('cli.setup.done', { group }) : t('cli.setup.fault', { fault })}\n`);
    return fault === null ? EXIT.ok : EXIT.failure;
  },
});

async function uninstall(context: CommandContext): Promise<number> {
  const { out, t } = context;
  const commands = uninstallCommands(existsSync(INSTALLED_HELPER), hasCaptureGroup());
  if (commands.length === 0) {
    out.write(`${t('cli.setup.not-installed', { target: INSTALLED_HELPER })}\n`);
    return EXIT.ok;
  }
  if (!(await runAll(commands, context))) return EXIT.failure;
  out.write(`${t('cli.setup.uninstalled')}\n`);
  return EXIT.ok;
}

/** Each as root, shown before; false: one failed, and nothing after it was done. */
async function runAll(commands: readonly (readonly string[])[], { out, t }: CommandContext): Promise<boolean> {
  for (const command of commands) {
    out.write(`# ${command.map(shown).join(' ')}\n`);
    await out.flush();
    if (runAsRoot(command)) continue;
    out.write(`${t('cli.setup.failed', { command: command.map(shown).join(' ') })}\n`);
    return false;
  }
  return true;
}

async function sayWhatThereIs({ out, t, language }: CommandContext): Promise<void> {
  const ability = await new CaptureService().ability();
  if (ability.tool === 'none') out.write(`${t('cli.setup.no-tool')}\n`);
  else out.write(`${t('cli.setup.tool', { tool: ability.tool, version: ability.version })}\n`);
  for (const need of ability.needs) out.write(`${needText(language, need)}\n`);
  if (ability.needs.length === 0) out.write(`${t('cli.setup.nothing-missing')}\n`);
}

function windowsText({ env, t }: CommandContext): string {
  const library = join(env.SystemRoot ?? 'C:\\Windows', 'System32', 'Npcap', 'wpcap.dll');
  return `${existsSync(library) ? t('cli.setup.npcap-found') : t('cli.setup.npcap-missing')}\n${t('cli.setup.windows')}`;
}

/** Whoever is behind sudo, else who runs this. */
function whoAsks({ env }: CommandContext): string {
  const behind = env.SUDO_USER;
  return behind === undefined || behind === '' ? userInfo().username : behind;
}

/** Names of users and groups go on command lines. */
function name(text: string, { t }: CommandContext): string {
  if (!/^[a-zA-Z_][a-zA-Z0-9_.-]{0,31}$/.test(text)) throw new UsageError(t('cli.setup.bad-name', { name: text }));
  return text;
}

function shown(word: string): string {
  return /^[\w./,=:+-]+$/.test(word) ? word : quoted(word);
}
