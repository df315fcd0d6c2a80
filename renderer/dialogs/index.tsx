/** The dialog that is open, if one is: what commands ask for by name (state/layout-store.ts). */

import { useApp } from '../state/use-app.ts';
import { useStore } from '../state/use-store.ts';
import { About } from './about.tsx';
import { CaptureCommands } from './capture/commands.tsx';
import { CaptureLeave } from './capture/leave.tsx';
import { CaptureOptionsDialog } from './capture/options.tsx';
import { CaptureSave } from './capture/save.tsx';
import { Comments } from './comments.tsx';
import { DecodeAs } from './decode-as.tsx';
import { ExportDialog } from './export.tsx';
import { Filters } from './filters.tsx';
import { FindBar } from './find-bar.tsx';
import { Follow } from './follow/index.tsx';
import { GoTo } from './go-to.tsx';
import { NamesDialog } from './names.tsx';
import { Objects } from './objects/index.tsx';
import { OpenDialog } from './open.tsx';
import { Palette } from './palette.tsx';
import { Settings } from './settings.tsx';
import { Shortcuts } from './shortcuts.tsx';
import { TlsKeys } from './tls-keys.tsx';
import { Unwanted } from './unwanted.tsx';

export function Dialogs() {
  const app = useApp();
  const dialog = useStore(app.layout, (layout) => layout.dialog);
  if (dialog === null) return null;
  const close = app.layout.closeDialog;
  switch (dialog.name) {
    case 'open':
      return <OpenDialog onClose={close} />;
    case 'export':
      return <ExportDialog onClose={close} />;
    case 'filters':
      return <Filters onClose={close} />;
    case 'find':
      return <FindBar request={dialog} onClose={close} />;
    case 'follow':
      return <Follow argument={dialog.argument} onClose={close} />;
    case 'objects':
      return <Objects onClose={close} />;
    case 'goTo':
      return <GoTo onClose={close} />;
    case 'settings':
    case 'columns':
    case 'colours':
      return <Settings key={dialog.name} first={dialog.name} argument={dialog.argument} onClose={close} />;
    case 'shortcuts':
      return <Shortcuts onClose={close} />;
    case 'comments':
      return <Comments onClose={close} />;
    case 'decodeAs':
      return <DecodeAs onClose={close} />;
    case 'tlsKeys':
      return <TlsKeys onClose={close} />;
    case 'names':
      return <NamesDialog address={dialog.argument} onClose={close} />;
    case 'unwanted':
      return <Unwanted onClose={close} />;
    case 'captureOptions':
      return <CaptureOptionsDialog onClose={close} />;
    case 'captureCommands':
      return <CaptureCommands onClose={close} />;
    case 'captureSave':
      return <CaptureSave onClose={close} />;
    case 'captureLeave':
      return <CaptureLeave onClose={close} />;
    case 'palette':
      return <Palette onClose={close} />;
    case 'about':
      return <About onClose={close} />;
  }
}
