/** Shortcuts of all commands, wherever the focus is; a field that takes text keeps the keys that it needs. */

import { useEffect } from 'react';
import { type Command, canRun, runCommand } from '../commands/command.ts';
import { commands } from '../commands/index.ts';
import { isMac } from '../commands/menu-entry.ts';
import { matchesShortcut, parseShortcut, type Shortcut } from '../commands/shortcut.ts';
import { useApp } from '../state/use-app.ts';

interface Binding {
  readonly shortcut: Shortcut;
  readonly command: Command;
}

export function bindingsOf(list: readonly Command[], isMac: boolean): readonly Binding[] {
  return list.flatMap((command) =>
    (command.shortcuts ?? []).map((text) => ({ shortcut: parseShortcut(text, isMac), command })),
  );
}

/** Keys that text fields use themselves: characters, and moving and editing with or without Ctrl. */
const TEXT_KEYS = new Set(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'Delete', 'Backspace']);

function belongsToText(event: KeyboardEvent): boolean {
  if (!(event.target instanceof HTMLElement)) return false;
  if (event.target.closest('input, textarea, select, [contenteditable="true"]') === null) return false;
  if (event.key.length === 1) return !event.ctrlKey && !event.metaKey;
  return TEXT_KEYS.has(event.key) && !event.altKey;
}

export function useShortcuts(): void {
  const app = useApp();
  useEffect(() => {
    const bindings = bindingsOf(commands, isMac(app));
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing || belongsToText(event)) return;
      // A dialog or menu has the keys to itself.
      if (event.target instanceof Element && event.target.closest('[role="dialog"], [role="menu"]') !== null) return;
      const binding = bindings.find(
        ({ shortcut, command }) => matchesShortcut(shortcut, event) && canRun(app, command),
      );
      if (binding === undefined) return;
      event.preventDefault();
      void runCommand(app, binding.command);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [app]);
}
