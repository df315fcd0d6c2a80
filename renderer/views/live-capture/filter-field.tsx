/** The capture filter: checked while it is written, an error shown at its place, the filters used last at hand. */

import { CircleAlert, CircleCheck, History, X } from 'lucide-react';
import { useId } from 'react';
import { Button as AriaButton, Input, Label, TextField } from 'react-aria-components';
import { IconButton } from '../../components/icon-button.tsx';
import { MenuButton } from '../../components/menu.tsx';
import { useApp, useText } from '../../state/use-app.ts';
import { useStore } from '../../state/use-store.ts';
import styles from './live-capture.module.css';
import type { FilterCheck } from './use-filter-check.ts';

interface FilterFieldProps {
  readonly check: FilterCheck;
  readonly isRemote: boolean;
  readonly onStart: () => void;
}

export function FilterField({ check, isRemote, onStart }: FilterFieldProps) {
  const app = useApp();
  const t = useText();
  const filter = useStore(app.capture, (state) => state.options.filter);
  const recent = useStore(app.capture, (state) => state.recentFilters);
  const about = useId();
  const isWrong = typeof check === 'object' && !check.ok;
  const isRight = typeof check === 'object' && check.ok;
  const set = (text: string): void => app.capture.change({ filter: text });
  return (
    <div className={styles.filter}>
      <TextField
        className={styles.filterBox ?? ''}
        value={filter}
        onChange={set}
        isInvalid={isWrong}
        {...(isWrong || isRight ? { 'aria-describedby': about } : {})}
      >
        <Label className={styles.label ?? ''}>{t('live.filter')}</Label>
        <div className={styles.filterLine} data-state={isWrong ? 'wrong' : isRight ? 'right' : undefined}>
          <Input
            className={styles.filterInput ?? ''}
            placeholder={t('live.filter.placeholder')}
            spellCheck={false}
            autoComplete="off"
            onKeyDown={(event) => {
              if (event.key === 'Enter' && !isWrong && !event.nativeEvent.isComposing) onStart();
            }}
          />
          {isRight && <CircleCheck aria-hidden className={styles.right} />}
          {isWrong && <CircleAlert aria-hidden className={styles.wrong} />}
          {filter !== '' && <IconButton icon={X} isSmall label={t('live.filter.clear')} onPress={() => set('')} />}
          <MenuButton
            label={t('live.filter.recent')}
            placement="bottom end"
            groups={() => [
              {
                id: 'recent',
                title: t(recent.length === 0 ? 'live.filter.noRecent' : 'live.filter.recent'),
                entries: recent.map((one) => ({ id: one, title: one, isMono: true, run: () => set(one) })),
              },
            ]}
          >
            <AriaButton className={styles.recent ?? ''} aria-label={t('live.filter.recent')}>
              <History aria-hidden />
            </AriaButton>
          </MenuButton>
        </div>
      </TextField>
      <div id={about} className={styles.filterNote} aria-live="polite">
        {isWrong ? (
          <>
            <span className={styles.problem}>{t('live.filter.wrong', { message: check.message })}</span>
            {check.at !== null && <Place filter={filter} at={check.at} />}
          </>
        ) : isRight ? (
          <span>{t('live.filter.ok')}</span>
        ) : (
          <span>{t(filter.trim() !== '' && isRemote ? 'live.filter.remote' : 'live.filter.hint')}</span>
        )}
      </div>
    </div>
  );
}

/** The filter again with the word at the error marked; at its very end something is missing. */
function Place({ filter, at }: { readonly filter: string; readonly at: number }) {
  const [word = ''] = /^(?:\w[\w.:/-]*|\s*\S)/.exec(filter.slice(at)) ?? [];
  return (
    <code className={styles.place}>
      {filter.slice(0, at)}
      <mark>{word === '' ? '\u00a0' : word}</mark>
      {filter.slice(at + word.length)}
    </code>
  );
}
