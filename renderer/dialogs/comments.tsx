/** The current packet's comments: shown, edited, added, removed. They are kept by exporting as pcapng. */

import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { TextInput } from '../components/form.tsx';
import { IconButton } from '../components/icon-button.tsx';
import { ProgressBar } from '../components/progress-bar.tsx';
import { useQuery } from '../rpc/use-query.ts';
import { errorText } from '../state/error-text.ts';
import { useApp, useLanguage, useText } from '../state/use-app.ts';
import { useStore } from '../state/use-store.ts';
import styles from './dialogs.module.css';

export function Comments({ onClose }: { readonly onClose: () => void }) {
  const app = useApp();
  const t = useText();
  const language = useLanguage();
  const session = useStore(app.session, ({ state }) => state?.session ?? -1);
  // The packet that was current when the dialog opened: its comments are edited, whatever is selected meanwhile.
  const [row] = useState(() => app.selection.get().row);
  const { value, error } = useQuery('packet.detail', session < 0 || row < 0 ? null : { session, row });
  if (value === undefined || error !== undefined) {
    return (
      <Dialog title={t('comments.title', { number: row + 1 })} onClose={onClose}>
        {row < 0 ? (
          <p>{t('comments.none')}</p>
        ) : error === undefined ? (
          <ProgressBar label={t('comments.loading')} value={null} />
        ) : (
          <p>{errorText(language, error)}</p>
        )}
      </Dialog>
    );
  }
  return <Editor session={session} row={row} before={value.comments} onClose={onClose} />;
}

interface EditorProps {
  readonly session: number;
  readonly row: number;
  readonly before: readonly string[];
  readonly onClose: () => void;
}

function Editor({ session, row, before, onClose }: EditorProps) {
  const app = useApp();
  const t = useText();
  const [comments, setComments] = useState<readonly string[]>(before.length === 0 ? [''] : before);
  const kept = comments.filter((comment) => comment.trim() !== '');
  const isChanged = JSON.stringify(kept) !== JSON.stringify(before);

  const save = (): void => {
    app.client.request('packet.comment', { session, row, comments: [...kept] }).then(onClose, app.report);
  };

  return (
    <Dialog
      title={t('comments.title', { number: row + 1 })}
      onClose={onClose}
      foot={
        <>
          <span className={styles.note}>{t('comments.kept')}</span>
          <Button onPress={onClose}>{t('action.cancel')}</Button>
          <Button kind="primary" isDisabled={!isChanged} onPress={save}>
            {t('comments.save')}
          </Button>
        </>
      }
    >
      {comments.map((comment, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: comments have no identity but their place
        <div key={index} className={styles.line}>
          <TextInput
            label={t('comments.one', { number: index + 1 })}
            isLabelHidden
            isAutoFocused={index === 0}
            lines={3}
            value={comment}
            onChange={(text) => setComments(comments.map((old, i) => (i === index ? text : old)))}
          />
          <IconButton
            icon={Trash2}
            label={t('comments.remove')}
            onPress={() => setComments(comments.filter((_, i) => i !== index))}
          />
        </div>
      ))}
      <div>
        <Button icon={Plus} onPress={() => setComments([...comments, ''])}>
          {t('comments.add')}
        </Button>
      </div>
    </Dialog>
  );
}
