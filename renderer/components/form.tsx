/** Fields of forms, all of one look: text, number, choice of few, choice from a list, on or off. */

import { Check as CheckMark, ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import {
  Button as AriaButton,
  Checkbox as AriaCheckbox,
  Select as AriaSelect,
  TextField as AriaTextField,
  FieldError,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Radio,
  RadioGroup,
  SelectValue,
  Text,
  TextArea,
} from 'react-aria-components';
import styles from './form.module.css';

export interface Option<Value extends string> {
  readonly value: Value;
  readonly title: string;
  /** Behind the title, quieter: a count. */
  readonly detail?: string;
  readonly isDisabled?: boolean;
}

interface TextInputProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Shown under the field; the field is then marked as wrong. */
  readonly problem?: string | undefined;
  readonly hint?: string | undefined;
  readonly placeholder?: string;
  readonly isMono?: boolean;
  readonly isLabelHidden?: boolean;
  readonly isAutoFocused?: boolean;
  readonly inputMode?: 'text' | 'numeric';
  /** Id of a datalist with suggestions. */
  readonly list?: string;
  /** More than one: a field of so many lines. */
  readonly lines?: number;
}

export function TextInput(props: TextInputProps) {
  const { label, value, onChange, problem, hint, isMono = false, isLabelHidden = false, lines = 1 } = props;
  const look = `${styles.input} ${isMono ? styles.mono : ''}`;
  return (
    <AriaTextField
      className={styles.field ?? ''}
      value={value}
      onChange={onChange}
      isInvalid={problem !== undefined}
      autoFocus={props.isAutoFocused ?? false}
      {...(isLabelHidden ? { 'aria-label': label } : {})}
    >
      {!isLabelHidden && <Label className={styles.label ?? ''}>{label}</Label>}
      {lines > 1 ? (
        <TextArea className={look} rows={lines} placeholder={props.placeholder ?? ''} />
      ) : (
        <Input
          className={look}
          placeholder={props.placeholder ?? ''}
          inputMode={props.inputMode ?? 'text'}
          autoComplete="off"
          {...(props.list === undefined ? {} : { list: props.list })}
          spellCheck={!isMono}
        />
      )}
      {problem === undefined && hint !== undefined && (
        <Text slot="description" className={styles.hint ?? ''}>
          {hint}
        </Text>
      )}
      <FieldError className={styles.problem ?? ''}>{problem}</FieldError>
    </AriaTextField>
  );
}

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly Option<Value>[];
  readonly onChange: (value: Value) => void;
}

/** A few options, all in sight. */
export function Choice<Value extends string>({ label, value, options, onChange }: ChoiceProps<Value>) {
  return (
    <RadioGroup className={styles.field ?? ''} value={value} onChange={(next) => onChange(next as Value)}>
      <Label className={styles.label ?? ''}>{label}</Label>
      <div className={styles.options}>
        {options.map((option) => (
          <Radio
            key={option.value}
            value={option.value}
            isDisabled={option.isDisabled ?? false}
            className={styles.radio ?? ''}
          >
            <span className={styles.circle} />
            <span>{option.title}</span>
            {option.detail !== undefined && <span className={styles.detail}>{option.detail}</span>}
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}

interface SelectProps<Value extends string> extends ChoiceProps<Value> {
  readonly isLabelHidden?: boolean;
  /** What stands before an option's title: a sample of a colour. */
  readonly sample?: (value: Value) => ReactNode;
}

/** One of several, in a list that opens. */
export function Select<Value extends string>(props: SelectProps<Value>) {
  const { label, value, options, onChange, isLabelHidden = false, sample } = props;
  return (
    <AriaSelect
      className={styles.field ?? ''}
      selectedKey={value}
      onSelectionChange={(key) => onChange(key as Value)}
      {...(isLabelHidden ? { 'aria-label': label } : {})}
    >
      {!isLabelHidden && <Label className={styles.label ?? ''}>{label}</Label>}
      <AriaButton className={styles.select ?? ''}>
        <SelectValue className={styles.chosen ?? ''} />
        <ChevronDown aria-hidden />
      </AriaButton>
      <Popover className={styles.popover ?? ''} offset={3}>
        <ListBox className={styles.list ?? ''}>
          {options.map((option) => (
            <ListBoxItem key={option.value} id={option.value} textValue={option.title} className={styles.item ?? ''}>
              {sample?.(option.value)}
              {option.title}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}

interface CheckProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
  readonly isLabelHidden?: boolean;
}

export function Check({ label, isOn, onChange, isLabelHidden = false }: CheckProps) {
  return (
    <AriaCheckbox
      className={styles.check ?? ''}
      isSelected={isOn}
      onChange={onChange}
      {...(isLabelHidden ? { 'aria-label': label } : {})}
    >
      <span className={styles.box}>{isOn && <CheckMark aria-hidden />}</span>
      {!isLabelHidden && label}
    </AriaCheckbox>
  );
}
