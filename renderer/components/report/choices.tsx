/** What can be chosen in a panel: one of a few, or a text. */

import { useEffect, useState } from 'react';
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import type { Choice } from '../../../engine/contract/report.ts';
import { Select, TextInput } from '../form.tsx';
import styles from './report.module.css';
import { useReportText } from './report-text.ts';

/** More than these open as a list. */
const MOST_BUTTONS = 6;

interface ChoicesProps {
  readonly choices: readonly Choice[];
  readonly onChoose: (id: string, value: string) => void;
}

export function Choices({ choices, onChoose }: ChoicesProps) {
  const texts = useReportText();
  return choices.map((choice) => {
    if (choice.kind === 'own') return null;
    const label = texts.text(`choice.${choice.id}`);
    if (choice.kind !== 'one') {
      return <Typed key={choice.id} label={label} choice={choice} onChoose={(value) => onChoose(choice.id, value)} />;
    }
    const title = (value: string): string => texts.text(`choice.${choice.id}.${value}`);
    if (choice.values.length > MOST_BUTTONS) {
      return (
        <Select
          key={choice.id}
          label={label}
          isLabelHidden
          value={choice.value}
          options={choice.values.map((value) => ({ value, title: title(value) }))}
          onChange={(value) => onChoose(choice.id, value)}
        />
      );
    }
    return (
      <ToggleButtonGroup
        key={choice.id}
        aria-label={label}
        className={styles.choice ?? ''}
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[choice.value]}
        onSelectionChange={(keys) => onChoose(choice.id, String([...keys][0] ?? choice.value))}
      >
        {choice.values.map((value) => (
          <ToggleButton key={value} id={value} className={styles.option ?? ''}>
            {title(value)}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
    );
  });
}

const TYPING_MS = 500;

/** Asked for a moment after the last key. */
function Typed({
  label,
  choice,
  onChoose,
}: {
  readonly label: string;
  readonly choice: Choice;
  readonly onChoose: (value: string) => void;
}) {
  const [text, setText] = useState(choice.value);
  useEffect(() => {
    if (text === choice.value) return;
    const timer = setTimeout(() => onChoose(text), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text, choice.value, onChoose]);
  return (
    <div className={styles.typed}>
      <TextInput
        label={label}
        value={text}
        onChange={setText}
        isMono={choice.kind === 'filter'}
        inputMode={choice.kind === 'number' ? 'numeric' : 'text'}
        placeholder={label}
        isLabelHidden
      />
    </div>
  );
}
