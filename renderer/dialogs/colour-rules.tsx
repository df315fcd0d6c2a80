/** The colour rules, in the order they are tried: the first that matches colours a packet. */

import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { ColourRule } from '../../engine/contract/api.ts';
import { checkFilter } from '../../engine/filter/language/check.ts';
import { filterProblemText } from '../../engine/text/filter-problem.ts';
import { Button } from '../components/button.tsx';
import { Check, Select, TextInput } from '../components/form.tsx';
import { IconButton } from '../components/icon-button.tsx';
import { useCatalog } from '../state/catalog.ts';
import { colourRuleName } from '../state/colour-rule-name.ts';
import { useApp, useLanguage, useText } from '../state/use-app.ts';
import { useStore } from '../state/use-store.ts';
import styles from './dialogs.module.css';
import { moveItem, removeItem, replaceItem } from './list-order.ts';

const TONES = ['none', 'amber', 'red', 'blue', 'violet', 'green', 'teal', 'grey'] as const;

export function ColourRules({ newFilter }: { readonly newFilter: string }) {
  const app = useApp();
  const t = useText();
  const language = useLanguage();
  const catalog = useCatalog();
  const kept = useStore(app.settings, (settings) => settings.colours);
  const isOn = useStore(app.settings, (settings) => settings.coloursOn);
  const begun: readonly ColourRule[] =
    newFilter === '' ? [] : [{ name: '', filter: newFilter, tone: 'amber', on: true }];
  const [rules, setRules] = useState<readonly ColourRule[]>(() => [...begun, ...kept]);

  const problemOf = (filter: string): string | undefined => {
    if (filter.trim() === '') return t('colours.noFilter');
    if (catalog === null) return undefined;
    const checked = checkFilter(filter, catalog);
    return checked.ok ? undefined : filterProblemText(language, checked.error).message;
  };

  /** Wrong rules stay here to be mended; only rules that can be read are set. */
  const set = (next: readonly ColourRule[]): void => {
    setRules(next);
    app.settings.update({ colours: next.filter((rule) => problemOf(rule.filter) === undefined) });
  };

  return (
    <>
      <Check
        label={t('command.coloursToggle')}
        isOn={isOn}
        onChange={(coloursOn) => app.settings.update({ coloursOn })}
      />
      <div className={styles.rules} role="list" aria-label={t('settings.tab.colours')}>
        {rules.map((rule, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rules have no identity but their place
          <div key={index} role="listitem" className={`${styles.rule} ${styles.colourRule}`}>
            <Check
              label={t('colours.on')}
              isLabelHidden
              isOn={rule.on}
              onChange={(on) => set(replaceItem(rules, index, { ...rule, on }))}
            />
            <Select
              label={t('colours.tone')}
              isLabelHidden
              value={rule.tone}
              options={TONES.map((value) => ({ value, title: t(`tone.${value}`) }))}
              onChange={(tone) => set(replaceItem(rules, index, { ...rule, tone }))}
              sample={(tone) => <span className={styles.swatch} style={{ background: swatch(tone) }} />}
            />
            <TextInput
              label={t('colours.name')}
              isLabelHidden
              placeholder={t('colours.name')}
              value={colourRuleName(t, rule.name)}
              onChange={(name) => set(replaceItem(rules, index, { ...rule, name }))}
            />
            <TextInput
              label={t('filterBar.label')}
              isLabelHidden
              isMono
              placeholder={t('filterBar.label')}
              value={rule.filter}
              problem={problemOf(rule.filter)}
              onChange={(filter) => set(replaceItem(rules, index, { ...rule, filter }))}
            />
            <span className={styles.ruleTools}>
              <IconButton
                icon={ArrowUp}
                isSmall
                label={t('settings.up')}
                isDisabled={index === 0}
                onPress={() => set(moveItem(rules, index, index - 1))}
              />
              <IconButton
                icon={ArrowDown}
                isSmall
                label={t('settings.down')}
                isDisabled={index === rules.length - 1}
                onPress={() => set(moveItem(rules, index, index + 1))}
              />
              <IconButton
                icon={Trash2}
                isSmall
                label={t('settings.remove')}
                onPress={() => set(removeItem(rules, index))}
              />
            </span>
          </div>
        ))}
      </div>
      <div>
        <Button icon={Plus} onPress={() => setRules([{ name: '', filter: '', tone: 'amber', on: true }, ...rules])}>
          {t('colours.add')}
        </Button>
      </div>
    </>
  );
}

function swatch(tone: ColourRule['tone']): string {
  if (tone === 'none') return 'transparent';
  return `var(--${tone === 'teal' ? 'accent' : tone})`;
}
