/** What the user knows about the cloud: a map, published address ranges, prices. The host keeps copies. */

import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { FileTrigger } from 'react-aria-components';
import type { CloudList } from '../../engine/contract/cloud.ts';
import { translateUnchecked } from '../../engine/text/index.ts';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { TextInput } from '../components/form.tsx';
import { IconButton } from '../components/icon-button.tsx';
import { useQuery } from '../rpc/use-query.ts';
import { useApp, useLanguage, useText } from '../state/use-app.ts';
import styles from './cloud-files.module.css';
import dialogs from './dialogs.module.css';

const PRICE_LINES = 9;
const EXAMPLE = '# date: \n# currency: \n# source: \nclass,free,up to,price\ninternet,,,\n';

export function CloudFiles({ onClose }: { readonly onClose: () => void }) {
  const app = useApp();
  const t = useText();
  const language = useLanguage();
  const [revision, setRevision] = useState(0);
  const [draft, setDraft] = useState<string | null>(null);
  const [said, setSaid] = useState<{ readonly text: string; readonly isProblem: boolean } | null>(null);
  const { value } = useQuery('cloud.list', {}, revision);
  const prices = draft ?? (value?.prices || EXAMPLE);

  const told = (name: string, { problem }: CloudList): boolean => {
    setRevision((before) => before + 1);
    if (problem === null) return true;
    const { key, line, what } = problem;
    const wrong = translateUnchecked(language, `cloud.problem.${key}`) ?? key;
    setSaid({
      text: t('cloud.badFile', { name, problem: wrong, line: line === 0 ? what : `${line}: ${what}` }),
      isProblem: true,
    });
    return false;
  };
  const add = async (files: FileList | null): Promise<void> => {
    setSaid(null);
    for (const file of files ?? []) {
      const list = await app.client.request('cloud.add', { name: file.name, text: await file.text() });
      if (!told(file.name, list)) return;
    }
  };
  const keep = async (): Promise<void> => {
    setSaid(null);
    const list = await app.client.request('cloud.add', { name: 'prices.csv', text: prices });
    if (!told(t('cloud.prices'), list)) return;
    setDraft(null);
    setSaid({ text: t('cloud.kept'), isProblem: false });
  };
  const remove = async (name: string): Promise<void> => {
    setSaid(null);
    told(name, await app.client.request('cloud.remove', { name }));
    setDraft(null);
  };

  return (
    <Dialog
      title={t('cloud.filesTitle')}
      onClose={onClose}
      foot={
        <Button kind="primary" onPress={onClose}>
          {t('action.close')}
        </Button>
      }
    >
      <div className={dialogs.form}>
        <p>{t('cloud.filesAbout')}</p>
        {value !== undefined && value.files.length === 0 && <p className={styles.none}>{t('cloud.none')}</p>}
        <ul className={styles.files} aria-label={t('cloud.files')}>
          {(value?.files ?? []).map(({ name, kind, date, entries }) => (
            <li key={name} className={styles.file}>
              <span className={styles.kind}>{t(`cloud.kind.${kind}`)}</span>
              <span className={styles.name}>{name}</span>
              <span className={styles.date}>{kind === 'map' ? '' : date === '' ? t('cloud.undated') : date}</span>
              <span className={styles.count}>{t('report.rows', { count: entries })}</span>
              <IconButton
                icon={Trash2}
                isSmall
                label={t('cloud.remove', { name })}
                onPress={() => void remove(name).catch(app.report)}
              />
            </li>
          ))}
        </ul>
        <div>
          <FileTrigger
            allowsMultiple
            acceptedFileTypes={['.json', '.csv', '.txt']}
            onSelect={(files) => void add(files).catch(app.report)}
          >
            <Button icon={Plus}>{t('cloud.add')}</Button>
          </FileTrigger>
        </div>
        {said !== null && <p role={said.isProblem ? 'alert' : 'status'}>{said.text}</p>}
        <TextInput
          label={t('cloud.prices')}
          hint={t('cloud.pricesHint')}
          isMono
          lines={PRICE_LINES}
          value={prices}
          onChange={setDraft}
        />
        <div>
          <Button isDisabled={draft === null} onPress={() => void keep().catch(app.report)}>
            {t('cloud.keepPrices')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
