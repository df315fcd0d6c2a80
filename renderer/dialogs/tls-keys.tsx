/** Chooses the file with secrets of TLS connections (SSLKEYLOGFILE), which all captures are decrypted with. */

import { useState } from 'react';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { errorText } from '../state/error-text.ts';
import { useApp, useLanguage, useText } from '../state/use-app.ts';
import { useStore } from '../state/use-store.ts';
import styles from './dialogs.module.css';
import { OpenDialog } from './open.tsx';

export function TlsKeys({ onClose }: { readonly onClose: () => void }) {
  const app = useApp();
  const t = useText();
  const language = useLanguage();
  const path = useStore(app.settings, (settings) => settings.tlsKeyLog);
  const [isBrowsing, setBrowsing] = useState(false);
  const [secrets, setSecrets] = useState<number>();
  const [problem, setProblem] = useState<string>();

  const take = async (next: string | null): Promise<void> => {
    setProblem(undefined);
    setSecrets(undefined);
    try {
      const found = await app.client.request('keys.set', { path: next });
      if (next !== null) setSecrets(found.secrets);
    } catch (error) {
      setProblem(errorText(language, error, 'bare') ?? undefined);
    }
  };
  const choose = async (): Promise<void> => {
    if (!app.info.hasDialogs) return setBrowsing(true);
    const [chosen] = await app.client.request('files.dialog', { kind: 'keys' });
    if (chosen !== undefined) await take(chosen);
  };

  if (isBrowsing) {
    return (
      <OpenDialog
        title={t('tlsKeys.title')}
        onClose={() => setBrowsing(false)}
        onChosen={([chosen]) => {
          if (chosen !== undefined) void take(chosen);
        }}
      />
    );
  }
  return (
    <Dialog
      title={t('tlsKeys.title')}
      size="small"
      onClose={onClose}
      foot={
        <>
          {path !== '' && <Button onPress={() => void take(null)}>{t('tlsKeys.remove')}</Button>}
          <Button onPress={() => void choose().catch(app.report)}>{t('tlsKeys.choose')}</Button>
          <Button kind="primary" onPress={onClose}>
            {t('action.close')}
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        <p>{t('tlsKeys.about')}</p>
        <p>
          <strong>{path === '' ? t('tlsKeys.none') : path}</strong>
        </p>
        {secrets !== undefined && <p role="status">{t('tlsKeys.secrets', { count: secrets })}</p>}
        {problem !== undefined && <p role="alert">{problem}</p>}
      </div>
    </Dialog>
  );
}
