/** Opens captures in hosts without a dialog of their own: the host's folders, and the files used before. */

import { ArrowUp, File, Folder } from 'lucide-react';
import { useState } from 'react';
import {
  Button as AriaButton,
  ListBox,
  ListBoxItem,
  ListLayout,
  type Selection,
  Virtualizer,
} from 'react-aria-components';
import { NagareError } from '../../engine/base/errors.ts';
import type { FolderEntry } from '../../engine/contract/api.ts';
import { formatBytes } from '../../engine/text/format/bytes.ts';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { TextInput } from '../components/form.tsx';
import { IconButton } from '../components/icon-button.tsx';
import { fileName, folderName } from '../format/file-name.ts';
import { useQuery } from '../rpc/use-query.ts';
import { errorText } from '../state/error-text.ts';
import { useApp, useLanguage, useText } from '../state/use-app.ts';
import { useStore } from '../state/use-store.ts';
import styles from './dialogs.module.css';

const ROW_HEIGHT = 28;

interface OpenDialogProps {
  readonly onClose: () => void;
  readonly title?: string;
  /** What is done with the files; opened as captures unless given. */
  readonly onChosen?: (paths: readonly string[]) => void;
}

export function OpenDialog({ onClose, title, onChosen }: OpenDialogProps) {
  const app = useApp();
  const t = useText();
  const language = useLanguage();
  const recent = useStore(app.settings, (settings) => settings.recentFiles);
  const [path, setPath] = useState<string | null>(null);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const { value, error, isLoading } = useQuery('files.browse', { path });
  const entries = sortEntries(value?.entries ?? []);
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  const files = [...chosen].filter((each) => byPath.get(each)?.isFolder === false);

  const open = (paths: readonly string[]): void => {
    if (paths.length === 0) return;
    onClose();
    if (onChosen === undefined) void app.openFiles(paths);
    else onChosen(paths);
  };
  const enter = (next: string | null): void => {
    setPath(next);
    setChosen(new Set());
  };
  const activate = (key: string): void => {
    const entry = byPath.get(key);
    if (entry?.isFolder === true) enter(entry.path);
    else if (entry !== undefined) open(files.includes(key) ? files : [key]);
  };

  return (
    <Dialog
      title={title ?? t('open.title')}
      size="large"
      onClose={onClose}
      foot={
        <>
          <span className={styles.note}>{files.length > 1 ? t('open.several') : t('open.hint')}</span>
          <Button onPress={onClose}>{t('action.cancel')}</Button>
          <Button kind="primary" isDisabled={files.length === 0} onPress={() => open(files)}>
            {files.length > 1 ? t('open.open', { count: files.length }) : t('toolbar.open')}
          </Button>
        </>
      }
    >
      <div className={styles.open}>
        <nav className={styles.recent} aria-label={t('open.recent')}>
          <h3 className={styles.caption}>{t('open.recent')}</h3>
          {recent.length === 0 && <p className={styles.quiet}>{t('open.noRecent')}</p>}
          {recent.map((file) => (
            <AriaButton key={file} className={styles.recentFile ?? ''} onPress={() => open([file])}>
              {fileName(file)}
              <small>{folderName(file)}</small>
            </AriaButton>
          ))}
        </nav>
        <div className={styles.browser}>
          <div className={styles.path}>
            <IconButton
              icon={ArrowUp}
              label={t('open.up')}
              isDisabled={value === undefined || value.path === null}
              onPress={() => enter(value?.parent ?? null)}
            />
            <PathField key={value?.path} path={value?.path ?? ''} onFolder={enter} onFile={(file) => open([file])} />
          </div>
          {error !== undefined ? (
            <p role="alert">
              {t('open.failed', { path: path ?? '', reason: errorText(language, error, 'bare') ?? '' })}
            </p>
          ) : (
            <Virtualizer layout={ListLayout} layoutOptions={{ rowHeight: ROW_HEIGHT }}>
              <ListBox
                className={styles.files ?? ''}
                aria-label={t('open.files')}
                items={entries.map((entry) => ({ ...entry, id: entry.path }))}
                selectionMode="multiple"
                selectionBehavior="replace"
                selectedKeys={chosen}
                onSelectionChange={(keys: Selection) =>
                  setChosen(keys === 'all' ? new Set(byPath.keys()) : new Set([...keys].map(String)))
                }
                onAction={(key) => activate(String(key))}
                renderEmptyState={() => (
                  <p className={styles.paletteNone}>{isLoading ? t('open.reading') : t('open.empty')}</p>
                )}
              >
                {(entry: FolderEntry) => <FileRow entry={entry} language={language} />}
              </ListBox>
            </Virtualizer>
          )}
        </div>
      </div>
    </Dialog>
  );
}

/** Where one is; another folder or a file can be typed. */
function PathField({
  path,
  onFolder,
  onFile,
}: {
  readonly path: string;
  readonly onFolder: (path: string) => void;
  readonly onFile: (path: string) => void;
}) {
  const app = useApp();
  const t = useText();
  const language = useLanguage();
  const [typed, setTyped] = useState(path);
  const [problem, setProblem] = useState<string>();
  const go = async (): Promise<void> => {
    const wanted = typed.trim();
    if (wanted === '') return;
    try {
      const folder = await app.client.request('files.browse', { path: wanted });
      onFolder(folder.path ?? wanted);
    } catch (error) {
      // What is there but is no folder is a file.
      if (error instanceof NagareError && error.code === 'file-not-readable') onFile(wanted);
      else setProblem(errorText(language, error, 'bare') ?? undefined);
    }
  };
  return (
    <form
      className={styles.pathField}
      onSubmit={(event) => {
        event.preventDefault();
        void go();
      }}
    >
      <TextInput
        label={t('open.path')}
        isLabelHidden
        isMono
        value={typed}
        placeholder={t('open.roots')}
        problem={problem}
        onChange={(text) => {
          setTyped(text);
          setProblem(undefined);
        }}
      />
    </form>
  );
}

function FileRow({ entry, language }: { readonly entry: FolderEntry; readonly language: string }) {
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <ListBoxItem
      id={entry.path}
      textValue={entry.name}
      className={styles.file ?? ''}
      data-folder={entry.isFolder || undefined}
    >
      {entry.isFolder ? <Folder aria-hidden /> : <File aria-hidden />}
      <span className={styles.fileName}>{entry.name}</span>
      {!entry.isFolder && <span className={styles.fileSize}>{formatBytes(entry.size, language)}</span>}
      <span className={styles.fileDate}>{date.format(entry.modified)}</span>
    </ListBoxItem>
  );
}

/** Folders first, then by name, numbers in names as numbers. */
export function sortEntries(entries: readonly FolderEntry[]): readonly FolderEntry[] {
  const order = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
  return [...entries].sort((a, b) => Number(b.isFolder) - Number(a.isFolder) || order.compare(a.name, b.name));
}
