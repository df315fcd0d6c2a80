/** What of a live capture is saved: all of it, or its last minutes. */

import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Choice, TextInput } from '../../components/form.tsx';
import { useApp, useText } from '../../state/use-app.ts';
import { saveCapture } from './save-capture.ts';

export function CaptureSave({ onClose }: { readonly onClose: () => void }) {
  const app = useApp();
  const t = useText();
  const [what, setWhat] = useState<'all' | 'last'>('all');
  const [text, setText] = useState('5');
  const minutes = /^\d{1,6}(?:[.,]\d{1,2})?$/.test(text.trim()) ? Number(text.trim().replace(',', '.')) : 0;
  const isSound = what === 'all' || minutes >= 0.1;
  const save = (): void => {
    onClose();
    void saveCapture(app, what === 'all' ? null : minutes);
  };
  return (
    <Dialog
      title={t('captureSave.title')}
      size="small"
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>{t('action.cancel')}</Button>
          <Button kind="primary" isDisabled={!isSound} onPress={save}>
            {t(app.info.hasDialogs ? 'captureSave.choose' : 'captureSave.save')}
          </Button>
        </>
      }
    >
      <Choice
        label={t('captureSave.what')}
        value={what}
        onChange={setWhat}
        options={[
          { value: 'all', title: t('captureSave.all') },
          { value: 'last', title: t('captureSave.last') },
        ]}
      />
      {what === 'last' && (
        <TextInput
          label={t('captureSave.minutes')}
          isMono
          inputMode="numeric"
          value={text}
          problem={isSound ? undefined : t('captureOptions.bad.number')}
          onChange={setText}
        />
      )}
    </Dialog>
  );
}
