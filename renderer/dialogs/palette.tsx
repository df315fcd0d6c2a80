/** The command palette: every command and panel, found by a few letters. */

import { Search } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { Dialog as AriaDialog, Modal, ModalOverlay } from 'react-aria-components';
import { type Command, canRun, commandTitle, runCommand } from '../commands/command.ts';
import { commands } from '../commands/index.ts';
import { isMac } from '../commands/menu-entry.ts';
import { shortcutText } from '../commands/shortcut.ts';
import dialogStyles from '../components/dialog.module.css';
import { useApp, useText } from '../state/use-app.ts';
import styles from './dialogs.module.css';
import { fuzzyMatch } from './fuzzy.ts';

interface Entry {
  readonly command: Command;
  readonly title: string;
  readonly at: readonly number[];
}

export function Palette({ onClose }: { readonly onClose: () => void }) {
  const app = useApp();
  const t = useText();
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState(0);
  const entries = useMemo((): readonly Entry[] => {
    const able = commands.filter((command) => command.id !== 'help.palette' && canRun(app, command));
    const found = able.flatMap((command, order) => {
      const title = commandTitle(t, command);
      const match = fuzzyMatch(typed, title) ?? byId(typed, command.id);
      return match === null ? [] : [{ command, title, at: match.at, score: match.score, order }];
    });
    return found.sort((a, b) => b.score - a.score || a.order - b.order);
  }, [app, t, typed]);

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [chosen, entries]);

  const run = (entry: Entry | undefined): void => {
    if (entry === undefined) return;
    onClose();
    // Once the palette is gone and the focus is back: the command may put it somewhere else.
    setTimeout(() => void runCommand(app, entry.command), 0);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const count = entries.length;
    if (event.key === 'ArrowDown') setChosen((chosen + 1) % Math.max(1, count));
    else if (event.key === 'ArrowUp') setChosen((chosen + count - 1) % Math.max(1, count));
    else if (event.key === 'PageDown') setChosen(Math.min(count - 1, chosen + 10));
    else if (event.key === 'PageUp') setChosen(Math.max(0, chosen - 10));
    else if (event.key === 'Enter') run(entries[chosen]);
    else return;
    event.preventDefault();
  };

  return (
    <ModalOverlay
      className={dialogStyles.scrim ?? ''}
      isOpen
      isDismissable
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
    >
      <Modal className={`${dialogStyles.window} ${dialogStyles.medium}`}>
        <AriaDialog className={dialogStyles.dialog ?? ''} aria-label={t('palette.label')}>
          <div className={styles.paletteHead}>
            <Search aria-hidden />
            <input
              className={styles.paletteInput}
              role="combobox"
              aria-label={t('palette.label')}
              aria-expanded
              aria-controls={id}
              aria-activedescendant={entries.length === 0 ? undefined : `${id}-${chosen}`}
              aria-autocomplete="list"
              placeholder={t('palette.placeholder')}
              spellCheck={false}
              // biome-ignore lint/a11y/noAutofocus: the palette is opened to be typed into
              autoFocus
              value={typed}
              onChange={(event) => {
                setTyped(event.target.value);
                setChosen(0);
              }}
              onKeyDown={onKeyDown}
            />
          </div>
          <div ref={list} id={id} className={styles.paletteList} role="listbox" aria-label={t('palette.label')}>
            {entries.map((entry, index) => {
              const { command, title, at } = entry;
              const Icon = command.icon;
              const shortcut = command.shortcuts?.[0];
              return (
                // biome-ignore lint/a11y/useFocusableInteractive: the field above holds the focus
                <div
                  key={command.id}
                  id={`${id}-${index}`}
                  role="option"
                  aria-selected={index === chosen}
                  className={styles.paletteItem}
                  onPointerMove={() => setChosen(index)}
                  onClick={() => run(entry)}
                >
                  <span className={styles.paletteIcon}>{Icon !== undefined && <Icon aria-hidden />}</span>
                  <span className={styles.paletteTitle}>
                    <Marked text={title} at={at} />
                  </span>
                  {command.isOn?.(app) === true && <span className={styles.quiet}>{t('palette.on')}</span>}
                  {shortcut !== undefined && <kbd>{shortcutText(shortcut, isMac(app))}</kbd>}
                </div>
              );
            })}
            {entries.length === 0 && <p className={styles.paletteNone}>{t('palette.none')}</p>}
          </div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

/** In Japanese too a command is found by its English name; worth less than the title that is shown. */
function byId(typed: string, id: string): { readonly score: number; readonly at: readonly number[] } | null {
  const wanted = typed.trim().toLowerCase();
  return wanted !== '' && id.toLowerCase().includes(wanted) ? { score: -20, at: [] } : null;
}

function Marked({ text, at }: { readonly text: string; readonly at: readonly number[] }) {
  if (at.length === 0) return text;
  const wanted = new Set(at);
  return [...text].map((letter, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: letters have no identity but their place
    wanted.has(index) ? <b key={index}>{letter}</b> : letter,
  );
}
