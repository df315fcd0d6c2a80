/** The capture options: what tcpdump and dumpcap can be told, each with its letter; below, the same as a command line. */

import { useState } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import type { ParsedCommand } from '../../../engine/capture/parse-command/index.ts';
import { DEFAULT_CAPTURE } from '../../../engine/contract/capture.ts';
import { startCapture } from '../../commands/capture.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import type { CaptureOptions } from '../../state/capture-store.ts';
import { useApp, useText } from '../../state/use-app.ts';
import { useStore } from '../../state/use-store.ts';
import dialogs from '../dialogs.module.css';
import styles from './capture-options.module.css';
import { CommandBox, PasteBox } from './command-box.tsx';
import { OPTION_TABS, tabsWithProblems } from './option-problems.ts';
import { CaptureTab, type Draft, FilesTab, RecorderTab, RemoteTab } from './option-tabs.tsx';

export function CaptureOptionsDialog({ onClose }: { readonly onClose: () => void }) {
  const app = useApp();
  const t = useText();
  const ability = useStore(app.capture, (state) => state.ability);
  const isRunning = useStore(app.session, ({ state }) => state?.live?.isRunning === true);
  const [draft, setDraft] = useState<Draft>(() => {
    const { options, chosen, remoteInterface } = app.capture.get();
    return { options, chosen, remoteInterface };
  });
  const [displayFilter, setDisplayFilter] = useState<string | null>(null);
  const { options, chosen, remoteInterface } = draft;
  const problems = tabsWithProblems(options);
  const listed = ability?.interfaces.map(({ name }) => name) ?? [];
  const change = (patch: Partial<CaptureOptions>): void => setDraft({ ...draft, options: { ...options, ...patch } });
  const interfaces = options.remote === null ? [...chosen] : [remoteInterface];

  const paste = (parsed: ParsedCommand): void => {
    const here = parsed.interfaces.filter((name) => listed.includes(name));
    const [there = remoteInterface] = parsed.interfaces;
    const isRemote = parsed.settings.remote !== null;
    setDraft({
      // What the window alone has is not said by a command line.
      options: { ...parsed.settings, keepMinutes: options.keepMinutes, saveWhen: options.saveWhen },
      chosen: isRemote || here.length === 0 ? chosen : here,
      remoteInterface: isRemote ? there : remoteInterface,
    });
    setDisplayFilter(parsed.displayFilter);
  };
  const apply = (): void => {
    app.capture.keep(draft);
    if (displayFilter !== null) app.capture.setDisplayFilter(displayFilter);
    onClose();
  };
  const tabs = { capture: CaptureTab, files: FilesTab, recorder: RecorderTab, remote: RemoteTab } as const;

  return (
    <Dialog
      title={t('captureOptions.title')}
      size="large"
      onClose={onClose}
      foot={
        <>
          <span className={dialogs.note}>
            <Button kind="quiet" onPress={() => setDraft({ ...draft, options: DEFAULT_CAPTURE })}>
              {t('captureOptions.reset')}
            </Button>
          </span>
          <Button onPress={onClose}>{t('action.cancel')}</Button>
          <Button isDisabled={problems.size > 0} onPress={apply}>
            {t('captureOptions.apply')}
          </Button>
          <Button
            kind="primary"
            isDisabled={problems.size > 0 || interfaces.length === 0 || isRunning || ability?.tool === 'none'}
            onPress={() => {
              apply();
              void startCapture(app);
            }}
          >
            {t('captureOptions.start')}
          </Button>
        </>
      }
    >
      <Tabs>
        <TabList aria-label={t('captureOptions.title')} className={dialogs.tabs ?? ''}>
          {OPTION_TABS.map((tab) => (
            <Tab key={tab} id={tab} className={`${dialogs.tab ?? ''} ${problems.has(tab) ? styles.wrongTab : ''}`}>
              {t(`captureOptions.tab.${tab}`)}
            </Tab>
          ))}
        </TabList>
        {OPTION_TABS.map((tab) => {
          const Contents = tabs[tab];
          return (
            <TabPanel key={tab} id={tab} className={styles.tabPanel ?? ''}>
              <Contents draft={draft} ability={ability} onChange={change} onDraft={setDraft} />
            </TabPanel>
          );
        })}
      </Tabs>
      {interfaces.length > 0 && problems.size === 0 && <CommandBox settings={{ ...options, interfaces }} />}
      <PasteBox listed={listed} onParsed={paste} />
    </Dialog>
  );
}
