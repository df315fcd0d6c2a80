/** Keyboard shortcuts: `Mod+Shift+K` read, matched against key events, and written as each system writes them. */

export interface Shortcut {
  readonly key: string;
  readonly ctrl: boolean;
  readonly meta: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
}

export interface KeyLike {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** Mod is Command on macOS and Ctrl elsewhere. The last part is the key, as KeyboardEvent.key has it (`Plus` for +). */
export function parseShortcut(text: string, isMac: boolean): Shortcut {
  const parts = text.split('+');
  const key = parts.at(-1) ?? '';
  const modifiers = new Set(parts.slice(0, -1));
  return {
    key: key === 'Plus' ? '+' : key === 'Space' ? ' ' : key,
    ctrl: modifiers.has('Ctrl') || (modifiers.has('Mod') && !isMac),
    meta: modifiers.has('Meta') || (modifiers.has('Mod') && isMac),
    alt: modifiers.has('Alt'),
    shift: modifiers.has('Shift'),
  };
}

export function matchesShortcut(shortcut: Shortcut, event: KeyLike): boolean {
  if (shortcut.ctrl !== event.ctrlKey || shortcut.meta !== event.metaKey || shortcut.alt !== event.altKey) return false;
  // Signs such as ? and / need Shift on some keyboards and not on others: there the sign alone counts.
  const isSign = shortcut.key.length === 1 && !/[\p{L}\p{N}]/u.test(shortcut.key);
  if (!isSign && shortcut.shift !== event.shiftKey) return false;
  return shortcut.key.toLowerCase() === event.key.toLowerCase();
}

const MAC_NAMES: Readonly<Record<string, string>> = { Ctrl: '⌃', Alt: '⌥', Shift: '⇧', Mod: '⌘', Meta: '⌘' };
const KEY_NAMES: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Plus: '+',
};

/** `Ctrl+Shift+K`, on macOS `⇧⌘K`. */
export function shortcutText(text: string, isMac: boolean): string {
  const parts = text.split('+').map((part) => {
    if (isMac && MAC_NAMES[part] !== undefined) return MAC_NAMES[part];
    return part === 'Mod' ? 'Ctrl' : (KEY_NAMES[part] ?? part);
  });
  return parts.join(isMac ? '' : '+');
}
