/** Asked before a running or unsaved capture gives way to another one. */

import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { useApp, useText } from '../../state/use-app.ts';
import { useStore } from '../../state/use-store.ts';
import { saveCapture } from './save-capture.ts';

export function CaptureLeave({ onClose }: { readonly onClose: () => void }) {
  const app = useApp();
  const t = useText();
  const live = useStore(app.session, ({ state }) => state?.live ?? null);
  const answer = (go: boolean): void => {
    onClose();
    app.capture.answerLeave(go);
  };
  const isUnsaved = live?.isPrivate === true && live.captured > 0;
  const saveFirst = async (): Promise<void> => {
    onClose();
    const { state } = app.session.get();
    // What came after the copy was made would be lost: it ends first.
    if (state?.live?.isRunning === true) await app.client.request('capture.stop', { session: state.session });
    app.capture.answerLeave(await saveCapture(app, null));
  };
  return (
    <Dialog
      title={t('captureLeave.title')}
      onClose={() => answer(false)}
      foot={
        <>
          <Button onPress={() => answer(false)}>{t('action.cancel')}</Button>
          <Button kind={isUnsaved ? 'danger' : 'primary'} onPress={() => answer(true)}>
            {t(isUnsaved ? 'captureLeave.discard' : 'captureLeave.stop')}
          </Button>
          {isUnsaved && (
            <Button
              kind="primary"
              onPress={() => {
                saveFirst().catch((error: unknown) => {
                  app.capture.answerLeave(false);
                  app.report(error);
                });
              }}
            >
              {t('captureLeave.save')}
            </Button>
          )}
        </>
      }
    >
      {live?.isRunning === true && (
        <p>{t('captureLeave.running', { interfaces: live.options.interfaces.join(', ') })}</p>
      )}
      {isUnsaved && <p>{t('captureLeave.unsaved', { count: live.captured })}</p>}
    </Dialog>
  );
}
