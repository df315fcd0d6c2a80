/**
 * The find bar (Ctrl+F): text, bytes, a regular expression or a filter; in the list, the details or the bytes. It is not
 * modal: the list stays usable. What was searched for last is kept while the window is open.
 */

import { ArrowDown, ArrowUp, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useEffectEvent, useRef, useState } from 'react';
import { fromHex } from '../../engine/base/hex.ts';
import type { Input } from '../../engine/contract/api.ts';
import { checkFilter } from '../../engine/filter/language/check.ts';
import { filterProblemText } from '../../engine/text/filter-problem.ts';
import { Check, Select, TextInput } from '../components/form.tsx';
import { IconButton } from '../components/icon-button.tsx';
import { ProgressBar } from '../components/progress-bar.tsx';
import { useCatalog } from '../state/catalog.ts';
import { detailStore } from '../state/detail-store.ts';
import { errorText } from '../state/error-text.ts';
import { focusPlace } from '../state/focus-places.ts';
import type { OpenDialog } from '../state/layout-store.ts';
import { useApp, useLanguage, useText } from '../state/use-app.ts';
import styles from './dialogs.module.css';

type Kind = Input<'view.find'>['kind'];
type Where = Input<'view.find'>['where'];

interface Search {
  readonly kind: Kind;
  readonly where: Where;
  readonly text: string;
  readonly matchCase: boolean;
}

let last: Search = { kind: 'text', where: 'list', text: '', matchCase: false };

/** Text that is searched for in the details is looked for among their labels; other searches tell bytes alone. */
function labelTest({ kind, where, text, matchCase }: Search): ((label: string) => boolean) | null {
  if (kind !== 'text' || where !== 'details') return null;
  const wanted = matchCase ? text : text.toLowerCase();
  return (label) => (matchCase ? label : label.toLowerCase()).includes(wanted);
}

type Outcome =
  | { readonly kind: 'none' | 'cancelled' }
  | { readonly kind: 'found'; readonly row: number; readonly isRound: boolean }
  | { readonly kind: 'failed'; readonly reason: string };

const KINDS = ['text', 'hex', 'regex', 'filter'] as const satisfies readonly Kind[];
const WHERES = ['list', 'details', 'bytes'] as const satisfies readonly Where[];

export function FindBar({ request, onClose }: { readonly request: OpenDialog; readonly onClose: () => void }) {
  const app = useApp();
  const t = useText();
  const language = useLanguage();
  const catalog = useCatalog();
  const [search, setSearch] = useState(last);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [progress, setProgress] = useState<number | null>(null);
  const [isBusy, setBusy] = useState(false);
  const abort = useRef<AbortController>(null);
  const problem = problemOf();

  function problemOf(): string | undefined {
    if (search.text === '') return undefined;
    if (search.kind === 'hex') {
      const bytes = fromHex(search.text);
      return bytes === null || bytes.length === 0 ? t('find.wrongHex') : undefined;
    }
    if (search.kind !== 'filter' || catalog === null) return undefined;
    const checked = checkFilter(search.text, catalog);
    return checked.ok ? undefined : filterProblemText(language, checked.error).message;
  }

  function change(patch: Partial<Search>): void {
    const next = { ...search, ...patch };
    // Bytes are searched in bytes, a filter in packets; there is nothing to choose then.
    last = next.kind === 'hex' ? { ...next, where: 'bytes' } : next;
    setSearch(last);
    setOutcome(null);
  }

  async function find(forward: boolean): Promise<void> {
    const { view } = app.filter.get();
    if (search.text === '' || problem !== undefined || view === null) return;
    abort.current?.abort();
    const mine = new AbortController();
    abort.current = mine;
    const { position } = app.selection.get();
    const from = position < 0 && !forward ? view.rows : position;
    setOutcome(null);
    setProgress(null);
    const late = setTimeout(() => setBusy(true), 200);
    try {
      const found = await app.client.request(
        'view.find',
        { view: view.view, from, forward, ...search },
        { signal: mine.signal, onProgress: (done, total) => setProgress(total > 0 ? done / total : null) },
      );
      if (abort.current !== mine) return;
      if (found === null) setOutcome({ kind: 'none' });
      else {
        const isRound = position >= 0 && (forward ? found.position <= position : found.position >= position);
        setOutcome({ kind: 'found', row: found.row, isRound });
        app.selection.select(found.position, found.row);
        detailStore(app).selectFound({ row: found.row, place: found, matches: labelTest(search) });
      }
    } catch (error) {
      if (abort.current !== mine) return;
      const reason = errorText(language, error, 'bare');
      setOutcome(reason === null ? { kind: 'cancelled' } : { kind: 'failed', reason });
    } finally {
      clearTimeout(late);
      if (abort.current === mine) {
        abort.current = null;
        setBusy(false);
      }
    }
  }

  const findAtOnce = useEffectEvent((forward: boolean) => void find(forward));

  // "Find next" opens the bar, and searches when there is something to search for.
  useEffect(() => {
    if (request.argument !== 'next' && request.argument !== 'previous') return;
    const timer = setTimeout(() => findAtOnce(request.argument === 'next'), 0);
    return () => clearTimeout(timer);
  }, [request]);
  useEffect(() => () => abort.current?.abort(), []);

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      onClose();
      focusPlace('list');
    } else if (event.key === 'Enter' && event.target instanceof HTMLInputElement) void find(!event.shiftKey);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  const isAnywhere = search.kind === 'text' || search.kind === 'regex';
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the fields inside
    <div className={styles.find} role="search" aria-label={t('find.label')} data-pane="find" onKeyDown={onKeyDown}>
      <div className={styles.findRow}>
        <div className={styles.findText}>
          <TextInput
            label={t('find.text')}
            isLabelHidden
            isAutoFocused
            isMono
            value={search.text}
            onChange={(text) => change({ text })}
            placeholder={t(`find.placeholder.${search.kind}`)}
            problem={problem}
          />
        </div>
        <IconButton
          icon={ArrowUp}
          label={t('command.findPrevious')}
          shortcut="Shift+Enter"
          onPress={() => void find(false)}
        />
        <IconButton icon={ArrowDown} label={t('command.findNext')} shortcut="Enter" onPress={() => void find(true)} />
        <IconButton icon={X} label={t('action.close')} onPress={onClose} />
      </div>
      <div className={styles.findRow}>
        <div className={styles.findKind}>
          <Select
            label={t('find.kind')}
            isLabelHidden
            value={search.kind}
            options={KINDS.map((value) => ({ value, title: t(`find.kind.${value}`) }))}
            onChange={(kind) => change({ kind })}
          />
        </div>
        {isAnywhere && (
          <>
            <div className={styles.findWhere}>
              <Select
                label={t('find.where')}
                isLabelHidden
                value={search.where}
                options={WHERES.map((value) => ({ value, title: t(`find.where.${value}`) }))}
                onChange={(where) => change({ where })}
              />
            </div>
            <Check
              label={t('find.matchCase')}
              isOn={search.matchCase}
              onChange={(matchCase) => change({ matchCase })}
            />
          </>
        )}
        {isBusy ? (
          <ProgressBar label={t('find.searching')} value={progress} onCancel={() => abort.current?.abort()} />
        ) : (
          <span
            className={styles.findResult}
            role="status"
            data-none={outcome?.kind === 'none' || undefined}
            data-wrong={outcome?.kind === 'failed' || undefined}
          >
            {outcome !== null && outcomeText(outcome)}
          </span>
        )}
      </div>
    </div>
  );

  function outcomeText(result: Outcome): string {
    switch (result.kind) {
      case 'none':
        return t('find.none');
      case 'cancelled':
        return t('find.cancelled');
      case 'failed':
        return result.reason;
      case 'found':
        return t(result.isRound ? 'find.foundRound' : 'find.found', { number: result.row + 1 });
    }
  }
}
