/** The list of protocols that should not be there: each a filter with a name. Kept in the settings, in force at once. */

import { Plus, RotateCcw, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { DEFAULT_UNWANTED, UNWANTED_KINDS, type UnwantedRule } from '../../engine/contract/preferences.ts';
import { checkFilter } from '../../engine/filter/language/check.ts';
import { filterProblemText } from '../../engine/text/filter-problem.ts';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { Check, Select, TextInput } from '../components/form.tsx';
import { IconButton } from '../components/icon-button.tsx';
import { useCatalog } from '../state/catalog.ts';
import { useApp, useLanguage, useText } from '../state/use-app.ts';
import { useStore } from '../state/use-store.ts';
import styles from './dialogs.module.css';
import { removeItem, replaceItem } from './list-order.ts';

export function Unwanted({ onClose }: { readonly onClose: () => void }) {
  const app = useApp();
  const t = useText();
  const language = useLanguage();
  const catalog = useCatalog();
  const kept = useStore(app.settings, (settings) => settings.unwanted);
  const [rules, setRules] = useState<readonly UnwantedRule[]>(kept);

  const problemOf = (filter: string): string | undefined => {
    if (filter.trim() === '') return t('unwanted.noFilter');
    if (catalog === null) return undefined;
    const checked = checkFilter(filter, catalog);
    return checked.ok ? undefined : filterProblemText(language, checked.error).message;
  };
  /** Wrong rules stay here to be mended; only rules that can be read are set. */
  const set = (next: readonly UnwantedRule[]): void => {
    setRules(next);
    app.settings.update({ unwanted: next.filter(({ filter }) => problemOf(filter) === undefined) });
  };

  return (
    <Dialog
      title={t('unwanted.title')}
      size="large"
      onClose={onClose}
      foot={
        <>
          <span className={styles.note}>
            <Button icon={RotateCcw} onPress={() => set(DEFAULT_UNWANTED)}>
              {t('unwanted.restore')}
            </Button>
          </span>
          <Button kind="primary" onPress={onClose}>
            {t('action.close')}
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        <p>{t('unwanted.about')}</p>
        {rules.length === 0 && <p>{t('unwanted.none')}</p>}
        <div className={styles.rules} role="list" aria-label={t('unwanted.rules')}>
          {rules.map((rule, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rules have no identity but their place
            <div key={index} role="listitem" className={`${styles.rule} ${styles.unwantedRule}`}>
              <Check
                label={t('unwanted.on')}
                isLabelHidden
                isOn={rule.on}
                onChange={(on) => set(replaceItem(rules, index, { ...rule, on }))}
              />
              <Select
                label={t('unwanted.kind')}
                isLabelHidden
                value={rule.kind}
                options={UNWANTED_KINDS.map((value) => ({ value, title: t(`unwanted.kind.${value}`) }))}
                onChange={(kind) => set(replaceItem(rules, index, { ...rule, kind }))}
              />
              <TextInput
                label={t('unwanted.name')}
                isLabelHidden
                placeholder={t('unwanted.name')}
                value={rule.title}
                onChange={(title) => set(replaceItem(rules, index, { ...rule, title }))}
              />
              <TextInput
                label={t('unwanted.filter')}
                isLabelHidden
                isMono
                placeholder={t('unwanted.filter')}
                value={rule.filter}
                problem={problemOf(rule.filter)}
                onChange={(filter) => set(replaceItem(rules, index, { ...rule, filter }))}
              />
              <IconButton
                icon={Trash2}
                isSmall
                label={t('unwanted.remove')}
                onPress={() => set(removeItem(rules, index))}
              />
            </div>
          ))}
        </div>
        <div>
          <Button icon={Plus} onPress={() => setRules([{ kind: 'other', title: '', filter: '', on: true }, ...rules])}>
            {t('unwanted.add')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
