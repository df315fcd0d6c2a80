/** What the shell around the page asks for: a command of the system's menu bar, files opened by the system. */

import { runCommand } from '../commands/command.ts';
import { findCommand } from '../commands/index.ts';
import { useHostEvent } from '../rpc/use-event.ts';
import { useApp } from '../state/use-app.ts';

export function useHostCommands(): void {
  const app = useApp();
  useHostEvent('command', ({ id }) => {
    const command = findCommand(id);
    if (command !== undefined) void runCommand(app, command);
  });
  useHostEvent('openFiles', ({ paths }) => void app.openFiles(paths));
}
