/** "Commands for another machine": the capture options as what Windows, Linux, a mirror's target or Azure can run. */

import { Copy } from 'lucide-react';
import { useState } from 'react';
import { machineCommands } from '../../../engine/capture/other-machine/index.ts';
import {
  MACHINES,
  type Machine,
  type MachineCommands,
  type MachineNames,
  type WindowsShell,
} from '../../../engine/capture/other-machine/machine.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Select, TextInput } from '../../components/form.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { copyToClipboard } from '../../state/clipboard.ts';
import { useApp, useText } from '../../state/use-app.ts';
import { useStore } from '../../state/use-store.ts';
import dialogs from '../dialogs.module.css';
import styles from './capture-options.module.css';
import { CommandLines } from './command-box.tsx';

type NameId = keyof MachineNames;

/** Names that each machine's commands are made with, and what stands there until someone says. */
const NAMES: Readonly<Record<Machine, readonly NameId[]>> = {
  linux: ['interface', 'host'],
  pktmon: [],
  netsh: [],
  vxlan: ['interface', 'host', 'vni'],
  azure: ['vm', 'resourceGroup', 'location', 'storageAccount'],
};

const EXAMPLES: Readonly<Record<NameId, string>> = {
  interface: 'eth0',
  host: 'user@host',
  vni: '',
  vm: 'VM',
  resourceGroup: 'RESOURCE_GROUP',
  location: 'REGION',
  storageAccount: 'STORAGE_ACCOUNT',
};

const MOST_VNI = 0xffffff;

export function CaptureCommands({ onClose }: { readonly onClose: () => void }) {
  const app = useApp();
  const t = useText();
  const options = useStore(app.capture, (state) => state.options);
  const names = useStore(app.capture, (state) => state.names);
  const [machine, setMachine] = useState<Machine>('linux');
  const [shell, setShell] = useState<WindowsShell>('cmd');
  const vniText = (names['vni'] ?? '').trim();
  const isVni = vniText === '' || (/^\d{1,8}$/.test(vniText) && Number(vniText) <= MOST_VNI);
  const nameOf = (id: NameId): string => (names[id] ?? '').trim() || EXAMPLES[id];
  const commands = machineCommands(machine, {
    settings: { ...options, interfaces: [nameOf('interface')], remote: null },
    windowsShell: shell,
    names: {
      interface: nameOf('interface'),
      host: nameOf('host'),
      vni: isVni && vniText !== '' ? Number(vniText) : null,
      vm: nameOf('vm'),
      resourceGroup: nameOf('resourceGroup'),
      location: nameOf('location'),
      storageAccount: nameOf('storageAccount'),
    },
  });
  const copyAll = (): void => {
    // Another way to start is for another machine.
    const text = commands.steps.flatMap(({ id, lines }) => (id === 'startOld' ? [] : lines)).join('\n');
    void copyToClipboard(app, text);
  };
  return (
    <Dialog
      title={t('captureCommands.title')}
      size="large"
      onClose={onClose}
      foot={
        <>
          <span className={dialogs.note}>{t('captureCommands.fromOptions')}</span>
          <Button onPress={() => app.layout.openDialog('captureOptions')}>{t('live.options')}</Button>
          <Button kind="primary" onPress={copyAll}>
            {t('captureCommands.copyAll')}
          </Button>
        </>
      }
    >
      <div className={styles.machine}>
        <div className={styles.machines} role="group" aria-label={t('captureCommands.machine')}>
          {MACHINES.map((one) => (
            <button
              key={one}
              type="button"
              className={styles.machineEntry}
              aria-pressed={one === machine}
              onClick={() => setMachine(one)}
            >
              {t(`captureCommands.machine.${one}`)}
            </button>
          ))}
        </div>
        <div className={styles.machineBody}>
          <TextInput
            label={t('captureCommands.filter')}
            isMono
            value={options.filter}
            placeholder={t('live.filter.placeholder')}
            onChange={(filter) => app.capture.change({ filter })}
          />
          <div className={styles.names}>
            {commands.shell !== 'sh' && (
              <Select
                label={t('captureCommands.shell')}
                value={shell}
                options={[
                  { value: 'cmd', title: 'cmd' },
                  { value: 'powershell', title: 'PowerShell' },
                ]}
                onChange={setShell}
              />
            )}
            {NAMES[machine].map((id) => (
              <TextInput
                key={id}
                label={t(`captureCommands.name.${id}`)}
                isMono
                value={names[id] ?? ''}
                placeholder={EXAMPLES[id]}
                problem={id === 'vni' && !isVni ? t('captureCommands.badVni') : undefined}
                onChange={(value) => app.capture.keep({ names: { ...names, [id]: value } })}
              />
            ))}
          </div>
          <Steps commands={commands} />
        </div>
      </div>
    </Dialog>
  );
}

function Steps({ commands }: { readonly commands: MachineCommands }) {
  const app = useApp();
  const t = useText();
  return (
    <>
      {commands.notes.length > 0 && (
        <ul className={styles.notes}>
          {commands.notes.map((note) => (
            <li key={note} className={note.startsWith('filter') || note === 'mirrorWhole' ? styles.amber : undefined}>
              {t(`captureCommands.note.${note}`)}
            </li>
          ))}
        </ul>
      )}
      {commands.steps.map(({ id, lines }) => {
        const title = t(`captureCommands.step.${id}`);
        return (
          <section key={id} className={styles.step} aria-label={title}>
            <div className={styles.stepHead}>
              <span>{title}</span>
              <IconButton
                icon={Copy}
                isSmall
                label={t('captureCommands.copyStep', { step: title })}
                onPress={() => void copyToClipboard(app, lines.join('\n'))}
              />
            </div>
            <pre className={styles.code} data-selectable>
              <CommandLines text={lines.join('\n')} />
            </pre>
          </section>
        );
      })}
      <p className={styles.bring}>{t('captureCommands.bring', { file: commands.file })}</p>
    </>
  );
}
