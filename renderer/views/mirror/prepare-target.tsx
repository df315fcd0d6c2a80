/** How a machine is made the target of a mirror: commands for its card, its tunnel device and a capture, to be copied. */

import { Terminal } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Select, TextInput } from '../../components/form.tsx';
import { copyToClipboard } from '../../state/clipboard.ts';
import { useApp, useText } from '../../state/use-app.ts';
import styles from './mirror.module.css';
import { isAddress, isCard, TARGET_TUNNELS, type TargetTunnel, targetLines } from './target-lines.ts';

const MOST_KEY = 2 ** 24 - 1;

export function PrepareTarget() {
  const app = useApp();
  const t = useText();
  const [isOpen, setOpen] = useState(false);
  const [tunnel, setTunnel] = useState<TargetTunnel>('vxlan');
  const [key, setKey] = useState('1');
  const [card, setCard] = useState('eth0');
  const [mtu, setMtu] = useState('1500');
  const [own, setOwn] = useState('');
  const [source, setSource] = useState('');
  const wantsSource = tunnel !== 'vxlan';
  const wantsOwn = tunnel === 'erspan';
  const isWhole =
    isCard(card) &&
    isNumber(key, 0, MOST_KEY) &&
    isNumber(mtu, 576, 9000) &&
    (!wantsSource || isAddress(source)) &&
    (!wantsOwn || isAddress(own));
  const lines = isWhole ? targetLines({ tunnel, key: Number(key), card, mtu: Number(mtu), own, source }) : [];
  const close = (): void => setOpen(false);
  return (
    <>
      <Button icon={Terminal} onPress={() => setOpen(true)}>
        {t('mirror.prepare')}
      </Button>
      {isOpen && (
        <Dialog
          title={t('mirror.prepare')}
          onClose={close}
          foot={
            <>
              <Button isDisabled={!isWhole} onPress={() => void copyToClipboard(app, lines.join('\n'))}>
                {t('mirror.copyCommands')}
              </Button>
              <Button kind="primary" onPress={close}>
                {t('action.close')}
              </Button>
            </>
          }
        >
          <p className={styles.about}>{t('mirror.prepareAbout')}</p>
          <div className={styles.target}>
            <Select
              label={t('mirror.tunnel')}
              value={tunnel}
              options={TARGET_TUNNELS.map((value) => ({ value, title: t(`mirror.tunnel.${value}`) }))}
              onChange={setTunnel}
            />
            <TextInput label={t('mirror.key')} inputMode="numeric" isMono value={key} onChange={setKey} />
            <TextInput label={t('mirror.card')} isMono value={card} onChange={setCard} />
            <TextInput label={t('mirror.mtu')} inputMode="numeric" isMono value={mtu} onChange={setMtu} />
            {wantsOwn && <TextInput label={t('mirror.own')} isMono value={own} onChange={setOwn} />}
            {wantsSource && <TextInput label={t('mirror.source')} isMono value={source} onChange={setSource} />}
          </div>
          <section aria-label={t('mirror.commands')}>
            {isWhole ? (
              <pre className={styles.lines}>{lines.join('\n')}</pre>
            ) : (
              <p className={styles.about}>{t('mirror.incomplete')}</p>
            )}
          </section>
          <p className={styles.about}>{t('mirror.prepareCheck')}</p>
        </Dialog>
      )}
    </>
  );
}

function isNumber(text: string, least: number, most: number): boolean {
  return /^\d{1,8}$/.test(text) && Number(text) >= least && Number(text) <= most;
}
