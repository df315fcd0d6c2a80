/** A push button with an icon, a text or both; the one shape of button in the window. */

import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components';
import styles from './button.module.css';

export type ButtonKind = 'plain' | 'primary' | 'danger' | 'live' | 'quiet' | 'link';

export interface ButtonProps extends Omit<AriaButtonProps, 'children' | 'className' | 'style'> {
  readonly icon?: LucideIcon;
  readonly kind?: ButtonKind;
  readonly children?: ReactNode;
}

export function Button({ icon: Icon, kind = 'plain', children, ...rest }: ButtonProps) {
  return (
    <AriaButton {...rest} className={`${styles.button} ${styles[kind]}`}>
      {Icon !== undefined && <Icon aria-hidden />}
      {children !== undefined && <span className={styles.text}>{children}</span>}
    </AriaButton>
  );
}
