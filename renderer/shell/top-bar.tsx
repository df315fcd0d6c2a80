/** The top bar: mark and menu, open, export, the file, search and settings. */

import { ArrowDownToLine, CircleDot, CircleStop, Download, FolderOpen, Search, Settings } from 'lucide-react';
import { Button as AriaButton, Toolbar } from 'react-aria-components';
import { formatBytes } from '../../engine/text/format/bytes.ts';
import { captureFollow, captureToggle } from '../commands/capture.ts';
import { type Command, runCommand } from '../commands/command.ts';
import { exportPackets } from '../commands/export-packets.ts';
import { openSettings, palette } from '../commands/help.ts';
import { commandShortcut } from '../commands/menu-entry.ts';
import { openFile } from '../commands/open-file.ts';
import { Button } from '../components/button.tsx';
import { IconButton } from '../components/icon-button.tsx';
import { MenuButton } from '../components/menu.tsx';
import { useApp, useLanguage, useText } from '../state/use-app.ts';
import { useStore } from '../state/use-store.ts';
import { appMenu } from './app-menu.ts';
import { Mark } from './mark.tsx';
import css from './top-bar.module.css';

export function TopBar() {
  const app = useApp();
  const t = useText();
  const hasView = useStore(app.filter, (filter) => filter.view !== null);
  const isCollapsed = useStore(app.layout, (layout) => layout.isSideBarCollapsed);
  const run = (command: Command) => () => void runCommand(app, command);
  return (
    <header className={css.bar}>
      <div className={css.brand} data-collapsed={isCollapsed || undefined}>
        <AppMenuButton isCollapsed={isCollapsed} />
      </div>
      <Toolbar aria-label={t('toolbar.label')} className={css.tools ?? ''}>
        <Button icon={FolderOpen} onPress={run(openFile)}>
          {t('toolbar.open')}
        </Button>
        <CaptureButtons />
        <Button icon={Download} isDisabled={!hasView} onPress={run(exportPackets)}>
          {t('toolbar.export')}
        </Button>
      </Toolbar>
      <FileName />
      <div className={css.right}>
        <IconButton
          icon={Search}
          label={t('toolbar.search')}
          shortcut={commandShortcut(app, palette)}
          onPress={run(palette)}
        />
        <IconButton
          icon={Settings}
          label={t('toolbar.settings')}
          shortcut={commandShortcut(app, openSettings)}
          onPress={run(openSettings)}
        />
      </div>
    </header>
  );
}

/** Leads to the capture page; red while a capture runs, with the way to end it and to follow its end beside it. */
function CaptureButtons() {
  const app = useApp();
  const t = useText();
  const isRunning = useStore(app.session, ({ state }) => state?.live?.isRunning === true);
  const follows = useStore(app.capture, (capture) => capture.follows);
  const show = (): void => void app.navigate({ panel: 'live-capture' });
  if (!isRunning) {
    return (
      <Button icon={CircleDot} onPress={show}>
        {t('toolbar.capture')}
      </Button>
    );
  }
  return (
    <>
      <Button icon={CircleDot} kind="live" onPress={show}>
        {t('toolbar.capturing')}
      </Button>
      <IconButton
        icon={CircleStop}
        label={t('toolbar.stopCapture')}
        shortcut={commandShortcut(app, captureToggle)}
        onPress={() => void runCommand(app, captureToggle)}
      />
      <IconButton
        icon={ArrowDownToLine}
        label={t('command.captureFollow')}
        isOn={follows}
        onPress={() => void runCommand(app, captureFollow)}
      />
    </>
  );
}

function AppMenuButton({ isCollapsed }: { readonly isCollapsed: boolean }) {
  const app = useApp();
  const t = useText();
  return (
    <MenuButton label={t('toolbar.menu')} groups={() => appMenu(app, t)}>
      <AriaButton className={css.mark ?? ''} aria-label={`${t('app.name')}: ${t('toolbar.menu')}`}>
        <Mark />
        {!isCollapsed && <span className={css.name}>{t('app.name')}</span>}
      </AriaButton>
    </MenuButton>
  );
}

/** Name, size and where it was taken; of several files the first and how many more. */
function FileName() {
  const app = useApp();
  const t = useText();
  const language = useLanguage();
  const state = useStore(app.session, (session) => session.state);
  const first = state?.files[0];
  if (state === null || first === undefined) return <div className={css.file} />;
  const size = state.files.reduce((sum, file) => sum + file.size, 0);
  const interfaces = [...new Set(state.interfaces.map((one) => one.name || one.linkName))].filter(
    (name) => name !== '',
  );
  const about = [formatBytes(size, language), interfaces.slice(0, 2).join(', ')].filter((part) => part !== '');
  const paths = state.files.map((file) => file.path).join('\n');
  return (
    <div className={css.file} title={paths}>
      <span className={css.fileName}>{first.name}</span>
      {state.files.length > 1 && <span>{t('toolbar.moreFiles', { count: state.files.length - 1 })}</span>}
      <span className={css.about}>{about.join(' · ')}</span>
    </div>
  );
}
