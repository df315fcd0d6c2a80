/** A square button with an icon; its name is a tooltip and the accessible name. */

import type { LucideIcon } from 'lucide-react';
import {
  Button as AriaButton,
  type ButtonProps as AriaButtonProps,
  Tooltip,
  TooltipTrigger,
} from 'react-aria-components';
import styles from './icon-button.module.css';

export interface IconButtonProps extends Omit<AriaButtonProps, 'children' | 'className' | 'style' | 'aria-label'> {
  readonly icon: LucideIcon;
  readonly label: string;
  /** Shown behind the name in the tooltip. */
  readonly shortcut?: string | undefined;
  readonly isSmall?: boolean;
  readonly isOn?: boolean;
}

export function IconButton({ icon: Icon, label, shortcut, isSmall = false, isOn, ...rest }: IconButtonProps) {
  return (
    <TooltipTrigger delay={500} closeDelay={0}>
      <AriaButton
        {...rest}
        aria-label={label}
        {...(isOn === undefined ? {} : { 'aria-pressed': isOn })}
        className={`${styles.button} ${isSmall ? styles.small : ''} ${isOn === true ? styles.on : ''}`}
      >
        <Icon aria-hidden />
      </AriaButton>
      <Tooltip className={styles.tooltip ?? ''} offset={6}>
        {label}
        {shortcut !== undefined && <kbd className={styles.shortcut}>{shortcut}</kbd>}
      </Tooltip>
    </TooltipTrigger>
  );
}
