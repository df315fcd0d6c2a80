/** Names that the user gives: labels for addresses or blocks of them, kept in the settings, and hosts files, kept by the host. */

import { Download, FolderOpen, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { FileTrigger } from 'react-aria-components';
import type { HostsList } from '../../engine/contract/names.ts';
import type { AddressLabel } from '../../engine/contract/preferences.ts';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { Check, TextInput } from '../components/form.tsx';
import { IconButton } from '../components/icon-button.tsx';
import { useQuery } from '../rpc/use-query.ts';
import { isAddressBlock, joinLabels, labelsOf, labelText } from '../state/address-labels.ts';
import { useApp, useText } from '../state/use-app.ts';
import { useStore } from '../state/use-store.ts';
import files from './cloud-files.module.css';
import styles from './dialogs.module.css';
import { download } from './export.tsx';
import { removeItem, replaceItem } from './list-order.ts';

const LABEL_FILE = 'nagare-labels.txt';

/** `address`: one that is to be named; '' for none. */
export function NamesDialog({ address, onClose }: { readonly address: string; readonly onClose: () => void }) {
  const app = useApp();
  const t = useText();
  const kept = useStore(app.settings, (settings) => settings.labels);
  const showsNames = useStore(app.settings, (settings) => settings.showNames);
  const [labels, setLabels] = useState<readonly AddressLabel[]>(() =>
    address === '' || kept.some((one) => one.address === address) ? kept : [{ address, name: '' }, ...kept],
  );
  const [revision, setRevision] = useState(0);
  const [said, setSaid] = useState<{ readonly text: string; readonly isProblem: boolean } | null>(null);
  const { value: hosts } = useQuery('names.list', {}, revision);

  /** Labels that are not finished stay here. */
  const set = (next: readonly AddressLabel[]): void => {
    setLabels(next);
    app.settings.update({ labels: next.filter(({ address, name }) => isAddressBlock(address) && name.trim() !== '') });
  };
  const read = async (list: FileList | null): Promise<void> => {
    setSaid(null);
    for (const file of list ?? []) {
      const added = labelsOf(await file.text());
      if (added.length === 0) setSaid({ text: t('names.noLabels', { name: file.name }), isProblem: true });
      else {
        set(joinLabels(labels, added));
        setSaid({ text: t('names.read', { name: file.name, count: added.length }), isProblem: false });
      }
    }
  };
  const save = async (): Promise<void> => {
    let path: string | null = null;
    if (app.info.hasDialogs) {
      const [chosen] = await app.client.request('files.dialog', { kind: 'save', suggestedName: LABEL_FILE });
      if (chosen === undefined) return;
      path = chosen;
    }
    const text = labelText(app.settings.get().labels);
    const done = await app.client.request('filters.export', { path, suggestedName: LABEL_FILE, text });
    if (done.download !== null) download(done.download, LABEL_FILE);
  };
  const told = ({ refused }: HostsList): void => {
    setRevision((before) => before + 1);
    setSaid(refused === null ? null : { text: t('names.noHosts', { name: refused }), isProblem: true });
  };
  const addHosts = async (list: FileList | null): Promise<void> => {
    for (const file of list ?? [])
      told(await app.client.request('names.add', { name: file.name, text: await file.text() }));
  };

  return (
    <Dialog
      title={t('names.title')}
      size="large"
      onClose={onClose}
      foot={
        <Button kind="primary" onPress={onClose}>
          {t('action.close')}
        </Button>
      }
    >
      <div className={styles.form}>
        <p>{t('names.about')}</p>
        <Check label={t('names.show')} isOn={showsNames} onChange={(showNames) => app.settings.update({ showNames })} />
        <h3>{t('names.labels')}</h3>
        {labels.length === 0 && <p className={styles.quiet}>{t('names.none')}</p>}
        {labels.length > 0 && (
          <div className={styles.rules} role="list" aria-label={t('names.labels')}>
            {labels.map((label, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: labels have no identity but their place
              <div key={index} role="listitem" className={`${styles.rule} ${styles.labelRule}`}>
                <TextInput
                  label={t('names.address')}
                  isLabelHidden
                  isMono
                  placeholder={t('names.address')}
                  value={label.address}
                  problem={label.address === '' || isAddressBlock(label.address) ? undefined : t('names.badAddress')}
                  onChange={(next) => set(replaceItem(labels, index, { ...label, address: next }))}
                />
                <TextInput
                  label={t('names.name')}
                  isLabelHidden
                  placeholder={t('names.name')}
                  isAutoFocused={address !== '' && label.address === address}
                  value={label.name}
                  onChange={(name) => set(replaceItem(labels, index, { ...label, name }))}
                />
                <IconButton
                  icon={Trash2}
                  isSmall
                  label={t('names.remove')}
                  onPress={() => set(removeItem(labels, index))}
                />
              </div>
            ))}
          </div>
        )}
        <div className={styles.tools}>
          <Button icon={Plus} onPress={() => setLabels([{ address: '', name: '' }, ...labels])}>
            {t('names.add')}
          </Button>
          <FileTrigger onSelect={(list) => void read(list).catch(app.report)}>
            <Button icon={FolderOpen}>{t('names.import')}</Button>
          </FileTrigger>
          <Button icon={Download} isDisabled={kept.length === 0} onPress={() => void save().catch(app.report)}>
            {t('names.export')}
          </Button>
        </div>
        <h3>{t('names.hosts')}</h3>
        {hosts?.files.length === 0 && <p className={styles.quiet}>{t('names.noHostsYet')}</p>}
        <ul className={files.files} aria-label={t('names.hosts')}>
          {(hosts?.files ?? []).map(({ name, entries, wrong }) => (
            <li key={name} className={files.file}>
              <span className={files.name}>{name}</span>
              <span className={files.count}>
                {t('report.rows', { count: entries })}
                {wrong > 0 && ` · ${t('names.wrong', { count: wrong })}`}
              </span>
              <IconButton
                icon={Trash2}
                isSmall
                label={t('names.removeHosts', { name })}
                onPress={() => void app.client.request('names.remove', { name }).then(told).catch(app.report)}
              />
            </li>
          ))}
        </ul>
        <div>
          <FileTrigger allowsMultiple onSelect={(list) => void addHosts(list).catch(app.report)}>
            <Button icon={Plus}>{t('names.addHosts')}</Button>
          </FileTrigger>
        </div>
        {said !== null && <p role={said.isProblem ? 'alert' : 'status'}>{said.text}</p>}
      </div>
    </Dialog>
  );
}
