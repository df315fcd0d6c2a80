/** Settings: general ones, the list's columns, the colour rules. Everything takes effect at once. */

import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import type { Settings as AllSettings } from '../../engine/contract/api.ts';
import { Dialog } from '../components/dialog.tsx';
import { Check, Choice } from '../components/form.tsx';
import { useApp, useText } from '../state/use-app.ts';
import { useStore } from '../state/use-store.ts';
import { ColourRules } from './colour-rules.tsx';
import { ColumnList } from './column-list.tsx';
import styles from './dialogs.module.css';

const TABS = ['settings', 'columns', 'colours'] as const;
type TabName = (typeof TABS)[number];

const TIME_FORMATS = ['relative', 'local', 'utc', 'delta', 'reference', 'epoch'] as const;

interface SettingsProps {
  readonly first: TabName;
  /** For colours: a filter that a new rule begins with. */
  readonly argument: string;
  readonly onClose: () => void;
}

export function Settings({ first, argument, onClose }: SettingsProps) {
  const t = useText();
  return (
    <Dialog title={t('settings.title')} size="large" onClose={onClose}>
      <Tabs defaultSelectedKey={first}>
        <TabList aria-label={t('settings.title')} className={styles.tabs ?? ''}>
          {TABS.map((tab) => (
            <Tab key={tab} id={tab} className={styles.tab ?? ''}>
              {t(`settings.tab.${tab}`)}
            </Tab>
          ))}
        </TabList>
        <TabPanel id="settings" className={styles.tabPanel ?? ''}>
          <General />
        </TabPanel>
        <TabPanel id="columns" className={styles.tabPanel ?? ''}>
          <ColumnList />
        </TabPanel>
        <TabPanel id="colours" className={styles.tabPanel ?? ''}>
          <ColourRules newFilter={argument} />
        </TabPanel>
      </Tabs>
    </Dialog>
  );
}

function General() {
  const app = useApp();
  const t = useText();
  const settings = useStore(app.settings, (all) => all);
  const set = (patch: Partial<AllSettings>): void => app.settings.update(patch);
  return (
    <>
      <Choice
        label={t('settings.language')}
        value={settings.language}
        onChange={(language) => set({ language })}
        options={[
          { value: 'system', title: t('settings.system') },
          { value: 'en', title: 'English' },
          { value: 'ja', title: '日本語' },
        ]}
      />
      <Choice
        label={t('settings.theme')}
        value={settings.theme}
        onChange={(theme) => set({ theme })}
        options={(['system', 'light', 'dark', 'contrast'] as const).map((value) => ({
          value,
          title: t(value === 'system' ? 'settings.system' : `settings.theme.${value}`),
        }))}
      />
      <Choice
        label={t('settings.density')}
        value={settings.density}
        onChange={(density) => set({ density })}
        options={(['compact', 'normal'] as const).map((value) => ({ value, title: t(`settings.density.${value}`) }))}
      />
      <Choice
        label={t('settings.time')}
        value={settings.timeFormat}
        onChange={(timeFormat) => set({ timeFormat })}
        options={TIME_FORMATS.map((value) => ({ value, title: t(`time.${value}`) }))}
      />
      <Check
        label={t('settings.relativeSequence')}
        isOn={settings.relativeSequence}
        onChange={(relativeSequence) => set({ relativeSequence })}
      />
    </>
  );
}
