/** Asks for a packet's number and goes there. */

import { useState } from 'react';
import { Form } from 'react-aria-components';
import { formatCount } from '../../engine/text/format/count.ts';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { TextInput } from '../components/form.tsx';
import { focusPlace } from '../state/focus-places.ts';
import { useApp, useLanguage, useText } from '../state/use-app.ts';
import { useStore } from '../state/use-store.ts';
import styles from './dialogs.module.css';
import { parseNumber } from './packet-numbers.ts';

export function GoTo({ onClose }: { readonly onClose: () => void }) {
  const app = useApp();
  const t = useText();
  const language = useLanguage();
  const packets = useStore(app.session, ({ state }) => state?.packets ?? 0);
  const [text, setText] = useState('');
  const number = parseNumber(text);
  const isThere = number !== null && number >= 1 && number <= packets;

  const go = async (): Promise<void> => {
    const { view } = app.filter.get();
    if (!isThere || view === null) return;
    onClose();
    const { isShown } = await app.client.request('view.position', { view: view.view, row: number - 1 });
    if (!isShown) app.notices.show({ tone: 'amber', text: app.t('goTo.hidden', { number }) });
    await app.goToPacket(number - 1);
    focusPlace('list');
  };

  return (
    <Dialog
      title={t('goTo.title')}
      size="small"
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>{t('action.cancel')}</Button>
          <Button kind="primary" type="submit" form="go-to" isDisabled={!isThere}>
            {t('goTo.go')}
          </Button>
        </>
      }
    >
      <Form
        id="go-to"
        className={styles.form ?? ''}
        onSubmit={(event) => {
          event.preventDefault();
          go().catch(app.report);
        }}
      >
        <TextInput
          label={t('goTo.number')}
          value={text}
          onChange={setText}
          isAutoFocused
          isMono
          inputMode="numeric"
          hint={t('goTo.hint', { last: formatCount(packets, language) })}
          problem={
            text.trim() === '' || isThere ? undefined : t('goTo.wrong', { last: formatCount(packets, language) })
          }
        />
      </Form>
    </Dialog>
  );
}
