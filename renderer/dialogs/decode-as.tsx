/** "Decode as": what a port, an Ethernet type or an IP protocol carries, said by people. The rules are kept for this file. */

import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { DecodeAsState, DecodeRule } from '../../engine/contract/api.ts';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { Select, TextInput } from '../components/form.tsx';
import { IconButton } from '../components/icon-button.tsx';
import { ProgressBar } from '../components/progress-bar.tsx';
import { useQuery } from '../rpc/use-query.ts';
import { errorText } from '../state/error-text.ts';
import { useApp, useLanguage, useText } from '../state/use-app.ts';
import { useStore } from '../state/use-store.ts';
import styles from './dialogs.module.css';

/** A rule while it is written: its key may be no number yet. */
interface Draft {
  readonly table: string;
  readonly key: string;
  readonly protocol: string;
}

export function DecodeAs({ onClose }: { readonly onClose: () => void }) {
  const t = useText();
  const language = useLanguage();
  const app = useApp();
  const session = useStore(app.session, ({ state }) => state?.session ?? -1);
  // The packet that was current when the dialog opened: its ports are offered.
  const [row] = useState(() => app.selection.get().row);
  const { value, error } = useQuery('session.decodeAs', session < 0 ? null : { session, row: row < 0 ? null : row });
  if (value === undefined || error !== undefined) {
    return (
      <Dialog title={t('decodeAs.title')} onClose={onClose}>
        {error === undefined ? (
          <ProgressBar label={t('decodeAs.loading')} value={null} />
        ) : (
          <p>{errorText(language, error)}</p>
        )}
      </Dialog>
    );
  }
  return <Rules session={session} row={row} known={value} onClose={onClose} />;
}

interface RulesProps {
  readonly session: number;
  readonly row: number;
  readonly known: DecodeAsState;
  readonly onClose: () => void;
}

function Rules({ session, row, known, onClose }: RulesProps) {
  const app = useApp();
  const t = useText();
  const [drafts, setDrafts] = useState<readonly Draft[]>(() => known.rules.map(draftOf));
  const problems = drafts.map((draft) => problemOf(draft, known));
  const isSound = problems.every((problem) => problem === null);

  const apply = (): void => {
    const rules = drafts.map(({ table, key, protocol }) => ({ table, key: numberOf(key), protocol }));
    app.client.request('session.setDecodeAs', { session, rules }).then(onClose, app.report);
  };
  const change = (index: number, draft: Draft): void => setDrafts(drafts.map((old, i) => (i === index ? draft : old)));

  return (
    <Dialog
      title={t('decodeAs.title')}
      size="large"
      onClose={onClose}
      foot={
        <>
          <span className={styles.note}>{t('decodeAs.kept')}</span>
          <Button onPress={onClose}>{t('action.cancel')}</Button>
          <Button kind="primary" isDisabled={!isSound} onPress={apply}>
            {t('decodeAs.apply')}
          </Button>
        </>
      }
    >
      {drafts.length === 0 && <p>{t('decodeAs.none')}</p>}
      <div className={styles.rules} role="list" aria-label={t('decodeAs.rules')}>
        {drafts.map((draft, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rules have no identity but their place
          <div key={index} role="listitem" className={`${styles.rule} ${styles.decodeRule}`}>
            <Select
              label={t('decodeAs.table')}
              isLabelHidden
              value={draft.table}
              options={known.tables.map(({ table }) => ({ value: table, title: table }))}
              onChange={(table) => change(index, { ...draft, table })}
            />
            <TextInput
              label={t('decodeAs.key')}
              isLabelHidden
              isMono
              inputMode="numeric"
              value={draft.key}
              problem={problems[index] === 'key' ? t('decodeAs.badKey') : undefined}
              onChange={(key) => change(index, { ...draft, key })}
            />
            <TextInput
              label={t('decodeAs.protocol')}
              isLabelHidden
              isMono
              list={`decoders-${draft.table}`}
              value={draft.protocol}
              placeholder={t('decodeAs.protocol')}
              problem={
                problems[index] === 'protocol' && draft.protocol !== ''
                  ? t('decodeAs.badProtocol', { table: draft.table })
                  : undefined
              }
              onChange={(protocol) => change(index, { ...draft, protocol })}
            />
            <IconButton
              icon={Trash2}
              label={t('decodeAs.remove')}
              onPress={() => setDrafts(drafts.filter((_, i) => i !== index))}
            />
          </div>
        ))}
      </div>
      {known.choices.length > 0 && (
        <div role="group" aria-label={t('decodeAs.ofPacket', { number: row + 1 })} className={styles.decodeChoices}>
          <span>{t('decodeAs.ofPacket', { number: row + 1 })}</span>
          {known.choices.map((choice) => (
            <Button
              key={`${choice.table}=${choice.key}`}
              icon={Plus}
              onPress={() => setDrafts([...drafts, { ...draftOf(choice), protocol: '' }])}
            >
              {t('decodeAs.choice', { key: `${choice.table} ${shownKey(choice)}`, protocol: choice.protocol })}
            </Button>
          ))}
        </div>
      )}
      <div>
        <Button icon={Plus} onPress={() => setDrafts([...drafts, { table: 'tcp.port', key: '', protocol: '' }])}>
          {t('decodeAs.add')}
        </Button>
      </div>
      {known.tables.map(({ table, protocols }) => (
        <datalist key={table} id={`decoders-${table}`}>
          {protocols.map((protocol) => (
            <option key={protocol} value={protocol} />
          ))}
        </datalist>
      ))}
    </Dialog>
  );
}

function draftOf(rule: DecodeRule): Draft {
  return { table: rule.table, key: shownKey(rule), protocol: rule.protocol };
}

/** Ethernet types are written in hexadecimal. */
function shownKey({ table, key }: DecodeRule): string {
  return table === 'ethertype' || table === 'gre.proto' || table === 'ppp.protocol' || table === 'llc.dsap'
    ? `0x${key.toString(16).padStart(4, '0')}`
    : String(key);
}

function numberOf(text: string): number {
  return /^(?:\d+|0x[0-9a-f]+)$/i.test(text.trim()) ? Number(text.trim()) : Number.NaN;
}

/** What keeps a rule from being followed. */
function problemOf({ table, key, protocol }: Draft, { tables }: DecodeAsState): 'key' | 'protocol' | null {
  const number = numberOf(key);
  if (!(number >= 0 && number <= (table === 'ip.proto' || table === 'llc.dsap' ? 0xff : 0xffff))) return 'key';
  const found = tables.find((one) => one.table === table);
  return found?.protocols.includes(protocol) === true ? null : 'protocol';
}
