/** A row of the capture options: what it is, its letter on tcpdump's command line, the field, the unit. */

import { type ReactNode, useState } from 'react';
import { Check, TextInput } from '../../components/form.tsx';
import { useText } from '../../state/use-app.ts';
import styles from './capture-options.module.css';

/** `-s`; those that only dumpcap has say so. */
export function Letter({ children, isDumpcap = false }: { readonly children: string; readonly isDumpcap?: boolean }) {
  const t = useText();
  const title = t(isDumpcap ? 'captureOptions.letterDumpcap' : 'captureOptions.letter');
  return (
    <kbd className={styles.letter} title={title} data-dumpcap={isDumpcap || undefined}>
      {children}
    </kbd>
  );
}

interface RowProps {
  readonly label: string;
  readonly letter?: string | undefined;
  readonly isDumpcap?: boolean;
  readonly unit?: string;
  readonly children: ReactNode;
}

export function OptionRow({ label, letter, isDumpcap = false, unit, children }: RowProps) {
  return (
    <div className={styles.row}>
      <span className={styles.rowLabel}>{label}</span>
      <span>{letter !== undefined && <Letter isDumpcap={isDumpcap}>{letter}</Letter>}</span>
      <div className={styles.control}>{children}</div>
      <span className={styles.unit}>{unit}</span>
    </div>
  );
}

interface CheckRowProps {
  readonly label: string;
  readonly letter?: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

export function CheckRow({ label, letter, isOn, onChange }: CheckRowProps) {
  return (
    <div className={styles.checkRow}>
      <Check label={label} isOn={isOn} onChange={onChange} />
      {letter !== undefined && <Letter>{letter}</Letter>}
    </div>
  );
}

interface NumberRowProps {
  readonly label: string;
  readonly letter?: string | undefined;
  readonly isDumpcap?: boolean;
  readonly unit: string;
  /** What the field says while it is empty. */
  readonly placeholder: string;
  /** In the setting's own unit; `empty` is shown as an empty field, NaN is a text that is no such number. */
  readonly value: number | null;
  readonly empty: 0 | null;
  /** The setting's units in one of the field's. */
  readonly factor?: number;
  readonly isWhole?: boolean;
  readonly most?: number;
  readonly onChange: (value: number | null) => void;
}

const LARGEST = 0x7fffffff;

export function NumberRow(props: NumberRowProps) {
  const { label, letter, isDumpcap, unit, placeholder, value, empty, factor = 1, isWhole = true, onChange } = props;
  const t = useText();
  const { most = Math.floor(LARGEST / factor) } = props;
  const [text, setText] = useState(() => textOf(value, empty, factor));
  const [known, setKnown] = useState(value);
  if (!Object.is(known, value)) {
    // Set from elsewhere: by a pasted command, or set back.
    setKnown(value);
    setText(textOf(value, empty, factor));
  }
  const change = (next: string): void => {
    const read = readNumber(next, isWhole, most);
    const changed = read === null ? empty : typeof read === 'number' ? read * factor : Number.NaN;
    setText(next);
    setKnown(changed);
    onChange(changed);
  };
  const wrong = readNumber(text, isWhole, most);
  const problem =
    wrong === 'bad'
      ? t(isWhole ? 'captureOptions.bad.whole' : 'captureOptions.bad.number')
      : wrong === 'large'
        ? t('captureOptions.bad.large', { most })
        : undefined;
  return (
    <OptionRow label={label} letter={letter} isDumpcap={isDumpcap ?? false} unit={unit}>
      <TextInput
        label={label}
        isLabelHidden
        isMono
        inputMode="numeric"
        value={text}
        placeholder={placeholder}
        problem={problem}
        onChange={change}
      />
    </OptionRow>
  );
}

function textOf(value: number | null, empty: number | null, factor: number): string {
  if (value === null || value === empty || Number.isNaN(value)) return '';
  return String(Math.round((value / factor) * 1000) / 1000);
}

/** null: nothing was written. */
function readNumber(text: string, isWhole: boolean, most: number): number | 'bad' | 'large' | null {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  if (!(isWhole ? /^\d{1,15}$/ : /^\d{1,12}(?:\.\d{1,3})?$/).test(trimmed)) return 'bad';
  const value = Number(trimmed);
  if (value <= 0) return 'bad';
  return value > most ? 'large' : value;
}
