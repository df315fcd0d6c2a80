/** Menus: a tree of entries shown under a button, or at a point as a context menu. */

import { Check, ChevronRight, type LucideIcon } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import {
  Button as AriaButton,
  Menu as AriaMenu,
  Header,
  MenuItem,
  MenuSection,
  MenuTrigger,
  Popover,
  type PopoverProps,
  Separator,
  SubmenuTrigger,
} from 'react-aria-components';
import styles from './menu.module.css';

export interface MenuEntry {
  readonly id: string;
  readonly title: string;
  readonly shortcut?: string | undefined;
  readonly icon?: LucideIcon | undefined;
  /** A dot in this colour in the icon's place. */
  readonly dot?: string;
  /** Shown with a tick; undefined: the entry is no choice. */
  readonly isOn?: boolean | undefined;
  readonly isDisabled?: boolean;
  /** The title is code: a filter. */
  readonly isMono?: boolean;
  readonly entries?: readonly MenuEntry[];
  run?(): void;
}

/** Entries between two lines, with a heading where it has one. */
export interface MenuGroup {
  readonly id: string;
  readonly title?: string;
  readonly entries: readonly MenuEntry[];
}

interface MenuListProps {
  readonly label: string;
  readonly groups: readonly MenuGroup[];
}

function MenuList({ label, groups }: MenuListProps) {
  const filled = groups.filter((group) => group.entries.length > 0);
  return (
    <AriaMenu aria-label={label} autoFocus className={styles.menu ?? ''}>
      {filled.map((group, index) => (
        <MenuSection key={group.id} {...(group.title === undefined ? { 'aria-label': label } : {})}>
          {index > 0 && <Separator className={styles.separator ?? ''} />}
          {group.title !== undefined && <Header className={styles.header}>{group.title}</Header>}
          {group.entries.map((entry) => (
            <Entry key={entry.id} entry={entry} />
          ))}
        </MenuSection>
      ))}
    </AriaMenu>
  );
}

function Entry({ entry }: { readonly entry: MenuEntry }) {
  const item = (
    <MenuItem
      id={entry.id}
      textValue={entry.title}
      isDisabled={entry.isDisabled ?? false}
      className={styles.item ?? ''}
      {...(entry.run === undefined ? {} : { onAction: () => entry.run?.() })}
    >
      <span className={styles.icon}>{entryIcon(entry)}</span>
      <span className={`${styles.title} ${entry.isMono === true ? styles.mono : ''}`}>{entry.title}</span>
      {entry.shortcut !== undefined && <kbd className={styles.shortcut}>{entry.shortcut}</kbd>}
      {entry.entries !== undefined && <ChevronRight aria-hidden className={styles.more} />}
    </MenuItem>
  );
  if (entry.entries === undefined) return item;
  return (
    <SubmenuTrigger delay={100}>
      {item}
      <Popover className={styles.popover ?? ''} offset={-2} crossOffset={-5}>
        <MenuList label={entry.title} groups={[{ id: 'entries', entries: entry.entries }]} />
      </Popover>
    </SubmenuTrigger>
  );
}

function entryIcon(entry: MenuEntry): ReactNode {
  if (entry.dot !== undefined) return <span className={styles.dot} style={{ background: entry.dot }} />;
  if (entry.isOn === true) return <Check aria-hidden />;
  return entry.icon === undefined ? null : <entry.icon aria-hidden />;
}

export interface MenuButtonProps {
  readonly label: string;
  /** Asked each time the menu opens, so that it shows what can be done at that moment. */
  readonly groups: () => readonly MenuGroup[];
  readonly placement?: PopoverProps['placement'];
  /** The button: a React Aria button, so that it opens the menu. */
  readonly children: ReactNode;
}

export function MenuButton({ label, groups, placement = 'bottom start', children }: MenuButtonProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <MenuTrigger isOpen={isOpen} onOpenChange={setIsOpen}>
      {children}
      <Popover className={styles.popover ?? ''} offset={4} placement={placement}>
        <MenuList label={label} groups={isOpen ? groups() : []} />
      </Popover>
    </MenuTrigger>
  );
}

export interface ContextMenuProps {
  readonly label: string;
  /** Where in the window; null: closed. */
  readonly at: { readonly x: number; readonly y: number } | null;
  readonly groups: readonly MenuGroup[];
  readonly onClose: () => void;
}

export function ContextMenu({ label, at, groups, onClose }: ContextMenuProps) {
  return (
    <MenuTrigger
      // Placed anew for each point: an open popover does not follow its trigger.
      key={`${at?.x ?? 0},${at?.y ?? 0}`}
      isOpen={at !== null}
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
    >
      {/* Nothing to see or reach: the point that the menu hangs on. */}
      <AriaButton
        aria-label={label}
        excludeFromTabOrder
        className={styles.anchor ?? ''}
        style={{ left: at?.x ?? 0, top: at?.y ?? 0, visibility: at === null ? 'hidden' : 'visible' }}
      />
      <Popover className={styles.popover ?? ''} placement="bottom start" offset={2}>
        <MenuList label={label} groups={groups} />
      </Popover>
    </MenuTrigger>
  );
}
