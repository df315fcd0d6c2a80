/** Every keyboard shortcut, by menu. */

import { COMMAND_GROUPS, commandTitle } from '../commands/command.ts';
import { commands } from '../commands/index.ts';
import { isMac } from '../commands/menu-entry.ts';
import { shortcutText } from '../commands/shortcut.ts';
import { Dialog } from '../components/dialog.tsx';
import { useApp, useText } from '../state/use-app.ts';
import styles from './dialogs.module.css';

export function Shortcuts({ onClose }: { readonly onClose: () => void }) {
  const app = useApp();
  const t = useText();
  return (
    <Dialog title={t('command.shortcuts')} size="large" onClose={onClose}>
      <div className={styles.shortcuts}>
        {COMMAND_GROUPS.map((group) => {
          const list = commands.filter((command) => command.group === group && (command.shortcuts?.length ?? 0) > 0);
          if (list.length === 0) return null;
          return (
            <section key={group} className={styles.group}>
              <h3>{t(`menu.${group}`)}</h3>
              <dl>
                {list.map((command) => (
                  <div key={command.id}>
                    <dt>{commandTitle(t, command)}</dt>
                    <dd>
                      {command.shortcuts?.map((shortcut) => (
                        <kbd key={shortcut}>{shortcutText(shortcut, isMac(app))}</kbd>
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          );
        })}
      </div>
    </Dialog>
  );
}
